"""How long criminal cases took, drawn: each row that does not count is set aside at its step."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.criminal import criminal_completion, criminal_timeliness
from tests.spec.criminal_courts import court_warehouse

COVERAGE = """
source                | place | from       | to         | reason
magistrates_defendant | m:1   | 2018-01-01 | 2024-04-01 | the extract
magistrates_defendant | m:2   | 2018-01-01 | 2021-01-01 | migrated to Common Platform
crown_court_defendant | -     | 2018-01-01 | 2024-04-01 | the extract
"""
CASES = """
row   | case | type          | person | court | offence    | charged    | received   | heard      | main       | sent       | ended      | kind        | code    | plea   | status
quick | A    | magistrates   | 1      | m:1   | 2020-01-01 | 2020-01-31 | 2020-01-31 | 2020-02-10 | -          | -          | 2020-02-10 | charge      | theft   | guilty | -
slow  | B    | magistrates   | 2      | m:1   | 2020-01-01 | 2020-03-01 | 2020-03-01 | 2020-03-11 | -          | -          | 2020-07-19 | charge      | robbery | guilty | -
same  | C    | magistrates   | 1      | m:1   | 2020-05-05 | 2020-05-05 | 2020-05-05 | 2020-05-05 | -          | -          | 2020-05-05 | charge      | theft   | guilty | -
breac | D    | magistrates   | 3      | m:1   | 2020-01-01 | 2020-01-02 | 2020-01-02 | 2020-01-03 | -          | -          | 2020-01-04 | application | breach  | guilty | -
sent  | E    | magistrates   | 4      | m:1   | 2020-01-01 | 2020-01-02 | 2020-01-02 | 2020-01-12 | -          | 2020-01-12 | 2020-01-12 | charge      | robbery | guilty | -
open  | F    | magistrates   | 5      | m:1   | 2020-01-01 | 2020-01-02 | 2020-01-02 | 2020-01-12 | -          | -          | -          | charge      | theft   | -      | open
gone  | G    | magistrates   | 6      | m:2   | 2020-01-01 | 2020-01-02 | 2020-01-02 | 2020-01-12 | -          | -          | 2021-01-01 | charge      | theft   | guilty | -
undat | H    | magistrates   | 7      | m:1   | -          | 2020-01-02 | 2020-01-02 | 2020-01-12 | -          | -          | 2020-02-12 | charge      | theft   | guilty | -
back  | I    | magistrates   | 8      | m:1   | 2020-03-01 | 2020-01-02 | 2020-01-02 | 2020-01-12 | -          | -          | 2020-02-12 | charge      | theft   | guilty | -
crown | J    | crown_trial   | 4      | c:1   | 2020-01-01 | -          | 2020-01-20 | 2020-02-01 | 2020-05-01 | -          | 2020-05-10 | charge      | robbery | guilty | -
appea | K    | crown_appeal  | 9      | c:1   | 2020-01-01 | -          | 2020-01-20 | 2020-02-01 | 2020-05-01 | -          | 2020-05-10 | charge      | robbery | guilty | -
"""


@pytest.fixture
def courts(backend):
    return court_warehouse(backend, CASES, coverage=COVERAGE)


def rows(result, *columns):
    return result.table[list(columns)].values.tolist()


def test_each_case_that_ended_counts_in_the_quarter_of_its_end(courts):
    found = criminal_timeliness(courts)
    assert rows(found, "quarter", "people", "defendants", "mean", "median") == [
        ["all", 2, 3, 80, 40],
        ["2020 Q1", 1, 1, 40, 40],
        ["2020 Q2", 1, 1, 0, 0],
        ["2020 Q3", 1, 1, 200, 200],
    ]


def test_each_defendant_who_does_not_count_is_set_aside_at_one_step(courts):
    flow = criminal_timeliness(courts).attrition.table()
    assert flow.values.tolist() == [
        ["defendants", 9, 0],
        ["charged with an offence, not a breach", 8, 1],
        ["not sent to the Crown Court", 7, 1],
        ["case ended for the defendant", 6, 1],
        ["ended before the court's new cases left the data", 5, 1],
        ["both dates of the stage recorded", 4, 1],
        ["dates in order", 3, 1],
    ]


def test_stages_of_the_crown_court_leave_appeals_out(courts):
    for stage, days in (
        ("receipt_to_first_hearing", 12),
        ("receipt_to_main_hearing", 102),
        ("main_hearing_to_completion", 9),
        ("receipt_to_completion", 111),
    ):
        found = criminal_timeliness(courts, court="crown", stage=stage, by=())
        assert rows(found, "group", "defendants", "mean") == [["all", 1, days]]


def test_through_both_courts_a_case_ends_in_the_crown_court(courts):
    found = criminal_timeliness(courts, court="both", by=("offence_group",))
    robbery = found.table.set_index("offence_group").loc["Robbery"]
    assert (robbery["defendants"], robbery["mean"]) == (2, (200 + 130) / 2)


def test_curves_censor_open_cases_and_those_of_courts_that_moved(courts):
    found = criminal_completion(courts, start="charge", horizons=(30, 100))
    assert found.attrition.people == 8  # all but the breach
    assert found.curve["events"].sum() == 6
    assert found.at(30)["returned"] == 3  # on the day, after 10 and after 10 days
    followed = criminal_completion(courts, start="charge", after_migration="follow")
    assert followed.curve["events"].sum() == 7
