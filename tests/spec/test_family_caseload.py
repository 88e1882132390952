"""Starts and disposals: what counts once, and when."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.family.family_caseload import family_caseload
from tests.spec import tables
from tests.spec.children import children_warehouse, left, rows_of

APPLICATIONS = """
case | set | child | applied_for     | received   | source          | type
A    | A   | 1     | care_order      | 2015-01-05 | family_court    | care_proceedings
A    | A   | 1     | placement_order | 2015-05-05 | family_court    | care_proceedings
A    | A   | 2     | care_order      | 2015-05-05 | family_court    | care_proceedings
A2   | A   | 3     | care_order      | 2015-02-05 | family_court    | care_proceedings
F    | A   | 1     | care_order      | 2014-12-29 | cafcass_england | care_proceedings
B    | B   | 1     | care_order      | 2015-04-02 | family_court    | care_proceedings
C    | C   | 4     | discharge_of_care_order | 2015-04-02 | family_court | public_law_other
D    | D   | 5     | child_arrangements_order | 2015-04-02 | family_court | private_law
E    | E   | -     | -               | 2015-04-03 | family_court    | public_law_other
"""
ORDERS = """
case | child | order              | made
A    | 1     | interim_care_order | 2015-12-01
A    | 1     | care_order         | 2015-06-30
A    | 2     | care_order         | 2015-07-01
A2   | 3     | no_order           | 2015-03-01
B    | 1     | interim_care_order | 2015-05-01
C    | 4     | care_order         | 2015-04-01
D    | 5     | no_order           | 2015-06-01
"""


@pytest.fixture
def drawn(backend):
    return children_warehouse(backend, APPLICATIONS, ORDERS)


def table(result, name):
    return rows_of(result.outputs[name].table, list(result.outputs[name].table.columns))


def test_a_set_starts_once_in_the_quarter_of_its_first_application(drawn):
    assert table(family_caseload(drawn), "starts_by_quarter") == tables.read("""
    quarter | children | proceedings
    all     | 4        | 4
    2015 Q1 | 3        | 1
    2015 Q2 | 2        | 3
    """)


def test_children_count_once_a_quarter_and_once_a_year_so_quarters_do_not_sum_to_years(drawn):
    result = family_caseload(drawn)
    years = result.outputs["starts_by_year"].table.set_index("year")["children"]
    quarters = result.outputs["starts_by_quarter"].table.set_index("quarter")["children"]
    assert years["in 2015"] == 4
    assert quarters.drop("all").sum() == 5


def test_a_set_is_disposed_of_in_the_quarter_of_its_last_disposal_and_not_by_interim_orders(drawn):
    assert table(family_caseload(drawn), "disposals_by_quarter") == tables.read("""
    quarter | children | proceedings
    all     | 3        | 1
    2015 Q3 | 3        | 1
    """)


def test_a_disposal_before_the_first_application_is_set_aside_and_counted(drawn):
    assert left(family_caseload(drawn).attrition) == {
        "a disposal recorded with its day": 2,
        "disposed of on or after the first application": 1,
    }


def test_case_numbers_are_counted_each_where_that_is_asked_for(drawn):
    result = family_caseload(drawn, count="case", cases="care_proceedings")
    assert table(result, "starts_by_quarter") == tables.read("""
    quarter | children | cases
    all     | 3        | 3
    2015 Q1 | 3        | 2
    2015 Q2 | 1        | 1
    """)


def test_kinds_of_case_and_the_other_source_are_options(drawn):
    result = family_caseload(drawn, cases="children", by="case_type")
    assert table(result, "starts_by_year")[:4] == tables.read("""
    year | case_type        | children | proceedings
    all  | all              | 5        | 5
    all  | care_proceedings | 3        | 2
    all  | private_law      | 1        | 1
    all  | public_law_other | 1        | 2
    """)
    first = family_caseload(drawn, precedence=("cafcass_england", "family_court"))
    assert "2014 Q4" in set(first.outputs["starts_by_quarter"].table["quarter"])
