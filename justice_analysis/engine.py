"""The one door to the engines: Ibis over DuckDB, and the same expressions on Spark.

Only what gives the same answer on both is offered here (`book/decisions/ibis.md`).
Dates go through the functions below; nothing else adds to or subtracts from a date.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis.backends import BaseBackend

from justice_analysis.errors import EngineError, JusticeError, SourceError


def connect(
    kind: str = "duckdb",
    *,
    memory_limit_gb: float | None = None,
    threads: int | None = None,
    temp_directory: Path | None = None,
) -> BaseBackend:
    """Open an engine: `duckdb` (embedded, spills to disk) or `spark` (extra `[spark]`)."""
    if kind != "duckdb":
        raise EngineError(f"engine must be duckdb or spark: {kind} is neither.")
    spill = temp_directory or Path(tempfile.gettempdir()) / f"justice-spill-{os.getpid()}"
    backend = ibis.duckdb.connect()
    limit = memory_limit_gb or _half_of_memory_gb()
    backend.raw_sql(f"SET memory_limit='{limit:.2f}GB'")
    backend.raw_sql(f"SET temp_directory='{spill}'")
    backend.raw_sql("SET preserve_insertion_order=false")
    if threads:
        backend.raw_sql(f"SET threads={int(threads)}")
    return backend


def _half_of_memory_gb() -> float:
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 4.0
    return max(1.0, pages / 2**30 / 2)


# Running ------------------------------------------------------------------------------


def execute(expression: ir.Expr, *, step: str = "query") -> pd.DataFrame | pd.Series | object:
    """Run an expression and return a small result (pandas table, series or scalar)."""
    try:
        return expression.execute()
    except JusticeError:
        raise
    except Exception as error:
        raise EngineError(_safe_message(error, step)) from None


def materialise(table: ir.Table, *, step: str = "intermediate table") -> ir.Table:
    """Compute a table once and return it as a temporary table of the same engine."""
    backend = table.get_backend()
    try:
        return backend.create_table(ibis.util.gen_name("justice"), table, temp=True)
    except Exception as error:
        raise EngineError(_safe_message(error, step)) from None


def _safe_message(error: Exception, step: str) -> str:
    """Say what kind of failure it was; the engine's own text may hold values of rows."""
    kind = type(error).__name__
    if "OutOfMemory" in kind or "memory" in str(error)[:60].lower():
        return f"{step}: the engine ran out of memory. Give it more, or more disk to spill to."
    return f"{step}: the engine refused the query ({kind}). Check the columns that it uses."


# Reading and writing ------------------------------------------------------------------


def read_parquet(backend: BaseBackend, paths: Path | Sequence[Path]) -> ir.Table:
    """Read one Parquet file, several parts, or a folder of parts, as one table."""
    files = [paths] if isinstance(paths, Path) else list(paths)
    found = [str(part) for item in files for part in _parquet_parts(item)]
    if not found:
        raise SourceError(f"no Parquet file at {files[0].name}. Check the folder's name.")
    try:
        return backend.read_parquet(found)
    except Exception:
        raise SourceError(
            f"{files[0].name} is not a whole Parquet file: it may be truncated. Copy it again."
        ) from None


def _parquet_parts(path: Path) -> list[Path]:
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path] * path.is_file()


def write_table(table: ir.Table, folder: Path, *, step: str = "write") -> None:
    """Write a table as a folder of Parquet parts; the folder must not exist yet."""
    folder.mkdir(parents=True)
    try:
        table.to_parquet(folder / "part-0.parquet", compression="zstd")
    except Exception as error:
        raise EngineError(_safe_message(error, step)) from None


# Dates --------------------------------------------------------------------------------
# DuckDB gives one answer for two different intervals in one projection, so days are
# added as integers and months by calendar arithmetic; Ibis intervals are banned elsewhere.


def days_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Whole days from `earlier` to `later`; negative if `later` is before it."""
    return later.delta(earlier, unit="day")


def add_days(date: ir.DateValue, days: int | ir.IntegerValue) -> ir.DateValue:
    """The date so many whole days later (earlier, if negative)."""
    return date + ibis.literal(days).as_interval("D") if isinstance(days, int) else date + days.as_interval("D")
