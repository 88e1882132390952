"""The civil courts of the synthetic world: delivered, read back, and mapped as planted."""

from dataclasses import replace

import numpy as np
import pytest

from justice_analysis import engine
from justice_analysis.sources import reasons
from justice_analysis.synthetic.civil.claims import CLAIMANT, NO_COMPANY, NOBODY
from justice_analysis.synthetic.civil.outcomes import JUDGMENT
from justice_analysis.synthetic.deliveries import civil_county_court as delivery
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.parameters import MessRates, WorldParameters, no_mess
from justice_analysis.synthetic.simulation import make_world
from justice_analysis.synthetic.tables import check_layout, rows_in
from tests.delivered import rows_of, set_aside
from tests.unit.synthetic.deliveries.reading import read_back, write_extract

MUCH = MessRates(
    century_typos=0.03, impossible_dates=0.1, error_events=0.05, unmarked_companies=0.1
)


@pytest.fixture(scope="module")
def world():
    return make_world(4000, 3, replace(WorldParameters(), mess=MUCH))[0]


@pytest.fixture(scope="module")
def delivered(world):
    log = MessLog()
    return delivery.deliver(world, log), {
        (entry["table"], entry["rule"]): entry["count"] for entry in log.entries
    }


@pytest.fixture(scope="module")
def loaded(delivered, tmp_path_factory, backend):
    folder = tmp_path_factory.mktemp("civil")
    return read_back(write_extract(folder, delivery.DATASET, delivered[0].tables), backend)


def count(mapped, table):
    return int(engine.execute(mapped.tables[table].count()))


def applied(mapped, name):
    rule = next(rule for rule in mapped.rules if rule.name == name)
    return int(engine.execute(rule.rows.filter(rule.applies).count()))


def test_the_tables_are_those_of_the_contract(delivered):
    check_layout(delivery.DATASET, delivered[0].tables)


def test_delivery_depends_on_the_seed_alone(world, delivered):
    again = delivery.deliver(world, MessLog())
    assert again.tables["cases"]["case_number_hash"].equals(
        delivered[0].tables["cases"]["case_number_hash"]
    )


def test_everyone_registered_for_claims_is_in_one_as_an_adult(world):
    claims = world.claims
    assert set(claims.person) <= set(claims.party_person)
    people = claims.party_person > 0
    at = claims.issued[claims.party_claim[people]]
    age = (at - world.people.birth[claims.party_person[people] - 1]).astype(int) / 365.25
    assert age.min() >= 18


def test_a_party_is_a_person_or_a_company_and_each_claim_has_both_sides(world):
    claims = world.claims
    person, company = claims.party_person != NOBODY, claims.party_company != NO_COMPANY
    assert (person ^ company).all()
    claimants = np.bincount(claims.party_claim[claims.party_role == CLAIMANT])
    assert (claimants == 1).all()
    assert len(np.unique(claims.party_claim[claims.party_role != CLAIMANT])) == len(claims)


def test_nobody_sues_themselves(world):
    claims = world.claims
    people = claims.party_person > 0
    pairs = np.stack([claims.party_claim[people], claims.party_person[people]])
    assert len(np.unique(pairs, axis=1).T) == people.sum()


def test_no_possession_claim_is_heard_in_the_stay(world):
    claims = world.claims
    first, last = (np.datetime64(day) for day in world.parameters.claims.possession_stay)
    judged = claims.events.kind == JUDGMENT
    homes = judged & (claims.kind[claims.events.claim] == 2)
    dates = claims.events.date[homes]
    assert len(dates) > 20
    assert not ((dates >= first) & (dates <= last)).any()


def test_people_in_claims_come_back_as_records_and_companies_do_not(world, loaded):
    _, mapped = loaded
    assert count(mapped, "record") == (world.claims.party_person > 0).sum()
    assert count(mapped, "party") == len(world.claims.party_claim)
    assert count(mapped, "case") == count(mapped, "matter") == len(world.claims)


def test_bodies_come_back_as_they_are_but_for_their_number(world, loaded):
    _, mapped = loaded
    company = np.unique(world.claims.party_company[world.claims.party_company >= 0])
    found = rows_of(mapped, "organisation", "kind", "rule")
    bulk = int((company < world.claims.bulk).sum())
    assert found.count(("bulk_claimant", "coded party number")) == bulk
    assert found.count(("company", "company name key")) == len(company) - bulk
    assert len(found) == len(company)


def test_the_planted_mess_is_found(delivered, loaded):
    planted, (clean, mapped) = delivered[1], loaded
    assert (
        applied(mapped, "company known by its key alone")
        == planted["case_parties", "unmarked_companies"]
    )
    found = applied(mapped, "coded party number found by the company's name")
    assert found == planted["case_parties", "lost_coded_numbers"]
    assert applied(mapped, "century of birth mended") == planted["case_parties", "century_typos"]
    assert (
        applied(mapped, "status before issue made missing") == planted["cases", "impossible_dates"]
    )
    twice = rows_in(delivered[0].tables["case_events"])
    kept = engine.count_rows(clean.tables["case_events"])
    assert twice - kept == planted["case_events", "duplicate_rows"]


def test_events_in_error_are_set_aside_and_judgments_decide(world, delivered, loaded):
    _, mapped = loaded
    wrong = set_aside(mapped, "case_events")[reasons.IN_ERROR]
    assert wrong == delivered[1]["case_events", "error_events"]
    assert count(mapped, "event") == len(world.claims.events) - wrong


def test_births_that_are_delivered_come_back_right(world, delivered, loaded):
    _, mapped = loaded
    keys = delivered[0].records[0][1].to_pylist()
    births = dict(zip(keys, world.people.birth[delivered[0].records[0][2] - 1], strict=True))
    for key, month in rows_of(mapped, "record", "source_key", "birth_month"):
        assert month is None or month == str(births[key].astype("datetime64[M]")) + "-01"


def test_a_clean_world_has_nothing_to_mend(tmp_path, backend):
    world = make_world(1500, 3, replace(WorldParameters(), mess=no_mess()))[0]
    log = MessLog()
    tables = delivery.deliver(world, log).tables
    clean, mapped = read_back(write_extract(tmp_path, delivery.DATASET, tables), backend)
    assert log.entries == []
    assert [applied(mapped, rule.name) for rule in mapped.rules] == [0] * len(mapped.rules)
    assert not clean.set_aside
