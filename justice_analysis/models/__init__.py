"""Estimators and intervals; they take small tables of counts, never rows of people."""

from justice_analysis.models.aalen_johansen import IncidenceCurve, aalen_johansen
from justice_analysis.models.balance import BalanceTable, balance
from justice_analysis.models.balancing import (
    Balanced,
    entropy_weights,
    odds_weights,
    overlap_weights,
)
from justice_analysis.models.counts import Counts, daily_counts
from justice_analysis.models.cox import CoxFit, ProportionalHazards, cox, proportional_hazards
from justice_analysis.models.curves import Curve, Estimates, at_times
from justice_analysis.models.differences import (
    Difference,
    effective_people,
    share_difference,
    weighted_share_difference,
)
from justice_analysis.models.gray import gray_test
from justice_analysis.models.groups import counts_by_group, curves_by_group
from justice_analysis.models.hidden_bias import (
    EValue,
    SensitivityBounds,
    e_value,
    e_value_of_shares,
    rosenbaum_bounds,
)
from justice_analysis.models.incidence import cumulative_incidence
from justice_analysis.models.intervals import Interval, byar, clopper_pearson, poisson_exact, wilson
from justice_analysis.models.kaplan_meier import (
    HazardCurve,
    SurvivalCurve,
    kaplan_meier,
    nelson_aalen,
)
from justice_analysis.models.log_rank import GroupTest, log_rank
from justice_analysis.models.logistic import (
    AdjustedRisk,
    LogisticFit,
    MarginalEffect,
    adjusted_risk,
    average_marginal_effect,
    logistic,
)
from justice_analysis.models.mantel_haenszel import PooledRatio, mantel_haenszel
from justice_analysis.models.matched_effects import Effect, matched_difference
from justice_analysis.models.matching import (
    Matched,
    Propensity,
    caliper_width,
    common_support,
    exact,
    nearest_neighbours,
    propensity_scores,
    radius,
    subclasses,
)
from justice_analysis.models.panel import (
    HausmanTest,
    Instrumented,
    PanelFit,
    absorbed_effects,
    between,
    correlated_effects,
    first_differences,
    hausman,
    instrumented,
    one_way_effects,
    pooled,
    random_effects,
    two_way_effects,
)
from justice_analysis.models.rates import (
    Standardised,
    directly_standardised,
    indirectly_standardised,
    rate,
)
from justice_analysis.models.ratios import Ratio, odds_ratio, pooled_z, rate_ratio
from justice_analysis.models.recurrent import RecurrentCurve, mean_cumulative_function
from justice_analysis.models.relative_rates import RelativeRates, relative_rates
from justice_analysis.models.staggered import (
    GoodmanBacon,
    HonestBounds,
    PreTrend,
    StaggeredEffects,
    goodman_bacon,
    group_time_effects,
    honest_bounds,
)
from justice_analysis.models.standardised_differences import (
    difference_of_categories,
    difference_of_means,
    difference_of_shares,
)
from justice_analysis.models.summaries import Quantile, RestrictedMean, quantile, restricted_mean

__all__ = [
    "AdjustedRisk",
    "BalanceTable",
    "Balanced",
    "Counts",
    "CoxFit",
    "Curve",
    "Difference",
    "EValue",
    "Effect",
    "Estimates",
    "GoodmanBacon",
    "GroupTest",
    "HausmanTest",
    "HazardCurve",
    "HonestBounds",
    "IncidenceCurve",
    "Instrumented",
    "Interval",
    "LogisticFit",
    "MarginalEffect",
    "Matched",
    "PanelFit",
    "PooledRatio",
    "PreTrend",
    "Propensity",
    "ProportionalHazards",
    "Quantile",
    "Ratio",
    "RecurrentCurve",
    "RelativeRates",
    "RestrictedMean",
    "SensitivityBounds",
    "StaggeredEffects",
    "Standardised",
    "SurvivalCurve",
    "aalen_johansen",
    "absorbed_effects",
    "adjusted_risk",
    "at_times",
    "average_marginal_effect",
    "balance",
    "between",
    "byar",
    "caliper_width",
    "clopper_pearson",
    "common_support",
    "correlated_effects",
    "counts_by_group",
    "cox",
    "cumulative_incidence",
    "curves_by_group",
    "daily_counts",
    "difference_of_categories",
    "difference_of_means",
    "difference_of_shares",
    "directly_standardised",
    "e_value",
    "e_value_of_shares",
    "effective_people",
    "entropy_weights",
    "exact",
    "first_differences",
    "goodman_bacon",
    "gray_test",
    "group_time_effects",
    "hausman",
    "honest_bounds",
    "indirectly_standardised",
    "instrumented",
    "kaplan_meier",
    "log_rank",
    "logistic",
    "mantel_haenszel",
    "matched_difference",
    "mean_cumulative_function",
    "nearest_neighbours",
    "nelson_aalen",
    "odds_ratio",
    "odds_weights",
    "one_way_effects",
    "overlap_weights",
    "poisson_exact",
    "pooled",
    "pooled_z",
    "propensity_scores",
    "proportional_hazards",
    "quantile",
    "radius",
    "random_effects",
    "rate",
    "rate_ratio",
    "relative_rates",
    "restricted_mean",
    "rosenbaum_bounds",
    "share_difference",
    "subclasses",
    "two_way_effects",
    "weighted_share_difference",
    "wilson",
]
