"""Returning defendants: one drawn table, with a row for each thing that does not count."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.metrics.criminal.returning_defendants import (
    number_of_returns,
    time_to_return,
)
from justice_analysis.metrics.criminal.returning_definition import ReturningOptions
from tests.engines.conftest import backend as every_engine
from tests.spec.courts_and_custody import by_person, excluded, justice_warehouse

__all__ = ["every_engine"]

# 1 returns. What 2 to 9 do later is none: an offence before (2), on the day (3), without a day
# (4), a breach (5), an appeal (6), the same prosecution at the Crown Court (7), the same day of
# receipt (8), the court gone (9). 10 is not linked. 11 is first known by a breach.
CHARGES = """
case | set | type         | person | received   | heard      | offence    | code   | court
A1   | A1  | magistrates  | 1      | 2012-01-10 | 2012-01-20 | 2011-12-01 | theft  | m:1
A2   | A2  | magistrates  | 1      | 2013-01-10 | 2013-01-20 | 2012-12-01 | theft  | m:2
A2   | A2  | magistrates  | 1      | 2013-01-10 | 2013-01-20 | 2011-12-01 | theft  | m:2
B1   | B1  | magistrates  | 2      | 2012-01-10 | 2012-01-20 | 2011-12-01 | fraud  | m:1
B2   | B2  | magistrates  | 2      | 2012-05-10 | 2012-05-20 | 2011-12-30 | fraud  | m:1
C1   | C1  | magistrates  | 3      | 2012-01-10 | 2012-01-20 | 2011-12-01 | fraud  | m:1
C2   | C2  | magistrates  | 3      | 2012-05-10 | 2012-05-20 | 2012-01-10 | fraud  | m:1
D1   | D1  | magistrates  | 4      | 2012-01-10 | 2012-01-20 | 2011-12-01 | fraud  | m:1
D2   | D2  | magistrates  | 4      | 2012-05-10 | 2012-05-20 | -          | fraud  | m:1
E1   | E1  | magistrates  | 5      | 2012-01-10 | 2012-01-20 | 2011-12-01 | fraud  | m:1
E2   | E2  | magistrates  | 5      | 2012-05-10 | 2012-05-20 | 2012-04-01 | breach | m:1
F1   | F1  | magistrates  | 6      | 2012-01-10 | 2012-01-20 | 2011-12-01 | fraud  | m:1
F2   | F2  | crown_appeal | 6      | 2013-05-10 | 2013-05-20 | 2012-04-01 | fraud  | -
G1   | G1  | magistrates  | 7      | 2012-01-10 | 2012-01-20 | 2011-12-01 | robbery | m:1
G2   | G1  | crown_trial  | 7      | 2013-05-10 | 2013-05-20 | 2011-12-01 | robbery | -
H1   | H1  | magistrates  | 8      | 2012-01-10 | 2012-01-20 | 2011-12-01 | fraud  | m:1
H2   | H2  | magistrates  | 8      | 2012-01-10 | 2012-03-20 | 2012-01-09 | fraud  | m:1
I1   | I1  | magistrates  | 9      | 2012-01-10 | 2012-01-20 | 2011-12-01 | fraud  | m:1
I2   | I2  | magistrates  | 9      | 2014-01-10 | 2014-01-20 | 2013-12-01 | fraud  | m:2
J1   | J1  | magistrates  | -      | 2012-01-10 | 2012-01-20 | 2011-12-01 | fraud  | m:1
K1   | K1  | magistrates  | 11     | 2012-01-10 | 2012-01-20 | 2011-12-01 | breach | m:1
K2   | K2  | magistrates  | 11     | 2012-07-10 | 2012-07-20 | 2012-06-01 | theft  | m:1
"""
COVERAGE = """
source                | place | from       | to
magistrates_defendant | m:1   | 2011-01-01 | 2014-01-10
magistrates_defendant | m:2   | 2011-01-01 | 2016-01-01
"""
EPISODES = """
person | kind    | from       | to         | end
1      | custody | 2012-02-01 | 2012-04-01 | -
1      | custody | 2013-01-10 | -          | -
2      | custody | 2012-01-10 | 2012-02-10 | -
3      | custody | 2012-01-01 | -          | missing
4      | custody | 2012-03-01 | -          | missing
8      | custody | 2013-01-01 | 2013-01-11 | -
"""
DAYS_TO_THE_END = 731  # from 10 January 2012 to the day that the first court left


@pytest.fixture(scope="module")
def backend():
    """DuckDB for the rules one by one; the whole table is held against every engine."""
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


@pytest.fixture(scope="module")
def drawn(backend):
    return justice_warehouse(backend, CHARGES, coverage=COVERAGE)


def followed(warehouse, **options):
    frame, flow = time_to_return(warehouse, ReturningOptions(**options))
    return by_person(frame, "duration_days", "outcome"), flow


def test_a_return_is_a_later_prosecution_for_a_later_offence(drawn):
    found, flow = followed(drawn)
    gone = (DAYS_TO_THE_END, "censored")
    assert found == {1: (366, "event"), **dict.fromkeys(range(2, 10), gone)} | {
        11: (549, "censored")
    }
    assert excluded(flow) == {"linked to a person": 1}
    assert flow.people_at_start == 11


def test_breaches_count_at_both_ends_where_they_are_included(drawn):
    found, _ = followed(drawn, breaches="include")
    assert found[5] == (121, "event")
    assert found[11] == (182, "event")


def test_as_published_any_later_appearance_is_a_return(drawn):
    found, _ = followed(drawn, published=True)
    days = {person: days for person, (days, outcome) in found.items() if outcome == "event"}
    assert days == {1: 366, 2: 121, 3: 121, 4: 121, 5: 121, 8: 60, 11: 182}


def test_both_courts_count_a_prosecution_once(backend, drawn):
    found, _ = followed(drawn, courts="both")
    assert found[7] == (DAYS_TO_THE_END, "censored")
    untied = justice_warehouse(backend, CHARGES.replace("G2   | G1 ", "G2   | G2 "))
    assert followed(untied, courts="both")[0][7][1] == "censored"


def test_a_crown_court_case_that_stands_alone_is_a_prosecution(backend):
    charges = CHARGES.replace(
        "G2   | G1  | crown_trial  | 7      | 2013-05-10 | 2013-05-20 | 2011-12-01",
        "G2   | G2  | crown_trial  | 7      | 2013-05-10 | 2013-05-20 | 2012-12-01",
    )
    found, _ = followed(justice_warehouse(backend, charges), courts="both")
    assert found[7] == (486, "event")


def test_the_window_the_look_back_and_the_end_of_observation_are_kept(drawn):
    found, flow = followed(drawn, index_from="2012-02-01", observed_to="2014-01-01")
    assert found == {11: (540, "censored")}
    assert excluded(flow)["first known case from 1 February 2012"] == 9
    found, flow = followed(drawn, lookback_years=2)
    assert found == {}
    assert excluded(flow)["first known case after 2 years of records"] == 10
    assert followed(drawn, followup_days=366)[0][1] == (366, "event")
    assert followed(drawn, followup_days=365)[0][1] == (366, "censored")


@pytest.fixture(scope="module")
def with_custody(backend):
    return justice_warehouse(backend, CHARGES, coverage=COVERAGE, episodes=EPISODES)


def test_custody_ends_follow_up_the_day_after_it_begins(with_custody):
    found, flow = followed(with_custody, custody="censor")
    assert found[1] == (23, "censored")
    # 2 is held from the first day; 3's stay of unknown length counts as its first day, before it.
    assert 2 not in found
    assert excluded(flow)["at risk for a day or more"] == 1
    assert found[3] == (DAYS_TO_THE_END, "censored")
    assert found[4] == (52, "censored")
    assert found[8] == (358, "censored")


def test_a_return_on_the_day_that_custody_begins_counts(backend):
    only = "person | kind | from | to\n1 | custody | 2013-01-10 | -"
    warehouse = justice_warehouse(backend, CHARGES, coverage=COVERAGE, episodes=only)
    assert followed(warehouse, custody="censor")[0][1] == (366, "event")


def test_days_in_custody_are_taken_off_the_clock(every_engine):
    drawn = justice_warehouse(every_engine, CHARGES, coverage=COVERAGE, episodes=EPISODES)
    found, _ = followed(drawn, custody="exclude")
    assert found[1] == (366 - 60, "event")
    assert found[2] == (DAYS_TO_THE_END - 31, "censored")
    assert found[4] == (DAYS_TO_THE_END - 1, "censored")
    assert found[8] == (DAYS_TO_THE_END - 10, "censored")


def test_returns_are_numbered_over_the_same_time(drawn):
    result = number_of_returns(drawn, followup_days=600)
    table = result.table.set_index("times")["people"]
    assert table.to_dict() == {"all": 9, "none": 8, "once": 1}
    assert excluded(result.attrition) == {"linked to a person": 1, "followed to the end": 1}
    kinds = result.outputs["later_cases"].table.set_index("kind")["prosecutions"].to_dict()
    assert kinds == {
        "all": 4,
        "return": 1,
        "offence no later than the first known case": 2,
        "day of offence not known": 1,
    }


def test_an_offence_group_is_that_of_the_first_case(drawn):
    result = number_of_returns(drawn, followup_days=600, by="offence_group")
    table = result.table[result.table["times"] == "all"]
    assert dict(zip(table["offence_group"], table["people"], strict=True)) == {
        "all": 9,
        "fraud": 7,
        "robbery": 1,
        "theft": 1,
    }
