"""Returning defendants: options, bad input, groups, and the planted returns."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import justice_analysis as ja
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.criminal import number_of_returns, returning_defendants
from justice_analysis.metrics.criminal.returning_definition import ReturningOptions, wider
from tests.spec.courts_and_custody import justice_warehouse

COHORT = {"index_from": "2011-01-01", "index_to": "2012-01-01", "observed_to": "2020-01-01"}
TWO = """
case | person | received   | offence    | code
A1   | 1      | 2012-01-10 | 2011-12-01 | theft
A2   | 1      | 2013-01-10 | 2012-12-01 | theft
B1   | 2      | 2012-01-10 | 2011-12-01 | -
"""


@pytest.fixture(scope="module")
def two(backend):
    people = [
        {"person_id": "1", "sex": "female", "birth_month": "1990-01-01", "ethnicity_group": "mixed"}
    ]
    return justice_warehouse(backend, TWO, people=people)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "court"}, "by must be one of"),
        ({"index_from": "1 January"}, "YYYY-MM-DD"),
        ({"index_from": "2012-01-01", "index_to": "2011-01-01"}, "end after it starts"),
        ({"index_from": "2012-01-01", "observed_to": "2012-01-01"}, "end after it starts"),
        ({"lookback_years": -1}, "lookback_years"),
        ({"followup_days": 0}, "followup_days"),
        ({"published": True, "breaches": "include"}, "published counts breaches"),
        ({"published": True, "dated_by": "first_hearing"}, "published counts breaches"),
        ({"custody": "off"}, "custody must be one of"),
    ],
)
def test_options_that_cannot_be_are_refused(two, options, said):
    with pytest.raises(OptionError, match=said):
        returning_defendants(two, **options)


def test_returns_are_not_counted_over_unequal_times(two):
    with pytest.raises(OptionError, match="give followup_days or observed_to"):
        number_of_returns(two, followup_days=None)


def test_custody_that_is_not_there_is_asked_for(two):
    with pytest.raises(MetricError, match="needs stays in custody"):
        returning_defendants(two, custody="exclude")


def test_a_window_without_anyone_is_said_to_be_empty(two):
    with pytest.raises(MetricError, match="no one is left"):
        returning_defendants(two, index_from="2020-01-01")


def test_courts_without_a_case_are_said_to_have_none(two):
    with pytest.raises(MetricError, match="Load crown_court_defendant"):
        returning_defendants(two, courts="crown")


@pytest.mark.parametrize(
    ("by", "group"),
    [
        ("sex", "female"),
        ("age_band", "21 to 24"),
        ("ethnicity", "mixed"),
        ("offence_group", "theft"),
    ],
)
def test_a_group_that_is_not_recorded_is_not_known(two, by, group):
    table = returning_defendants(two, by=by).table
    assert list(table["group"].unique()) == [group, "not known"]
    assert table.groupby("group")["returned"].max().to_dict() == {group: 1, "not known": 0}


def test_one_person_and_nobody_who_returns_give_a_share_of_none(backend):
    alone = "case | person | received | offence\nA1 | 1 | 2012-01-10 | 2011-12-01"
    warehouse = justice_warehouse(backend, alone)
    result = returning_defendants(warehouse, followup_days=365)
    assert result.table[["people", "returned", "estimate"]].values.tolist() == [[1, 0, 0.0]]
    assert number_of_returns(warehouse).table.iloc[0]["people"] == 1


def test_shorter_look_backs_hold_the_people_of_longer_ones():
    found = wider(ReturningOptions(lookback_years=2))
    assert [options.lookback_years for options in found] == [0, 1]


def test_outputs_of_the_same_people_share_a_population(two):
    plain, grouped = number_of_returns(two), number_of_returns(two, by="sex")
    assert plain.population_hash == grouped.population_hash
    later = plain.output("Later prosecutions", "later_cases")
    assert later.within == (plain.population_hash,)
    assert later.population_hash != plain.population_hash


@pytest.fixture(scope="module")
def truth(small_world):
    """Later appearances to December 2019 of each defendant first known in 2011."""
    rows = pd.read_parquet(small_world / "truth" / "prosecution.parquet")
    rows = rows[~rows["is_single_justice"]]
    rows["day"] = pd.to_datetime(rows["first_hearing_date"])
    first = rows.groupby("person_id")["day"].transform("min")
    rows["again"] = (rows["day"] > first) & (rows["day"] < "2020-01-01")
    cohort = rows[first < "2012-01-01"]
    return cohort.groupby("person_id")["again"].sum()


def test_planted_returns_are_recovered_within_sampling_error(full_warehouse, truth):
    opened = ja.open(full_warehouse)
    result = number_of_returns(opened, published=True, followup_days=None, **COHORT)
    found = result.table.set_index("times")
    people = found.loc["all", "people"]
    expected = {
        "none": (truth == 0).mean(),
        "once": (truth == 1).mean(),
        "six times or more": (truth >= 6).mean(),
    }
    for times, share in expected.items():
        error = math.sqrt(share * (1 - share) / people)
        assert abs(found.loc[times, "estimate"] - share) < 3 * error, times
    assert abs(found.loc["none", "estimate"] - 0.44) < 4 * math.sqrt(0.44 * 0.56 / people)


def test_returns_for_later_offences_are_fewer_than_appearances(full_warehouse):
    opened = ja.open(full_warehouse)
    plain = number_of_returns(opened, followup_days=None, **COHORT).table.set_index("times")
    published = number_of_returns(opened, published=True, followup_days=None, **COHORT)
    assert (
        plain.loc["none", "estimate"] > published.table.set_index("times").loc["none", "estimate"]
    )


def test_the_share_is_one_less_those_who_never_return(full_warehouse):
    opened = ja.open(full_warehouse)
    curve = returning_defendants(opened, published=True, followup_days=2922, **COHORT)
    assert curve.at(2922).estimate == pytest.approx(0.55, abs=0.08)
    assert (curve.table["estimate"].diff().dropna() >= 0).all()
