"""Small hand-made extracts: tables of a dataset's contract, with the rows that a test names."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
from ibis.backends import BaseBackend

from justice_analysis import contracts, engine
from justice_analysis.sources.mapping import CommonTables, MappingContext, as_date
from justice_analysis.sources.parsing import schema_of

Rows = list[dict[str, object]]


def contract_tables(backend: BaseBackend, dataset: str, rows: dict[str, Rows]):
    """Every table of a contract; columns that a row leaves out are missing."""
    return {
        table.name: engine.memory_table(
            backend,
            {
                name: [row.get(name) for row in rows.get(table.name, [])]
                for name in table.field_names
            },
            schema_of(table),
        )
        for table in contracts.load(dataset).tables
    }


def context_of(backend: BaseBackend, dataset: str, *, extract_date: str, records=None):
    return MappingContext(contracts.load(dataset), backend, as_date(extract_date), records=records)


def rows_of(mapped: CommonTables, table: str, *columns: str) -> list[tuple[object, ...]]:
    """Rows of a common table as sorted tuples; a missing value is None, a date ISO text."""
    rows = mapped.tables[table].select(*columns)
    # As text, since a column of whole numbers with missing ones comes out as floats.
    wide = [name for name in columns if rows[name].type().is_int64()]
    found = engine.execute(rows.mutate(**{name: rows[name].cast("string") for name in wide}))
    for name in wide:
        found[name] = found[name].map(int, na_action="ignore").astype(object)
    return plain(found)


def plain(found: pd.DataFrame) -> list[tuple[object, ...]]:
    rows = [tuple(_plain(value) for value in row) for row in found.itertuples(index=False)]
    return sorted(rows, key=str)


def _plain(value: object) -> object:
    if pd.isna(value):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value


def set_aside(mapped: CommonTables, table: str) -> dict[str, int]:
    """Rows of a delivered table by reason; the key "" counts those used."""
    account = next(one for one in mapped.accounts if one.table == table)
    counts = account.rows.group_by("reason").aggregate(rows=account.rows.count())
    found = engine.execute(counts)
    return {"" if pd.isna(row.reason) else row.reason: int(row.rows) for row in found.itertuples()}


def write_extract(
    folder: Path,
    dataset: str,
    rows: dict[str, Rows],
    *,
    nature: str = "synthetic",
    extract_date: str = "2024-03-31",
) -> Path:
    """Write an extract as CSV files, one per table of the contract."""
    folder.mkdir(parents=True)
    for table in contracts.load(dataset).tables:
        with (folder / f"{table.name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, table.field_names)
            writer.writeheader()
            writer.writerows(rows.get(table.name, []))
    about = {"dataset": dataset, "nature": nature, "extract_date": extract_date}
    (folder / "extract.json").write_text(json.dumps(about), encoding="utf-8")
    return folder
