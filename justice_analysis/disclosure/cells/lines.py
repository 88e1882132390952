"""Sums that outputs state: those without the outcome, groups and totals, groups within groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells.register import Counted, Name, Register
from justice_analysis.disclosure.cells.rows import (
    Group,
    dimensions_of_categories,
    is_total,
    parent_in,
    parents,
    unit_rows,
)
from justice_analysis.disclosure.cells.system import Cell, Sum

Stated = dict[int, dict[str, tuple[Name, Cell]]]
"""By row and role: the name of a count and its cell."""


def role_of(by_role: dict[str, tuple[Name, Cell]], kind: str) -> Cell | None:
    """Find the cell of a kind of role in one row."""
    return next((cell for role, (_, cell) in by_role.items() if role.split(" ")[0] == kind), None)


def denominator_of(by_role: dict[str, tuple[Name, Cell]]) -> Cell:
    """Find the cell that a row's share is of: its people where no other is named."""
    return role_of(by_role, "denominator") or by_role["people"][1]


def add_complements(register: Register, stated: Stated, output: Output) -> None:
    """Those in the denominator without the outcome are people too; nobody is outside a whole."""
    wholes = _wholes(output)
    for position, by_role in stated.items():
        numerator, denominator = role_of(by_role, "numerator"), denominator_of(by_role)
        if position in wholes and numerator is not None:
            register.sums.append(Sum(denominator, (numerator,)))
            continue
        if numerator is None or register.values[numerator] > register.values[denominator]:
            continue
        rest = ("without", numerator, denominator)
        register.imply(rest, register.values[denominator] - register.values[numerator])
        register.sums.append(Sum(denominator, (numerator, rest)))


def _wholes(output: Output) -> set[int]:
    """Rows of all categories together, whose numerator is the denominator by definition."""
    parts = dimensions_of_categories(output)
    rows = unit_rows(output).to_dict("records") if parts else []
    return {at for at, row in enumerate(rows) if any(is_total(row[name]) for name in parts)}


def add_lines(register: Register, output: Output, stated: Stated) -> None:
    """Groups along some dimensions add up to their total, wherever the total is stated.

    A total over several dimensions is tied to the groups straight away where nobody states the
    totals between: a table may come with any of its margins, or with the last alone.
    """
    tables = _by_dimensions(register, stated)
    own = {(name.counted, name.dimensions) for row in stated.values() for name, _ in row.values()}
    for (counted, dimensions), cells in tables.items():
        parts = _leaves(output, cells)
        for above in _totals_above(register, counted, dimensions):
            in_output = (counted, above) in own
            for group, members in _members(parts, above).items():
                name = Name(*counted, group)
                said = bool(({*dimensions} - {*above}) & {*output.overlapping})
                for total in register.versions.get(name, ()):
                    _tie(register, total, members, certain=in_output, overlapping=said)
        _add_hierarchy(register, output, cells)


def _tie(
    register: Register,
    total: Cell,
    parts: Sequence[Cell],
    *,
    certain: bool,
    overlapping: bool = False,
) -> None:
    """Groups of another output may be some only: their gap to a total must be small to count."""
    parts = list(dict.fromkeys(parts))
    gap = register.values[total] - register.total_of(parts)
    if parts and total not in parts and (certain or abs(gap) < register.threshold):
        register.add(total, parts, line=True, overlapping=overlapping)


def _by_dimensions(
    register: Register, stated: Stated
) -> dict[tuple[Counted, tuple[str, ...]], dict[Name, Cell]]:
    found: dict[tuple[Counted, tuple[str, ...]], dict[Name, Cell]]
    found = defaultdict(dict)
    for by_role in stated.values():
        for name, cell in by_role.values():
            found[name.counted, name.dimensions][name] = cell
    return found


def _leaves(output: Output, cells: dict[Name, Cell]) -> dict[Name, Cell]:
    """Leave out groups that others of the same table lie in."""
    inner = {name: parents(output, name) for name in output.dimensions}
    return {
        name: cell
        for name, cell in cells.items()
        if not any(value in inner.get(dimension, ()) for dimension, value in name.group)
    }


def _totals_above(
    register: Register, counted: Counted, dimensions: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """Margins of a table that somebody states, without those that others lead to."""
    tables = register.tables[counted]
    above = [other for other in tables if set(other) < set(dimensions)]
    return [
        other
        for other in above
        if not any(set(other) < set(between) for between in above if _covers(tables, between))
        or len(other) == len(dimensions) - 1
    ]


def _covers(tables: dict[tuple[str, ...], set[Group]], dimensions: tuple[str, ...]) -> bool:
    """Whether every group of a margin that any larger table has is stated."""
    wanted = {
        tuple(item for item in group if item[0] in dimensions)
        for other, groups in tables.items()
        if set(dimensions) < set(other)
        for group in groups
    }
    return wanted <= tables[dimensions]


def _members(cells: dict[Name, Cell], above: Iterable[str]) -> dict[Group, list[Cell]]:
    """Collect the cells of a table by their group in one of its margins."""
    found: dict[Group, list[Cell]] = defaultdict(list)
    for name, cell in cells.items():
        found[tuple(item for item in name.group if item[0] in above)].append(cell)
    return found


def _add_hierarchy(register: Register, output: Output, cells: dict[Name, Cell]) -> None:
    """Groups within a group add up to it: courts to their region."""
    for dimension in output.hierarchy:
        inside: dict[Name, list[Cell]] = defaultdict(list)
        for name, cell in cells.items():
            here = dict(name.group)
            if dimension not in here:
                continue
            known = {
                value
                for value in parents(output, dimension)
                if _at(name, dimension, value) in register.versions
            }
            parent = parent_in(output, dimension, here[dimension], known)
            if parent is not None:
                inside[_at(name, dimension, parent)].append(cell)
        for name, members in inside.items():
            for total in register.versions[name]:
                _tie(register, total, members, certain=True)


def _at(name: Name, dimension: str, value: str) -> Name:
    """Name the same count at another value of a dimension."""
    return name.of(tuple((d, value if d == dimension else v) for d, v in name.group))
