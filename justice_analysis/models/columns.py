"""Checks of the columns that a regression is given: every problem at once, never a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import MetricError, UsageError, listed
from justice_analysis.models.counts import Real, Whole

COLLINEAR = 1e-9  # share of a covariate's variance that the others leave
LARGEST_LOGARITHM = 700.0
BLOCK = 8192


def named_columns(
    covariates: Mapping[str, ArrayLike],
) -> tuple[tuple[str, ...], list[NDArray[np.generic]]]:
    """Names of covariates and their columns; a data frame will do."""
    names = tuple(str(name) for name in covariates.keys())  # noqa: SIM118 (a data frame, too)
    return names, [np.asarray(covariates[name]) for name in names]


def not_numbers(name: str, column: NDArray[np.generic]) -> list[str]:
    """Say what keeps a covariate from being a number for every row."""
    try:
        numbers = column.astype(np.float64, copy=False)
    except (TypeError, ValueError):
        return [f"covariate {name} must hold numbers: make an indicator of each category."]
    bad = int((~np.isfinite(numbers)).sum())
    if not bad:
        return []
    return [
        f"covariate {name} must not be missing: {bad:,} of {len(numbers):,} rows are. "
        'Set them aside, or make "not known" a category.'
    ]


def not_whole(name: str, column: NDArray[np.generic]) -> list[str]:
    """Say how many rows of a column are not whole numbers."""
    if np.issubdtype(column.dtype, np.integer):
        return []
    try:
        numbers = column.astype(np.float64)
    except (TypeError, ValueError):
        return [f"{name} must hold whole numbers: it does not."]
    bad = int((~np.isfinite(numbers) | (numbers != np.floor(numbers))).sum())
    return [f"{name} must hold whole numbers: {bad:,} of {len(column):,} are not."] if bad else []


def not_binary(name: str, column: NDArray[np.generic]) -> list[str]:
    """Say how many rows of a column are neither true nor false."""
    bad = int((~np.isin(column, (0, 1))).sum())
    return [f"{name} must be true or false: {bad:,} of {len(column):,} are neither."] if bad else []


def bad_counts_or_weights(counts: ArrayLike | None, weights: ArrayLike | None) -> list[str]:
    """Say what is wrong with how many people rows stand for, and with their weights."""
    problems = []
    if counts is not None:
        number = np.asarray(counts)
        problems += not_whole("counts", number)
        if not problems and (number < 0).any():
            below = int((number < 0).sum())
            problems.append(f"counts must not be below 0: {below:,} are.")
    if weights is not None:
        weight = np.asarray(weights, dtype=np.float64)
        bad = int((~(np.isfinite(weight) & (weight > 0))).sum())
        problems += [f"weights must be above 0: {bad:,} are not."] if bad else []
    return problems


def refuse_lengths(rows: int, columns: Mapping[str, ArrayLike | None]) -> None:
    """Refuse columns that have not one value for each row."""
    other = [
        f"{name} must have a value for each of {rows:,} rows: it has {np.asarray(column).shape}."
        for name, column in columns.items()
        if column is not None and np.asarray(column).shape != (rows,)
    ]
    if other:
        raise UsageError(listed(other))


def people_and_weight(
    rows: int, counts: ArrayLike | None, weights: ArrayLike | None
) -> tuple[Whole, Real]:
    """People that each row stands for, and that times the row's weight."""
    people = np.ones(rows, np.int64) if counts is None else np.asarray(counts, dtype=np.int64)
    weight = people.astype(np.float64)
    return people, weight if weights is None else weight * np.asarray(weights, dtype=np.float64)


def scaled_columns(
    names: Sequence[str],
    columns: Sequence[NDArray[np.generic]],
    people: Whole,
    *,
    into: Real | None = None,
) -> tuple[Real, Real, Real]:
    """Covariates less their mean, over their deviation, (p, rows); their means and deviations.

    They are written `into` an array of that shape, or a new one.
    Rows of no one are 0. Refuses covariates that do not differ between people.
    """
    scaled = np.empty((len(names), len(people))) if into is None else into
    lowest, highest = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    total, square = np.zeros(len(names)), np.zeros(len(names))
    for rows in blocks_of(len(people)):
        block, counted = scaled[:, rows], people[rows] > 0
        for row, column in zip(block, columns, strict=True):
            row[:] = column[rows]
        kept = block if counted.all() else block[:, counted]
        lowest = np.minimum(lowest, kept.min(axis=1, initial=np.inf))
        highest = np.maximum(highest, kept.max(axis=1, initial=-np.inf))
        total += block @ people[rows]
    is_constant = lowest == highest
    if is_constant.any():
        same = ", ".join(np.array(names)[is_constant])
        raise MetricError(f"a covariate must differ between people: {same} does not. Leave it out.")
    centre = total / people.sum()
    for rows in blocks_of(len(people)):
        block = scaled[:, rows]
        block -= centre[:, None]
        square += (block * block) @ people[rows]
    scale = np.sqrt(square / people.sum())
    for rows in blocks_of(len(people)):
        block = scaled[:, rows]
        block /= scale[:, None]
        if not people[rows].all():
            block[:, people[rows] == 0] = 0.0
    return scaled, centre, scale


def blocks_of(rows: int) -> list[slice]:
    """Cut rows into blocks that stay in the processor's cache while they are worked on."""
    return [slice(start, start + BLOCK) for start in range(0, rows, BLOCK)]


def combinations_of_others(names: Sequence[str], information: Real) -> list[str]:
    """Covariates that say nothing beyond those before them."""
    kept: list[int] = []
    repeated = []
    for j, name in enumerate(names):
        own, left = information[j, j], information[j, j]
        if kept and own > 0:
            with_kept = information[kept, j]
            left -= with_kept @ np.linalg.solve(information[np.ix_(kept, kept)], with_kept)
        if left <= COLLINEAR * max(own, 1.0):
            repeated.append(name)
        else:
            kept.append(j)
    return repeated


def refuse_beyond_numbers(
    names: Sequence[str], what: str, coefficients: Real, margin: Real
) -> None:
    """Refuse a ratio, or a limit of it, that is too large to be a number."""
    beyond = np.abs(coefficients) + margin > LARGEST_LOGARITHM
    if beyond.any():
        which = ", ".join(np.array(names)[beyond])
        raise MetricError(
            f"one unit more of {which} changes the {what} by more than a number holds: give it in "
            "smaller units, or join its categories."
        )


def codes_of(labels: ArrayLike, name: str) -> Whole:
    """Number labels from 0; refuses missing ones."""
    import pandas as pd

    codes, _ = pd.factorize(np.asarray(labels))
    if (codes < 0).any():
        raise UsageError(f"{name} must not be missing: {int((codes < 0).sum()):,} rows are.")
    return np.asarray(codes, dtype=np.int64)
