"""Curves beside tables of the same people: what one would say again of the other."""

from __future__ import annotations

from collections.abc import Mapping

from justice_analysis.disclosure.attacker.attack import Attack, Attacker
from justice_analysis.disclosure.attacker.leaving import Table
from justice_analysis.disclosure.attacker.primary import Primary
from justice_analysis.disclosure.cells import (
    ALL,
    Unit,
    dimensions_without_effect,
    is_total,
    unit_rows,
)
from justice_analysis.disclosure.kinds.curves import curves_of
from justice_analysis.disclosure.profiles.profile import Profile


def curves_that_repeat(
    attacker: Attacker,
    attack: Attack,
    tables: Mapping[int, Table],
    first: Primary,
    profile: Profile,
) -> set[Unit]:
    """Find curves that would say again, at a horizon, the count that a sum made us hide."""
    curves = {n: table for n, table in tables.items() if table.output.kind == "survival"}
    populations = {table.output.population_hash for table in curves.values()}
    secondary = sorted(
        unit
        for unit in attack.hidden - first.hidden
        if unit[0] in tables
        and unit[0] not in curves
        and tables[unit[0]].output.population_hash in populations
    )
    counts = [cell for cell in attacker.needs if cell not in attacker.system.steps]
    found: set[Unit] = set()
    for unit in secondary:
        if attacker.is_safe(attack.hidden - {unit}, counts):
            continue  # it was hidden for a difference: curves have a rule of their own for these
        other = tables[unit[0]].stated
        row = unit_rows(other).iloc[unit[1]].to_dict()
        along = dimensions_without_effect(other)  # horizons and causes: the same people
        for number, table in curves.items():
            if table.output.population_hash != other.population_hash:
                continue
            found |= {
                (number, place)
                for place, curve in enumerate(curves_of(table.output, profile))
                if _same_group(
                    curve.group,
                    {d: row[d] for d in other.dimensions if d in curve.group or d not in along},
                )
            }
    return found


def _same_group(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two groups are the same people; a dimension that is not named is a total."""
    return all(
        one.get(name, ALL) == other.get(name, ALL)
        or (is_total(one.get(name, ALL)) and is_total(other.get(name, ALL)))
        for name in {*one, *other}
    )
