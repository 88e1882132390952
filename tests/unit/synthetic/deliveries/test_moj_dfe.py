"""Pupils of the synthetic world: shares as published, delivered, read back as planted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from justice_analysis import contracts, engine
from justice_analysis.sources.mappings import moj_dfe_schooling
from justice_analysis.synthetic import synthesise
from justice_analysis.synthetic.deliveries import moj_dfe as delivery
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.parameters import MessRates, WorldParameters, no_mess
from justice_analysis.synthetic.people import MALE, PUPIL
from justice_analysis.synthetic.rates.schools import DFE_YEARS, ONS_YEARS
from justice_analysis.synthetic.schools.sanctions import CUSTODY, histories, sentences
from justice_analysis.synthetic.schools.schooling import IN_CUSTODY, NEITHER, NO_CUSTODY, school
from justice_analysis.synthetic.simulation import make_world
from justice_analysis.synthetic.tables import check_layout, rows_in
from tests.delivered import rows_of, set_aside
from tests.unit.synthetic.deliveries.reading import read_back, write_extract

MUCH = MessRates(
    duplicate_rows=0.02,
    century_typos=0.03,
    late_offences=0.05,
    impossible_absence=0.01,
    early_episode_ends=0.1,
)


@pytest.fixture(scope="module")
def world():
    return make_world(20_000, 5, replace(WorldParameters(), mess=MUCH))[0]


@pytest.fixture(scope="module")
def held(world):
    return school(world)


@pytest.fixture(scope="module")
def delivered(world):
    log = MessLog()
    return delivery.deliver(world, log), {
        (entry["table"], entry["rule"]): entry["count"] for entry in log.entries
    }


@pytest.fixture(scope="module")
def loaded(delivered, tmp_path_factory, backend):
    folder = tmp_path_factory.mktemp("moj_dfe")
    return read_back(write_extract(folder, delivery.DATASET, delivered[0].tables), backend)


def count(mapped, table):
    return int(engine.execute(mapped.tables[table].count()))


def applied(mapped, table, name):
    rule = next(rule for rule in mapped.rules if (rule.table, rule.name) == (table, name))
    return int(engine.execute(rule.rows.filter(rule.applies).count()))


# Who is a pupil ---------------------------------------------------------------------------


def test_offending_of_the_dfe_cohort_is_as_published(world, held):
    rates = world.parameters.schools
    cohort = np.isin(held.year, DFE_YEARS)
    sanctioned = held.outcome[cohort] != NEITHER
    assert sanctioned.mean() == pytest.approx(rates.sanctioned, abs=0.008)
    assert held.is_serious[cohort].mean() == pytest.approx(rates.serious_violence, abs=0.005)
    assert held.is_prolific[cohort].mean() == pytest.approx(rates.prolific, abs=0.005)
    male = world.people.sex[held.person[cohort][sanctioned] - 1] == MALE
    assert male.mean() == pytest.approx(rates.male_sanctioned, abs=0.12)


def test_custody_of_the_ons_cohort_is_as_published(world, held):
    rates = world.parameters.schools
    outcome = held.outcome[np.isin(held.year, ONS_YEARS)]
    assert (outcome == IN_CUSTODY).mean() == pytest.approx(rates.custody, abs=0.008)
    assert (outcome == NO_CUSTODY).mean() == pytest.approx(rates.no_custody, abs=0.015)


def test_first_offences_are_most_often_in_the_published_year_of_age():
    world = make_world(50_000, 2, replace(WorldParameters(), mess=no_mess()))[0]
    held = school(world)
    found = histories(held.sanctions, np.datetime64(world.parameters.schools.followed_to))
    chosen = np.isin(found.person, held.person[np.isin(held.year, DFE_YEARS)])
    birth = world.people.birth[found.person[chosen] - 1]
    age = ((found.first_committed[chosen] - birth).astype(int) // 365.25).astype(int)
    assert len(age) > 70
    assert np.bincount(age).argmax() == world.parameters.schools.peak_age


def test_pupils_are_one_person_each_and_those_registered_alone_meet_no_court(world, held):
    assert len(np.unique(held.person)) == len(held)
    registered = world.people.person_id[world.people.kind == PUPIL]
    assert len(registered) > 100
    assert set(registered) <= set(held.person)
    assert not np.isin(world.lives.prosecutions.person, registered).any()


def test_sentences_are_those_of_the_courts_and_cautions_come_first(world, held):
    in_court = sentences(world.lives)
    sentenced = held.sanctions.take(held.sanctions.given >= 2)
    assert set(sentenced.person) <= set(in_court.person)
    mine = in_court.take(np.isin(in_court.person, sentenced.person))
    assert len(mine) == len(sentenced)
    cautioned = held.sanctions.take(held.sanctions.given < 2)
    assert len(cautioned) > 20
    first = {}
    for person, day in zip(sentenced.person, sentenced.committed, strict=True):
        first[person] = min(first.get(person, day), day)
    later = [
        person
        for person, day in zip(cautioned.person, cautioned.committed, strict=True)
        if day > first.get(person, day)
    ]
    assert later == []


def test_custody_in_the_police_record_is_custody_in_court(held):
    jailed = held.sanctions.given == CUSTODY
    assert jailed.any()
    assert (held.sanctions.days[jailed] > 0).all()


# What schools and councils recorded ----------------------------------------------------------


@pytest.fixture(scope="module")
def by_outcome(world, held, delivered):
    """Delivered tables as frames, with each pupil's outcome."""
    frames = {}
    keys = delivered[0].records[0][1].to_pylist()
    outcome = dict(zip(keys, held.outcome, strict=True))
    for name, table in delivered[0].tables.items():
        if name.startswith(("npd", "cla", "cin")):
            frame = pd.DataFrame({column: plain(values) for column, values in table.items()})
            frames[name] = frame.assign(outcome=frame[delivery.PUPIL].map(outcome))
    return frames


