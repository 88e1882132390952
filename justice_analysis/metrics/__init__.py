"""Metrics: functions from a warehouse to tidy estimates, each with its card."""

from justice_analysis.definitions import get, names
from justice_analysis.metrics.completeness import CompletenessOptions, completeness
from justice_analysis.metrics.counting_units import CountingUnitsOptions, counting_units
from justice_analysis.metrics.link_quality import LinkQualityOptions, link_quality
from justice_analysis.metrics.reappearance import ReappearanceOptions, reappearance
from justice_analysis.metrics.recovery import Recovery, recovery, targets
from justice_analysis.metrics.recurrence import recurrence
from justice_analysis.metrics.recurrence_definition import RecurrenceOptions
from justice_analysis.metrics.result import IncidenceResult, year_days

__all__ = [
    "CompletenessOptions",
    "CountingUnitsOptions",
    "IncidenceResult",
    "LinkQualityOptions",
    "ReappearanceOptions",
    "Recovery",
    "RecurrenceOptions",
    "completeness",
    "counting_units",
    "get",
    "link_quality",
    "names",
    "reappearance",
    "recovery",
    "recurrence",
    "targets",
    "year_days",
]
