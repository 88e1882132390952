from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.models import (
    caliper_width,
    exact,
    nearest_neighbours,
    radius,
    subclasses,
)

# Three treated people, then five comparison people.
TREATED = np.array([1, 1, 1, 0, 0, 0, 0, 0])
SCORE = np.array([0.50, 0.52, 0.90, 0.49, 0.53, 0.60, 0.10, 0.88])


def pairs(found):
    return [tuple(pair) for pair in found.pairs.tolist()]


def test_each_treated_person_gets_the_nearest_who_is_free():
    found = nearest_neighbours(TREATED, SCORE)
    assert pairs(found) == [(0, 3), (1, 4), (2, 7)]
    assert found.weights.tolist() == [1, 1, 1, 1, 1, 0, 0, 1]
    assert found.stratum.tolist() == [0, 1, 2, 0, 1, -1, -1, 2]
    assert found.dropped.tolist() == []
    assert (found.matched_treated, found.matched_comparison) == (3, 3)
    assert found.effective_comparison == 3
    assert found.treated.dtype == bool
    assert found.method == (
        "nearest neighbour, 1 comparison person for each treated person, without replacement, "
        "largest distance first"
    )


def test_the_order_decides_who_chooses_first():
    treated, score = [1, 1, 0, 0], [0.50, 0.60, 0.56, 0.20]
    by = {o: pairs(nearest_neighbours(treated, score, order=o)) for o in ("largest", "smallest")}
    assert by == {"largest": [(0, 3), (1, 2)], "smallest": [(0, 2), (1, 3)]}
    assert pairs(nearest_neighbours(treated, score, order="closest")) == [(0, 3), (1, 2)]
    assert pairs(nearest_neighbours(treated, score, order="data")) == [(0, 2), (1, 3)]


def test_a_random_order_is_the_seeds():
    rng = np.random.default_rng(5)
    treated, score = rng.random(400) < 0.4, rng.random(400)
    found = [
        nearest_neighbours(treated, score, order="random", seed=seed).pairs for seed in (1, 1, 2)
    ]
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])


def test_with_replacement_one_person_may_stand_beside_several():
    found = nearest_neighbours(
        TREATED, SCORE - np.array([0, 0.015, 0, 0, 0, 0, 0, 0]), replace=True
    )
    assert pairs(found) == [(0, 3), (1, 3), (2, 7)]
    assert found.weights[~found.treated].tolist() == pytest.approx([4 / 3, 0, 0, 0, 2 / 3])
    assert found.effective_comparison == pytest.approx(1.8)
    assert (found.stratum == -1).all()


def test_the_second_match_comes_after_everyone_has_a_first():
    found = nearest_neighbours(TREATED, SCORE, ratio=2)
    assert pairs(found) == [(0, 3), (1, 4), (1, 6), (2, 7), (2, 5)]
    # Who has one match gives it the weight that others share between two.
    weights = np.array([1, 0.5, 0.5, 0.5, 0.5])
    np.testing.assert_allclose(found.weights[~found.treated], weights * 5 / 3)


def test_the_caliper_is_included_and_who_is_beyond_it_is_dropped():
    found = nearest_neighbours([1, 1, 0, 0], [1.0, 5.0, 1.5, 3.0], caliper=0.5)
    assert pairs(found) == [(0, 2)]
    assert found.dropped.tolist() == [1]
    assert found.weights.tolist() == [1, 0, 1, 0]
    assert "within a caliper of 0.5" in found.method


def test_of_two_equally_near_the_lower_is_taken_and_of_those_the_nearest_in_the_data():
    assert pairs(nearest_neighbours([1, 0, 0], [2.0, 3.0, 1.0])) == [(0, 2)]
    assert pairs(nearest_neighbours([0, 0, 1, 0, 0], [1.0, 1.0, 2.0, 3.5, 3.5])) == [(2, 1)]
    assert pairs(nearest_neighbours([0, 0, 1, 0, 0], [0.0, 0.0, 2.0, 3.5, 3.5])) == [(2, 3)]


def test_people_entirely_alike_are_matched_to_different_people():
    found = nearest_neighbours([1] * 3 + [0] * 4, np.full(7, 0.3))
    assert len(set(found.pairs[:, 1])) == 3
    assert found.dropped.size == 0


def test_the_treated_of_a_stratum_without_comparison_people_are_dropped():
    strata = pd.DataFrame({"sex": list("FFMFFFFF"), "quarter": [1, 1, 1, 1, 2, 1, 1, 1]})
    found = nearest_neighbours(TREATED, SCORE, strata=strata)
    assert pairs(found) == [(0, 5), (1, 3)]
    assert found.dropped.tolist() == [2]
    assert found.method.endswith("exact within strata")


def test_more_treated_than_comparison_people_leaves_some_without():
    found = nearest_neighbours([1, 1, 1, 0], [1.0, 2.0, 3.0, 2.2])
    assert pairs(found) == [(2, 3)]
    assert found.dropped.tolist() == [0, 1]


