"""Relative rate indices: published counts, sharp bounds and groups that have no ratio."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from justice_analysis.errors import UsageError
from justice_analysis.models import relative_rates

# Youth Justice Board, year to March 2025 (custody: three years): index, Wald's, exact interval.
REMAND, CUSTODY = (444, 6_526), (645, 11_111)
PUBLISHED = [
    ("remand, Black", (252, 1_933), REMAND, 1.9162, (1.656, 2.217), (1.635, 2.242)),
    ("remand, Asian", (55, 536), REMAND, 1.5082, (1.156, 1.968), (1.118, 1.999)),
    ("custody, Black", (202, 2_183), CUSTODY, 1.5940, (1.370, 1.854), (1.354, 1.870)),
    ("custody, Asian", (68, 846), CUSTODY, 1.3846, (1.089, 1.760), (1.062, 1.780)),
    ("custody, Mixed", (86, 1_256), CUSTODY, 1.1795, (0.949, 1.466), (0.931, 1.479)),
    ("custody, Other", (26, 304), CUSTODY, 1.4733, (1.012, 2.144), (0.955, 2.179)),
]


def of_two(group, white):
    events, people = zip(white, group, strict=True)
    return relative_rates(events, people, reference=0)


@pytest.mark.parametrize(("name", "group", "white", "index", "wald", "exact"), PUBLISHED)
def test_published_counts_give_the_published_index_and_intervals(
    name, group, white, index, wald, exact
):
    found = of_two(group, white)
    assert round(found.index[1], 4) == index, name
    assert (round(found.lower[1], 3), round(found.upper[1], 3)) == wald
    assert (round(found.exact_lower[1], 3), round(found.exact_upper[1], 3)) == exact
    assert found.least[1] == found.greatest[1] == found.index[1]  # everyone's group is known


def test_few_events_differ_from_parity_by_wald_and_not_by_the_exact_interval():
    found = of_two((26, 304), CUSTODY)
    assert found.lower[1] > 1 > found.exact_lower[1]


def test_the_reference_group_is_one_in_every_column():
    found = of_two(*PUBLISHED[0][1:3])
    assert {column[0] for column in vars(found).values()} == {1.0}


def by_every_allocation(group, white, unknown):
    """Least and greatest ratio over all ways of dividing the unknown, one by one."""
    yes, no = unknown[0], unknown[1] - unknown[0]
    ratios = []
    for a, b in itertools.product(range(yes + 1), range(no + 1)):
        share = (group[0] + a) / (group[1] + a + b)
        base = (white[0] + yes - a) / (white[1] + yes - a + no - b)
        if base > 0:
            ratios.append(share / base)
    return min(ratios), max(ratios)


@pytest.mark.parametrize(
    ("group", "white", "unknown"),
    [
        ((3, 9), (4, 20), (2, 7)),
        ((1, 2), (10, 11), (5, 5)),
        ((0, 4), (3, 8), (4, 9)),
        ((6, 6), (1, 30), (0, 6)),
    ],
)
def test_bounds_are_those_of_every_allocation_of_those_not_known(group, white, unknown):
    events, people = zip(unknown, white, group, strict=True)
    found = relative_rates(events, people, reference=1, unknown=0)
    assert (found.least[2], found.greatest[2]) == pytest.approx(
        by_every_allocation(group, white, unknown)
    )
    assert found.least[2] <= found.index[2] <= found.greatest[2]
    own = (unknown[0] / unknown[1]) / (white[0] / white[1])
    assert (found.index[0], found.least[0], found.greatest[0]) == pytest.approx((own,) * 3)


def test_a_reference_group_that_is_missing_leaves_no_ratio():
    found = relative_rates([math.nan, 5], [math.nan, 9], reference=0)
    assert all(np.isnan(column).all() for column in vars(found).values())


def test_a_group_that_is_missing_has_no_ratio_and_the_others_have_theirs():
    found = relative_rates([4, math.nan, 6], [20, math.nan, 10], reference=0)
    assert np.isnan([column[1] for column in vars(found).values()]).all()
    assert found.index[2] == pytest.approx(3)


def test_bounds_are_missing_where_the_number_not_known_is():
    found = relative_rates([4, 6, math.nan], [20, 10, math.nan], reference=0, unknown=2)
    assert found.index[1] == pytest.approx(3)
    assert math.isnan(found.least[1])
    assert math.isnan(found.greatest[1])


def test_a_reference_group_without_events_has_no_ratio_but_a_least_one():
    found = relative_rates([0, 2, 3], [9, 9, 5], reference=0, unknown=2)
    assert math.isnan(found.index[1])
    assert found.least[1] == pytest.approx((2 / 11) / (3 / 12))
    assert math.isnan(found.greatest[1])


@pytest.mark.parametrize(("reference", "unknown"), [(2, None), (-1, None), (0, 0), (0, 5)])
def test_a_place_that_is_no_group_or_both_is_refused(reference, unknown):
    with pytest.raises(UsageError, match="must be two of the groups"):
        relative_rates([1, 2], [3, 4], reference=reference, unknown=unknown)
