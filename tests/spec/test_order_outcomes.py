"""Outcomes for children: which order counts, and what is not known."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.metrics.family.order_outcomes import (
    OrderOutcomesOptions,
    order_outcomes,
    outcomes_of_children,
)
from tests.spec import tables
from tests.spec.children import children_warehouse, rows_of

APPLICATIONS = """
case | set | child | applied_for       | received   | source          | status | born
A    | A   | 1     | care_order        | 2015-01-05 | family_court    | closed | 2015-01-02
A    | A   | 2     | care_order        | 2015-01-05 | family_court    | closed | 2009-05-01
F    | A   | 1     | care_order        | 2015-01-05 | cafcass_england | closed | 2015-01-02
B    | B   | 1     | supervision_order | 2016-03-02 | family_court    | closed | 2015-01-02
C    | C   | 3     | care_order        | 2016-03-02 | family_court    | open   | -
D    | D   | 4     | care_order        | 2016-03-02 | family_court    | closed | 2011-04
E    | E   | 5     | care_order        | 2016-03-02 | family_court    | stale  | 2011-04
G    | G   | 6     | care_order        | 2016-03-02 | family_court    | closed | 2011-04
"""
ORDERS = """
case | child | order                     | made       | final
A    | 1     | care_order                | 2015-07-06 | true
A    | 1     | placement_order           | 2015-07-06 | true
A    | 1     | supervision_order         | 2015-09-01 | true
A    | 2     | special_guardianship_order | 2015-07-06 | true
A    | 2     | no_order                  | 2015-08-06 | true
F    | 1     | no_order                  | 2015-08-06 | true
B    | 1     | application_withdrawn     | 2016-06-01 | true
C    | 3     | interim_care_order        | 2016-04-01 | false
D    | 4     | care_order                | 2016-03-01 | true
G    | 6     | specific_issue_order      | 2016-05-01 | true
"""


@pytest.fixture
def drawn(backend):
    return children_warehouse(backend, APPLICATIONS, ORDERS)


def test_the_most_serious_final_order_counts_and_what_is_not_known_is_shown(drawn):
    rows = outcomes_of_children(drawn, OrderOutcomesOptions())
    found = engine.execute(rows.select("child_id", "received_date", "outcome"))
    found = found.sort_values(["child_id", "received_date"])
    assert found["outcome"].tolist() == [
        "Placed for adoption",
        "Remained at or returned home",  # the first child's second set
        "Extended family",
        "still open",
        "ended, no final order known",  # its order is dated before the application
        "not known whether ended",
        "other final order",
    ]


def test_children_count_once_in_each_set_and_families_are_named(drawn):
    shown = ["outcome", "people", "children_in_sets", "children_in_sets_of_group", "groups"]
    assert (
        rows_of(order_outcomes(drawn).table, shown)[0]
        == tables.read("""
    outcome | people | children_in_sets | children_in_sets_of_group | groups
    all     | 6      | 7                | 7                         | 6
    """)[0]
    )


def test_orders_themselves_may_be_shown(drawn):
    found = order_outcomes(drawn, show="order", by="applied_for").table
    placed = found[(found["applied_for"] == "care_order") & (found["outcome"] == "Placement order")]
    assert placed[["people", "children_in_sets_of_group"]].to_numpy().tolist() == [[1, 6]]


def test_ages_are_those_at_the_first_application_and_an_unknown_birth_is_not_known(drawn):
    found = order_outcomes(drawn, by="age_band").table
    of_all = found[found["outcome"] == "all"]
    assert rows_of(of_all, ["age_band", "children_in_sets"]) == tables.read("""
    age_band         | children_in_sets
    all              | 7
    0 to 27 days     | 1
    1 to 4 years     | 4
    5 to 9 years     | 1
    not known        | 1
    """)
