"""Delivered files of one table, read as one table in the contract's names and types."""

from __future__ import annotations

import tempfile
from functools import reduce
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.contracts import TableContract
from justice_analysis.engine.sessions import scratch_directory
from justice_analysis.errors import SourceError
from justice_analysis.sources.adapter import Adapter
from justice_analysis.sources.conforming import UNREADABLE_MARK, ReadTable, conform
from justice_analysis.sources.extract import Extract

# With more columns to parse than these, Parquet too is parsed once and kept.
_PARSED_EACH_TIME = 3
_NOT_TABLES = (".xlsx", ".xls", ".ods", ".dta", ".sas7bdat", ".sav", ".rds", ".zip")


def read_table(extract: Extract, contract: TableContract, backend: BaseBackend) -> ReadTable:
    """Read a table's files, apply the adapter and give each column its contract type.

    Parameters
    ----------
    extract
        Says where the files are and which adapter brings them to the contract.
    contract
        The table.
    backend
        The engine.

    Returns
    -------
    ReadTable
        One row per delivered row. Text is parsed once and kept in the engine's own folder;
        Parquet that has (almost all of) the contract's types is read when used.

    Raises
    ------
    SourceError
        If a file is truncated, empty or of a form that cannot be read.
    AdapterError
        If the adapter names delivered columns that are not there (all of them at once).
    """
    paths = extract.files[contract.name]
    parts = [_read_file(path, contract, extract.adapter or Adapter(), backend) for path in paths]
    findings = tuple(dict.fromkeys(found for part in parts for found in part.findings))
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    tables = [part.table for part in parts if part.table is not None]
    if len(tables) < len(parts):
        return ReadTable(None, findings, notes)
    table = _stack(tables)
    marks = [name for name in table.columns if name.startswith(UNREADABLE_MARK)]
    if len(marks) > _PARSED_EACH_TIME or any(map(_is_delimited, paths)):
        table = _parse_once(table, backend, step=f"reading {paths[0].name}")
    return ReadTable(table, findings, notes)


def _read_file(
    path: Path, contract: TableContract, adapter: Adapter, backend: BaseBackend
) -> ReadTable:
    delivered = _open(path, adapter, backend)
    return conform(delivered, contract, adapter.table(contract.name), file=path.name)


def _open(path: Path, adapter: Adapter, backend: BaseBackend) -> ir.Table:
    if path.suffix.lower() in _NOT_TABLES:
        raise SourceError(f"{path.name} must be CSV, gzipped CSV or Parquet. Export it again.")
    if not _is_delimited(path):
        return engine.read_parquet(backend, path)
    return engine.read_delimited(
        backend, path, delimiter=adapter.delimiter, encoding=adapter.encoding
    )


def _is_delimited(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() != ".parquet"


def _stack(tables: list[ir.Table]) -> ir.Table:
    """Put files together; a mark that only some of them need is false in the others."""
    marks = [name for table in tables for name in table.columns if name.startswith(UNREADABLE_MARK)]
    marked = [
        table.mutate(**{name: ibis.literal(False) for name in marks if name not in table.columns})
        for table in tables
    ]
    return reduce(engine.union, marked)


def _parse_once(table: ir.Table, backend: BaseBackend, *, step: str) -> ir.Table:
    """Keep parsed rows in the engine's own folder, as Parquet: parsing is slow."""
    folder = Path(tempfile.mkdtemp(prefix="parsed-", dir=scratch_directory(backend)))
    engine.write_table(table, folder / "rows", step=step)
    return engine.read_parquet(backend, folder / "rows")
