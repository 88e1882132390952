"""What is wrong with an adapter file: every problem at once, before any row is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from justice_analysis import engine
from justice_analysis.contracts import Contract, Field, TableContract
from justice_analysis.sources.adapter.declared import DAY_FIRST, MONTH_FIRST, ROUNDINGS
from justice_analysis.sources.adapter.layout_problems import layout_problems
from justice_analysis.sources.adapter.near import near

ENCODINGS = ("utf-8", "windows-1252", "utf-16")
_FILE_KEYS = ("dataset", "tables", "delimiter", "encoding", "decimal")
TABLE_KEYS = (
    "file",
    "union",
    "join",
    "unpivot",
    "distinct",
    "columns",
    "codes",
    "date_format",
    "date_parts",
    "combine",
    "missing",
    "constant",
    "filter",
    "units",
)
# Keys that map the contract's columns; the first four say where a column's values come from.
_SOURCES = ("columns", "constant", "date_parts", "combine")
_BY_COLUMN = (*_SOURCES, "codes", "units")


def file_problems(content: Mapping[str, Any], contract: Contract) -> Iterator[str]:
    """Hold a whole adapter file against the contract."""
    yield from _unknown_keys(content, _FILE_KEYS, "the adapter")
    if content.get("dataset", contract.name) != contract.name:
        yield f"it is for the dataset {content['dataset']}, not for {contract.name}."
    delimiter = content.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1:
        yield "delimiter must be one character."
    if content.get("encoding", "utf-8") not in ENCODINGS:
        yield f"encoding must be one of {', '.join(ENCODINGS)}."
    if content.get("decimal", ".") not in (".", ","):
        yield 'decimal must be "." or ",".'
    tables = content.get("tables", {})
    if not isinstance(tables, dict):
        yield "tables must map the contract's table names to what differs."
        return
    known = {table.name: table for table in contract.tables}
    for name, part in tables.items():
        if name not in known:
            yield f"{contract.name} has no table {name}.{near(name, known)}"
        elif not isinstance(part or {}, dict):
            yield f"{name}: what differs must be given by key ({', '.join(TABLE_KEYS)})."
        else:
            yield from _table_problems(part or {}, known[name])


def _table_problems(part: dict[str, Any], table: TableContract) -> Iterator[str]:
    yield from _unknown_keys(part, TABLE_KEYS, table.name)
    for key in _BY_COLUMN:
        yield from _mapping_problems(part.get(key, {}), table, key)
    for key in (*_BY_COLUMN, "missing", "filter", "join", "unpivot"):
        yield from _unquoted_problems(part.get(key), f"{table.name}: {key}")
    yield from _source_problems(part, table)
    yield from (f"{table.name}: {problem}" for problem in layout_problems(part, table))
    yield from _date_format_problems(part.get("date_format"), table)
    yield from _unit_problems(part.get("units"), table)
    yield from _code_problems(part.get("codes"), table)
    yield from _missing_problems(part.get("missing", []), table)
    yield from _filter_problems(part.get("filter", []), table)


def _mapping_problems(mapping: Any, table: TableContract, key: str) -> Iterator[str]:
    if not isinstance(mapping, dict):
        yield f"{table.name}: {key} must map the contract's column names."
        return
    for name in mapping:
        if name not in table.field_names:
            yield (
                f"{table.name}: {key} names {name}, which the contract does not have."
                f"{near(name, table.field_names)}"
            )


def _source_problems(part: Mapping[str, Any], table: TableContract) -> Iterator[str]:
    """A column's values must come from one place."""
    words = {"columns": "column", "date_parts": "date in parts", "combine": "combination"}
    for name in table.field_names:
        given = [words.get(key, key) for key in _SOURCES if name in keys_of(part.get(key))]
        if len(given) > 1:
            yield f"{table.name}: {name} has both a {' and a '.join(given)}."


# Dates ----------------------------------------------------------------------------------


def _date_format_problems(formats: Any, table: TableContract) -> Iterator[str]:
    if not isinstance(formats, dict):
        yield from _format_problems(formats, f"{table.name}: date_format")
        return
    yield from _mapping_problems(formats, table, "date_format")
    for name, one in formats.items():
        where = f"{table.name}: date_format of {name}"
        yield from _format_problems(one, where)
        if name in table.field_names and table.field(name).type not in ("date", "yearmonth"):
            yield f"{where}: the column is no date in the contract."


def _format_problems(given: Any, where: str) -> Iterator[str]:
    both = None
    if isinstance(given, dict):
        if set(given) != {"try", "both_fit"}:
            yield f"{where} must be a format, a list of formats, or try and both_fit."
            return
        given, both = given["try"], given["both_fit"]
    formats = given if isinstance(given, list) else [given] * (given is not None)
    if any(one not in engine.DATE_FORMATS for one in formats):
        yield f"{where} must be one of {', '.join(engine.DATE_FORMATS)}."
    elif len(set(formats)) < len(formats):
        yield f"{where}: each format must stand in the list once."
    elif {DAY_FIRST, MONTH_FIRST} <= set(formats) and both not in (DAY_FIRST, MONTH_FIRST):
        yield (
            f"{where}: {DAY_FIRST} and {MONTH_FIRST} both read a date such as 03/04/2019. Give "
            "one of them, or say which holds where both fit: "
            f"{{try: [...], both_fit: {DAY_FIRST}}}."
        )
    elif both is not None and both not in formats:
        yield f"{where}: both_fit must be one of the formats in try."


