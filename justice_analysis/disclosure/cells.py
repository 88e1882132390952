"""Every count that outputs state or imply, and the sums that tie them together.

A *cell* is one count of people (or of what they did) in one group of one population. Two outputs
that show the same group of the same population show the same cell. A *unit* is what is shown or
hidden as a whole: a row of a table, or a curve. A *sum* says that a total is the sum of its parts;
parts that nobody wrote down (those without the outcome, those who reached it between two
horizons, those in no group) are *implied* cells and are protected like any other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.errors import DisclosureError

ALL = "all"
"""Value of a dimension that stands for the total over it."""
LONGEST_NESTING = 40
COUNTED_AGAIN = ("cause", "outcome", "statistic", "name")
"""Dimensions along which the same people are counted again, besides ordered ones (horizons)."""

Cell = tuple[Hashable, ...]
Unit = tuple[int, int]
"""Number of the output, and position of the row (or of the curve) in it."""


@dataclass(frozen=True)
class Sum:
    """A total and its parts: the values of the parts add up to the total's."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Entry:
    """One stated count: its cell, its value, and the unit that shows it."""

    cell: Cell
    value: int
    unit: Unit


@dataclass(frozen=True)
class CountSystem:
    """All cells of one population over all outputs, with the sums between them.

    Attributes
    ----------
    values
        True value of every cell.
    shown_by
        Units that state the cell; none for an implied cell.
    slack
        Implied cells that only reconcile groups with their total: an attacker is taken to know
        them, unless they are themselves what is to be protected.
    steps
        Implied differences in which nobody is no finding: their zero is not protected.
    """

    values: dict[Cell, int]
    shown_by: dict[Cell, tuple[Unit, ...]]
    sums: tuple[Sum, ...]
    slack: frozenset[Cell]
    steps: frozenset[Cell]


def is_total(value: object) -> bool:
    """Whether a dimension's value stands for the total."""
    return isinstance(value, str) and value.lower() == ALL


def is_ordered(values: pd.Series) -> bool:
    """Whether values are numbers or begin with one followed by a unit: 5, "5 years"."""
    return len(values) > 0 and all(re.fullmatch(r"[\d.,]+( \w+)?", str(value)) for value in values)


def unit_rows(output: Output) -> pd.DataFrame:
    """Return the table in unit order: one row a unit, index the unit's position."""
    return output.table.reset_index(drop=True)


def stated_counts(output: Output, row: pd.Series) -> dict[str, int]:
    """Return counts of one row by role: people, numerator, denominator, and other columns."""
    roles = output.roles
    stated = {"people": int(row[roles.people])}
    if roles.numerator:
        stated[f"numerator {roles.numerator}"] = int(row[roles.numerator])
    if roles.denominator and roles.denominator != roles.people:
        stated[f"denominator {roles.denominator}"] = int(row[roles.denominator])
    for name in roles.count:
        if name not in (roles.people, roles.numerator, roles.denominator):
            stated[f"count {name}"] = int(row[name])
    return stated


