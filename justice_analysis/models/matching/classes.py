"""Exact matching and subclassification: people weighted within classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.matching.checks import (
    distances,
    is_treated,
    refuse_no_match,
    strata_of,
)
from justice_analysis.models.matching.matched import NONE, Matched, no_pairs, scaled_to_people

if TYPE_CHECKING:
    import pandas as pd

Estimand = Literal["att", "ate"]


def exact(treated: ArrayLike, strata: ArrayLike | pd.DataFrame) -> Matched:
    """Match people who are the same in every characteristic.

    Parameters
    ----------
    treated
        Whether each person was treated, shape (n,). Grain: one row per person.
    strata
        Labels, or a data frame with one column per characteristic.

    Returns
    -------
    Matched
        Weights for the effect on the treated: a comparison person counts as many treated people
        as there are to each comparison person of the stratum, scaled so that weights sum to
        people. The treated of a stratum without comparison people are `dropped`.

    Raises
    ------
    UsageError
        If columns differ in length or hold missing labels.
    MetricError
        If everyone or no one was treated, or no stratum holds both.
    """
    flags = is_treated(treated)
    return _within(flags, strata_of(strata, len(flags)), "att", "exact within strata")


def subclasses(
    treated: ArrayLike, distance: ArrayLike, *, count: int = 6, estimand: Estimand = "att"
) -> Matched:
    """Cut people into classes by quantiles of the distance and weight them within.

    Parameters
    ----------
    treated
        Whether each person was treated, shape (n,). Grain: one row per person.
    distance
        Such as a propensity score, shape (n,).
    count
        Classes to make, at least 2. There are fewer where many people share a distance, or where
        a class without treated or without comparison people is joined to the one below it (the
        lowest to the one above).
    estimand
        `att`: effect on the treated; classes hold like numbers of them, who count 1 each.
        `ate`: effect on everyone; classes hold like numbers of people, and both sides are
        weighted to the people of their class.

    Returns
    -------
    Matched
        Weights of each side scaled so that they sum to its people; nobody is dropped.

    Raises
    ------
    UsageError, OptionError
        If columns differ in length or hold missing values; if fewer than 2 classes are asked for.
    MetricError
        If everyone or no one was treated, or fewer than 2 classes hold both.

    Notes
    -----
    Quantiles by linear interpolation (R's type 7), a class from its lower edge up to the next,
    as in MatchIt 4.7; which instead moves single people into classes that lack them.
    """
    flags = is_treated(treated)
    values = distances(distance, len(flags))
    if estimand not in get_args(Estimand):
        raise OptionError(f"estimand must be one of {', '.join(get_args(Estimand))}: it is not.")
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 2:
        raise OptionError("count must be a whole number of classes from 2: it is not.")
    edges = np.quantile(
        values[flags] if estimand == "att" else values, np.linspace(0, 1, count + 1)
    )
    classes = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, count - 1)
    joined = _joined(flags, classes, count)
    found = int(joined.max()) + 1
    if found < 2:
        raise MetricError(
            "subclassification needs at least 2 classes with treated and comparison people: the "
            "distance makes 1. Treated and comparison people hardly overlap, or share few values."
        )
    effect = "the treated" if estimand == "att" else "everyone"
    return _within(flags, joined, estimand, f"{found} subclasses, for the effect on {effect}")


def _joined(treated: NDArray[np.bool_], classes: Whole, count: int) -> Whole:
    """Classes numbered from 0, those that lack one side joined to the one below or above."""
    with_treated = np.bincount(classes[treated], minlength=count)
    with_comparison = np.bincount(classes[~treated], minlength=count)
    number, own = np.empty(count, dtype=np.int64), 0
    has_treated = has_comparison = False
    for place in range(count):
        brings_both = with_treated[place] > 0 and with_comparison[place] > 0
        if has_treated and has_comparison and brings_both:
            own += 1
        number[place] = own
        has_treated |= bool(with_treated[place])
        has_comparison |= bool(with_comparison[place])
    return number[classes]


def _within(treated: NDArray[np.bool_], classes: Whole, estimand: Estimand, words: str) -> Matched:
    """Weight people within classes; leave out who is in a class with one side only."""
    count = int(classes.max()) + 1
    of_treated = np.bincount(classes[treated], minlength=count)
    of_comparison = np.bincount(classes[~treated], minlength=count)
    is_kept = ((of_treated > 0) & (of_comparison > 0))[classes]
    refuse_no_match(int((is_kept & treated).sum()), int(treated.sum()), "in the stratum")
    target = of_treated if estimand == "att" else of_treated + of_comparison
    each = np.where(
        treated, _over(target, of_treated)[classes], _over(target, of_comparison)[classes]
    )
    return Matched(
        treated=treated, weights=scaled_to_people(np.where(is_kept, each, 0.0), treated),
        pairs=no_pairs(), stratum=np.where(is_kept, classes, NONE),
        dropped=np.flatnonzero(treated & ~is_kept), method=words,
    )  # fmt: skip


def _over(target: Whole, people: Whole) -> Real:
    return np.asarray(target / np.maximum(people, 1))
