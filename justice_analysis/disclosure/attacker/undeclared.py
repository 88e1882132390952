"""Populations whose relation nobody declared, and whose numbers say that they overlap.

Where two outputs count the same unit in two populations, by whatever cards, and one and the same
group has nearly as many people in both, one may well be the other with a few people more: what is
hidden in one could be had by subtraction.
"""

from __future__ import annotations

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import (
    COUNTED_AGAIN,
    dimensions_without_effect,
    is_total,
    unit_rows,
)

WITHOUT_GROUPS = ("text", "attrition", "model")
Group = frozenset[tuple[str, str]]


def close_groups(one: Output, other: Output, *, minimum: int) -> int:
    """Count the groups of two populations, not declared related, that differ by too few people.

    Returns
    -------
    int
        Groups that both state, with fewer than `minimum` people between them (or none).
    """
    if not _may_overlap(one, other):
        return 0
    first, second = _people(one), _people(other)
    return sum(
        abs(first[group] - second[group]) < minimum <= min(first[group], second[group])
        for group in first.keys() & second.keys()
    )


def leave_few(one: Output, other: Output, whole: Output, *, minimum: int) -> int:
    """Count the groups of a population of which two parts leave too few people.

    Parameters
    ----------
    one, other
        Outputs of two populations, neither said to hold the other.
    whole
        Output of a population that is said to hold both.

    Returns
    -------
    int
        Groups that all three state, with fewer than `minimum` people in the whole beyond those in
        the two parts, if nobody is in both.
    """
    inside = whole.population_hash in one.within and whole.population_hash in other.within
    if not inside or _related(one, other) or {*WITHOUT_GROUPS} & {one.kind, other.kind, whole.kind}:
        return 0
    first, second, every = _people(one), _people(other), _people(whole)
    return sum(
        0 < every[group] - first[group] - second[group] < minimum
        and min(first[group], second[group]) >= minimum
        for group in first.keys() & second.keys() & every.keys()
    )


def _related(one: Output, other: Output) -> bool:
    return (
        one.population_hash == other.population_hash
        or one.population_hash in other.within
        or other.population_hash in one.within
    )


def _may_overlap(one: Output, other: Output) -> bool:
    alike = (one.family or one.card or one.title) == (other.family or other.card or other.title)
    return (
        not _related(one, other)
        and not alike
        and one.unit == other.unit
        and one.options.get("area") == other.options.get("area")
        and not {one.kind, other.kind} & {*WITHOUT_GROUPS}
    )


def _people(output: Output) -> dict[Group, int]:
    """People by group, at the start where they are followed over time."""
    again = dimensions_without_effect(output) | {*COUNTED_AGAIN}
    names = [name for name in output.dimensions if name not in again]
    found: dict[Group, int] = {}
    for row in unit_rows(output).to_dict("records"):
        group = frozenset((name, str(row[name])) for name in names if not is_total(row[name]))
        found.setdefault(group, int(row[output.roles.people]))
    return found
