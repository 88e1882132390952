"""Parquet in and out, and small tables from memory."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis.util import gen_name

from justice_analysis.engine.portable import check_portable
from justice_analysis.engine.running import drop_unused, guarded
from justice_analysis.engine.sessions import is_spark
from justice_analysis.errors import EngineError, SourceError, UsageError, listed

if TYPE_CHECKING:
    import pandas as pd
    from ibis.backends import BaseBackend

Schema = Mapping[str, Any]
_PARQUET_MARK = b"PAR1"


def read_parquet(
    backend: BaseBackend, paths: Path | Sequence[Path], *, schema: Schema | None = None
) -> ir.Table:
    """Read one Parquet file, several parts, or a folder of parts, as one table.

    Parameters
    ----------
    backend
        The engine that will hold the table.
    paths
        A file, a folder that holds `*.parquet`, or several of them.
    schema
        Column names and types. If given, exactly these columns come out, in these types.

    Returns
    -------
    Table
        NaN is null; nothing is read before the table is used.

    Raises
    ------
    SourceError
        If a file is missing or is not a whole Parquet file.
    EngineError
        If a column of the schema is missing, or its values might not fit the type.
    """
    files = found_files(paths, "*.parquet")
    for file in files:
        _check_parquet(file)
    step = f"reading {files[0].name}"
    names = [str(file) for file in files]
    table = guarded(lambda: _scan_parquet(backend, names), step)
    return nan_to_null(conform(table, schema, step) if schema else table)


def _scan_parquet(backend: Any, names: list[str]) -> ir.Table:
    if is_spark(backend):
        return spark_view(backend, backend._session.read.parquet(*names))
    return backend.read_parquet(names)


def spark_view(backend: Any, frame: Any) -> ir.Table:
    """Give a Spark frame a name, and so make it an Ibis table."""
    name = gen_name("justice_view")
    frame.createOrReplaceTempView(name)
    return backend.table(name)


def found_files(paths: Path | Sequence[Path], *patterns: str) -> list[Path]:
    """The files named, or in the folders named; a missing one is an error."""
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    found: list[Path] = []
    for path in map(Path, given):
        parts = [part for pattern in patterns for part in path.glob(pattern)]
        parts = sorted(parts) if path.is_dir() else [path]
        if not parts or not all(part.is_file() for part in parts):
            raise SourceError(f"{path.name} must be a file, or a folder of files: none is there.")
        found += parts
    if not found:
        raise SourceError("at least one file must be named, and none was.")
    return found


def _check_parquet(file: Path) -> None:
    """Look for the mark with which a whole Parquet file begins and ends."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        begin = stream.read(4)
        stream.seek(max(0, size - 4))
        whole = begin == stream.read() == _PARQUET_MARK and size >= 12
    if not whole:
        raise _not_whole_parquet(file)


def _not_whole_parquet(file: Path) -> SourceError:
    return SourceError(
        f"{file.name} is not a whole Parquet file: it may be truncated. Copy it again."
    )


def parquet_columns(file: Path) -> tuple[tuple[str, str], ...]:
    """Names and types of a Parquet file's columns, from its footer.

    Raises
    ------
    SourceError
        If it is not a whole Parquet file.
    """
    import pyarrow.parquet as pq

    _check_parquet(file)
    try:
        schema = pq.read_schema(file)
        return tuple((field.name, str(field.type)) for field in schema)
    except (OSError, ValueError):
        pass
    raise _not_whole_parquet(file)


def memory_table(
    backend: BaseBackend, rows: pd.DataFrame | Mapping[str, Sequence[Any]], schema: Schema
) -> ir.Table:
    """Make a small table from columns in memory; dates may be ISO text, and NaN is null."""
    import pyarrow as pa

    fields = ibis.schema(schema).to_pyarrow()
    if missing := [field.name for field in fields if field.name not in rows]:
        raise UsageError(f"a small table must have {', '.join(missing)}: no such column was given.")
    content = guarded(
        lambda: pa.Table.from_arrays(
            [pa.array(_values(rows[f.name], f.type), f.type, from_pandas=True) for f in fields],
            schema=fields,
        ),
        "making a small table",
    )
    return guarded(lambda: _register(backend, content), "making a small table")


def _values(values: Any, arrow_type: Any) -> Any:
    if not str(arrow_type).startswith("date"):
        return values
    return [datetime.date.fromisoformat(v) if isinstance(v, str) else v for v in values]


def _register(backend: Any, content: Any) -> ir.Table:
    if is_spark(backend):
        return spark_view(backend, backend._session.createDataFrame(content))
    return backend.create_table(gen_name("justice_memory"), content, temp=True)


