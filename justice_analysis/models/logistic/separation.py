"""Whether covariates separate people with an outcome from those without."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from justice_analysis.models.counts import Real

TOLERANCE = 1e-7
FIRST_ROWS = 2000  # people that the first programme asks; those it gets wrong are asked next


def separating_columns(covariates: Real, has_outcome: NDArray[np.bool_]) -> tuple[int, ...]:
    """Columns of a direction along which a logistic likelihood rises for ever; empty if none.

    Parameters
    ----------
    covariates
        Shape (p, n), without an intercept; of like scales.
    has_outcome
        Shape (n,).

    Returns
    -------
    tuple
        A single column where one (with the intercept) is enough, else those that do it together.

    Notes
    -----
    A direction separates if no one lies on the wrong side of it and someone on the right side: a
    linear programme over directions within a box has a positive maximum (Konis 2007). Covers
    complete and quasi-complete separation.
    """
    for number, column in enumerate(covariates):
        if _separates(column, has_outcome):
            return (number,)
    sides = np.where(has_outcome, 1.0, -1.0)
    direction = _direction(np.vstack([sides, covariates * sides]).T)
    if direction is None:
        return ()
    return tuple(int(j) - 1 for j in np.flatnonzero(np.abs(direction) > TOLERANCE) if j > 0)


def _separates(column: Real, has_outcome: NDArray[np.bool_]) -> bool:
    """Whether a covariate alone has all with the outcome at one end, touching at most."""
    with_it, without = column[has_outcome], column[~has_outcome]
    if with_it.size == 0 or without.size == 0 or column.min() == column.max():
        return False
    return bool(with_it.min() >= without.max() or with_it.max() <= without.min())


def _direction(signed: Real) -> Real | None:
    """Direction with every row at 0 or above and one above it; `None` if there is none.

    Only some rows are held to it at first, evenly spread, then those on the wrong side too, until
    none is: a programme over all of a large population would not end in an hour.
    """
    from scipy.optimize import linprog

    aim = signed.sum(axis=0)
    is_held = np.zeros(len(signed), dtype=np.bool_)
    is_held[:: max(1, len(signed) // FIRST_ROWS)] = True
    while True:
        held = np.unique(signed[is_held], axis=0)
        solved = linprog(-aim, A_ub=-held, b_ub=np.zeros(len(held)), bounds=(-1, 1), method="highs")
        if not solved.success:
            return None
        reached = signed @ solved.x
        wrong = np.flatnonzero((reached < -TOLERANCE) & ~is_held)
        if solved.fun >= 0 or reached.max() <= 10 * TOLERANCE:
            return None
        if wrong.size == 0:
            return np.asarray(solved.x)
        is_held[wrong[np.argsort(reached[wrong])[:FIRST_ROWS]]] = True
