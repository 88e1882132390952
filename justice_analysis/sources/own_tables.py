"""What a mapping that a user wrote returns, held against the common model before it is used.

A column that is misspelt would otherwise be left out in silence, and one that lacks would be
missed far from where it should have been made.
"""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis.common.exceptions import IbisTypeError

from justice_analysis import contracts
from justice_analysis.errors import SourceError
from justice_analysis.sources.adapter import near
from justice_analysis.sources.findings import raise_together
from justice_analysis.sources.mapping import CommonTables
from justice_analysis.sources.parsing import schema_of

_PROVENANCE = ("source", "source_table", "source_key")
# People are found from records, so a mapping gives these two in the place of person and link.
_RECORDS = {
    "record": {
        "record_id": "int64",
        "sex": "string",
        "birth_month": "date",
        "ethnicity_group": "string",
        "death_date": "date",
        "recorded_date": "date",
    },
    "record_id_link": {
        "record_id": "int64",
        "id_system": "string",
        "identifier": "string",
        "level": "string",
        "score": "float64",
    },
}
_NEEDED = {
    "record": ("record_id", *_PROVENANCE),
    "record_id_link": ("record_id", "id_system", "identifier", "level", *_PROVENANCE),
}
# What these say is about names in the code; other messages may hold what stands in rows.
_ABOUT_CODE = (
    AttributeError,
    ImportError,
    NameError,
    SyntaxError,
    TypeError,
    IbisTypeError,
)


def complete(made: object, file: Path) -> CommonTables:
    """Check the tables of a user's mapping; optional columns of records that lack are missing.

    Parameters
    ----------
    made
        What `to_common` returned.
    file
        The mapping, for messages.

    Returns
    -------
    CommonTables
        With every column of `record` and `record_id_link`.

    Raises
    ------
    SourceError
        If it is not `CommonTables`, a table or a column is not of the common model, a column
        that must be there is not, or one has another type; all problems at once.
    """
    if not isinstance(made, CommonTables):
        raise SourceError(
            f"to_common in {file.name} must return CommonTables: {type(made).__name__} was "
            "returned. End it with return CommonTables(context.dataset, common, accounts)."
        )
    schemas, needed = _schemas()
    raise_together(
        [
            SourceError(f"the mapping {file.name}: {problem}")
            for name, table in made.tables.items()
            for problem in _problems(name, table, schemas, needed)
        ]
    )
    filled = {name: _filled(name, table) for name, table in made.tables.items()}
    return replace(made, tables=filled)


def failed(error: Exception, file: Path) -> SourceError:
    """Say where in a user's mapping an error arose; what it says only where it names code."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == str(file)]
    number = (frames[-1].lineno if frames else None) or 0
    linecache.checkcache(str(file))
    line = linecache.getline(str(file), number).strip()
    where = f" at line {number} ({line})" if number else ""
    what = type(error).__name__
    if isinstance(error, _ABOUT_CODE):
        what = f"{what}: {str(error).splitlines()[0].rstrip('.')}" if str(error) else what
    return SourceError(f"the mapping {file.name} failed{where}: {what}. Mend it and load again.")


def _schemas() -> tuple[dict[str, dict[str, str]], dict[str, tuple[str, ...]]]:
    """Columns with types, and those that must be there, of each table that a mapping may give."""
    schemas = {name: held | dict.fromkeys(_PROVENANCE, "string") for name, held in _RECORDS.items()}
    needed = dict(_NEEDED)
    for table in contracts.common_model().tables:
        if table.name in ("person", "link"):
            continue
        schema = schema_of(table)
        for person in ("person_id", "related_person_id"):
            if person in schema:
                del schema[person]
                schema[person.replace("person", "record")] = "int64"
        schemas[table.name] = schema
        needed[table.name] = tuple(one.name for one in table.fields if one.required)
    return schemas, needed


def _problems(
    name: str,
    table: ir.Table,
    schemas: dict[str, dict[str, str]],
    needed: dict[str, tuple[str, ...]],
) -> Iterator[str]:
    if name not in schemas:
        yield f"{name} is no table that a mapping gives.{_perhaps(name, [*schemas])}"
        return
    schema = schemas[name]
    for column in table.columns:
        if column not in schema:
            yield f"{name} has no column {column}.{_perhaps(column, [*schema])}"
        elif not _suits(table[column].type(), schema[column]):
            yield f"{name}.{column} must be {schema[column]}: it is {table[column].type()}."
    if lacking := [column for column in needed[name] if column not in table.columns]:
        yield f"{name} must have {', '.join(lacking)}."


def _perhaps(name: str, known: list[str]) -> str:
    return near(name, known) or f" There are {', '.join(known)}."


def _suits(given: dt.DataType, wanted: str) -> bool:
    if given.is_null():
        return True
    match wanted:
        case "int64":
            return bool(given.is_integer())
        case "float64":
            return bool(given.is_numeric())
    return bool(given.copy(nullable=True) == dt.dtype(wanted))


def _filled(name: str, table: ir.Table) -> ir.Table:
    """A table of records with every column that the linkage reads."""
    columns = _RECORDS.get(name, {})
    lacking = {one: ibis.null(kind) for one, kind in columns.items() if one not in table.columns}
    return table.mutate(**lacking) if lacking else table
