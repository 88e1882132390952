"""Returns to care proceedings from the common tables, in plain pandas.

The package's defaults, and two options beside them: the clock may start at the final order,
and only sets with a child born since the first may count.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from benchmarks import curves_by_hand

PRECEDENCE = {"cafcass_england": 0, "family_court": 1, "cafcass_cymru": 2}


def recurrence(warehouse: Path, *, clock: str, endpoint: str) -> dict[str, Any]:
    """Follow each mother from her first observed set to a further one."""
    cases = _read(warehouse, "case")
    cases = cases[(cases["case_type"] == "care_proceedings") & cases["received_date"].notna()]
    sets = _sets(warehouse, cases, with_orders=clock == "final_order")
    pairs = _mothers_and_children(warehouse, cases).merge(sets, on="proceeding_id")
    if endpoint == "new_child":
        pairs["birth"] = pairs["child_id"].map(_births(warehouse))
    else:
        pairs["birth"] = pd.NaT
    per_day = pairs.groupby(["person_id", "issue_date"], sort=True).agg(
        final_order=("final_order", "max"), youngest=("birth", "max")
    )
    per_day = per_day.reset_index()
    index = per_day.drop_duplicates("person_id").rename(columns={"issue_date": "index_issue"})
    clock_start = index["index_issue"] if clock == "issue" else index["final_order"]
    index = index.assign(start=clock_start)[["person_id", "index_issue", "start"]]
    return _followed(warehouse, index, per_day, endpoint)


def _followed(
    warehouse: Path, index: pd.DataFrame, per_day: pd.DataFrame, endpoint: str
) -> dict[str, Any]:
    observed_from, observed_to = _observed(warehouse)
    looked_back = index["index_issue"] >= observed_from + pd.DateOffset(years=1)
    known = looked_back & index["start"].notna()
    attrition = [len(index), looked_back.sum()]
    if known.sum() < looked_back.sum():
        attrition.append(known.sum())
    index = index[known]
    later = per_day[per_day.duplicated("person_id")].merge(index, on="person_id")
    later = later[later["issue_date"] > later["start"]]
    if endpoint == "new_child":
        later = later[later["youngest"] >= later["index_issue"]]
    returned = later.groupby("person_id")["issue_date"].min()
    issue = index["person_id"].map(returned)
    seen = issue < observed_to
    last = issue.where(seen, observed_to)
    days = (last - index["start"]).dt.days
    attrition.append((days > 0).sum())
    people = pd.DataFrame({"day": days, "events": seen, "censored": ~seen})[days > 0]
    return curves_by_hand.outcome(attrition, people.groupby("day").sum().reset_index())


def _read(warehouse: Path, table: str, columns: list[str] | None = None) -> pd.DataFrame:
    rows = pq.read_table(warehouse / table, columns=columns)
    return rows.to_pandas(date_as_object=False)


def _sets(warehouse: Path, cases: pd.DataFrame, *, with_orders: bool) -> pd.DataFrame:
    """One row per set, its dates from the source that takes precedence."""
    cases = cases.assign(rank=cases["source"].map(PRECEDENCE))
    cases["final_order"] = pd.NaT
    if with_orders:
        cases["final_order"] = cases["case_id"].map(_final_orders(warehouse))
    sets = cases.groupby(["proceeding_id", "rank"]).agg(
        issue_date=("received_date", "min"), final_order=("final_order", "max")
    )
    return sets.reset_index().drop_duplicates("proceeding_id").drop(columns="rank")


def _final_orders(warehouse: Path) -> pd.Series:
    columns = ["matter_id", "decision_type", "decision_date", "is_final"]
    orders = _read(warehouse, "decision", columns)
    final = orders["is_final"].fillna(False).astype(bool)
    orders = orders[(orders["decision_type"] == "legal_order") & final]
    matters = _read(warehouse, "matter", ["matter_id", "case_id"])
    rows = orders.merge(matters, on="matter_id")
    return rows.groupby("case_id")["decision_date"].max()


def _mothers_and_children(warehouse: Path, cases: pd.DataFrame) -> pd.DataFrame:
    """One row per mother, set and subject child of hers."""
    parties = _read(warehouse, "party", ["party_id", "case_id", "person_id", "role"])
    parties = parties[parties["person_id"].notna()]
    care = _read(warehouse, "case", ["case_id", "proceeding_id"])
    care = care[care["proceeding_id"].isin(cases["proceeding_id"])]
    parties = parties.merge(care, on="case_id")
    parts = _read(warehouse, "matter_party", ["party_id", "part"])
    subjects = parts.loc[parts["part"] == "subject", "party_id"]
    children = parties.loc[parties["party_id"].isin(subjects), ["proceeding_id", "person_id"]]
    children = children.drop_duplicates().rename(columns={"person_id": "child_id"})
    people = _read(warehouse, "person", ["person_id", "sex"])
    female = people.loc[people["sex"] == "female", "person_id"]
    adults = parties[(parties["role"] != "subject") & parties["person_id"].isin(female)]
    adults = adults[["proceeding_id", "person_id"]].drop_duplicates()
    pairs = adults.merge(children, on="proceeding_id")
    pairs = pairs[pairs["person_id"] != pairs["child_id"]]
    ties = _read(warehouse, "relationship", ["person_id", "related_person_id", "kind"])
    ties = ties[ties["kind"] == "parent"].rename(
        columns={"person_id": "child_id", "related_person_id": "person_id"}
    )
    ties = ties[["person_id", "child_id"]].dropna().drop_duplicates()
    return pairs.merge(ties, on=["person_id", "child_id"])


def _births(warehouse: Path) -> pd.Series:
    """Earliest recorded week of birth, else the last day of the month."""
    events = _read(warehouse, "event", ["person_id", "event_type", "event_date"])
    events = events[(events["event_type"] == "birth") & events["person_id"].notna()]
    recorded = events.groupby("person_id")["event_date"].min()
    month = _read(warehouse, "person", ["person_id", "birth_month"]).set_index("person_id")
    month_end = month["birth_month"] + pd.offsets.MonthEnd(0)
    return recorded.reindex(month.index).fillna(month_end)


def _observed(warehouse: Path) -> tuple[pd.Timestamp, pd.Timestamp]:
    rows = _read(warehouse, "coverage")
    rows = rows[rows["place_id"].isna() & (rows["source"] == "cafcass_england")]
    return rows["from_date"].min(), rows["to_date"].max()
