"""Cohorts: who is counted, from when, until when, with the losses at each step."""

from justice_analysis.cohorts.attrition import Flow, Step, select
from justice_analysis.cohorts.follow_up import CENSORED, counts_by_day, follow_up, observed_period

__all__ = ["CENSORED", "Flow", "Step", "counts_by_day", "follow_up", "observed_period", "select"]
