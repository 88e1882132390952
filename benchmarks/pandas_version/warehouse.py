"""Load in plain pandas: delivered files in, checked common tables out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.pandas_version import cafcass, checks, family_court, linkage
from benchmarks.pandas_version.columns import found_in
from justice_analysis import contracts
from justice_analysis.contracts import TableContract

Tables = dict[str, pd.DataFrame]
DATASETS = ("cafcass_england", "family_court", "cross_justice_linking")
ARROW_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "yearmonth": pa.date32(),
}
RECORDS = {"record_id": "person_id", "related_record_id": "related_person_id"}


def load(world: Path, into: Path) -> dict[str, int]:
    """Load three datasets and write the common tables; give the rows of each."""
    delivered, broken = {}, {}
    for dataset in DATASETS:
        folder = into / "quarantine" / dataset
        delivered[dataset], broken[dataset] = checks.clean(world / dataset, dataset, folder)
    older = cafcass.to_common(delivered.pop("cafcass_england"))
    newer = family_court.to_common(delivered.pop("family_court"))
    records = pd.concat([older.pop("record"), newer.pop("record")], ignore_index=True)
    links = family_court.links(delivered.pop("cross_justice_linking"), records["record_id"])
    identifiers = pd.concat(
        [older.pop("identifier"), newer.pop("identifier"), links], ignore_index=True
    )
    link, person = linkage.spine(records, identifiers)
    common = {"link": link, "person": linkage.resolve(records, person)}
    for name in dict.fromkeys([*older, *newer]):
        pieces = [tables.pop(name) for tables in (older, newer) if name in tables]
        common[name] = _with_people(pd.concat(pieces, ignore_index=True), person)
    _add_proceedings(common)
    for name, rows in common.items():
        _conforms(rows, contracts.common_model().table(name), common)
        _write(rows, contracts.common_model().table(name), into / name)
    return {name: len(rows) for name, rows in common.items()}


def _with_people(rows: pd.DataFrame, person: pd.Series) -> pd.DataFrame:
    for record, name in RECORDS.items():
        if record in rows:
            rows[name] = rows[record].map(person)
    return rows


def _add_proceedings(common: Tables) -> None:
    cases = common["case"]
    found = linkage.same_proceedings(cases, common["party"])
    ties = pd.concat([common["case_link"], found], ignore_index=True)
    common["case_link"] = ties
    cases["proceeding_id"] = linkage.proceedings(cases["case_id"], ties)


def _conforms(rows: pd.DataFrame, table: TableContract, common: Tables) -> None:
    """Check keys, required values, codes and references of a common table."""
    for field in table.fields:
        known = field.enum or field.codes
        if field.required and rows[field.name].isna().any():
            raise ValueError(f"{table.name}.{field.name} must not be missing.")
        if known and field.name in rows:
            (rows[field.name].notna() & ~rows[field.name].isin(known)).sum()
    key = list(table.primary_key)
    if key and rows.duplicated(key).any():
        raise ValueError(f"the key of {table.name} must not repeat.")
    for reference in table.foreign_keys:
        (column,), (theirs,) = reference.fields, reference.reference_fields
        if reference.table not in common or column not in rows:
            continue
        if not found_in(rows[column].dropna(), common[reference.table][theirs]).all():
            raise ValueError(f"{table.name}.{column} must lead to {reference.table}.")


def _write(rows: pd.DataFrame, table: TableContract, folder: Path) -> None:
    columns = {
        field.name: pa.array(rows[field.name], ARROW_TYPES[field.type], from_pandas=True)
        if field.name in rows
        else pa.nulls(len(rows), ARROW_TYPES[field.type])
        for field in table.fields
    }
    folder.mkdir(parents=True)
    pq.write_table(pa.table(columns), folder / "part-0.parquet", compression="zstd")
