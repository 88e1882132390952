"""Magistrates' courts cleaned with a count of each rule, and their charges, in plain pandas."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.pandas_version.checks import Tables
from justice_analysis import codes

DATASET, SUMMARY, OFFENCES = "magistrates_defendant", "mags_defendant_case", "mags_offence"
PLACEHOLDERS = [pd.Timestamp("1900-01-01"), pd.Timestamp("9999-12-31")]
CENTURIES = {18: 1200, 22: -2400, 29: -10800, 79: -72000}
RESULTS = ["plea", "verdict", "disposal", "sentence_days"]
MAIN = ("offence_group", "plea", "verdict", "disposal")
LISTS = {
    "offence_group": codes.OFFENCE_GROUPS, "plea": codes.PLEAS, "verdict": codes.VERDICTS,
    "disposal": codes.DISPOSALS, "remand_status": codes.REMAND_STATUSES,
}  # fmt: skip
NAMES: Mapping[str, Mapping[str, str]] = {
    **{column: {code: code for code in known} for column, known in LISTS.items()},
    "gender": {"F": "female", "M": "male"},
    "sent_to_crown": {"no": "no", "sent_for_trial": "trial", "committed_for_sentence": "sentence"},
    "breach_marker": {"Y": "yes", "N": "no"},
}
EVENTS = {
    "offence": "offence_date", "charge": "charge_date", "received": "receipt_date",
    "first_hearing": "first_hearing_date", "sent_to_crown": "sent",
    "completed": "final_result_date",
}  # fmt: skip


def row_id(system: str, keys: pd.Series) -> np.ndarray:
    """Ids as whole numbers: the hash of each delivered key, turned by its system's name."""
    hashed = pd.util.hash_array(keys.to_numpy(dtype=object), categorize=False)
    return turned(system, (hashed >> np.uint64(2)).astype("int64"))


def turned(kind: str, ids: Any) -> Any:
    """Ids of what stands beside each row once, such as its events of one kind."""
    return ids ^ np.int64(zlib.crc32(kind.encode()))


def _read(rows: pd.DataFrame, column: str, table: str, counts: dict[str, int]) -> pd.Series:
    """Names of codes, however they are written; an unknown code is kept as `code:N`."""
    names, given = NAMES[column], rows[column]
    read = given.map(names).astype("str")
    strange = read.isna() & given.notna()
    tidy = given[strange].str.strip().str.lower().str.replace(r"[ _-]+", "_", regex=True)
    loose = tidy.map({code.lower(): name for code, name in names.items()}).astype("str")
    counts[f"{table}: {column} written in another way"] = int(loose.notna().sum())
    read[strange] = loose.fillna("code:" + given[strange])
    return read


def _real(rows: pd.DataFrame, column: str, table: str, counts: dict[str, int]) -> pd.Series:
    """Dates without placeholders."""
    stands_for_none = rows[column].isin(PLACEHOLDERS)
    counts[f"{table}: placeholder in {column} made missing"] = int(stands_for_none.sum())
    return rows[column].mask(stands_for_none)


def defendants(rows: pd.DataFrame, counts: dict[str, int]) -> pd.DataFrame:
    """Case summaries with real dates in order, codes by name, and what follows from them."""

    def without(values: pd.Series, wrong: pd.Series, rule: str) -> pd.Series:
        counts[f"{SUMMARY}: {rule}"] = int(wrong.sum())
        return values.mask(wrong)

    dates = [name for name in EVENTS.values() if name != "sent"] + ["birth_month"]
    rows = rows.assign(**{name: _real(rows, name, SUMMARY, counts) for name in dates})
    rows = rows.assign(**{name: _read(rows, name, SUMMARY, counts) for name in NAMES})
    began = rows["charge_date"].fillna(rows["receipt_date"])
    first, final = rows["first_hearing_date"], rows["final_result_date"]
    swapped = (final < first) & (began.isna() | (final >= began))
    early = (final < first.fillna(began)) & ~swapped
    rows["first_hearing_date"] = first.mask(swapped, final)
    counts[f"{SUMMARY}: first hearing and final result exchanged"] = int(swapped.sum())
    final = without(final, early, "final result too early made missing")
    rows["final_result_date"] = final.mask(swapped, first)
    seen = rows["first_hearing_date"].fillna(began).fillna(rows["offence_date"])
    late = rows["offence_date"] > began
    rows["offence_date"] = without(rows["offence_date"], late, "offence after charge made missing")
    born = _mended(rows["birth_month"], counts)
    months = (seen.dt.year - born.dt.year) * 12 + seen.dt.month - born.dt.month
    impossible = (months < 120) | (months >= 1332)
    rows["birth_month"] = without(born, impossible, "impossible month of birth made missing")
    age = without(rows["age"], rows["age"] == 999, "placeholder in age made missing")
    odd = ((age < 10) | (age > 110)).fillna(False)
    rows["age"] = without(age, odd, "impossible age made missing")
    said = _known(rows, "ethnicity_self_defined", codes.SELF_DEFINED_ETHNICITIES, counts)
    saw = _known(rows, "ethnicity_officer", codes.OFFICER_ETHNICITIES, counts)
    sent_for = rows["sent_to_crown"].where(rows["sent_to_crown"].isin(["trial", "sentence"]))
    group = said.map(dict(codes.ETHNICITY_GROUP_OF)).astype("str")
    by_officer = saw.map(dict(codes.OFFICER_ETHNICITY_GROUP_OF)).astype("str")
    return rows.assign(
        seen=seen,
        arrived=rows["receipt_date"].fillna(rows["charge_date"]).fillna(rows["first_hearing_date"]),
        said=said,
        saw=saw,
        ethnicity_group=group.fillna(by_officer),
        sent_for=sent_for,
        sent=rows["final_result_date"].where(sent_for.notna()),
        is_breach=rows["breach_marker"] == "yes",
        party_id=row_id("libra", rows["row_id_hash"]),
        case_id=row_id("libra", rows["case_id_hash"]),
        place_id="libra_court:" + rows["court_code"],
    ).rename(columns={"sentence_length_days": "sentence_days"})


