"""Survival estimators and intervals; they take small tables of counts, never rows of people."""

from justice_analysis.models.aalen_johansen import IncidenceCurve, aalen_johansen
from justice_analysis.models.counts import Counts, daily_counts
from justice_analysis.models.curves import Curve, Estimates, at_times
from justice_analysis.models.gray import gray_test
from justice_analysis.models.groups import counts_by_group, curves_by_group
from justice_analysis.models.intervals import Interval, byar, clopper_pearson, poisson_exact, wilson
from justice_analysis.models.kaplan_meier import (
    HazardCurve,
    SurvivalCurve,
    kaplan_meier,
    nelson_aalen,
)
from justice_analysis.models.log_rank import GroupTest, log_rank
from justice_analysis.models.summaries import Quantile, RestrictedMean, quantile, restricted_mean

__all__ = [
    "Counts",
    "Curve",
    "Estimates",
    "GroupTest",
    "HazardCurve",
    "IncidenceCurve",
    "Interval",
    "Quantile",
    "RestrictedMean",
    "SurvivalCurve",
    "aalen_johansen",
    "at_times",
    "byar",
    "clopper_pearson",
    "counts_by_group",
    "curves_by_group",
    "daily_counts",
    "gray_test",
    "kaplan_meier",
    "log_rank",
    "nelson_aalen",
    "poisson_exact",
    "quantile",
    "restricted_mean",
    "wilson",
]
