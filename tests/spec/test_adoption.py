"""Placement and adoption: applications, orders and the time between, drawn."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.family.adoption import adoption
from tests.spec import tables
from tests.spec.children import children_warehouse, left, rows_of

APPLICATIONS = """
case | set | child | applied_for     | received   | type             | source          | linked
A    | A   | 1     | care_order      | 2014-01-05 | care_proceedings | family_court    | true
A    | A   | 1     | placement_order | 2014-05-05 | care_proceedings | family_court    | true
A    | A   | 2     | placement_order | 2014-05-05 | care_proceedings | family_court    | true
F    | A   | 1     | placement_order | 2014-05-05 | care_proceedings | cafcass_england | true
P    | P   | 1     | adoption_order  | 2015-01-05 | adoption         | family_court    | true
P    | P   | 1     | adoption_order  | 2015-02-05 | adoption         | family_court    | true
Q    | Q   | 3     | adoption_order  | 2015-01-05 | adoption         | family_court    | true
R    | R   | 2     | adoption_order  | 2015-01-05 | adoption         | family_court    | false
S    | S   | 4     | adoption_order  | -          | adoption         | family_court    | true
T    | T   | 5     | adoption_order  | 2015-03-05 | adoption         | family_court    | true
"""
ORDERS = """
case | child | order              | made       | final
A    | 1     | placement_order    | 2014-07-01 | true
A    | 2     | placement_order    | 2014-07-01 | true
P    | 1     | interim_care_order | 2015-03-01 | false
P    | 1     | adoption_order     | 2015-06-02 | true
Q    | 3     | adoption_order     | 2015-06-02 | true
R    | 2     | adoption_order     | 2015-07-02 | true
S    | 4     | adoption_order     | -          | true
T    | 5     | adoption_order     | 2015-06-03 | true
T    | 5     | placement_order    | 2015-06-04 | true
"""


@pytest.fixture
def drawn(backend):
    return children_warehouse(backend, APPLICATIONS, ORDERS)


def test_a_child_counts_once_in_a_set_by_kind_applied_for(drawn):
    found = adoption(drawn).outputs["applications"].table
    assert rows_of(found, ["year", "kind", "people", "applied_for"]) == tables.read("""
    year    | kind      | people | applied_for
    all     | all       | 5      | 6
    all     | adoption  | 4      | 4
    all     | placement | 2      | 2
    in 2014 | all       | 2      | 2
    in 2014 | placement | 2      | 2
    in 2015 | all       | 4      | 4
    in 2015 | adoption  | 4      | 4
    """)


def test_orders_without_a_day_and_those_that_are_not_final_do_not_count(drawn):
    found = adoption(drawn, period=None).outputs["orders"].table
    assert rows_of(found, ["kind", "people", "ordered"]) == tables.read("""
    kind      | people | ordered
    all       | 5      | 7
    adoption  | 4      | 4
    placement | 3      | 3
    """)


def test_weeks_run_from_the_placement_order_of_the_same_child(drawn):
    result = adoption(drawn)
    assert rows_of(result.outputs["weeks"].table, ["year", "adoption_orders", "median"]) == (
        tables.read("""
    year    | adoption_orders | median
    all     | 1               | 48
    in 2015 | 1               | 48
    """)
    )
    # The unlinked child is not joined to the placement order of its own other case.
    assert left(result.attrition) == {
        "adoption order dated": 1,
        "a placement order recorded for the same child": 2,
        "placement order not after the adoption order": 1,
    }
