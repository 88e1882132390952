"""A research environment for linked justice data in England and Wales.

>>> import justice_analysis as ja
>>> warehouse = ja.open("demo/warehouse")
>>> ja.metrics.recurrence(warehouse, by="age_band").table
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from justice_analysis import (
        charts,
        cohorts,
        contracts,
        disclosure,
        engine,
        evaluation,
        metrics,
        models,
        publishing,
        studies,
        synthetic,
    )
    from justice_analysis.warehouse import Warehouse, load, open

__version__ = "0.1.0"
__all__ = [
    "Warehouse",
    "charts",
    "cohorts",
    "contracts",
    "disclosure",
    "engine",
    "evaluation",
    "load",
    "metrics",
    "models",
    "open",
    "publishing",
    "studies",
    "synthetic",
]

_FROM_WAREHOUSE = ("Warehouse", "load", "open")


def __getattr__(name: str) -> Any:
    """Import parts on first use, so that importing the package stays fast."""
    if name in _FROM_WAREHOUSE:
        return getattr(importlib.import_module("justice_analysis.warehouse"), name)
    if name in __all__:
        return importlib.import_module(f"justice_analysis.{name}")
    raise AttributeError(f"module 'justice_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
