"""Which delivered file is which table of a contract, and which column is which field.

A guess with its reasons: how alike the names are, whether the values are of the field's type,
how many codes are the contract's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from justice_analysis.contracts import Contract, Field, TableContract
from justice_analysis.sources.profile.columns import ColumnProfile
from justice_analysis.sources.profile.likeness import likeness, words_of

LEAST = 0.45
SURE = 0.75
# What a field's type may be delivered as.
_FITTING = {
    "integer": ("integer",),
    "number": ("number", "integer"),
    "date": ("date", "month"),
    "yearmonth": ("month", "date"),
    "boolean": ("boolean", "integer", "text"),
    "string": ("text", "hash", "integer", "boolean"),
}


@dataclass(frozen=True)
class ColumnMatch:
    """A column that may be a field: a score from 0 to 1, and why."""

    field: str
    column: str
    score: float
    reasons: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether it needs no second look."""
        return self.score >= SURE


@dataclass(frozen=True)
class TableMatch:
    """A file that may be a table, with its columns.

    Parameters
    ----------
    score
        From the share of the table's fields that were found, weighted by how sure each is, the
        share of the file's columns that they are, and the names of table and file.
    columns
        One per field that was found.
    absent
        Fields that were not found, those that are needed first.
    """

    table: str
    file: str
    score: float
    columns: tuple[ColumnMatch, ...]
    absent: tuple[str, ...]


def match_files(
    files: Mapping[str, Sequence[ColumnProfile]], contract: Contract
) -> tuple[TableMatch, ...]:
    """Propose a file for each table of a contract.

    Parameters
    ----------
    files
        Name of a file to the profiles of its columns.
    contract
        The dataset that they may be.

    Returns
    -------
    tuple of TableMatch
        In the contract's order; a table for which no file is likely is left out. A file may
        stand for one table only.
    """
    tried = [
        _match_table(name, columns, table)
        for table in contract.tables
        for name, columns in files.items()
    ]
    found: dict[str, TableMatch] = {}
    for one in sorted(tried, key=lambda match: -match.score):
        taken = {match.file for match in found.values()}
        if one.score >= LEAST / 2 and one.table not in found and one.file not in taken:
            found[one.table] = one
    return tuple(found[name] for name in contract.table_names if name in found)


def _match_table(name: str, columns: Sequence[ColumnProfile], table: TableContract) -> TableMatch:
    found = {one.field: one for one in match_columns(columns, table.fields, table)}
    sure = sum(match.score for match in found.values())
    score = 0.5 * sure / len(table.fields) + 0.2 * sure / max(1, len(columns))
    absent = [field for field in table.fields if field.name not in found]
    ordered = sorted(absent, key=lambda field: not _is_needed(field, table))
    return TableMatch(
        table=table.name,
        file=name,
        score=round(score + 0.3 * likeness(name, table.name), 2),
        columns=tuple(found.values()),
        absent=tuple(field.name for field in ordered),
    )


def match_columns(
    columns: Sequence[ColumnProfile], fields: Sequence[Field], table: TableContract
) -> tuple[ColumnMatch, ...]:
    """Give each field its likeliest column, each column at most once; the best pairs first."""
    tried = [one for field in fields for one in _column_matches(field, columns, table)]
    found: dict[str, ColumnMatch] = {}
    for one in sorted(tried, key=lambda match: -match.score):
        taken = {match.column for match in found.values()}
        if one.field not in found and one.column not in taken:
            found[one.field] = one
    return tuple(found[field.name] for field in fields if field.name in found)


def _is_needed(field: Field, table: TableContract) -> bool:
    return field.required or field.name in table.primary_key


def _column_matches(
    field: Field, columns: Sequence[ColumnProfile], table: TableContract
) -> Iterator[ColumnMatch]:
    for column in columns:
        score, reasons = _score(field, column, table)
        if score >= LEAST:
            yield ColumnMatch(field.name, column.name, round(score, 2), reasons)


def _score(
    field: Field, column: ColumnProfile, table: TableContract
) -> tuple[float, tuple[str, ...]]:
    """Names count for most; what cannot be the field's type counts against it."""
    alike = likeness(field.name, column.name)
    reasons = [f"name {alike:.0%}"]
    fits = column.kind in _FITTING[field.type]
    is_coded = bool(column.values) and bool(field.enum or field.codes)
    if column.kind == "empty":
        return 0.8 * alike, (*reasons, "no values")
    if (not fits and not is_coded) or (column.kind == "hash" and (field.enum or field.codes)):
        return 0.5 * alike, (*reasons, f"{column.kind}, not {field.type}")
    reasons += [f"{column.kind} as {field.type}"] if fits else []
    score = 0.7 * alike + 0.2 * fits
    if column.kind == "hash" and "id" in words_of(field.name):
        is_key = table.primary_key == (field.name,) and column.unique
        reasons.append("ids, each row its own, as in the key" if is_key else "ids")
        is_reference = any(field.name in key.fields for key in table.foreign_keys)
        score = min(1.0, score + (0.45 if is_key else 0.3 if is_reference else 0.2))
    codes = field.enum or field.codes
    if codes and column.values:
        shared = len(set(column.values) & set(codes)) / len(column.values)
        reasons.append(f"{shared:.0%} of its codes are the contract's")
        return max(score + 0.1 * bool(shared), 0.6 * alike + 0.4 * shared), tuple(reasons)
    if table.primary_key == (field.name,) and column.unique and column.kind != "hash":
        return min(1.0, score + 0.1), (*reasons, "unique, as the key is")
    return min(1.0, score + (0.1 if alike >= SURE else 0.0)), tuple(reasons)