def plain(values):
    if hasattr(values, "labels"):
        return [values.labels[code] if code >= 0 else None for code in values.code]
    return values.to_pylist() if hasattr(values, "to_pylist") else values


def share_ever(frames, table, chosen):
    """Share of pupils, by outcome, with a row in which something holds."""
    everyone = frames["npd_pupils"].groupby("outcome").size()
    rows = frames[table]
    hits = rows[chosen(rows)].groupby("outcome")[delivery.PUPIL].nunique()
    return (hits / everyone).fillna(0).to_numpy()


@pytest.mark.parametrize(
    ("rate", "table", "chosen"),
    [
        ("looked_after", "cla_episodes", lambda rows: rows.outcome >= 0),
        ("suspended", "npd_exclusions", lambda rows: rows.exclusion_category == "FIXD"),
        (
            "persistently_absent",
            "npd_absence",
            lambda rows: rows.sessions_missed.between(38, 380),
        ),
        (
            "expected_at_11",
            "npd_attainment",
            lambda rows: rows.expected_english_maths & (rows.key_stage == "KS2"),
        ),
    ],
)
def test_pupils_records_have_the_published_shares_by_outcome(
    world, by_outcome, rate, table, chosen
):
    wanted = np.array(getattr(world.parameters.schools, rate))
    found = share_ever(by_outcome, table, chosen)
    tolerance = 1.5 / by_outcome["npd_pupils"].groupby("outcome").size().to_numpy()
    assert (np.abs(found - wanted) <= tolerance).all()


def test_those_looked_after_offend_far_more_often(world, held, by_outcome):
    looked_after = by_outcome["cla_episodes"].drop_duplicates(delivery.PUPIL).outcome
    assert (looked_after != NEITHER).mean() > 3 * (held.outcome != NEITHER).mean()


def test_placements_follow_each_other_and_end_by_eighteen(world, held, delivered, by_outcome):
    born = dict(
        zip(
            delivered[0].records[0][1].to_pylist(), world.people.birth[held.person - 1], strict=True
        )
    )
    rows = by_outcome["cla_episodes"]
    grown = rows[delivery.PUPIL].map(born) + np.timedelta64(18 * 366, "D")
    assert (rows.episode_end_date.isna() | (rows.episode_end_date <= grown)).all()
    assert len(rows) > rows[delivery.PUPIL].nunique() > 20


def test_children_of_proceedings_are_among_those_in_care(held, by_outcome, delivered):
    family = set(np.array(delivered[0].records[0][1].to_pylist())[held.is_family])
    cared_for = by_outcome["cla_episodes"]
    of_family = cared_for[cared_for[delivery.PUPIL].isin(family)]
    assert set(of_family.legal_status) == {"C1", "C2"}


def test_key_stages_end_in_the_years_of_the_cohorts(held, by_outcome):
    stages = by_outcome["npd_attainment"]
    last = stages[stages.key_stage == "KS4"].academic_year
    assert sorted(last.unique()) == [f"{year}/{year + 1}" for year in range(2009, 2018)]
    assert len(last) == len(held)


# Delivered and read back ---------------------------------------------------------------------


