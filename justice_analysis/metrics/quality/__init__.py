"""Data and links: what was loaded, counted, recorded and joined, and what truth says of it."""

from justice_analysis.metrics.quality.completeness import CompletenessOptions, completeness
from justice_analysis.metrics.quality.counting_units import CountingUnitsOptions, counting_units
from justice_analysis.metrics.quality.definition_overlap import OverlapOptions, definition_overlap
from justice_analysis.metrics.quality.link_quality import LinkQualityOptions, link_quality
from justice_analysis.metrics.quality.recovery import (
    Recovery,
    recovered_returns,
    recovery,
    targets,
)
from justice_analysis.metrics.quality.reports import (
    checks_output,
    cleaning_output,
    ledger_output,
    loaded_output,
    set_aside_output,
)

__all__ = [
    "CompletenessOptions",
    "CountingUnitsOptions",
    "LinkQualityOptions",
    "OverlapOptions",
    "Recovery",
    "checks_output",
    "cleaning_output",
    "completeness",
    "counting_units",
    "definition_overlap",
    "ledger_output",
    "link_quality",
    "loaded_output",
    "recovered_returns",
    "recovery",
    "set_aside_output",
    "targets",
]
