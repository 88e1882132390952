"""Concentration: how few organisations stand in most claims."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.civil.bodies import LARGEST, ORGANISATIONS
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.person_parts import EVERYONE
from justice_analysis.metrics.estimates.shares import with_interval

NUMBERS = {
    1: "the largest", 2: "the largest two", 3: "the largest three", 5: "the largest five",
    10: "the largest ten", 20: "the largest twenty", 50: "the largest fifty",
}  # fmt: skip
BANDS = (("one claim", 2), ("two claims", 3), ("three to five claims", 6))
MOST = "six claims or more"


def band_of(claims: ir.IntegerValue) -> ir.StringValue:
    """Words for a number of claims."""
    return ibis.cases(*[(claims < below, words) for words, below in BANDS], else_=MOST)


def concentration(
    about: About,
    rows: ir.Table,
    *,
    role: str,
    largest: Sequence[int],
) -> dict[str, Output]:
    """Organisations by the number of their claims, and the share of claims of the largest.

    Parameters
    ----------
    rows
        One row per claim and party in the role: `case_id`, `party_key`, `body` (missing: a
        person), `person_key` (a person behind the claim).
    largest
        How many of the largest organisations to take together.

    Returns
    -------
    dict
        `organisations`: one row per band, with organisations, claims and the people behind them.
        `concentration`: one row per number of the largest: their claims, those of everyone in
        the role, and the share.
    """
    said = dataclasses.replace(
        about,
        about="organisations",
        unit=f"organisations that are {role}s in civil claims",
        population_hash=f"{about.population_hash}-organisations",
    )
    bodies = rows.filter(rows.body.notnull())
    sizes = bodies.group_by("body").aggregate(claims=bodies.case_id.nunique())
    sizes = engine.materialise(sizes.mutate(band=band_of(sizes.claims)), step="claims of bodies")
    return {
        "organisations": _by_band(said, bodies, sizes),
        "concentration": _of_largest(said, rows, sizes, largest),
    }


def _by_band(about: About, bodies: ir.Table, sizes: ir.Table) -> Output:
    both = bodies.inner_join(sizes.select("body", "band"), "body")
    whole = both.mutate(band=ibis.literal(EVERYONE))
    table = engine.execute(
        engine.union(both, whole)
        .group_by("band")
        .aggregate(
            organisations=ibis._.body.nunique(),
            claims=ibis._.case_id.nunique(),
            people=ibis._.person_key.nunique(),
        ),
        step="organisations by claims",
    )
    table = table.merge(_largest_in(both, whole), on="band", how="left", validate="one_to_one")
    order = [EVERYONE, *(words for words, _ in BANDS), MOST]
    table = table.sort_values("band", key=lambda names: names.map(order.index))
    return about.output(
        "table",
        "Organisations by number of claims",
        table,
        dimensions=("band",),
        roles=ColumnRoles(
            people="people",
            count=("claims", ORGANISATIONS),
            people_behind={"claims": "people", ORGANISATIONS: "people"},
            organisations=ORGANISATIONS,
            largest_organisations=LARGEST,
        ),
        overlapping=("band",),
    )


def _largest_in(both: ir.Table, whole: ir.Table) -> pd.DataFrame:
    """People that the two largest organisations of each band add."""
    held = engine.union(both, whole)
    added = held.group_by("band", "body").aggregate(added=held.person_key.nunique())
    place = ibis.row_number().over(group_by="band", order_by=[ibis.desc("added"), "body"])
    placed = added.mutate(place=place)
    rows = engine.execute(
        placed.filter(placed.place < len(LARGEST)).select("band", "place", "added"),
        step="largest organisations",
    )
    wide = rows.pivot(index="band", columns="place", values="added")
    wide = wide.reindex(columns=range(len(LARGEST)), fill_value=0).fillna(0).astype(float)
    return wide.set_axis(list(LARGEST), axis=1).reset_index()


def _of_largest(about: About, rows: ir.Table, sizes: ir.Table, largest: Sequence[int]) -> Output:
    """Claims of the largest organisations beside those of everyone in the role."""
    order = engine.execute(
        sizes.order_by([ibis.desc("claims"), "body"]).limit(max(largest)).select("body"),
        step="largest organisations",
    )["body"].tolist()
    numbers = sorted({n for n in largest if n <= len(order)}) or [len(order)]
    found = _counted(rows, order, numbers)
    table = with_interval(found, "claims_of_largest", "claims")
    return about.output(
        "estimates",
        "Share of claims with the largest organisations",
        table,
        dimensions=("taken_together",),
        roles=ColumnRoles(
            people="people",
            numerator="claims_of_largest",
            denominator="claims",
            estimate=("estimate",),
            lower=("lower",),
            upper=("upper",),
            people_behind={"claims_of_largest": "people_of_largest", "claims": "people"},
            organisations=ORGANISATIONS,
            largest_organisations=LARGEST,
        ),
        chart=Chart(
            form="bars",
            x="taken_together",
            y="estimate",
            y_title="Share of claims",
            percent=True,
        ),
        shares=("estimate", "lower", "upper"),
        overlapping=("taken_together",),
    )


def _counted(rows: ir.Table, order: Sequence[str], numbers: Sequence[int]) -> pd.DataFrame:
    """One row per number of the largest organisations: their claims, and the people behind."""
    within = {n: rows.body.isin(order[:n]).fill_null(False) for n in numbers}
    columns = {"claims": rows.case_id.nunique(), "people": rows.person_key.nunique()}
    for n, where in within.items():
        columns[f"claims_{n}"] = rows.case_id.nunique(where=where)
        columns[f"people_{n}"] = rows.person_key.nunique(where=where)
    whole = engine.execute(rows.aggregate(**columns), step="claims of largest organisations").iloc[
        0
    ]
    held = rows.filter(rows.body.isin(order))
    by_body = held.group_by("body").aggregate(added=held.person_key.nunique())
    added = engine.execute(by_body, step="people of largest organisations").set_index("body")
    return pd.DataFrame([_row(n, order[:n], whole, added["added"]) for n in numbers])


def _row(
    number: int, bodies: Sequence[str], whole: pd.Series[int], added: pd.Series[int]
) -> dict[str, object]:
    most = [*sorted(map(float, added.loc[list(bodies)]), reverse=True), 0.0]
    return {
        "taken_together": NUMBERS.get(number, f"the largest {number:,}"),
        "people_of_largest": int(whole[f"people_{number}"]),
        "claims_of_largest": int(whole[f"claims_{number}"]),
        "claims": int(whole["claims"]),
        "people": int(whole["people"]),
        ORGANISATIONS: len(bodies),
        LARGEST[0]: most[0],
        LARGEST[1]: most[1],
    }
