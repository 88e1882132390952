"""Counties of North Carolina in the common model: places, and measures of them by year.

The panel holds nobody, so it gives a record of nobody either.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import (
    CommonTables,
    MappingContext,
    all_used,
    as_text,
    coverage,
    key,
    place_key,
    provenance,
)
from justice_analysis.sources.releases import people_of_rows

TABLE = "counties"
CENTURY = 1900
UNITS: Mapping[str, str] = {
    "crmrte": "crimes per person",
    "prbarr": "ratio",
    "prbconv": "ratio",
    "prbpris": "ratio",
    "avgsen": "days",
    "polpc": "police per person",
    "density": "people per square mile",
    "taxpc": "dollars per person",
    "west": "1 if so",
    "central": "1 if so",
    "urban": "1 if so",
    "pctmin80": "per cent",
    "wcon": "dollars a week",
    "wtuc": "dollars a week",
    "wtrd": "dollars a week",
    "wfir": "dollars a week",
    "wser": "dollars a week",
    "wmfg": "dollars a week",
    "wfed": "dollars a week",
    "wsta": "dollars a week",
    "wloc": "dollars a week",
    "mix": "ratio",
    "pctymle": "share",
}


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the counties to places and measures; see `mapping.CommonTables`."""
    rows = tables[TABLE]
    rows = rows.mutate(
        row_key=as_text(rows.county) + ":" + as_text(rows.year),
        place_id=place_key("nc_county", rows.county),
        from_date=ibis.date((rows.year + CENTURY).cast("int32"), 1, 1),
        to_date=ibis.date((rows.year + CENTURY + 1).cast("int32"), 1, 1),
    )
    common = {
        **_nobody(rows, context),
        "place": _places(rows, context),
        "area_measure": engine.union(*[_measured(rows, context, name) for name in UNITS]),
        "coverage": coverage(context, reason="the years of the panel"),
    }
    accounts = [all_used(TABLE, rows, "area_measure", "place")]
    return CommonTables(context.dataset, common, accounts)


def _nobody(rows: ir.Table, context: MappingContext) -> Mapping[str, ir.Table]:
    none = rows.limit(0).mutate(record_id=key(context.dataset, rows.row_key))
    return people_of_rows(none, context, TABLE, sex=ibis.null("string"))


def _places(rows: ir.Table, context: MappingContext) -> ir.Table:
    """One row per county; the source gives numbers and no names."""
    first = rows.group_by("place_id", "county").aggregate(row_key=rows.row_key.min())
    return first.select(
        place_id=first.place_id,
        kind=ibis.literal("county"),
        name=ibis.literal("county ") + as_text(first.county),
        **provenance(context, TABLE, first.row_key),
    )


def _measured(rows: ir.Table, context: MappingContext, name: str) -> ir.Table:
    measured = rows.select(
        area_measure_id=key(f"{context.dataset}:{name}", rows.row_key),
        place_id=rows.place_id,
        concept=ibis.literal(name),
        from_date=rows.from_date,
        to_date=rows.to_date,
        value_number=rows[name].cast("float64"),
        unit=ibis.literal(UNITS[name]),
        **provenance(context, TABLE, rows.row_key),
    )
    return measured.filter(measured.value_number.notnull())
