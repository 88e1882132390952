"""The propensity score: the chance of being treated, given what was known before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import MetricError, UsageError, listed
from justice_analysis.models.columns import (
    blocks_of,
    not_numbers,
    refuse_lengths,
)
from justice_analysis.models.counts import Real
from justice_analysis.models.logistic import CollinearError, LogisticFit, SeparationError, logistic
from justice_analysis.models.matching.checks import is_treated

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True, eq=False)
class Propensity:
    """Each person's propensity score, and the model it comes from.

    Attributes
    ----------
    score
        Chance of being treated, shape (n,).
    linear
        Logarithm of its odds, shape (n,).
    fit
        The logistic regression.
    left_out
        Covariates that were not used, as they are constant or combinations of those before them.
    """

    score: Real
    linear: Real
    fit: LogisticFit
    left_out: tuple[str, ...]


def propensity_scores(
    covariates: pd.DataFrame, treated: ArrayLike, *, weights: ArrayLike | None = None
) -> Propensity:
    """Fit who was treated on what was known before, by logistic regression.

    Parameters
    ----------
    covariates
        One row per person, one column of numbers per covariate; categories as indicators. Known
        before treatment, all of them: nothing that treatment may have changed.
    treated
        Whether each person was treated, shape (n,).
    weights
        Weight of each person, above 0.

    Returns
    -------
    Propensity
        A score for everyone. People alike in every covariate have exactly the same.

    Raises
    ------
    UsageError
        If columns differ in length, hold missing values or are not numbers.
    MetricError
        If everyone or no one was treated, no covariate differs between people, or covariates
        predict perfectly, for some of the people, who was treated.

    Notes
    -----
    Rosenbaum and Rubin 1983. `common_support` shows who makes a prediction perfect.
    """
    from scipy.special import expit

    flags = is_treated(treated)
    columns = _checked(covariates, len(flags))
    kept = _varied(columns)
    try:
        fit, kept = _fit(flags, kept, weights)
    except SeparationError as separated:
        raise MetricError(
            "being treated must not be predicted perfectly: for some of the people it is, by "
            f"{', '.join(separated.columns)}, so that among them everyone or no one is treated. "
            "Leave those people out (common_support finds them), or join its categories."
        ) from None
    linear = _linear(fit, list(kept.values()))
    left_out = tuple(name for name in columns if name not in kept)
    return Propensity(score=expit(linear), linear=linear, fit=fit, left_out=left_out)


def _checked(covariates: pd.DataFrame, people: int) -> Columns:
    """Covariates by name, each a number for every person."""
    columns = {str(name): np.asarray(column) for name, column in covariates.items()}
    if len(columns) < len(covariates.columns):
        raise UsageError("covariates must have a name each: some share one. Rename them.")
    refuse_lengths(people, columns)
    problems = [said for name, column in columns.items() for said in not_numbers(name, column)]
    if problems:
        raise UsageError(listed(problems))
    return columns


def _varied(columns: Columns) -> Columns:
    """Covariates that differ between people."""
    varied = {name: column for name, column in columns.items() if column.min() != column.max()}
    if not varied:
        raise MetricError(
            "a propensity score needs a covariate that differs between people: none of "
            f"{len(columns)} does."
        )
    return varied


def _fit(
    treated: NDArray[np.bool_], columns: Columns, weights: ArrayLike | None
) -> tuple[LogisticFit, Columns]:
    """Fit, without covariates that are combinations of those before them."""
    try:
        return logistic(treated, columns, weights=weights), columns
    except CollinearError as collinear:
        kept = {name: own for name, own in columns.items() if name not in collinear.columns}
        return logistic(treated, kept, weights=weights), kept


def _linear(fit: LogisticFit, columns: Sequence[NDArray[np.generic]]) -> Real:
    """Log odds; one column after the other, so that people alike get the same to the last digit."""
    linear = np.full(len(columns[0]), fit.intercept)
    for rows in blocks_of(len(linear)):
        for column, coefficient in zip(columns, fit.coefficients, strict=True):
            linear[rows] += coefficient * column[rows]
    return linear


def common_support(covariates: pd.DataFrame, treated: ArrayLike) -> NDArray[np.bool_]:
    """Who lies within the treated people's range of every covariate, (n,); the treated all do.

    A comparison person who does not, such as one of a category that no treated person has, has
    nobody to stand beside and may make a propensity score perfect for some.

    Raises
    ------
    UsageError, MetricError
        If columns differ in length, hold missing values or are not numbers; if everyone or no one
        was treated.
    """
    flags = is_treated(treated)
    columns = _checked(covariates, len(flags))
    is_within = np.ones(len(flags), dtype=np.bool_)
    for column in columns.values():
        own = column[flags]
        is_within &= (column >= own.min()) & (column <= own.max())
    return is_within
