"""Shares of units by group, with Wilson intervals and the people behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.person_parts import EVERYONE, GROUP, NOT_KNOWN
from justice_analysis.metrics.estimates.units import Units, count_units, units_of
from justice_analysis.models import wilson

GROUPS_OF = {"children": "families", "co_defendants": "cases"}
"""Role of the groups behind a count, by whom an output is about."""


def share_table(units: Units, *, met: str, totals: bool = True) -> pd.DataFrame:
    """Share of units that meet a condition, by group.

    Returns
    -------
    DataFrame
        The columns of `count_units`, with `estimate`, `lower` and `upper` (95% Wilson, units
        taken as independent).
    """
    counted = count_units(units, met=[met], totals=totals)
    return with_interval(counted, met, "units")


def with_interval(table: pd.DataFrame, numerator: str, denominator: str) -> pd.DataFrame:
    """Add a share and its 95% Wilson interval: `estimate`, `lower`, `upper`.

    A group without units has a missing share, never 0.
    """
    found = wilson(table[numerator].to_numpy(), table[denominator].to_numpy())
    return table.assign(estimate=found.estimate, lower=found.lower, upper=found.upper)


def share_output(
    about: About,
    units: Units,
    *,
    met: str,
    units_name: str | None = None,
    title: str = "",
    totals: bool = True,
    chart: Chart | None = None,
    **others: Any,
) -> Output:
    """Share of units that meet a condition, as an output of kind `estimates`.

    Parameters
    ----------
    units_name
        Column to name the units by ("charges"); missing where each unit is a person of its own,
        who then is counted once.
    """
    table = share_table(units, met=met, totals=totals)
    dimensions = units.by or (GROUP,)
    each_is_person = units_name is None
    name = units_name or "people"
    if each_is_person:
        table = table.drop(columns=["units", f"people_{met}"])
    table = table.rename(columns={"units": name})
    behind = {} if each_is_person else {name: "people", met: f"people_{met}"}
    groups = GROUPS_OF.get(about.about) if units.has_groups else None
    roles = ColumnRoles(
        people="people",
        numerator=met,
        denominator=name,
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
        people_behind=behind,
        families="groups" if groups == "families" else None,
        cases="groups" if groups == "cases" else None,
        groups_behind={name: "groups", met: f"groups_{met}"} if groups else {},
    )
    kept = [*dimensions, *_used(roles, table)]
    drawn = chart or share_chart(dimensions, about.unit)
    return about.output(
        "estimates",
        title or about.card.title,
        table[kept],
        dimensions=dimensions,
        roles=roles,
        chart=drawn,
        shares=("estimate", "lower", "upper"),
        overlapping=() if each_is_person else units.by,
        **others,
    )


def share_chart(dimensions: Sequence[str], unit: str) -> Chart | None:
    """Dots with whiskers, one name a row; a line with its band where the names are periods.

    Nothing where there are more than two dimensions.
    """
    if len(dimensions) > 2:
        return None
    return Chart(
        form="lines" if tuple(dimensions) in {(name,) for name in PERIODS} else "dots",
        x=dimensions[-1],
        y="estimate",
        group=dimensions[0] if len(dimensions) == 2 else None,
        lower="lower",
        upper="upper",
        y_title=f"Share of {unit}",
        percent=True,
    )


def mix_output(
    about: About,
    table: ir.Table,
    *,
    category: str,
    by: Sequence[str] = (),
    person: str = "person_key",
    group: str | None = None,
    units_name: str,
    order: Sequence[str] = (),
    title: str = "",
    **others: Any,
) -> Output:
    """How units divide into categories, by group, as an output of kind `estimates`.

    Each category's share has its own interval; "all" holds every unit of the group, so that a
    hidden category cannot be had by subtraction.

    Parameters
    ----------
    table
        One row per unit: its `category` (missing: "not known"), the columns of `by`, person.
    units_name
        Column to name the units by ("children").
    order
        Categories in the order to show them; others follow by name, "not known" last.
    """
    units = units_of(table, by=[*by, category], person=person, group=group)
    counted = _ordered(count_units(units), by, category, order)
    of_group = f"{units_name}_of_group"
    whole = counted[counted[category] == EVERYONE].drop(columns=category)
    behind = [name for name in ("people", "groups") if name in whole.columns]
    whole = whole.rename(
        columns={"units": of_group, **{name: f"{name}_of_group" for name in behind}}
    )[[*by, of_group, *(f"{name}_of_group" for name in behind)]]
    counted = counted.merge(whole, how="left" if by else "cross", on=list(by) or None)
    shown = with_interval(counted, "units", of_group).rename(columns={"units": units_name})
    groups = GROUPS_OF.get(about.about) if group else None
    dimensions = (*by, category)
    roles = ColumnRoles(
        people="people",
        numerator=units_name,
        denominator=of_group,
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
        people_behind={units_name: "people", of_group: "people_of_group"},
        families="groups" if groups == "families" else None,
        cases="groups" if groups == "cases" else None,
        groups_behind={units_name: "groups", of_group: "groups_of_group"} if groups else {},
    )
    return about.output(
        "estimates",
        title or about.card.title,
        shown[[*dimensions, *_used(roles, shown)]],
        dimensions=dimensions,
        roles=roles,
        chart=share_chart(dimensions, about.unit),
        shares=("estimate", "lower", "upper"),
        overlapping=dimensions,
        **others,
    )


def _ordered(
    table: pd.DataFrame, by: Sequence[str], category: str, order: Sequence[str]
) -> pd.DataFrame:
    """Rows of each group in the order of the categories, "all" first."""
    ranks = {EVERYONE: 0, **{name: place for place, name in enumerate(order, start=1)}}
    ranks[NOT_KNOWN] = len(order) + 2
    rank = table[category].map(ranks).fillna(len(order) + 1)
    places = {name: table[name].where(table[name] != EVERYONE, "") for name in by}
    key = pd.DataFrame({**places, "rank": rank, "name": table[category]})
    return table.loc[key.sort_values(list(key.columns), kind="stable").index]


def _used(roles: ColumnRoles, table: pd.DataFrame) -> list[str]:
    """Columns that have a role, in the table's order of meaning and once."""
    named = [*roles.counts, *roles.statistics, *roles.evidence]
    return [name for name in dict.fromkeys(named) if name in table.columns]