def test_a_radius_shares_each_treated_person_among_those_within_reach():
    found = radius(TREATED, SCORE, caliper=0.0301)
    assert found.dropped.tolist() == []
    # The first reaches the first two, the second both of them, the third one.
    np.testing.assert_allclose(found.weights[3:], [1, 1, 0, 0, 1])
    assert found.pairs.shape == (0, 2)
    assert found.method == "radius matching within a caliper of 0.0301"


def test_exact_matching_weights_strata_by_the_treated():
    found = exact([1, 1, 0, 1, 0, 0, 0], list("aaabbbc"))
    np.testing.assert_allclose(found.weights, [1, 1, 2, 1, 0.5, 0.5, 0])
    assert found.stratum.tolist() == [0, 0, 0, 1, 1, 1, -1]


def test_classes_without_one_side_are_joined_to_a_neighbour():
    treated = np.array([1, 1, 1, 1, 1, 1, 0, 0, 0])
    score = np.array([1.0, 2, 3, 4, 5, 6, 2.5, 4.5, 4.6])
    found = subclasses(treated, score, count=3)
    assert found.stratum.max() == 1
    assert found.method == "2 subclasses, for the effect on the treated"
    assert found.dropped.size == 0


def test_a_caliper_in_deviations_is_of_everyone():
    assert caliper_width(SCORE, TREATED) == pytest.approx(0.2 * np.std(SCORE, ddof=1))
    with pytest.raises(MetricError, match="it is the same for everyone"):
        caliper_width(np.ones(8), TREATED)


def test_what_is_found_cannot_be_written_to():
    found = nearest_neighbours(TREATED, SCORE)
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0] = 2


METHODS = {
    "nearest": lambda treated, score: nearest_neighbours(treated, score),
    "radius": lambda treated, score: radius(treated, score, caliper=0.1),
    "subclasses": lambda treated, score: subclasses(treated, score, count=2),
}


@pytest.mark.parametrize("method", METHODS)
def test_missing_distances_are_refused_by_their_number(method):
    score = np.where(TREATED == 1, np.nan, SCORE)
    with pytest.raises(UsageError, match="3 of 8 people have none"):
        METHODS[method](TREATED, score)
    with pytest.raises(UsageError, match="a value for each of 8 people"):
        METHODS[method](TREATED, SCORE[1:])


@pytest.mark.parametrize("method", METHODS)
def test_treated_must_be_true_or_false_and_both(method):
    for treated, number in ((np.zeros(8), 0), (np.ones(8), 8)):
        with pytest.raises(MetricError, match=f"{number} of 8 are treated"):
            METHODS[method](treated, SCORE)
    with pytest.raises(UsageError, match="treated must be true or false: 1 of 8"):
        METHODS[method](np.array([2, 1, 1, 0, 0, 0, 0, 0]), SCORE)


@pytest.mark.parametrize("caliper", [0, -0.1, np.nan, np.inf])
def test_a_caliper_that_is_no_width_is_refused(caliper):
    for call in (nearest_neighbours, radius):
        with pytest.raises(OptionError, match="caliper must be a width above 0"):
            call(TREATED, SCORE, caliper=caliper)
    with pytest.raises(OptionError, match="caliper must be a width above 0"):
        caliper_width(SCORE, TREATED, standard_deviations=caliper)


def test_no_overlap_is_refused():
    apart = SCORE + 10 * TREATED
    for call in (nearest_neighbours, radius):
        with pytest.raises(MetricError, match="must overlap: none of 3 treated people has"):
            call(TREATED, apart, caliper=0.5)
    with pytest.raises(MetricError, match="must overlap: none of 3"):
        exact(TREATED, TREATED)
    with pytest.raises(MetricError, match="at least 2 classes"):
        subclasses(TREATED, apart)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ratio": 6}, r"6 are asked for each treated person, and there are 5"),
        ({"ratio": 0}, "ratio must be a whole number from 1"),
        ({"ratio": 1.5}, "ratio must be a whole number from 1"),
        ({"order": "best"}, "order must be one of largest, smallest"),
    ],
)
def test_options_that_cannot_be_met_are_refused(options, message):
    with pytest.raises(OptionError, match=message):
        nearest_neighbours(TREATED, SCORE, **options)


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        (["a", None] * 4, "strata must not be missing: 4 rows"),
        (["a"] * 7, "strata must have a label for each of 8 people"),
        (pd.DataFrame(index=range(8)), "at least one characteristic"),
    ],
)
def test_strata_without_a_label_for_everyone_are_refused(strata, message):
    with pytest.raises(UsageError, match=message):
        nearest_neighbours(TREATED, SCORE, strata=strata)


@pytest.mark.parametrize("options", [{"count": 1}, {"count": 2.5}, {"estimand": "atc"}])
def test_classes_that_cannot_be_made_are_refused(options):
    with pytest.raises(OptionError, match="must be"):
        subclasses(TREATED, SCORE, **options)
