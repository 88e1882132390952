"""What must hold in a contract; each check says every problem that it finds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from justice_analysis.codes import SHARED_IDENTIFIERS
from justice_analysis.contracts.date_formats import format_problems

if TYPE_CHECKING:
    from justice_analysis.contracts.descriptor import Contract, Field, TableContract

TYPES = ("string", "integer", "number", "boolean", "date", "yearmonth")
STATUSES = ("confirmed", "secondary", "assumed")
JURISDICTIONS = ("family", "criminal", "civil", "cross", "common")
NATURES = ("restricted", "open")
NAME = re.compile(r"[a-z][a-z0-9_]*")


def contract_problems(contract: Contract) -> Iterator[str]:
    """Say everything that is wrong with a contract, a sentence each."""
    yield from _name_problems(contract.name, "the dataset's name")
    if not contract.title:
        yield "title must be given."
    yield from _choice_problems(contract.jurisdiction, JURISDICTIONS, "jurisdiction")
    yield from _choice_problems(contract.nature, NATURES, "nature")
    yield from _choice_problems(contract.covers_status, STATUSES, "name_status of covers")
    if contract.covers_from and contract.covers_to and contract.covers_from > contract.covers_to:
        yield "covers must not end before it starts."
    yield from _break_problems(contract)
    if not contract.tables:
        yield "resources must hold at least one table."
    yield from _repeats(contract.table_names, "table")
    for table in contract.tables:
        for problem in table_problems(table, contract):
            yield f"table {table.name or '(no name)'}: {problem}"


def table_problems(table: TableContract, contract: Contract) -> Iterator[str]:
    """Say everything that is wrong with one table of a contract."""
    yield from _name_problems(table.name, "its name")
    yield from _choice_problems(table.name_status, STATUSES, "name_status")
    if not table.grain:
        yield "grain must be given (one row per ...)."
    if not table.fields:
        yield "it must have at least one field."
    yield from _repeats(table.field_names, "field")
    yield from _unknown_fields(table.primary_key, table, "primaryKey")
    for pair in table.date_order:
        yield from _date_order_problems(pair, table)
    yield from _dated_by_problems(table)
    yield from _foreign_key_problems(table, contract)
    for field in table.fields:
        for problem in field_problems(field):
            yield f"field {field.name or '(no name)'}: {problem}"


def field_problems(field: Field) -> Iterator[str]:
    """Say everything that is wrong with one field."""
    if not field.name:
        yield "name must be given."
    yield from _choice_problems(field.type, TYPES, "type")
    yield from _choice_problems(field.name_status, STATUSES, "name_status")
    yield from _choice_problems(field.type_status, STATUSES, "type_status")
    if field.codes_status is not None:
        yield from _choice_problems(field.codes_status, STATUSES, "codes_status")
    if field.identifies is not None:
        yield from _choice_problems(field.identifies, tuple(SHARED_IDENTIFIERS), "identifies")
    if field.categories and field.codes_status is None:
        yield "codes_status must be given where there are categories."
    yield from _repeats(field.codes, "category")
    if field.type == "integer":
        yield from _not_integers(field)
    yield from _bound_problems(field)
    yield from _pattern_problems(field)
    yield from format_problems(field.formats, field.type)


def _name_problems(name: str, what: str) -> Iterator[str]:
    if not NAME.fullmatch(name):
        yield f"{what} must be lower-case letters, digits and underscores, not {name!r}."


def _choice_problems(value: str, choices: Iterable[str], what: str) -> Iterator[str]:
    if value not in choices:
        yield f"{what} must be one of {', '.join(choices)}, not {value!r}."


def _repeats(names: Iterable[str], what: str) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{what} {name!r} is given more than once."
        seen.add(name)


def _unknown_fields(names: Iterable[str], table: TableContract, what: str) -> Iterator[str]:
    for name in names:
        if name not in table.field_names:
            yield f"{what} names {name!r}, which is not a field of {table.name}."


def _date_order_problems(pair: tuple[str, ...], table: TableContract) -> Iterator[str]:
    yield from _unknown_fields(pair, table, "date_order")
    for field in table.fields:
        if field.name in pair and field.type not in ("date", "yearmonth"):
            yield f"date_order names {field.name!r}, which is not a date."


def _dated_by_problems(table: TableContract) -> Iterator[str]:
    """Text may hold anything, so it dates a row only where its pattern begins with a year."""
    if table.dated_by is None:
        return
    yield from _unknown_fields((table.dated_by,), table, "dated_by")
    for field in table.fields:
        is_year = field.type in ("date", "yearmonth", "integer") or (
            field.type == "string" and (field.pattern or "").startswith("[0-9]{4}")
        )
        if field.name == table.dated_by and not is_year:
            yield f"dated_by names {field.name!r}, which holds no year."


def _foreign_key_problems(table: TableContract, contract: Contract) -> Iterator[str]:
    for key in table.foreign_keys:
        yield from _unknown_fields(key.fields, table, "foreignKeys")
        if len(key.fields) != len(key.reference_fields):
            yield "foreignKeys must name as many fields as they refer to."
        if key.table not in contract.table_names:
            yield f"foreignKeys refer to {key.table!r}, which is not a table of the dataset."
            continue
        yield from _unknown_fields(key.reference_fields, contract.table(key.table), "foreignKeys")


def _break_problems(contract: Contract) -> Iterator[str]:
    for one in contract.breaks:
        if not one.what or not one.source:
            yield "each break must say what it is and its source."
        if one.from_date and one.to_date and one.from_date > one.to_date:
            yield f"a break must not end before it starts: {one.what}"


def _not_integers(field: Field) -> Iterator[str]:
    wrong = [code for code in (*field.codes, *field.enum) if not re.fullmatch(r"-?\d+", code)]
    if wrong:
        yield f"codes of an integer field must be integers: {', '.join(wrong)}."


def _bound_problems(field: Field) -> Iterator[str]:
    bounds = [bound for bound in (field.minimum, field.maximum) if bound is not None]
    if bounds and field.type in ("string", "boolean"):
        yield f"minimum and maximum have no meaning for the type {field.type}."
        return
    wanted = str if field.type in ("date", "yearmonth") else (int, float)
    if any(not isinstance(bound, wanted) for bound in bounds):
        yield f"minimum and maximum must suit its type, {field.type}."
    elif len(bounds) == 2 and bounds[0] > bounds[1]:  # type: ignore[operator]
        yield "minimum must not exceed maximum."


def _pattern_problems(field: Field) -> Iterator[str]:
    if field.pattern is None:
        return
    if field.type != "string":
        yield f"pattern has no meaning for the type {field.type}."
    try:
        re.compile(field.pattern)
    except re.error:
        yield "pattern is not a regular expression."
