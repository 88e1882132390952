"""The attacker's system: what is uncertain once some units are hidden, and how it hangs together.

Everything is written as moves from the truth (from 0 where a cell is latent): counts of a
hundred million then leave the sums exact, since the truth is a move of nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.problem import NEAR, Problem
from justice_analysis.disclosure.suppression.solver import Array

ROUNDS = 30
"""Most passes over the sums while ranges are narrowed."""


@dataclass(frozen=True, eq=False)
class Part:
    """Uncertain cells that hang together, and the sums between them: `matrix @ moves == right`."""

    cells: NDArray[np.intp]
    matrix: Any
    right: Array
    low: Array
    high: Array


@dataclass(frozen=True, eq=False)
class Attacker:
    """What an attacker knows of each cell.

    Attributes
    ----------
    base
        The truth, or 0 where it is latent; moves are counted from here, `(n,)`.
    low, high
        Moves that no sum by itself rules out, `(n,)`.
    label
        Number of the part that a cell belongs to, `(n,)`; -1 where nothing is uncertain.
    """

    problem: Problem
    base: Array
    right: Array
    low: Array
    high: Array
    label: NDArray[np.intp]

    @classmethod
    def of(cls, problem: Problem, hidden: NDArray[np.bool_]) -> Attacker:
        """Write down what follows once the units `hidden` are hidden."""
        base = np.nan_to_num(problem.values)
        right = right_sides(problem)
        low, high = problem.ranges(hidden)
        low, high = narrowed(problem, right, low - base, high - base)
        free = high - low > NEAR
        return cls(problem, base, right, low, high, _labels(problem.matrix, free))

    def part(self, number: int) -> Part:
        """Return one part, with what is certain moved to the right sides."""
        inside = self.label == number
        cells = np.flatnonzero(inside)
        columns = self.problem.matrix[:, cells]
        rows = np.flatnonzero(np.diff(columns.indptr))
        certain = np.where(self.label < 0, (self.low + self.high) / 2, 0)
        right = (self.right - self.problem.matrix @ np.nan_to_num(certain))[rows]
        return Part(cells, columns[rows], right, self.low[cells], self.high[cells])


def right_sides(problem: Problem) -> Array:
    """Return what the moves of each sum add up to, `(m,)`: 0 unless a cell is latent."""
    latent = np.isnan(problem.values)
    through_latent = abs(problem.matrix) @ latent.astype(np.float64) > 0
    return np.where(through_latent, -(problem.matrix @ np.nan_to_num(problem.values)), 0.0)


def narrowed(problem: Problem, right: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Narrow the ranges of moves by each sum by itself, until nothing changes or rounds run out."""
    sums = problem.matrix.tocoo()
    known = ~np.isnan(problem.values)
    low, high = low.copy(), high.copy()
    for _ in range(ROUNDS):
        before = low.copy(), high.copy()
        _narrow_once(sums, right, low, high)
        low[known], high[known] = np.minimum(low[known], 0), np.maximum(high[known], 0)
        crossed = low > high
        low[crossed] = high[crossed] = ((low + high) / 2)[crossed]
        if not _changed(before[0], low) and not _changed(before[1], high):
            break
    return low, high


def _changed(before: Array, after: Array) -> bool:
    finite = np.isfinite(after)
    return bool((~np.isfinite(before[finite])).any()) or bool(
        (np.abs(before[finite] - after[finite]) > NEAR).any()
    )


def _narrow_once(sums: Any, right: Array, low: Array, high: Array) -> None:
    row, cell, factor = sums.row, sums.col, sums.data
    rising = factor > 0
    least = factor * np.where(rising, low[cell], high[cell])
    most = factor * np.where(rising, high[cell], low[cell])
    above = (right[row] - _others(least, row, len(right))) / factor
    below = (right[row] - _others(most, row, len(right))) / factor
    np.minimum.at(high, cell, np.where(rising, above, below))
    np.maximum.at(low, cell, np.where(rising, below, above))


def _others(terms: Array, row: NDArray[np.intp], rows: int) -> Array:
    """Sum of the other terms of the same row: infinite where one of them is."""
    finite = np.isfinite(terms)
    total = np.bincount(row, np.where(finite, terms, 0), minlength=rows)[row]
    endless = np.bincount(row, ~finite, minlength=rows)[row] - ~finite
    rest = total - np.where(finite, terms, 0)
    sign = -1.0 if (terms[~finite] < 0).any() else 1.0  # least: minus infinity; most: plus
    return np.where(endless > 0, sign * np.inf, rest)


def _labels(matrix: Any, free: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Number the parts: cells of one sum hang together, through uncertain cells only."""
    from scipy.sparse import block_array
    from scipy.sparse.csgraph import connected_components

    columns = matrix[:, np.flatnonzero(free)]
    linked = block_array([[None, columns.T], [columns, None]], format="csr")
    _, number = connected_components(linked, directed=False)
    label = np.full(len(free), -1, dtype=np.intp)
    label[free] = number[: int(free.sum())]
    return label
