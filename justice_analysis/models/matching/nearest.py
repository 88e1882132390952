"""Nearest neighbours on a score: greedy, with or without replacement, within a caliper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.matching.checks import (
    distances,
    is_treated,
    refuse_caliper,
    refuse_no_match,
    strata_of,
)
from justice_analysis.models.matching.greedy import closest_first, in_turn, with_replacement
from justice_analysis.models.matching.matched import NONE, Matched, scaled_to_people
from justice_analysis.models.matching.sorted_scores import SortedScores, sort_scores

if TYPE_CHECKING:
    import pandas as pd

Order = Literal["largest", "smallest", "closest", "data", "random"]


def caliper_width(
    distance: ArrayLike, treated: ArrayLike, *, standard_deviations: float = 0.2
) -> float:
    """Width of a caliper given in standard deviations of the distance.

    Parameters
    ----------
    distance
        Such as a propensity score or its log odds, shape (n,).
    treated
        Whether each person was treated, shape (n,).
    standard_deviations
        How many, above 0.

    Returns
    -------
    float
        In units of the distance; the deviation is that of everyone, treated or not (n - 1 in its
        denominator), as in MatchIt 4.7.

    Raises
    ------
    UsageError, MetricError, OptionError
        If a distance is missing, everyone or no one was treated, the distance is the same for
        everyone, or the number of deviations is not above 0.
    """
    refuse_caliper(standard_deviations)
    flags = is_treated(treated)
    deviation = float(np.std(distances(distance, len(flags)), ddof=1))
    if deviation == 0:
        raise MetricError(
            "a caliper in standard deviations needs a distance that differs between people: "
            "it is the same for everyone. Check the covariates of the propensity score."
        )
    return standard_deviations * deviation


def nearest_neighbours(
    treated: ArrayLike,
    distance: ArrayLike,
    *,
    ratio: int = 1,
    replace: bool = False,
    caliper: float | None = None,
    order: Order = "largest",
    strata: ArrayLike | pd.DataFrame | None = None,
    seed: int = 0,
) -> Matched:
    """Match each treated person to the nearest comparison people, one after another.

    Parameters
    ----------
    treated
        Whether each person was treated, shape (n,). Grain: one row per person.
    distance
        Such as a propensity score or its log odds, shape (n,).
    ratio
        Comparison people for each treated person: the first is found for all of the treated, then
        the second, and so on. Who finds fewer keeps those.
    replace
        Whether a comparison person may stand beside several treated people.
    caliper
        Largest distance of a pair, included, in units of the distance (see `caliper_width`);
        `None` sets no limit.
    order
        Who chooses first, without replacement: the treated person with the largest or smallest
        distance, the closest pair of all, the order of the data, or a random one.
    strata
        Labels, or a data frame with one column per characteristic: pairs are the same in each.
    seed
        Of the random order.

    Returns
    -------
    Matched
        Weights for the effect on the treated who found a match; `dropped` holds the others.

    Raises
    ------
    UsageError
        If columns differ in length or hold missing values.
    OptionError
        If the caliper is not above 0, the order is not known, or the ratio is not a whole number
        from 1 to the number of comparison people.
    MetricError
        If everyone or no one was treated, or no treated person finds a match.

    Notes
    -----
    The conventions of MatchIt 4.7 (Ho, Imai, King and Stuart 2011): its orders, and within one
    score the order of the data; a comparison person's weight is the sum of 1/k over the treated
    they stand beside, k the matches of each, scaled so that weights sum to people. Of two at the
    same distance on either side the one with the lower distance is taken. People are sorted once
    and searches follow pointers past those taken: n log n, except that `closest` looks again for
    everyone who lost a comparison person to another.
    """
    flags = is_treated(treated)
    values = distances(distance, len(flags))
    codes = None if strata is None else strata_of(strata, len(flags))
    refuse_caliper(caliper)
    _refuse_options(ratio, order, len(flags) - int(flags.sum()))
    scores = sort_scores(flags, values, codes)
    if replace:
        places = with_replacement(scores, ratio=ratio, caliper=caliper)
    elif order == "closest":
        places = closest_first(scores, ratio=ratio, caliper=caliper)
    else:
        turns = _turns(scores.value, order, seed)
        places = in_turn(scores, turns, ratio=ratio, caliper=caliper)
    where = ("within the caliper" * (caliper is not None), "in the stratum" * (strata is not None))
    refuse_no_match(
        int((places[:, 0] >= 0).sum()), len(places), " and ".join(filter(None, where)) or "left"
    )
    words = _words(ratio, replace, caliper, order, strata is not None)
    return _matched(flags, scores, places, replace, words)


def _turns(value: Real, order: str, seed: int) -> Whole:
    if order == "largest":
        return np.argsort(-value, kind="stable")
    if order == "smallest":
        return np.argsort(value, kind="stable")
    if order == "random":
        return np.random.default_rng(seed).permutation(len(value))
    return np.arange(len(value))


def _matched(
    treated: NDArray[np.bool_], scores: SortedScores, places: Whole, replace: bool, words: str
) -> Matched:
    who, _ = np.nonzero(places >= 0)
    comparison = scores.comparison[places[places >= 0]]
    number = np.bincount(who, minlength=len(places))
    weights = np.zeros(len(treated))
    np.add.at(weights, comparison, 1.0 / number[who])
    has_match = number > 0
    weights[scores.treated[has_match]] = 1.0
    stratum = np.full(len(treated), NONE, dtype=np.int64)
    if not replace:
        sets = np.cumsum(has_match) - 1
        stratum[scores.treated[has_match]] = sets[has_match]
        stratum[comparison] = sets[who]
    return Matched(
        treated=treated, weights=scaled_to_people(weights, treated),
        pairs=np.column_stack([scores.treated[who], comparison]), stratum=stratum,
        dropped=scores.treated[~has_match], method=words,
    )  # fmt: skip


def _words(ratio: int, replace: bool, caliper: float | None, order: str, has_strata: bool) -> str:
    people = "person" if ratio == 1 else "people"
    turns = {
        "largest": "largest distance first", "smallest": "smallest distance first",
        "closest": "closest pair first", "data": "in the order of the data",
        "random": "in random order",
    }  # fmt: skip
    said = [
        f"nearest neighbour, {ratio} comparison {people} for each treated person",
        "with replacement" if replace else f"without replacement, {turns[order]}",
    ]
    said += [f"within a caliper of {caliper:.4g}"] if caliper is not None else []
    said += ["exact within strata"] if has_strata else []
    return ", ".join(said)


def _refuse_options(ratio: int, order: str, comparison: int) -> None:
    if order not in get_args(Order):
        raise OptionError(f"order must be one of {', '.join(get_args(Order))}: it is not.")
    if isinstance(ratio, bool) or not isinstance(ratio, (int, np.integer)) or ratio < 1:
        raise OptionError("ratio must be a whole number from 1: it is not.")
    if ratio > comparison:
        raise OptionError(
            f"ratio must not be above the number of comparison people: {ratio:,} are asked for "
            f"each treated person, and there are {comparison:,}. Lower it, or widen the pool."
        )
