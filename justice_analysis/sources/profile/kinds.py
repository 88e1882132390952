"""What kind of values a column holds: told by what nearly all of its texts can be read as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir

from justice_analysis import engine

# Texts that mean missing in many extracts; a profile says which of them it met.
MARKERS = (
    *("NA", "N/A", "n/a", "NULL", "null", "None", "none", "NaN", "nan", ".", "-", "?", "NK"),
    *("-1", "-9", "-99", "-999", "9999", "1900-01-01", "01/01/1900", "9999-12-31", "31/12/9999"),
)
FITS = 0.95
DATED = ("date", "month")
_HEX = "^[0-9a-fA-F]{16,}$"
_DECIMAL_COMMA = "^[+-]?[0-9]+,[0-9]+$"
_WORDS = ("true", "false", "t", "f", "yes", "no", "y", "n")
_DIGITS_ALONE = ("%Y%m%d", "%Y%m")
_YEARS = (1850, 2100)


@dataclass(frozen=True)
class Kind:
    """A kind, the values that fit it, and the date formats that were met."""

    name: str
    fitting: int
    formats: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


def kind_tests(column: ir.Value, text: ir.StringValue) -> dict[str, ir.BooleanValue]:
    """What texts are tried to be; a column with a type of its own is what that says."""
    tests = {f"marker {marker}": text == marker for marker in MARKERS}
    if not column.type().is_string():
        return tests
    tests |= {
        "integer": engine.to_integer(text).notnull(),
        "number": engine.to_number(text).notnull(),
        "decimal comma": text.re_search(_DECIMAL_COMMA),
        "hash": text.re_search(_HEX),
        "boolean": text.lower().isin(_WORDS),
    }
    return tests


def date_tests(
    text: ir.StringValue, held: Mapping[str, int], values: int
) -> dict[str, ir.BooleanValue]:
    """The date formats that are still to be tried, after what `kind_tests` found.

    Most columns are no dates, and a date is the dearest thing to look for.
    """
    if "integer" not in held or not values:
        return {}
    enough = FITS * values
    digits = held["integer"] >= enough
    if not digits and max(held["hash"], held["number"], held["boolean"]) >= enough:
        return {}
    tests = {}
    for name in _DIGITS_ALONE if digits else engine.DATE_FORMATS:
        date = engine.to_date(text, name)
        # Digits alone are more often numbers: only years of our time make them dates.
        near = date.year().between(*_YEARS) if name in _DIGITS_ALONE else date.notnull()
        tests[f"date {name}"] = near.fill_null(False)
    return tests


def markers_met(held: Mapping[str, int], threshold: int) -> dict[str, int]:
    """The markers of missing that enough rows hold."""
    counts = {marker: held.get(f"marker {marker}", 0) for marker in MARKERS}
    return {marker: n for marker, n in counts.items() if n >= threshold}


def kind_of(column: ir.Value, held: Mapping[str, int], values: int) -> Kind:
    """The kind that nearly all values fit.

    Parameters
    ----------
    column
        As delivered.
    held
        Rows that pass each of `kind_tests`.
    values
        Rows with a value that is no marker of missing.
    """
    if not column.type().is_string():
        return Kind(_typed(column), values)
    if not values:
        return Kind("empty", 0)
    enough = FITS * values
    dated = _dated(held, enough)
    if dated is not None:
        return dated
    for name in ("hash", "boolean", "integer", "number"):
        if held[name] >= enough:
            return Kind(name, min(held[name], values))
    if held["decimal comma"] + held["integer"] >= enough and held["decimal comma"]:
        return Kind("text", values, note="numbers with a decimal comma")
    return Kind("text", values)


def _dated(held: Mapping[str, int], enough: float) -> Kind | None:
    """Dates or months, in one format or several; a row may fit two of them."""
    counts = {one: held.get(f"date {one}", 0) for one in engine.DATE_FORMATS}
    if held["integer"] >= enough:
        # Digits that are all years and months are rarely numbers by chance.
        days, months = counts["%Y%m%d"], counts["%Y%m"]
        if days >= enough:
            return Kind("date", days, {"%Y%m%d": days})
        return Kind("month", months, {"%Y%m": months}) if months == held["integer"] else None
    months = sum(n for one, n in counts.items() if one in engine.MONTH_FORMATS)
    # Day first and month first may both fit a row, which counts once.
    twice = min(counts["%d/%m/%Y"], counts["%m/%d/%Y"])
    dated = sum(counts.values()) - twice
    if dated < enough:
        return None
    return Kind(
        "month" if 2 * months > dated else "date", dated, {o: n for o, n in counts.items() if n}
    )


def _typed(column: ir.Value) -> str:
    kind = column.type()
    if kind.is_null():
        return "empty"
    if kind.is_date() or kind.is_timestamp():
        return "date"
    if kind.is_boolean():
        return "boolean"
    if kind.is_integer():
        return "integer"
    return "number" if kind.is_numeric() else "text"
