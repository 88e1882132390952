"""Declared cohorts: how to declare one, those that the package ships, and what two share."""

from justice_analysis.cohorts.declared import care, criminal, pupils
from justice_analysis.cohorts.declared.cohort import Cohort, CohortPeople
from justice_analysis.cohorts.declared.parts import (
    FIRST_EVER,
    FIRST_IN_WINDOW,
    Exclusion,
    FollowUp,
)
from justice_analysis.cohorts.declared.registry import get, names, register

__all__ = [
    "FIRST_EVER",
    "FIRST_IN_WINDOW",
    "Cohort",
    "CohortPeople",
    "Exclusion",
    "FollowUp",
    "care",
    "criminal",
    "get",
    "names",
    "pupils",
    "register",
]
