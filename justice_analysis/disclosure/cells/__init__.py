"""Every count that outputs state or imply, and the sums that tie them together.

A *cell* is one count of people (or of what they did) in one group of one population. Two outputs
that show the same group of the same population show the same cell. A *unit* is what is shown or
hidden as a whole: a row of a table, or a curve. A *sum* says that a total is the sum of its parts;
parts that nobody wrote down (those without the outcome, those who reached it between two
horizons, those in no group, those of a larger population alone) are *implied* cells and are
protected like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells.lines import Stated, add_complements, add_lines
from justice_analysis.disclosure.cells.margins import add_shared_margins
from justice_analysis.disclosure.cells.nesting import add_nesting
from justice_analysis.disclosure.cells.register import Name, Register, least_hidden
from justice_analysis.disclosure.cells.rows import (
    ALL,
    AT_RISK,
    COUNTED_AGAIN,
    dimensions_of_categories,
    dimensions_without_effect,
    everyone_counted,
    is_ordered,
    is_total,
    kept_back,
    parent_in,
    parents,
    stated_counts,
    unit_rows,
)
from justice_analysis.disclosure.cells.system import Cell, CountSystem, Sum, Unit
from justice_analysis.disclosure.cells.within import add_differences

__all__ = [
    "ALL",
    "AT_RISK",
    "COUNTED_AGAIN",
    "Cell",
    "CountSystem",
    "Counted",
    "Name",
    "Sum",
    "Unit",
    "count_system",
    "dimensions_of_categories",
    "dimensions_without_effect",
    "everyone_counted",
    "is_ordered",
    "is_total",
    "kept_back",
    "least_hidden",
    "parent_in",
    "parents",
    "stated_counts",
    "unit_rows",
]


REPEATING = ("text", "attrition")
"""Kinds that repeat numbers of others, and whose rows are no groups that add up."""


@dataclass(frozen=True)
class Counted:
    """The counts of outputs: the system, the cells of each unit by role, and what can't be.

    `beyond` says how many counts of a population (by its hash) exceed those of one that is said
    to contain it.
    """

    system: CountSystem
    cells: dict[Unit, dict[str, Cell]]
    beyond: Counter[str]


def count_system(outputs: Mapping[int, Output], *, threshold: int) -> Counted:
    """Collect the counts of outputs.

    Parameters
    ----------
    outputs
        As an attacker reads them, by number: one row a unit.
    threshold
        Smaller differences between two versions of a count are cells to protect.

    Raises
    ------
    DisclosureError
        If they can't be judged together: too many horizons, or a loop of tables too large.
    """
    register = Register(threshold)
    stated: dict[int, Stated] = {}
    ordered = sorted(outputs, key=lambda number: (outputs[number].kind in REPEATING, number))
    for number in ordered:
        stated[number] = _state(register, outputs[number], number)
    for number in ordered:
        add_complements(register, stated[number], outputs[number])
        if outputs[number].kind not in REPEATING:
            add_lines(register, outputs[number], stated[number])
            add_nesting(register, outputs[number], stated[number])
    add_shared_margins(register)
    beyond = add_differences(register, list(outputs.values()))
    _nest_families(register, outputs, stated)
    cells = {
        (number, position): {role: cell for role, (_, cell) in by_role.items()}
        for number, rows in stated.items()
        for position, by_role in rows.items()
    }
    return Counted(register.system(), cells, beyond)


def _state(register: Register, output: Output, number: int) -> Stated:
    """Register every count of one output."""
    if output.kind == "attrition":
        return _steps(register, output, number)
    again = dimensions_without_effect(output)
    parts = dimensions_of_categories(output)
    found: Stated = {}
    for position, row in enumerate(unit_rows(output).to_dict("records")):
        found[position] = {}
        for role, value in stated_counts(output, row).items():
            kind = role.split(" ")[0]
            skipped = again if kind in ("people", "denominator") else frozenset()
            skipped |= parts if kind == "denominator" else frozenset()
            group = tuple(
                sorted(
                    (name, str(row[name]))
                    for name in output.dimensions
                    if name not in skipped and not is_total(row[name])
                )
            )
            scope = "" if role == "people" else output.card or output.title
            name = Name(output.population_hash, scope, role, group)
            unit = (number, position)
            found[position][role] = (name, _cell(register, output, name, value, unit))
            register.again[name.counted] |= again - skipped
            register.parents[name.counted] |= {
                (dimension, parent)
                for dimension in output.hierarchy
                for parent in parents(output, dimension)
            }
    return found


def _steps(register: Register, output: Output, number: int) -> Stated:
    """Find the steps of a selection that say again how many are in a group of another output."""
    found: Stated = {}
    for position, people in enumerate(unit_rows(output)[output.roles.people]):
        known = register.same(output.population_hash, "people", int(people))
        if known is not None:
            register.shown_by[known].append((number, position))
            found[position] = {"people": (Name(output.population_hash, "", "people", ()), known)}
    return found


def _cell(register: Register, output: Output, name: Name, value: float, unit: Unit) -> Cell:
    """Find or add the cell of a count; a sentence repeats a number of a table."""
    if output.kind == "text":
        known = register.same(output.population_hash, name.kind, value)
        if known is not None:
            register.shown_by[known].append(unit)
            return known
    return register.state(name, value, unit, family=_family(output, name))


def _family(output: Output, name: Name) -> Cell:
    """Name what is counted whatever the population; other areas are other people."""
    area = str(output.options.get("area"))
    alike = output.family or output.card or output.title
    return (alike, area, name.scope, name.role, name.group)


def _nest_families(
    register: Register, outputs: Mapping[int, Output], stated: dict[int, Stated]
) -> None:
    """Where outputs are declared one family, versions of a count lie within one another."""
    families = {
        _family(outputs[number], name): None
        for number, rows in stated.items()
        if outputs[number].family is not None
        for by_role in rows.values()
        for name, _ in by_role.values()
    }
    for family in families:
        register.nest_versions(family)
