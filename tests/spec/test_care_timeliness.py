"""What a duration of care proceedings is: one drawn row for each thing that does not count."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.family.care_timeliness import care_timeliness
from tests.spec import tables
from tests.spec.children import children_warehouse, left, rows_of

APPLICATIONS = """
case | set | child | applied_for          | received   | source          | type             | status
A    | A   | 1     | care_order           | 2015-01-05 | family_court    | care_proceedings | closed
A    | A   | 1     | care_order           | 2015-02-05 | family_court    | care_proceedings | closed
A    | A   | 1     | placement_order      | 2015-02-05 | family_court    | care_proceedings | closed
A    | A   | 2     | care_order           | 2015-01-05 | family_court    | care_proceedings | closed
A    | A   | 2     | supervision_order    | 2015-01-19 | family_court    | care_proceedings | closed
F    | A   | 1     | care_order           | 2015-01-01 | cafcass_england | care_proceedings | closed
B    | B   | 3     | supervision_order    | 2015-03-02 | family_court    | care_proceedings | closed
C    | C   | 4     | care_order           | 2015-03-02 | family_court    | care_proceedings | closed
D    | D   | 5     | care_order           | 2015-03-02 | family_court    | care_proceedings | closed
E    | E   | 6     | discharge_of_care_order | 2015-03-02 | family_court | public_law_other | closed
G    | G   | 7     | care_order           | 2024-02-01 | family_court    | care_proceedings | open
"""
ORDERS = """
case | child | order                   | made
A    | 1     | interim_care_order      | 2015-01-12
A    | 1     | placement_order         | 2015-06-01
A    | 1     | care_order              | 2015-07-06
A    | 1     | supervision_order       | 2015-12-01
A    | 2     | application_withdrawn   | 2015-07-07
B    | 3     | no_order                | 2015-04-01
C    | 4     | care_order              | -
D    | 5     | care_order              | 2015-03-01
E    | 6     | supervision_order       | 2015-04-01
"""


@pytest.fixture
def drawn(backend):
    return children_warehouse(backend, APPLICATIONS, ORDERS)


def test_a_child_by_order_applied_for_is_disposed_of_by_the_first_valid_disposal(drawn):
    weeks = care_timeliness(drawn)
    shown = ["quarter", "people", "orders_applied_for", "groups", "mean", "median"]
    assert rows_of(weeks.table, shown) == tables.read("""
    quarter | people | orders_applied_for | groups | mean   | median
    all     | 3      | 4                  | 2      | 20.143 | 25.071
    2015 Q2 | 1      | 1                  | 1      | 4.286  | 4.286
    2015 Q3 | 2      | 3                  | 1      | 25.429 | 26
    """)


def test_what_is_not_disposed_of_is_counted_where_it_is_set_aside(drawn):
    assert left(care_timeliness(drawn).attrition) == {
        "a valid disposal recorded with its day": 2,
        "disposed of on or after the day of the application": 1,
    }


def test_182_days_are_26_weeks_and_within_the_limit_and_183_are_not(drawn):
    within = care_timeliness(drawn, period=None, by="order").outputs["within"].table
    assert rows_of(within, ["order", "people_within", "within", "orders_applied_for"]) == (
        tables.read("""
    order                          | people_within | within | orders_applied_for
    all                            | 3             | 3      | 4
    Care order (section 31)        | 1             | 1      | 2
    Supervision order (section 31) | 2             | 2      | 2
    """)
    )


def test_published_means_are_of_completed_weeks_and_medians_the_lower_of_two(drawn):
    weeks = care_timeliness(drawn, period=None, published=True).table
    # 26, 26 and one day, 24 and one day, and 4 and two days.
    assert rows_of(weeks, ["mean", "median"]) == [{"mean": "20", "median": "24.143"}]


def test_a_set_in_two_systems_is_read_from_the_one_that_takes_precedence(drawn):
    only = care_timeliness(drawn, period=None, precedence=("cafcass_england", "family_court"))
    assert only.table["orders_applied_for"].tolist() == [1]
    alone = care_timeliness(drawn, period=None, source="family_court").table
    assert alone["orders_applied_for"].tolist() == [4]


def test_an_entry_cohort_follows_what_is_open_or_has_no_valid_disposal(backend):
    drawn = children_warehouse(
        backend,
        """
    case | set | child | applied_for | received   | status | closed     | active
    A    | A   | 1     | care_order  | 2015-01-05 | closed | 2015-07-06 | 2015-07-06
    B    | B   | 2     | care_order  | 2023-01-02 | open   | -          | 2023-02-01
    C    | C   | 3     | care_order  | 2023-01-02 | stale  | -          | 2023-03-02
    D    | D   | 4     | care_order  | 2023-01-02 | closed | 2023-02-01 | 2023-02-01
    E    | E   | 5     | care_order  | 2005-01-03 | closed | 2005-02-01 | 2005-02-01
    """,
        "case | child | order | made\nA | 1 | care_order | 2015-07-06",
    )
    result = care_timeliness(drawn, cohort="entry", period=None)
    # Of four at the start, one is lost on paper and one closed without a recorded disposal.
    assert rows_of(result.table, ["horizon", "people", "at_risk", "reached", "estimate"]) == (
        tables.read("""
    horizon  | people | at_risk | reached | estimate
    26 weeks | 4      | 2       | 1       | 0.5
    52 weeks | 4      | 1       | 1       | 0.5
    """)
    )
    assert left(result.attrition) == {"application received while the source was covered": 1}
