"""Relative rate indices of groups, with both intervals and bounds for those not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import UsageError
from justice_analysis.models.counts import Real
from justice_analysis.models.curves import over
from justice_analysis.models.ratios import rate_ratio


@dataclass(frozen=True, eq=False)
class RelativeRates:
    """Rates of groups over that of a reference group; arrays have one element a group.

    Attributes
    ----------
    index, lower, upper
        The ratio and Wald's interval on the log scale; the reference group's own are 1.
    exact_lower, exact_upper
        The exact conditional interval.
    least, greatest
        Bounds of the ratio over every way of allocating those whose group is not known to the
        group and the reference group; the ratio itself where there are none.
    """

    index: Real
    lower: Real
    upper: Real
    exact_lower: Real
    exact_upper: Real
    least: Real
    greatest: Real


def relative_rates(
    events: ArrayLike, people: ArrayLike, *, reference: int, unknown: int | None = None
) -> RelativeRates:
    """Compare each group with a reference group.

    Parameters
    ----------
    events, people
        Those with the outcome and those who could have had it, shape (groups,). A group whose
        counts are missing (nan) has no ratio; where the reference's are missing, none has.
    reference, unknown
        Places of the reference group and of those whose group is not known.

    Returns
    -------
    RelativeRates
        Missing (nan) where a ratio has no value: no people, or no events in the reference group.

    Raises
    ------
    UsageError
        If the places are one, or not among the groups.

    Notes
    -----
    The least ratio has everyone not known with the outcome in the reference group and the others
    in the group; the greatest the other way round. No allocation leads further, as the ratio
    rises in the group's events and falls in its people without them, and the reverse for the
    reference group. The bounds are sharp for one group at a time.
    """
    a, n = (np.asarray(column, dtype=np.float64) for column in (events, people))
    places = [place for place in (reference, unknown) if place is not None]
    if len(set(places)) < len(places) or any(not 0 <= place < len(a) for place in places):
        raise UsageError("the reference group and those not known must be two of the groups.")
    able = np.isfinite(a) & np.isfinite(n)
    if not able[reference]:
        return RelativeRates(*(np.full(len(a), np.nan) for _ in range(7)))
    base = np.full(able.sum(), a[reference]), np.full(able.sum(), n[reference])
    wald = rate_ratio(a[able], n[able], *base)
    exact = rate_ratio(a[able], n[able], *base, method="exact")
    columns = [wald.estimate, wald.lower, wald.upper, exact.lower, exact.upper]
    columns += _bounds(a, n, reference, unknown, able)
    made = [np.full(len(a), np.nan) for _ in columns]
    for column, values in zip(made, columns, strict=True):
        column[able] = values
        column[reference] = 1.0
    return RelativeRates(*made)


def _bounds(
    a: Real, n: Real, reference: int, unknown: int | None, able: NDArray[np.bool_]
) -> tuple[Real, Real]:
    """Ratios if those not known were allocated as far one way, and the other, as can be."""
    lost = unknown is not None
    yes = a[unknown] if lost else 0.0
    no = n[unknown] - a[unknown] if lost else 0.0
    least = _ratio(a, n + no, a[reference] + yes, n[reference] + yes)[able]
    greatest = _ratio(a + yes, n + yes, a[reference], n[reference] + no)[able]
    if lost and not able[unknown]:
        return np.full_like(least, np.nan), np.full_like(greatest, np.nan)
    if unknown is not None:
        place = int(able[:unknown].sum())
        own = _ratio(a, n, a[reference], n[reference])[able][place]
        least[place] = greatest[place] = own  # they are no group to allocate them to
    return least, greatest


def _ratio(a: Real, n: Real, b: Real, m: Real) -> Real:
    found = over(a, n) * over(m, b)
    return np.where((n > 0) & (m > 0) & (b > 0), found, np.nan)
