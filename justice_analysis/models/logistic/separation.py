"""Whether covariates separate people with an outcome from those without."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from justice_analysis.models.counts import Real

TOLERANCE = 1e-7


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
    sides = np.where(has_outcome, 1.0, -1.0)
    signed = np.unique(np.vstack([sides, covariates * sides]).T, axis=0)
    if _direction(signed) is None:
        return ()
    for column in range(1, signed.shape[1]):
        if _direction(np.unique(signed[:, [0, column]], axis=0)) is not None:
            return (column - 1,)
    direction = _direction(signed)
    assert direction is not None
    return tuple(int(j) - 1 for j in np.flatnonzero(np.abs(direction) > TOLERANCE) if j > 0)


def _direction(signed: Real) -> Real | None:
    """Direction with every row at 0 or above and one above it; `None` if there is none."""
    from scipy.optimize import linprog

    solved = linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1),
        method="highs",
    )  # fmt: skip
    if not solved.success or -solved.fun <= TOLERANCE * len(signed):
        return None
    return np.asarray(solved.x)
