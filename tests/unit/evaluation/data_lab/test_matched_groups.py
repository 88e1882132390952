"""Matches, clusters and effects of the Lab, on columns made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.definitions.lab_wording import difference_phrase
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.data_lab.characteristics import Characteristics
from justice_analysis.evaluation.data_lab.definition import DataLabOptions
from justice_analysis.evaluation.data_lab.effects import OUTCOMES, effect_row
from justice_analysis.evaluation.data_lab.matched_groups import clusters_of, matched_groups
from justice_analysis.models.matched_effects import matched_difference

OPTIONS = DataLabOptions()
# Published: people treated, both rates, and the interval in whole points (studies.md, 2.4). The
# comparison group's size is not; a large one stands in.
PUBLISHED = [(3085, 0.19, 0.26, (-8, -5)), (231, 0.26, 0.35, (-14, -2))]


def made(columns) -> Characteristics:
    table = pd.DataFrame(columns)
    return Characteristics(table, table, {})


@pytest.mark.parametrize(("treated", "rate", "other", "interval"), PUBLISHED)
def test_published_intervals_follow_from_published_counts(treated, rate, other, interval):
    large = 100_000
    reoffended = [round(treated * rate), round(large * other)]
    outcome = np.concatenate(
        [np.arange(n) < events for n, events in zip((treated, large), reoffended, strict=True)]
    )
    side = np.arange(treated + large) < treated
    found = matched_difference(outcome, side, np.ones(len(side)), errors="kish")
    for bound, published in zip((found.lower, found.upper), interval, strict=True):
        assert abs(100 * bound - published) <= 1.5
    said = difference_phrase(100 * found.lower, 100 * found.upper, noun="people")
    assert said.startswith("lower by between")
    assert "This is a statistically significant difference" in said


def test_an_interval_that_ends_at_0_is_worded_as_one_that_holds_it():
    said = difference_phrase(-6.4, 0.0, noun="people")
    assert said.startswith("lower by as many as 6 people, or higher by as many as 0 people")
    assert "should not be taken to mean that the programme fails to affect it" in said


def test_rows_of_a_person_and_of_a_matched_set_are_one_cluster():
    person = np.array([1, 2, 3, 3, 4, 5])
    stratum = np.array([0, 1, 0, 1, -1, -1])
    clusters = clusters_of(person, stratum)
    assert len(set(clusters[:4])) == 1
    assert len(set(clusters)) == 3


def test_perfect_prediction_gives_no_estimate():
    treated = np.arange(200) < 100
    people = made({"age": np.where(treated, 40.0, 20.0) + np.arange(200) % 5})
    with pytest.raises(MetricError, match="predicted perfectly"):
        matched_groups(people, treated, None, OPTIONS)


def test_without_overlap_nobody_is_compared():
    rng = np.random.default_rng(1)
    treated = np.arange(200) < 100
    people = made({"age": rng.normal(30, 5, 200)})
    apart = pd.DataFrame({"quarter": treated.astype(int)})
    with pytest.raises(MetricError, match="must overlap"):
        matched_groups(people, treated, apart, OPTIONS)


def test_fewer_matches_than_the_minimum_give_no_estimate():
    rng = np.random.default_rng(1)
    treated = np.arange(200) < 100
    people = made({"age": rng.normal(30, 5, 200)})
    few = pd.DataFrame({"quarter": np.where(np.arange(200) % 10 == 0, 0, treated + 1)})
    wide = DataLabOptions(caliper=10.0)
    with pytest.raises(MetricError, match="at least 30 participants must have a match"):
        matched_groups(people, treated, few, wide)


def test_a_constant_characteristic_is_left_out_by_name():
    rng = np.random.default_rng(2)
    treated = rng.random(400) < 0.5
    people = made({"age": rng.normal(30, 5, 400), "constant": np.ones(400)})
    groups = matched_groups(people, treated, None, OPTIONS)
    assert groups.propensity.left_out == ("constant",)
    assert groups.balance.table.set_index("characteristic").loc["constant", "rating"] == "not rated"


def test_a_person_of_several_rows_counts_once():
    people = pd.DataFrame(
        {
            "person_number": [1, 2, 3, 3, 4],
            "reoffended": [1, 0, 1, 1, 0],
            "reoffences": [2, 0, 1, 3, 0],
        }
    )
    treated = np.array([True, True, False, False, False])
    clusters = people["person_number"].to_numpy()
    row, _ = effect_row(OUTCOMES[0], people, treated, np.ones(5), clusters, OPTIONS)
    assert (row["treated_people"], row["comparison_people"]) == (2, 2)
    assert (row["treated_events"], row["comparison_events"]) == (1, 1)
    assert row["comparison"] == pytest.approx(2 / 3)


def test_the_yes_or_no_of_a_table_goes_by_the_p_value():
    people = pd.DataFrame({"person_number": range(400), "reoffended": np.arange(400) % 4 == 0})
    people["reoffended"] |= np.arange(400) < 100
    treated = np.arange(400) < 200
    row, effect = effect_row(
        OUTCOMES[0], people, treated, np.ones(400), people["person_number"].to_numpy(), OPTIONS
    )
    assert row["significant"] == "yes"
    assert effect.p_value < OPTIONS.significance
