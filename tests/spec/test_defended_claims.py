"""Defended claims: what shows a defence, and by when."""

from __future__ import annotations

from justice_analysis.metrics import civil
from tests.spec.civil import CLAIMS
from tests.spec.courts import civil_warehouse, expected, shown


def test_a_defence_on_record_counts_and_a_hearing_alone_does_not(backend):
    result = civil.defended_claims(civil_warehouse(backend, CLAIMS), period=None)
    assert shown(result.table, "kind", "defended", "claims") == expected("""
    kind       | defended | claims
    all        | 1        | 9
    damages    | 0        | 1
    money      | 1        | 6
    possession | 0        | 2
    """)


def test_a_hearing_counts_where_asked_and_one_before_issue_is_set_aside(backend):
    drawn = civil_warehouse(backend, CLAIMS)
    options = {"period": None, "by": None, "defended_by": "defence_or_hearing"}
    result = civil.defended_claims(drawn, **options)
    assert shown(result.table, "defended", "claims") == [{"defended": "2", "claims": "8"}]
    assert result.attrition.table()["people_excluded"].tolist() == [0, 1, 1, 1]


def test_claims_that_cannot_be_followed_long_enough_are_left_out(backend):
    drawn = civil_warehouse(backend, CLAIMS, covered=("2012-01-01", "2015-04-20"))
    options = {"period": None, "by": None}
    two_weeks = civil.defended_claims(drawn, within_days=14, **options).table
    more = civil.defended_claims(drawn, within_days=15, **options).table
    # B's defence comes on the 15th day; claims of 6 April are seen for 14 days, not over.
    assert shown(two_weeks, "defended", "claims") == [{"defended": "0", "claims": "6"}]
    assert shown(more, "defended", "claims") == [{"defended": "1", "claims": "6"}]
