"""Quarterly totals of England and Wales in the common model: one place, and measures of it.

Published totals hold nobody, so they give a record of nobody either. Titles, units and sources
are those of the descriptor of the published series.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts.series import OneSeries, load_series_contract
from justice_analysis.sources.mapping import (
    CommonTables,
    MappingContext,
    all_used,
    as_text,
    coverage,
    key,
    provenance,
)
from justice_analysis.sources.releases import people_of_rows

TABLE = "quarters"
PLACE = "country:england_and_wales"
MONTHS_BEFORE_THE_LAST = 2


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the quarters to measures of one place; see `mapping.CommonTables`."""
    held = load_series_contract("uk_cjs_quarterly")
    last_month = tables[TABLE].quarter_ending  # its first day
    rows = tables[TABLE].mutate(
        row_key=as_text(last_month),
        from_date=engine.add_months(last_month, -MONTHS_BEFORE_THE_LAST),
        to_date=engine.add_months(last_month, 1),
    )
    common = {
        **_nobody(rows, context),
        "place": _place(rows, context, held.geography),
        "area_measure": engine.union(*[_measured(rows, context, one) for one in held.series]),
        "coverage": coverage(context, reason="the quarters of the file"),
    }
    accounts = [all_used(TABLE, rows, "area_measure", "place")]
    return CommonTables(context.dataset, common, accounts)


def _nobody(rows: ir.Table, context: MappingContext) -> Mapping[str, ir.Table]:
    none = rows.limit(0).mutate(record_id=key(context.dataset, rows.row_key))
    return people_of_rows(none, context, TABLE, sex=ibis.null("string"))


def _place(rows: ir.Table, context: MappingContext, name: str) -> ir.Table:
    first = rows.aggregate(row_key=rows.row_key.min())
    return first.select(
        place_id=ibis.literal(PLACE),
        kind=ibis.literal("country"),
        name=ibis.literal(name),
        **provenance(context, TABLE, first.row_key),
    )


def _measured(rows: ir.Table, context: MappingContext, one: OneSeries) -> ir.Table:
    measured = rows.select(
        area_measure_id=key(f"{context.dataset}:{one.name}", rows.row_key),
        place_id=ibis.literal(PLACE),
        concept=ibis.literal(one.name),
        from_date=rows.from_date,
        to_date=rows.to_date,
        value_number=rows[one.name].cast("float64"),
        unit=ibis.literal(one.unit),
        **provenance(context, TABLE, rows.row_key),
    )
    return measured.filter(measured.value_number.notnull())
