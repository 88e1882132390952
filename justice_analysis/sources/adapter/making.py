"""Columns made of several delivered ones: dates of their parts, keys of what they join."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, and_

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.adapter.declared import Combine, DateParts, TableAdapter
from justice_analysis.sources.adapter.reshaped import column_named

# No date can be read from it, so a date of which a part is missing is counted as unreadable.
_NO_PART = "?"


def adapter_columns(adapter: TableAdapter) -> tuple[str, ...]:
    """Name the delivered columns that dates are made of, and that are combined."""
    parts = [name for one in adapter.date_parts.values() for name in one.columns]
    return (*parts, *(name for one in adapter.combine.values() for name in one.columns))


def as_written(column: ir.Value) -> ir.StringValue:
    """Give any delivered column as text without blanks around it; fractions are missing."""
    kind = column.type()
    if kind.is_string():
        return column.strip()
    if kind.is_floating() or kind.is_decimal():
        return engine.to_whole(column).cast("string")
    return column.cast("string")


def date_text(delivered: ir.Table, parts: DateParts, missing: Sequence[str]) -> ir.StringValue:
    """Write a date as `YYYY-MM-DD` from the columns of its parts.

    Missing where every part is; where only some are, a text that is no date.
    """
    held = [_held(delivered, name, missing) for name in parts.columns]
    day = parts.day if parts.day is not None else 1
    texts = [held[0], _two_digits(held[1])]
    texts.append(_two_digits(held[2]) if isinstance(day, str) else ibis.literal(f"{day:02d}"))
    whole = reduce(add, [texts[0], "-", texts[1], "-", texts[2]])
    nothing = reduce(and_, [one.isnull() for one in held])
    return ibis.ifelse(nothing, ibis.null("string"), whole.fill_null(_NO_PART))


def combined_text(delivered: ir.Table, combine: Combine, missing: Sequence[str]) -> ir.StringValue:
    """Join the texts of several columns; missing where one of them is."""
    held = [_held(delivered, name, missing) for name in combine.columns]
    return reduce(lambda left, right: left + combine.separator + right, held)


def _held(delivered: ir.Table, name: str, missing: Sequence[str]) -> ir.StringValue:
    text = as_written(delivered[column_named(delivered, name)])
    return ibis.ifelse(text.isin([*missing, ""]), ibis.null("string"), text)


def _two_digits(text: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(text.length() == 1, ibis.literal("0") + text, text)