def test_the_tables_are_those_of_the_contract(delivered):
    check_layout(delivery.DATASET, delivered[0].tables)


def test_delivery_depends_on_the_seed_alone(world, delivered):
    again = delivery.deliver(world, MessLog())
    assert again.tables["pnc_offences"]["offence_id"].equals(
        delivered[0].tables["pnc_offences"]["offence_id"]
    )


def test_every_pupil_and_offender_is_a_record(delivered, loaded):
    _, mapped = loaded
    assert count(mapped, "record") == sum(len(person) for _, _, person in delivered[0].records)


def test_the_planted_mess_is_found(delivered, loaded):
    planted, (clean, mapped) = delivered[1], loaded
    for table in ("npd_pupils", "pnc_people"):
        assert applied(mapped, table, "century of birth mended") == planted[table, "century_typos"]
    assert (
        set_aside(mapped, "npd_absence")[moj_dfe_schooling.TOO_MANY]
        == planted["npd_absence", "impossible_absence"]
    )
    assert (
        applied(mapped, "cla_episodes", "end before start made missing")
        == planted["cla_episodes", "early_episode_ends"]
    )
    twice = rows_in(delivered[0].tables["pnc_offences"])
    kept = engine.count_rows(clean.tables["pnc_offences"])
    assert twice - kept == planted["pnc_offences", "duplicate_rows"]


def test_births_come_back_right(world, delivered, loaded):
    _, mapped = loaded
    births = {}
    for _, keys, person in delivered[0].records:
        births.update(zip(keys.to_pylist(), world.people.birth[person - 1], strict=True))
    found = rows_of(mapped, "record", "source_key", "birth_month")
    assert found == sorted(
        (key, f"{birth.astype('datetime64[M]')}-01") for key, birth in births.items()
    )


def test_links_are_right_but_for_those_planted(world, held, delivered, loaded):
    _, mapped = loaded
    person = {}
    for _, keys, people in delivered[0].records:
        person.update(zip(keys.to_pylist(), people, strict=True))
    links = rows_of(mapped, "record_id_link", "source_table", "source_key", "identifier")
    wrong = [
        key for table, key, pupil in links if table == "pnc_people" and person[key] != person[pupil]
    ]
    planted = delivered[1]
    assert len(wrong) == planted.get(("pnc_people", "false_links"), 0)
    linked = sum(table == "pnc_people" for table, _, _ in links)
    offenders = set(delivered[0].records[1][2]) & set(held.person)
    assert linked == len(offenders) - planted.get(("pnc_people", "missed_links"), 0)


def test_a_clean_world_has_nothing_to_mend(tmp_path, backend):
    world = make_world(3000, 3, replace(WorldParameters(), mess=no_mess()))[0]
    log = MessLog()
    tables = delivery.deliver(world, log).tables
    clean, mapped = read_back(write_extract(tmp_path, delivery.DATASET, tables), backend)
    assert log.entries == []
    assert [applied(mapped, rule.table, rule.name) for rule in mapped.rules] == [0] * len(
        mapped.rules
    )
    assert not clean.set_aside


def test_chunks_of_a_world_give_no_key_twice(tmp_path):
    synthesise(4000, 1, tmp_path / "world", chunk_people=2000, clean=True)
    for dataset in (delivery.DATASET, "civil_county_court"):
        folder = tmp_path / "world" / dataset
        for table in contracts.load(dataset).tables:
            parts = sorted(folder.glob(f"{table.name}_*.parquet"))
            keys = pd.concat(
                [pd.read_parquet(part, columns=[*table.primary_key]) for part in parts]
            )
            assert len(parts) == 2
            assert not keys.duplicated().any(), table.name


def test_the_truth_says_who_is_a_pupil_and_which_company_a_party_is(tmp_path):
    synthesise(3000, 1, tmp_path / "world")
    truth = tmp_path / "world" / "truth"
    pupils, parties = (
        pd.read_parquet(truth / f"{name}.parquet") for name in ("pupil", "claim_party")
    )
    record = pd.read_parquet(truth / "record.parquet")
    delivered = record[record["table"] == "npd_pupils"]
    assert set(pupils.person_id) == set(delivered.person_id)
    assert (parties.person_id.isna() ^ parties.company.isna()).all()
    people = parties.dropna(subset="person_id").set_index("row_id_hash").person_id
    known = record[record["table"] == "case_parties"].set_index("key").person_id
    assert (people.sort_index().to_numpy() == known.sort_index().to_numpy()).all()
