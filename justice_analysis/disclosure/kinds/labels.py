"""The labels of a table: totals and groups must be told by them, or nothing can be added up.

A total is known by its label, `all`. A total by another name would be taken for one more group,
and what is hidden beside it could be had by subtraction; so would a missing label, by which
databases mark their totals. Two tables that cut one dimension into other groups hide in vain: one
may show the sum of what the other keeps apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import (
    ALL,
    COUNTED_AGAIN,
    dimensions_without_effect,
    is_total,
    unit_rows,
)
from justice_analysis.disclosure.profiles.profile import Profile

WITHOUT_GROUPS = ("text", "attrition", "model")
"""Kinds whose rows are names, steps and terms: they have rules of their own."""
TOTAL_WORDS = re.compile(
    r"(grand |sub-?)?totals?|overall|every(one|body)|any(one)?|both( sexes)?|combined"
    r"|all( (people|persons|ages|sexes|groups|areas|regions|courts|years|cases|women|men))?"
)
BORN_ON = re.compile(
    r"\b(born|birth|dob)\b.*(\d{1,2} [A-Za-z]+ \d{4}|\d{4}-\d{2}-\d{2}|\d+/\d+/\d{2,4})",
    re.IGNORECASE,
)
GROUP = "group"
"""Dimension of outputs whose options say by what people are grouped."""
LEAST_GROUPS = 3
"""Rows from which one that is the sum of the others is taken for a total."""


def label_problems(output: Output, profile: Profile) -> list[str]:
    """Say which dimensions have labels by which totals, groups or people can't be judged."""
    if output.kind in WITHOUT_GROUPS:
        return []
    problems = []
    for name in _grouping(output):
        values = output.table[name].drop_duplicates()
        plain = [str(value).strip().casefold() for value in values]
        strange = [n for n, word in zip(values, plain, strict=True) if _is_other_total(n, word)]
        alike = len(plain) - len({*plain})
        if strange:
            problems.append(
                f"{name} must call its total `{ALL}`: {len(strange)} labels look like totals by "
                "another name, and would be taken for groups."
            )
        if values.isna().any():
            problems.append(
                f"{name} must have a label in every row: some have none. Call the total `{ALL}`, "
                "and those of whom it is not known `not known`."
            )
        if alike:
            problems.append(
                f"labels of {name} must differ by more than capitals and spaces: {alike} do not."
            )
        if not strange and _has_unnamed_total(output, name, profile):
            problems.append(
                f"a row of {name} is the sum of all the others: if it is their total, call it "
                f"`{ALL}`; if it is not, ask a person."
            )
        if any(BORN_ON.search(word) for word in plain):
            problems.append(f"labels of {name} must not hold dates of birth.")
    return problems


def cut_differently(one: Output, other: Output) -> list[str]:
    """Dimensions that two outputs of one population cut into other groups, each with its own."""
    if one.population_hash != other.population_hash:
        return []
    if {one.kind, other.kind} & {*WITHOUT_GROUPS, "histogram"}:
        return []
    if one.kind == other.kind == "survival":
        return []  # curves of other groups of the same people have a rule of their own
    found = []
    for name in sorted({*_grouping(one)} & {*_grouping(other)}):
        if name == GROUP and one.options.get("by") != other.options.get("by"):
            continue  # each says by what it groups
        nested = _nested(one, name) | _nested(other, name)
        lines = _lines_of_both(one, other, name)
        if any(a - b - nested and b - a - nested for a, b in lines):
            found.append(name)
    return [*found, *_named_nearly_alike(one, other)]


def _named_nearly_alike(one: Output, other: Output) -> list[str]:
    """Dimensions of two outputs that are one by any reader, and two by their spelling."""
    plain = {name.strip().casefold(): name for name in one.dimensions}
    return [
        f"{plain[word]} and {name}"
        for name in other.dimensions
        if (word := name.strip().casefold()) in plain and plain[word] != name
    ]


def _grouping(output: Output) -> list[str]:
    """Dimensions along which people are in one group or another."""
    again = dimensions_without_effect(output)
    time = output.chart.x if output.kind == "survival" and output.chart else None
    return [
        name
        for name in output.dimensions
        if name not in again and name not in COUNTED_AGAIN and name != time
    ]


def _lines_of_both(one: Output, other: Output, name: str) -> list[tuple[set[str], set[str]]]:
    """Groups along a dimension, line by line of the other dimensions that both outputs have.

    Where they share no line, all groups of one stand against all of the other.
    """
    beside = [n for n in one.dimensions if n != name and n in other.dimensions]
    first, second = _groups(one, name, beside), _groups(other, name, beside)
    shared = first.keys() & second.keys()
    if shared:
        return [(first[line], second[line]) for line in shared]
    return [(set().union(*first.values()), set().union(*second.values()))]


def _groups(output: Output, name: str, beside: list[str]) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for row in output.table[[*beside, name]].to_dict("records"):
        line = tuple(str(row[other]) for other in beside)
        found.setdefault(line, set()).update([] if is_total(row[name]) else [str(row[name])])
    return found


def _nested(output: Output, name: str) -> set[str]:
    within = output.hierarchy.get(name, {})
    return {*within, *within.values()}


def _is_other_total(value: object, word: str) -> bool:
    return not is_total(value) and bool(TOTAL_WORDS.fullmatch(word.strip(" .:*()")))


def _has_unnamed_total(output: Output, name: str, profile: Profile) -> bool:
    """Whether one group is, in every line, what the others add up to.

    In a single line that may be chance, so it counts only where something would be hidden.
    """
    if output.table[name].map(is_total).any() or name in output.hierarchy:
        return False
    sums = list(_sums_of_others(output, name))
    always = set.intersection(*(found for found, _ in sums)) if sums else set()
    least = min((least for _, least in sums), default=0)
    return bool(always) and (len(sums) > 1 or least < profile.minimum_count)


def _sums_of_others(output: Output, name: str) -> Iterator[tuple[set[str], float]]:
    """For each line, the groups that are the sum of the others, and the fewest people in one."""
    table = unit_rows(output)
    people = pd.to_numeric(table[output.roles.people], errors="coerce").astype(float)
    others = [other for other in output.dimensions if other != name]
    lines = table.groupby(others, dropna=False, sort=False) if others else [((), table)]
    for _, rows in lines:
        here = people.loc[rows.index]
        if len(rows) >= LEAST_GROUPS and here.sum() > 0:
            is_sum = here * 2 == here.sum()
            yield {str(value) for value in rows.loc[is_sum, name]}, float(here.min())
