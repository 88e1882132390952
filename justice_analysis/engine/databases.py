"""Databases that hold an extract: read through Ibis, in batches, and written to nowhere.

Who may read is settled outside this program: for PostgreSQL by libpq's own environment and
service file, for SQL Server by an ODBC data source. No error repeats what a driver says, which
may hold an address, a name or a value.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import ibis
import ibis.expr.types as ir

from justice_analysis.errors import EngineError, SourceError

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

Result = TypeVar("Result")
KINDS = ("postgres", "sqlserver")
_ROWS_AT_ONCE = 50_000
_SECONDS_TO_ANSWER = "10"
_LARGEST_PRECISION = 38
_REFUSED = (
    ("password", "it does not accept the user and password: check PGUSER and PGPASSWORD, the file "
     "of passwords or the service file"),
    ("authentication", "it does not accept the user: check PGUSER and how it lets users in"),
    ("does not exist", "it has no such database or user: check PGDATABASE and PGUSER"),
    ("definition of service", "the service file has no such service: check PGSERVICEFILE"),
    ("translate host name", "no machine has the name given: check PGHOST"),
    ("Connection refused", "nothing answers there: check PGHOST and PGPORT"),
    ("No such file", "nothing answers there: check PGHOST and PGPORT"),
    ("timeout", "nothing answers there: check PGHOST and PGPORT"),
)  # fmt: skip


@contextmanager
def open_database(kind: str, address: str = "") -> Iterator[BaseBackend]:
    """Connect to a database for reading, and disconnect at the end.

    Parameters
    ----------
    kind
        `postgres` or `sqlserver`.
    address
        PostgreSQL: a URI without password; what it leaves out comes from libpq's environment
        (`PGHOST`, `PGUSER`, `PGPASSWORD`, `PGSERVICE`, ...). SQL Server: the name of an ODBC
        data source.

    Yields
    ------
    BaseBackend
        PostgreSQL: in one transaction that may only read, so that all tables are of one moment.

    Raises
    ------
    EngineError
        If the driver is not installed or the database does not let us in.
    """
    connected = _postgres(address) if kind == "postgres" else _sqlserver(address)
    try:
        yield connected
    finally:
        _quietly(connected.disconnect)


def _postgres(address: str) -> BaseBackend:
    try:
        import psycopg
    except ImportError:
        raise EngineError(
            "PostgreSQL needs psycopg, which is not installed: install the extra [postgres]."
        ) from None
    seconds = os.environ.get("PGCONNECT_TIMEOUT", _SECONDS_TO_ANSWER)

    def connect() -> BaseBackend:
        connection = psycopg.connect(address, application_name="justice", connect_timeout=seconds)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        # Begins the transaction within which Ibis does all that follows.
        connection.execute("SELECT 1")
        return ibis.postgres.from_connection(connection)

    return _let_in(connect, "PostgreSQL")


def _sqlserver(address: str) -> BaseBackend:
    try:
        pyodbc = importlib.import_module("pyodbc")
    except ImportError:
        raise EngineError(
            "SQL Server needs pyodbc and Microsoft's ODBC driver: install the extra [sqlserver]."
        ) from None
    user = os.environ.get("JUSTICE_ODBC_USER")
    password = os.environ.get("JUSTICE_ODBC_PASSWORD")
    login = {"UID": user, "PWD": password} if user and password else {}
    return _let_in(
        lambda: ibis.mssql.from_connection(pyodbc.connect(DSN=address, readonly=True, **login)),
        "SQL Server",
    )


def _let_in(connect: Callable[[], Result], name: str) -> Result:
    # Raised after the handler, so that not even its context holds the driver's text.
    try:
        return connect()
    except Exception as error:
        text = str(error)
        reason = next((why for sign, why in _REFUSED if sign in text), "check how it is reached")
    raise EngineError(f"{name} must let us in, and does not: {reason}.")


def table_names(database: BaseBackend, schema: str) -> tuple[str, ...]:
    """Names of the tables and views of a schema, in order.

    Raises
    ------
    SourceError
        If there is none that may be read.
    """
    names = tuple(sorted(_read(lambda: database.list_tables(database=schema), "listing tables")))
    if not names:
        raise SourceError(
            f"the schema {schema} must hold tables that you may read, and none was found. Check "
            "its name, letter case too, and your rights."
        )
    return names


def copy_table(database: BaseBackend, name: str, schema: str, file: Path) -> int:
    """Copy a table's rows to a new Parquet file, some tens of thousands at a time.

    Parameters
    ----------
    database
        From `open_database`.
    name, schema
        Of the table.
    file
        To write.

    Returns
    -------
    int
        Rows written. Columns keep their types where Parquet has them; other simple types
        become text, and arrays, binary and spatial columns are left out.
    """
    import pyarrow.parquet as pq

    step = f"reading table {name}"

    def copy() -> int:
        table = database.table(name, database=schema)
        columns = _columns(table)
        batches = database.to_pyarrow_batches(
            table.select(**columns) if columns else table, chunk_size=_ROWS_AT_ONCE
        )
        rows = 0
        with pq.ParquetWriter(file, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows

    return _read(copy, step)


def small_table(database: BaseBackend, name: str, schema: str) -> list[dict[str, Any]]:
    """Read a table of a few rows, each as a dictionary by column name."""

    def read() -> list[dict[str, Any]]:
        rows = database.table(name, database=schema).limit(2)
        return list(database.to_pyarrow_batches(rows).read_all().to_pylist())

    return _read(read, f"reading table {name}")


def _columns(table: ir.Table) -> dict[str, ir.Value]:
    """Give each column that Parquet and the contract's types can hold."""
    columns: dict[str, ir.Value] = {}
    for name, kind in table.schema().items():
        if kind.is_nested() or kind.is_binary() or kind.is_geospatial():
            continue
        columns[name] = table[name] if _has_a_place(kind) else table[name].cast("string")
    return columns


def _has_a_place(kind: Any) -> bool:
    if kind.is_decimal():
        # Without a stated precision, text is the only form that loses nothing.
        return kind.precision is not None and kind.precision <= _LARGEST_PRECISION
    return bool(
        kind.is_boolean()
        or kind.is_integer()
        or kind.is_floating()
        or kind.is_date()
        or kind.is_timestamp()
        or (kind.is_string() and not kind.is_json())
    )


def _read(action: Callable[[], Result], step: str) -> Result:
    try:
        return action()
    except OSError:
        failure = f"{step}: the disk is full or cannot be written. Free some space."
    except Exception as error:  # of many drivers; their texts may hold values
        failure = (
            f"{step}: the database did not give the rows ({type(error).__name__}). Check your "
            "rights and that it still answers."
        )
    raise EngineError(failure)


def _quietly(action: Callable[[], Any]) -> None:
    try:
        action()
    except Exception:  # nothing is lost with a connection that is already gone
        return
