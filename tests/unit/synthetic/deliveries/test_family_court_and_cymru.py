"""Divorces, the family court's further records and Cafcass Cymru: planted, and recovered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from justice_analysis import engine
from justice_analysis.sources.mappings import family_court
from justice_analysis.synthetic import WorldParameters, synthesise
from justice_analysis.synthetic.family.divorces import in_bottleneck, make_divorces
from justice_analysis.synthetic.people import PersonRegister, Streams
from justice_analysis.warehouse.accounts import applied_rules
from tests.unit.synthetic.deliveries.reading import read_back

COUPLES = 40_000


@pytest.fixture(scope="module")
def divorces():
    return make_divorces(WorldParameters(), 2 * COUPLES, PersonRegister(), Streams(5))


def weeks(later, earlier):
    return (later - earlier).astype(np.int64) / 7


def made_in(dates, first, last):
    """Which dates lie in a quarter, its last day included."""
    return (dates >= np.datetime64(first)) & (dates <= np.datetime64(last))


@pytest.mark.parametrize(
    ("stage", "first", "last", "published"),
    [
        ("conditional", "2019-04-01", "2019-06-30", 33),
        ("final", "2019-04-01", "2019-06-30", 58),
        ("conditional", "2021-07-01", "2021-09-30", 26),
        ("final", "2021-07-01", "2021-09-30", 55),
    ],
)
def test_mean_weeks_of_orders_made_in_a_quarter_are_near_those_published(
    divorces, stage, first, last, published
):
    date = getattr(divorces, stage)
    made = made_in(date, first, last) & ~divorces.in_bottleneck
    mean = weeks(date[made], divorces.petition[made]).mean()
    assert mean == pytest.approx(published, abs=3)


def test_the_bottleneck_lengthens_one_stage_at_its_courts_in_its_period(divorces):
    rates = WorldParameters().family
    year = made_in(divorces.petition, rates.bottleneck_from, rates.bottleneck_to)
    ended = ~np.isnat(divorces.final) & year
    slow, other = ended & divorces.in_bottleneck, ended & ~divorces.in_bottleneck
    assert slow.sum() > 100
    assert set(divorces.court[slow]) == set(rates.bottleneck_courts)
    to_nisi = weeks(divorces.conditional, divorces.petition)
    ratio = to_nisi[slow].mean() / to_nisi[other].mean()
    assert ratio == pytest.approx(rates.bottleneck_factor, rel=0.12)
    further = weeks(divorces.final, divorces.conditional)
    assert further[slow].mean() == pytest.approx(further[other].mean(), rel=0.1)


def test_only_no_fault_applications_are_joint_and_all_wait_for_the_law(divorces):
    rates = WorldParameters().family
    assert (divorces.petition[divorces.is_joint] >= np.datetime64(rates.no_fault_from)).all()
    share = divorces.is_joint[divorces.is_no_fault].mean()
    assert share == pytest.approx(rates.joint_applications, abs=0.02)
    made = divorces.is_no_fault & ~np.isnat(divorces.conditional)
    assert (weeks(divorces.conditional, divorces.petition)[made] >= 20).all()


def test_the_bottleneck_needs_court_and_period():
    rates = WorldParameters().family
    inside, outside = rates.bottleneck_courts[0], max(rates.bottleneck_courts) + 1
    court = np.array([inside, outside, inside])
    petition = np.array([rates.bottleneck_from] * 2 + [rates.bottleneck_to], "datetime64[D]")
    assert in_bottleneck(rates, court, petition).tolist() == [True, False, False]


# Delivered ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    """A small world in which the mess of these datasets is frequent."""
    base = WorldParameters()
    mess = replace(
        base.mess,
        court_cases_undated=0.05,
        cases_without_children=0.05,
        unknown_genders=0.05,
        repeated_users=0.05,
        unused_match_status=0.1,
        rejected_applications=0.05,
        century_typos=0.02,
        error_events=0.0,
    )
    # Many Welsh families, so fewer of the others: shares must leave somebody over.
    family = replace(base.family, welsh_people=0.3)
    shares = replace(base, mess=mess, family=family, civil_people=0.05, pupil_people=0.05)
    folder = tmp_path_factory.mktemp("family") / "world"
    report = synthesise(3_000, 7, folder, parameters=shares)
    planted = {(m["dataset"], m["rule"], m["table"]): m["count"] for m in report.mess}
    return folder, planted


def rules_of(mapped):
    return {(row["table"], row["rule"]): row["rows"] for row in applied_rules(mapped)}


def test_the_family_courts_mess_is_counted_as_planted(messy, backend):
    folder, planted = messy
    _, mapped = read_back(folder / "family_court", backend)
    found = rules_of(mapped)
    expected = {
        ("cases", "received date taken from the earliest application"): "court_cases_undated",
        ("cases", family_court.NO_CHILD): "cases_without_children",
        ("people", "unknown gender code made missing"): "unknown_genders",
    }
    for (table, rule), mess in expected.items():
        assert found[table, rule] == planted["family_court", mess, table] > 0


def test_orders_about_some_children_reach_only_those_as_in_the_world(messy, backend):
    folder, _ = messy
    _, mapped = read_back(folder / "family_court", backend)
    decisions = mapped.tables["decision"]
    by_kind = engine.execute(decisions.group_by("attribution").aggregate(n=decisions.count()))
    assert set(by_kind["attribution"]) == {"matter", "case"}
    events = mapped.tables["event"]
    kinds = engine.execute(events.select("event_type").distinct())["event_type"]
    assert {"petition", "conditional_order", "final_order", "hearing"} <= set(kinds)


def test_the_mess_of_cafcass_cymru_is_counted_as_planted(messy, backend):
    folder, planted = messy
    _, mapped = read_back(folder / "cafcass_cymru", backend)
    found = rules_of(mapped)
    users = "cafcass_applicationserviceusers"
    expected = {
        ("cafcass_contacts", "century of birth mended"): "century_typos",
        ("cafcass_alf", "unknown gender code made missing"): "unknown_genders",
        ("cafcass_alf", "linking field not used for its match status"): "unused_match_status",
        (users, "person named again on an application"): "repeated_users",
    }
    for (table, rule), mess in expected.items():
        assert found[table, rule] == planted["cafcass_cymru", mess, table] > 0
    account = next(one for one in mapped.accounts if one.table == "cafcass_application")
    rejected = account.rows.filter(account.rows.reason.notnull())
    key = ("cafcass_cymru", "rejected_applications", "cafcass_application")
    assert engine.count_rows(rejected) == planted[key] > 0
