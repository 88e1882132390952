"""People sorted by a score within strata: where each treated person stands among the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.models.counts import Real, Whole


@dataclass(frozen=True, eq=False)
class SortedScores:
    """Comparison people by stratum, then score, then position; the treated by position.

    Attributes
    ----------
    comparison, score
        Positions of comparison people and their scores, shape (comparison people,).
    treated, value
        Positions of the treated and their scores, shape (treated people,).
    place
        Comparison people sorted before each treated person.
    low, high
        First comparison person of the treated person's stratum, and the one after its last.
    """

    comparison: Whole
    score: Real
    treated: Whole
    value: Real
    place: Whole
    low: Whole
    high: Whole


def sort_scores(treated: NDArray[np.bool_], distance: Real, strata: Whole | None) -> SortedScores:
    """Sort everyone once; people of one score stay in the order of the data."""
    order = _stable_order(distance, strata)
    is_comparison = ~treated[order]
    comparison, ours = order[is_comparison], order[~is_comparison]
    before = np.flatnonzero(~is_comparison) - np.arange(len(ours))
    by_position = np.argsort(ours)
    positions = ours[by_position]
    low, high = _bounds(treated, positions, strata)
    return SortedScores(
        comparison=comparison, score=distance[comparison], treated=positions,
        value=distance[positions], place=before[by_position], low=low, high=high,
    )  # fmt: skip


def _bounds(
    treated: NDArray[np.bool_], positions: Whole, strata: Whole | None
) -> tuple[Whole, Whole]:
    """Where the comparison people of each treated person's stratum begin and end."""
    if strata is None:
        number = len(treated) - len(positions)
        return np.zeros(len(positions), dtype=np.int64), np.full(len(positions), number)
    people = np.bincount(strata[~treated], minlength=int(strata.max()) + 1)
    ends = np.cumsum(people)
    own = strata[positions]
    return (ends - people)[own], ends[own]


def _stable_order(distance: Real, strata: Whole | None) -> Whole:
    """Positions by stratum, then distance, then position.

    NumPy sorts numbers several times faster than it sorts stably, so order among equals is part
    of the number that is sorted.
    """
    people = len(distance)
    order = np.argsort(distance)
    ordered = distance[order]
    is_new = ordered[1:] != ordered[:-1]
    if not is_new.all():
        run = np.concatenate([[0], np.cumsum(is_new)])
        order = np.sort(run * people + order) % people
    if strata is not None:
        order = order[np.sort(strata[order] * people + np.arange(people)) % people]
    return order


def first_not(holds: Callable[[Whole], NDArray[np.bool_]], low: Whole, high: Whole) -> Whole:
    """First position from `low` on where a condition no longer holds; `high` if there is none.

    All positions are halved at once; the condition must hold up to some position and not after.
    """
    low, high = low.copy(), high.copy()
    while (is_open := low < high).any():
        middle = (low + high) // 2
        # Where the search is over, any position will do: its answer is not used.
        goes_on = holds(np.minimum(middle, np.maximum(high - 1, 0))) & is_open
        low = np.where(goes_on, middle + 1, low)
        high = np.where(is_open & ~goes_on, middle, high)
    return low
