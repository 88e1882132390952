"""Organisations behind counts of claims: how many claim, and how much the largest add."""

from __future__ import annotations

import dataclasses

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import Output
from justice_analysis.metrics.estimates.durations import DAYS_IN_WEEK
from justice_analysis.metrics.estimates.person_parts import GROUP, margins, stacked
from justice_analysis.metrics.estimates.units import Units

BODY = "claimant_body"
ORGANISATIONS = "organisations"
LARGEST = ("largest_organisation_1", "largest_organisation_2")


def with_bodies(output: Output, units: Units, *, days: str | None = None) -> Output:
    """Add to an output the organisations that claim, and what the two largest add to each row.

    A few bodies bring most claims, and know each other's business: what they add is what the
    rules on dominance judge.

    Parameters
    ----------
    output
        Of these units, by the same groups.
    units
        With a column `claimant_body` (missing: a person claims).
    days
        Column of the quantity that the output sums, in days and shown in weeks; missing where it
        counts claims: the largest then add people.
    """
    dimensions = list(units.by) or [GROUP]
    shared = [name for name in dimensions if name in output.dimensions]
    found = stacked([_behind(units, by, days) for by in margins(units.by, True)], units.by)
    if not shared:
        table = output.table.merge(found.drop(columns=dimensions), how="cross")
    else:
        table = output.table.merge(found, how="left", on=shared, validate="many_to_one")
    filled = {name: table[name].fillna(0) for name in (ORGANISATIONS, *LARGEST)}
    table = table.assign(**filled).astype(
        {ORGANISATIONS: "int64", **dict.fromkeys(LARGEST, "float64")}
    )
    roles = dataclasses.replace(
        output.roles, organisations=ORGANISATIONS, largest_organisations=LARGEST
    )
    return dataclasses.replace(output, table=table, roles=roles)


def _behind(units: Units, by: tuple[str, ...], days: str | None) -> pd.DataFrame:
    """Organisations of each group, and what the two largest add, one a column."""
    rows = units.rows.filter(units.rows[BODY].notnull())
    added = rows[days].sum() if days else rows.justice_person.nunique()
    sums = rows.group_by([*by, BODY]).aggregate(added=added)
    found = engine.execute(_first(sums, by), step="largest claimants")
    found["added"] = found["added"].astype(float) / (DAYS_IN_WEEK if days else 1)
    found = found.sort_values("added", ascending=False)
    groups = found.groupby(list(by), sort=False) if by else [((), found)]
    told = [
        {
            **dict(zip(by, group, strict=True)),
            ORGANISATIONS: int(part[ORGANISATIONS].max()) if len(part) else 0,
            **dict.fromkeys(LARGEST, 0.0),
            **dict(zip(LARGEST, part["added"], strict=False)),
        }
        for group, part in groups
    ]
    return pd.DataFrame(told, columns=[*by, ORGANISATIONS, *LARGEST])


def _first(sums: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """The two largest of each group, with the number of its organisations."""
    order = [ibis.desc("added"), BODY]
    if not by:  # a window over everything would be a single task
        whole = sums.aggregate(**{ORGANISATIONS: sums.count()})
        return sums.order_by(order).limit(len(LARGEST)).select("added").cross_join(whole)
    place = ibis.row_number().over(group_by=list(by), order_by=order)
    number = sums.count().over(group_by=list(by))
    placed = sums.mutate(place=place, **{ORGANISATIONS: number})
    return placed.filter(placed.place < len(LARGEST)).select(*by, "added", ORGANISATIONS)
