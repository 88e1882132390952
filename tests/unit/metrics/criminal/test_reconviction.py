"""Reconviction on court records: options, bad input, and the truth of a synthetic world."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import justice_analysis as ja
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.criminal import reconviction_12m6m
from tests.spec.courts_and_custody import justice_warehouse

FINED = """
case | person | received   | offence    | verdict | convicted  | given | on
A1   | 1      | 2014-05-01 | 2014-04-01 | guilty  | 2014-06-01 | fine  | 2014-06-01
"""


def test_an_option_that_cannot_be_is_refused(backend):
    with pytest.raises(OptionError, match="index must be one of"):
        reconviction_12m6m(justice_warehouse(backend, FINED), index="caution")


def test_releases_need_custody(backend):
    with pytest.raises(MetricError, match="needs stays in custody"):
        reconviction_12m6m(justice_warehouse(backend, FINED))


def test_a_window_that_nobody_was_followed_from_is_said_to_be_empty(backend):
    warehouse = justice_warehouse(backend, FINED)
    with pytest.raises(MetricError, match="nobody who was followed"):
        reconviction_12m6m(warehouse, index="sentence", index_from="2020-01-01")


def test_one_person_who_is_not_reconvicted_has_no_days(backend):
    result = reconviction_12m6m(justice_warehouse(backend, FINED), index="sentence")
    assert list(result.outputs) == ["rate"]
    assert result.table.iloc[0][["people", "reconvicted", "estimate"]].tolist() == [1, 0, 0.0]


def test_the_days_are_of_people_within_those_of_the_rate(full_warehouse):
    result = reconviction_12m6m(ja.open(full_warehouse), by="index_event")
    rate, days = result.output("Rate"), result.output("Days", "days")
    assert days.within == (rate.population_hash,)
    counted = rate.table.set_index("index_event")["reconvicted"]
    assert days.table.set_index("index_event")["people"].equals(counted[counted > 0])


def test_releases_of_three_years_are_reconvicted_as_often_as_in_truth(full_warehouse, small_world):
    window = {"index_from": "2013-01-01", "index_to": "2016-01-01"}
    found = reconviction_12m6m(ja.open(full_warehouse), index="release", **window).table.iloc[0]
    share, people = true_reconvictions(small_world / "truth", *map(pd.Timestamp, window.values()))
    assert abs(found["people"] - people) < 0.1 * people
    assert abs(found["estimate"] - share) < 3 * math.sqrt(share * (1 - share) / people)


def true_reconvictions(folder, since, until) -> tuple[float, int]:
    """Share of people released whose first release in the window led to a reconviction."""
    cases = pd.read_parquet(folder / "prosecution.parquet")
    crown = pd.read_parquet(folder / "crown_defendant.parquet")
    tried = crown[crown["kind"] != "appeal"].merge(
        cases[["prosecution_id", "offence_date", "is_breach"]], on="prosecution_id"
    )
    own = cases[~cases["is_single_justice"]].rename(columns={"final_date": "completed_date"})
    both = pd.concat([own, tried])
    guilty = both[(both["verdict"] == "guilty") & ~both["is_breach"]]
    days = guilty[["offence_date", "completed_date"]].apply(pd.to_datetime)
    offences = days.assign(person_id=guilty["person_id"])
    held = pd.read_parquet(folder / "custody_segment.parquet")
    ends = held.groupby(["person_id", "journey_id"])["end_date"].agg(lambda d: d.max(skipna=False))
    release = pd.to_datetime(ends).reset_index()
    inside = release[(release["end_date"] >= since) & (release["end_date"] < until)]
    first = inside.groupby("person_id")["end_date"].min().rename("index_date")
    pairs = offences.merge(first, on="person_id")
    index = pairs["index_date"]
    counts = (
        (pairs["offence_date"] >= index)
        & (pairs["offence_date"] < index + pd.DateOffset(months=12))
        & (pairs["completed_date"] < index + pd.DateOffset(months=18))
    )
    return pairs[counts]["person_id"].nunique() / len(first), len(first)
