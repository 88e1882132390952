"""Radius matching: every comparison person within a caliper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.matching.checks import (
    distances,
    is_treated,
    refuse_caliper,
    refuse_no_match,
    strata_of,
)
from justice_analysis.models.matching.matched import NONE, Matched, no_pairs, scaled_to_people
from justice_analysis.models.matching.sorted_scores import SortedScores, first_not, sort_scores

if TYPE_CHECKING:
    import pandas as pd


def radius(
    treated: ArrayLike,
    distance: ArrayLike,
    *,
    caliper: float,
    strata: ArrayLike | pd.DataFrame | None = None,
) -> Matched:
    """Match each treated person to every comparison person within the caliper.

    Parameters
    ----------
    treated
        Whether each person was treated, shape (n,). Grain: one row per person.
    distance
        Such as a propensity score, shape (n,).
    caliper
        Largest distance, included, in units of the distance (see `caliper_width`).
    strata
        Labels, or a data frame with one column per characteristic that must be the same.

    Returns
    -------
    Matched
        A comparison person's weight is the sum of 1/k over the treated within reach, k the
        comparison people within reach of each, scaled so that weights sum to people. No pairs,
        since there may be as many as treated times comparison people.

    Raises
    ------
    UsageError, OptionError
        If columns differ in length or hold missing values; if the caliper is not above 0.
    MetricError
        If everyone or no one was treated, or nobody is within reach of a treated person.

    Notes
    -----
    Comparison people within reach stand together in sorted order, so that only where they begin
    and end is found, and shares are added up along it: n log n. Dehejia and Wahba 2002.
    """
    flags = is_treated(treated)
    values = distances(distance, len(flags))
    codes = None if strata is None else strata_of(strata, len(flags))
    refuse_caliper(caliper)
    scores = sort_scores(flags, values, codes)
    begin, end = _reach(scores, caliper)
    has_match = end > begin
    refuse_no_match(int(has_match.sum()), len(begin), "within the caliper")
    weights = np.zeros(len(flags))
    weights[scores.comparison] = _shares(begin[has_match], end[has_match], len(scores.score))
    weights[scores.treated[has_match]] = 1.0
    exactly = ", exact within strata" if strata is not None else ""
    return Matched(
        treated=flags, weights=scaled_to_people(weights, flags), pairs=no_pairs(),
        stratum=np.full(len(flags), NONE, dtype=np.int64), dropped=scores.treated[~has_match],
        method=f"radius matching within a caliper of {caliper:.4g}{exactly}",
    )  # fmt: skip


def _reach(scores: SortedScores, caliper: float) -> tuple[Whole, Whole]:
    """First comparison person within reach of each treated person, and the one after the last."""
    score, value = scores.score, scores.value
    begin = first_not(lambda at: value - score[at] > caliper, scores.low, scores.place)
    end = first_not(lambda at: score[at] - value <= caliper, scores.place, scores.high)
    return begin, end


def _shares(begin: Whole, end: Whole, people: int) -> Real:
    """For each comparison person, the sum of 1/k over the treated whose reach covers them."""
    share = 1.0 / (end - begin)
    steps = np.bincount(begin, share, people + 1) - np.bincount(end, share, people + 1)
    reached = np.bincount(begin, minlength=people + 1) - np.bincount(end, minlength=people + 1)
    # Sums of steps leave rounding where nobody reaches: counts say where that is.
    return np.where(np.cumsum(reached) > 0, np.cumsum(steps), 0.0)[:people]
