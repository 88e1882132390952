"""From delivered values to the contract's types: strictly, and counting what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts import Field, TableContract
from justice_analysis.sources.adapter import TableAdapter

ENGINE_TYPES = {
    "string": "string",
    "integer": "int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "date",
    "yearmonth": "date",
}
_LARGEST_EXACT = 2.0**53


class ParsedColumn(NamedTuple):
    """A column in its contract type, and which rows had a value that could not be read."""

    value: ir.Value
    unreadable: ir.BooleanValue | None


def schema_of(table: TableContract) -> dict[str, str]:
    """Give the engine's type of each column of a contract table."""
    return {field.name: ENGINE_TYPES[field.type] for field in table.fields}


def absent(field: Field) -> ParsedColumn:
    """Give a column that is missing in every row."""
    return ParsedColumn(ibis.null(ENGINE_TYPES[field.type]), None)


def parse_column(
    column: ir.Value, field: Field, adapter: TableAdapter, missing_values: Sequence[str]
) -> ParsedColumn | None:
    """Read one delivered column as its contract type.

    Parameters
    ----------
    column
        Text (blanks around it are ignored) or, from Parquet, a typed column.
    field
        Its contract.
    adapter
        Codes, date format, missing markers and unit of the delivery.
    missing_values
        The contract's texts for missing.

    Returns
    -------
    ParsedColumn or None
        None if a column of this type cannot hold what the contract says, such as a
        boolean where a date is due.
    """
    missing = tuple(dict.fromkeys((*missing_values, *adapter.missing)))
    codes = adapter.codes.get(field.name, {})
    if codes and column.type().is_integer():
        column = column.cast("string")
    if column.type().is_string():
        present = _translate(_without_markers(column.strip(), missing), codes)
        value = _from_text(present, field, adapter)
    else:
        present = _without_numbers(column, missing)
        value = _from_typed(present, field)
    if value is None:
        return None
    factor = adapter.multiply.get(field.name)
    unreadable = None if value is present else present.notnull() & value.isnull()
    return ParsedColumn(value if factor is None else value * factor, unreadable)


def _null_where(condition: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, ibis.null(value.type()), value)


def _without_markers(text: ir.StringValue, missing: Sequence[str]) -> ir.StringValue:
    return _null_where(text.isin(list(missing)), text) if missing else text


def _without_numbers(column: ir.Value, missing: Sequence[str]) -> ir.Value:
    """Turn numbers that are missing markers, such as -99, into missing."""
    if not column.type().is_numeric():
        return column
    markers = [int(one) for one in missing if one.removeprefix("-").isdecimal()]
    return _null_where(column.isin(markers), column) if markers else column


def _translate(text: ir.StringValue, codes: dict[str, str] | object) -> ir.StringValue:
    pairs = list(codes.items()) if isinstance(codes, dict) else []
    return text.cases(*pairs, else_=text) if pairs else text


def _from_text(text: ir.StringValue, field: Field, adapter: TableAdapter) -> ir.Value:
    match field.type:
        case "integer":
            return engine.to_integer(text)
        case "number":
            return engine.to_number(text)
        case "boolean":
            return engine.to_boolean(text)
        case "date":
            return engine.to_date(text, adapter.format_of(field.name))
        case "yearmonth" if field.name in adapter.date_formats:
            dates = engine.to_date(text, adapter.format_of(field.name))
            return engine.month_start(dates)
        case "yearmonth":
            return engine.to_month(text)
    return text


def _from_typed(column: ir.Value, field: Field) -> ir.Value | None:
    kind = column.type()
    if kind.is_null():
        return column.cast(ENGINE_TYPES[field.type])
    match field.type:
        case "integer" if kind.is_numeric():
            return _whole(column)
        case "number" if kind.is_numeric():
            return _finite(column)
        case "boolean" if kind.is_boolean():
            return column
        case "boolean" if kind.is_integer():
            return ibis.cases((column == 1, True), (column == 0, False))
        case "date" if _is_day(kind):
            return column if kind.is_date() else column.date()
        case "yearmonth" if _is_day(kind):
            return engine.month_start(column if kind.is_date() else column.date())
        case "string" if kind.is_integer():
            return column.cast("string")
        case "string" if kind.is_numeric():
            return _whole(column).cast("string")
    return None


def _is_day(kind: ir.dt.DataType) -> bool:
    """Whether it is a date or a clock time without zone; with one, the day is not certain."""
    return bool(kind.is_date() or (kind.is_timestamp() and kind.timezone is None))


def _whole(column: ir.NumericValue) -> ir.IntegerValue:
    """Give whole numbers; a fraction, or a float too large to be exact, is missing."""
    kind = column.type()
    if kind.is_int64():
        return column
    if kind.is_floating():
        column = _null_where((column.abs() >= _LARGEST_EXACT) | column.isnan(), column)
    if not kind.is_integer():
        column = _null_where(column != column.floor(), column)
    return column.floor().try_cast("int64") if kind.is_floating() else column.try_cast("int64")


def _finite(column: ir.NumericValue) -> ir.FloatingValue:
    number = column.cast("float64")
    return _null_where(number.isinf(), number) if column.type().is_floating() else number
