"""Cox proportional hazards: fit, robust errors, and a check that hazards are proportional."""

from justice_analysis.models.cox.fit import CoxFit, cox
from justice_analysis.models.cox.proportionality import ProportionalHazards, proportional_hazards

__all__ = ["CoxFit", "ProportionalHazards", "cox", "proportional_hazards"]
