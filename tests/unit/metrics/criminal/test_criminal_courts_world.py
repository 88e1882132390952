"""Metrics of the criminal courts beside the truth of a small synthetic world with its mess."""

from __future__ import annotations

import pandas as pd
import pytest

from justice_analysis import warehouse
from justice_analysis.metrics.criminal import (
    case_attrition,
    conviction,
    criminal_completion,
    criminal_receipts_and_disposals,
    criminal_timeliness,
    guilty_pleas,
    open_caseload,
    sentencing_by_court,
    stock_and_flow,
)

EXTRACT = pd.Timestamp("2024-03-31")


@pytest.fixture(scope="module")
def loaded(full_warehouse):
    return warehouse.open(full_warehouse)


@pytest.fixture(scope="module")
def crown(small_world):
    """Delivered defendants in the Crown Court, appeals too, as they truly went."""
    rows = pd.read_parquet(small_world / "truth" / "crown_defendant.parquet")
    dates = [name for name in rows if name.endswith("_date")]
    rows[[*dates, "unseen_from"]] = rows[[*dates, "unseen_from"]].apply(pd.to_datetime)
    return rows[rows["row_key"].notna()]


@pytest.fixture(scope="module")
def tried(crown):
    """Defendants sent for trial whose case ended, and those committed for sentence."""
    return crown[(crown["kind"] != "appeal") & (crown["completed_date"] < EXTRACT)]


def test_timeliness_is_the_true_one(loaded, tried):
    here = tried[tried["completed_date"] < tried["unseen_from"]]
    days = (here["completed_date"] - here["received_date"]).dt.days
    found = criminal_timeliness(loaded, court="crown", stage="receipt_to_completion", by=())
    row = found.table.iloc[0]
    assert row["defendants"] == len(days) > 100
    assert (row["mean"], row["median"]) == (pytest.approx(days.mean()), days.median())


def test_curves_give_the_true_share_ended_where_every_court_is_seen(loaded, crown):
    began = crown[
        (crown["kind"] != "appeal") & (crown["received_date"] < "2019-01-01")
    ]  # no court moves for two years and more
    ended = (began["completed_date"] - began["received_date"]).dt.days <= 182
    found = criminal_completion(loaded, court="crown", began_to="2019-01-01").at(182)
    assert found["people"] == len(began)
    assert found["estimate"] == pytest.approx(ended.mean(), abs=0.005)


def test_receipts_and_the_open_caseload_are_the_true_ones(loaded, crown):
    received = crown[crown["received_date"] < crown["unseen_from"]]
    found = criminal_receipts_and_disposals(loaded, period="year").table
    assert found["defendants"].iloc[0] == len(received)
    shown = open_caseload(loaded, period="year").outputs["by_state"].table
    open_cases = shown[shown["state"] == "open"].set_index("period")["cases"]
    for year in (2015, 2018, 2021):
        day = pd.Timestamp(f"{year}-12-31")
        here = crown[crown["unseen_from"] > day]
        ends = here["completed_date"].fillna(pd.Timestamp("2100-01-01"))
        cases = here.assign(end=ends).groupby("case_number")
        whole = cases.agg(came=("received_date", "min"), end=("end", "max"))
        true = int(((whole["came"] <= day) & (whole["end"] > day)).sum())
        assert open_cases[f"in {year}"] == pytest.approx(true, abs=2)


def test_the_account_of_every_source_and_place_adds_up_exactly(loaded):
    for source in (
        "crown_court_defendant",
        "magistrates_defendant",
        "cafcass_england",
        "family_court",
        "civil_county_court",
    ):
        found = stock_and_flow(loaded, source=source, by="court")
        left = found.outputs["residual"].table
        assert not left[["residual_above", "residual_below"]].any().any()
        assert found.table["received"].sum() > 0
        if source == "cafcass_england":
            assert found.table["reopened"].sum() > 0


def test_convictions_pleas_and_sentences_are_the_true_ones(loaded, tried):
    trials = tried[tried["kind"] == "sent_for_trial"]
    denied = trials[
        (trials["plea"] == "not_guilty") & trials["verdict"].isin(["guilty", "not_guilty"])
    ]
    level = conviction(loaded, mixed="principal").table.set_index("level").loc["defendant"]
    assert level["counted"] == len(denied)
    assert level["convicted"] == (denied["verdict"] == "guilty").sum()
    pleaded = trials[trials["plea"].isin(["guilty", "not_guilty"])]
    assert guilty_pleas(loaded).table["guilty"].iloc[0] == (pleaded["plea"] == "guilty").sum()
    sentenced = tried[tried["disposal"].notna()]
    custody = sentenced[sentenced["disposal"] == "immediate_custody"]
    found = sentencing_by_court(loaded, level="region").outputs
    assert found["custody"].table["custody"].iloc[0] == len(custody)
    assert found["length"].table["mean"].iloc[0] == pytest.approx(custody["sentence_days"].mean())


def test_attrition_ends_with_those_who_were_sentenced(loaded, tried):
    table = case_attrition(loaded, court="crown").table
    last = table[table["stage"] == "sentenced"].iloc[0]
    assert last["defendants"] == tried["disposal"].notna().sum()
