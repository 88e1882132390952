"""Convictions, pleas, sentences and attrition, drawn: one small list of trials."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.criminal import (
    case_attrition,
    conviction,
    guilty_pleas,
    sentencing_by_court,
)
from tests.spec.criminal_courts import court_warehouse

# One dispute: two defendants in A with mixed verdicts; a guilty plea; a charge sent elsewhere.
CASES = """
row | case | type           | person | court | received   | heard      | ended      | code    | plea         | verdict    | sentence          | days
a1  | A    | crown_trial    | 1      | c:1   | 2020-01-01 | 2020-02-01 | 2020-03-01 | robbery | not_guilty   | guilty     | immediate_custody | 300
a1  | A    | crown_trial    | 1      | c:1   | 2020-01-01 | 2020-02-01 | 2020-03-01 | theft   | not_guilty   | not_guilty | -                 | -
a2  | A    | crown_trial    | 2      | c:1   | 2020-01-01 | 2020-02-01 | 2020-03-01 | robbery | not_guilty   | not_guilty | -                 | -
b   | B    | crown_trial    | 3      | c:1   | 2020-01-01 | 2020-02-01 | 2020-02-01 | theft   | guilty       | guilty     | fine              | -
c   | C    | crown_trial    | 4      | c:2   | 2020-01-01 | 2020-02-01 | 2020-03-01 | theft   | not_guilty   | not_guilty | -                 | -
d   | D    | crown_trial    | 5      | c:2   | 2020-01-01 | 2020-02-01 | 2020-03-15 | robbery | guilty       | guilty     | immediate_custody | 100
e   | E    | crown_trial    | 6      | c:2   | 2020-01-01 | 2020-02-01 | 2020-03-01 | theft   | none_entered | no_verdict | -                 | -
f   | F    | crown_trial    | 7      | c:2   | 2020-01-01 | 2020-02-01 | -          | theft   | -            | -          | -                 | -
g   | G    | crown_sentence | 8      | c:2   | 2020-01-01 | 2020-02-01 | 2020-03-01 | theft   | guilty       | guilty     | immediate_custody | -
h   | H    | crown_appeal   | 9      | c:2   | 2020-01-01 | 2020-02-01 | 2020-03-01 | theft   | not_guilty   | guilty     | immediate_custody | 10
"""


@pytest.fixture
def courts(backend):
    return court_warehouse(backend, CASES)


def shares(found):
    return found.table[["level", "counted", "convicted", "people", "cases"]].values.tolist()


def test_contested_charges_defendants_and_cases_give_three_shares(courts):
    assert shares(conviction(courts)) == [
        ["charge", 4, 1, 3, 2],
        ["defendant", 3, 1, 3, 2],
        ["case", 2, 1, 3, 2],
    ]
    every = conviction(courts, mixed="every")
    assert every.table["convicted"].tolist() == [1, 0, 0]
    principal = conviction(courts, mixed="principal")
    assert principal.table[["counted", "convicted"]].values.tolist() == [[3, 1], [3, 1], [2, 1]]


def test_of_all_verdicts_guilty_pleas_count_too(courts):
    found = conviction(courts, of="all", by=("offence_group",))
    table = found.table.set_index(["level", "offence_group"])[["counted", "convicted"]]
    assert table.loc[("charge", "all")].tolist() == [6, 3]
    assert table.loc[("charge", "Theft offences")].tolist() == [3, 1]
    # A case takes the group that comes first in the code list: A is about robbery.
    assert table.loc[("case", "Robbery")].tolist() == [2, 2]
    assert found.attrition.table()["people"].tolist() == [8, 6, 6]


def test_pleas_count_once_entered_and_their_latest_day_is_the_end(courts):
    found = guilty_pleas(courts)
    assert found.table[["defendants", "guilty"]].values.tolist() == [[5, 2]]
    latest = found.outputs["latest"].table
    assert latest[["latest", "defendants"]].values.tolist() == [
        ["all", 2],
        ["at the first hearing", 1],
        ["within 13 weeks of it", 1],
    ]


def test_only_the_sentenced_count_in_a_comparison_of_courts(courts):
    found = sentencing_by_court(courts, level="court")
    custody = found.outputs["custody"].table
    assert custody[["sentenced", "custody"]].values.tolist() == [[4, 3], [2, 1], [2, 2]]
    length = found.outputs["length"].table.set_index("court").loc["all"]
    assert (length["custody"], length["mean"]) == (2, 200)  # one length is not recorded


def test_each_defendant_goes_on_or_is_lost_for_one_reason(courts):
    table = case_attrition(courts, court="crown").table
    assert table[["stage", "outcome", "defendants", "came"]].values.tolist() == [
        ["charged", "reached", 8, 8],
        ["first hearing", "reached", 8, 8],
        ["plea entered", "reached", 6, 8],
        ["plea entered", "case not ended", 1, 8],
        ["plea entered", "ended, no plea entered", 1, 8],
        ["verdict, on a plea or after trial", "reached after a plea of not guilty", 3, 6],
        ["verdict, on a plea or after trial", "reached on a plea of guilty", 3, 6],
        ["convicted", "reached", 4, 6],
        ["convicted", "not guilty after a plea of not guilty", 2, 6],
        ["sentenced", "reached", 4, 4],
    ]