# Values ---------------------------------------------------------------------------------


def _unquoted_problems(part: Any, where: str) -> Iterator[str]:
    """YAML reads an unquoted NO as false, and so on: ask for quotes rather than guess."""
    if any(isinstance(one, bool) or one is None for one in _scalars(part)):
        yield f'{where}: put quotes round words that YAML takes for something else ("no", "null").'


def _scalars(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from [None] if value is None else _scalars(value)
    elif isinstance(part, list):
        for value in part:
            yield from [None] if value is None else _scalars(value)
    elif part is not None:
        yield part


def _unit_problems(units: Any, table: TableContract) -> Iterator[str]:
    for name, unit in items_of(units):
        if name in table.field_names:
            where = f"{table.name}: units of {name}"
            yield from (f"{where} {rest}" for rest in _one_unit(unit, table.field(name), table))


def _one_unit(unit: Any, field: Field, table: TableContract) -> Iterator[str]:
    ways = {"multiply", "months_of", "months_since"} & set(keys_of(unit))
    if len(ways) != 1 or not set(unit) <= ways | {"round"}:
        yield (
            "must be given as multiply: <number>, months_of: <days in a month> or "
            "months_since: <date column>, with round where it is needed."
        )
        return
    way = ways.pop()
    if field.type not in ("integer", "number"):
        yield f"names {field.name}, which is not a number in the contract."
    if "round" in unit and unit["round"] not in ROUNDINGS:
        yield f"must be rounded {' or '.join(ROUNDINGS)}."
    if way == "months_since":
        since = unit[way]
        if since not in table.field_names or table.field(since).type != "date":
            hint = near(str(since), _dates(table))
            yield f"must count months since a date of the contract.{hint}"
        return
    number = number_of(unit[way])
    if number is None:
        yield f"must be given as {way}: <number>, or two numbers such as 365.25/12."
    elif field.type == "integer" and not number.is_integer() and "round" not in unit:
        yield (
            f"makes fractions, and {field.name} is a whole number; multiply it by a whole "
            "number or say round: nearest, down or up."
        )


def number_of(given: Any) -> float | None:
    """Read a number, or a fraction written as `365.25/12`; None if it is neither."""
    try:
        above, _, below = str(given).partition("/")
        number = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return None
    return None if isinstance(given, bool) or number != number else number


def _dates(table: TableContract) -> list[str]:
    return [field.name for field in table.fields if field.type == "date"]


def _code_problems(codes: Any, table: TableContract) -> Iterator[str]:
    for name, pairs in items_of(codes):
        if not isinstance(pairs, dict):
            yield f"{table.name}: codes of {name} must map delivered codes to the contract's."
        elif name in table.field_names:
            yield from _target_problems(pairs, table.field(name), table)


def _target_problems(pairs: dict[Any, Any], field: Field, table: TableContract) -> Iterator[str]:
    """Codes must lead to codes of the contract, or to a text that it takes for missing."""
    known = field.enum or field.codes
    if not known:
        return
    wrong = {str(one) for one in pairs.values()} - {*known, *table.missing_values, ""}
    for code in sorted(wrong):
        yield (
            f"{table.name}: codes of {field.name} lead to {code}, which is not among the "
            f"contract's codes.{near(code, known)}"
        )


def _missing_problems(missing: Any, table: TableContract) -> Iterator[str]:
    if isinstance(missing, dict):
        named = {name: one for name, one in missing.items() if name != "all"}
        yield from _mapping_problems(named, table, "missing")
        lists = list(missing.values())
    else:
        lists = [missing]
    if not all(isinstance(one, list) for one in lists):
        yield (
            f"{table.name}: missing must be a list of texts, or lists by column "
            "(all: [...] for every column)."
        )


def _filter_problems(filters: Any, table: TableContract) -> Iterator[str]:
    if not isinstance(filters, list) or not all(map(_is_filter, filters)):
        yield (
            f"{table.name}: filter must be a list of column with keep (or drop) and "
            "a list of values."
        )


def _is_filter(part: Any) -> bool:
    if not isinstance(part, dict) or set(part) not in ({"column", "keep"}, {"column", "drop"}):
        return False
    return isinstance(part.get("keep", part.get("drop")), list)


def _unknown_keys(part: Mapping[str, Any], known: Iterable[str], where: str) -> Iterator[str]:
    for key in part:
        if key not in known:
            yield f"{where}: {key} is not a step of an adapter.{near(key, known)}"


def keys_of(mapping: Any) -> Iterable[str]:
    """The keys of what should be a mapping; none if it is not."""
    return mapping if isinstance(mapping, dict) else ()


def items_of(mapping: Any) -> Iterable[tuple[str, Any]]:
    """The items of what should be a mapping; none if it is not."""
    return mapping.items() if isinstance(mapping, dict) else ()
