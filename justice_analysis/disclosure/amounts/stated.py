"""Every sum of a quantity that outputs state or imply.

A total of custody days is a cell like a count of people, and so is a mean: with its people it is
a sum; with its standard deviation it is a sum of squares too. The groups along a dimension add up
to its total, children of a hierarchy to their parent, and the people of a population that lies
within another are part of it. A mean in a sentence says again the sum of the group that it is of.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.amounts.cells import SQUARES, SUM, Amount, Amounts, Name, is_near
from justice_analysis.disclosure.cells import dimensions_without_effect, is_total, unit_rows
from justice_analysis.disclosure.kinds import magnitude, summary, text
from justice_analysis.disclosure.kinds.quantities import mean_over, quantity_of, rounds
from justice_analysis.disclosure.kinds.statistic_names import Row, columns
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.rounding import range_behind, to_base

KINDS = ("magnitude", "summary")


def amounts_of(outputs: Sequence[Output], profiles: Sequence[Profile]) -> Amounts:
    """Collect the sums that outputs state or imply.

    Parameters
    ----------
    outputs
        Any; only those of `KINDS` that are protected state sums. A unit is the number of the
        output and the position of the row.
    profiles
        The profile of each: how what is shown of it is rounded.

    Notes
    -----
    A cell is named by population, the words for the quantity, sum or sum of squares, and group;
    two outputs that say one quantity in other words are not compared.
    """
    found = Amounts()
    stated: dict[int, list[dict[str, Name]]] = {}
    for number, (output, profile) in enumerate(zip(outputs, profiles, strict=True)):
        if output.kind in KINDS and profile.protects(output.kind):
            stated[number] = [
                {cell.name[2]: found.state(cell) for cell in cells}
                for cells in _stated(output, number, profile)
            ]
    lines: dict[Name, list[list[Name]]] = defaultdict(list)
    for number, names in stated.items():
        for kind in sorted({kind for row in names for kind in row}):
            _add_lines(found, outputs[number], kind, [row.get(kind) for row in names], lines)
    _join_lines(found, lines)
    _add_populations(found, [outputs[number] for number in stated])
    for number, (output, profile) in enumerate(zip(outputs, profiles, strict=True)):
        if output.kind == "text" and profile.protects(output.kind):
            _repeat(found, output, number, profile)
    return found


def _stated(output: Output, number: int, profile: Profile) -> Iterator[list[Amount]]:
    """Cells that each row states, in unit order."""
    sums = magnitude.steps(output, profile) if output.kind == "magnitude" else []
    for position, row in enumerate(unit_rows(output).to_dict("records")):
        group = _group(output, row)
        if output.kind == "magnitude":
            half, value = sums[position] / 2, float(row[output.roles.total])
            ranges = {SUM: (value, max(value - half, 0.0), value + half)}
            if half:
                shown = magnitude.to_step(value, 2 * half)
                ranges = {SUM: (value, max(shown - half, 0.0), shown + half)}
        else:
            ranges = _behind_moments(output, row, profile)
        people = int(row[output.roles.people])
        largest = float(row[output.roles.largest[0]]) if output.roles.largest else 0.0
        base = (output.population_hash, quantity_of(output))
        yield [
            Amount(
                (*base, kind, group),
                value,
                people,
                largest if kind == SUM else largest**2,
                low,
                high,
                ((number, position),),
            )
            for kind, (value, low, high) in ranges.items()
        ]


def _behind_moments(
    output: Output, row: Row, profile: Profile
) -> dict[str, tuple[float, float, float]]:
    """Sum, and sum of squares, that a shown mean and standard deviation of people stand for."""
    means, deviations = columns(output, "mean"), columns(output, "sd")
    people = int(row[mean_over(output)])
    if not means:
        return {}
    if people == 0:
        return {SUM: (0.0, 0.0, 0.0)}
    low_n, high_n = _people_behind(people, output, profile)
    half = summary.moment_step(output, row, profile) / 2
    mean = float(row[means[0]])
    at_mean = summary.to_step(mean, 2 * half)
    low, high = max(at_mean - half, 0.0), at_mean + half
    found = {SUM: (mean * people, low * low_n, high * high_n)}
    if deviations and math.isfinite(sd := float(row[deviations[0]])):
        at_sd = summary.to_step(sd, 2 * half)
        least = (low_n - 1) * max(at_sd - half, 0.0) ** 2 + low_n * low**2
        most = (high_n - 1) * (at_sd + half) ** 2 + high_n * high**2
        found[SQUARES] = ((people - 1) * sd**2 + people * mean**2, least, most)
    return found


def _repeat(found: Amounts, output: Output, number: int, profile: Profile) -> None:
    """A mean in a sentence says a sum again: the one of as many people and the same value."""
    for position, part, rules in text.quantities(output, profile):
        row = part.table.to_dict("records")[0]
        people = int(row[part.roles.people])
        value, low, high = _behind_moments(part, row, rules).get(SUM, (math.nan,) * 3)
        alike = [
            name
            for name, cell in found.cells.items()
            if (name[0], name[2]) == (output.population_hash, SUM)
            and cell.people == people
            and is_near(cell.value, value)
        ]
        for name in alike[:1]:
            found.state(Amount(name, value, people, 0.0, low, high, ((number, position),)))


def _people_behind(people: int, output: Output, profile: Profile) -> tuple[int, int]:
    if not rounds(output, profile):
        return people, people
    low, high = range_behind(to_base(people, profile.rounding_base), profile.rounding_base)
    return min(max(low, profile.minimum_count), people), high


def _group(output: Output, row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted((name, str(row[name])) for name in output.dimensions if not is_total(row[name]))
    )


def _add_lines(
    found: Amounts,
    output: Output,
    kind: str,
    names: Sequence[Name | None],
    all_lines: dict[Name, list[list[Name]]],
) -> None:
    """Groups along a dimension add up to its total, and children to their parent."""
    table = unit_rows(output)
    again = dimensions_without_effect(output)
    for dimension in [name for name in output.dimensions if name not in again]:
        lines: dict[Name, dict[str, Name]] = defaultdict(dict)
        for name, row in zip(names, table.to_dict("records"), strict=True):
            if name is not None and not is_total(row[dimension]):
                others = tuple(part for part in _group(output, row) if part[0] != dimension)
                lines[others][str(row[dimension])] = name
        for others, parts in lines.items():
            base = (output.population_hash, quantity_of(output), kind)
            top = _climb(found, base, others, dimension, parts, output.hierarchy)
            found.add_up((*base, others), top)
            all_lines[(*base, others), dimension].append(top)


def _join_lines(found: Amounts, lines: Mapping[Name, Sequence[list[Name]]]) -> None:
    """Groups of one dimension that several outputs show in part add up to its total too.

    Where together they are more than the total, they are the same people grouped in two ways.
    """
    for (total, _), parts in lines.items():
        together = list(dict.fromkeys(part for line in parts for part in line))
        value = math.fsum(found.cells[part].value for part in together)
        whole = found.cells[total].value
        is_new = all(set(line) != set(together) for line in parts)
        if is_new and (value <= whole or is_near(value, whole)):
            found.add_up(total, together)


def _climb(
    found: Amounts,
    base: Name,
    others: tuple[Any, ...],
    dimension: str,
    parts: dict[str, Name],
    hierarchy: Mapping[str, Mapping[str, str]],
) -> list[Name]:
    """Add children up to their parents, level by level; return the cells without a parent."""
    parent_of = hierarchy.get(dimension, {})
    known = dict(parts)
    waiting = sorted(known, key=lambda group: (-_depth(group, parent_of), group))
    for _ in range(len(parent_of)):
        if not (parent := parent_of.get(waiting[0])):
            break
        children = [group for group in waiting if parent_of.get(group) == parent]
        name = (*base, tuple(sorted((*others, (dimension, parent)))))
        found.add_up(name, [known[child] for child in children])
        known[parent] = name
        rest = {group for group in waiting if group not in children} | {parent}
        waiting = sorted(rest, key=lambda group: (-_depth(group, parent_of), group))
    return [known[group] for group in sorted(waiting)]


def _depth(group: str, parent_of: Mapping[str, str]) -> int:
    depth = 0
    while (group := parent_of.get(group, "")) and depth <= len(parent_of):
        depth += 1
    return depth


def _add_populations(found: Amounts, outputs: Sequence[Output]) -> None:
    """A group of a population within another is part of the same group there."""
    within = {(o.population_hash, wider) for o in outputs for wider in o.within}
    for inner, wider in sorted(within):
        for name in [name for name in found.cells if name[0] == inner]:
            total = (wider, *name[1:])
            if total in found.cells and inner != wider:
                found.add_up(total, [name])
