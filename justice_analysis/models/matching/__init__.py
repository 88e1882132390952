"""Matched comparison: propensity scores, neighbours, radius, classes; sorted scores throughout."""

from justice_analysis.models.matching.classes import exact, subclasses
from justice_analysis.models.matching.matched import Matched
from justice_analysis.models.matching.nearest import caliper_width, nearest_neighbours
from justice_analysis.models.matching.propensity import (
    Propensity,
    common_support,
    propensity_scores,
)
from justice_analysis.models.matching.radius import radius

__all__ = [
    "Matched",
    "Propensity",
    "caliper_width",
    "common_support",
    "exact",
    "nearest_neighbours",
    "propensity_scores",
    "radius",
    "subclasses",
]
