"""What is counted: people who know of each other, and events that few people have.

Ten siblings of two families are known to two families; twelve hearings of one person are one
person. So beside the people behind a row an output names the families (children), the cases
(co-defendants), the organisations, and the people behind each count in which one person may
stand more than once. Each has a minimum of its own: a row below one is *thin* and is hidden
however many it counts, and its counts may not be worked out from others (`protected_counts`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import dimensions_of_categories
from justice_analysis.disclosure.counted.columns import broken, numbers, own_counts
from justice_analysis.disclosure.counted.denominators import holds_people
from justice_analysis.disclosure.profiles.profile import Profile

__all__ = [
    "broken",
    "protected_counts",
    "protected_units",
    "thin",
    "thin_units",
    "without_rule",
]

NEEDS = {"children": "families", "co_defendants": "cases", "organisations": "organisations"}
"""The role that must be named where an output is about these."""
UNITS = {
    "children": r"\b(child|children|siblings?|pupils?|infants?)\b",
    "co_defendants": r"\bco-?defendants?\b",
}
"""Words of a unit by which an output that doesn't say so is about these."""
Row = dict[Any, Any]


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What an output does not say and disclosure control needs: a person must look."""
    return [
        *_unsaid(output),
        *(_step_problems(output, profile) if output.kind == "attrition" else ()),
    ]


def _unsaid(output: Output) -> list[str]:
    if output.about == "records":
        return [
            "it counts records: how many people are behind its numbers is not known, so no rule "
            "can pass it."
        ]
    if output.about == "totals":
        return ["it holds published totals: only a profile for open data passes these."]
    role = NEEDS.get(output.about)
    if role is None:
        return [
            f"its unit names {about.replace('_', '-')}: set about to {about} and name the "
            f"{NEEDS[about]} behind each row."
            for about, words in UNITS.items()
            if re.search(words, output.unit, re.IGNORECASE)
        ]
    if output.kind == "survival" and role != "organisations":
        return [f"curves of {output.about} have no rule: the {role} behind each step differ."]
    if getattr(output.roles, role) is None:
        return [
            f"an output about {output.about} must name the {role} behind each row (roles.{role}): "
            "ten of them may be one family, one case or one body."
        ]
    others = [name for name in _counts_of_people(output) if name not in output.roles.groups_behind]
    if output.about == "organisations" or not others:
        return []
    return [
        f"an output about {output.about} must name the {role} behind {', '.join(others)} too "
        "(roles.groups_behind): those of whom a row tells more may be of a few."
    ]


def thin(output: Output, profile: Profile) -> set[int]:
    """Rows to hide although they may count enough people: positions in the table."""
    return set(protected_counts(output, profile))


def thin_units(output: Output, stated: Output, profile: Profile) -> set[int]:
    """Units (rows of `stated`, one a unit) that show a thin row.

    Parameters
    ----------
    stated
        The counts as an attacker reads them (`Rules.stated`): one row a curve, or the table as
        it is. Rows belong to the unit that agrees with them in every dimension both have.
    """
    return set(protected_units(output, stated, profile))


def protected_counts(output: Output, profile: Profile) -> dict[int, tuple[str, ...]]:
    """For each thin row (its position), the counts that may not be worked out from others either.

    They are to be audited like counts below the minimum although they may be larger: what an
    attacker can infer of each must reach down to nobody and up to the minimum. Where a row is
    about too few families, cases or organisations that is every count and total of it; where a
    count is of too few people's events, or too few families' children, that count alone.
    """
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for rows, columns in _below(output, profile):
        for position in np.flatnonzero(rows):
            found[int(position)].update(dict.fromkeys(columns))
    return {position: tuple(columns) for position, columns in sorted(found.items())}


def protected_units(output: Output, stated: Output, profile: Profile) -> dict[int, tuple[str, ...]]:
    """Return what `protected_counts` does, by unit: position of the row in `stated`."""
    rows = protected_counts(output, profile)
    shared = [name for name in stated.dimensions if name in output.dimensions]
    if not shared and len(stated.table) == len(output.table):
        return rows  # a row a unit, in the same order
    units: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, row in enumerate(stated.table.to_dict("records")):
        units[_key(row, shared)].append(position)
    found: dict[int, dict[str, None]] = defaultdict(dict)
    table = output.table.to_dict("records")
    for position, columns in rows.items():
        for unit in units[_key(table[position], shared)]:
            found[unit].update(dict.fromkeys(columns))
    return {unit: tuple(columns) for unit, columns in sorted(found.items())}


def _below(output: Output, profile: Profile) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Rows below a minimum of what is behind them, with the counts it protects."""
    roles = output.roles
    # The whole that categories are shares of is judged by the row of all of them.
    of_whole = roles.denominator if dimensions_of_categories(output) else None
    counts = tuple(name for name in roles.counts if name != of_whole)
    every = (*counts, *((roles.total,) if roles.total else ()))
    minimums = {
        "families": profile.minimum_families,
        "cases": profile.minimum_cases,
        "organisations": profile.minimum_organisations,
    }
    for role, minimum in minimums.items():
        if column := getattr(roles, role):
            yield _few(output, column, minimum, profile, none_is_few=role != "organisations"), every
    for count, column in roles.people_behind.items():
        if count != of_whole:
            yield _few(output, column, profile.minimum_count, profile), (count,)
    if roles.numerator in roles.people_behind and holds_people(output):
        yield _others_of_few_people(output, profile), every
    whole, minimum = _group_and_minimum(output, minimums)
    for count, column in roles.groups_behind.items():
        if count == of_whole:
            continue
        yield _few(output, column, minimum, profile), (count,)
        if whole and count != roles.people:
            yield _few_others(output, whole, count, minimum), every


