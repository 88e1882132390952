"""Differences of outcomes among the same people: between horizons, and in none of the causes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells.lines import Stated, denominator_of, role_of
from justice_analysis.disclosure.cells.register import Register
from justice_analysis.disclosure.cells.rows import is_ordered, is_total, unit_rows
from justice_analysis.disclosure.cells.system import Cell, Sum
from justice_analysis.errors import DisclosureError

LONGEST_NESTING = 40


def add_nesting(register: Register, output: Output, stated: Stated) -> None:
    """Differences of numerators that share a denominator: horizons, and one of several causes."""
    table = unit_rows(output)
    for name in output.dimensions if output.roles.numerator else ():
        others = [other for other in output.dimensions if other != name]
        for rows in _groups(table, others):
            inner = rows[~rows[name].map(is_total)]
            for denominator, positions in _by_denominator(stated, inner.index).items():
                numerators = [c for p in positions if (c := role_of(stated[p], "numerator"))]
                if is_ordered(inner[name]):
                    _add_horizons(register, numerators)
                elif len(positions) > 1:
                    _add_remainder(register, denominator, numerators)


def _add_horizons(register: Register, numerators: list[Cell]) -> None:
    distinct = sorted(set(numerators), key=lambda cell: register.values[cell])
    if len(distinct) > LONGEST_NESTING:
        raise DisclosureError(
            f"estimates must have at most {LONGEST_NESTING} horizons of one group: "
            f"{len(distinct)} were found. Make it a survival output."
        )
    for early, late in combinations(distinct, 2):
        if 0 < register.values[late] - register.values[early] < register.threshold:
            register.less(late, early, "between horizons")


def _add_remainder(register: Register, denominator: Cell, numerators: list[Cell]) -> None:
    rest = register.values[denominator] - register.total_of(numerators)
    if 0 < rest < register.threshold:
        cell = ("in none", denominator, tuple(numerators))
        register.imply(cell, rest, step=True)
        register.sums.append(Sum(denominator, (*numerators, cell)))


def _by_denominator(stated: Stated, positions: Iterable[int]) -> dict[Cell, list[int]]:
    found: dict[Cell, list[int]] = defaultdict(list)
    for position in positions:
        found[denominator_of(stated[position])].append(position)
    return found


def _groups(table: pd.DataFrame, others: list[str]) -> list[pd.DataFrame]:
    if table.empty:
        return []
    if not others:
        return [table]
    return [rows for _, rows in table.groupby(others, dropna=False, sort=False)]
