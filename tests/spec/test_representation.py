"""Representation: which sides have a lawyer on record, and what is assumed of public bodies."""

from __future__ import annotations

from justice_analysis.metrics import family
from tests.spec.courts import expected, family_warehouse, shown

CASES = """
case | type             | received   | applicants | respondents | child | order      | applied    | orders
A    | private_law      | 2015-01-01 | 1+         | 2           | 90    | no         | 2015-01-01 | *no@2016-02-01
B    | private_law      | 2015-01-01 | 3          | 4 5+        | -     | -          | -          | -
C    | private_law      | 2015-01-01 | 6          | 7           | -     | -          | -          | -
D    | private_law      | 2015-01-01 | 8+         | 9+          | -     | -          | -          | -
E    | private_law      | 2015-01-01 | 10         | 11?         | -     | -          | -          | -
F    | divorce          | 2015-01-01 | 12+ 13     | -           | -     | -          | -          | -
G    | care_proceedings | 2016-09-30 | -          | 14+         | -     | -          | -          | -
H    | care_proceedings | 2016-10-01 | -          | 15+         | -     | -          | -          | -
I    | public_law_other | 2016-10-01 | 16         | 17          | -     | -          | -          | -
J    | private_law      | -          | 18+        | 19          | -     | -          | -          | -
K    | magistrates      | 2015-01-01 | 20+        | 21          | -     | -          | -          | -
"""


def test_a_side_is_represented_if_at_least_one_of_it_is_and_children_are_left_out(backend):
    result = family.representation(family_warehouse(backend, CASES), period=None)
    found = shown(result.table, "case_type", "represented", "cases")
    assert [row for row in found if row["case_type"] != "all"] == expected("""
    case_type   | represented                   | cases
    divorce     | all                           | 1
    divorce     | no party of one side recorded | 1
    private law | all                           | 5
    private law | applicant and respondent      | 1
    private law | applicant only                | 1
    private law | neither                       | 1
    private law | respondent only               | 1
    private law | not known                     | 1
    public law  | all                           | 3
    public law  | applicant and respondent      | 1
    public law  | neither                       | 1
    public law  | no party of one side recorded | 1
    """)


def test_public_bodies_are_assumed_represented_always_or_never_where_asked(backend):
    drawn = family_warehouse(backend, CASES)
    for rule, both in (("assumed", 2), ("as_recorded", 0)):
        result = family.representation(drawn, period=None, public_bodies=rule)
        table = result.table.set_index(["case_type", "represented"])["cases"]
        assert table.get(("public law", "applicant and respondent"), 0) == both
        assert table["public law", "neither"] == 1


def test_parties_are_adults_one_by_one(backend):
    result = family.representation(family_warehouse(backend, CASES), period=None, by=None)
    found = result.outputs["parties"].table
    assert shown(found, "role", "parties", "represented") == expected("""
    role       | parties | represented
    all        | 16      | 7
    applicant  | 8       | 3
    respondent | 8       | 4
    """)


def test_a_case_is_dated_by_its_final_order_where_asked(backend):
    drawn = family_warehouse(backend, CASES)
    result = family.representation(drawn, dated="disposed", period="year", by=None)
    assert shown(result.table, "year", "represented", "cases")[-1] == {
        "year": "in 2016",
        "represented": "applicant only",
        "cases": "1",
    }
    assert result.attrition.table()["people_excluded"].tolist() == [0, 9]