def _known(
    rows: pd.DataFrame, column: str, names: Mapping[str, str], counts: dict[str, int]
) -> pd.Series:
    """Codes of an ethnicity, however written; missing where the list does not have them."""
    tidy = rows[column].mask(rows[column].isin([*names, "NS"])).str.strip().str.upper()
    variant = tidy.isin([*names, "NS"])
    counts[f"{SUMMARY}: {column} written in another way"] = int(variant.sum())
    read = rows[column].mask(variant, tidy)
    return read.where(read.isin(list(names)))


def _mended(days: pd.Series, counts: dict[str, int]) -> pd.Series:
    """Bring a mistyped century of a month of birth back."""
    gap = (days.dt.year // 100).map(CENTURIES)
    wrong = gap.notna()
    counts[f"{SUMMARY}: century of birth mended"] = int(wrong.sum())
    months = days[wrong].to_numpy().astype("datetime64[M]") + gap[wrong].to_numpy(dtype="int64")
    mended = days.copy()
    mended[wrong] = months.astype("datetime64[us]")
    return mended


def charges(people: pd.DataFrame, offences: pd.DataFrame, counts: dict[str, int]) -> pd.DataFrame:
    """One row per matter: the offences, and the summary of defendants without one."""
    rows = offences.rename(columns={"sentence_length_days": "sentence_days"})
    rows["offence_date"] = _real(rows, "offence_date", OFFENCES, counts)
    rows = rows.assign(**{name: _read(rows, name, OFFENCES, counts) for name in MAIN})
    own = ["row_id_hash", "party_id", "case_id", "place_id", "arrived", "final_result_date"]
    own += ["is_breach", "remand_status"]
    told = [*RESULTS, "offence_date"]
    rows = rows.merge(people[own + told], on="row_id_hash", suffixes=("", "_told"))
    severity = rows["disposal"].map({name: n for n, name in enumerate(codes.DISPOSALS)})
    order = rows[["row_id_hash", "offence_id_hash"]].assign(
        flag=~rows["is_principal"].fillna(False).astype(bool),
        severity=severity.fillna(len(codes.DISPOSALS)),
        days=-rows["sentence_days"].fillna(0).astype("int64"),
    )
    order = order.sort_values(["row_id_hash", "flag", "severity", "days", "offence_id_hash"])
    rows["is_principal"] = rows.index.isin(order.drop_duplicates("row_id_hash").index)
    for name in told:
        from_case = rows[name].isna() & rows["is_principal"]
        rows[f"{name}_from_case"] = from_case
        rows[name] = rows[name].mask(from_case, rows[f"{name}_told"])
    rows = rows.assign(source_table=OFFENCES, source_key=rows["offence_id_hash"])
    rows["matter_id"] = row_id("libra_offence", rows["offence_id_hash"])
    alone = people[~people["row_id_hash"].isin(rows["row_id_hash"])]
    alone = alone.assign(source_table=SUMMARY, source_key=alone["row_id_hash"], is_principal=True)
    alone = alone.assign(matter_id=alone["party_id"], **{f"{n}_from_case": True for n in told})
    return pd.concat([rows, alone[alone.columns.intersection(rows.columns)]], ignore_index=True)


def matters(charges: pd.DataFrame) -> Tables:
    """`matter`, `matter_party` and `decision`."""
    code = charges["offence_group"].fillna(charges["offence_code"])
    final, breach = charges["final_result_date"], charges["is_breach"]
    charges = charges.assign(
        source=DATASET,
        kind=np.where(breach, "application", "charge"),
        code=code.mask(breach, codes.BREACH),
        alleged_date=charges["offence_date"],
        received_date=charges["arrived"],
        disposed_date=final.mask(final < charges["arrived"]),
        status=np.where(final.notna(), "disposed", "unknown"),
        part="defendant",
        remand=charges["remand_status"].where(charges["is_principal"]),
        remand_from_case=True,
    )
    decisions = []
    for kind, column in {
        "plea": "plea", "verdict": "verdict", "sentence": "disposal", "remand": "remand"
    }.items():  # fmt: skip
        rows = charges[charges[column].notna()]
        final = rows["final_result_date"]
        dated = final if kind in ("verdict", "sentence") else final.mask(final.notna())
        custodial = rows["disposal"].isin(["immediate_custody", "suspended_sentence"])
        counted = custodial & (rows["sentence_days"] > 0).fillna(False) & (kind == "sentence")
        days = rows["sentence_days"].where(counted)
        rows = rows.assign(
            decision_id=turned(f"libra_{kind}", rows["matter_id"]),
            decision_type=kind,
            decision=rows[column],
            decision_date=dated,
            amount=days.astype("Float64"),
            amount_unit=counted.map({True: "days"}).astype("str"),
            attribution=np.where(rows[f"{column}_from_case"], "case", "matter"),
        )
        decisions.append(rows)
    return {"matter": charges, "matter_party": charges, "decision": pd.concat(decisions)}
