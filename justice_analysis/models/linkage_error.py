"""What missed and false links do to a share, a rate or survival, and how far that can be undone.

Numbers in, numbers out, for one stratum at a time; derived in `book/linkage-error.md`, whose
symbols are used here. A missed link (chance m) hides a person's further case and makes it look
like the first case of somebody new; a false link (chance f) gives a person without a further
case a stranger's. Survival at t is a share: q is one minus Kaplan-Meier at t.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import UsageError, listed
from justice_analysis.models.counts import Real

Range = tuple[float, float]
NONE: Range = (0.0, 0.0)
ANY: Range = (0.0, 1.0)
ROUNDING = 1e-12


@dataclass(frozen=True)
class Bounds:
    """The values that the truth can have.

    Attributes
    ----------
    lower, upper
        Least and greatest; both are meaningless where `is_possible` is false.
    is_possible
        Whether any rates within their ranges could have given what was observed.
    """

    lower: float
    upper: float
    is_possible: bool

    def holds(self, value: float) -> bool:
        """Whether a value lies within the bounds, ends included."""
        return self.is_possible and self.lower - 1e-9 <= value <= self.upper + 1e-9


def observed_share(
    true: ArrayLike,
    *,
    missed: ArrayLike,
    false: ArrayLike,
    false_firsts: ArrayLike = 0.0,
    again: ArrayLike = 0.0,
) -> Real:
    """Share seen to return, given the true one (equation 2).

    Parameters
    ----------
    true
        p, the share of people with a true first case who have a further case by t.
    missed, false
        m, the chance that a further case is not joined to the person's earlier ones; and f, that
        a person without one joined is given a stranger's by t.
    false_firsts
        c, the share of the people counted whose first case is truly a further one.
    again
        p2, the share of those who have yet another case by t.
    """
    p, m, f, c, p2 = _chances(
        true=true, missed=missed, false=false, false_firsts=false_firsts, again=again
    )
    mixed = (1 - c) * p + c * p2
    return np.asarray(1 - (1 - f) * (1 - (1 - m) * mixed), dtype=np.float64)


def false_first_share(missed: ArrayLike, returns: ArrayLike) -> Real:
    """c, the share of the people counted whose first case is truly a further one (equation 3).

    Parameters
    ----------
    missed
        m.
    returns
        r, true further cases joined to their person that would pass the entry rules as a first
        case (in the window, after the look-back), per person counted.
    """
    m, r = np.broadcast_arrays(_one("missed", missed), np.asarray(returns, dtype=np.float64))
    if (r < 0).any() or not np.isfinite(r).all():
        raise UsageError("returns must be at least 0 and finite: some are not.")
    c = np.divide(m * r, 1 - m, out=np.full(m.shape, np.inf), where=m < 1)
    return np.asarray(np.where(r == 0, 0.0, c), dtype=np.float64)


def corrected_share(
    observed: ArrayLike,
    *,
    missed: ArrayLike,
    false: ArrayLike,
    returns: ArrayLike = 0.0,
    again: ArrayLike | None = None,
) -> Real:
    """True share, given the one observed (equation 4).

    Parameters
    ----------
    observed
        q: a plain share, or one minus survival at t.
    missed, false, returns
        m, f and r, as in `observed_share` and `false_first_share`.
    again
        p2; missing: taken to be the share itself, so that false first cases do not matter.

    Returns
    -------
    Array
        p, not cut to 0 and 1: a value outside says that these rates cannot have given q.

    Raises
    ------
    UsageError
        If a chance is outside 0 to 1, or m is so high that every person counted would be a
        false first case.
    """
    q, m, f = _chances(observed=observed, missed=missed, false=false)
    if (f >= 1).any() or (m >= 1).any():
        raise UsageError("missed and false must be below 1: nothing true is then seen.")
    seen = (q - f) / (1 - f)
    if again is None:
        return np.asarray(seen / (1 - m), dtype=np.float64)
    r = np.asarray(returns, dtype=np.float64)
    if (false_first_share(m, r) >= 1).any():
        raise UsageError("missed is too high: more false first cases than people counted.")
    return np.asarray((seen - m * r * _one("again", again)) / (1 - m * (1 + r)), dtype=np.float64)


def share_bounds(
    observed: float | Range,
    *,
    missed: Range,
    false: Range,
    returns: Range = NONE,
    again: Range = ANY,
) -> Bounds:
    """Sharp bounds of the true share, rates anywhere within their ranges (section 4).

    Parameters
    ----------
    observed
        q, or the ends of its confidence interval: the bounds then hold the truth at least as
        often as the interval holds q.
    missed, false, returns, again
        Least and greatest m, f, r and p2.
    """
    q = observed if isinstance(observed, tuple) else (observed, observed)
    _check_ranges(observed=q, missed=missed, false=false, returns=returns, again=again)

    def value(q: float, m: float, f: float, r: float, p2: float) -> float:
        return float(corrected_share(q, missed=m, false=f, returns=r, again=p2))

    return _over_corners(value, (q, missed, false, returns, again), at_most=1.0)


def corrected_rate(
    observed: ArrayLike, *, missed: ArrayLike, false: ArrayLike, false_time: ArrayLike = 0.0
) -> Real:
    """True rate of further cases per unit of person-time (equation 6).

    Parameters
    ----------
    observed
        Further cases seen per unit of time followed; all of them, not a person's first alone.
    false
        Strangers' cases taken for further ones, per unit of time followed.
    false_time
        y, the share of the time followed that is of false first cases.
    """
    m, y = _chances(missed=missed, false_time=false_time)
    if (m >= 1).any() or (y >= 1).any():
        raise UsageError("missed and false_time must be below 1: nothing true is then seen.")
    found = np.asarray(observed, dtype=np.float64) - np.asarray(false, dtype=np.float64)
    return np.asarray(found / ((1 - m) * (1 - y)), dtype=np.float64)


def rate_bounds(
    observed: float | Range, *, missed: Range, false: Range, false_time: Range = NONE
) -> Bounds:
    """Sharp bounds of the true rate, in the units of the one observed."""
    rate = observed if isinstance(observed, tuple) else (observed, observed)
    _check_ranges(missed=missed, false_time=false_time)

    def value(rate: float, m: float, f: float, y: float) -> float:
        return float(corrected_rate(rate, missed=m, false=f, false_time=y))

    return _over_corners(value, (rate, missed, false, false_time), at_most=np.inf)


def corrected_first_cases(
    first: ArrayLike, further: ArrayLike, *, missed: ArrayLike, false: ArrayLike
) -> Real:
    """True number of first cases, for a rate over a public denominator (equation 7).

    Parameters
    ----------
    first, further
        Cases counted as a person's first, and as further ones, in one window.
    missed
        m, the chance that a further case looks like a first one.
    false
        e, the chance that a first case is joined to a stranger with an earlier case.
    """
    m, e = _chances(missed=missed, false=false)
    if (m + e >= 1).any():
        raise UsageError("missed and false must sum to less than 1: links then say nothing.")
    n, b = np.asarray(first, dtype=np.float64), np.asarray(further, dtype=np.float64)
    return np.asarray((n - m * (n + b)) / (1 - m - e), dtype=np.float64)


def first_case_bounds(first: float, further: float, *, missed: Range, false: Range) -> Bounds:
    """Sharp bounds of the true number of first cases."""
    _check_ranges(missed=missed, false=false)

    def value(m: float, e: float) -> float:
        return float(corrected_first_cases(first, further, missed=m, false=e))

    return _over_corners(value, (missed, false), at_most=first + further)


def missed_rate_for(
    target: float, observed: float, *, false: float = 0.0, returns: float = 0.0, again: float = 0.0
) -> float | None:
    """The m at which the true share would be `target`; None where none from 0 to 1 does it."""
    seen = (observed - false) / (1 - false)
    slope = target * (1 + returns) - returns * again
    return _chance_or_none((target - seen) / slope if slope else np.nan)


def false_rate_for(
    target: float, observed: float, *, missed: float = 0.0, returns: float = 0.0, again: float = 0.0
) -> float | None:
    """The f at which the true share would be `target`; None where none from 0 to 1 does it."""
    seen = target * (1 - missed * (1 + returns)) + missed * returns * again
    return _chance_or_none((observed - seen) / (1 - seen) if seen < 1 else np.nan)


def false_by(time: ArrayLike, per_unit: float) -> Real:
    """f by t, where strangers' cases come at a constant rate per unit of time."""
    return np.asarray(-np.expm1(-per_unit * np.asarray(time, dtype=np.float64)), dtype=np.float64)


