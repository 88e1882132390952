"""What sources of durations share: each row is a person of its own, known by measures.

Some open datasets give the days until something happened and no dates. Their rows become
measures: what was recorded of the person, how long they were followed and, for those who
returned, after how many days and why.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import (
    MappingContext,
    all_used,
    as_text,
    key,
    number_keyless_rows,
    provenance,
)
from justice_analysis.sources.records import own_ids, records

__all__ = ["all_used", "as_text", "measure", "numbered", "people_of_rows", "stack"]


def numbered(rows: ir.Table, context: MappingContext) -> ir.Table:
    """The delivered rows with `row_key` (the table has none) and `record_id`."""
    keyed = number_keyless_rows(rows)
    keyed = keyed.mutate(record_id=key(context.dataset, keyed.row_key))
    return engine.materialise(keyed, step=f"rows of {context.dataset}")


def people_of_rows(
    rows: ir.Table, context: MappingContext, table: str, *, sex: ir.StringValue
) -> Mapping[str, ir.Table]:
    """Records and identifiers where no person id is delivered: each row is its own person."""
    return {
        "record": records(
            rows, context, table=table, record_id=rows.record_id, row=rows.row_key, sex=sex
        ),
        "record_id_link": own_ids(
            rows, context, table=table, record_id=rows.record_id, row=rows.row_key
        ),
    }


def measure(
    rows: ir.Table,
    context: MappingContext,
    table: str,
    concept: str,
    *,
    number: ir.Value | None = None,
    code: ir.Value | None = None,
    unit: str | None = None,
    basis: str = "administrative",
    from_date: ir.DateValue | None = None,
    to_date: ir.DateValue | None = None,
) -> ir.Table:
    """One measure per row, for rows that have a value."""
    value = ibis.null("float64") if number is None else number.cast("float64")
    text = ibis.null("string") if code is None else as_text(code)
    start = ibis.null("date") if from_date is None else from_date
    measured = rows.select(
        measure_id=key(f"{context.dataset}:{concept}", rows.row_key),
        record_id=rows.record_id,
        concept=ibis.literal(concept),
        basis=ibis.literal(basis),
        from_date=start,
        to_date=ibis.null("date") if to_date is None else to_date,
        value_number=value,
        value_code=text,
        unit=ibis.literal(unit, "string"),
        **provenance(context, table, rows.row_key),
    )
    recorded = (
        measured.value_number.notnull()
        | measured.value_code.notnull()
        | measured.from_date.notnull()
    )
    return measured.filter(recorded)


def stack(*measures: ir.Table) -> ir.Table:
    """All measures of a source as one table."""
    return engine.union(*measures)
