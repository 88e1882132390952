"""Disparities: relative rates with their uncertainty, unknowns and cautions."""

from justice_analysis.metrics.disparities.definition import CAUTION, DisparityOptions
from justice_analysis.metrics.disparities.relative_rates import relative_rates

__all__ = ["CAUTION", "DisparityOptions", "relative_rates"]
