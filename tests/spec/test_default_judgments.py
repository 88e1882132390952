"""Default judgments: of claims first judged, and of claims issued."""

from __future__ import annotations

from justice_analysis.metrics import civil
from tests.spec.civil import CLAIMS
from tests.spec.courts import civil_warehouse, expected, shown


def test_the_first_judgment_of_each_claim_counts(backend):
    result = civil.default_judgments(civil_warehouse(backend, CLAIMS), period="quarter")
    assert shown(result.table, "quarter", "kind", "by_default", "claims") == expected("""
    quarter | kind       | by_default | claims
    all     | all        | 1          | 4
    all     | money      | 1          | 2
    all     | possession | 0          | 2
    2015 Q1 | all        | 1          | 3
    2015 Q1 | money      | 1          | 1
    2015 Q1 | possession | 0          | 2
    2015 Q2 | all        | 0          | 1
    2015 Q2 | money      | 0          | 1
    """)


def test_kinds_of_judgment_divide_the_claims_judged(backend):
    options = {"period": None, "by": None}
    result = civil.default_judgments(civil_warehouse(backend, CLAIMS), **options)
    assert shown(result.outputs["kinds"].table, "judgment", "claims") == expected("""
    judgment               | claims
    all                    | 4
    claim_dismissed        | 1
    default_judgment       | 1
    judgment_after_hearing | 1
    possession_order       | 1
    """)


def test_of_claims_issued_those_without_a_judgment_count_too(backend):
    options = {"period": None, "by": None, "of": "claims"}
    result = civil.default_judgments(civil_warehouse(backend, CLAIMS), **options)
    assert shown(result.table, "by_default", "claims") == [{"by_default": "1", "claims": "8"}]
    # J is judged before it is issued.
    assert result.attrition.table()["people_excluded"].tolist() == [0, 1, 1, 1]
