"""Disparities: relative rates with their uncertainty, unknowns and cautions."""

from justice_analysis.metrics.disparities.adjusted import adjusted_rates
from justice_analysis.metrics.disparities.definition import (
    CAUTION,
    AdjustedOptions,
    DisparityOptions,
    StageOptions,
)
from justice_analysis.metrics.disparities.relative_rates import relative_rates
from justice_analysis.metrics.disparities.stages import disparity_by_stage, parts_of_whole

__all__ = [
    "CAUTION",
    "AdjustedOptions",
    "DisparityOptions",
    "StageOptions",
    "adjusted_rates",
    "disparity_by_stage",
    "parts_of_whole",
    "relative_rates",
]
