"""Table 1: characteristics of a cohort by group, what is not known, and how groups differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import Output
from justice_analysis.errors import MetricError, OptionError, listed
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.person_parts import (
    EVERYONE,
    NOT_KNOWN,
    aggregated,
    check_columns,
)
from justice_analysis.metrics.estimates.quantities import quantity_by_group
from justice_analysis.metrics.estimates.shares import with_interval
from justice_analysis.metrics.estimates.table_one_outputs import (
    STATISTICS,
    differences_of,
    not_known_of,
    shares_of,
    summary_of,
)
from justice_analysis.metrics.estimates.units import count_units, units_of
from justice_analysis.models import (
    difference_of_categories,
    difference_of_means,
    difference_of_shares,
)

if TYPE_CHECKING:
    from justice_analysis.metrics.estimates.quantity_outputs import QuantityTable


@dataclass(frozen=True)
class TableOne:
    """Characteristics of a cohort by group.

    Attributes
    ----------
    table
        Everything in one table for the analyst, unrounded and not checked: one row per
        characteristic, level and group, with `people`, `people_of_group`, `share`, `mean`, `sd`,
        `median`, `percentile_25`, `percentile_75`; quantities have the level "".
    differences
        One row per characteristic and pair of groups: `standardised_difference`, of those whose
        value is known; missing where there is none to give.
    outputs
        What can be judged and released: each category as `estimates`, each quantity as
        `summary`, `not known` as `estimates` and `standardised differences`, whose numbers no
        rule judges yet, so that a person must look at them.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    outputs: Mapping[str, Output]


def table_one(
    about: About,
    people: ir.Table,
    *,
    by: str,
    categories: Mapping[str, str] | None = None,
    quantities: Mapping[str, str] | None = None,
    person: str = "person_id",
) -> TableOne:
    """Describe people by group, with standardised differences between the groups.

    Parameters
    ----------
    people
        One row per person: `person`, `by` and the characteristics, stored.
    by
        Column that names groups; missing is the group "not known".
    categories
        Column of text to its words ("sex": "Sex"); missing is the level "not known".
    quantities
        Column of numbers, none below 0, to its words and unit ("age": "age in years").

    Returns
    -------
    TableOne
        See there. `all` is everyone; differences take the groups in order, first minus second;
        for a category of two levels the difference is that of the second level's share, for one
        of more it has no sign.

    Raises
    ------
    OptionError
        If nothing is described, or a column is named twice.
    MetricError
        If a person stands twice, or a quantity is below 0.

    Notes
    -----
    Differences of means and shares: Austin (2009). Of several categories: Yang and Dalton (2012).
    """
    named, numbers = dict(categories or {}), dict(quantities or {})
    _check(people, by, named, numbers, person)
    counted = {name: _counted(people, by, name, person) for name in named}
    described = {
        name: quantity_by_group(
            people, quantity=name, words=words, person=person, by=[by], percentiles=(25, 50, 75)
        )
        for name, words in numbers.items()
        if _is_known(people, name)
    }
    unknown = _unknown(people, by, {**named, **numbers})
    differences = _differences(by, counted, described, {**named, **numbers})
    outputs = {words: shares_of(about, by, name, words, counted[name])
               for name, words in named.items()}  # fmt: skip
    outputs |= {
        numbers[name]: summary_of(about, numbers[name], found) for name, found in described.items()
    }
    outputs["not known"] = not_known_of(about, by, unknown)
    if len(differences):
        outputs["standardised differences"] = differences_of(about, differences)
    table = _stacked(by, named, numbers, counted, described, unknown)
    return TableOne(table, differences, outputs)


def _check(
    people: ir.Table, by: str, named: dict[str, str], numbers: dict[str, str], person: str
) -> None:
    problems = []
    if not named and not numbers:
        problems.append("Table 1 must describe something: no category or quantity is named.")
    both = {*named} & {*numbers} | ({by} & {*named, *numbers})
    problems += [f"{name} must be one thing only: it is named twice." for name in sorted(both)]
    words = [*named.values(), *numbers.values()]
    if len(set(words)) != len(words):
        problems.append("each characteristic must have words of its own.")
    if problems:
        raise OptionError(listed(problems))
    check_columns(people, [person, by, *named, *numbers])
    found = engine.execute(
        people.aggregate(rows=people.count(), people=people[person].nunique()), step="Table 1"
    ).iloc[0]
    if found["rows"] != found["people"]:
        raise MetricError(
            "Table 1 takes one row per person: "
            f"{int(found['rows'] - found['people']):,} rows repeat a person or have none."
        )
    if not found["rows"]:
        raise MetricError("Table 1 needs people: there are none. Check the cohort.")


