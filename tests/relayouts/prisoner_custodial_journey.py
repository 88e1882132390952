"""Prison journeys from a site that splits them in two files and counts sentences in months."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.relayouts.writing import as_text, describe, recoded, redated, write

SAME_ROWS = True
DAYS_IN_A_MONTH = 365.25 / 12


ADAPTER = """
dataset: prisoner_custodial_journey
delimiter: "|"
tables:
  nomis:
    file: stays
    join: {file: terms, by: {stay: ref}, rows: many-to-one}
    columns:
      row_id_hash: stay
      main_offence_group: offence
      sentence_length_days: months
      gender: sex
      journey_start_date: came
      journey_end_date: went
    codes: {gender: {"1": Male, "2": Female, "1m": M, "2f": F}}
    date_format: "%Y/%m/%d"
    units: {sentence_length_days: {months_of: 365.25/12, round: nearest}}
    missing: {all: ["-"], journey_end_date: ["0000/00/00"]}
  custody_segments:
    file: segments
    unpivot:
      number: nr
      values: {status: "status *", begins: "begins *", ends: "ends *"}
    columns: {row_id_hash: stay, segment_number: nr, legal_status: status,
              segment_start_date: begins, segment_end_date: ends}
    codes: {legal_status: {REM: remand, SEN: sentence, REC: recall}}
    date_format: "%d.%m.%Y"
    missing: ["-"]
"""


def relayout(source: Path, target: Path) -> Path:
    """Write the extract as this site would deliver it; return the adapter that undoes it."""
    target.mkdir(parents=True)
    describe(source, target)
    stays, terms = _split(as_text(source, "nomis"))
    _write(stays, target / "stays.csv")
    _write(terms, target / "terms.csv")
    _write(_segments(as_text(source, "custody_segments")), target / "segments.csv")
    adapter = target.parent / "prison.yaml"
    adapter.write_text(ADAPTER, encoding="utf-8")
    return adapter


def _write(rows: pd.DataFrame, file: Path) -> None:
    write(rows, file, sep="|", missing="-")


def _split(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stays keep their copies; terms have one row a stay, and some of stays not delivered."""
    sex = recoded(rows["gender"], {"Male": "1", "Female": "2", "M": "1m", "F": "2f"})
    other = rows.assign(
        gender=sex,
        journey_start_date=redated(rows["journey_start_date"], "Y/m/d"),
        journey_end_date=redated(rows["journey_end_date"], "Y/m/d").fillna("0000/00/00"),
        months=_months(rows["sentence_length_days"]),
    ).rename(
        columns={
            "row_id_hash": "stay",
            "journey_start_date": "came",
            "journey_end_date": "went",
            "gender": "sex",
            "main_offence_group": "offence",
        }
    )
    terms = other[["stay", "offence", "months"]].drop_duplicates("stay")
    terms = terms.rename(columns={"stay": "ref"}).sample(frac=1, random_state=1)
    lost = terms.head(3).assign(ref=["lost1", "lost2", "lost3"])
    stays = other.drop(columns=["offence", "months", "sentence_length_days"])
    return stays, pd.concat([terms, lost])


def _months(days: pd.Series) -> pd.Series:
    months = days.astype("Float64") / DAYS_IN_A_MONTH
    return months.map(lambda value: f"{value:.4f}", na_action="ignore").astype("string")


def _segments(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a stay; the number of a segment is the number of its columns."""
    named = pd.DataFrame(
        {
            "stay": rows["row_id_hash"],
            "nr": rows["segment_number"].astype("int64"),
            "status": recoded(
                rows["legal_status"], {"remand": "REM", "sentence": "SEN", "recall": "REC"}
            ),
            "begins": redated(rows["segment_start_date"], "d.m.Y"),
            "ends": redated(rows["segment_end_date"], "d.m.Y"),
        }
    )
    wide = named.pivot(index="stay", columns="nr", values=["status", "begins", "ends"])
    wide.columns = [f"{name} {number}" for name, number in wide.columns]
    return wide.reset_index().astype("string")
