"""Kaplan-Meier survival and Nelson-Aalen cumulative hazard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from justice_analysis.errors import OptionError
from justice_analysis.models.counts import Counts, Real
from justice_analysis.models.curves import Curve, normal_quantile, over, product_limit

Confidence = Literal["log-log", "log", "plain"]


@dataclass(frozen=True, eq=False)
class SurvivalCurve(Curve):
    """Share of people still without the event, by day."""

    start_value: ClassVar[float] = 1.0

    @property
    def survival(self) -> Real:
        """Share still without the event after each day, shape (k,)."""
        return self.estimate


@dataclass(frozen=True, eq=False)
class HazardCurve(Curve):
    """Cumulative hazard by day."""

    @property
    def cumulative_hazard(self) -> Real:
        """Cumulative hazard after each day, shape (k,)."""
        return self.estimate


def kaplan_meier(
    counts: Counts, *, confidence: Confidence = "log-log", level: float = 0.95
) -> SurvivalCurve:
    """Share of people still without the event, by day, after Kaplan and Meier (1958).

    Parameters
    ----------
    counts
        One row per day, n people at risk and d events (of any cause) on it.
    confidence
        Scale of the interval: "log-log" stays within 0 and 1, "log" and "plain" are cut there.
    level
        Level of the pointwise interval.

    Returns
    -------
    SurvivalCurve
        S(t) = product over days s <= t of 1 - d/n, with Greenwood's variance
        S(t)^2 times the sum of d / (n (n - d)).

    Notes
    -----
    Events come before censorings, and exits before entries, on the same day. Until the first
    event S is 1 and so are both limits. Once S is 0 it has no variance (0 is given), and the
    interval runs from 0 to the last upper limit, since S can't have risen; R leaves both empty.
    With late entry, S stays at 0 if everyone then at risk has the event on one early day:
    look at `at_risk` first.
    """
    at_risk, events = counts.at_risk, counts.all_events
    survival = product_limit(events, at_risk)
    greenwood = np.cumsum(over(events, at_risk * (at_risk - events).astype(np.float64)))
    lower, upper = survival_limits(survival, greenwood, confidence=confidence, level=level)
    return SurvivalCurve(counts, survival, survival**2 * greenwood, lower, upper, level)


def nelson_aalen(
    counts: Counts, *, confidence: Literal["log", "plain"] = "log", level: float = 0.95
) -> HazardCurve:
    """Cumulative hazard of the event (of any cause), by day.

    Parameters
    ----------
    counts
        As in `kaplan_meier`.
    confidence
        "log": H exp(+-z se / H), which is the log-log scale of exp(-H). "plain": H +- z se, cut
        at 0, which is the log scale of exp(-H).
    level
        Level of the pointwise interval.

    Returns
    -------
    HazardCurve
        H(t) = sum over days s <= t of d/n, with variance the sum of d/n^2 (Aalen's, as in R's
        survfit). Both limits are 0 until the first event. Ties as in `kaplan_meier`.
    """
    at_risk = counts.at_risk.astype(np.float64)
    hazard = np.cumsum(over(counts.all_events, at_risk))
    variance = np.cumsum(over(counts.all_events, at_risk**2))
    margin = normal_quantile(level) * np.sqrt(variance)
    if confidence == "log":
        spread = np.exp(over(margin, hazard))
        lower, upper = hazard / spread, hazard * spread
    elif confidence == "plain":
        lower, upper = np.maximum(hazard - margin, 0.0), hazard + margin
    else:
        raise OptionError('confidence must be "log" or "plain".')
    return HazardCurve(counts, hazard, variance, lower, upper, level)


def survival_limits(
    survival: Real, greenwood: Real, *, confidence: Confidence, level: float
) -> tuple[Real, Real]:
    """Pointwise limits of a survival curve from Greenwood's sum; both of shape (k,)."""
    z = normal_quantile(level)
    half_width = z * np.sqrt(greenwood)
    if confidence == "log-log":
        lower, upper = log_log_limits(survival, survival * half_width)
    elif confidence == "log":
        lower, upper = survival * np.exp(-half_width), survival * np.exp(half_width)
    elif confidence == "plain":
        lower, upper = survival * (1 - half_width), survival * (1 + half_width)
    else:
        raise OptionError('confidence must be "log-log", "log" or "plain".')
    lower, upper = np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)
    return np.where(survival == 0, 0.0, lower), _hold_last_upper(upper, survival == 0)


def log_log_limits(share: Real, half_width: Real) -> tuple[Real, Real]:
    """Limits share^exp(+-half_width / (share log share)); a share of 0 or 1 is its own limits."""
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    factor = np.exp(half_width / -(safe * np.log(safe)))
    return np.where(inside, safe**factor, share), np.where(inside, safe ** (1 / factor), share)


def _hold_last_upper(upper: Real, is_zero: np.ndarray) -> Real:
    if not is_zero.any():
        return upper
    first = int(np.argmax(is_zero))
    return np.where(is_zero, upper[first - 1] if first else 1.0, upper)
