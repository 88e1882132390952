"""What was measured or recorded about a person, as rows of the common table `measure`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.mapping import MappingContext, key, provenance

ADMINISTRATIVE = "administrative"


@dataclass(frozen=True)
class Measured:
    """One measure that each row of a delivered table may give.

    Attributes
    ----------
    concept
        What is measured, as in the common model.
    number, code
        The value; a row where both are missing gives no measure.
    date, from_date, to_date
        Its day, or the period that it is about.
    unit
        Unit of the number.
    basis
        Who said so.
    """

    concept: str
    number: ir.NumericValue | None = None
    code: ir.StringValue | None = None
    date: ir.DateValue | None = None
    from_date: ir.DateValue | None = None
    to_date: ir.DateValue | None = None
    unit: str | ir.StringValue | None = None
    basis: str = ADMINISTRATIVE


def measure_rows(
    rows: ir.Table, measured: Measured, context: MappingContext, *, system: str, table: str
) -> ir.Table:
    """Rows of `measure` for one thing measured.

    Parameters
    ----------
    rows
        One row per delivered row: `record` (key of the person record) and `row` (key of the
        delivered row), besides the columns that `measured` refers to.
    system, table
        Prefix of ids, and the delivered table.

    Returns
    -------
    Table
        One row per delivered row that has a value, with `record_id` in the place of the person.
    """
    columns = {
        "measure_id": key(system, rows.row, ibis.literal(measured.concept)),
        "record_id": key(system, rows.record),
        "concept": ibis.literal(measured.concept),
        "basis": ibis.literal(measured.basis),
        **_values(measured),
    }
    shaped = rows.select(**columns, **provenance(context, table, rows.row))
    return shaped.filter(shaped.value_number.notnull() | shaped.value_code.notnull())


def _values(measured: Measured) -> Mapping[str, ir.Value]:
    number, unit = measured.number, measured.unit
    return {
        "date": _or_missing(measured.date, "date"),
        "from_date": _or_missing(measured.from_date, "date"),
        "to_date": _or_missing(measured.to_date, "date"),
        "value_number": ibis.null("float64") if number is None else number.cast("float64"),
        "value_code": _or_missing(measured.code, "string"),
        "unit": ibis.literal(unit) if isinstance(unit, str) else _or_missing(unit, "string"),
    }


def _or_missing(column: ir.Value | None, kind: str) -> ir.Value:
    return ibis.null(kind) if column is None else column