def _is_known(people: ir.Table, name: str) -> bool:
    return bool(engine.execute(people[name].notnull().any(), step="Table 1"))


def _counted(people: ir.Table, by: str, name: str, person: str) -> pd.DataFrame:
    """People by group and level, "all" for what is summed over, with the share of the group."""
    found = count_units(units_of(people, by=[by, name], person=person)).drop(columns="units")
    whole = found[found[name] == EVERYONE].rename(columns={"people": "people_of_group"})
    joined = found.merge(whole[[by, "people_of_group"]], on=by, validate="many_to_one")
    return with_interval(joined, "people", "people_of_group")


def _unknown(people: ir.Table, by: str, words: Mapping[str, str]) -> pd.DataFrame:
    """People of whom each characteristic is not known, by group, in one pass."""
    group = people[by].cast("string").fill_null(NOT_KNOWN)
    missing = {name: people[name].isnull().cast("int64") for name in words}
    rows = people.select(**{by: group}, **{f"_{name}": value for name, value in missing.items()})
    sums: dict[str, ir.Value] = {name: rows[f"_{name}"].sum() for name in words}
    wide = aggregated(rows, (by,), {"people": rows.count(), **sums}).sort_values(by)
    parts = [
        wide[[by, "people"]].assign(characteristic=said, not_known=wide[name].astype("int64"))
        for name, said in words.items()
    ]
    return with_interval(pd.concat(parts, ignore_index=True), "not_known", "people")


def _groups(table: pd.DataFrame, by: str) -> list[str]:
    return [group for group in table[by].drop_duplicates() if group != EVERYONE]


def _differences(
    by: str,
    counted: Mapping[str, pd.DataFrame],
    described: Mapping[str, QuantityTable],
    words: Mapping[str, str],
) -> pd.DataFrame:
    """One row per characteristic and pair of groups."""
    rows = []
    for name, table in counted.items():
        known = table[(table[name] != NOT_KNOWN) & (table[name] != EVERYONE)]
        wide = known.pivot(index=name, columns=by, values="people").fillna(0).sort_index()
        for first, second in combinations(sorted(_groups(known, by)), 2):
            value = _of_categories(wide[first].tolist(), wide[second].tolist())
            people = int(wide[first].sum() + wide[second].sum())
            rows.append((words[name], f"{first} and {second}", people, value))
    for name, found in described.items():
        stated: dict[str, dict[Any, Any]] = {
            str(row[by]): row for row in found.table.to_dict("records")
        }
        for first, second in combinations(sorted(_groups(found.table, by)), 2):
            one, other = stated[first], stated[second]
            value = difference_of_means(one["mean"], other["mean"], one["sd"], other["sd"])
            people = int(one["people"] + other["people"])
            rows.append((words[name], f"{first} and {second}", people, value))
    columns = ["characteristic", "groups", "people", "standardised_difference"]
    return pd.DataFrame(rows, columns=columns)


def _of_categories(first: list[float], second: list[float]) -> float:
    if len(first) != 2 or not (sum(first) and sum(second)):
        return difference_of_categories(first, second)
    return difference_of_shares(first[1] / sum(first), second[1] / sum(second))


def _stacked(
    by: str,
    named: Mapping[str, str],
    numbers: Mapping[str, str],
    counted: Mapping[str, pd.DataFrame],
    described: Mapping[str, QuantityTable],
    unknown: pd.DataFrame,
) -> pd.DataFrame:
    """Everything in one table, in the order named, with what is not known under each quantity."""
    parts = []
    for name, words in named.items():
        shares = counted[name].rename(columns={name: "level", "estimate": "share"})
        shares = shares[shares["level"] != EVERYONE]
        parts.append(shares.assign(characteristic=words))
    for name, words in numbers.items():
        if name in described:
            parts.append(described[name].table.assign(characteristic=words, level=""))
        rest = unknown[unknown["characteristic"] == words].drop(columns="people_of_group",
                                                                errors="ignore")  # fmt: skip
        rest = rest.rename(columns={"people": "people_of_group", "not_known": "people"})
        parts.append(rest.rename(columns={"estimate": "share"}).assign(level=NOT_KNOWN))
    columns = ["characteristic", "level", by, "people", "people_of_group", "share", *STATISTICS]
    return pd.concat(parts, ignore_index=True).reindex(columns=columns)
