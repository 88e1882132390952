"""Enforcement: the first warrant after the first judgment."""

from __future__ import annotations

from justice_analysis.metrics import civil
from tests.spec.civil import CLAIMS
from tests.spec.courts import civil_warehouse, expected, shown


def test_warrants_are_counted_from_the_judgment(backend):
    options = {"period": None, "by": None, "horizon_weeks": (5, 6)}
    result = civil.enforcement(civil_warehouse(backend, CLAIMS), **options)
    # F is dismissed, E's warrant comes before its judgment; A, B, H, I (nobody) and J are left.
    assert shown(result.table, "horizon", "claims", "reached", "estimate") == expected("""
    horizon | claims | reached | estimate
    5 weeks | 4      | 0       | 0
    6 weeks | 4      | 1       | 0.25
    """)


def test_what_was_set_aside_is_counted(backend):
    result = civil.enforcement(civil_warehouse(backend, CLAIMS), period=None)
    assert shown(result.attrition.table(), "step", "people_excluded") == expected("""
    step                                       | people_excluded
    claims                                     | 0
    a party recorded                           | 1
    judgment recorded                          | 4
    not dismissed                              | 1
    no warrant before the judgment             | 1
    judged before the end of what could be seen| 0
    """)


def test_an_exit_cohort_has_the_weeks_to_the_first_warrant(backend):
    options = {"cohort": "exit", "period": "quarter", "by": "warrant"}
    result = civil.enforcement(civil_warehouse(backend, CLAIMS), **options)
    assert shown(result.table, "quarter", "warrant", "claims", "mean") == expected("""
    quarter | warrant | claims | mean
    all     | all     | 1      | 6
    all     | control | 1      | 6
    2015 Q1 | all     | 1      | 6
    2015 Q1 | control | 1      | 6
    """)


def test_without_any_warrant_the_share_is_nil_and_not_missing(backend):
    drawing = "\n".join(line for line in CLAIMS.splitlines() if not line.startswith(("A", "E")))
    options = {"period": None, "by": None, "horizon_weeks": (6,)}
    result = civil.enforcement(civil_warehouse(backend, drawing), **options)
    assert result.table["estimate"].tolist() == [0.0]
