"""Count units (children, charges, cases) by group, with the people behind every count.

A metric makes one row per unit that it counts; everything here is aggregated in the engine and
small when it comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.person_parts import (
    NOT_KNOWN,
    aggregated,
    check_columns,
    margins,
    stacked,
)

PEOPLE, UNITS = "people", "units"


@dataclass(frozen=True)
class Units:
    """Units to be counted, stored in the engine.

    Attributes
    ----------
    rows
        One row per unit: `person` (who is behind it), `group` (family, set of proceedings or
        case, where units are children or co-defendants), the columns of `by` as text and whatever
        else the caller named.
    by
        Columns that name groups.
    has_groups
        Whether `group` is there.
    """

    rows: ir.Table
    by: tuple[str, ...]
    has_groups: bool


def person_key(parties: ir.Table) -> ir.IntegerValue:
    """Who a party is: the person it is linked to; a party without a link is one of its own.

    People have numbers from 0 and parties too, so that of an unlinked party is made negative.
    """
    return parties.person_id.fill_null(-1 - parties.party_id)


def units_of(
    table: ir.Table,
    *,
    by: Sequence[str] = (),
    person: str = "person_key",
    group: str | None = None,
    keep: Sequence[str] = (),
) -> Units:
    """Keep the columns that are counted, one row per unit; a missing group is "not known".

    Parameters
    ----------
    table
        One row per unit.
    by
        Columns that name groups.
    person
        Column of the person behind a unit: `person_key` of its party.
    group
        Column of the family (set of proceedings) of a child, or the case of a co-defendant.
    keep
        Other columns to carry: conditions, durations.

    Raises
    ------
    MetricError
        If a unit has nobody behind it, or there is no unit.
    """
    wanted = [person, *by, *keep, *([group] if group else [])]
    check_columns(table, wanted)
    named = {name: table[name].cast("string").fill_null(NOT_KNOWN) for name in by}
    groups = {"group_key": table[group]} if group else {}
    chosen = table.select(
        justice_person=table[person], **named, **groups, **{name: table[name] for name in keep}
    )
    rows = engine.materialise(chosen, step="units to count")
    found = engine.execute(
        rows.aggregate(rows=rows.count(), nobody=rows.justice_person.isnull().sum().fill_null(0)),
        step="units to count",
    ).iloc[0]
    if not found["rows"]:
        raise MetricError("there is nothing to count: no unit is left. Check the options.")
    if found["nobody"]:
        raise MetricError(
            f"{person} must be given for each unit: {int(found['nobody']):,} rows have none."
        )
    return Units(rows, tuple(by), group is not None)


def count_units(units: Units, *, met: Sequence[str] = (), totals: bool = True) -> pd.DataFrame:
    """Count units, and the people (and families or cases) behind them, by group.

    Parameters
    ----------
    units
        From `units_of`.
    met
        Columns of conditions; missing counts as not met.
    totals
        Whether to add "all", for every combination of the groups.

    Returns
    -------
    DataFrame
        One row per group: the groups, `units`, `people` (distinct), and `groups` (distinct)
        where units have them; for each condition `<name>`, `people_<name>`, `groups_<name>`.
        Without `by` there is one row, of `group` "all".
    """
    return stacked([_counted(units, by, met) for by in margins(units.by, totals)], units.by)


def _counted(units: Units, by: tuple[str, ...], met: Sequence[str]) -> pd.DataFrame:
    rows = units.rows
    columns: dict[str, ir.Value] = {UNITS: rows.count(), PEOPLE: rows.justice_person.nunique()}
    if units.has_groups:
        columns["groups"] = rows.group_key.nunique()
    for name in met:
        where = rows[name].fill_null(False)
        columns[name] = where.cast("int64").sum()
        columns[f"people_{name}"] = rows.justice_person.nunique(where=where)
        if units.has_groups:
            columns[f"groups_{name}"] = rows.group_key.nunique(where=where)
    return aggregated(rows, by, columns)
