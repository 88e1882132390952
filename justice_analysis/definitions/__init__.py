"""Definitions: cards, the registry of metrics, and the shape of an output."""

from justice_analysis.definitions.card import (
    SUBJECTS,
    Card,
    Gap,
    Need,
    Option,
    check_choices,
    choice,
)
from justice_analysis.definitions.output import KINDS, Chart, ColumnRoles, Output
from justice_analysis.definitions.registry import (
    Metric,
    cards,
    definition_only,
    get,
    metric,
    names,
)

__all__ = [
    "KINDS",
    "SUBJECTS",
    "Card",
    "Chart",
    "ColumnRoles",
    "Gap",
    "Metric",
    "Need",
    "Option",
    "Output",
    "cards",
    "check_choices",
    "choice",
    "definition_only",
    "get",
    "metric",
    "names",
]
