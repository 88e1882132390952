"""Delivered tables: columns as arrays, held against the contract, written whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from justice_analysis import contracts
from justice_analysis.errors import ContractError, listed
from justice_analysis.synthetic.people import Ints

NULL = np.iinfo(np.int64).min
"""A missing whole number, until the column is written."""

ROW_GROUP_SIZE = 122_880  # what DuckDB reads with one thread


@dataclass(frozen=True)
class Text:
    """A text column of few values: positions in `labels`, -1 where missing."""

    code: Ints
    labels: tuple[str, ...]


Column: TypeAlias = "np.ndarray | Text | pa.Array"
Table: TypeAlias = dict[str, Column]


def yes_no(values: np.ndarray) -> Text:
    """A column that holds true and false as text."""
    return Text(np.asarray(values).astype(np.int64), ("false", "true"))


def hashes(n: int, stream: np.random.Generator) -> pa.Array:
    """Ids of 64 hexadecimal characters, all different."""
    characters = stream.bytes(32 * n).hex().encode()
    offsets = np.arange(n + 1, dtype=np.int32) * 64
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(characters))


def rows_in(table: Mapping[str, Column]) -> int:
    """Number of rows of a table."""
    first = next(iter(table.values()))
    return len(first.code) if isinstance(first, Text) else len(first)


def take(column: Column, at: Ints) -> Column:
    """The rows at these positions."""
    if isinstance(column, Text):
        return Text(column.code[at], column.labels)
    return column.take(pa.array(at)) if isinstance(column, pa.Array) else column[at]


def take_rows(table: Table, at: Ints) -> Table:
    """The rows at these positions, every column."""
    return {name: take(column, at) for name, column in table.items()}


def append_rows(table: Table, extra: Table) -> Table:
    """Rows of the first table, then of the second, which has the same columns."""
    return {name: _append(column, extra[name]) for name, column in table.items()}


def _append(column: Column, extra: Column) -> Column:
    if isinstance(column, Text) and isinstance(extra, Text):
        return Text(np.concatenate([column.code, extra.code]), column.labels)
    if isinstance(column, pa.Array):
        return pa.concat_arrays([column, extra])
    return np.concatenate([column, extra])


def to_arrow(column: Column) -> pa.Array:
    """A column as it is delivered; a month becomes text such as 2014-04."""
    if isinstance(column, pa.Array):
        return column
    if isinstance(column, Text):
        codes = pa.array(column.code, mask=column.code < 0, type=pa.int64())
        return pa.array(column.labels, type=pa.string()).take(codes)
    if column.dtype == np.bool_:
        return pa.array(column)
    if column.dtype == np.dtype("datetime64[M]"):
        return _months(column)
    if column.dtype.kind == "f":
        return pa.array(column, pa.float64(), from_pandas=True)
    if column.dtype.kind == "M":
        return pa.array(column.astype("datetime64[D]"))
    return pa.array(column.astype(np.int64), mask=column == NULL)


def _months(column: np.ndarray) -> pa.Array:
    """Month texts, made once per month that occurs."""
    distinct, code = np.unique(column, return_inverse=True)
    missing = np.isnat(distinct)
    texts = np.datetime_as_string(distinct, unit="M").tolist()
    labels = pa.array(
        [None if gone else text for gone, text in zip(missing, texts, strict=True)], pa.string()
    )
    return labels.take(pa.array(code))


def check_layout(dataset: str, tables: Mapping[str, Table]) -> None:
    """Raise `ContractError` unless tables and columns are those of the dataset's contract."""
    contract = contracts.load(dataset)
    problems = []
    for table in contract.tables:
        if table.name not in tables:
            problems.append(f"{dataset} has no table {table.name}.")
            continue
        names, wanted = set(tables[table.name]), set(table.field_names)
        if names != wanted:
            off = ", ".join(sorted(names ^ wanted))
            problems.append(f"{table.name} and its contract differ in columns: {off}.")
    extra = set(tables) - {table.name for table in contract.tables}
    problems += [f"{dataset}: the contract has no table {name}." for name in sorted(extra)]
    if problems:
        raise ContractError(listed(problems))


def write_tables(
    folder: Path, tables: Mapping[str, Table], file_format: str, part: int | None = None
) -> dict[str, int]:
    """Write each table as one file, or as a numbered part of it; returns rows by table."""
    ending = "" if part is None else f"_{part:02d}"
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, columns in tables.items():
        written = pa.table({column: to_arrow(values) for column, values in columns.items()})
        counts[name] = written.num_rows
        if file_format == "csv":
            pyarrow.csv.write_csv(written, folder / f"{name}{ending}.csv")
        else:
            pyarrow.parquet.write_table(
                written,
                folder / f"{name}{ending}.parquet",
                compression="zstd",
                row_group_size=ROW_GROUP_SIZE,
            )
    return counts
