"""Metrics: functions from a warehouse to tidy estimates, each with its card."""

from justice_analysis.definitions import get, names
from justice_analysis.metrics.completeness import CompletenessOptions, completeness
from justice_analysis.metrics.counting_units import CountingUnitsOptions, counting_units
from justice_analysis.metrics.link_quality import LinkQualityOptions, link_quality
from justice_analysis.metrics.reappearance import ReappearanceOptions, reappearance
from justice_analysis.metrics.recovery import Recovery, recovery, targets
from justice_analysis.metrics.recurrence import recurrence
from justice_analysis.metrics.recurrence_definition import RecurrenceOptions
from justice_analysis.metrics.reports import (
    checks_output,
    cleaning_output,
    ledger_output,
    loaded_output,
    set_aside_output,
)
from justice_analysis.metrics.result import IncidenceResult, year_days

__all__ = [
    "CompletenessOptions",
    "CountingUnitsOptions",
    "IncidenceResult",
    "LinkQualityOptions",
    "ReappearanceOptions",
    "Recovery",
    "RecurrenceOptions",
    "checks_output",
    "cleaning_output",
    "completeness",
    "counting_units",
    "get",
    "ledger_output",
    "link_quality",
    "loaded_output",
    "names",
    "reappearance",
    "recovery",
    "recurrence",
    "set_aside_output",
    "targets",
    "year_days",
]
