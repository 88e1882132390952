"""The one door to the engines: Ibis over DuckDB, and the same expressions on Spark.

Only what gives the same answer on both is offered here (`book/decisions/ibis.md`).
Dates go through the functions below; nothing else adds to or subtracts from a date.
"""

from __future__ import annotations

import atexit
import codecs
import csv
import datetime
import gzip
import io
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.rules as rlz
import ibis.expr.types as ir
import sqlglot.expressions as sge
from ibis.backends import BaseBackend
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from justice_analysis.errors import (
    EngineError,
    JusticeError,
    LinkageError,
    SourceError,
    UsageError,
    listed,
)

if TYPE_CHECKING:
    import pandas as pd

Schema = Mapping[str, Any]
Result = TypeVar("Result")


# Opening ------------------------------------------------------------------------------


def connect(
    kind: str = "duckdb",
    *,
    memory_limit_gb: float | None = None,
    threads: int | None = None,
    temp_directory: Path | None = None,
) -> BaseBackend:
    """Open an engine: `duckdb` (embedded, spills to disk) or `spark` (extra `[spark]`)."""
    if kind != "duckdb":
        raise UsageError(f"engine must be duckdb or spark: {kind} is neither.")
    limit = memory_limit_gb or _half_of_memory_gb()
    backend = ibis.duckdb.connect()
    backend.raw_sql(f"SET memory_limit='{limit:.2f}GB'")
    backend.raw_sql(f"SET temp_directory='{_spill_directory(temp_directory)}'")
    backend.raw_sql("SET preserve_insertion_order=false")
    backend.raw_sql("SET TimeZone='UTC'")
    if threads:
        backend.raw_sql(f"SET threads={int(threads)}")
    return backend


def _spill_directory(parent: Path | None) -> Path:
    """A private folder for what does not fit in memory, removed when Python ends."""
    folder = Path(tempfile.mkdtemp(prefix="justice-spill-", dir=parent))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _half_of_memory_gb() -> float:
    """Half of what this process may use: the machine, or its control group if smaller."""
    available = 8 * 2**30
    if hasattr(os, "sysconf"):
        available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        limit = Path("/sys/fs/cgroup") / name
        if limit.is_file() and (text := limit.read_text().strip()).isdigit():
            available = min(available, int(text))
    return max(0.5, available / 2**30 / 2)


# Running ------------------------------------------------------------------------------


def execute(expression: ir.Expr, *, step: str = "query") -> Any:
    """Run an expression and return a small result (pandas table, series or scalar)."""
    return _run(expression.execute, step)


def materialise(table: ir.Table, *, step: str = "intermediate table") -> ir.Table:
    """Compute a table once and return it as a temporary table of the same engine."""
    backend = table.get_backend()
    name = ibis.util.gen_name("justice")
    return _run(lambda: backend.create_table(name, table, temp=True), step)


def count_rows(table: ir.Table) -> int:
    """Count a table's rows."""
    return int(execute(table.count(), step="count of rows"))


def _run(action: Callable[[], Result], step: str) -> Result:
    # The failure is raised after the handler, so that not even its context holds the
    # engine's own text, which may quote values of rows.
    try:
        return action()
    except JusticeError:
        raise
    except Exception as error:
        failure = _failure(error, step)
    raise failure


def _failure(error: Exception, step: str) -> JusticeError:
    kind = type(error).__name__
    text = str(error)
    if "OutOfMemory" in kind or "OutOfMemory" in text or "Out of Memory" in text:
        return EngineError(
            f"{step}: the engine ran out of memory. Give it more memory, or fewer threads."
        )
    if "No space left" in text:
        return EngineError(f"{step}: the disk is full. Free some space, or spill elsewhere.")
    if "CSV Error" in text:
        return SourceError(f"{step}: {_UNREADABLE_ROWS}")
    return EngineError(
        f"{step}: the engine refused the query ({kind}). Check the columns that it uses."
    )


# Reading and writing ------------------------------------------------------------------

_UNREADABLE_ROWS = (
    "rows must have as many columns as the header and closed quotes, and some have not. "
    "Export the file again with fields quoted."
)


def read_parquet(
    backend: BaseBackend, paths: Path | Sequence[Path], *, schema: Schema | None = None
) -> ir.Table:
    """Read one Parquet file, several parts, or a folder of parts, as one table.

    NaN becomes null. With a schema, exactly its columns are given, in its types.
    """
    files = _files(paths, "*.parquet")
    for file in files:
        _check_parquet(file)
    step = f"reading {files[0].name}"
    table = _run(lambda: backend.read_parquet([str(file) for file in files]), step)
    return nan_to_null(_conform(table, schema, step) if schema else table)


