"""Sums of a quantity as cells, and the sums that tie them together.

What nobody wrote down is latent: the total of two tables that show only groups, those in no
group, those in one population alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

SUM, SQUARES = "sum", "squares"
NEAR = 1e-6
"""Sums of floating numbers that are closer than this, relative to their size, are the same."""
Name = tuple[Any, ...]
Unit = tuple[int, int]


@dataclass(frozen=True)
class Amount:
    """One cell: its true value, the people behind it, and the largest person's part.

    `low` and `high` are what is read from it where it is shown; `units` show it (none: latent).
    """

    name: Name
    value: float
    people: int
    largest: float = 0.0
    low: float = 0.0
    high: float = math.inf
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class AmountSum:
    """A total and its parts, by name: the parts add up to the total."""

    total: Name
    parts: tuple[Name, ...]


@dataclass
class Amounts:
    """Cells by name, and the sums between them."""

    cells: dict[Name, Amount] = field(default_factory=dict)
    sums: dict[AmountSum, None] = field(default_factory=dict)

    def state(self, cell: Amount) -> Name:
        """Add a stated cell and return its name; stated twice it is one cell with more units.

        Rounded in another way it is a second cell, equal to the first. Of one name but another
        value (another definition under the same words) it is another cell.
        """
        known = self.cells.get(cell.name)
        if known is None:
            self.cells[cell.name] = cell
            return cell.name
        if not is_near(known.value, cell.value):
            return self.state(replace(cell, name=(*cell.name, cell.value)))
        if known.units and (known.low, known.high) != (cell.low, cell.high):
            again = (*cell.name, (cell.low, cell.high))
            self.sums[AmountSum(known.name, (again,))] = None
            self.state(replace(cell, name=again))
            return known.name
        self.cells[known.name] = replace(
            known,
            people=max(known.people, cell.people),
            largest=max(known.largest, cell.largest),
            low=cell.low,
            high=cell.high,
            units=tuple(dict.fromkeys((*known.units, *cell.units))),
        )
        return known.name

    def add_up(self, total: Name, parts: Sequence[Name], *, people: int | None = None) -> None:
        """Record that parts belong to a total; what is between them becomes a latent cell."""
        parts = tuple(dict.fromkeys(parts))
        value = math.fsum(self.cells[part].value for part in parts)
        counted = sum(self.cells[part].people for part in parts)
        whole = self.cells.get(total)
        if whole is None:
            self.cells[total] = Amount(total, value, counted if people is None else people)
        elif not is_near(whole.value, value):
            gap = whole.value - value
            rest = ("rest" if gap > 0 else "overlap", total, parts)
            few = max(whole.people - counted, 0) if gap > 0 else 0
            self.cells[rest] = Amount(rest, abs(gap), few)
            if gap < 0:  # people counted in several groups: the groups exceed the total
                together = ("together", total, parts)
                self.cells[together] = Amount(together, value, counted)
                self.sums[AmountSum(together, (total, rest))] = None
                total = together
            else:
                parts = (*parts, rest)
        self.sums[AmountSum(total, parts)] = None


def is_near(one: float, other: float) -> bool:
    """Whether two sums are the same but for the error of floating numbers."""
    return abs(one - other) <= NEAR * max(1.0, abs(one), abs(other))
