"""Time to judgment: by claims judged, and by claims issued with open ones censored."""

from __future__ import annotations

from justice_analysis.metrics import civil
from tests.spec.civil import CLAIMS
from tests.spec.courts import civil_warehouse, expected, shown

ENTRY = {"cohort": "entry", "period": None, "by": None, "horizon_weeks": (2, 6, 20)}


def test_weeks_run_from_issue_to_the_first_judgment(backend):
    result = civil.time_to_judgment(civil_warehouse(backend, CLAIMS), period=None)
    assert shown(result.table, "kind", "claims", "mean", "median") == expected("""
    kind       | claims | mean | median
    all        | 4      | 9.5  | 6
    money      | 2      | 13   | 13
    possession | 2      | 6    | 6
    """)


def test_claims_that_ended_are_told_from_those_still_open(backend):
    result = civil.time_to_judgment(civil_warehouse(backend, CLAIMS), **ENTRY)
    # Eight claims; C ends in week 4, G leaves after 14 days, and D and K stay without a judgment.
    assert shown(result.table, "outcome", "horizon", "reached", "at_risk", "estimate") == expected(
        """
        outcome                  | horizon  | reached | at_risk | estimate
        judgment                 | 2 weeks  | 0       | 8       | 0
        judgment                 | 6 weeks  | 3       | 6       | 0.429
        judgment                 | 20 weeks | 4       | 3       | 0.571
        ended without a judgment | 2 weeks  | 0       | 8       | 0
        ended without a judgment | 6 weeks  | 1       | 6       | 0.143
        ended without a judgment | 20 weeks | 1       | 3       | 0.143
        """
    )


def test_stale_claims_are_censored_on_their_last_day_where_asked(backend):
    drawn = civil_warehouse(backend, CLAIMS)
    result = civil.time_to_judgment(drawn, **ENTRY, stale="last_activity")
    table = result.table.set_index(["outcome", "horizon"])
    assert table.loc[("judgment", "6 weeks"), "at_risk"] == 5
    assert table.loc[("judgment", "6 weeks"), "estimate"] == 0.5


def test_the_curve_has_each_person_once(backend):
    result = civil.time_to_judgment(civil_warehouse(backend, CLAIMS), **ENTRY)
    curve = result.outputs["curve"].table
    assert set(curve["people"]) == {7}  # one person is behind A and B
    assert result.outputs["curve"].population_hash != result.population_hash
