"""Whether groups add up to their totals: along a dimension, and inside a hierarchy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import (
    dimensions_of_categories,
    dimensions_without_effect,
    is_total,
    parent_in,
    parents,
    unit_rows,
)


@dataclass(frozen=True)
class Line:
    """A total and the groups inside it, by positions of rows."""

    dimension: str
    total: int
    parts: tuple[int, ...]
    is_inner: bool


def lines(output: Output) -> Iterator[Line]:
    """Give every total of a table with its groups: over a dimension, or inside a larger group.

    Dimensions along which the same people are counted again (horizons, causes) have no totals.
    """
    again = dimensions_without_effect(output)
    table = unit_rows(output)
    for name in output.dimensions:
        if name in again:
            continue
        others = [other for other in output.dimensions if other != name]
        groups = table.groupby(others, dropna=False, sort=False) if others else [((), table)]
        for _, rows in groups:
            yield from _lines_of(output, name, rows)


def _lines_of(output: Output, name: str, rows: pd.DataFrame) -> Iterator[Line]:
    values = dict(zip((int(at) for at in rows.index), rows[name], strict=True))
    totals = [at for at, value in values.items() if is_total(value)]
    known = {str(value): at for at, value in values.items() if not is_total(value)}
    inside: dict[str | None, list[int]] = {}
    for value, at in known.items():
        parent = parent_in(output, name, value, known.keys() & parents(output, name))
        inside.setdefault(parent, []).append(at)
    for parent, parts in inside.items():
        if parent is not None:
            yield Line(name, known[parent], tuple(parts), True)
        elif totals:
            yield Line(name, totals[0], tuple(parts), False)


def overlapping(output: Output) -> list[str]:
    """Dimensions whose groups hold more people than their total: some are counted in several."""
    people = unit_rows(output)[output.roles.people].astype(float)
    found = {
        line.dimension: None
        for line in lines(output)
        if not line.is_inner and people.iloc[list(line.parts)].sum() > people.iloc[line.total]
    }
    return list(found)


def _adding_up(output: Output) -> list[str]:
    """Counts of units: they add up whether or not their people stand in several groups."""
    return [name for name in output.roles.counts if name in output.roles.people_behind]


def problems(output: Output) -> list[str]:
    """Totals that are not the sum of their groups: the output fails.

    Groups may hold fewer people than their total only where they are said to hold more in
    another way (`overlapping`); those in no group must be a group of their own. Where an output
    says that people stand in several groups, what it counts of them must still add up.
    """
    table = unit_rows(output)
    overlap, of_whole = set(overlapping(output)), dimensions_of_categories(output)
    wrong: dict[tuple[str, str], int] = {}
    for line in lines(output):
        said = line.dimension in output.overlapping
        if line.dimension in overlap and not line.is_inner and not said:
            continue
        for name in _adding_up(output) if said else output.roles.counts:
            if name == output.roles.denominator and of_whole:
                continue  # a category that a group has none of has no row, and so no whole
            values = table[name].astype(float)
            if values.iloc[list(line.parts)].sum() != values.iloc[line.total]:
                key = (name, line.dimension)
                wrong[key] = wrong.get(key, 0) + 1
    return [
        f"groups of {dimension} must add up to their total in {name}: {count:,} totals differ. "
        "Correct it, or give those in no group a row of their own."
        for (name, dimension), count in wrong.items()
    ]
