"""Civil courts: claims, judgments and enforcement."""

from justice_analysis.metrics.civil.claims import CivilClaimsOptions, civil_claims
from justice_analysis.metrics.civil.default_judgments import (
    DefaultJudgmentsOptions,
    default_judgments,
)
from justice_analysis.metrics.civil.defended_claims import DefendedClaimsOptions, defended_claims
from justice_analysis.metrics.civil.enforcement import EnforcementOptions, enforcement
from justice_analysis.metrics.civil.repeat_litigants import (
    RepeatLitigantsOptions,
    repeat_litigants,
)
from justice_analysis.metrics.civil.time_to_judgment import TimeToJudgmentOptions, time_to_judgment

__all__ = [
    "CivilClaimsOptions",
    "DefaultJudgmentsOptions",
    "DefendedClaimsOptions",
    "EnforcementOptions",
    "RepeatLitigantsOptions",
    "TimeToJudgmentOptions",
    "civil_claims",
    "default_judgments",
    "defended_claims",
    "enforcement",
    "repeat_litigants",
    "time_to_judgment",
]
