"""A metric as SQL: every query that it asks of the common tables, with its card as the header.

For those who cannot install the package: the queries run on the warehouse's Parquet files with
DuckDB alone, or on the same tables in another database.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from justice_analysis import contracts, engine
from justice_analysis.definitions import Card, get
from justice_analysis.errors import EngineError, OptionError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

DIALECTS = ("duckdb", "postgres", "mssql")
WIDTH = 96
SQL_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "yearmonth": "DATE",
}


def metric_sql(name: str, warehouse: Warehouse, *, dialect: str = "duckdb", **options: Any) -> str:
    """Write the queries that a metric asks of a warehouse, in order.

    Parameters
    ----------
    warehouse
        At its default link level, on DuckDB. The metric is computed once, so that dates which it
        reads from the data (the end of coverage) stand in the queries.
    dialect
        duckdb, postgres or mssql (SQL Server).

    Returns
    -------
    str
        The card as comments; for DuckDB the views that name the warehouse's files, to be run in
        the generation's folder; then each query under the step that it is for.

    Raises
    ------
    OptionError
        If the dialect is not one of these, or the warehouse is viewed at a link level.
    EngineError
        If the dialect has no words for something that the metric asks.
    """
    if dialect not in DIALECTS:
        raise OptionError(f"dialect must be one of {', '.join(DIALECTS)}: {dialect} is not.")
    if warehouse.link_level is not None:
        raise OptionError("queries are written at the default link level: open the warehouse anew.")
    metric = get(name)
    named = _with_names(warehouse)
    with engine.recording() as asked:
        metric.compute(named, **options)
    used = _tables_of([one.query for one in asked])
    views = _views(warehouse, used) if dialect == "duckdb" else _tables_said(used)
    parts = [_header(metric.card, options, len(asked)), views]
    for number, one in enumerate(asked, start=1):
        query = _written(name, one, dialect)
        parts.append(f"-- Query {number} of {len(asked)}: {one.step}\n{query};")
    return "\n\n".join(parts) + "\n"


def _with_names(warehouse: Warehouse) -> Warehouse:
    """The same warehouse on a connection of its own, its tables under their own names."""
    from justice_analysis.warehouse import open as open_warehouse

    fresh = open_warehouse(warehouse.path)
    for name in contracts.common_model().table_names:
        fresh._held[name] = engine.under_name(getattr(fresh, name), name)
    return fresh


def _written(name: str, asked: engine.Asked, dialect: str) -> str:
    """One query; what later queries read becomes a table of its own."""
    try:
        query = str(ibis.to_sql(asked.query, dialect=dialect))
        query = re.sub(r'"(memory|temp)"\."main"\.', "", query)
        if asked.kept_as is None:
            return query
        if dialect == "mssql":
            return f"SELECT * INTO [{asked.kept_as}] FROM (\n{query}\n) AS [made]"
        return f"CREATE TEMPORARY TABLE {asked.kept_as} AS\n{query}"
    except Exception as error:
        kind = type(error).__name__
    raise EngineError(f"{name} cannot be written for {dialect} ({kind}): use duckdb.")


def _tables_of(queries: list[ir.Expr]) -> list[str]:
    known = contracts.common_model().table_names
    found = {table.name for query in queries for table in query.op().find(ops.DatabaseTable)}
    return [name for name in known if name in found]


def _views(warehouse: Warehouse, names: list[str]) -> str:
    """Views of the generation's files; a table that no source fills is empty and typed."""
    lines = ["-- Run in the folder of the warehouse's generation (see its current.json)."]
    model = contracts.common_model()
    for name in names:
        if name in warehouse.manifest["tables"]:
            source = f"SELECT * FROM read_parquet('{name}/*.parquet')"
        else:
            columns = ", ".join(
                f'CAST(NULL AS {SQL_TYPES[field.type]}) AS "{field.name}"'
                for field in model.table(name).fields
            )
            source = f"SELECT {columns} WHERE FALSE"
        lines.append(f'CREATE OR REPLACE VIEW "{name}" AS {source};')
    return "\n".join(lines)


def _tables_said(names: list[str]) -> str:
    return f"-- Reads these tables of the common model: {', '.join(names)}."


def _header(card: Card, options: dict[str, Any], queries: int) -> str:
    chosen = ", ".join(f"{name} = {value}" for name, value in options.items()) or "as by default"
    said = [
        f"{card.title} ({card.name}, version {card.version})",
        card.question,
        f"Definition: {card.definition}",
        f"Counts: {card.counting_unit}",
        f"Population: {card.population}",
        f"Clock: {card.clock}",
        *(f"Does not count: {rule}" for rule in card.does_not_count),
        f"Censoring: {card.censoring}",
        f"Options: {chosen}",
        f"{queries} queries in order; intervals and curves are computed from what they give. "
        "Not checked for release.",
    ]
    return "\n".join(
        line
        for text in said
        for line in textwrap.wrap(text, WIDTH, initial_indent="-- ", subsequent_indent="--   ")
    )
