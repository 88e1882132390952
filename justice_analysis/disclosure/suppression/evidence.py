"""What is proved of protected cells, and the points that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.problem import NEAR, Problem
from justice_analysis.disclosure.suppression.solver import Array

SIDES = (1, -1)
"""1: the least a cell can be; -1: the most (the least of its negative)."""


@dataclass(frozen=True, eq=False)
class Witness:
    """A point of the attacker's system: moves of some cells from the truth."""

    cells: NDArray[np.intp]
    moves: Array

    def stays_within(self, cells: NDArray[np.intp], low: Array, high: Array) -> bool:
        """Whether it moves the given cells from `low` to `high` only."""
        place = np.minimum(np.searchsorted(self.cells, cells), len(self.cells) - 1)
        moves = np.where(self.cells[place] == cells, self.moves[place], 0)
        return bool(((moves >= low - NEAR) & (moves <= high + NEAR)).all())


@dataclass(eq=False)
class Evidence:
    """What is proved so far, by side: reached moves `(n,)` and the witnesses behind them."""

    needs: dict[int, Array]
    reached: dict[int, Array]
    whole: dict[int, NDArray[np.bool_]]
    by: dict[int, NDArray[np.intp]]
    witnesses: list[Witness] = field(default_factory=list)

    @classmethod
    def of(cls, problem: Problem) -> Evidence:
        """Begin with nothing proved but the truth itself."""
        base = np.nan_to_num(problem.values)
        none = np.full(problem.cells, np.inf)
        return cls(
            needs={1: problem.need_low - base, -1: base - problem.need_high},
            reached={1: none, -1: none.copy()},
            whole={side: np.zeros(problem.cells, dtype=bool) for side in SIDES},
            by={side: np.full(problem.cells, -1) for side in SIDES},
        )

    def add(self, witness: Witness, *, whole: bool) -> None:
        """Prove what a witness proves."""
        number, cells = len(self.witnesses), witness.cells
        self.witnesses.append(witness)
        for side in SIDES:
            moves = side * witness.moves
            enough = moves <= self.needs[side][cells] + NEAR
            fresh = enough & (self.by[side][cells] < 0)
            self.by[side][cells[fresh]] = number
            self.reached[side][cells] = np.minimum(self.reached[side][cells], moves)
            if whole:
                self.whole[side][cells[enough]] = True

    def while_within(self, cells: NDArray[np.intp], low: Array, high: Array) -> Evidence:
        """Return what stays proved once these cells move from `low` to `high` only."""
        used = np.unique(np.concatenate([self.by[side] for side in SIDES]))
        standing = [
            number
            for number in used[used >= 0]
            if self.witnesses[number].stays_within(cells, low, high)
        ]
        place = np.full(len(self.witnesses) + 1, -1)
        place[standing] = np.arange(len(standing))
        return Evidence(
            needs=self.needs,
            reached={side: np.full(len(cell), np.inf) for side, cell in self.by.items()},
            whole={side: np.zeros(len(cell), dtype=bool) for side, cell in self.by.items()},
            by={side: place[cell] for side, cell in self.by.items()},
            witnesses=[self.witnesses[number] for number in standing],
        )

    def proved(self, side: int) -> NDArray[np.bool_]:
        """Tell which cells have a witness on this side."""
        return self.by[side] >= 0
