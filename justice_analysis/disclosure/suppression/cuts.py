"""Cuts: what the dual of one attack says of every choice of units to hide.

Let `z` be 1 where a cell is hidden and 0 where it is shown. The least that cell `p` may move is
the optimum of a linear programme whose ranges widen with `z`; by duality, multipliers that prove
that bound at one `z` prove one at every `z`. So if an attack tells too much of `p`, then in any
safe choice the widths of the hidden cells, weighted with the reduced costs of the attack, sum to
what is still missing. These are the capacity constraints of Fischetti and Salazar (2001,
Management Science 47): a width beyond what is missing counts as what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.attacker import right_sides
from justice_analysis.disclosure.suppression.problem import NEAR, Problem
from justice_analysis.disclosure.suppression.solver import Array, least

NOTHING = 1e-9
"""Reduced costs below are zero."""


@dataclass(frozen=True, eq=False)
class Cut:
    """`weights` of the hidden cells `cells` must sum to 1."""

    cells: NDArray[np.intp]
    weights: Array


@dataclass(frozen=True, eq=False)
class Widths:
    """Moves allowed to a cell that is shown, `low` to `high`, and how much more if hidden.

    `fixed` are cells whose state is decided: `low` and `high` are theirs and nothing is added.
    """

    problem: Problem
    right: Array
    low: Array
    high: Array
    below: Array
    beyond: Array

    @classmethod
    def of(cls, problem: Problem) -> Widths:
        """Compute the widths of every cell."""
        base = np.nan_to_num(problem.values)
        low, high = problem.ranges(problem.fixed_hidden)
        floor, ceiling = problem.ranges(~problem.fixed_shown)
        below, beyond = _wider(low, floor), _wider(ceiling, high)
        return cls(problem, right_sides(problem), low - base, high - base, below, beyond)

    def attack(self, cell: int, side: int, hidden: Array, *, most: float) -> Cut | None:
        """Attack one side of a cell; None if it is safe.

        Parameters
        ----------
        hidden
            How far each cell is hidden, 0 to 1, `(n,)`.
        most
            Most that hiding widens a range, in multiples of what the cell needs; a guide for
            choices between 0 and 1, without effect on what the cut says.
        """
        need = self.problem.need_low if side > 0 else self.problem.need_high
        far = side * float(need[cell] - np.nan_to_num(self.problem.values[cell]))
        widest = most * max(abs(far), 1.0)
        low = self.low - _share(np.minimum(self.below, widest), hidden)
        high = self.high + _share(np.minimum(self.beyond, widest), hidden)
        if side > 0:
            low[cell] = max(low[cell], far)
        else:
            high[cell] = min(high[cell], -far)
        aim = np.zeros(self.problem.cells)
        aim[cell] = side
        if low[cell] > high[cell]:
            return None
        solved = least(aim, self.problem.matrix, self.right, low, high)
        if solved is None or solved.value <= far + NEAR:
            return None
        return self._cut(aim - self.problem.matrix.T @ solved.rows, solved.rows, far)

    def _cut(self, reduced: Array, rows: Array, far: float) -> Cut | None:
        reduced = np.where(np.abs(reduced) < NOTHING, 0, reduced)
        at = np.where(reduced > 0, self.low, self.high)
        with np.errstate(invalid="ignore"):
            known = np.where(reduced != 0, reduced * at, 0).sum() + self.right @ rows
            width = np.where(reduced > 0, self.below, self.beyond) * np.abs(reduced)
        missing = known - far
        if not np.isfinite(missing) or missing <= NEAR:
            return None
        weights = np.minimum(np.where(reduced != 0, width, 0) / missing, 1)
        cells = np.flatnonzero(weights > NOTHING)
        return Cut(cells, weights[cells])


def _wider(upper: Array, lower: Array) -> Array:
    """Positive part of a difference; nothing where both are infinite."""
    wider = np.zeros(len(upper))
    more = upper > lower
    wider[more] = upper[more] - lower[more]
    return wider


def _share(width: Array, hidden: Array) -> Array:
    return np.where(hidden > 0, np.where(hidden > 0, width, 0) * hidden, 0)
