"""What one output says in each of its rows: its counts by role, and the group they are of."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

import pandas as pd

from justice_analysis.definitions.output import Output

ALL = "all"
"""Value of a dimension that stands for the total over it."""
AT_RISK = "at_risk"
"""Count of people still followed; beside estimates it serves the rule on them and stays behind."""
LABELS = ("rating", "significant")
"""Dimensions that say something of the row and name no group."""
COUNTED_AGAIN = ("cause", "characteristic", "name", "outcome", "statistic", "theme", *LABELS)
"""Dimensions along which the same people are counted again, besides ordered ones (horizons)."""

Group = tuple[tuple[str, str], ...]
"""Dimensions and values, in order of the dimensions; totals are left out."""


def is_total(value: object) -> bool:
    """Whether a dimension's value stands for the total."""
    return isinstance(value, str) and value.lower() == ALL


def is_ordered(values: pd.Series) -> bool:
    """Whether values are numbers or begin with one followed by a unit: 5, "5 years"."""
    return len(values) > 0 and all(re.fullmatch(r"[\d.,]+( \w+)?", str(value)) for value in values)


def unit_rows(output: Output) -> pd.DataFrame:
    """Return the table in unit order: one row a unit, index the unit's position."""
    return output.table.reset_index(drop=True)


def kept_back(output: Output) -> tuple[str, ...]:
    """Columns that are judged by but never shown: people at risk beside estimates and texts."""
    beside = output.kind in ("estimates", "text") and AT_RISK in output.roles.count
    return (AT_RISK,) if beside else ()


def stated_counts(output: Output, row: Mapping[Any, Any]) -> dict[str, float]:
    """Return counts of one row by role: people, numerator, denominator, other columns, total."""
    roles = output.roles
    stated: dict[str, float] = {"people": int(row[roles.people])}
    if roles.numerator:
        stated[f"numerator {roles.numerator}"] = int(row[roles.numerator])
    if roles.denominator and roles.denominator != roles.people:
        stated[f"denominator {roles.denominator}"] = int(row[roles.denominator])
    for name in roles.count:
        if name not in (roles.people, roles.numerator, roles.denominator, *kept_back(output)):
            stated[f"count {name}"] = int(row[name])
    return stated


def dimensions_without_effect(output: Output) -> frozenset[str]:
    """Find dimensions along which the people stay the same: horizons, causes, outcomes.

    Groups that happen to have equal numbers are not such: a dimension must be named as one along
    which people are counted again, or be ordered in a table that says more of people than how
    many they are.
    """
    table, found, roles = output.table, [], output.roles
    says_more = len(roles.counts) > 1 or bool(roles.statistics) or roles.total is not None
    for name in output.dimensions:
        if name not in COUNTED_AGAIN and not (says_more and is_ordered(table[name])):
            continue
        others = [other for other in output.dimensions if other != name]
        groups = table.groupby(others, dropna=False) if others else [((), table)]
        if all(rows[output.roles.people].nunique() == 1 for _, rows in groups):
            found.append(name)
    return frozenset(found)


def dimensions_of_categories(output: Output) -> frozenset[str]:
    """Find dimensions whose groups are the parts of one whole, each a share of it.

    Orders of children, say: the denominator is the same in each category, and the row of all
    categories has everything in it. Such a denominator is a count of the whole alone.
    """
    roles, table = output.roles, output.table
    if not roles.numerator or roles.denominator in (None, roles.people):
        return frozenset()
    found = set()
    for name in output.dimensions:
        whole = table[table[name].map(is_total)]
        others = [other for other in output.dimensions if other != name]
        groups = table.groupby(others, dropna=False) if others else [((), table)]
        if (
            len(whole)
            and (whole[roles.numerator] == whole[roles.denominator]).all()
            and all(rows[roles.denominator].nunique() == 1 for _, rows in groups)
        ):
            found.add(name)
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


def parents(output: Output, dimension: str) -> frozenset[str]:
    """Return the groups of a dimension that other groups of it lie in."""
    return frozenset(output.hierarchy.get(dimension, {}).values())


def parent_in(output: Output, dimension: str, value: str, known: Container[str]) -> str | None:
    """Return the nearest group that a group lies in and that is counted; None: only everyone."""
    nested = output.hierarchy.get(dimension, {})
    seen = {value}
    while (found := nested.get(value)) is not None and found not in seen:
        if found in known:
            return found
        seen.add(found)
        value = found
    return None
