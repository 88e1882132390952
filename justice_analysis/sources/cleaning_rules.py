"""Named cleaning rules: each says what it mends, and how often it did is counted.

A rule never drops a row. What cannot be mended stays as recorded, or missing, and its
count goes into the quality report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis import engine

# Centuries seen in published research code on Cafcass births (18xx, 22xx, 29xx, 79xx),
# and the months that bring each back to the century that was meant.
CENTURY_TYPOS: Mapping[int, int] = {18: 1200, 22: -2400, 29: -10800, 79: -72000}

UNCLEAR = "unclear"


@dataclass(frozen=True)
class Rule:
    """A cleaning rule on a delivered table: rows of `rows` where `applies` holds are counted."""

    table: str
    name: str
    rows: ir.Table
    applies: ir.BooleanValue


def is_century_typo(date: ir.DateValue) -> ir.BooleanValue:
    """Whether a date's year has a mistyped century (18xx, 22xx, 29xx or 79xx)."""
    return (date.year() // 100).isin(list(CENTURY_TYPOS)).fill_null(False)


def mend_century(date: ir.DateValue) -> ir.DateValue:
    """Bring a mistyped century back: 18xx and 79xx to 19xx, 22xx and 29xx to 20xx."""
    century = date.year() // 100
    months = ibis.cases(*[(century == typed, gap) for typed, gap in CENTURY_TYPOS.items()])
    return is_century_typo(date).ifelse(engine.add_months(date, months), date)


def birth_month(week: ir.DateValue, month: ir.DateValue) -> ir.DateValue:
    """First day of the month of birth: of the mended week of birth, else the month alone."""
    return engine.month_start(mend_century(ibis.coalesce(week, month)))


def single_role(flags: Mapping[str, ir.BooleanValue]) -> ir.StringValue:
    """The one role whose flag holds; `unclear` where none or several do."""
    held = sum((flag.cast("int64") for flag in flags.values()), ibis.literal(0, "int64"))
    roles = [((held == 1) & flag, role) for role, flag in flags.items()]
    return ibis.cases(*roles, else_=UNCLEAR)


def is_true(column: ir.Value) -> ir.BooleanValue:
    """Whether a flag delivered as a boolean or as the text true/false holds; missing is no."""
    holds = column.lower() == "true" if column.type().is_string() else column
    return holds.fill_null(False)


def not_before(date: ir.DateValue, earliest: ir.DateValue) -> ir.DateValue:
    """The date, or missing where it lies before the day from which it can have been."""
    return is_before(date, earliest).ifelse(ibis.null("date"), date)


def is_before(date: ir.DateValue, earliest: ir.DateValue) -> ir.BooleanValue:
    """Whether an end is recorded before its beginning; not where either is missing."""
    return (date < earliest).fill_null(False)


def closed_for_good(closed: ir.DateValue, reopened: ir.DateValue) -> ir.DateValue:
    """Date of closure that still stands: missing where the case was reopened after it."""
    stands = reopened.isnull() | (closed > reopened)
    return stands.ifelse(closed, ibis.null("date"))
