"""The family court from a site with its own names, codes, dates and files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.relayouts.writing import as_text, describe, recoded, redated, write

SAME_ROWS = True
KINDS = {
    "public_law": "PUB",
    "private_law": "PRI",
    "adoption": "ADO",
    "divorce": "DIV",
    "family_law_act": "FLA",
}
ROLES = {"applicant": "A", "respondent": "R", "child": "C", "other": "O"}
SEXES = {"1": "M", "2": "F"}

ADAPTER = """
dataset: family_court
delimiter: ";"
encoding: windows-1252
tables:
  cases:
    file: proceedings
    columns:
      case_number_hash: caseno
      case_type: kind
      case_closed_date: end
      related_case_number_hash: see_also
    codes:
      case_type: {PUB: public_law, PRI: private_law, ADO: adoption, DIV: divorce,
                  FLA: family_law_act}
    date_format: {receipt_date: ["%d/%m/%Y", "%d%b%Y"], case_closed_date: "%d/%m/%Y"}
    missing: ["."]
  events:
    file: diary
    columns: {case_number_hash: caseno, receipt_date: received}
    date_parts: {entry_date: {year: entry_y, month: entry_m, day: entry_d}}
    date_format: {receipt_date: "%Y%m%d"}
    missing: ["."]
    filter: [{column: in_test, drop: ["1"]}]
  people:
    union: [parties_north, parties_south]
    columns: {row_id_hash: row, case_number_hash: caseno, role_model: role, gender: sex,
              dob: born}
    codes:
      role_model: {A: applicant, R: respondent, C: child, O: other}
      gender: {M: "1", F: "2"}
    date_format: {dob: "%m/%Y"}
    missing: ["."]
"""


def relayout(source: Path, target: Path) -> Path:
    """Write the extract as this site would deliver it; return the adapter that undoes it."""
    target.mkdir(parents=True)
    describe(source, target)
    done = {"cases", "events", "people"}
    _write(_cases(as_text(source, "cases")), target / "proceedings.csv")
    _write(_events(as_text(source, "events")), target / "diary.csv")
    people = _people(as_text(source, "people"))
    _write(people.iloc[::2], target / "parties_north.csv")
    # The second file has its columns in another order.
    _write(people.iloc[1::2][people.columns[::-1]], target / "parties_south.csv")
    for file in source.glob("*.parquet"):
        if file.stem not in done:
            _write(as_text(source, file.stem), target / f"{file.stem}.csv", missing="")
    adapter = target.parent / "family_court.yaml"
    adapter.write_text(ADAPTER, encoding="utf-8")
    return adapter


def _write(rows: pd.DataFrame, file: Path, *, missing: str = ".") -> None:
    write(rows, file, sep=";", missing=missing, encoding="windows-1252")


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    received = redated(rows["receipt_date"], "d/m/Y")
    month = pd.to_datetime(rows["receipt_date"]).dt.strftime("%d%b%Y").astype("string")
    mixed = received.where(rows.index % 3 != 0, month)
    closed = redated(rows["case_closed_date"], "d/m/Y")
    other = rows.assign(
        case_type=recoded(rows["case_type"], KINDS), receipt_date=mixed, case_closed_date=closed
    )
    return other.rename(
        columns={
            "case_number_hash": "CASENO",
            "case_type": "kind",
            "case_closed_date": "end",
            "related_case_number_hash": "see_also",
        }
    )


def _events(rows: pd.DataFrame) -> pd.DataFrame:
    entry = rows["entry_date"]
    other = rows.assign(
        entry_y=entry.str.slice(0, 4),
        entry_m=entry.str.slice(5, 7).str.lstrip("0"),
        entry_d=entry.str.slice(8, 10).str.lstrip("0"),
        receipt_date=redated(rows["receipt_date"], "Ymd"),
        in_test="0",
    )
    tests = other.head(7).assign(in_test="1", event_id=[f"test{n}" for n in range(7)])
    both = pd.concat([tests, other])
    return both.drop(columns="entry_date").rename(
        columns={"case_number_hash": "caseno", "receipt_date": "received"}
    )


def _people(rows: pd.DataFrame) -> pd.DataFrame:
    other = rows.assign(
        role_model=recoded(rows["role_model"], ROLES),
        gender=recoded(rows["gender"], SEXES),
        dob=redated(rows["dob"], "m/Y"),
    )
    return other.rename(
        columns={
            "row_id_hash": "row",
            "case_number_hash": "caseno",
            "role_model": "role",
            "gender": "sex",
            "dob": "born",
        }
    )
