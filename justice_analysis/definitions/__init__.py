"""Definitions: cards, the registry of metrics, and the shape of an output."""

from justice_analysis.definitions.output import KINDS, Chart, ColumnRoles, Output

__all__ = ["KINDS", "Chart", "ColumnRoles", "Output"]
