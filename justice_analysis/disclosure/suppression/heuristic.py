"""The heuristic: one linear programme for each protected cell and side, hiding what it moves.

A hidden cell is protected by a pattern of moves that leaves every sum as it is (in a two-way
table a closed path through hidden cells). Each programme finds the cheapest pattern that takes
one cell as far as it needs: moving a cell beyond what is shown of it costs what hiding its units
costs, moving a cell that is hidden already costs nothing. This relaxes the true, fixed charge of
hiding to one in proportion to the move, as Kelly, Golden and Assad (1992, Networks 22) do for
cell suppression; solving again with each charge divided by the move just found brings the two
closer. Whatever a pattern moves is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.attacker import Attacker, right_sides
from justice_analysis.disclosure.suppression.audit import unsafe_cells
from justice_analysis.disclosure.suppression.evidence import SIDES, Evidence, Witness
from justice_analysis.disclosure.suppression.problem import NEAR, Problem
from justice_analysis.disclosure.suppression.solver import Array, least, whole_point

AGAIN = 2
"""Times that a pattern is sought again with charges divided by the moves just found."""
SMALL_CHARGE = 1e-6
"""Charge of a unit that costs nothing: it is still shown where that makes no difference."""


@dataclass(frozen=True, eq=False)
class Moves:
    """The programme of moves: for each cell a free move, one beyond what is shown, one below.

    Attributes
    ----------
    matrix, right
        The sums, over the three moves of each cell in turn.
    low, high
        Least and most of each move, `(3 n,)`.
    """

    problem: Problem
    matrix: Any
    right: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, problem: Problem) -> Moves:
        """Write the programme down, once for all its targets."""
        from scipy.sparse import hstack

        base, sums = np.nan_to_num(problem.values), problem.matrix
        stated = np.diff(problem.shown_by.indptr) > 0
        fixed = problem.shown_cells(~problem.fixed_shown)
        low = np.where(stated, problem.shown_low, problem.floor) - base
        high = np.where(stated, problem.shown_high, problem.ceiling) - base
        may = stated & ~fixed
        beyond, below = np.zeros(problem.cells), np.zeros(problem.cells)
        beyond[may] = np.maximum(problem.ceiling[may] - problem.shown_high[may], 0)
        below[may] = np.maximum(problem.shown_low[may] - problem.floor[may], 0)
        nothing = np.zeros(2 * problem.cells)
        return cls(
            problem,
            hstack([sums, sums, -sums], format="csc"),
            right_sides(problem),
            np.concatenate([low, nothing]),
            np.concatenate([high, beyond, below]),
        )

    def cheapest(self, cell: int, side: int, charge: Array) -> Array | None:
        """Move one cell as far as it needs, at least cost.

        Returns
        -------
        ndarray
            The three moves of every cell, `(3 n,)`; None if the cell can't be moved so far.
        """
        bounds = self._bounds(cell, side)
        if bounds is None:
            return None
        aim = np.concatenate([0 * charge, charge, charge])
        solved = least(aim, self.matrix, self.right, *bounds)
        return None if solved is None else solved.point

    def cheapest_whole(
        self, cell: int, side: int, charge: Array, *, nodes: int
    ) -> tuple[Array | None, bool]:
        """Do the same by moves of whole numbers; also whether the search ended."""
        bounds = self._bounds(cell, side)
        if bounds is None:
            return None, True
        aim = np.concatenate([0 * charge, charge, charge])
        return whole_point(self.matrix, self.right, *bounds, nodes=nodes, aim=aim)

    def _bounds(self, cell: int, side: int) -> tuple[Array, Array] | None:
        """Let one cell move only as far as it needs, or further; None if it can't."""
        cells = self.problem.cells
        low, high = self.low.copy(), self.high.copy()
        need = self.problem.need_low if side > 0 else self.problem.need_high
        far = need[cell] - np.nan_to_num(self.problem.values[cell])
        away, back = cell + 2 * cells, cell + cells
        if side < 0:
            away, back = back, away
        high[back] = 0
        if side > 0:
            high[cell] = max(low[cell], min(high[cell], far))
            low[away] = max(0.0, low[cell] - far)
        else:
            low[cell] = min(high[cell], max(low[cell], far))
            low[away] = max(0.0, far - high[cell])
        if low[away] > high[away] + NEAR:
            return None
        high[away] = max(low[away], high[away])
        return low, high


def hide_until_proved(
    problem: Problem,
    hidden: NDArray[np.bool_],
    cost: Array,
    evidence: Evidence,
    *,
    order: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Hide further units until every protected cell has a witness on both sides.

    Parameters
    ----------
    hidden
        Units hidden already, `(units,)`; reused where that serves.
    cost
        Cost of hiding each unit, `(units,)`, perhaps other than the problem's.
    evidence
        Added to: a witness for each side of each cell that can be protected.
    order
        Protected cells in the order in which they are served.
    """
    moves, hidden = Moves.of(problem), hidden.copy()
    for _ in unsafe_cells(Attacker.of(problem, hidden), evidence):
        pass  # what is safe already is put in evidence
    for cell in order:
        for side in SIDES:
            if evidence.proved(side)[cell]:
                continue
            pattern = _sparse_pattern(moves, int(cell), side, hidden, cost)
            if pattern is None:
                continue
            hidden |= units_moved(problem, pattern)
            point = _joined(pattern)
            evidence.add(Witness(np.arange(problem.cells), point), whole=False)
    return hidden


def _sparse_pattern(
    moves: Moves, cell: int, side: int, hidden: NDArray[np.bool_], cost: Array
) -> Array | None:
    cells = moves.problem.cells
    charge = charges(moves.problem, hidden, cost)
    pattern, weight = None, charge
    best, best_cost = None, np.inf
    for _ in range(AGAIN + 1):
        pattern = moves.cheapest(cell, side, weight)
        if pattern is None:
            return best
        moved = pattern[cells : 2 * cells] + pattern[2 * cells :]
        total = float(charge[moved > NEAR].sum())
        if total < best_cost - NEAR:
            best, best_cost = pattern, total
        if total <= NEAR:
            break
        weight = charge / (moved + 0.1)
    return best


def charges(problem: Problem, hidden: NDArray[np.bool_], cost: Array) -> Array:
    """What hiding a cell costs, `(n,)`: all its units that are not hidden yet."""
    return np.asarray(problem.shown_by @ np.where(hidden, 0.0, np.maximum(cost, SMALL_CHARGE)))


def units_moved(problem: Problem, pattern: Array) -> NDArray[np.bool_]:
    """Name the units whose cells a pattern moves beyond what is shown of them."""
    cells = problem.cells
    moved = (pattern[cells : 2 * cells] > NEAR) | (pattern[2 * cells :] > NEAR)
    return np.asarray(problem.shown_by.T @ moved.astype(np.float64) > 0)


def _joined(pattern: Array) -> Array:
    free, beyond, below = np.split(pattern, 3)
    return free + beyond - below
