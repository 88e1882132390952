"""Definitions: cards, the registry of metrics, and the shape of an output."""

from justice_analysis.definitions.card import Card, Need, Option, check_choices, choice
from justice_analysis.definitions.output import KINDS, Chart, ColumnRoles, Output
from justice_analysis.definitions.registry import Metric, cards, get, metric, names

__all__ = [
    "KINDS",
    "Card",
    "Chart",
    "ColumnRoles",
    "Metric",
    "Need",
    "Option",
    "Output",
    "cards",
    "check_choices",
    "choice",
    "get",
    "metric",
    "names",
]
