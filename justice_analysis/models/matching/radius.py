"""Every comparison person within a caliper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from justice_analysis.models.matching.matched import Matched

if TYPE_CHECKING:
    import pandas as pd


def radius(
    treated: ArrayLike,
    distance: ArrayLike,
    *,
    caliper: float,
    strata: ArrayLike | pd.DataFrame | None = None,
) -> Matched:
    """Match each treated person to every comparison person within the caliper."""
    raise NotImplementedError
