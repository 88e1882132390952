"""Until when an event would have been seen: one drawn table for each rule."""

from __future__ import annotations

import datetime

import pytest

from justice_analysis import engine
from justice_analysis.cohorts import covered_periods, open_caseload, time_at_risk
from justice_analysis.errors import IntervalError, MetricError, OptionError
from tests.spec.criminal import criminal_warehouse

SOURCE = "magistrates_defendant"
COVERAGE = """
source                | place | from       | to         | reason
magistrates_defendant | m:1   | 2013-01-01 | 2021-06-01 | migrated to Common Platform
magistrates_defendant | m:2   | 2013-01-01 | 2021-09-01 | an upgrade
magistrates_defendant | m:2   | 2021-09-01 | 2024-03-31 | the courts' system, to the extract
magistrates_defendant | m:3   | 2013-01-01 | 2019-01-01 | closed
"""
WHOLE = """
source                | place | from       | to         | reason
magistrates_defendant | -     | 2013-01-01 | 2024-03-31 | the extract
"""
CASE = """
row | case | type        | person | received   | ended | status | court
m1  | A    | magistrates | 1      | 2019-01-01 | -     | open   | m:1
"""
STARTS = {"person_id": "int64", "start_date": "date", "place_id": "string"}


def world(backend, *, coverage=COVERAGE, cases=CASE, episodes="", deaths=None):
    drawn = criminal_warehouse(backend, cases, episodes=episodes, coverage=coverage)
    drawn.sources = {SOURCE: {"extract_date": "2024-03-31"}}
    drawn.person = engine.memory_table(
        backend,
        {"person_id": list(deaths or {}), "death_date": list((deaths or {}).values())},
        {"person_id": "int64", "death_date": "date"},
    )
    return drawn


def risk(backend, *people, extra=(), coverage=COVERAGE, episodes="", deaths=None, **options):
    """Person, end, reason and days at risk of people drawn as (person, start, place)."""
    columns = {name: [row[n] for row in people] for n, name in enumerate(STARTS)}
    drawn = world(backend, coverage=coverage, episodes=episodes, deaths=deaths)
    found = time_at_risk(
        drawn, engine.memory_table(backend, columns, STARTS), source=SOURCE, **options
    )
    wanted = ["person_id", "censor_date", "censor_reason", "days_at_risk", *extra]
    rows = engine.execute(found.select(*wanted)).sort_values("person_id")
    return [(int(a), b.isoformat()[:10], *map(_plain, rest)) for a, b, *rest in rows.values]


def _plain(value):
    return value if isinstance(value, str) else int(value)


def test_each_person_is_followed_while_their_place_is_covered(backend):
    assert risk(
        backend, (1, "2021-05-01", "m:1"), (2, "2021-05-01", "m:2"), (3, "2018-12-30", "m:3")
    ) == [
        (1, "2021-06-01", "migrated to Common Platform", 31),
        (2, "2024-03-31", "extract", 1065),
        (3, "2019-01-01", "end of coverage", 2),
    ]


def test_who_starts_where_nothing_is_covered_is_left_out(backend):
    starts = [(1, "2021-06-01", "m:1"), (2, "2012-12-31", "m:2"), (3, "2021-05-31", "m:1")]
    assert [row[0] for row in risk(backend, *starts)] == [3]


@pytest.mark.parametrize("place", [None, "m:9"])
def test_a_place_not_known_leaves_with_the_first_where_coverage_is_by_place(backend, place):
    assert risk(backend, (1, "2018-12-01", place), (2, "2019-01-01", place)) == [
        (1, "2019-01-01", "end of coverage", 31)
    ]


@pytest.mark.parametrize("place", [None, "m:1"])
def test_a_source_that_covers_everywhere_alike_is_followed_as_a_whole(backend, place):
    found = risk(backend, (1, "2024-03-01", place), coverage=WHOLE)
    assert found == [(1, "2024-03-31", "extract", 30)]


def test_follow_up_and_death_end_it_earlier_and_the_last_day_of_follow_up_is_in_it(backend):
    starts = [(1, "2021-05-01", "m:1"), (2, "2021-05-01", "m:1"), (3, "2021-05-01", "m:1")]
    deaths = {1: "2021-05-04", 2: "2021-05-12", 3: "2021-04-01"}
    assert risk(backend, *starts, deaths=deaths, followup_days=10, at_death="censor") == [
        (1, "2021-05-04", "death", 3),
        (2, "2021-05-12", "death", 11),
        (3, "2021-05-01", "death", 0),
    ]
    assert risk(backend, starts[0], deaths=deaths, followup_days=10) == [
        (1, "2021-05-12", "end of follow-up", 11)
    ]