def _few(
    output: Output, column: str, minimum: int, profile: Profile, *, none_is_few: bool = True
) -> Any:
    """Rows with fewer than the minimum; none at all counts as few only where zeros are hidden."""
    values = numbers(output, column)
    few = values < minimum
    hides_none = none_is_few and profile.zeros_disclosive and output.kind != "attrition"
    return few if hides_none else few & (values > 0)


def _others_of_few_people(output: Output, profile: Profile) -> Any:
    """Rows whose events outside the numerator may be of too few people.

    Somebody may have events of both sorts, so the people of the others are at least the people
    of all less those of the numerator.
    """
    roles = output.roles
    assert roles.numerator
    whole = roles.denominator or roles.people
    all_people = numbers(output, roles.people_behind.get(whole, roles.people))
    people = all_people - numbers(output, roles.people_behind[roles.numerator])
    others = numbers(output, whole) - numbers(output, roles.numerator)
    return (others > 0) & (people < profile.minimum_count)


def _few_others(output: Output, whole: str, count: str, minimum: int) -> Any:
    """Rows whose others (the children not counted) may be of too few families.

    A family may have children of both sorts, so those of the others are at least the families
    of all less the families of the counted.
    """
    families = numbers(output, whole) - numbers(output, output.roles.groups_behind[count])
    people = numbers(output, output.roles.people) - numbers(output, count)
    return (people > 0) & (families < minimum)


def _group_and_minimum(output: Output, minimums: dict[str, int]) -> tuple[str | None, int]:
    role = "cases" if output.about == "co_defendants" else "families"
    column: str | None = getattr(output.roles, role)
    return column, minimums[role]


def _step_problems(output: Output, profile: Profile) -> list[str]:
    """Steps of a selection that leave, or take away, people of too few families.

    Of those lost at a step the families are at least the families before less those after.
    """
    roles = output.roles
    least = {
        roles.families: profile.minimum_families,
        roles.cases: profile.minimum_cases,
    }
    some = -np.diff(numbers(output, roles.people)) > 0
    few = [
        (some & (-np.diff(numbers(output, name)) < minimum)).any()
        for name, minimum in least.items()
        if name
    ]
    if not thin(output, profile) and not any(few):
        return []
    return [
        "steps that leave or lose people of few families or cases, or what few people have, have "
        "no rule: merge the steps."
    ]


def _counts_of_people(output: Output) -> list[str]:
    """Counts beside the people of a row that tell of some of them."""
    kept = {output.roles.people, "at_risk", "censored"}
    same = output.table[output.roles.people]
    return [
        name
        for name in own_counts(output)
        if name not in kept and not output.table[name].equals(same)
    ]


def _key(row: Row, names: list[str]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in names)