def _files(paths: Path | Sequence[Path], pattern: str) -> list[Path]:
    given = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    found = []
    for path in given:
        parts = sorted(path.glob(pattern)) if path.is_dir() else [path]
        if not parts or not all(part.is_file() for part in parts):
            raise SourceError(f"{path.name} must be there: no file found. Check its name.")
        found += parts
    if not found:
        raise SourceError("at least one file must be named: none was.")
    return found


def _check_parquet(file: Path) -> None:
    """Look for the mark that a whole Parquet file begins and ends with."""
    with file.open("rb") as stream:
        begins = stream.read(4) == b"PAR1"
        stream.seek(max(0, file.stat().st_size - 4))
        whole = begins and stream.read() == b"PAR1" and file.stat().st_size >= 12
    if not whole:
        raise SourceError(
            f"{file.name} is not a whole Parquet file: it may be truncated. Copy it again."
        )


def read_delimited(
    backend: BaseBackend,
    paths: Path | Sequence[Path],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> ir.Table:
    """Read delimited files with a header; every column is text, empty fields are null.

    Names are kept exactly as written. Files ending in `.gz` are gunzipped.

    Raises
    ------
    SourceError
        If a file is missing, empty, truncated, in another encoding, or has a row whose
        number of columns is not the header's.
    """
    files = _files(paths, "*.csv*")
    names = _common_header(files, delimiter, encoding)
    ready = [str(_checked_text(file, encoding)) for file in files]
    step = f"reading {files[0].name}"
    table = _run(lambda: _read_csv(backend, ready, names, delimiter), step)
    _run(lambda: backend.execute(table.count()), step)
    return table


def _read_csv(backend: BaseBackend, files: list[str], names: list[str], delimiter: str) -> ir.Table:
    return backend.read_csv(
        files,
        header=True,
        auto_detect=False,
        strict_mode=True,
        delim=delimiter,
        quote='"',
        escape='"',
        columns=dict.fromkeys(names, "varchar"),
    )


def _open_text(file: Path) -> io.BufferedIOBase:
    opened = gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb")
    return opened  # type: ignore[return-value]


def _common_header(files: list[Path], delimiter: str, encoding: str) -> list[str]:
    headers = [_header(file, delimiter, encoding) for file in files]
    for file, names in zip(files, headers, strict=True):
        if names != headers[0]:
            raise SourceError(f"{file.name} must have the header of {files[0].name}: it differs.")
    return headers[0]


def _header(file: Path, delimiter: str, encoding: str) -> list[str]:
    codec = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    names: list[str] = []
    try:
        with io.TextIOWrapper(_open_text(file), encoding=codec, newline="") as text:  # type: ignore[type-var]
            names = next(csv.reader(text, delimiter=delimiter, strict=True), [])
    except (EOFError, OSError, zlib.error):
        raise SourceError(_truncated(file)) from None
    except (UnicodeDecodeError, csv.Error):
        raise SourceError(f"{file.name} must start with a header in {encoding}.") from None
    if not names:
        raise SourceError(f"{file.name} must start with a header: the file is empty.")
    if len({name.lower() for name in names}) < len(names) or not all(names):
        raise SourceError(f"{file.name}: header names must be filled and differ, case aside.")
    return names


def _truncated(file: Path) -> str:
    return f"{file.name} is not a whole gzip file: it may be truncated. Copy it again."


def _checked_text(file: Path, encoding: str) -> Path:
    """Read a file through once: engines take a truncated gzip file without a word."""
    failure = None
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _open_text(file) as stream:
            while block := stream.read(1 << 22):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        failure = SourceError(f"{file.name} is not in {encoding}. Name its encoding.")
    except (EOFError, OSError, zlib.error):
        failure = SourceError(_truncated(file))
    if failure:
        raise failure
    return file


def memory_table(
    backend: BaseBackend, rows: pd.DataFrame | Mapping[str, Sequence[Any]], schema: Schema
) -> ir.Table:
    """Make a small table from columns in memory; dates may be given as ISO text."""
    import pyarrow as pa

    types = ibis.schema(schema).to_pyarrow()
    columns = [
        pa.array(_dates(rows[field.name], field.type), field.type, from_pandas=True)
        for field in types
    ]
    content = pa.Table.from_arrays(columns, schema=types)
    name = ibis.util.gen_name("justice_memory")
    return _run(lambda: backend.create_table(name, content, temp=True), "small table")


def _dates(values: Any, arrow_type: Any) -> Any:
    if str(arrow_type) not in {"date32[day]", "date64[ms]"}:
        return values
    return [datetime.date.fromisoformat(v) if isinstance(v, str) else v for v in values]


def write_table(
    table: ir.Table, folder: Path, *, schema: Schema | None = None, step: str = "write"
) -> int:
    """Write a table as a new folder of Parquet parts; return the number of rows written."""
    folder = Path(folder)
    shaped = _conform(table, schema, step) if schema else table
    folder.mkdir(parents=True)
    return _run(lambda: _copy_parquet(shaped, folder / "part-0.parquet"), step)


def _copy_parquet(table: ir.Table, file: Path) -> int:
    backend = table.get_backend()
    columns = ", ".join(
        f'CAST("{name}" AS {backend.compiler.type_mapper.to_string(kind)}) AS "{name}"'
        for name, kind in table.schema().items()
    )
    query = f"SELECT {columns} FROM ({ibis.to_sql(table, dialect='duckdb')})"
    options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
    target = str(file).replace("'", "''")
    return int(backend.raw_sql(f"COPY ({query}) TO '{target}' ({options})").fetchone()[0])


def _conform(table: ir.Table, schema: Schema, step: str) -> ir.Table:
    """Give exactly the schema's columns, in its types; refuse casts that could lose."""
    wanted = ibis.schema(schema)
    held = table.schema()
    problems = [f"column {name} is missing" for name in wanted if name not in held]
    problems += [
        f"column {name} is {held[name]}, not {kind}"
        for name, kind in wanted.items()
        if name in held and not _is_harmless(held[name], kind)
    ]
    if problems:
        raise EngineError(f"{step}: {listed(problems)}.")
    return table.select(**{name: table[name].cast(kind) for name, kind in wanted.items()})


def _is_harmless(held: dt.DataType, wanted: dt.DataType) -> bool:
    if held.is_null() or held.copy(nullable=True) == wanted.copy(nullable=True):
        return True
    return (held.is_integer() and (wanted.is_integer() or wanted.is_floating())) or (
        held.is_numeric() and wanted.is_floating()
    )


def nan_to_null(table: ir.Table) -> ir.Table:
    """Turn NaN into null in every column of floats: the engines disagree on NaN."""
    floats = [name for name, kind in table.schema().items() if kind.is_floating()]
    return table.mutate(**{name: _without_nan(table[name]) for name in floats})


def _without_nan(value: ir.FloatingValue) -> ir.FloatingValue:
    return ibis.ifelse(value.isnan(), ibis.null(value.type()), value)


# Text to values -----------------------------------------------------------------------
# A pattern first, then a cast that cannot fail: engines read odd texts differently
# ('1.5' is the integer 2 to one), and a cast that fails prints the value of the row.

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = " ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# Pattern, and where year, month and day stand (first character, length).
_DATE_FORMATS: dict[str, tuple[str, int, tuple[int, int, int]]] = {
    "%Y-%m-%d": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", 10, (0, 5, 8)),
    "%d/%m/%Y": ("[0-9]{2}/[0-9]{2}/[0-9]{4}", 10, (6, 3, 0)),
    "%Y%m%d": ("[0-9]{8}", 8, (0, 4, 6)),
    "%d-%b-%Y": ("[0-9]{2}-[A-Za-z]{3}-[0-9]{4}", 11, (7, 3, 0)),
    "%Y-%m-%d %H:%M:%S": ("[0-9]{4}-[0-9]{2}-[0-9]{2}" + _CLOCK, 19, (0, 5, 8)),
}


def to_date(text: ir.StringValue, format: str = "%Y-%m-%d") -> ir.DateValue:
    """Read dates strictly in one format; what does not fit, or is no date, is null."""
    if format not in _DATE_FORMATS:
        raise UsageError(f"date format must be one of {', '.join(_DATE_FORMATS)}: not {format}.")
    pattern, length, (year, month, day) = _DATE_FORMATS[format]
    months = text.substr(month, 2)
    if "%b" in format:
        name = text.substr(month, 3).lower()
        months = name.cases(*[(m, f"{i:02d}") for i, m in enumerate(_MONTHS, 1)])
    years = text.substr(year, 4)
    iso = years + "-" + months + "-" + text.substr(day, 2)
    fits = _fits(text, pattern) & (text.length() == length) & (years != "0000")
    return _where(fits, iso).try_cast("date")


def to_month(text: ir.StringValue) -> ir.DateValue:
    """Read months written `YYYY-MM` as the month's first day; anything else is null."""
    return to_date(text + "-01", "%Y-%m-%d")


def to_integer(text: ir.StringValue) -> ir.IntegerValue:
    """Read whole numbers (digits with an optional sign) as int64; anything else is null."""
    return _where(_fits(text, "[+-]?[0-9]{1,19}"), text).try_cast("int64")


def to_number(text: ir.StringValue) -> ir.FloatingValue:
    """Read decimal numbers (no exponent, no thousands mark); anything else is null."""
    pattern = r"[+-]?([0-9]{1,30}([.][0-9]{0,30})?|[.][0-9]{1,30})"
    return _where(_fits(text, pattern), text).try_cast("float64")


def to_boolean(text: ir.StringValue) -> ir.BooleanValue:
    """Read true, t, yes, y, 1 and false, f, no, n, 0, in any case; anything else is null."""
    word = text.lower()
    return ibis.cases(
        (word.isin(["true", "t", "yes", "y", "1"]), True),
        (word.isin(["false", "f", "no", "n", "0"]), False),
    )


def _fits(text: ir.StringValue, pattern: str) -> ir.BooleanValue:
    # Java's $ also matches before a last line break, so that is refused apart.
    return text.re_search(f"^({pattern})$") & ~text.contains("\n") & ~text.contains("\r")


def _where(condition: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, value, ibis.null(value.type()))


# Dates --------------------------------------------------------------------------------
# DuckDB gives one answer for two different intervals in one projection, so days are
# added as integers and months by calendar arithmetic; Ibis intervals are banned elsewhere.


class AddDays(ops.Value):
    """A date moved by a number of days, as an integer addition."""

    arg: ops.Value[dt.Date]
    days: ops.Value[dt.Int32]

    shape = rlz.shape_like("args")
    dtype = dt.date


class LastDay(ops.Unary):
    """The last day of a date's month."""

    arg: ops.Value[dt.Date]

    dtype = dt.date


def _date_add(self: SQLGlotCompiler, op: ops.Node, *, arg: Any, days: Any) -> Any:
    return self.f.anon.date_add(arg, days)


def _plus(self: SQLGlotCompiler, op: ops.Node, *, arg: Any, days: Any) -> Any:
    return sge.Paren(this=sge.Add(this=arg, expression=sge.Paren(this=days)))


def _last_day(self: SQLGlotCompiler, op: ops.Node, *, arg: Any) -> Any:
    return self.f.anon.last_day(arg)


SQLGlotCompiler.visit_AddDays = _date_add
SQLGlotCompiler.visit_LastDay = _last_day
DuckDBCompiler.visit_AddDays = _plus


def add_days(date: ir.DateValue, days: int | ir.IntegerValue) -> ir.DateValue:
    """The date so many whole days later (earlier, if negative)."""
    count = ibis.literal(days) if isinstance(days, int) else days
    return AddDays(_date(date), count.cast("int32")).to_expr()


def add_months(date: ir.DateValue, months: int | ir.IntegerValue) -> ir.DateValue:
    """The same day so many months later, or that month's last day if it is shorter."""
    start = _date(date)
    number = _month_number(start) + months
    first = _first_of_month(number)
    last = LastDay(first).to_expr().day()
    return add_days(first, ibis.least(start.day(), last) - 1)


def days_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Whole days from `earlier` to `later`; negative if `later` is before it."""
    return _date(later).delta(_date(earlier), unit="day")


def months_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Completed months: the most that can be added to `earlier` without passing `later`."""
    start, end = _date(earlier), _date(later)
    number = _month_number(end) - _month_number(start)
    return (number - (add_months(start, number) > end).ifelse(1, 0)).cast("int64")


def years_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Completed years, as in an age."""
    return months_between(later, earlier) // 12


def month_start(date: ir.DateValue) -> ir.DateValue:
    """The first day of the date's month."""
    return _first_of_month(_month_number(_date(date)))


def month_end(date: ir.DateValue) -> ir.DateValue:
    """The last day of the date's month."""
    return LastDay(_date(date)).to_expr()


def financial_year(date: ir.DateValue) -> ir.IntegerValue:
    """The year in which the date's financial year (from 1 April) begins."""
    value = _date(date)
    return (value.year() - (value.month() < 4).ifelse(1, 0)).cast("int64")


def _date(value: Any) -> ir.DateValue:
    if isinstance(value, str | datetime.date):
        return ibis.literal(value, type="date")
    return value.date() if isinstance(value, ir.TimestampValue) else value


def _month_number(date: ir.DateValue) -> ir.IntegerValue:
    return date.year().cast("int64") * 12 + date.month() - 1


def _first_of_month(number: ir.IntegerValue) -> ir.DateValue:
    return ibis.date((number // 12).cast("int32"), (number % 12 + 1).cast("int32"), 1)


# Values, keys and joins ---------------------------------------------------------------


def divide(x: ir.NumericValue, y: ir.NumericValue) -> ir.FloatingValue:
    """`x / y` as a float; null where `y` is 0."""
    return x.cast("float64") / y.cast("float64").nullif(0.0)


def first_per_group(
    table: ir.Table, *, by: Sequence[str], order_by: Sequence[str | ir.Value]
) -> ir.Table:
    """Keep one row a group: the first by an order that leaves no ties; nulls last."""
    order = [table[key] if isinstance(key, str) else key for key in order_by]
    rank = ibis.row_number().over(group_by=list(by), order_by=order)
    numbered = table.mutate(justice_row_number=rank)
    return numbered.filter(numbered.justice_row_number == 0).drop("justice_row_number")


def digest(*columns: ir.Value) -> ir.StringValue:
    """SHA-256, in hexadecimal, of columns joined so that no two rows can be confused."""
    return reduce(lambda x, y: x + y, map(_marked, columns)).hexdigest("sha256")


def _marked(column: ir.Value) -> ir.StringValue:
    kind = column.type()
    if not (kind.is_string() or kind.is_integer() or kind.is_boolean() or kind.is_date()):
        raise UsageError(f"digest takes text, whole numbers, booleans and dates: not {kind}.")
    text = column.cast("string")
    return (text.length().cast("string") + ":" + text).fill_null("-")


def integer_keys(table: ir.Table, columns: Sequence[str], *, name: str) -> ir.Table:
    """Number the distinct rows of some columns from 1, the same on every run and engine.

    Returns
    -------
    Table
        One row per distinct combination: the columns, and the int64 key `name`.
    """
    distinct = table.select(*columns).distinct()
    marked = distinct.mutate(justice_digest=digest(*[distinct[c] for c in columns]))
    marked = marked.mutate(justice_bucket=marked.justice_digest.substr(0, 2))
    offsets = _bucket_offsets(marked)
    place = ibis.row_number().over(group_by=marked.justice_bucket, order_by=marked.justice_digest)
    numbered = marked.mutate(justice_place=place)
    joined = numbered.inner_join(offsets, "justice_bucket")
    key = (joined.justice_place + joined.justice_offset + 1).cast("int64")
    return joined.select(*columns, **{name: key})


def _bucket_offsets(marked: ir.Table) -> ir.Table:
    """Rows in earlier buckets, for each bucket (at most 256 of them)."""
    counts = marked.group_by("justice_bucket").agg(rows=ibis._.count())
    earlier = counts.view()
    pairs = counts.left_join(
        earlier, earlier.justice_bucket < counts.justice_bucket, rname="earlier_{name}"
    )
    return pairs.group_by("justice_bucket").agg(
        justice_offset=pairs.earlier_rows.sum().fill_null(0).cast("int64")
    )


def join_one(
    left: ir.Table, right: ir.Table, on: str | Sequence[str | tuple[str, str]], *, step: str
) -> ir.Table:
    """Left join that keeps the grain of `left`: `right` has at most one row per key.

    Raises
    ------
    LinkageError
        If a key (with no missing part) stands on two or more rows of `right`.
    """
    pairs = [
        (key, key) if isinstance(key, str) else key for key in ([on] if isinstance(on, str) else on)
    ]
    keys = [key for _, key in pairs]
    complete = right.drop_null(keys)
    repeated = complete.group_by(keys).agg(rows=ibis._.count()).filter(ibis._.rows > 1)
    count = int(execute(repeated.count(), step=step))
    if count:
        raise LinkageError(
            f"{step}: {', '.join(keys)} must be unique on the right of the join: "
            f"{count:,} keys stand on several rows. Choose one row per key first."
        )
    clashes = (set(left.columns) & set(right.columns)) - set(keys)
    if clashes:
        raise UsageError(f"{step}: both tables have {', '.join(sorted(clashes))}. Rename one.")
    renamed = right.rename({f"justice_{key}": key for key in keys})
    conditions = [left[ours] == renamed[f"justice_{theirs}"] for ours, theirs in pairs]
    return left.left_join(renamed, conditions).drop(*[f"justice_{key}" for key in keys])


def union(*tables: ir.Table) -> ir.Table:
    """Stack tables that have the same columns, in any order; no row is dropped."""
    first = tables[0]
    for other in tables[1:]:
        if set(other.columns) != set(first.columns):
            odd = sorted(set(other.columns) ^ set(first.columns))
            raise UsageError(f"stacked tables must have the same columns: {', '.join(odd)} differ.")
    aligned = [table.select(*first.columns) for table in tables]
    return aligned[0] if len(aligned) == 1 else ibis.union(*aligned, distinct=False)
