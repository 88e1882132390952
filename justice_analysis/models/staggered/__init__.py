"""Staggered difference-in-differences: group-time effects, their weights and their bounds."""

from justice_analysis.models.staggered.effects import group_time_effects
from justice_analysis.models.staggered.pre_trends import PreTrend
from justice_analysis.models.staggered.result import StaggeredEffects

__all__ = ["PreTrend", "StaggeredEffects", "group_time_effects"]
