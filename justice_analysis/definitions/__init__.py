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
from justice_analysis.definitions.category import (
    Category,
    category,
    category_names,
    category_without_data,
    get_category,
    status_of,
)
from justice_analysis.definitions.output import KINDS, Chart, ColumnRoles, Output
from justice_analysis.definitions.registry import (
    Metric,
    cards,
    definition_only,
    evaluation,
    get,
    metric,
    names,
)

__all__ = [
    "KINDS",
    "SUBJECTS",
    "Card",
    "Category",
    "Chart",
    "ColumnRoles",
    "Gap",
    "Metric",
    "Need",
    "Option",
    "Output",
    "cards",
    "category",
    "category_names",
    "category_without_data",
    "check_choices",
    "choice",
    "definition_only",
    "evaluation",
    "get",
    "get_category",
    "metric",
    "names",
    "status_of",
]
