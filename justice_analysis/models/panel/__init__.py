"""Regression for panels: the same units, or areas, over several periods.

Every result names the small-sample rule of its errors; `RULES` has them all.
"""

from justice_analysis.models.panel.fit import PanelFit
from justice_analysis.models.panel.fixed_effects import (
    absorbed_effects,
    one_way_effects,
    two_way_effects,
)
from justice_analysis.models.panel.hausman import HausmanTest, correlated_effects, hausman
from justice_analysis.models.panel.instrumented import (
    Instrumented,
    OverIdentification,
    instrumented,
)
from justice_analysis.models.panel.small_sample import RULES
from justice_analysis.models.panel.without_effects import (
    between,
    first_differences,
    pooled,
    random_effects,
)

__all__ = [
    "RULES",
    "HausmanTest",
    "Instrumented",
    "OverIdentification",
    "PanelFit",
    "absorbed_effects",
    "between",
    "correlated_effects",
    "first_differences",
    "hausman",
    "instrumented",
    "one_way_effects",
    "pooled",
    "random_effects",
    "two_way_effects",
]
