"""Family courts: care proceedings, private law, divorce."""

from justice_analysis.metrics.family.adoption import AdoptionOptions, adoption
from justice_analysis.metrics.family.care_timeliness import care_timeliness
from justice_analysis.metrics.family.care_timeliness_definition import CareTimelinessOptions
from justice_analysis.metrics.family.deprivation_of_liberty import DeprivationOfLibertyOptions
from justice_analysis.metrics.family.divorce_progression import (
    DivorceProgressionOptions,
    divorce_progression,
)
from justice_analysis.metrics.family.divorce_stages import divorce_stages
from justice_analysis.metrics.family.divorce_stages_definition import DivorceStagesOptions
from justice_analysis.metrics.family.entry_to_proceedings import (
    EntryToProceedingsOptions,
    entry_to_proceedings,
)
from justice_analysis.metrics.family.family_caseload import FamilyCaseloadOptions, family_caseload
from justice_analysis.metrics.family.newborn_rate import newborn_rate
from justice_analysis.metrics.family.newborn_rate_definition import NewbornRateOptions
from justice_analysis.metrics.family.order_outcomes import OrderOutcomesOptions, order_outcomes
from justice_analysis.metrics.family.private_law_timeliness import private_law_timeliness
from justice_analysis.metrics.family.private_law_timeliness_definition import (
    PrivateLawTimelinessOptions,
)
from justice_analysis.metrics.family.recurrence import recurrence
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions
from justice_analysis.metrics.family.recurrence_profiles import recurrence_profiles
from justice_analysis.metrics.family.recurrence_profiles_definition import RecurrenceProfilesOptions
from justice_analysis.metrics.family.representation import RepresentationOptions, representation

__all__ = [
    "AdoptionOptions",
    "CareTimelinessOptions",
    "DeprivationOfLibertyOptions",
    "DivorceProgressionOptions",
    "DivorceStagesOptions",
    "EntryToProceedingsOptions",
    "FamilyCaseloadOptions",
    "NewbornRateOptions",
    "OrderOutcomesOptions",
    "PrivateLawTimelinessOptions",
    "RecurrenceOptions",
    "RecurrenceProfilesOptions",
    "RepresentationOptions",
    "adoption",
    "care_timeliness",
    "divorce_progression",
    "divorce_stages",
    "entry_to_proceedings",
    "family_caseload",
    "newborn_rate",
    "order_outcomes",
    "private_law_timeliness",
    "recurrence",
    "recurrence_profiles",
    "representation",
]
