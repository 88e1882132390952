"""Where a case stood among the cases that entered in the same quarter: 0 typical, higher slower.

Scores allow for open cases: an ended case has the normal score of its place among all by the
Kaplan-Meier curve of its quarter; an open one the mean score of the places it may still take
(van der Waerden's scores for censored data; Prentice 1978, Biometrika).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from justice_analysis import models

Real = NDArray[np.float64]
LIMIT = 8.0
Z_95 = 1.959964


@dataclass(frozen=True)
class Reference:
    """Kaplan-Meier curve of the cases of one quarter, as steps."""

    day: Real
    survival: Real

    def before_and_after(self, days: Real) -> tuple[Real, Real]:
        """Share still waiting just before, and at the end of, each day."""
        padded = np.concatenate([[1.0], self.survival])
        return (
            padded[np.searchsorted(self.day, days, side="left")],
            padded[np.searchsorted(self.day, days, side="right")],
        )


def references(counts: pd.DataFrame) -> dict[object, Reference]:
    """Curve of each quarter.

    Parameters
    ----------
    counts
        One row per `quarter`, `day` and `has_left` (and place): `cases`.
    """
    return {quarter: _reference(rows) for quarter, rows in counts.groupby("quarter")}


def _reference(rows: pd.DataFrame) -> Reference:
    left = rows["cases"].where(rows["has_left"], 0)
    counted = models.daily_counts(
        rows["day"].to_numpy(), left.to_numpy(), (rows["cases"] - left).to_numpy()
    )
    curve = models.kaplan_meier(counted)
    return Reference(curve.time.astype(np.float64), curve.survival)


def scores(
    counts: pd.DataFrame, curves: dict[object, Reference], *, divide_by: float = 1.0
) -> Real:
    """Normal score of each row's cases among those of their quarter, shape (rows,).

    Parameters
    ----------
    divide_by
        Divides the waits first: by how much they were longer.
    """
    found = np.zeros(len(counts))
    quarter = counts["quarter"].to_numpy()
    day = counts["day"].to_numpy(dtype=np.float64) / divide_by
    has_left = counts["has_left"].to_numpy(dtype=bool)
    for name, curve in curves.items():
        rows = np.flatnonzero(quarter == name)
        found[rows] = _scored(curve, day[rows], has_left[rows])
    return found


def _scored(curve: Reference, day: Real, has_left: NDArray[np.bool_]) -> Real:
    from scipy.special import ndtri

    before, after = curve.before_and_after(day)
    least = np.exp(-0.5 * LIMIT**2)
    middle = np.clip((before + after) / 2, least, 1 - least)
    still = np.clip(after, least, 1.0)
    ended = -ndtri(middle)
    cut = -ndtri(np.clip(still, least, 1 - 1e-16))
    density = np.where(after >= 1.0, 0.0, np.exp(-(cut**2) / 2) / np.sqrt(2 * np.pi))
    return np.asarray(np.where(has_left, ended, density / still))


@dataclass(frozen=True)
class Ratio:
    """How many times longer waits were, with its 95% interval; missing where it can't be told."""

    estimate: float
    lower: float
    upper: float


def wait_ratio(
    inside: pd.DataFrame, curves: dict[object, Reference], usual: float, error: float
) -> Ratio:
    """By what the waits must be divided for a place's cases to stand where they usually stand.

    Parameters
    ----------
    inside
        Counts of the place in the stretch, as in `references`.
    curves
        Of the other places' cases, by quarter.
    usual, error
        The place's mean score outside the stretch, and the standard error of the difference.

    Notes
    -----
    The rank estimator of an accelerated failure time model (Louis 1981, Biometrika); the limits
    are the ratios whose difference from the usual is 1.96 standard errors.
    """
    weight = inside["cases"].to_numpy(dtype=np.float64)

    def excess(log_ratio: float) -> float:
        found = scores(inside, curves, divide_by=float(np.exp(log_ratio)))
        return float(np.average(found, weights=weight)) - usual

    return Ratio(_solve(excess, 0.0), _solve(excess, Z_95 * error), _solve(excess, -Z_95 * error))


def _solve(excess: Callable[[float], float], target: float) -> float:
    """The ratio at which the excess falls to the target; missing where none from 1/20 to 20 is."""
    low, high = -np.log(20.0), np.log(20.0)
    if not excess(low) >= target >= excess(high):
        return float("nan")
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > target else (low, middle)
    return float(np.exp((low + high) / 2))
