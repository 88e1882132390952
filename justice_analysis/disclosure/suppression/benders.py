"""The exact route for small problems: Benders' decomposition, as Fischetti and Salazar use it.

A master programme chooses units to hide at least cost under the cuts found so far; attacks on
its choice give further cuts (`cuts.py`). First the choice may lie between hiding and showing,
which brings most cuts cheaply; then units are whole. The master never costs more than the best
safe choice, so a safe choice that costs no more is the best. Each choice of the master is also
made safe by the heuristic, and the cheapest of these is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.attacker import Attacker
from justice_analysis.disclosure.suppression.audit import unsafe_cells
from justice_analysis.disclosure.suppression.cuts import Widths
from justice_analysis.disclosure.suppression.evidence import SIDES, Evidence
from justice_analysis.disclosure.suppression.master import Master
from justice_analysis.disclosure.suppression.problem import NEAR, Problem
from justice_analysis.disclosure.suppression.solver import Array

LARGEST_EXACT = 350
"""Most cells for which the exact route is tried."""
FRACTIONAL_ROUNDS = 15
"""Most rounds of cuts while units may be partly hidden."""
WHOLE_ROUNDS = 60
"""Most rounds of cuts with whole units."""
WORK = 120_000_000
"""Most cuts, times their entries, summed over the masters with whole units."""
BRANCHES = 4_320_000
"""Most branches of all their masters, over the square of the cells: 300 for 120 cells, 35 for 350.
Counts, not seconds, end the search, so that the same problem has the same answer everywhere."""

WAIT = 5
"""A master programme looks at the clock on the wall: it gets this many times what is left."""

Hidden = NDArray[np.bool_]
Repair = Callable[[Hidden, Array], Hidden]
"""Makes a choice safe: units to begin with and cost of each unit, to units to hide."""


@dataclass(eq=False)
class Search:
    """The cheapest safe choice so far, and what the search may still use.

    Attributes
    ----------
    hidden
        Cheapest safe choice of units so far, `(units,)`.
    bound
        No safe choice costs less.
    end
        Reading of the clock at which to stop, whatever was found.
    """

    problem: Problem
    hidden: Hidden
    repair: Repair
    end: float
    master: Master
    bound: float = 0.0
    late: bool = field(default=False)

    @property
    def cost(self) -> float:
        """Cost of the cheapest safe choice so far."""
        return float(self.problem.cost[self.hidden].sum())

    @property
    def exact(self) -> bool:
        """Whether no safe choice can be cheaper."""
        whole = bool((self.problem.cost == np.round(self.problem.cost)).all())
        return self.cost < self.bound + (1 if whole else NEAR) - NEAR * max(1.0, self.cost)

    def offer(self, begin: Hidden, cost: Array) -> None:
        """Make a choice safe and keep it if it is the cheapest."""
        hidden = self.repair(begin, cost)
        if self.problem.cost[hidden].sum() < self.cost - NEAR:
            self.hidden = hidden

    def out_of_time(self) -> bool:
        """Look at the clock."""
        self.late = self.late or time.process_time() > self.end
        return self.late


def improve(
    problem: Problem, hidden: Hidden, repair: Repair, *, end: float, patience: int = 1
) -> Search:
    """Look for a cheaper safe choice of units than `hidden`, and for a proof that there is none.

    Parameters
    ----------
    hidden
        A safe choice, `(units,)`.
    end
        Reading of `time.process_time` at which to stop.
    patience
        Times the usual number of rounds and branches.
    """
    search = Search(problem, hidden, repair, end, Master.of(problem))
    widths = Widths.of(problem)
    _fractional_rounds(search, widths)
    branches, work = patience * BRANCHES // problem.cells**2, patience * WORK
    for _ in range(patience * WHOLE_ROUNDS):
        work -= search.master.size
        if search.exact or branches <= 0 or work < 0 or search.out_of_time():
            break
        seconds = WAIT * max(1.0, search.end - time.process_time())
        choice, bound, used = search.master.whole(branches=branches, seconds=seconds)
        branches -= used
        search.bound = max(search.bound, bound)
        if choice is None or search.exact or not _cut_off(search, widths, choice):
            break
    return search


def _fractional_rounds(search: Search, widths: Widths) -> None:
    problem, before = search.problem, -np.inf
    units = problem.fixed_hidden.astype(np.float64)
    for _ in range(FRACTIONAL_ROUNDS):
        state = search.master.cells_hidden(units)
        found = 0
        for cell in problem.protected:
            for side in SIDES:
                cut = widths.attack(int(cell), side, state, most=1.0)
                found += cut is not None and search.master.add_cut(cut, state)
        if not found or search.out_of_time():
            break
        units, bound = search.master.fractional()
        search.bound = max(search.bound, bound)
        if bound < before + 1e-4 * abs(before):
            break
        before = bound
    search.offer(problem.fixed_hidden, problem.cost * (1.01 - units))


def _cut_off(search: Search, widths: Widths, choice: Hidden) -> bool:
    """Add the cuts that a choice breaks; False where it is safe, and so the best."""
    problem, evidence = search.problem, Evidence.of(search.problem)
    broken = list(unsafe_cells(Attacker.of(problem, choice), evidence))
    if not broken:
        search.offer(choice, problem.cost)
        return False
    state = search.master.cells_hidden(choice.astype(np.float64))
    found = 0
    for side, cell in broken:
        cut = widths.attack(cell, side, state, most=np.inf)
        found += cut is not None and search.master.add_cut(cut, state)
    if not found:
        search.master.add_more_than(choice)
    search.offer(choice, problem.cost)
    return True
