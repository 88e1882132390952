"""An extract in a schema of a database: copied to the spill folder, then read as files are.

So the same checks give the same results. The copy is Parquet, one file a table, in a folder of
this process that is removed when the reading ends. Addresses and who may read stay out of
everything that is written: neither is kept after the connection is made.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from justice_analysis import contracts
from justice_analysis.engine import databases
from justice_analysis.engine.sessions import private_folder, remove_folder
from justice_analysis.errors import SourceError, UsageError
from justice_analysis.sources.adapter import named_dataset, read_adapter
from justice_analysis.sources.delivered import bears_name
from justice_analysis.sources.extract import DESCRIPTION_FILE

# A table of one row that says what extract.json says beside files.
DESCRIPTION_TABLE = "extract"
_SECRETS = ("password", "sslpassword", "passwd", "pwd")
_FORMS = "postgres, postgresql://user@host/database or sqlserver://data-source"


@dataclass(frozen=True, repr=False)
class Database:
    """Where an extract is: a kind of database, how it is reached, and the schema.

    Parameters
    ----------
    kind
        `postgres` or `sqlserver`.
    address
        A URI without password, or the name of an ODBC data source; empty where the
        environment says all.
    schema
        Whose tables are the delivered ones.
    """

    kind: str
    address: str
    schema: str


def read_address(text: str, schema: str) -> Database:
    """Read where a database is, as given on the command line.

    Parameters
    ----------
    text
        `postgres` (all of it in libpq's environment or service file), a URI such as
        `postgresql://reader@db.example.org/research` or `postgresql://?service=research`, or
        `sqlserver://NAME` for an ODBC data source.
    schema
        Name of the schema.

    Raises
    ------
    UsageError
        If it holds a password, is of another form, or the schema is not given. The text itself
        is never repeated.
    """
    if not schema:
        raise UsageError("a database needs --schema, the name of the schema that was delivered.")
    try:
        parts = urlsplit(text)
        secret = parts.password is not None or any(
            name.lower() in _SECRETS for name in parse_qs(parts.query, keep_blank_values=True)
        )
    except ValueError:
        raise UsageError(f"--database must be {_FORMS}.") from None
    if secret or re.search(r"\b(password|passwd|pwd)\s*=", text, re.IGNORECASE):
        raise UsageError(
            "a password must not stand on the command line, where others can see it: leave it to "
            "PGPASSWORD, a file of passwords or a service file."
        )
    if text == "postgres":
        return Database("postgres", "", schema)
    if parts.scheme in ("postgresql", "postgres"):
        return Database("postgres", text, schema)
    if parts.scheme == "sqlserver" and re.fullmatch(r"[\w .-]+", text.partition("://")[2]):
        return Database("sqlserver", text.partition("://")[2], schema)
    raise UsageError(f"--database must be {_FORMS}.")


@contextmanager
def staged(
    database: Database,
    dataset: str | None = None,
    adapter: Path | str | None = None,
    *,
    temp_directory: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Path]:
    """Copy the tables of a dataset out of a schema, for as long as they are needed.

    Parameters
    ----------
    database
        From `read_address`.
    dataset, adapter
        As `read_extract` takes them; they say which tables are wanted.
    temp_directory
        Where the folder is made; it needs room for the tables as Parquet.
    progress
        Called with the name of each table before it is copied.

    Yields
    ------
    Path
        A folder for `read_extract`, one Parquet file per table that was found. It is removed
        at the end.

    Raises
    ------
    EngineError
        If the database does not let us in or stops to answer.
    SourceError
        If the schema holds no table of the dataset.
    UsageError
        If the dataset is not known.
    """
    folder = private_folder(temp_directory)
    try:
        with databases.open_database(database.kind, database.address) as source:
            names = databases.table_names(source, database.schema)
            description = _description(source, names, database.schema)
            wanted = _wanted(description, dataset, adapter, database.schema)
            found = [name for name in names if any(bears_name(name, one) for one in wanted)]
            _refuse_unfit(found, database.schema, len(names))
            for name in found:
                if progress:
                    progress(name)
                databases.copy_table(source, name, database.schema, folder / f"{name}.parquet")
        if description:
            (folder / DESCRIPTION_FILE).write_text(json.dumps(description), encoding="utf-8")
        yield folder
    finally:
        remove_folder(folder)


def _description(source: Any, names: tuple[str, ...], schema: str) -> dict[str, str]:
    """Read the one row that describes the extract, if the schema has that table."""
    if DESCRIPTION_TABLE not in names:
        return {}
    rows = databases.small_table(source, DESCRIPTION_TABLE, schema)
    if len(rows) != 1:
        raise SourceError(
            f"the table {DESCRIPTION_TABLE} must hold one row: dataset, nature, date."
        )
    return {
        name: value.isoformat()[:10] if isinstance(value, dt.date) else str(value)
        for name, value in rows[0].items()
        if value is not None
    }


def _wanted(
    description: dict[str, str], dataset: str | None, adapter: Path | str | None, schema: str
) -> set[str]:
    """Name the tables to look for: the contract's, and those that an adapter names."""
    named = dataset or description.get("dataset") or (named_dataset(adapter) if adapter else None)
    if named is None:
        raise UsageError(
            f"the schema {schema} has no table {DESCRIPTION_TABLE}, so the dataset must be named "
            f"with --dataset or in an adapter. There are {', '.join(contracts.names())}."
        )
    contract = contracts.load(named)
    wanted = {table.name for table in contract.tables}
    if adapter is None:
        return wanted
    tables = read_adapter(adapter, contract).tables
    return wanted | {one for name, table in tables.items() for one in table.named_files(name)}


def _refuse_unfit(found: list[str], schema: str, there: int) -> None:
    if not found:
        raise SourceError(
            f"the schema {schema} must hold tables of the dataset: none of its {there:,} bears "
            "the name of one. Name them in an adapter."
        )
    # Their names become names of files.
    odd = sum(1 for name in found if "/" in name or "\\" in name or name.startswith("."))
    if odd:
        raise SourceError(
            f"{odd:,} tables of the schema {schema} have names that no file can have."
        )
