"""Cells, the units that show them, and the sums between them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

Cell = tuple[Hashable, ...]
Unit = tuple[int, int]
"""Number of the output, and position of the row (or of the curve) in it."""


@dataclass(frozen=True)
class Sum:
    """A total and its parts: the values of the parts add up to the total's."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class CountSystem:
    """All cells over all outputs, with the sums between them.

    Attributes
    ----------
    values
        True value of every cell; missing (NaN) for a joint cell that nobody computed.
    shown_by
        Units that state the cell; none for an implied cell.
    slack
        Implied cells that only reconcile groups with their total. One that is large enough is
        taken to be known to an attacker; a small one is to be protected.
    steps
        Implied differences in which nobody is no finding: their zero is not protected.
    lines
        Sums over the groups of one dimension that an output states itself.
    """

    values: dict[Cell, float]
    shown_by: dict[Cell, tuple[Unit, ...]]
    sums: tuple[Sum, ...]
    slack: frozenset[Cell]
    steps: frozenset[Cell]
    lines: frozenset[Sum] = frozenset()
