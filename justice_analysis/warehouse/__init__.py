"""The warehouse: extracts loaded whole into immutable generations, and opened as tables."""

from __future__ import annotations

from justice_analysis.linkage.levels import DEFAULT_PRECEDENCE
from justice_analysis.linkage.proceedings import ProceedingsRule
from justice_analysis.warehouse.loading import load
from justice_analysis.warehouse.opened import Warehouse, open

__all__ = ["DEFAULT_PRECEDENCE", "ProceedingsRule", "Warehouse", "load", "open"]
