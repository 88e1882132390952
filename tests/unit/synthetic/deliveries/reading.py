"""A delivery written as an extract, and read back through its checks and its mapping."""

from __future__ import annotations

import json
from pathlib import Path

from ibis.backends import BaseBackend

from justice_analysis.sources.cleaning import CleanExtract, examine_extract
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mapping import CommonTables, MappingContext
from justice_analysis.sources.own_mapping import mapping_of
from justice_analysis.synthetic.tables import Table, check_layout, write_tables

EXTRACT_DATE = "2024-03-31"


def write_extract(folder: Path, dataset: str, tables: dict[str, Table]) -> Path:
    """Write the tables of a dataset, in its contract's layout, with what an extract says."""
    check_layout(dataset, tables)
    write_tables(folder, tables, "parquet")
    about = {"dataset": dataset, "nature": "synthetic", "extract_date": EXTRACT_DATE}
    (folder / "extract.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def read_back(folder: Path, backend: BaseBackend) -> tuple[CleanExtract, CommonTables]:
    """Check an extract, which must pass, and map it."""
    examined = examine_extract(read_extract(folder), backend)
    assert examined.report.passed
    extract = examined.extract
    context = MappingContext(extract.contract, backend, extract.extract_date)
    return examined, mapping_of(extract)(examined.tables, context)
