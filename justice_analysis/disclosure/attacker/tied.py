"""Counts that hang together, written as one problem of `suppression`."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.cells import Cell, CountSystem, Sum, Unit, least_hidden
from justice_analysis.disclosure.reading import Reading
from justice_analysis.errors import DisclosureError

if TYPE_CHECKING:
    from justice_analysis.disclosure.suppression import Problem

MOST_RANGES = 150
"""Protected cells of one part up to which their full ranges are worked out, for the checker."""
UNSAFE = "counts under the minimum could be worked out whatever is hidden: review it."


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of all counts, and of which units.

    Attributes
    ----------
    readings
        How each unit's counts are read where it is shown.
    needs
        Protected cells, with what an attacker's range of each must reach.
    cost
        What hiding each unit loses: the people in it.
    zeros
        Whether zeros are hidden: if so, a hidden count of people may be nobody.
    """

    system: CountSystem
    readings: Mapping[Unit, Reading]
    needs: Mapping[Cell, tuple[float, float]]
    cost: Mapping[Unit, float]
    zeros: bool


@dataclass(frozen=True)
class Finding:
    """What an attacker learns of one protected cell: it lies from `low` to `high`.

    `needed` is what the range must reach; `proof` says in which numbers that was shown.
    """

    cell: Cell
    true: float
    low: float
    high: float
    safe: bool
    needed: tuple[float, float] = (0, 0)
    proof: str = "real numbers"


