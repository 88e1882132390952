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


def sort_scores(treated: NDArray[np.bool_], distance: Real, strata: Whole) -> SortedScores:
    """Sort everyone once; people of one score stay in the order of the data."""
    order = np.lexsort((distance, strata)) if strata.any() else np.argsort(distance, kind="stable")
    is_comparison = ~treated[order]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum(is_comparison) - is_comparison
    people = np.bincount(strata[~treated], minlength=int(strata.max()) + 1)
    ends = np.cumsum(people)
    comparison, positions = order[is_comparison], np.flatnonzero(treated)
    own = strata[positions]
    return SortedScores(
        comparison=comparison, score=distance[comparison], treated=positions,
        value=distance[positions], place=place[positions], low=(ends - people)[own],
        high=ends[own],
    )  # fmt: skip


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
