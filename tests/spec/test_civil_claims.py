"""Claims in the county courts: how many, of which kind, and where they stand."""

from __future__ import annotations

from justice_analysis.metrics import civil
from tests.spec.civil import CLAIMS
from tests.spec.courts import civil_warehouse, expected, shown


def test_claims_are_counted_by_kind_with_the_people_and_bodies_behind_them(backend):
    result = civil.civil_claims(civil_warehouse(backend, CLAIMS), period=None)
    # G is between two bodies: one of them stands for it. One person is behind A and B.
    columns = ["kind", "claims", "people", "organisations", "largest_organisation_1"]
    assert shown(result.table, *columns) == expected("""
    kind       | claims | people | organisations | largest_organisation_1
    all        | 9      | 8      | 2             | 4
    damages    | 1      | 1      | 0             | 0
    money      | 6      | 5      | 2             | 4
    possession | 2      | 2      | 0             | 0
    """)


def test_open_stale_ended_and_moved_claims_are_told_apart(backend):
    result = civil.civil_claims(civil_warehouse(backend, CLAIMS), period=None, by=None)
    assert shown(result.outputs["states"].table, "state", "claims", "estimate") == expected("""
    state                    | claims | estimate
    all                      | 9      | 1
    ended without a judgment | 1      | 0.111
    gone to another court    | 1      | 0.111
    judgment                 | 5      | 0.556
    open                     | 1      | 0.111
    stale                    | 1      | 0.111
    """)


def test_what_was_set_aside_is_counted(backend):
    result = civil.civil_claims(civil_warehouse(backend, CLAIMS))
    assert result.attrition.table()["people_excluded"].tolist() == [0, 1, 1]
