"""The synthetic Cafcass extract as another site might deliver it: names, codes, dates, files."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

ADAPTER = """
dataset: cafcass_england
delimiter: ";"
encoding: windows-1252
tables:
  ecms_cases:
    file: fall
    columns: {ID_PE: case_no, LAWTYPE_ID: law, DATERECEIVED: received, CLOSUREDATE: closed}
    codes: {LAWTYPE_ID: {PUB: "1", PRI: "2"}}
    date_format: "%d/%m/%Y"
    missing: ["-99", "."]
  ecms_people:
    union: [people_a, people_b]
    columns: {ID_PE: person_no, GENDER: sex}
    codes: {GENDER: {"1": Male, "2": Female}}
    date_format: {WEEKOFBIRTH: "%Y%m%d"}
    missing: ["."]
"""


def relayout(source: Path, target: Path) -> Path:
    """Write the extract in another layout; return the adapter that undoes it."""
    target.mkdir(parents=True)
    for file in source.glob("*.parquet"):
        rows = pq.read_table(file).to_pandas(types_mapper=pd.ArrowDtype)
        if file.stem == "ecms_cases":
            _write(_other_cases(rows), target / "fall.csv")
        elif file.stem == "ecms_people":
            people = _other_people(rows)
            _write(people.iloc[::2], target / "people_a.csv")
            _write(people.iloc[1::2], target / "people_b.csv")
        else:
            _write(rows, target / f"{file.stem}.csv")
    described = json.loads((source / "extract.json").read_text())
    (target / "extract.json").write_text(json.dumps(described))
    adapter = target.parent / "adapter.yaml"
    adapter.write_text(ADAPTER)
    return adapter


def _other_cases(rows: pd.DataFrame) -> pd.DataFrame:
    law = rows["LAWTYPE_ID"].astype("string").replace({"1": "PUB", "2": "PRI"})
    dates = {
        name: pd.to_datetime(rows[name]).dt.strftime("%d/%m/%Y")
        for name in ("DATERECEIVED", "CLOSUREDATE", "REOPENDATE", "AVAIL_FROM_DT")
    }
    other = rows.assign(LAWTYPE_ID=law, **dates).astype("string").fillna("-99")
    return other.rename(
        columns={
            "ID_PE": "case_no",
            "LAWTYPE_ID": "law",
            "DATERECEIVED": "received",
            "CLOSUREDATE": "closed",
        }
    )


def _other_people(rows: pd.DataFrame) -> pd.DataFrame:
    sex = rows["GENDER"].astype("string").replace({"Male": "1", "Female": "2"})
    born = pd.to_datetime(rows["WEEKOFBIRTH"].astype("string"), errors="coerce")
    text = rows["WEEKOFBIRTH"].astype("string").str.replace("-", "")
    assert born.notna().sum() <= text.notna().sum()
    other = rows.assign(GENDER=sex, WEEKOFBIRTH=text).astype("string").fillna(".")
    return other.rename(columns={"ID_PE": "person_no", "GENDER": "sex"})


def _write(rows: pd.DataFrame, file: Path) -> None:
    rows.to_csv(file, sep=";", index=False, encoding="windows-1252")
