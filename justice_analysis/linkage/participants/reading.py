"""Reading a list of participants: every row counted, what it lacks, and who is on it twice."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.engine.delimited import check_delimited
from justice_analysis.errors import SourceError
from justice_analysis.linkage.participants.alike import (
    IDENTIFIERS,
    OPTIONAL,
    File,
    missing,
    refuse_odd_extras,
    sha256_of,
    trimmed,
    written_alike,
)
from justice_analysis.linkage.participants.dates import DateColumn, read_dates
from justice_analysis.linkage.participants.headers import find_columns
from justice_analysis.linkage.participants.settings import FIELDS

USABLE_RULE = (
    "an index date, not before the birth date; and a PNC id, or two of surname, forename, birth "
    "date and postcode"
)
DISTINCT_RULE = (
    "rows with the same surname, forename and birth date, or the same PNC id, are one person: "
    "the row with the earliest index date is kept, then the fullest, then the first"
)
_SAME_PERSON = (("surname", "forename", "birth_date"), ("pnc_id",))


@dataclass(frozen=True)
class Participants:
    """A list of participants, fields written alike.

    Attributes
    ----------
    file
        What was read.
    kept
        One row per participant to link, `DISTINCT_RULE` applied to those that `USABLE_RULE`
        leaves: `participant` (row of the list, from 1), the fields and extras (null where
        missing; `birth_date` as ISO text), `DERIVED`, `index_date`.
    dates
        How dates were written.
    missing
        Rows of the list without each field.
    usable, distinct
        Rows left by `USABLE_RULE`, and people by `DISTINCT_RULE`.
    index_name
        The file's own name for the index date.
    """

    file: File
    kept: ir.Table = field(repr=False)
    dates: tuple[DateColumn, ...]
    missing: Mapping[str, int]
    usable: int
    distinct: int
    index_name: str
    extra: tuple[str, ...] = ()

    @property
    def submitted(self) -> int:
        """Rows of the list."""
        return self.file.rows


def read_participants(
    file: Path | str,
    *,
    backend: BaseBackend | None = None,
    date_format: str | None = None,
    extra: Sequence[str] = (),
    encoding: str = "utf-8",
) -> Participants:
    """Read a list of participants.

    Parameters
    ----------
    file
        CSV with a header: surname, forename, birth date, gender, postcode, and an index or
        intervention date; a PNC id where known. Columns may be spelt as `headers.NAMES` says,
        in any case.
    backend
        The engine that will hold the list; DuckDB unless given.
    date_format
        Of every date in the file; else recognised, a column at a time, as `read_dates` says.
    extra
        Further text columns to link by.
    encoding
        Of the file, as Python names it.

    Raises
    ------
    SourceError
        If the file is empty or broken, a column is missing, or a date's format is unclear.
    """
    path = Path(file)
    refuse_odd_extras(extra)
    header, rows = read_csv(path, encoding)
    columns = find_columns(
        header,
        file=path.name,
        needed=[*IDENTIFIERS, "index_date"],
        optional=OPTIONAL,
        extra=extra,
    )
    listed = numbered(backend or engine.connect(), header, rows, columns)
    dated, dates = read_dates(
        listed, ["birth_date", "index_date"], file=path.name, format=date_format
    )
    alike = written_alike(dated, extra=extra, keys=["participant", "index_date"])
    table = engine.materialise(alike, step="participants")
    usable = engine.materialise(table.filter(_is_usable(table)), step="usable participants")
    kept = usable
    for same in _SAME_PERSON:
        kept = engine.materialise(_once(kept, same, extra), step="distinct participants")
    return Participants(
        file=File(path.name, sha256_of(path), len(rows)),
        kept=kept,
        dates=dates,
        missing=missing(table, [*FIELDS, *extra, "index_date"]),
        usable=engine.count_rows(usable),
        distinct=engine.count_rows(kept),
        index_name=columns["index_date"],
        extra=tuple(extra),
    )


def read_csv(path: Path, encoding: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a small CSV; blank lines are no rows.

    Raises
    ------
    SourceError
        If the file is missing, empty, in another encoding, or has ragged rows.
    """
    if not path.is_file():
        raise SourceError(f"{path.name} must be a CSV file: there is none of that name.")
    if not path.stat().st_size:
        raise SourceError(f"{path.name} must begin with a header: it is empty.")
    check_delimited(path, encoding=encoding)
    codec = "utf-8-sig" if encoding.lower().replace("_", "-") == "utf-8" else encoding
    with path.open(encoding=codec, newline="") as stream:
        rows = [row for row in csv.reader(stream) if row]
    if len(rows) < 2:
        raise SourceError(f"{path.name} must hold a row at least, beneath its header.")
    return rows[0], rows[1:]


def numbered(
    backend: BaseBackend,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns: Mapping[str, str],
) -> ir.Table:
    """The list as a table: `participant` from 1, and each field as trimmed text."""
    place = {field: list(header).index(name) for field, name in columns.items()}
    content: dict[str, list[str | int]] = {"participant": list(range(1, len(rows) + 1))}
    content |= {field: [row[at] for row in rows] for field, at in place.items()}
    schema = {"participant": "int64", **dict.fromkeys(columns, "string")}
    table = engine.memory_table(backend, content, schema)
    return table.select("participant", **trimmed(table, {field: field for field in columns}))


def _is_usable(table: ir.Table) -> ir.BooleanValue:
    """Whether a row meets `USABLE_RULE`."""
    fields = [table[name] for name in ("surname", "forename", "birth_date", "postcode")]
    known = sum((value.notnull().cast("int64") for value in fields), ibis.literal(0))
    born_after = (table.birth_date > table.index_date.cast("string")).fill_null(False)
    return table.index_date.notnull() & ~born_after & (table.pnc_id.notnull() | (known >= 2))


def _once(table: ir.Table, same: Sequence[str], extra: Sequence[str]) -> ir.Table:
    """Of rows that agree on all of some columns, the one that `DISTINCT_RULE` keeps."""
    filled = [table[name].notnull().cast("int64") for name in (*FIELDS, *extra)]
    marked = table.mutate(filled_fields=sum(filled, ibis.literal(0)))
    known = marked.drop_null(list(same))
    first = engine.first_per_group(
        known,
        by=list(same),
        order_by=["index_date", known.filled_fields.desc(), "participant"],
    )
    rest = marked.anti_join(known, "participant")
    return engine.union(rest, first).drop("filled_fields")
