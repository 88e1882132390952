"""Group-time average effects of something that reached units at different times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from justice_analysis.models.staggered.pre_trends import PreTrend

if TYPE_CHECKING:
    import pandas as pd

Comparison = Literal["never", "not_yet"]
Method = Literal["dr", "reg", "ipw"]
Base = Literal["universal", "varying"]
SmallSample = Literal["none", "clusters", "groups"]
Unbalanced = Literal["refuse", "complete"]
AfterLast = Literal["refuse", "comparison", "leave_out"]


@dataclass(frozen=True, eq=False)
class StaggeredEffects:
    """Average effects on the treated, by group and period, and their averages.

    A group is the units first treated in one period. Every table has `estimate`,
    `standard_error`, `lower`, `upper`, `p_value`, `treated_units`, `comparison_units` and
    `reason` (why there is no interval; empty where there is one).

    Attributes
    ----------
    group_time
        One row per `group` and `period`, with `event_time` (period less group).
    event_study
        One row per `event_time`; with a universal base the reference is a row of estimate 0.
    by_group, by_period
        One row per group, over its periods since treatment; per period, over treated groups.
    overall
        One row per `average`: "simple" (group-time effects by size of group), "event_time",
        "group" and "period" (the means of those tables, groups by their size).
    pre_trend, pre_trend_by_event_time
        Joint tests that no effect is seen before treatment.
    covariance
        Of the event study's estimates, one row and column per estimated event time.
    rule
        Which errors these are, in words, with their small-sample rule.
    units, treated_units, clusters, periods
        Units used, those of them ever treated, clusters, periods.
    left_out
        Reason to units left out for it.
    notes
        What the fit met in cells and a reader should know; sentences.
    comparison, method, base, level, anticipation
        As asked for.
    """

    group_time: pd.DataFrame
    event_study: pd.DataFrame
    by_group: pd.DataFrame
    by_period: pd.DataFrame
    overall: pd.DataFrame
    pre_trend: PreTrend
    pre_trend_by_event_time: PreTrend
    covariance: pd.DataFrame
    rule: str
    units: int
    treated_units: int
    clusters: int
    periods: int
    left_out: dict[str, int]
    notes: tuple[str, ...]
    comparison: Comparison
    method: Method
    base: Base
    level: float
    anticipation: int
    degrees_of_freedom: float


def group_time_effects(
    rows: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    comparison: Comparison = "never",
    covariates: Sequence[str] = (),
    method: Method = "dr",
    clusters: str | None = None,
    bootstrap: int = 0,
    seed: int = 0,
    anticipation: int = 0,
    weights: str | None = None,
    repeated_cross_sections: bool = False,
    base: Base = "universal",
    small_sample: SmallSample | None = None,
    unbalanced: Unbalanced = "refuse",
    after_last: AfterLast = "refuse",
    level: float = 0.95,
) -> StaggeredEffects:
    """Effects by group and period (Callaway and Sant'Anna 2021), and their averages."""
    raise NotImplementedError
