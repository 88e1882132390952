"""What staggered difference-in-differences gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from justice_analysis.models.staggered.library import Base, Comparison, Method
from justice_analysis.models.staggered.pre_trends import PreTrend

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class StaggeredEffects:
    """Average effects on the treated, by group and period, and their averages.

    A group is the units first treated in one period. Every table has `estimate`,
    `standard_error`, `lower`, `upper`, `p_value`, `treated_units`, `comparison_units` and
    `reason` (why there is no interval; empty where there is one). From repeated
    cross-sections, `treated_rows` and `comparison_rows` say how many rows of those units the
    periods hold.

    Attributes
    ----------
    group_time
        One row per `group` and `period`, with `event_time` (period less group).
    event_study
        One row per `event_time`; with a universal base the reference is a row of estimate 0.
        With the bootstrap, `simultaneous_lower` and `simultaneous_upper` hold all at once.
    by_group, by_period
        One row per group, over its periods since treatment; per period, over treated groups.
    overall
        One row per `average`: "simple" (group-time effects by size of group), "event_time",
        "group" and "period" (the means of those tables, groups by their size).
    pre_trend, pre_trend_by_event_time
        Joint tests that no effect is seen before treatment: of every group and period, and of
        the event study.
    covariance
        Of the event study's estimates, one row and column per estimated event time.
    degrees_of_freedom
        Of that covariance; infinite without a small-sample rule.
    rule
        Which errors these are, in words, with their small-sample rule.
    units, treated_units, clusters, periods
        Units used, those of them ever treated, clusters, periods.
    left_out
        Reason to units left out for it.
    notes
        What the fit met and a reader should know; sentences.
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
    degrees_of_freedom: float
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
