"""A suppression problem: cells, the sums that tie them, and who may learn what of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from justice_analysis.errors import DisclosureError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LARGEST = 25_000
"""Most cells of one problem: beyond, linear programmes take too long to be worth the wait."""
NEAR = 1e-6
"""Numbers closer than this are the same."""
NEAR_OF_SIZE = 1e-9
"""And closer than this part of their size: sums of large decimals aren't exact."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Cells of tables that leave together, as an attacker and as we know them.

    A cell is known to an attacker within `shown_low` to `shown_high` while any of its units is
    shown, and within `floor` to `ceiling` otherwise. A protected cell is safe when points of
    the attacker's system reach `need_low` or less, and `need_high` or more: the lower and upper
    protection levels of the literature, as ends rather than distances.

    Attributes
    ----------
    values
        True value of each cell, `(n,)`; missing for a latent cell, which nobody computed.
    matrix
        Sums, `(m, n)`: `matrix` times the cells is nothing.
    floor, ceiling
        What is known of a hidden, implied or latent cell beforehand, `(n,)`: 0 or 1; infinite.
    shown_low, shown_high
        What is read from a cell that is shown, `(n,)`: equal, or the range behind rounding.
    shown_by
        `(n, units)`, not 0 where a unit shows a cell. A cell of several units is hidden only
        when all of them are; one of none is implied or latent, and never shown.
    cost
        What hiding a unit loses, `(units,)`: the people in it, or 1.
    fixed_shown, fixed_hidden
        Units that can no longer be hidden, or must be, `(units,)`.
    need_low, need_high
        What an attacker's range of a protected cell must reach, `(n,)`; missing for others.

    Raises
    ------
    DisclosureError
        If shapes differ, the problem is too large, the truth breaks a sum or a range, or a
        unit is both fixed as shown and as hidden.
    """

    values: NDArray[np.float64]
    matrix: csr_matrix
    floor: NDArray[np.float64]
    ceiling: NDArray[np.float64]
    shown_low: NDArray[np.float64]
    shown_high: NDArray[np.float64]
    shown_by: csr_matrix
    cost: NDArray[np.float64]
    fixed_shown: NDArray[np.bool_]
    fixed_hidden: NDArray[np.bool_]
    need_low: NDArray[np.float64]
    need_high: NDArray[np.float64]

    def __post_init__(self) -> None:
        self._convert()
        problems = self._wrong_shapes() or [*self._wrong_units(), *self._wrong_cells()]
        problems = problems or self._wrong_truth()
        if problems:
            raise DisclosureError(" ".join(problems))

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.values)

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.cost)

    @property
    def protected(self) -> NDArray[np.intp]:
        """Positions of the protected cells."""
        return np.flatnonzero(~np.isnan(self.need_low))

    def shown_cells(self, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which cells some unit still shows."""
        return np.asarray(self.shown_by @ (~hidden).astype(np.float64) > 0)

    def ranges(self, hidden: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the least and the most that each cell by itself may be."""
        shown = self.shown_cells(hidden)
        low = np.where(shown, self.shown_low, self.floor)
        return low, np.where(shown, self.shown_high, self.ceiling)

    def _convert(self) -> None:
        from scipy.sparse import csr_matrix

        for name in ("values", "floor", "ceiling", "shown_low", "shown_high"):
            self._set(name, np.asarray(getattr(self, name), dtype=np.float64))
        for name in ("cost", "need_low", "need_high"):
            self._set(name, np.asarray(getattr(self, name), dtype=np.float64))
        for name in ("fixed_shown", "fixed_hidden"):
            self._set(name, np.asarray(getattr(self, name), dtype=np.bool_))
        for name in ("matrix", "shown_by"):
            entries = csr_matrix(getattr(self, name), dtype=np.float64, copy=True)
            entries.sum_duplicates()
            entries.eliminate_zeros()
            if name == "shown_by":
                entries.data[:] = 1
            self._set(name, entries)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _wrong_shapes(self) -> list[str]:
        cells, units = self.values.shape, self.cost.shape
        by_cell = ("floor", "ceiling", "shown_low", "shown_high", "need_low", "need_high")
        wrong = [name for name in by_cell if getattr(self, name).shape != cells]
        wrong += [
            name for name in ("fixed_shown", "fixed_hidden") if getattr(self, name).shape != units
        ]
        if self.shown_by.shape != (*cells, *units):
            wrong.append("shown_by")
        if self.matrix.shape[1:] != cells:
            wrong.append("matrix")
        if wrong:
            return [f"cells and units must have one entry each: {', '.join(wrong)} has not."]
        if self.cells > LARGEST:
            return [
                f"counts judged together must be at most {LARGEST:,}: {self.cells:,} were found. "
                "Make smaller tables."
            ]
        return []

    def _wrong_units(self) -> list[str]:
        both = int((self.fixed_shown & self.fixed_hidden).sum())
        wrong = [f"a unit cannot be both shown and hidden: {both:,} are."] if both else []
        costs = int((~np.isfinite(self.cost) | (self.cost < 0)).sum())
        if costs:
            wrong.append(f"the cost of a unit must not be negative or missing: {costs:,} are.")
        return wrong

    def _wrong_cells(self) -> list[str]:
        stated = np.diff(self.shown_by.indptr) > 0
        one_need = np.isnan(self.need_low) != np.isnan(self.need_high)
        bad = {
            "floor must be a number of at most ceiling": ~(self.floor <= self.ceiling),
            "shown_low must be a number of at most shown_high": stated
            & ~(self.shown_low <= self.shown_high),
            "a protected cell must need both ends, in order": one_need
            | (self.need_low > self.need_high),
            "a latent cell can't be shown": np.isnan(self.values) & stated,
            "a value must be finite": np.isinf(self.values),
            "sums must be of numbers": np.full(1, not np.isfinite(self.matrix.data).all()),
        }
        return [f"{rule}: {int(at.sum()):,} are not." for rule, at in bad.items() if at.any()]

    def _wrong_truth(self) -> list[str]:
        stated = np.diff(self.shown_by.indptr) > 0
        may_hide = ~self.shown_cells(~self.fixed_shown)
        near = NEAR + NEAR_OF_SIZE * np.abs(self.values)
        below, above = self.values < self.floor - near, self.values > self.ceiling + near
        outside = may_hide & (below | above)
        below, above = self.values < self.shown_low - near, self.values > self.shown_high + near
        outside |= stated & (below | above)
        known = np.nan_to_num(self.values)
        latent = abs(self.matrix) @ np.isnan(self.values).astype(np.float64) > 0
        near_sum = NEAR + NEAR_OF_SIZE * (abs(self.matrix) @ np.abs(known))
        broken = ~latent & (np.abs(self.matrix @ known) > near_sum)
        wrong = []
        if outside.any():
            found = int(outside.sum())
            wrong.append(f"a count must lie in the range said of it: {found:,} do not.")
        if broken.any():
            wrong.append(f"totals must be the sums of their parts: {int(broken.sum()):,} are not.")
        return wrong


def units_of_cells(units: Sequence[Sequence[int]], *, count: int) -> csr_matrix:
    """Write `shown_by` from the units of each cell.

    Parameters
    ----------
    units
        For each cell the units that show it; empty for an implied or latent cell.
    count
        Number of units.
    """
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *map(len, units)])
    columns = np.array([unit for cell in units for unit in cell], dtype=np.intp)
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(units), count))
