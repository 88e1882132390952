"""The register of counts: what outputs state, by name, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from justice_analysis.disclosure.cells.rows import Group
from justice_analysis.disclosure.cells.system import Cell, CountSystem, Sum, Unit

NEAR = 1e-9


@dataclass(frozen=True)
class Name:
    """What a count is of: a population, what is counted in it, and in which group.

    Attributes
    ----------
    scope
        Nothing for people; else the card, since two metrics count different things.
    role
        Role and column: people, numerator returned, ...
    """

    population: str
    scope: str
    role: str
    group: Group

    @property
    def kind(self) -> str:
        """The role without its column."""
        return self.role.split(" ")[0]

    @property
    def counted(self) -> Counted:
        """The name without its group."""
        return (self.population, self.scope, self.role)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of the group."""
        return tuple(dimension for dimension, _ in self.group)

    def of(self, group: Group) -> Name:
        """Name the same count of another group."""
        return Name(self.population, self.scope, self.role, group)


Counted = tuple[str, str, str]
"""Population, scope and role: groups of one such add up."""


class Register:
    """Collects counts; those of one name but of different values are told apart and compared."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.values: dict[Cell, float] = {}
        self.shown_by: dict[Cell, list[Unit]] = defaultdict(list)
        self.sums: list[Sum] = []
        self.lines: set[Sum] = set()
        self.slack: set[Cell] = set()
        self.steps: set[Cell] = set()
        self.versions: dict[Name, list[Cell]] = defaultdict(list)
        self.families: dict[Cell, list[Cell]] = defaultdict(list)
        self.tables: dict[Counted, dict[tuple[str, ...], set[Group]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self.again: dict[Counted, set[str]] = defaultdict(set)
        self.parents: dict[Counted, set[tuple[str, str]]] = defaultdict(set)

    def state(self, name: Name, value: float, unit: Unit, *, family: Cell) -> Cell:
        """Add a stated count and return its cell; equal counts of one family are one cell."""
        versions = self.families[family]
        cell = next((other for other in versions if self.values[other] == value), None)
        if cell is None:
            cell = (name, ("value", value))
            self._compare_versions(versions, cell, value)
            versions.append(cell)
        self.know(name, cell)
        self.shown_by[cell].append(unit)
        return cell

    def know(self, name: Name, cell: Cell) -> None:
        """Let a cell be found by a name."""
        if cell not in self.versions[name]:
            self.versions[name].append(cell)
            self.tables[name.counted][name.dimensions].add(name.group)

    def same(self, population: str, kind: str, value: float) -> Cell | None:
        """Find a stated cell of this population, kind and value."""
        return next(
            (
                cell
                for cell in self.shown_by
                if isinstance(cell[0], Name)
                and cell[0].population == population
                and cell[0].kind == kind
                and self.values[cell] == value
            ),
            None,
        )

    def total_of(self, parts: Sequence[Cell]) -> float:
        """Return what parts add up to."""
        return sum(self.values[part] for part in parts)

    def add(
        self,
        total: Cell,
        parts: Sequence[Cell],
        *,
        line: bool = False,
        overlapping: bool = False,
    ) -> None:
        """Record that a total is the sum of its parts; a gap becomes an implied cell.

        Where groups are said to overlap, how many stand in several is a count like any other:
        known only from what is shown.
        """
        gap = self.values[total] - self.total_of(parts)
        rest = ("gap", total, tuple(parts))
        if gap > NEAR:
            self.imply(rest, gap, slack=True)
            self.sums.append(Sum(total, (*parts, rest)))
        elif gap < -NEAR:  # people counted in several groups: the groups exceed the total
            whole = ("groups together", total, tuple(parts))
            self.imply(rest, -gap, slack=not overlapping, step=True)
            self.imply(whole, self.values[total] - gap)
            self.sums += [Sum(whole, (total, rest)), Sum(whole, tuple(parts))]
        else:
            self.sums.append(Sum(total, tuple(parts)))
        if line:
            self.lines.add(self.sums[-1])

    def less(self, large: Cell, small: Cell, what: str) -> None:
        """Record that one count lies within another: the difference is people too."""
        if large != small:
            step = (what, small, large)
            self.imply(step, self.values[large] - self.values[small], step=True)
            self.sums.append(Sum(large, (small, step)))

    def imply(self, cell: Cell, value: float, *, slack: bool = False, step: bool = False) -> None:
        """Add a count that nobody wrote down but that follows from those that are."""
        self.values[cell] = value
        if slack:
            self.slack.add(cell)
        if slack or step:
            self.steps.add(cell)

    def nest_versions(self, family: Cell) -> None:
        """Let each version of a count lie within the next larger: an attacker may take it so."""
        ordered = sorted(self.families[family], key=lambda cell: self.values[cell])
        for small, large in pairwise(ordered):
            self.less(large, small, "between versions")

    def system(self) -> CountSystem:
        """Freeze what was collected."""
        shown = {cell: tuple(dict.fromkeys(units)) for cell, units in self.shown_by.items()}
        return CountSystem(
            self.values,
            shown,
            tuple(dict.fromkeys(self.sums)),
            frozenset(self.slack),
            frozenset(self.steps),
            frozenset(self.lines),
        )

    def _compare_versions(self, versions: list[Cell], cell: Cell, value: float) -> None:
        """Two close values of one count isolate the few by whom they differ.

        Compared over populations too: the variants of a study (another clock, another look-back)
        count nearly the same people, and are taken to contain one another.
        """
        self.values[cell] = value
        for other in versions:
            difference = value - self.values[other]
            if 0 < abs(difference) < self.threshold:
                small, large = (other, cell) if difference > 0 else (cell, other)
                self.less(large, small, "between versions")


def least_hidden(system: CountSystem, cell: Cell, *, zeros_hidden: bool) -> float:
    """Least that a hidden count may be: where zeros are shown, hidden people are at least one."""
    of_people = isinstance(cell[0], Name) and cell[0].role == "people"
    return float(of_people and not zeros_hidden and system.values[cell] > 0)
