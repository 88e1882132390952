"""Cohorts: who is counted, from when, until when, with the losses at each step."""

from justice_analysis.cohorts.attrition import Flow, Step, select
from justice_analysis.cohorts.caseload import caseload_periods, open_caseload, open_cases
from justice_analysis.cohorts.comparison import Overlap, membership, overlap
from justice_analysis.cohorts.covariates import COVARIATES, Covariate, look_back
from justice_analysis.cohorts.custody import custody_episodes, custody_spells, time_in_custody
from justice_analysis.cohorts.declared import Cohort, CohortPeople, Exclusion, FollowUp
from justice_analysis.cohorts.follow_up import CENSORED, counts_by_day, follow_up, observed_period
from justice_analysis.cohorts.frame import AnalysisFrame, analysis_frame
from justice_analysis.cohorts.journeys import JourneyRule, Journeys, journeys
from justice_analysis.cohorts.spells import merge_into_spells
from justice_analysis.cohorts.time_at_risk import covered_periods, time_at_risk

__all__ = [
    "CENSORED",
    "COVARIATES",
    "AnalysisFrame",
    "Cohort",
    "CohortPeople",
    "Covariate",
    "Exclusion",
    "Flow",
    "FollowUp",
    "JourneyRule",
    "Journeys",
    "Overlap",
    "Step",
    "analysis_frame",
    "caseload_periods",
    "counts_by_day",
    "covered_periods",
    "custody_episodes",
    "custody_spells",
    "follow_up",
    "journeys",
    "look_back",
    "membership",
    "merge_into_spells",
    "observed_period",
    "open_caseload",
    "open_cases",
    "overlap",
    "select",
    "time_at_risk",
    "time_in_custody",
]
