"""Cohorts: who is counted, from when, until when, with the losses at each step."""

from justice_analysis.cohorts.attrition import Flow, Step, select
from justice_analysis.cohorts.custody import custody_episodes, custody_spells, time_in_custody
from justice_analysis.cohorts.follow_up import CENSORED, counts_by_day, follow_up, observed_period
from justice_analysis.cohorts.journeys import JourneyRule, Journeys, journeys
from justice_analysis.cohorts.spells import merge_into_spells

__all__ = [
    "CENSORED",
    "Flow",
    "JourneyRule",
    "Journeys",
    "Step",
    "counts_by_day",
    "custody_episodes",
    "custody_spells",
    "follow_up",
    "journeys",
    "merge_into_spells",
    "observed_period",
    "select",
    "time_in_custody",
]
