"""Standardised differences against their formulas, written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from justice_analysis.errors import MetricError
from justice_analysis.models import (
    difference_of_categories,
    difference_of_means,
    difference_of_shares,
)


def test_a_difference_of_means_is_in_mean_standard_deviations():
    assert difference_of_means(10, 7, 3, 4) == pytest.approx(3 / math.sqrt((9 + 16) / 2))
    assert difference_of_means(7, 10, 4, 3) == pytest.approx(-3 / math.sqrt(12.5))


def test_a_difference_of_shares_is_in_their_own_standard_deviations():
    found = difference_of_shares(0.4, 0.25)
    assert found == pytest.approx(0.15 / math.sqrt((0.24 + 0.1875) / 2))


def test_without_spread_equal_groups_differ_by_nothing_and_others_by_no_number():
    assert difference_of_means(5, 5, 0, 0) == 0
    assert math.isnan(difference_of_means(5, 6, 0, 0))
    assert difference_of_shares(1, 1) == 0
    assert math.isnan(difference_of_shares(1, 0))
    assert math.isnan(difference_of_means(5, math.nan, 1, 1))


def test_two_categories_give_the_size_of_the_difference_of_shares():
    found = difference_of_categories([30, 70], [55, 45])
    assert found == pytest.approx(abs(difference_of_shares(0.7, 0.45)))


def test_three_categories_follow_yang_and_dalton_whichever_is_left_out():
    first, second = np.array([0.2, 0.3, 0.5]), np.array([0.35, 0.4, 0.25])
    gap = (first - second)[:2]
    spread = np.array(
        [
            [(0.2 * 0.8 + 0.35 * 0.65) / 2, -(0.2 * 0.3 + 0.35 * 0.4) / 2],
            [-(0.2 * 0.3 + 0.35 * 0.4) / 2, (0.3 * 0.7 + 0.4 * 0.6) / 2],
        ]
    )
    expected = math.sqrt(gap @ np.linalg.inv(spread) @ gap)
    for order in ([0, 1, 2], [1, 2, 0], [2, 0, 1]):
        found = difference_of_categories(first[order], second[order])
        assert found == pytest.approx(expected)


def test_categories_empty_in_both_groups_say_nothing():
    assert difference_of_categories([30, 0, 70], [55, 0, 45]) == pytest.approx(
        difference_of_categories([30, 70], [55, 45])
    )
    assert difference_of_categories([5], [9]) == 0
    assert difference_of_categories([2, 4, 6], [1, 2, 3]) == 0


def test_groups_without_a_common_category_or_without_people_have_no_difference():
    assert math.isnan(difference_of_categories([5, 0], [0, 5]))
    assert math.isnan(difference_of_categories([0, 0], [3, 5]))


def test_people_that_cannot_be_are_refused():
    with pytest.raises(MetricError, match="same categories"):
        difference_of_categories([1, 2], [1, 2, 3])
    with pytest.raises(MetricError, match="0 or more"):
        difference_of_categories([1, -2], [1, 2])
