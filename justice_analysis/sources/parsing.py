"""From delivered values to the contract's types: strictly, and counting what cannot be read.

It goes in stages, each a projection of its own (prepare, translate, parse, unreadable), since
an engine computes what stands inside a condition as often as it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts import Field, TableContract
from justice_analysis.sources.adapter import TableAdapter, Unit

ENGINE_TYPES = {
    "string": "string",
    "integer": "int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "date",
    "yearmonth": "date",
}
_DIGITS_ALONE = ("%Y%m%d", "%Y%m")


def schema_of(table: TableContract) -> dict[str, str]:
    """Give the engine's type of each column of a contract table."""
    return {field.name: ENGINE_TYPES[field.type] for field in table.fields}


def prepare(column: ir.Value, field: Field, adapter: TableAdapter) -> ir.Value | None:
    """Make a delivered column ready for parsing: blanks around text go.

    Parameters
    ----------
    column
        Text or, from Parquet, a typed column.
    field, adapter
        Its contract, and how the delivery differs.

    Returns
    -------
    column or None
        None if a column of this type cannot hold what the contract says, such as a boolean
        where a date is due.
    """
    kind = column.type()
    if kind.is_numeric() and _is_read_as_text(field, adapter):
        return engine.to_whole(column).cast("string")
    if kind.is_string():
        has_blanks = column.like(" %") | column.like("% ")
        return ibis.ifelse(has_blanks, column.strip(), column)
    return None if _from_typed(column, field) is None else column


def _is_read_as_text(field: Field, adapter: TableAdapter) -> bool:
    """Whether delivered numbers are codes to translate, or dates written in digits alone."""
    digits = any(one in _DIGITS_ALONE for one in adapter.formats_of(field.name))
    return bool(adapter.codes.get(field.name)) or (
        field.type in ("date", "yearmonth") and field.name in adapter.date_formats and digits
    )


def translate(prepared: ir.StringValue, field: Field, adapter: TableAdapter) -> ir.StringValue:
    """Turn delivered codes into the contract's; a code that is not listed stays."""
    pairs = adapter.codes[field.name].items()
    return prepared.cases(*pairs, else_=prepared)


def parse(
    prepared: ir.Value, field: Field, adapter: TableAdapter, missing_values: Sequence[str]
) -> ir.Value:
    """Read a prepared column as its contract type; what cannot be read is missing.

    Parameters
    ----------
    prepared
        From `prepare`.
    field
        Its contract.
    adapter
        Date format and unit of the delivery.
    missing_values
        Texts for missing, the contract's and the adapter's; whole numbers among them also
        count in a column of numbers.
    """
    unit = adapter.units.get(field.name)
    # Fractions of a unit may be delivered where the contract's unit is whole.
    read_as = replace(field, type="number") if unit and unit.round else field
    if prepared.type().is_string():
        value = _from_text(prepared, read_as, adapter)
    else:
        typed = _from_typed(prepared, read_as)
        assert typed is not None
        value = typed
    marker = _is_marker(prepared, missing_values)
    if marker is not None:
        value = _null_where(marker, value)
    return value if unit is None or unit.months_since else _multiplied(value, unit, field)


def days_of_months(months: ir.Value, since: ir.DateValue, field: Field) -> ir.Value:
    """Turn months into the days that they have on the calendar from a date on.

    Parameters
    ----------
    months
        As parsed; a fraction of a month has no days on the calendar, and is missing.
    since
        The date from which they count; missing makes the length missing.
    field
        Its contract, which says whether the days are a whole number.
    """
    whole = engine.to_whole(months)
    days = engine.days_between(engine.add_months(since, whole), since)
    return days if field.type == "integer" else days.cast("float64")


def _multiplied(value: ir.NumericValue, unit: Unit, field: Field) -> ir.NumericValue:
    number = value * unit.multiply
    if not unit.round:
        return number
    size = number.abs() + 0.5
    match unit.round:
        case "down":
            rounded = number.floor()
        case "up":
            rounded = number.ceil()
        case _:
            rounded = ibis.ifelse(number < 0, -size.floor(), size.floor())
    return rounded.cast(ENGINE_TYPES[field.type])


def unreadable(
    prepared: ir.Value, value: ir.Value, missing_values: Sequence[str]
) -> ir.BooleanValue:
    """Mark the rows in which something was delivered, no marker of missing, and not read."""
    lost = prepared.notnull() & value.isnull()
    marker = _is_marker(prepared, missing_values)
    return lost if marker is None else lost & ~marker


def can_fail(delivered: ir.Value, field: Field) -> bool:
    """Whether a value in a column of this type may turn out not to be readable."""
    kind = delivered.type()
    if kind.is_string():
        return field.type != "string"
    if field.type == "number":
        return bool(kind.is_floating())
    if field.type in ("integer", "string"):
        exact = kind.is_boolean() or kind.is_signed_integer() or kind.is_null()
        return not exact
    return field.type == "boolean" and bool(kind.is_integer())


def _null_where(condition: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, ibis.null(value.type()), value)


def _is_marker(prepared: ir.Value, missing_values: Sequence[str]) -> ir.BooleanValue | None:
    """Say where a text, or a number such as -99, stands for missing; None if none can."""
    kind = prepared.type()
    if kind.is_string():
        return prepared.isin(list(missing_values)) if missing_values else None
    numbers = [int(one) for one in missing_values if one.removeprefix("-").isdecimal()]
    return prepared.isin(numbers) if numbers and kind.is_numeric() else None


def first_that_fits(text: ir.StringValue, formats: Sequence[str]) -> ir.DateValue:
    """Read dates in the first of several formats that fits."""
    dates = [engine.to_date(text, one) for one in formats]
    return ibis.coalesce(*dates) if len(dates) > 1 else dates[0]


def _from_text(text: ir.StringValue, field: Field, adapter: TableAdapter) -> ir.Value:
    match field.type:
        case "integer":
            return engine.to_integer(text)
        case "number":
            return engine.to_number(_with_point(text) if adapter.decimal == "," else text)
        case "boolean":
            return engine.to_boolean(text)
        case "date":
            return first_that_fits(text, adapter.formats_of(field.name))
        case "yearmonth" if field.name in (*adapter.date_formats, *adapter.date_parts):
            return engine.month_start(first_that_fits(text, adapter.formats_of(field.name)))
        case "yearmonth":
            return engine.to_month(text)
    return text


def _with_point(text: ir.StringValue) -> ir.StringValue:
    """Put a point for the decimal comma; a text with a point beside is not certain."""
    return _null_where(text.like("%.%"), text.replace(",", "."))


def _from_typed(column: ir.Value, field: Field) -> ir.Value | None:
    kind = column.type()
    if kind.is_null():
        return column.cast(ENGINE_TYPES[field.type])
    match field.type:
        case "integer" if kind.is_numeric():
            return engine.to_whole(column)
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
        case "string" if kind.is_boolean():
            return column.ifelse("true", "false")
        case "string" if kind.is_integer():
            return column.cast("string")
        case "string" if kind.is_numeric():
            return engine.to_whole(column).cast("string")
    return None


def _is_day(kind: ir.dt.DataType) -> bool:
    """Whether it is a date or a clock time without zone; with one, the day is not certain."""
    return bool(kind.is_date() or (kind.is_timestamp() and kind.timezone is None))


def _finite(column: ir.NumericValue) -> ir.FloatingValue:
    number = column.cast("float64")
    return _null_where(number.isinf(), number) if column.type().is_floating() else number