class Register:
    """Collects entries; cells of one name but of different values are told apart and compared."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.values: dict[Cell, int] = {}
        self.shown_by: dict[Cell, list[Unit]] = defaultdict(list)
        self.sums: list[Sum] = []
        self.slack: set[Cell] = set()
        self.steps: set[Cell] = set()
        self.versions: dict[Cell, list[Cell]] = defaultdict(list)
        self.families: dict[Cell, list[Cell]] = defaultdict(list)

    def state(self, name: Cell, value: int, unit: Unit, *, family: Cell) -> Cell:
        """Add a stated count and return its cell; equal counts of one family are one cell."""
        versions = self.families[family]
        cell = next((other for other in versions if self.values[other] == value), None)
        if cell is None:
            cell = (*name, ("value", value))
            self._compare_versions(versions, cell, value)
            versions.append(cell)
        if cell not in self.versions[name]:
            self.versions[name].append(cell)
        self.shown_by[cell].append(unit)
        return cell

    def same(self, population: str, kind: str, value: int) -> Cell | None:
        """Find a stated cell of this population, kind and value."""
        return next(
            (
                cell
                for cell in self.shown_by
                if cell[0] == population
                and self.values[cell] == value
                and str(cell[-3]).split(" ")[0] == kind
            ),
            None,
        )

    def add(self, total: Cell, parts: Sequence[Cell]) -> None:
        """Record that a total is the sum of its parts; a gap becomes an implied cell."""
        gap = self.values[total] - sum(self.values[part] for part in parts)
        rest = ("gap", total, tuple(parts))
        if gap > 0:
            self.imply(rest, gap, slack=True)
            self.sums.append(Sum(total, (*parts, rest)))
        elif gap < 0:  # people counted in several groups: the groups exceed the total
            whole = ("groups together", total, tuple(parts))
            self.imply(rest, -gap, slack=True)
            self.imply(whole, self.values[total] - gap, slack=False)
            self.sums += [Sum(whole, (total, rest)), Sum(whole, tuple(parts))]
        else:
            self.sums.append(Sum(total, tuple(parts)))

    def imply(self, cell: Cell, value: int, *, slack: bool = False, step: bool = False) -> None:
        """Add a count that nobody wrote down but that follows from those that are."""
        self.values[cell] = value
        if slack:
            self.slack.add(cell)
        if slack or step:
            self.steps.add(cell)

    def system(self) -> CountSystem:
        """Freeze what was collected."""
        shown = {cell: tuple(dict.fromkeys(units)) for cell, units in self.shown_by.items()}
        sums = tuple(dict.fromkeys(self.sums))
        return CountSystem(self.values, shown, sums, frozenset(self.slack), frozenset(self.steps))

    def _compare_versions(self, versions: list[Cell], cell: Cell, value: int) -> None:
        """Two close values of one count isolate the few by whom they differ.

        Compared over populations too: the variants of a study (another clock, another look-back)
        count nearly the same people, and are taken to contain one another.
        """
        self.values[cell] = value
        for other in versions:
            difference = value - self.values[other]
            if 0 < abs(difference) < self.threshold:
                small, large = (other, cell) if difference > 0 else (cell, other)
                step = ("between versions", small, large)
                self.imply(step, abs(difference), step=True)
                self.sums.append(Sum(large, (small, step)))


def count_system(
    outputs: Sequence[Output], *, threshold: int
) -> tuple[CountSystem, dict[Unit, dict[str, Cell]]]:
    """Collect the counts of outputs of one population.

    Parameters
    ----------
    outputs
        Of kind table, estimates, text, or already reduced to one row a curve.
    threshold
        Smaller differences between two versions of a count are cells to protect.

    Returns
    -------
    tuple
        The system, and the cells that each unit states, by role.
    """
    register = Register(threshold)
    cells: dict[Unit, dict[str, Cell]] = {}
    ordered = sorted(range(len(outputs)), key=lambda number: outputs[number].kind == "text")
    for number in ordered:
        cells |= _state_output(register, outputs[number], number)
    for number in ordered:
        output = outputs[number]
        stated = {unit[1]: by_role for unit, by_role in cells.items() if unit[0] == number}
        _add_complements(register, stated)
        if output.kind != "text":
            _add_lines(register, output, stated)
            _add_nesting(register, output, stated)
    return register.system(), cells


def _state_output(register: Register, output: Output, number: int) -> dict[Unit, dict[str, Cell]]:
    constant = dimensions_without_effect(output)
    cells: dict[Unit, dict[str, Cell]] = {}
    for position, row in unit_rows(output).iterrows():
        unit = (number, int(str(position)))
        cells[unit] = {}
        for role, value in stated_counts(output, row).items():
            known = None
            if output.kind == "text":  # a sentence repeats a number of a table: one cell, not two
                known = register.same(output.population_hash, role.split(" ")[0], value)
            if known is None:
                name = _name(output, role, row, constant)
                known = register.state(name, value, unit, family=_family(output, name))
            else:
                register.shown_by[known].append(unit)
            cells[unit][role] = known
    return cells


def _name(output: Output, role: str, row: pd.Series, constant: frozenset[str]) -> Cell:
    """Name a cell by population, role and group; totals are named by what is left."""
    kind = role.split(" ")[0]
    skipped = constant if kind in ("people", "denominator") else frozenset()
    group = tuple(
        sorted(
            (name, str(row[name]))
            for name in output.dimensions
            if name not in skipped and not is_total(row[name])
        )
    )
    scope = "" if role == "people" else output.card or output.title
    return (output.population_hash, scope, role, group)


def _family(output: Output, name: Cell) -> Cell:
    """Name what is counted whatever the population; other areas are other people."""
    area = str(output.options.get("area"))
    return (output.card or output.title, area, *name[2:])


def dimensions_without_effect(output: Output) -> frozenset[str]:
    """Find dimensions along which the people stay the same: horizons, causes, outcomes.

    Groups that happen to have equal numbers are not such: a dimension must be ordered, or be
    named as one along which people are counted again.
    """
    table, found = output.table, []
    for name in output.dimensions:
        if not is_ordered(table[name]) and name not in COUNTED_AGAIN:
            continue
        others = [other for other in output.dimensions if other != name]
        groups = table.groupby(others, dropna=False) if others else [((), table)]
        if all(rows[output.roles.people].nunique() == 1 for _, rows in groups):
            found.append(name)
    return frozenset(found)


def everyone_counted(output: Output, hidden: Container[int]) -> set[int]:
    """Return the people of each row that is shown and counts everyone, in no group."""
    constant = dimensions_without_effect(output)
    rows = unit_rows(output)
    return {
        int(row[output.roles.people])
        for position, row in enumerate(rows.to_dict("records"))
        if position not in hidden
        and all(name in constant or is_total(row[name]) for name in output.dimensions)
    }


def _add_complements(register: Register, stated: dict[int, dict[str, Cell]]) -> None:
    """Those in the denominator without the outcome are people too."""
    for by_role in stated.values():
        numerator = _role(by_role, "numerator")
        denominator = _role(by_role, "denominator") or by_role["people"]
        if numerator is None or register.values[numerator] > register.values[denominator]:
            continue
        rest = ("without", numerator, denominator)
        register.imply(rest, register.values[denominator] - register.values[numerator])
        register.sums.append(Sum(denominator, (numerator, rest)))


def _add_lines(register: Register, output: Output, stated: dict[int, dict[str, Cell]]) -> None:
    """Groups along a dimension add up to its total, wherever the total is shown."""
    table, constant = unit_rows(output), dimensions_without_effect(output)
    for name in output.dimensions:
        others = [other for other in output.dimensions if other != name]
        has_total = table[name].map(is_total).any()
        for rows in _groups(table, others):
            parts = rows.index[~rows[name].map(is_total)]
            for role in stated[int(rows.index[0])]:
                cells = list(dict.fromkeys(stated[position][role] for position in parts))
                for total in _totals(register, output, rows, name, role, constant):
                    gap = register.values[total] - sum(register.values[cell] for cell in cells)
                    near = has_total or abs(gap) < register.threshold
                    if cells and near and total not in cells:
                        register.add(total, cells)


def _totals(
    register: Register,
    output: Output,
    rows: pd.DataFrame,
    name: str,
    role: str,
    constant: frozenset[str],
) -> list[Cell]:
    """Every cell, of this or another output, that states the total over a dimension."""
    row = rows.iloc[0].copy()
    row[name] = ALL
    return list(register.versions.get(_name(output, role, row, constant), ()))


def _add_nesting(register: Register, output: Output, stated: dict[int, dict[str, Cell]]) -> None:
    """Differences of numerators that share a denominator: horizons, and one of several causes."""
    table = unit_rows(output)
    for name in output.dimensions if output.roles.numerator else ():
        others = [other for other in output.dimensions if other != name]
        for rows in _groups(table, others):
            inner = rows[~rows[name].map(is_total)]
            for denominator, positions in _by_denominator(stated, inner.index).items():
                numerators = [c for p in positions if (c := _role(stated[p], "numerator"))]
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
        difference = register.values[late] - register.values[early]
        if 0 < difference < register.threshold:
            step = ("between horizons", early, late)
            register.imply(step, difference, step=True)
            register.sums.append(Sum(late, (early, step)))


def _add_remainder(register: Register, denominator: Cell, numerators: list[Cell]) -> None:
    rest = register.values[denominator] - sum(register.values[cell] for cell in numerators)
    if 0 < rest < register.threshold:
        cell = ("in none", denominator, tuple(numerators))
        register.imply(cell, rest, step=True)
        register.sums.append(Sum(denominator, (*numerators, cell)))


def _by_denominator(
    stated: dict[int, dict[str, Cell]], positions: Iterable[int]
) -> dict[Cell, list[int]]:
    found: dict[Cell, list[int]] = defaultdict(list)
    for position in positions:
        cell = _role(stated[position], "denominator") or stated[position]["people"]
        found[cell].append(position)
    return found


def _groups(table: pd.DataFrame, others: list[str]) -> list[pd.DataFrame]:
    if table.empty:
        return []
    if not others:
        return [table]
    return [rows for _, rows in table.groupby(others, dropna=False, sort=False)]


def _role(by_role: dict[str, Cell], kind: str) -> Cell | None:
    return next((cell for role, cell in by_role.items() if role.split(" ")[0] == kind), None)
