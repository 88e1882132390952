"""What every curve over time has in common, and its values at chosen days."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import OptionError
from justice_analysis.models.counts import Counts, Real, Whole


@dataclass(frozen=True, eq=False)
class Curve:
    """A step function over days, constant from one day of `counts` to the next.

    Attributes
    ----------
    counts
        What it was estimated from.
    estimate, variance, lower, upper
        Value after the events of each day, its variance and interval: shape (k,), or
        (k, causes) for cumulative incidence.
    level
        Level of the interval, such as 0.95.
    """

    counts: Counts
    estimate: Real
    variance: Real
    lower: Real
    upper: Real
    level: float

    start_value: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        for column in (self.estimate, self.variance, self.lower, self.upper):
            assert np.isfinite(column).all(), "an estimator left a value undefined"
            column.setflags(write=False)

    @property
    def time(self) -> Whole:
        """Days, shape (k,)."""
        return self.counts.time

    @property
    def at_risk(self) -> Whole:
        """People observed just before each day's events, shape (k,)."""
        return self.counts.at_risk

    @property
    def standard_error(self) -> Real:
        """Square root of the variance."""
        return np.sqrt(self.variance)

    @property
    def _events(self) -> Whole:
        """Events that the estimate counts, in the estimate's shape."""
        return self.counts.events if self.estimate.ndim == 2 else self.counts.all_events


@dataclass(frozen=True, eq=False)
class Estimates:
    """A curve read at chosen days; grain is one row per day asked for.

    Attributes
    ----------
    time
        The days asked for, shape (t,).
    estimate, variance, lower, upper
        As in the curve; missing (nan) only where `is_observed` is false.
    at_risk
        People observed just before the day's events.
    cumulative_events
        People with an event up to and including the day, in the estimate's shape.
    people
        People ever observed.
    is_observed
        Whether follow-up reaches the day.
    """

    time: Whole
    estimate: Real
    variance: Real
    lower: Real
    upper: Real
    at_risk: Whole
    cumulative_events: Whole
    people: int
    is_observed: np.ndarray


def at_times(
    curve: Curve, times: ArrayLike, *, beyond: Literal["refuse", "missing"] = "refuse"
) -> Estimates:
    """Read a curve at chosen days: the value after the events of each day.

    Parameters
    ----------
    curve
        Any curve of this package.
    times
        Whole days, shape (t,), in any order.
    beyond
        A day is beyond follow-up when it is after the last day on which anyone left, unless
        no one was then left to follow. "refuse" raises; "missing" leaves those rows empty and
        says so in `is_observed`.

    Raises
    ------
    OptionError
        If a day is below 0, or is beyond follow-up and `beyond` is "refuse".
    """
    days = np.atleast_1d(np.asarray(times))
    observed = is_observed_on(curve, days)
    if (days < 0).any():
        raise OptionError(f"days to read a curve at must not be below 0: {(days < 0).sum()} are.")
    if beyond == "refuse" and not observed.all():
        raise OptionError(
            f"days to read a curve at must lie within follow-up: {(~observed).sum()} of "
            f'{len(days)} do not. Ask for earlier days, or pass beyond="missing".'
        )
    rows = np.searchsorted(curve.time, days, side="right")
    start = curve.start_value
    read = {
        name: _read(getattr(curve, name), rows, observed, 0.0 if name == "variance" else start)
        for name in ("estimate", "variance", "lower", "upper")
    }
    events = curve._events
    total = np.concatenate([np.zeros((1, *events.shape[1:]), np.int64), np.cumsum(events, axis=0)])
    at_risk = curve.counts.at_risk_on(days)
    people = curve.counts.people
    return Estimates(days, **read, at_risk=at_risk, cumulative_events=total[rows],
                     people=people, is_observed=observed)  # fmt: skip


def is_observed_on(curve: Curve, days: np.ndarray) -> np.ndarray:
    """Whether follow-up reaches each day: someone left on or after it, or no one was left."""
    last = curve.time[curve.counts.exits > 0][-1]
    everyone_had_it = curve.counts.censored.sum() == 0
    return np.asarray((days <= last) | everyone_had_it, dtype=bool)


def _read(column: Real, rows: Whole, observed: np.ndarray, start: float) -> Real:
    first = np.full((1, *column.shape[1:]), start)
    values = np.concatenate([first, column])[rows]
    values[~observed] = np.nan
    return values


def normal_quantile(level: float) -> float:
    """Two-sided normal quantile of an interval's level; refuses a level outside (0, 1)."""
    if not 0 < level < 1:
        raise OptionError("level must lie between 0 and 1, such as 0.95.")
    return NormalDist().inv_cdf(0.5 + level / 2)


def product_limit(events: Whole, at_risk: Whole) -> Real:
    """Running product of 1 - d/n over days (the first axis)."""
    return np.asarray(np.cumprod(1.0 - over(events, at_risk), axis=0), dtype=np.float64)


def over(numerator: ArrayLike, denominator: ArrayLike) -> Real:
    """Divide, giving 0 where the denominator is 0."""
    below = np.asarray(denominator, dtype=np.float64)
    above = np.broadcast_to(np.asarray(numerator, dtype=np.float64), below.shape)
    return np.divide(above, below, out=np.zeros_like(below), where=below != 0)
