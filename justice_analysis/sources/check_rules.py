"""The rules of a table's contract, as conditions that the rows of one pass break or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from justice_analysis.contracts import Field, TableContract
from justice_analysis.sources.conforming import unreadable_flag
from justice_analysis.sources.findings import Consequence

REQUIRED = "required value missing"
UNREADABLE = "unreadable"
OUT_OF_RANGE = "out of range"
_FORMAT_ADVICE = "If dates are written otherwise, give date_format in an adapter."


@dataclass(frozen=True)
class Rule:
    """A rule of the one pass: rows that break it make `broken` true."""

    column: str
    name: str
    broken: ir.BooleanValue
    consequence: Consequence
    advice: str = ""


def rules_of(
    table: ir.Table, contract: TableContract, extract_date: dt.date | None
) -> Iterator[Rule]:
    """Every rule of a table's contract, in the order of its fields."""
    for field in contract.fields:
        in_key = field.name in contract.primary_key
        yield from _field_rules(table, field, in_key, extract_date)
    for first, second in contract.date_order:
        late = table[first] > table[second]
        yield Rule(f"{first}, {second}", f"{first} must not follow {second}", late, "kept")


def _field_rules(
    table: ir.Table, field: Field, in_key: bool, extract_date: dt.date | None
) -> Iterator[Rule]:
    value = table[field.name]
    dropped: Consequence = "set aside" if in_key else "made missing"
    mark = unreadable_flag(field.name)
    if mark in table.columns:
        advice = _FORMAT_ADVICE if field.type in ("date", "yearmonth") else ""
        yield Rule(field.name, f"{UNREADABLE} {field.type}", table[mark], dropped, advice)
        missing = value.isnull() & ~table[mark]
    else:
        missing = value.isnull()
    if field.required or in_key:
        yield Rule(field.name, REQUIRED, missing, "set aside" if in_key else "kept")
    outside = out_of_range(value, field)
    if outside is not None:
        yield Rule(field.name, OUT_OF_RANGE, outside, dropped)
    if field.codes:
        yield Rule(field.name, "unknown code", ~_among(value, field.codes, field), "kept")
    if field.enum:
        yield Rule(field.name, "not an allowed value", ~_among(value, field.enum, field), "kept")
    if field.pattern:
        yield Rule(
            field.name, "not of the form", ~value.re_search(f"^(?:{field.pattern})$"), "kept"
        )
    if extract_date and field.type in ("date", "yearmonth"):
        after = value > ibis.literal(extract_date, type="date")
        yield Rule(field.name, "after the extract date", after, "kept")


def out_of_range(value: ir.Value, field: Field) -> ir.BooleanValue | None:
    """Whether a value is outside what its field may hold; None where it has no bounds."""
    low, high = _bound(field.minimum, field), _bound(field.maximum, field)
    conditions = [value < low] * (low is not None) + [value > high] * (high is not None)
    return reduce(or_, conditions) if conditions else None


def _bound(bound: str | float | None, field: Field) -> ir.Scalar | None:
    if bound is None:
        return None
    if field.type == "yearmonth":
        bound = f"{str(bound)[:7]}-01"
    return ibis.literal(bound, type="date") if isinstance(bound, str) else ibis.literal(bound)


def _among(value: ir.Value, codes: tuple[str, ...], field: Field) -> ir.BooleanValue:
    match field.type:
        case "integer":
            return value.isin([int(code) for code in codes])
        case "number":
            return value.isin([float(code) for code in codes])
        case "boolean":
            return value.isin([code.lower() == "true" for code in codes])
    return value.cast("string").isin(list(codes))
