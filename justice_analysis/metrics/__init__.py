"""Metrics: functions from a warehouse to tidy estimates, each with its card."""

from justice_analysis.definitions import get, names
from justice_analysis.metrics import (
    across,
    civil,
    criminal,
    custody,
    disparities,
    family,
    journeys,
    linkage,
    quality,
)
from justice_analysis.metrics.criminal import ReappearanceOptions, reappearance
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.metrics.estimates.result import IncidenceResult, year_days
from justice_analysis.metrics.family import RecurrenceOptions, recurrence
from justice_analysis.metrics.quality import (
    CompletenessOptions,
    CountingUnitsOptions,
    LinkQualityOptions,
    Recovery,
    checks_output,
    cleaning_output,
    completeness,
    counting_units,
    ledger_output,
    link_quality,
    loaded_output,
    recovery,
    set_aside_output,
    targets,
)

__all__ = [
    "CompletenessOptions",
    "CountingUnitsOptions",
    "IncidenceResult",
    "LinkQualityOptions",
    "Measured",
    "ReappearanceOptions",
    "Recovery",
    "RecurrenceOptions",
    "across",
    "checks_output",
    "civil",
    "cleaning_output",
    "completeness",
    "counting_units",
    "criminal",
    "custody",
    "disparities",
    "family",
    "get",
    "journeys",
    "ledger_output",
    "link_quality",
    "linkage",
    "loaded_output",
    "names",
    "quality",
    "reappearance",
    "recovery",
    "recurrence",
    "set_aside_output",
    "targets",
    "year_days",
]
