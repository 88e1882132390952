"""Measures of custody: options, bad input, and the truth of a synthetic world."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import justice_analysis as ja
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.custody import (
    custody_spells,
    recall,
    reimprisonment,
    remand_durations,
)
from tests.spec.courts_and_custody import justice_warehouse

HELD = "person | kind | from | to\n1 | custody | 2012-01-01 | -"
LICENCE = "person | kind | from | to\n1 | licence | 2012-01-01 | 2012-06-01"


@pytest.mark.parametrize(
    ("metric", "options", "said"),
    [
        (custody_spells, {"max_gap_days": -1}, "max_gap_days"),
        (custody_spells, {"horizons": [0]}, "horizons"),
        (custody_spells, {"from_date": "2013-01-01", "to_date": "2012-01-01"}, "end after"),
        (remand_durations, {"limit_days": 0}, "limit_days"),
        (remand_durations, {"by": "legal_status"}, "by must be one of"),
        (remand_durations, {"max_gap_days": -1}, "max_gap_days"),
        (recall, {"by": "prison"}, "by must be one of"),
        (reimprisonment, {"followup_days": 0}, "followup_days"),
        (reimprisonment, {"max_gap_days": -1}, "max_gap_days"),
    ],
)
def test_options_that_cannot_be_are_refused(backend, metric, options, said):
    with pytest.raises(OptionError, match=said):
        metric(justice_warehouse(backend, episodes=HELD), **options)


@pytest.mark.parametrize("metric", [custody_spells, remand_durations, reimprisonment])
def test_a_warehouse_without_custody_is_refused(backend, metric):
    with pytest.raises(MetricError, match="needs stays in custody"):
        metric(justice_warehouse(backend, episodes=LICENCE))


def test_recall_needs_licences_and_custody_in_segments(backend):
    with pytest.raises(MetricError, match="needs licences"):
        recall(justice_warehouse(backend, episodes=HELD))
    whole = f"{LICENCE}\n1 | custody | 2012-02-01 | 2012-03-01"
    with pytest.raises(MetricError, match="needs custody in segments"):
        recall(justice_warehouse(backend, episodes=whole))


def test_remand_without_segments_is_refused_and_not_guessed(backend):
    with pytest.raises(MetricError, match="no remand that can be counted"):
        remand_durations(justice_warehouse(backend, episodes=HELD))


def test_someone_held_throughout_is_censored_and_has_no_length(backend):
    result = custody_spells(justice_warehouse(backend, episodes=HELD), horizons=(365,))
    assert list(result.outputs) == ["ended_by"]
    row = result.table.iloc[0]
    assert (row["stays"], row["ended"], row["estimate"]) == (1, 0, 0.0)


def test_nobody_released_is_said(backend):
    with pytest.raises(MetricError, match="no one is left"):
        reimprisonment(justice_warehouse(backend, episodes=HELD))


@pytest.fixture(scope="module")
def opened(full_warehouse):
    return ja.open(full_warehouse)


@pytest.fixture(scope="module")
def truth(small_world):
    held = pd.read_parquet(small_world / "truth" / "custody_segment.parquet")
    return held.assign(
        start=pd.to_datetime(held["start_date"]), end=pd.to_datetime(held["end_date"])
    )


def test_remands_last_as_long_as_in_truth(opened, truth):
    begun = truth[(truth["status"] == "remand") & (truth["start"] >= "2011-01-01")]
    lengths = (begun["end"] - begun["start"]).dt.days.dropna()
    found = remand_durations(opened).outputs["lengths"].table.iloc[0]
    assert abs(found["mean"] - lengths.mean()) < 3 * lengths.std() / math.sqrt(len(lengths))
    assert abs(found["remands_ended"] - len(lengths)) < 0.05 * len(lengths)


def test_returns_to_custody_are_those_of_truth(opened, truth):
    stays = truth.groupby(["person_id", "journey_id"]).agg(
        start=("start", "min"), end=("end", lambda d: d.max(skipna=False))
    )
    stays = stays.reset_index()
    released = stays[(stays["end"] >= "2011-01-01") & (stays["end"] < "2023-03-01")]
    first = released.groupby("person_id")["end"].min().rename("released")
    later = stays.merge(first, on="person_id")
    later = later[later["start"] >= later["released"]]
    days = (later.groupby("person_id")["start"].min() - first).dt.days
    share = (days <= 365).mean()
    found = reimprisonment(opened, index_to="2023-03-01").at(365)
    assert abs(found.estimate - share) < 3 * math.sqrt(share * (1 - share) / len(first))


def test_recalls_are_those_of_truth(opened, small_world):
    held = pd.read_parquet(small_world / "truth" / "supervision.parquet")
    licences = held[(held["kind"] == "licence") & held["row_key"].notna()]
    first = licences.sort_values("start_date").groupby("person_id").first()
    share = (first["recalls"] > 0).mean()
    found = recall(opened).table.iloc[-1]
    assert abs(found["estimate"] - share) < 3 * math.sqrt(share * (1 - share) / len(first))


def test_the_last_status_before_release_divides_the_people_released(opened):
    whole = reimprisonment(opened).at(365)
    table = reimprisonment(opened, by="legal_status").table
    parts = table[table["horizon_days"] == 365]
    assert parts["people"].sum() == whole.people
    assert set(parts["group"]) <= {"remand", "sentence", "recall", "not known"}


def test_stays_that_ended_are_within_all_stays(opened):
    result = custody_spells(opened, by="sex")
    assert set(result.outputs) == {"ended_by", "lengths", "number"}
    assert result.outputs["lengths"].within == (result.population_hash,)
    number = result.outputs["number"].table.set_index("sex")["stays"]
    assert number.drop("all").sum() == number["all"]
