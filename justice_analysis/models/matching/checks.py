"""What matching is given, checked before anything is computed; never a value of a row."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import MetricError, OptionError, UsageError, listed
from justice_analysis.models.columns import codes_of, not_binary
from justice_analysis.models.counts import Real, Whole


def is_treated(treated: ArrayLike) -> NDArray[np.bool_]:
    """Who was treated; refuses a column where everyone was, or no one."""
    column = np.asarray(treated)
    problems = not_binary("treated", column)
    if problems:
        raise UsageError(listed(problems))
    flags = column.astype(np.bool_)
    number = int(flags.sum())
    if number in (0, len(flags)):
        raise MetricError(
            "matching needs treated people and comparison people: "
            f"{number:,} of {len(flags):,} are treated. Check who took part, and the pool."
        )
    return flags


def distances(distance: ArrayLike, people: int) -> Real:
    """One number per person, such as a propensity score; refuses missing ones."""
    column = np.asarray(distance, dtype=np.float64)
    if column.shape != (people,):
        raise UsageError(
            f"distance must have a value for each of {people:,} people: it has {column.shape}."
        )
    bad = int((~np.isfinite(column)).sum())
    if bad:
        raise UsageError(
            f"distance must not be missing: {bad:,} of {people:,} people have none. "
            "Set them aside, or leave the covariate out that they lack."
        )
    return column


def strata_of(strata: object, people: int) -> Whole:
    """Number of each person's stratum, from 0.

    From labels, or a data frame with one column per characteristic that must be the same.
    """
    columns = getattr(strata, "columns", None)
    labels = [strata] if columns is None else [strata[name] for name in columns]  # type: ignore[index]
    names = ["strata"] if columns is None else [str(name) for name in columns]
    if not labels:
        raise OptionError("strata must hold at least one characteristic: it holds none.")
    joined = np.zeros(people, dtype=np.int64)
    for name, label in zip(names, labels, strict=True):
        if np.asarray(label).shape != (people,):
            raise UsageError(f"{name} must have a label for each of {people:,} people.")
        codes = codes_of(label, name)  # type: ignore[arg-type]
        joined = codes_of(joined * (int(codes.max()) + 1) + codes, name)
    return joined


def refuse_caliper(caliper: float | None) -> None:
    """Refuse a caliper that is not a width."""
    if caliper is not None and not (np.isfinite(caliper) and caliper > 0):
        raise OptionError(
            "caliper must be a width above 0, in units of the distance: it is not. "
            "For people exactly alike give strata instead."
        )


def refuse_no_match(matched: int, treated: int, why: str) -> None:
    """Refuse a comparison in which no treated person has anyone to stand beside."""
    if matched == 0:
        raise MetricError(
            f"treated and comparison people must overlap: none of {treated:,} treated people "
            f"has a comparison person {why}."
        )
