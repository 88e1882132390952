"""Weights that balance a comparison group without matching: entropy, overlap and odds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import MetricError, UsageError, listed
from justice_analysis.models.columns import not_binary, refuse_lengths
from justice_analysis.models.counts import Real
from justice_analysis.models.differences import effective_people
from justice_analysis.models.weighted_sides import number_columns, two_sides

if TYPE_CHECKING:
    import pandas as pd

BALANCED = 1e-9
"""Largest difference of means, in standard deviations, that counts as none."""
MOST_STEPS, SHORTEST_STEP, ROUNDING = 200, 1e-10, 1e-13
NO_DIRECTION = 1e-10
"""A direction with less than this share of the largest variance has none."""


@dataclass(frozen=True, eq=False)
class Balanced:
    """Weights that make the comparison people's means those of the treated.

    Attributes
    ----------
    weights
        1 for treated people; those of comparison people sum to how many there are, (n,).
    largest_difference
        Largest remaining difference of a mean, in standard deviations of the comparison people.
    effective_comparison
        As many unweighted comparison people as would tell as much (Kish).
    left_out
        Characteristics that are the same for everyone, which need no balancing.
    iterations, method
        Steps taken; what was balanced, in words.
    """

    weights: Real
    largest_difference: float
    effective_comparison: float
    left_out: tuple[str, ...]
    iterations: int
    method: str


def entropy_weights(
    covariates: pd.DataFrame,
    treated: ArrayLike,
    *,
    variances: bool = False,
    base_weights: ArrayLike | None = None,
) -> Balanced:
    """Comparison weights nearest to equal ones that balance every mean exactly.

    Parameters
    ----------
    covariates
        One row per person and one column of numbers per characteristic, each known for
        everyone. Columns may be combinations of each other (all indicators of a category).
    treated
        Whether each person was treated, shape (n,).
    variances
        Balance variances too, of characteristics that are not yes or no.
    base_weights
        Weights to stay near to, shape (n,): above 0 for comparison people; equal ones by default.

    Returns
    -------
    Balanced
        Of all weights with sum w x = treated mean, those with the least sum w log(w / q).

    Raises
    ------
    UsageError
        If the columns do not fit together or are not numbers.
    MetricError
        If no weights balance the means: the treated mean lies beyond what comparison people span.

    Notes
    -----
    Hainmueller (2012), Political Analysis 20, 25-46: Newton's method on the dual,
    log sum q exp(-z'x) with x less the treated mean, which is smooth and convex.
    """
    is_treated = np.asarray(treated)
    base = np.ones(is_treated.size) if base_weights is None else base_weights
    sides = two_sides(is_treated, base)
    names, columns = number_columns(covariates, is_treated.size)
    names, columns = _with_squares(names, columns, sides.is_treated, variances=variances)
    pool = np.stack(columns, axis=1)
    target = pool[sides.is_treated].mean(axis=0)
    gaps, kept = _in_deviations(names, pool[~sides.is_treated], target)
    own, steps = _least_entropy(_directions(gaps), sides.comparison[~sides.is_treated])
    left = float(np.abs(own @ gaps).max(initial=0.0))
    if left > np.sqrt(BALANCED):
        raise MetricError(_beyond())
    weights = np.ones(len(pool))
    weights[~sides.is_treated] = own * len(own)
    said = "means and variances" if variances else "means"
    dropped = tuple(name for name, keep in zip(names, kept, strict=True) if not keep)
    return Balanced(weights, left, effective_people(own), dropped, steps,
                    f"entropy balancing of {said}")  # fmt: skip


def overlap_weights(score: ArrayLike, treated: ArrayLike) -> Real:
    """Weights for the people who might as well have been treated as not, shape (n,).

    Treated people count by their chance of not being treated, the others by their chance of
    being treated; the mean of every covariate of a logistic propensity model is then balanced
    exactly, and nobody's weight is above 1.

    Parameters
    ----------
    score
        Propensity score, above 0 and below 1, shape (n,).
    treated
        Whether each person was treated, shape (n,).

    Notes
    -----
    Li, Morgan and Zaslavsky (2018), Journal of the American Statistical Association 113, 390-400.
    The effect they give is that on the people in the overlap, not on all treated people.
    """
    scores, is_treated = _scores(score, treated)
    return np.where(is_treated, 1 - scores, scores)


def odds_weights(score: ArrayLike, treated: ArrayLike) -> Real:
    """Weights that make the comparison group look like the treated people, shape (n,).

    Treated people count once, the others by their odds of being treated, e / (1 - e); see
    `overlap_weights` for the arguments. A comparison person with a score near 1 has a large
    weight: look at the effective number of people.
    """
    scores, is_treated = _scores(score, treated)
    return np.where(is_treated, 1.0, scores / (1 - scores))


def _scores(score: ArrayLike, treated: ArrayLike) -> tuple[Real, np.ndarray]:
    scores, is_treated = np.asarray(score, dtype=np.float64), np.asarray(treated)
    refuse_lengths(is_treated.size, {"treated": is_treated, "score": scores})
    bad = int((~((scores > 0) & (scores < 1))).sum())
    problems = not_binary("treated", is_treated)
    if bad:
        problems.append(
            f"propensity scores must lie above 0 and below 1: {bad:,} of {scores.size:,} do not. "
            "Leave out what predicts treatment perfectly."
        )
    if problems:
        raise UsageError(listed(problems))
    return scores, is_treated.astype(bool)


def _with_squares(
    names: tuple[str, ...], columns: list[Real], is_treated: np.ndarray, *, variances: bool
) -> tuple[tuple[str, ...], list[Real]]:
    """Add the squared distance from the treated mean of each number, if variances are wanted."""
    if not variances:
        return names, columns
    numbers = [j for j, column in enumerate(columns) if not np.isin(column, (0.0, 1.0)).all()]
    squares = [(columns[j] - columns[j][is_treated].mean()) ** 2 for j in numbers]
    return (*names, *(f"{names[j]} (variance)" for j in numbers)), [*columns, *squares]


def _in_deviations(names: tuple[str, ...], pool: Real, target: Real) -> tuple[Real, np.ndarray]:
    """Comparison people less the treated mean, in standard deviations; which columns vary.

    Refuses characteristics whose treated mean no comparison person reaches.
    """
    lowest, highest = pool.min(axis=0), pool.max(axis=0)
    slack = 1e-9 * np.maximum(np.abs(highest), np.abs(lowest))
    beyond = (target < lowest - slack) | (target > highest + slack)
    if beyond.any():
        which = ", ".join(name for name, is_so in zip(names, beyond, strict=True) if is_so)
        raise MetricError(
            "the treated mean must lie within the range of the comparison people: for "
            f"{which} it does not. Leave the characteristic out, or set aside treated people "
            "who have no like."
        )
    varies = highest - lowest > slack
    spread = pool[:, varies].std(axis=0)
    return (pool[:, varies] - target[varies]) / spread, varies


def _directions(gaps: Real) -> Real:
    """The same differences along uncorrelated directions of unit variance.

    Refuses a combination that is fixed among comparison people and another among the treated.
    """
    if not gaps.shape[1]:
        return gaps
    centre = gaps.mean(axis=0)
    size, directions = np.linalg.eigh(
        np.cov(gaps, rowvar=False, bias=True).reshape(len(centre), -1)
    )
    held = size > NO_DIRECTION * size.max()
    if np.abs(centre @ directions[:, ~held]).max(initial=0.0) > 1e-6:
        raise MetricError(_beyond())
    return np.asarray(gaps @ (directions[:, held] / np.sqrt(size[held])))


def _least_entropy(gaps: Real, base: Real) -> tuple[Real, int]:
    """Weights that sum to 1 and balance the columns, by Newton's method with halved steps."""
    start = np.log(base / base.sum())
    at = np.zeros(gaps.shape[1])
    value, weights = _dual(at, gaps, start)
    for step in range(MOST_STEPS):
        slope = weights @ gaps
        if np.abs(slope).max(initial=0.0) <= BALANCED:
            return weights, step
        curve = (gaps * weights[:, None]).T @ gaps - np.outer(slope, slope)
        move = np.linalg.lstsq(curve, slope, rcond=1e-14)[0]
        length, enough = 1.0, 1e-4 * float(slope @ move)
        trial = _dual(at + move, gaps, start)
        while (
            trial[0] > value - length * enough + ROUNDING * (1 + abs(value))
            and length > SHORTEST_STEP
        ):
            length /= 2
            trial = _dual(at + length * move, gaps, start)
        at, (value, weights) = at + length * move, trial
        if _is_one_sided(gaps @ at):
            break
    raise MetricError(_beyond())


def _is_one_sided(along: Real) -> bool:
    """Whether every comparison person lies on one side of the treated mean, in a direction."""
    return bool(along.min() > 1e-9 * np.abs(along).max())


def _dual(at: Real, gaps: Real, start: Real) -> tuple[float, Real]:
    """Value of the dual and the weights it implies."""
    exponents = start - gaps @ at
    highest = float(exponents.max())
    raised = np.exp(exponents - highest)
    total = float(raised.sum())
    return highest + float(np.log(total)), raised / total


def _beyond() -> str:
    return (
        "no weights balance these characteristics together: the treated mean lies beyond what "
        "the comparison people span. Leave characteristics out, join rare categories, or set "
        "aside treated people who have no like."
    )
