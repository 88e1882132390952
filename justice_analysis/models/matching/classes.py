"""Exact matching and subclassification: people weighted within classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from numpy.typing import ArrayLike

from justice_analysis.models.matching.matched import Matched

if TYPE_CHECKING:
    import pandas as pd

Estimand = Literal["att", "ate"]


def exact(treated: ArrayLike, strata: ArrayLike | pd.DataFrame) -> Matched:
    """Match people who are the same in every characteristic."""
    raise NotImplementedError


def subclasses(
    treated: ArrayLike, distance: ArrayLike, *, count: int = 6, estimand: Estimand = "att"
) -> Matched:
    """Cut people into classes by quantiles of the distance and weight them within."""
    raise NotImplementedError
