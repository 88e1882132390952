"""Nearest neighbours on a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from numpy.typing import ArrayLike

from justice_analysis.models.matching.matched import Matched

if TYPE_CHECKING:
    import pandas as pd

Order = Literal["largest", "smallest", "closest", "data", "random"]


def caliper_width(
    distance: ArrayLike, treated: ArrayLike, *, standard_deviations: float = 0.2
) -> float:
    """Width of a caliper given in standard deviations of the distance."""
    raise NotImplementedError


def nearest_neighbours(
    treated: ArrayLike,
    distance: ArrayLike,
    *,
    ratio: int = 1,
    replace: bool = False,
    caliper: float | None = None,
    order: Order = "largest",
    strata: ArrayLike | pd.DataFrame | None = None,
    seed: int = 0,
) -> Matched:
    """Match each treated person to the nearest comparison people."""
    raise NotImplementedError
