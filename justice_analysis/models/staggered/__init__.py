"""Staggered difference-in-differences: group-time effects, their weights and their bounds."""

from justice_analysis.models.staggered.effects import group_time_effects
from justice_analysis.models.staggered.goodman_bacon import GoodmanBacon, goodman_bacon
from justice_analysis.models.staggered.honest import HonestBounds, honest_bounds
from justice_analysis.models.staggered.pre_trends import PreTrend
from justice_analysis.models.staggered.result import StaggeredEffects

__all__ = [
    "GoodmanBacon",
    "HonestBounds",
    "PreTrend",
    "StaggeredEffects",
    "goodman_bacon",
    "group_time_effects",
    "honest_bounds",
]
