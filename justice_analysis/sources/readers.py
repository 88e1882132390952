"""Delivered files of one table, read as one table in the contract's names and types."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TypeVar

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.contracts import TableContract
from justice_analysis.engine.sessions import scratch_directory
from justice_analysis.errors import SourceError
from justice_analysis.sources.adapter import Adapter
from justice_analysis.sources.adapter.counting import count_steps
from justice_analysis.sources.conforming import UNREADABLE_MARK, ReadTable, conform
from justice_analysis.sources.extract import Extract
from justice_analysis.sources.findings import Finding
from justice_analysis.sources.hints import merged
from justice_analysis.sources.layouts import reshape_files
from justice_analysis.sources.opening import Opened, open_files

Found = TypeVar("Found", Finding, str)
# With more columns to parse than these, Parquet too is parsed once and kept.
_PARSED_EACH_TIME = 3


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
    adapter = extract.adapter or Adapter()
    opened = _opened(extract, contract, adapter, backend)
    shaped = reshape_files(extract, contract, opened, backend)
    if shaped is not None and shaped.table is None:
        return ReadTable(None, shaped.findings, entries=shaped.entries, aside=shaped.aside)
    if shaped is not None and shaped.table is not None:
        opened = (replace(opened[0], table=shaped.table),)
    mine = adapter.table(contract.name).with_formats(contract)
    parts = [conform(one.table, contract, mine, file=one.file) for one in opened]
    notes = [*extract.notes.get(contract.name, ()), *(note for one in opened for note in one.notes)]
    notes += [note for part in parts for note in part.notes]
    uneven = _uneven_parts(opened, contract) if _is_split(extract, contract) else []
    findings = uneven or [found for part in parts for found in part.findings]
    tables = [part.table for part in parts if part.table is not None]
    if any(found.consequence == "refuse" for found in findings):
        return ReadTable(None, _once(findings), _once(notes))
    table = _stack(tables)
    marks = [name for name in table.columns if name.startswith(UNREADABLE_MARK)]
    if len(marks) > _PARSED_EACH_TIME or any(one.is_text for one in opened):
        table = _parse_once(table, backend, opened)
    counted = count_steps([one.table for one in opened], contract, adapter.table(contract.name))
    read = ReadTable(
        table,
        _once([*findings, *counted.findings]),
        _once([*notes, *counted.notes]),
        texts=merged([part.texts for part in parts if part.texts is not None]),
    )
    return read if shaped is None else replace(read, entries=shaped.entries, aside=shaped.aside)


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(dict.fromkeys(found))


def _opened(
    extract: Extract, contract: TableContract, adapter: Adapter, backend: BaseBackend
) -> tuple[Opened, ...]:
    names = {*contract.field_names, *adapter.table(contract.name).columns.values()}
    joined = {join.file for join in adapter.table(contract.name).joins}
    by_name = extract.by_name.get(contract.name, {})
    apart = {path for name in joined for path in by_name.get(name, ())}
    return open_files(
        [path for path in extract.files[contract.name] if path not in apart],
        backend,
        delimiter=adapter.delimiter,
        encoding=adapter.encoding,
        names=names,
    )


def _is_split(extract: Extract, contract: TableContract) -> bool:
    """Whether the files are parts of one, and not put together by an adapter."""
    return len(extract.by_name.get(contract.name, {})) == 1


def _uneven_parts(opened: Sequence[Opened], contract: TableContract) -> list[Finding]:
    """Say which parts have other columns than the first; names only where one is the contract's."""
    known = {name.lower() for name in contract.field_names}
    first = _by_key(opened[0])
    found = []
    for part in opened[1:]:
        names = _by_key(part)
        if names.keys() == first.keys():
            continue
        lacks = sorted(first[key] for key in first.keys() - names.keys())
        more = sorted(names[key] for key in names.keys() - first.keys())
        # A part without header has a row of values in its place, which must not be repeated.
        words = [f"lacks {', '.join(lacks)}"] * bool(lacks and first.keys() & known)
        words += [f"has {', '.join(more)} besides"] * bool(more and names.keys() & known)
        differs = " and ".join(words) or "has other columns"
        advice = f"{part.file} {differs}, compared with {opened[0].file}."
        found.append(Finding("", "all parts must have the same columns", 0, "refuse", advice))
    return found


def _by_key(part: Opened) -> dict[str, str]:
    return {name.strip().lower(): name.strip() for name in part.table.columns}


def _stack(tables: list[ir.Table]) -> ir.Table:
    """Put files together; a mark that only some of them need is false in the others."""
    marks = [name for table in tables for name in table.columns if name.startswith(UNREADABLE_MARK)]
    marked = [
        table.mutate(**{name: ibis.literal(False) for name in marks if name not in table.columns})
        for table in tables
    ]
    return reduce(engine.union, marked)


def _parse_once(table: ir.Table, backend: BaseBackend, opened: Sequence[Opened]) -> ir.Table:
    """Keep parsed rows in the engine's own folder, as Parquet: parsing is slow."""
    folder = Path(tempfile.mkdtemp(prefix="parsed-", dir=scratch_directory(backend)))
    failure = None
    try:
        engine.write_table(table, folder / "rows", step=f"reading {opened[0].file}")
        return engine.read_parquet(backend, folder / "rows")
    except SourceError as error:
        failure = error
    # Some faults of a text show only now, such as one in another encoding.
    for one in opened:
        if one.look_again:
            one.look_again()
    raise failure