@dataclass(frozen=True, eq=False)
class Tied:
    """Cells and units of one component, in the order of their positions in the problem."""

    cells: tuple[Cell, ...]
    units: tuple[Unit, ...]
    problem: Problem

    @classmethod
    def of(
        cls,
        known: Known,
        cells: tuple[Cell, ...],
        sums: tuple[Sum, ...],
        hidden: Set[Unit],
        shown: Set[Unit],
    ) -> Tied:
        """Write down cells that sums tie together, with the units that show them."""
        from justice_analysis.disclosure.suppression import Problem, units_of_cells

        system = known.system
        place = {cell: position for position, cell in enumerate(cells)}
        shown_by = [system.shown_by.get(cell, ()) for cell in cells]
        units = tuple(sorted({unit for row in shown_by for unit in row}))
        at = {unit: position for position, unit in enumerate(units)}
        low, high = _read(known, cells)
        floor = np.array([least_hidden(system, cell, zeros_hidden=known.zeros) for cell in cells])
        fixed = np.array([_is_known(known, cell) for cell in cells], dtype=bool)
        values = np.array([system.values[cell] for cell in cells], dtype=float)
        needed = [known.needs.get(cell, (np.nan, np.nan)) for cell in cells]
        problem = Problem(
            values=values,
            matrix=_equations(sums, place),
            floor=np.where(fixed, values, floor),
            ceiling=np.where(fixed, values, np.inf),
            shown_low=low,
            shown_high=high,
            shown_by=units_of_cells([[at[unit] for unit in row] for row in shown_by],
                                    count=len(units)),
            cost=np.array([known.cost.get(unit, 0.0) + 1 for unit in units]),
            fixed_shown=np.array([unit in shown for unit in units], dtype=bool),
            fixed_hidden=np.array([unit in hidden - shown for unit in units], dtype=bool),
            need_low=np.array([low for low, _ in needed]),
            need_high=np.array([high for _, high in needed]),
        )  # fmt: skip
        return cls(cells, units, problem)

    def without_known(self) -> tuple[Tied, list[Finding]]:
        """Ask no more than that what is known already gets known no closer."""
        from justice_analysis.disclosure.suppression import audit

        problem = self.problem
        if not problem.fixed_shown.any():
            return self, []
        most = ~problem.fixed_shown
        if not audit(problem, most).unsafe.any():
            return self, []
        found = audit(problem, most, ranges=True)
        low, high = problem.need_low.copy(), problem.need_high.copy()
        low[found.unsafe] = np.fmax(low, found.low + 1e-6)[found.unsafe]
        high[found.unsafe] = np.fmin(high, found.high - 1e-6)[found.unsafe]
        low = np.minimum(low, high)
        known = [self._finding(cell, found.low, found.high, False)
                 for cell in np.flatnonzero(found.unsafe)]  # fmt: skip
        return replace(self, problem=replace(problem, need_low=low, need_high=high)), known

    def suppressed(self) -> tuple[NDArray[np.bool_], str]:
        """Choose what to hide; nothing that is not audited counts."""
        from justice_analysis.disclosure.suppression import suppress

        solved = suppress(self.problem)
        if not solved.audited:
            raise DisclosureError(UNSAFE)
        return self._safe_in_whole_numbers(solved.hidden), solved.method

    def _safe_in_whole_numbers(self, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Hide the cheapest units left while whole numbers alone would tell a count."""
        from justice_analysis.disclosure.suppression import audit

        open_units = np.flatnonzero(~hidden & ~self.problem.fixed_shown)
        for unit in open_units[np.argsort(self.problem.cost[open_units], kind="stable")]:
            if not audit(self.problem, hidden, whole_numbers=True).unsafe.any():
                break
            hidden = hidden.copy()
            hidden[unit] = True
        return hidden

    def named(self, hidden: NDArray[np.bool_]) -> set[Unit]:
        """Name the units at these positions."""
        return {unit for unit, is_hidden in zip(self.units, hidden, strict=True) if is_hidden}

    def findings(self, hidden: NDArray[np.bool_]) -> list[Finding]:
        """Say what is learnt of each protected cell once these units are hidden."""
        from justice_analysis.disclosure.suppression import audit

        few = len(self.problem.protected) <= MOST_RANGES
        found = audit(self.problem, hidden, whole_numbers=True, ranges=few)
        return [
            replace(
                self._finding(cell, found.low, found.high, not found.unsafe[cell]),
                proof="real numbers" if found.unproved[cell] else "whole numbers",
            )
            for cell in self.problem.protected
        ]

    def _finding(
        self, at: np.intp, low: NDArray[np.float64], high: NDArray[np.float64], safe: bool
    ) -> Finding:
        problem = self.problem
        needed = (float(problem.need_low[at]), float(problem.need_high[at]))
        true = float(problem.values[at])
        return Finding(self.cells[at], true, float(low[at]), float(high[at]), bool(safe), needed)


def components(system: CountSystem) -> list[tuple[tuple[Cell, ...], tuple[Sum, ...]]]:
    """Split cells and sums into sets that are tied to each other, directly or not."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    cells = tuple(system.values)
    at = {cell: position for position, cell in enumerate(cells)}
    links = [(at[one.total], at[part]) for one in system.sums for part in one.parts]
    rows, columns = zip(*links, strict=True) if links else ((), ())
    shape = (len(cells), len(cells))
    linked = csr_matrix((np.ones(len(links)), (rows, columns)), shape=shape)
    count, label = connected_components(linked, directed=False)
    members: list[list[Cell]] = [[] for _ in range(count)]
    sums: list[list[Sum]] = [[] for _ in range(count)]
    for cell, number in zip(cells, label, strict=True):
        members[number].append(cell)
    for one in system.sums:
        sums[label[at[one.total]]].append(one)
    return [(tuple(m), tuple(s)) for m, s in zip(members, sums, strict=True)]


def _equations(sums: tuple[Sum, ...], place: Mapping[Cell, int]) -> object:
    """Write sums as a matrix: the parts less the total are nothing."""
    from scipy.sparse import csr_matrix

    entries = [(-1.0, row, place[one.total]) for row, one in enumerate(sums)]
    entries += [(1.0, row, place[part]) for row, one in enumerate(sums) for part in one.parts]
    value, row, column = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_matrix((value, (row, column)), shape=(len(sums), len(place)))


def _read(known: Known, cells: tuple[Cell, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what is read of each cell that is shown: by the unit that says it most closely."""
    low, high = np.zeros(len(cells)), np.full(len(cells), np.inf)
    for position, cell in enumerate(cells):
        for unit in known.system.shown_by.get(cell, ()):
            least, most = known.readings[unit].range_of(known.system.values[cell])
            low[position] = max(low[position], least)
            high[position] = min(high[position], most)
    return low, high


def _is_known(known: Known, cell: Cell) -> bool:
    """Whether a cell only reconciles a total with its groups, and is large enough to be known."""
    return cell in known.system.slack and cell not in known.needs
