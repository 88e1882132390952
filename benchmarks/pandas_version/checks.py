"""Delivered files read into pandas, checked by the contract, and parted.

The contract says what to check; how is written here. The same rules as the package: required,
type, codes, range, dates after the extract, order of dates, uniqueness, foreign keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.pandas_version.columns import found_in
from justice_analysis import contracts
from justice_analysis.contracts import Field, TableContract

EXTRACTED = pd.Timestamp("2024-03-31")
NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}

Tables = dict[str, pd.DataFrame]


def read(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a Parquet file: whole numbers stay whole where some are missing, dates are dates."""
    rows = pq.read_table(path, columns=columns)
    return rows.to_pandas(date_as_object=False, types_mapper=NULLABLE.get)


def clean(folder: Path, dataset: str, quarantine: Path) -> tuple[Tables, dict[str, dict]]:
    """Read, type and check all tables of a dataset; write what is set aside, count what is wrong.

    Returns
    -------
    tuple
        Tables to use, and per table the rows that break each rule.
    """
    contract = contracts.load(dataset)
    kept: Tables = {}
    found: dict[str, dict] = {}
    for table in _parents_first(contract.tables):
        rows = read(folder / f"{table.name}.parquet")
        rows, found[table.name] = _typed(rows, table)
        found[table.name] |= dict(_broken(rows, table))
        kept[table.name], aside = _parted(rows, table, kept)
        found[table.name] |= aside["reason"].value_counts().to_dict()
        found[table.name]["rows"] = len(rows)
        if len(aside):
            quarantine.mkdir(parents=True, exist_ok=True)
            aside.to_parquet(quarantine / f"{table.name}.parquet", compression="zstd")
    return kept, found


def _parents_first(tables: tuple[TableContract, ...]) -> Iterator[TableContract]:
    waiting, ready = list(tables), set()
    while waiting:
        table = next(
            one for one in waiting if {key.table for key in one.foreign_keys} <= ready | {one.name}
        )
        waiting.remove(table)
        ready.add(table.name)
        yield table


def _typed(rows: pd.DataFrame, table: TableContract) -> tuple[pd.DataFrame, dict[str, int]]:
    """Strip text, read markers as missing and months as dates; count what cannot be read."""
    rows = rows.reindex(columns=list(table.field_names))
    unreadable = {}
    for field in table.fields:
        values = rows[field.name]
        if pd.api.types.is_string_dtype(values):
            blank = values.str.startswith(" ") | values.str.endswith(" ")
            if blank.any():
                values = values.str.strip()
            values = values.mask(values.isin(table.missing_values))
            if field.type == "yearmonth":
                read_values = pd.to_datetime(values, format="%Y-%m", errors="coerce")
                unreadable[f"{field.name}: unreadable"] = int(
                    (read_values.isna() & values.notna()).sum()
                )
                values = read_values
            rows[field.name] = values
    return rows, unreadable


def _broken(rows: pd.DataFrame, table: TableContract) -> Iterator[tuple[str, int]]:
    for field in table.fields:
        yield from _broken_in(rows[field.name], field)
    for first, second in table.date_order:
        yield f"{first} must not follow {second}", int((rows[first] > rows[second]).sum())


def _broken_in(values: pd.Series, field: Field) -> Iterator[tuple[str, int]]:
    if field.required:
        yield f"{field.name}: required", int(values.isna().sum())
    if field.minimum is not None:
        yield f"{field.name}: out of range", int((values < field.minimum).sum())
    if field.codes:
        known = [int(code) for code in field.codes] if field.type == "integer" else field.codes
        yield f"{field.name}: unknown code", int((values.notna() & ~values.isin(known)).sum())
    if field.type in ("date", "yearmonth"):
        yield f"{field.name}: after the extract date", int((values > EXTRACTED).sum())


def _parted(
    rows: pd.DataFrame, table: TableContract, parents: Tables
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part rows to use from rows set aside: key missing, repeated, or leading nowhere."""
    key = list(table.primary_key)
    pieces = []

    def set_aside(condition: pd.Series, reason: str) -> None:
        nonlocal rows
        if condition.any():
            pieces.append(rows[condition].assign(reason=reason))
            rows = rows[~condition]

    set_aside(rows[key].isna().any(axis=1), "key missing")
    repeated = rows.duplicated(key, keep=False)
    if repeated.any():
        # Only rows whose key repeats are compared whole; the first by all columns stays.
        several = rows[repeated].sort_values(list(rows.columns))
        copies = several.duplicated()
        second = several[~copies].duplicated(key)
        set_aside(rows.index.isin(copies.index[copies]), "exact duplicate row")
        set_aside(rows.index.isin(second.index[second]), "duplicate key")
    for reference in table.foreign_keys:
        (column,), (theirs,) = reference.fields, reference.reference_fields
        known = rows if reference.table == table.name else parents[reference.table]
        lost = rows[column].notna() & ~found_in(rows[column], known[theirs])
        set_aside(lost, f"{column} not found in {reference.table}")
    aside = pd.concat(pieces) if pieces else rows.iloc[:0].assign(reason="")
    return rows, aside
