"""Where expressions run: the only place, so that no engine's message gets out."""

from __future__ import annotations

import re
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import ibis
import ibis.expr.types as ir
from ibis.util import gen_name

from justice_analysis.engine.portable import check_portable
from justice_analysis.engine.sessions import is_spark, scratch_directory
from justice_analysis.errors import EngineError, JusticeError, SourceError

Result = TypeVar("Result")


@dataclass(frozen=True)
class Asked:
    """One query that was asked of the engine: what for, and the table that keeps its rows."""

    step: str
    query: ir.Expr
    kept_as: str | None = None


_RECORDED: ContextVar[list[Asked] | None] = ContextVar("recorded", default=None)
# What a named table is made of, which must be stored for as long as the name is used.
_BEHIND: weakref.WeakKeyDictionary[Any, ir.Table] = weakref.WeakKeyDictionary()
RAGGED = (
    "every row must have as many columns as the header, and quotes closed; some have not. "
    "Export the file again with its fields quoted."
)


def execute(expression: ir.Expr, *, step: str = "query") -> Any:
    """Run an expression and return a small result.

    Parameters
    ----------
    expression
        A table, column or scalar whose result fits in memory.
    step
        What is being done, in the user's words; errors begin with it.

    Returns
    -------
    DataFrame, Series or scalar
        Rows in no particular order unless the expression sorts them.

    Raises
    ------
    EngineError
        If the engines would answer differently, the engine fails, or memory runs out. The
        engine's own message is dropped: it may quote values of rows.
    """
    check_portable(expression, step)
    recorded = _RECORDED.get()
    if recorded is not None:
        recorded.append(Asked(step, expression))
    return guarded(expression.execute, step)


@contextmanager
def recording() -> Iterator[list[Asked]]:
    """Keep every query that is asked, in order, for showing what a metric asks (DuckDB).

    What is stored in between gets a name that says its step, and that later queries use.
    """
    kept: list[Asked] = []
    token = _RECORDED.set(kept)
    try:
        yield kept
    finally:
        _RECORDED.reset(token)


def materialise(table: ir.Table, *, step: str = "intermediate table") -> ir.Table:
    """Compute a table once, and return it as a temporary table of the same engine."""
    check_portable(table, step)
    backend = table.get_backend()
    if _RECORDED.get() is not None:
        return guarded(lambda: _store_recorded(backend, table, step), step)
    if is_spark(backend):
        return guarded(lambda: _keep_on_disk(backend, table), step)
    return guarded(lambda: _store(backend, table), step)


def _store(backend: Any, table: ir.Table) -> ir.Table:
    """Keep a table in the engine for as long as any expression holds it."""
    drop_unused(backend)
    stored = backend.create_table(gen_name("justice"), table, temp=True)
    end = weakref.finalize(stored.op(), _unused(backend).append, stored.op().name)
    end.atexit = False
    return stored


def _store_recorded(backend: Any, table: ir.Table, step: str) -> ir.Table:
    """Keep a table under a name that people can read, and remember how it was made."""
    recorded = _RECORDED.get()
    assert recorded is not None
    number = sum(asked.kept_as is not None for asked in recorded) + 1
    name = f"step_{number}_{re.sub('[^a-z0-9]+', '_', step.lower()).strip('_')}"
    recorded.append(Asked(step, table, name))
    return backend.create_table(name, table, temp=True)


def _unused(backend: Any) -> list[str]:
    """Names of stored tables that no expression holds any more."""
    names: list[str] = vars(backend).setdefault("justice_unused", [])
    return names


def drop_unused(backend: Any) -> None:
    """Drop stored tables that no expression holds.

    Not at once when the last one goes, as another query may be giving its rows just then.
    """
    names = _unused(backend)
    while names:
        backend.raw_sql(f'DROP TABLE "temp"."main"."{names.pop()}"')


def named(table: ir.Table, *, step: str = "intermediate table") -> ir.Table:
    """The same table under a name of its own: not computed, but written as SQL only once.

    A long expression that many queries use costs each of them the time to write it.
    """
    check_portable(table, step)
    backend: Any = table.get_backend()
    if _RECORDED.get() is not None:
        return guarded(lambda: _store_recorded(backend, table, step), step)
    return guarded(lambda: _named(backend, table), step)


def under_name(table: ir.Table, name: str) -> ir.Table:
    """The same table under a name that SQL is to show (DuckDB); a view, so nothing is computed."""
    backend: Any = table.get_backend()

    def make() -> ir.Table:
        backend._run_pre_execute_hooks(table)
        backend.raw_sql(f'CREATE VIEW "{name}" AS {backend.compile(table)}')
        return backend.table(name)

    return guarded(make, f"naming {name}")


def _named(backend: Any, table: ir.Table) -> ir.Table:
    name = gen_name("justice_view")
    backend._run_pre_execute_hooks(table)
    query = backend.compile(table)
    if is_spark(backend):
        backend._session.sql(query).createOrReplaceTempView(name)
        return backend.table(name)
    backend.raw_sql(f'CREATE TEMP VIEW "{name}" AS {query}')
    view = backend.table(name, database=("temp", "main"))
    _BEHIND[view.op()] = table
    return view


def _keep_on_disk(backend: Any, table: ir.Table) -> ir.Table:
    """Spark has no temporary tables; a file also cuts the plan, which a cache does not."""
    folder = str(scratch_directory(backend) / gen_name("justice"))
    backend._session.sql(backend.compile(table)).write.parquet(folder)
    return backend.read_parquet(folder)


def count_rows(table: ir.Table) -> int:
    """Count a table's rows."""
    return int(execute(table.count(), step="counting rows"))


def guarded(action: Callable[[], Result], step: str) -> Result:
    """Do what touches an engine; a failure comes out as ours, without the engine's text."""
    # Raised after the handler, so that not even its context holds the engine's text.
    try:
        with warnings.catch_warnings(), _quickly_written():
            # Ibis 12 and pyspark 4.0 use what pandas 4 will drop; no user can change that.
            warnings.filterwarnings("ignore", module=r"ibis\.|pyspark\.")
            return action()
    except JusticeError:
        raise
    except Exception as error:
        failure = _failure(error, step)
    raise failure


@contextmanager
def _quickly_written() -> Iterator[None]:
    """Let Ibis write nested SELECTs as they are: engines merge them in less time than it does."""
    options = ibis.options.sql
    before = options.fuse_selects
    options.fuse_selects = False
    try:
        yield
    finally:
        options.fuse_selects = before


def _failure(error: Exception, step: str) -> JusticeError:
    kind = type(error).__name__
    text = f"{kind} {error}"
    if any(sign in text for sign in ("OutOfMemory", "Out of Memory", "Java heap space")):
        return EngineError(
            f"{step}: the engine ran out of memory. Give it more memory, or fewer threads."
        )
    if "No space left" in text or "max_temp_directory_size" in text:
        return EngineError(f"{step}: the disk is full. Free some space, or spill elsewhere.")
    if "CSV Error" in text or "MALFORMED_RECORD" in text or "MALFORMED_CSV" in text:
        return SourceError(f"{step}: {RAGGED}")
    return EngineError(
        f"{step}: the engine could not run the query ({kind}). Check the columns that it uses."
    )
