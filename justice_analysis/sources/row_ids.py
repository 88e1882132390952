"""Ids of rows: whole numbers, made from a system's name and the keys that it delivered.

No table is read for an id, so the same delivered key has the same id in every table, at every
load and on every engine. Ids lie in two ranges that do not meet:

- from 2^61: a delivered whole number below 2^40, beside 21 bits of its system's name;
- from 2^60: 60 bits of the delivered key, turned by 60 bits of its system's name.

Two different rows of one table may get one id by chance. With n rows that are numbered in the
second range the odds are n^2 / 2^61: one in 2 million with a million rows, one in 640 with 60
million. Systems whose 21 bits are the same (one pair in two million) would share the first
range. Neither passes in silence: a load refuses a table in which two delivered rows have one id.
"""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from justice_analysis.engine import keys
from justice_analysis.errors import UsageError

# Systems that stand in a column; others may, and only take longer.
SYSTEMS = (
    "libra",
    "xhibit",
    "nomis",
    "delius",
    "oasys",
    "familyman",
    "caseman",
    "cms",
    "ecms",
    "cymru",
    "pnc",
    "npd",
)
NUMBERED = 2**61
DIGESTED = 2**60
NUMBER_BITS = 40
_BELOW = 2**62
# Joins the parts of a key of several columns; no delivered key holds it.
_BETWEEN = "\x1f"


def key(system: str | ir.StringValue, *columns: ir.Value) -> ir.IntegerValue:
    """Id of a row, unique over sources: a number from the system and the delivered keys.

    Parameters
    ----------
    system
        Name of the system, or of what is numbered where one delivered row makes several; text or
        a column of text.
    columns
        The delivered key: text, whole numbers, dates or booleans. A key must have the same type
        wherever it is delivered: the number 5 and the text "5" have different ids. An id may
        stand for the key of another kind of row, as in `key("birth", record_id)`.

    Returns
    -------
    int64 column
        Missing where the system or any part of the key is.

    Raises
    ------
    UsageError
        If no column is given, or one is of another type.
    """
    if not columns:
        raise UsageError("a row id needs the system and at least one key: no key was given.")
    tag = keys.number_of(system) if isinstance(system, str) else _tag(system)
    if len(columns) > 1:
        parts = [_as_part(column) for column in columns]
        joined = reduce(lambda one, other: one + _BETWEEN + other, parts)
        return _digested(keys.text_number(joined), tag)
    (column,) = columns
    if column.type().is_integer():
        return _numbered(column.cast("int64"), tag)
    return _digested(keys.key_number(_as_part(column)), tag)


def place_key(kind: str | ir.StringValue, *codes: ir.Value) -> ir.StringValue:
    """Id of a place, an area or an organisation: its kind and codes, such as `area:001`."""
    start = ibis.literal(kind) if isinstance(kind, str) else kind
    return reduce(lambda text, code: text + ":" + as_text(code), codes, start)


def as_text(column: ir.Value) -> ir.StringValue:
    """A key as text."""
    return column if column.type().is_string() else column.cast("string")


def _as_part(column: ir.Value) -> ir.StringValue:
    kind = column.type()
    if not (kind.is_string() or kind.is_integer() or kind.is_boolean() or kind.is_date()):
        raise UsageError(f"a row id takes text, whole numbers, booleans and dates: not {kind}.")
    return as_text(column)


def _tag(system: ir.StringValue) -> ir.IntegerValue:
    """The number of each system named in a column; those that we know need no digest."""
    known = [(system == name, ibis.literal(keys.number_of(name), "int64")) for name in SYSTEMS]
    return ibis.cases(*known, else_=keys.text_number(system))


def _digested(number: ir.IntegerValue, tag: int | ir.IntegerValue) -> ir.IntegerValue:
    return (number ^ tag) + ibis.literal(DIGESTED, "int64")


def _numbered(number: ir.IntegerValue, tag: int | ir.IntegerValue) -> ir.IntegerValue:
    """Ids of whole numbers; the few that do not fit are digested."""
    high = (tag >> (60 - 21)) << NUMBER_BITS
    fits = (number >= 0) & (number < 2**NUMBER_BITS)
    folds = (number >= 0) & (number < _BELOW)
    folded = (number & keys.MASK) ^ tag
    written = keys.text_number(number.cast("string")) ^ tag
    return ibis.cases(
        (fits, number + high + NUMBERED), (folds, folded + DIGESTED), else_=written + DIGESTED
    )
