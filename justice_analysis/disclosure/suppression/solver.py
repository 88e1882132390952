"""HiGHS through SciPy: one programme, with its outcome said plainly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.problem import NEAR
from justice_analysis.errors import DisclosureError

Array = NDArray[np.float64]
LIMITS: dict[str, float] = {}
"""Options of every linear programme, for HiGHS; none: a programme takes as long as it needs."""
UNFINISHED = "the audit of hidden counts did not finish: review by hand."


@dataclass(frozen=True, eq=False)
class Solved:
    """Optimum of a linear programme: point, value, and marginals of its rows.

    An unbounded programme has the value minus infinity and no point.
    """

    point: Array
    value: float
    rows: Array


def least(aim: Array, matrix: Any, right: Array, low: Array, high: Array) -> Solved | None:
    """Minimise `aim` over `matrix @ x == right`, `low <= x <= high`; None where there is no point.

    Raises
    ------
    DisclosureError
        If the solver gives up.
    """
    from scipy.optimize import linprog

    bounds = np.column_stack([low, high])
    found = linprog(aim, A_eq=matrix, b_eq=right, bounds=bounds, method="highs", options=LIMITS)
    if found.status == 4:  # numerical trouble, or unbounded or infeasible: presolve can't tell
        plain = {"presolve": False}
        found = linprog(
            aim, A_eq=matrix, b_eq=right, bounds=bounds, method="highs-ds", options=plain
        )
    if found.status == 2:
        return None
    if found.status == 3:
        nowhere = np.full(len(aim), np.nan)
        return Solved(nowhere, -np.inf, nowhere)
    if found.status != 0:
        raise DisclosureError(UNFINISHED)
    point = np.clip(found.x, low, high)
    return Solved(point, float(found.fun), found.eqlin.marginals)


def whole_point(
    matrix: Any, right: Array, low: Array, high: Array, *, nodes: int, aim: Array | None = None
) -> tuple[Array | None, bool]:
    """Look for a point of whole numbers in `matrix @ x == right`, `low <= x <= high`.

    Parameters
    ----------
    nodes
        Most branches: a count, not seconds, so that answers don't vary.
    aim
        What to minimise; otherwise any point will do.

    Returns
    -------
    tuple
        The point, or None; and whether the search ended (no point and ended: there is none).
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    least_whole, most_whole = np.ceil(low - NEAR), np.floor(high + NEAR)
    if (least_whole > most_whole).any():
        return None, True
    found = milp(
        np.zeros(len(low)) if aim is None else aim,
        integrality=np.ones(len(low)),
        bounds=Bounds(least_whole, most_whole),
        constraints=LinearConstraint(matrix, right, right),
        options={"node_limit": nodes},
    )
    if found.x is not None:
        return np.round(found.x), True
    return None, bool(found.status == 2)