def write_table(
    table: ir.Table, folder: Path, *, schema: Schema | None = None, step: str = "writing a table"
) -> int:
    """Write a table as a new folder of Parquet parts (`part-0.parquet`, ...), with zstd.

    Parameters
    ----------
    table
        What to write.
    folder
        Must not exist yet; after a failure it does not exist either.
    schema
        Column names and types. If given, exactly these columns are written, in these types.
    step
        What is being done, in the user's words; errors begin with it.

    Returns
    -------
    int
        Number of rows written.
    """
    folder = Path(folder)
    if folder.exists():
        raise EngineError(f"{step}: {folder.name} is already there. Write to a new folder.")
    shaped = conform(table, schema, step) if schema else table
    check_portable(shaped, step)
    backend = table.get_backend()
    folder.mkdir(parents=True)
    copy = _copy_spark if is_spark(backend) else _copy_duckdb
    try:
        return guarded(lambda: copy(backend, shaped, folder), step)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _copy_duckdb(backend: Any, table: ir.Table, folder: Path) -> int:
    """One COPY by all threads; no row passes through Python."""
    # DuckDB's sums are wider than Ibis says, and Parquet would keep them as floats.
    to_text = backend.compiler.type_mapper.to_string
    columns = ", ".join(
        f"CAST({quoted} AS {to_text(kind)}) AS {quoted}"
        for name, kind in table.schema().items()
        for quoted in ['"' + name.replace('"', '""') + '"']
    )
    drop_unused(backend)
    backend._run_pre_execute_hooks(table)
    target = str(folder / "part-0.parquet").replace("'", "''")
    copied = backend.raw_sql(
        f"COPY (SELECT {columns} FROM ({backend.compile(table)})) TO '{target}' "
        # Level 1 takes a third less time than level 3, and on ids in hexadecimal less room too.
        "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)"
    )
    return int(copied.fetchone()[0])


def _copy_spark(backend: Any, table: ir.Table, folder: Path) -> int:
    """Spark leaves marker files and long names; only the parts are kept."""
    writing = folder / "writing"
    backend._run_pre_execute_hooks(table)
    frame = backend._session.sql(backend.compile(table))
    frame.write.option("compression", "zstd").parquet(str(writing))
    for number, part in enumerate(sorted(writing.glob("part-*.parquet"))):
        part.rename(folder / f"part-{number}.parquet")
    shutil.rmtree(writing)
    return int(backend._session.read.parquet(str(folder)).count())


def missing_counts(folder: Path) -> dict[str, int] | None:
    """Missing values in each column of a written folder, as its files' footers count them.

    Parameters
    ----------
    folder
        From `write_table`.

    Returns
    -------
    dict or None
        None where a file does not count the missing values of every column: then count them.
        Columns of floats are left out: NaN is missing too, and no footer counts it.
    """
    import pyarrow.parquet as pq

    counts: dict[str, int] = {}
    for file in found_files(folder, "*.parquet"):
        footer = pq.read_metadata(file)
        for place in range(footer.num_row_groups):
            for number in range(footer.num_columns):
                column = footer.row_group(place).column(number)
                held = column.statistics
                if column.physical_type in ("FLOAT", "DOUBLE"):
                    continue
                if held is None or not held.has_null_count:
                    return None
                name = column.path_in_schema
                counts[name] = counts.get(name, 0) + held.null_count
    return counts


def conform(table: ir.Table, schema: Schema, step: str) -> ir.Table:
    """Give exactly the schema's columns, in its types; refuse casts that might lose."""
    wanted = ibis.schema(schema)
    held = table.schema()
    problems = [f"column {name} is missing." for name in wanted if name not in held]
    problems += [
        f"column {name} must be {kind}, and is {held[name]}."
        for name, kind in wanted.items()
        if name in held and not _is_harmless(held[name], kind)
    ]
    if problems:
        raise EngineError(f"{step}: {listed(problems)}")
    return table.select(**{name: table[name].cast(kind) for name, kind in wanted.items()})


def _is_harmless(held: dt.DataType, wanted: dt.DataType) -> bool:
    if held.is_null() or held.copy(nullable=True) == wanted.copy(nullable=True):
        return True
    if held.is_integer():
        return wanted.is_integer() or wanted.is_floating()
    return held.is_numeric() and wanted.is_floating()


def nan_to_null(table: ir.Table) -> ir.Table:
    """Turn NaN into null in every column of floats: engines disagree whether it is null."""
    floats = [name for name, kind in table.schema().items() if kind.is_floating()]
    if not floats:
        return table
    return table.mutate(**{name: _without_nan(table[name]) for name in floats})


def _without_nan(value: ir.FloatingValue) -> ir.FloatingValue:
    # Not nullif: DuckDB skips a comparison with NaN, as a Parquet file's least and greatest
    # values leave NaN out.
    return ibis.ifelse(value.isnan(), ibis.null(value.type()), value)
