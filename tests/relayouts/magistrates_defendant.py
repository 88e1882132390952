"""Magistrates' courts from a site that writes a defendant's offences side by side in one row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.relayouts.writing import as_text, describe, recoded, redated, write

# The rows of offences are made of wide rows, so other copies of a row come through.
SAME_ROWS = False
SLOTS = ("offence_id_hash", "is_principal", "offence_date", "offence_group", "offence_code")
SLOTS += ("plea", "verdict", "disposal", "sentence_length_days")
SHORT = ("id", "main", "when", "group", "code", "plea", "verdict", "result", "days")
PLEAS = {"guilty": "G", "not_guilty": "NG", "none_entered": "NP"}

ADAPTER = """
dataset: magistrates_defendant
tables:
  mags_defendant_case:
    file: defendants
    columns: {row_id_hash: defendant, case_id_hash: case, gender: sex, plea: main_plea}
    codes:
      gender: {"1": M, "2": F}
      breach_marker: {"yes": "Y", "no": "N"}
      plea: {G: guilty, NG: not_guilty, NP: none_entered}
    date_parts: {birth_month: {year: birth_year, month: birth_mon}}
    date_format: {offence_date: "%d-%b-%Y"}
  mags_offence:
    file: defendants
    unpivot:
      values: {id: "id_*", main: "main_*", when: "when_*", group: "group_*", code: "code_*",
               plea_held: "plea_*", verdict_held: "verdict_*", result: "result_*",
               days: "days_*"}
      number: slot
      keep: [defendant]
    distinct: true
    columns:
      offence_id_hash: id
      row_id_hash: defendant
      is_principal: main
      offence_date: when
      offence_group: group
      offence_code: code
      plea: plea_held
      verdict: verdict_held
      disposal: result
      sentence_length_days: days
    codes: {plea: {G: guilty, NG: not_guilty, NP: none_entered}}
    date_format: {offence_date: "%d-%b-%Y"}
"""


def relayout(source: Path, target: Path) -> Path:
    """Write the extract as this site would deliver it; return the adapter that undoes it."""
    target.mkdir(parents=True)
    describe(source, target)
    defendants = _defendants(as_text(source, "mags_defendant_case"))
    offences = wide_offences(as_text(source, "mags_offence"))
    wide = defendants.merge(offences, on="defendant", how="left", validate="many_to_one")
    write(wide, target / "defendants.csv")
    write(as_text(source, "courts"), target / "courts.csv")
    adapter = target.parent / "magistrates.yaml"
    adapter.write_text(ADAPTER, encoding="utf-8")
    return adapter


def without_ids(target: Path) -> Path:
    """Take the ids of offences out of the files; return the adapter that makes its own."""
    wide = pd.read_csv(target / "defendants.csv", dtype="string")
    spare = [name for name in wide.columns if name.startswith("id_")]
    write(wide.drop(columns=spare), target / "defendants.csv")
    text = ADAPTER.replace('{id: "id_*", main:', "{main:").replace(
        "      offence_id_hash: id\n", ""
    )
    made = "    combine: {offence_id_hash: {columns: [defendant, slot]}}\n"
    adapter = target.parent / "magistrates_without_ids.yaml"
    adapter.write_text(text + made, encoding="utf-8")
    return adapter


def wide_offences(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a defendant, with the columns of each offence side by side."""
    once = rows.drop_duplicates("offence_id_hash").copy()
    once["offence_date"] = _day_month(once["offence_date"])
    once["plea"] = recoded(once["plea"], PLEAS)
    once = once.rename(columns=dict(zip(SLOTS, SHORT, strict=True)))
    once["slot"] = once.groupby("row_id_hash").cumcount() + 1
    wide = once.pivot(index="row_id_hash", columns="slot", values=list(SHORT))
    wide.columns = [f"{name}_{slot}" for name, slot in wide.columns]
    return wide.reset_index().rename(columns={"row_id_hash": "defendant"}).astype("string")


def _day_month(dates: pd.Series) -> pd.Series:
    written = pd.to_datetime(dates).dt.strftime("%d-%b-%Y")
    return written.astype("string").where(dates.notna())


def _defendants(rows: pd.DataFrame) -> pd.DataFrame:
    born = rows["birth_month"]
    other = rows.assign(
        gender=recoded(rows["gender"], {"M": "1", "F": "2"}),
        breach_marker=recoded(rows["breach_marker"], {"Y": "yes", "N": "no"}),
        plea=recoded(rows["plea"], PLEAS),
        offence_date=_day_month(rows["offence_date"]),
        birth_year=redated(born, "Y"),
        birth_mon=redated(born, "m").str.lstrip("0"),
    )
    return other.drop(columns="birth_month").rename(
        columns={
            "row_id_hash": "defendant",
            "case_id_hash": "case",
            "gender": "sex",
            "plea": "main_plea",
        }
    )
