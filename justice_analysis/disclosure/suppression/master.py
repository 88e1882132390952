"""The master programme: which units to hide, under the cuts found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.cuts import Cut
from justice_analysis.disclosure.suppression.problem import NEAR, Problem
from justice_analysis.disclosure.suppression.solver import UNFINISHED, Array
from justice_analysis.errors import DisclosureError

BROKEN = 1e-3
"""A cut that is broken by less is left out."""
DEAREST = 1e4
"""Costs are scaled to at most this, which keeps the solver exact."""


@dataclass(eq=False)
class Master:
    """Choices of units, and cuts on them.

    Attributes
    ----------
    column
        Variable that says whether a cell is hidden, `(n,)`: its unit, or one of its own where
        several units show it; -1 where none does.
    several
        Cells that several units show.
    """

    problem: Problem
    column: NDArray[np.intp]
    several: NDArray[np.intp]
    rows: list[tuple[NDArray[np.intp], Array]] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, problem: Problem) -> Master:
        """Begin with what needs no attack."""
        shown_by, stated = problem.shown_by, np.diff(problem.shown_by.indptr)
        several = np.flatnonzero(stated > 1)
        column = np.full(problem.cells, -1, dtype=np.intp)
        column[stated == 1] = shown_by.indices[shown_by.indptr[:-1][stated == 1]]
        column[several] = problem.units + np.arange(len(several))
        master = cls(problem, column, several)
        for cell in several:  # hidden no more than each of its units
            for unit in shown_by.indices[shown_by.indptr[cell] : shown_by.indptr[cell + 1]]:
                master._add(np.array([unit, column[cell]]), np.array([1.0, -1.0]), 0.0)
        master._add_lone_cells()
        return master

    @property
    def size(self) -> int:
        """Number of cuts, times that of their entries: what a master takes goes by it."""
        return len(self.rows) * sum(len(columns) for columns, _ in self.rows)

    def cells_hidden(self, units: Array) -> Array:
        """How far each cell is hidden, 0 to 1, from how far its units are."""
        hidden = np.ones(self.problem.cells)
        entries = self.problem.shown_by.tocoo()
        np.minimum.at(hidden, entries.row, units[entries.col])
        return hidden

    def add_cut(self, cut: Cut, state: Array) -> bool:
        """Add a cut that the state of the cells breaks; whether it is new."""
        if cut.weights @ state[cut.cells] > 1 - BROKEN:
            return False
        return self._add(self.column[cut.cells], cut.weights, 1.0)

    def add_more_than(self, choice: NDArray[np.bool_]) -> None:
        """Ask for a unit beside those of a choice that isn't safe: no part of it is safe either."""
        others = np.flatnonzero(~choice & ~self.problem.fixed_shown)
        self._add(others, np.ones(len(others)), 1.0)

    def fractional(self) -> tuple[Array, float]:
        """Choose units that may be partly hidden; and the least cost of any safe choice."""
        found = self._solve(whole=False, branches=1, seconds=np.inf)
        if found.x is None:
            raise DisclosureError(UNFINISHED)
        return np.clip(found.x[: self.problem.units], 0, 1), float(found.fun) * self._scale()

    def whole(
        self, *, branches: int, seconds: float
    ) -> tuple[NDArray[np.bool_] | None, float, int]:
        """Choose units, None where the search ended without.

        Returns
        -------
        tuple
            The choice, the least cost of any safe choice, and the branches used beyond one.
        """
        found = self._solve(whole=True, branches=branches, seconds=seconds)
        least = found.mip_dual_bound if found.mip_dual_bound is not None else -np.inf
        choice = None if found.x is None else found.x[: self.problem.units] > 0.5
        used = max(0, int(found.mip_node_count or 0) - 1)
        return choice, float(least) * self._scale(), used

    def _scale(self) -> float:
        return max(1.0, float(self.problem.cost.max(initial=0)) / DEAREST)

    def _solve(self, *, whole: bool, branches: int, seconds: float) -> Any:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix

        problem, more = self.problem, len(self.several)
        width = problem.units + more
        ends = np.cumsum([0, *(len(columns) for columns, _ in self.rows)])
        columns = np.concatenate([np.empty(0, np.intp), *(row[0] for row in self.rows)])
        data = np.concatenate([np.empty(0), *(row[1] for row in self.rows)])
        matrix = csr_matrix((data, columns, ends), shape=(len(self.rows), width))
        matrix.sum_duplicates()  # HiGHS takes no unit twice: one may show several cells
        options: dict[str, float] = {"mip_rel_gap": 0.0, "node_limit": branches}
        if np.isfinite(seconds):
            options["time_limit"] = seconds
        return milp(
            np.concatenate([problem.cost / self._scale(), np.zeros(more)]),
            integrality=np.repeat([int(whole), 0], [problem.units, more]),
            bounds=Bounds(
                np.concatenate([problem.fixed_hidden.astype(np.float64), np.zeros(more)]),
                np.concatenate([(~problem.fixed_shown).astype(np.float64), np.ones(more)]),
            ),
            constraints=LinearConstraint(matrix, np.array(self.rights), np.inf),
            options=options,
        )

    def _add(self, columns: NDArray[np.intp], weights: Array, right: float) -> bool:
        order = np.argsort(columns, kind="stable")
        columns, weights = columns[order], weights[order]
        key = columns.tobytes() + np.round(weights, 6).tobytes()
        if key in self.known:
            return False
        self.known.add(key)
        self.rows.append((columns, weights))
        self.rights.append(right)
        return True

    def _add_lone_cells(self) -> None:
        """A cell hidden alone in a sum of exact cells is known all the same: it may be shown.

        Fischetti and Salazar's bridge-less inequalities, for single sums; for units of one cell.
        """
        problem = self.problem
        exact = (self.column >= 0) & (problem.shown_high - problem.shown_low < NEAR)
        cells_of = np.diff(problem.shown_by.tocsc().indptr)
        own = (self.column >= 0) & (self.column < problem.units)
        own[own] = cells_of[self.column[own]] == 1
        own[own] &= ~problem.fixed_hidden[self.column[own]]
        own &= np.isnan(problem.need_low)
        for start, stop in zip(problem.matrix.indptr[:-1], problem.matrix.indptr[1:], strict=True):
            cells = problem.matrix.indices[start:stop]
            if not exact[cells].all():
                continue
            for cell in cells[own[cells]]:
                others = np.unique(self.column[cells[cells != cell]])
                weights = np.ones(len(others) + 1)
                weights[-1] = -1
                self._add(np.append(others, self.column[cell]), weights, 0.0)