def test_who_has_no_recorded_death_is_not_censored_by_it(backend):
    found = risk(backend, (1, "2021-05-01", "m:1"), deaths={9: "2021-05-04"}, at_death="censor")
    assert found == [(1, "2021-06-01", "migrated to Common Platform", 31)]


def test_time_in_custody_is_no_time_at_risk_and_ends_where_custody_is_no_longer_seen(backend):
    episodes = """
    episode | person | kind    | from       | to
    e1      | 1      | custody | 2021-05-11 | 2021-05-21
    e2      | 3      | custody | 2020-01-01 | 2020-01-02
    """
    coverage = COVERAGE + (
        "prisoner_custodial_journey | - | 2013-01-01 | 2022-05-01 | the extract\n"
    )
    starts = [(1, "2021-05-01", "m:1"), (2, "2022-04-01", "m:2")]
    found = risk(
        backend,
        *starts,
        extra=["days_in_custody"],
        coverage=coverage,
        episodes=episodes,
        custody=True,
    )
    assert found == [
        (1, "2021-06-01", "migrated to Common Platform", 21, 10),
        (2, "2022-05-01", "end of coverage of custody", 30, 0),
    ]


def test_periods_of_a_place_that_touch_are_one_and_a_gap_parts_them(backend):
    gap = COVERAGE.replace("m:2   | 2021-09-01", "m:2   | 2021-09-02")
    for coverage, periods in ((COVERAGE, 1), (gap, 2)):
        found = covered_periods(world(backend, coverage=coverage), SOURCE)
        assert engine.count_rows(found.filter(found.covered_place == "m:2")) == periods


def test_a_source_without_coverage_and_options_without_sense_are_refused(backend):
    with pytest.raises(MetricError, match="probation states none"):
        covered_periods(world(backend), "probation")
    with pytest.raises(OptionError, match="at_death"):
        risk(backend, (1, "2021-05-01", "m:1"), at_death="compete")
    with pytest.raises(OptionError, match="followup_days"):
        risk(backend, (1, "2021-05-01", "m:1"), followup_days=-1)
    with pytest.raises(MetricError, match="custody must be recorded"):
        risk(backend, (1, "2021-05-01", "m:1"), custody=True)


# Open caseload --------------------------------------------------------------------------

CASES = """
row | case | type        | person | received   | ended      | status   | court
m1  | A    | magistrates | 1      | 2018-01-01 | 2018-03-01 | closed   | m:1
m2  | B    | magistrates | 1      | 2018-02-01 | 2022-01-01 | closed   | m:1
m3  | C    | magistrates | 1      | 2018-02-01 | -          | migrated | m:1
m4  | D    | magistrates | 1      | 2018-02-01 | -          | stale    | m:2
m5  | E    | magistrates | 1      | 2018-02-01 | -          | open     | m:2
m6  | F    | magistrates | 1      | 2018-02-01 | -          | unknown  | m:2
m7  | G    | magistrates | 1      | -          | -          | open     | m:2
"""


def caseload(backend, *days, **options):
    drawn = world(backend, cases=CASES)
    dates = [datetime.date.fromisoformat(day) for day in days]
    return open_caseload(drawn, dates, source=SOURCE, **options)


def test_open_migrated_stale_and_unknown_cases_are_told_apart(backend):
    found = caseload(backend, "2018-01-31", "2018-03-01", "2021-06-01", "2022-01-01")
    states = ["open", "migrated", "stale", "unknown", "places", "places_gone"]
    assert found[states].values.tolist() == [
        [1, 0, 0, 0, 3, 0],
        [3, 0, 1, 1, 3, 0],
        [1, 2, 1, 1, 1, 2],
        [1, 1, 1, 1, 1, 2],
    ]


def test_only_the_types_of_case_that_are_asked_for_are_counted(backend):
    assert caseload(backend, "2018-03-01", case_types=["crown_trial"])["open"].tolist() == [0]


def test_a_day_before_coverage_has_no_caseload(backend):
    with pytest.raises(IntervalError, match="begins on 2013-01-01: 1 are"):
        caseload(backend, "2012-12-31", "2018-03-01")
