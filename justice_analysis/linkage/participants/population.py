"""Reading a population with identifiers, to which participants are linked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.errors import SourceError, listed
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

KEYS = ("population_id", "source_table", "source_key")


@dataclass(frozen=True)
class Population:
    """People with identifiers, fields written alike.

    Attributes
    ----------
    file
        What was read.
    table
        One row per distinct identity record: `record` (from 1), `population_id`,
        `source_table`, `source_key` (text), the fields and extras, `DERIVED`. Several rows may
        be one person.
    people
        Distinct `population_id`.
    records
        Rows of `table`.
    dates, missing
        How birth dates were written, and rows without each field.
    """

    file: File
    table: ir.Table = field(repr=False)
    people: int
    records: int
    dates: tuple[DateColumn, ...]
    missing: Mapping[str, int]
    extra: tuple[str, ...] = ()


def read_population(
    file: Path | str,
    *,
    backend: BaseBackend | None = None,
    date_format: str | None = None,
    extra: Sequence[str] = (),
    encoding: str = "utf-8",
) -> Population:
    """Read a population with identifiers.

    Parameters
    ----------
    file
        Parquet (a file or a folder of parts) or CSV, one row per identity record:
        `population_id`, surname, forename, birth date, gender, postcode, `source_table`,
        `source_key`; a PNC id where known. Several rows may be one person.
    backend, date_format, extra, encoding
        As in `read_participants`.

    Raises
    ------
    SourceError
        If the file is empty or broken, a column is missing, a birth date's format is unclear,
        or a row lacks one of the keys.
    """
    path = Path(file)
    refuse_odd_extras(extra)
    held = _read(backend or engine.connect(), path, encoding)
    columns = find_columns(
        held.columns,
        file=path.name,
        needed=[*IDENTIFIERS, *KEYS],
        optional=OPTIONAL,
        extra=extra,
    )
    texts = held.select(**trimmed(held, columns))
    rows = _refuse_without_keys(texts, path.name)
    dated, dates = read_dates(texts, ["birth_date"], file=path.name, format=date_format)
    alike = engine.materialise(
        written_alike(dated, extra=extra, keys=KEYS), step="population with identifiers"
    )
    table = engine.materialise(
        engine.integer_keys(alike, alike.columns, name="record"), step="identity records"
    )
    return Population(
        file=File(path.name, sha256_of(path), rows),
        table=table,
        people=int(engine.execute(table.population_id.nunique(), step="people of the population")),
        records=engine.count_rows(table),
        dates=dates,
        missing=missing(table, [*FIELDS, *extra]),
        extra=tuple(extra),
    )


def _read(backend: BaseBackend, path: Path, encoding: str) -> ir.Table:
    """A table of the file, as it is written."""
    if not path.exists():
        raise SourceError(f"{path.name} must be a Parquet or CSV file: there is none of that name.")
    if path.suffix == ".parquet" or path.is_dir():
        return engine.read_parquet(backend, path)
    return engine.read_delimited(backend, path, encoding=encoding)


def _refuse_without_keys(texts: ir.Table, file: str) -> int:
    """Refuse a record that could not be followed to a delivered one; give the number of rows."""
    sums = {name: texts[name].isnull().sum().fill_null(0) for name in KEYS}
    found = engine.execute(texts.aggregate(rows=texts.count(), **sums), step="keys").iloc[0]
    rows = int(found["rows"])
    if not rows:
        raise SourceError(f"{file} must hold a row at least, and holds none.")
    lacking = [
        f"{name} must be filled, and {int(found[name]):,} of {rows:,} rows have none."
        for name in KEYS
        if found[name]
    ]
    if lacking:
        raise SourceError(f"{file}: {listed(lacking)}")
    return rows
