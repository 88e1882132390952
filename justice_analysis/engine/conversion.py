"""Text to values, strictly: what cannot be read is null, and no cast can fail.

A pattern comes first, since engines read odd texts differently (to one, '1.5' is the whole
number 2), and a cast that fails prints the value of the row.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from justice_analysis.errors import UsageError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?"
# Pattern, and the characters at which year, month and day begin; without a day, a month.
_DATE_FORMATS: dict[str, tuple[str, tuple[int, int, int | None]]] = {
    "%Y-%m-%d": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", (0, 5, 8)),
    "%d/%m/%Y": ("[0-9]{2}/[0-9]{2}/[0-9]{4}", (6, 3, 0)),
    "%m/%d/%Y": ("[0-9]{2}/[0-9]{2}/[0-9]{4}", (6, 0, 3)),
    "%d-%m-%Y": ("[0-9]{2}-[0-9]{2}-[0-9]{4}", (6, 3, 0)),
    "%d.%m.%Y": ("[0-9]{2}[.][0-9]{2}[.][0-9]{4}", (6, 3, 0)),
    "%Y/%m/%d": ("[0-9]{4}/[0-9]{2}/[0-9]{2}", (0, 5, 8)),
    "%Y%m%d": ("[0-9]{8}", (0, 4, 6)),
    "%d-%b-%Y": ("[0-9]{2}-[A-Za-z]{3}-[0-9]{4}", (7, 3, 0)),
    "%d %b %Y": ("[0-9]{2} [A-Za-z]{3} [0-9]{4}", (7, 3, 0)),
    "%d%b%Y": ("[0-9]{2}[A-Za-z]{3}[0-9]{4}", (5, 2, 0)),
    "%Y-%m-%d %H:%M:%S": ("[0-9]{4}-[0-9]{2}-[0-9]{2} " + _CLOCK, (0, 5, 8)),
    "%Y-%m-%dT%H:%M:%S": ("[0-9]{4}-[0-9]{2}-[0-9]{2}T" + _CLOCK, (0, 5, 8)),
    "%d/%m/%Y %H:%M:%S": ("[0-9]{2}/[0-9]{2}/[0-9]{4} " + _CLOCK, (6, 3, 0)),
    "%Y-%m": ("[0-9]{4}-[0-9]{2}", (0, 5, None)),
    "%m/%Y": ("[0-9]{2}/[0-9]{4}", (3, 0, None)),
    "%b-%Y": ("[A-Za-z]{3}-[0-9]{4}", (4, 0, None)),
    "%Y%m": ("[0-9]{6}", (0, 4, None)),
}
DATE_FORMATS = tuple(_DATE_FORMATS)
MONTH_FORMATS = tuple(name for name, (_, places) in _DATE_FORMATS.items() if places[2] is None)


def to_date(text: ir.StringValue, format: str = "%Y-%m-%d") -> ir.DateValue:
    """Read dates written in one format.

    Parameters
    ----------
    text
        A column of text, without blanks around the dates.
    format
        One of `DATE_FORMATS`. `%b` is an English month of three letters, in any case; a time
        (with fractions of a second or without) is checked, then dropped; one of `MONTH_FORMATS`
        gives the first day of the month.

    Returns
    -------
    date column
        Null where the text does not fit the format or is no date (30 February, year 0).

    Raises
    ------
    UsageError
        If the format is another one.
    """
    if format not in _DATE_FORMATS:
        raise UsageError(f"date format must be one of {', '.join(_DATE_FORMATS)}: not {format}.")
    pattern, (year, month, day) = _DATE_FORMATS[format]
    years = text.substr(year, 4)
    months = _month_digits(text.substr(month, 3)) if "%b" in format else text.substr(month, 2)
    days = ibis.literal("01") if day is None else text.substr(day, 2)
    iso = text if format == "%Y-%m-%d" else years + "-" + months + "-" + days
    return _where(_fits(text, pattern) & (years != "0000"), iso).try_cast("date")


def _month_digits(name: ir.StringValue) -> ir.StringValue:
    lowered = name.lower()
    return ibis.cases(*[(lowered == month, f"{i:02d}") for i, month in enumerate(_MONTHS, 1)])


def to_month(text: ir.StringValue) -> ir.DateValue:
    """Read months written `YYYY-MM` as the month's first day; anything else is null."""
    return to_date(text + "-01", "%Y-%m-%d")


def to_integer(text: ir.StringValue) -> ir.IntegerValue:
    """Read whole numbers (digits, with a sign or without) as int64; anything else is null."""
    return _where(_fits(text, "[+-]?[0-9]{1,19}"), text).try_cast("int64")


def to_whole(number: ir.NumericValue) -> ir.IntegerValue:
    """Whole numbers as int64, whatever type holds them; anything else is null.

    Null for a fraction, NaN, infinity, what int64 cannot hold, and a float from 2^53 on, which no
    longer tells one whole number from the next.
    """
    kind = number.type()
    if kind.is_int64():
        return number
    if kind.is_integer():
        return number.try_cast("int64")
    if kind.is_decimal():
        return ibis.ifelse(number == number.floor(), number, ibis.null(kind)).try_cast("int64")
    value = number.cast("float64")
    # Within bounds first, since engines make the floor of a float an int64.
    exact = ibis.ifelse(value.abs() < 2.0**53, value, ibis.null("float64"))
    return ibis.ifelse(exact == exact.floor(), exact.floor(), ibis.null("int64")).cast("int64")


def to_number(text: ir.StringValue) -> ir.FloatingValue:
    """Read decimal numbers (no exponent, no thousands mark); anything else is null."""
    pattern = "[+-]?([0-9]{1,30}([.][0-9]{0,30})?|[.][0-9]{1,30})"
    return _where(_fits(text, pattern), text).try_cast("float64")


def to_boolean(text: ir.StringValue) -> ir.BooleanValue:
    """Read true, t, yes, y, 1 and false, f, no, n, 0, in any case; anything else is null."""
    word = text.lower()
    return ibis.cases(
        (word.isin(["true", "t", "yes", "y", "1"]), True),
        (word.isin(["false", "f", "no", "n", "0"]), False),
    )


def _fits(text: ir.StringValue, pattern: str) -> ir.BooleanValue:
    # \z and not $, which to Java also stands before a last line break.
    return text.re_search(rf"^({pattern})\z")


def _where(condition: ir.BooleanValue, value: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(condition, value, ibis.null("string"))