def false_rate_of(wrong_share: ArrayLike, observed: ArrayLike) -> Real:
    """f, where a report on links says which share of joined further cases is wrong."""
    a, q = _chances(wrong_share=wrong_share, observed=observed)
    if ((q == 1) & (a == 0)).any():
        raise UsageError("observed must be below 1: nobody is left to be given a stranger's case.")
    return np.asarray(a * q / (1 - q + a * q), dtype=np.float64)


def combined_share(
    shares: Sequence[float], counted: Sequence[float], false_firsts: Sequence[float] | float = 0.0
) -> float:
    """The share of all strata together: each weighs as many true first cases as it has.

    Parameters
    ----------
    shares, counted, false_firsts
        One a stratum: corrected share, people counted, and c.
    """
    weights = np.asarray(counted, dtype=np.float64) * (1 - np.asarray(false_firsts))
    if not weights.sum() > 0:
        raise UsageError("counted must hold people with a true first case: there are none.")
    return float(np.average(np.asarray(shares, dtype=np.float64), weights=weights))


def _over_corners(value: Callable[..., float], sides: Sequence[Range], *, at_most: float) -> Bounds:
    """Least and greatest value over a box: each is monotone in every side, so at a corner."""
    found = [value(*corner) for corner in itertools.product(*map(dict.fromkeys, sides))]
    low, high = min(found), max(found)
    is_possible = low <= at_most + ROUNDING and high >= -ROUNDING
    return Bounds(max(low, 0.0), min(high, at_most), is_possible)


def _chance_or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) and 0 <= value <= 1 else None


def _one(name: str, value: ArrayLike) -> Real:
    return _chances(**{name: value})[0]


def _chances(**given: ArrayLike) -> list[Real]:
    """Arrays of one shape; whatever is no chance is named, all at once."""
    arrays = np.broadcast_arrays(*[np.asarray(one, dtype=np.float64) for one in given.values()])
    problems = [
        f"{name} must lie between 0 and 1: {bad:,} do not."
        for name, one in zip(given, arrays, strict=True)
        if (bad := int((~((one >= 0) & (one <= 1))).sum()))
    ]
    if problems:
        raise UsageError(listed(problems))
    return list(arrays)


def _check_ranges(**given: Range) -> None:
    problems = [
        f"{name} must be a range, the least first: it is not."
        for name, (low, high) in given.items()
        if not low <= high
    ]
    if problems:
        raise UsageError(listed(problems))
