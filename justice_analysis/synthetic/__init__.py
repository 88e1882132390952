"""The synthetic world: planted truth, delivered in the layout of each dataset.

>>> from justice_analysis.synthetic import synthesise  # doctest: +SKIP
>>> synthesise(people=50_000, seed=1, out=Path("world"))  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from justice_analysis.synthetic.calibration import calibration_table
    from justice_analysis.synthetic.parameters import MessRates, WorldParameters
    from justice_analysis.synthetic.synthesis import WorldReport, synthesise

__all__ = ["MessRates", "WorldParameters", "WorldReport", "calibration_table", "synthesise"]

_HOMES = {
    "calibration_table": "calibration",
    "MessRates": "parameters",
    "WorldParameters": "parameters",
    "WorldReport": "synthesis",
    "synthesise": "synthesis",
}


def __getattr__(name: str) -> Any:
    """Load a name when it is first asked for: NumPy and Arrow are slow to import."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
