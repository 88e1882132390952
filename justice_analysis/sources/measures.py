"""What was measured or recorded about a person, as rows of the common table `measure`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
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
        The value; a row where both are missing gives no measure, but for `is_period`.
    date, from_date, to_date
        Its day, or the period that it is about.
    unit
        Unit of the number.
    basis
        Who said so.
    is_period
        Whether the period alone says something: a row without a value is a measure too.
    """

    concept: str
    number: ir.NumericValue | None = None
    code: ir.StringValue | None = None
    date: ir.DateValue | None = None
    from_date: ir.DateValue | None = None
    to_date: ir.DateValue | None = None
    unit: str | ir.StringValue | None = None
    basis: str = ADMINISTRATIVE
    is_period: bool = False


def measure_rows(
    rows: ir.Table,
    measured: Sequence[Measured],
    context: MappingContext,
    *,
    system: str,
    table: str,
    party_id: ir.IntegerValue | None = None,
) -> ir.Table:
    """Rows of `measure` for what each delivered row says.

    Parameters
    ----------
    rows
        One row per delivered row: `record` (key of the person record) and `row` (key of the
        delivered row), besides the columns that `measured` refers to.
    measured
        What is measured, at least one thing; the same concept twice only on another basis.
    system, table
        Prefix of ids, and the delivered table.
    party_id
        Id of the party that the measures are about, where they are about one.

    Returns
    -------
    Table
        One row per delivered row and thing that it says, with `record_id` in the place of the
        person. The table, the row, the concept and its basis give the id.
    """
    person = {"record_id": key(system, rows.record), "party_id": _or_missing(party_id, "int64")}
    source = provenance(context, table, rows.row)
    return engine.union(
        *[_rows_of(rows, one, system, table, {**person, **source}) for one in measured]
    )


def _rows_of(
    rows: ir.Table, measured: Measured, system: str, table: str, others: Mapping[str, ir.Value]
) -> ir.Table:
    named = [ibis.literal(part) for part in (table, measured.concept, measured.basis)]
    shaped = rows.select(
        measure_id=key(system, rows.row, *named),
        concept=ibis.literal(measured.concept),
        basis=ibis.literal(measured.basis),
        **_values(measured),
        **others,
    )
    if measured.is_period:
        return shaped
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
