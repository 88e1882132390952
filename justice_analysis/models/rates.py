"""Rates of events, and rates standardised to another population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import MetricError, OptionError, UsageError, listed
from justice_analysis.models.counts import Real
from justice_analysis.models.intervals import Interval, byar, poisson_exact

Method = Literal["exact", "byar"]


@dataclass(frozen=True)
class Standardised:
    """A standardised rate or ratio.

    Attributes
    ----------
    estimate, lower, upper
        Per `per` of exposure; for a ratio, observed over expected.
    crude
        Events over exposure, per `per`.
    events, exposure, expected
        Sums over strata; `expected` is of the standard population's rates (ratios alone).
    method, level
        How the interval was made.
    """

    estimate: float
    lower: float
    upper: float
    crude: float
    events: int
    exposure: float
    expected: float | None
    method: str
    level: float


def rate(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    per: float = 1.0,
    method: Method = "exact",
    level: float = 0.95,
) -> Interval:
    """Events per unit of exposure.

    Parameters
    ----------
    events, exposure
        Whole events, and the people or person-time they arose from, above 0.
    per
        Exposure of one unit of the rate, such as 1000.
    method
        "exact" (Garwood) or "byar" (the conventional form, near the exact one).
    """
    return _poisson(events, np.asarray(exposure, dtype=np.float64) / per, method, level)


def directly_standardised(
    events: ArrayLike,
    exposure: ArrayLike,
    standard: ArrayLike,
    *,
    per: float = 1.0,
    method: Method = "byar",
    level: float = 0.95,
) -> Standardised:
    """Rate that a standard population would have at each stratum's own rate.

    Parameters
    ----------
    events, exposure
        One element per stratum (age band and sex, say), shape (strata,).
    standard
        The standard population's people in each stratum; a stratum with none there has no part.
    per, method, level
        As in `rate`; the method is for the limits of the number of events.

    Returns
    -------
    Standardised
        R = sum of w x / n over the sum of w, with Dobson's limits (1991): R plus
        sqrt(Var(R) / x) times (limit of x - x), where x is all events.

    Raises
    ------
    MetricError
        If a stratum of the standard population has no exposure, or there are no events: an
        interval then has no value.

    Notes
    -----
    Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10, 457-462.
    """
    x, n, w = _strata(events, exposure, standard, ("events", "exposure", "standard"))
    without = int(((n <= 0) & (w > 0)).sum())
    if without:
        raise MetricError(
            f"a directly standardised rate needs exposure in every stratum of the standard "
            f"population: {without:,} of {len(w):,} have none. Join strata."
        )
    weight = np.divide(w, n, out=np.zeros_like(w), where=w > 0) / w.sum()
    counted = np.where(w > 0, x, 0.0)
    total = counted.sum()
    if total == 0:
        raise MetricError(
            "a directly standardised rate needs events: there are none in the strata of the "
            "standard population. Give the crude rate, whose interval has a value."
        )
    estimate, variance = (weight * counted).sum(), (weight**2 * counted).sum()
    limits = _poisson(total, 1.0, method, level)
    scale = np.sqrt(variance / total)
    lower, upper = (estimate + scale * (limit - total) for limit in (limits.lower, limits.upper))
    return Standardised(
        float(estimate * per), float(max(lower, 0.0) * per), float(upper * per),
        float(counted.sum() / n[w > 0].sum() * per), int(total), float(n[w > 0].sum()), None,
        f"dobson, {method}", level,
    )  # fmt: skip


def indirectly_standardised(
    events: ArrayLike,
    exposure: ArrayLike,
    standard_rates: ArrayLike,
    *,
    method: Method = "exact",
    level: float = 0.95,
) -> Standardised:
    """Observed events over those expected at a standard population's rates.

    Parameters
    ----------
    events, exposure
        One element per stratum, shape (strata,).
    standard_rates
        Rate of the standard population in each stratum, per unit of `exposure`; taken as known.
    method, level
        As in `rate`.

    Returns
    -------
    Standardised
        A ratio (1: as expected), with the limits of observed events over expected ones.

    Raises
    ------
    MetricError
        If none are expected.
    """
    names = ("events", "exposure", "standard_rates")
    x, n, standard = _strata(events, exposure, standard_rates, names)
    expected = float((n * standard).sum())
    if expected <= 0:
        raise MetricError(
            "a standardised ratio needs expected events: at the standard rates there are none."
        )
    found = _poisson(x.sum(), expected, method, level)
    crude = float(x.sum() / n.sum())
    return Standardised(
        float(found.estimate), float(found.lower), float(found.upper), crude, int(x.sum()),
        float(n.sum()), expected, method, level,
    )  # fmt: skip


def _poisson(events: ArrayLike, exposure: ArrayLike, method: Method, level: float) -> Interval:
    if method == "exact":
        return poisson_exact(events, exposure, level=level)
    if method == "byar":
        return byar(events, exposure, level=level, form="conventional")
    raise OptionError('method must be "exact" or "byar".')


def _strata(
    events: ArrayLike, exposure: ArrayLike, third: ArrayLike, names: tuple[str, str, str]
) -> tuple[Real, Real, Real]:
    columns = [np.atleast_1d(np.asarray(c, dtype=np.float64)) for c in (events, exposure, third)]
    if len({column.shape for column in columns}) != 1 or columns[0].size == 0:
        raise UsageError(f"{', '.join(names)} must hold one number for each stratum.")
    problems = []
    for name, column in zip(names, columns, strict=True):
        bad = ~np.isfinite(column) | (column < 0)
        if name == "events":
            bad |= column != np.floor(column)
        if bad.any():
            whole = "whole and " if name == "events" else ""
            problems.append(f"{name} must be {whole}at least 0: {int(bad.sum()):,} are not.")
    stranded = (columns[1] == 0) & (columns[0] > 0)
    if stranded.any():
        problems.append(f"events need exposure: {int(stranded.sum()):,} strata have none.")
    if not problems and columns[2].sum() == 0:
        problems.append(f"{names[2]} must be above 0 somewhere: it is nowhere.")
    if problems:
        raise UsageError(listed(problems))
    return columns[0], columns[1], columns[2]
