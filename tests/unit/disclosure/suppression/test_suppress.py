"""Units to hide: few, enough, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.disclosure.suppression import audit, suppress
from tests.unit.disclosure.suppression.problems import line, problem


def crossed(rows, **more):
    """A two-way table with its margins; counts under 10 are protected."""
    inner = np.array(rows, dtype=float)
    full = np.vstack([inner, inner.sum(axis=0)])
    full = np.hstack([full, full.sum(axis=1, keepdims=True)])
    place = np.arange(full.size).reshape(full.shape)
    sums = [{**dict.fromkeys(cells[:-1], 1), cells[-1]: -1} for cells in [*place, *place.T]]
    small = {int(cell): (0, 10) for cell in np.flatnonzero(full.ravel() < 10)}
    return problem(full.ravel(), sums, small, **more)


def test_a_cell_of_three_among_120_people_is_not_left_alone():
    table = line(3, 50, 67)
    found = suppress(table)
    assert found.audited
    assert found.method == "exact"
    assert list(found.hidden) == [True, True, False, False]


def test_nothing_more_is_hidden_where_nothing_is_learnt():
    table = line(3, 8, 50)
    assert audit(table, table.fixed_hidden).safe
    found = suppress(table)
    assert found.method == "none needed"
    assert (found.hidden == table.fixed_hidden).all()


def test_in_two_ways_four_corners_are_hidden():
    table = crossed([[3, 20, 31], [22, 43, 54], [60, 75, 86]])
    found = suppress(table)
    assert found.hidden.sum() == 4
    assert found.hidden[0]
    assert audit(table, found.hidden).safe


def test_the_cheapest_cells_are_chosen():
    cost = np.array([3.0, 500, 12, 40, 555])
    table = line(3, 500, 12, 40, cost=cost)
    assert list(np.flatnonzero(suppress(table).hidden)) == [0, 2]
    dear = line(3, 500, 12, 40, cost=np.array([3.0, 1, 12, 40, 555]))
    assert list(np.flatnonzero(suppress(dear).hidden)) == [0, 1]


def test_units_that_can_no_longer_be_hidden_are_not():
    fixed = np.array([False, False, True, False])
    table = line(3, 67, 50, fixed_shown=fixed)
    assert list(np.flatnonzero(suppress(table).hidden)) == [0, 1]


def test_what_nothing_can_protect_is_said_and_the_rest_is_protected():
    # two lines: the first all shown long ago, the second free
    sums = [{0: 1, 1: 1, 2: -1}, {3: 1, 4: 1, 5: 1, 6: -1}]
    fixed = np.isin(np.arange(7), (1, 2))
    table = problem([3, 47, 50, 4, 20, 30, 54], sums, {0: (0, 10), 3: (0, 10)}, fixed_shown=fixed)
    found = suppress(table)
    assert list(np.flatnonzero(found.unsafe)) == [0]
    assert found.audited
    assert list(np.flatnonzero(found.hidden)) == [0, 3, 4]


def test_a_cell_that_two_units_show_needs_both_hidden():
    units = [[0], [1, 2], [3], [4]]
    cost = np.array([1.0, 5, 5, 8, 20])
    found = suppress(line(3, 50, 67, units=units, cost=cost))
    assert list(np.flatnonzero(found.hidden)) == [0, 3]
    cheap = suppress(line(3, 50, 67, units=units, cost=np.array([1.0, 3, 3, 8, 20])))
    assert list(np.flatnonzero(cheap.hidden)) == [0, 1, 2]


def test_a_unit_that_shows_two_cells_hides_both():
    # people and, among them, those who returned: a row shows both
    sums = [{0: 1, 1: 1, 2: 1, 3: -1}, {4: 1, 5: 1, 6: 1, 7: -1}]
    values = [30, 40, 50, 120, 3, 20, 25, 48]
    units = [[0], [1], [2], [3], [0], [1], [2], [3]]
    found = suppress(problem(values, sums, {4: (0, 10)}, units=units))
    assert found.hidden.sum() == 2
    assert found.audited


def test_implied_and_latent_cells_are_never_hidden_and_move_freely():
    # 3 protected, 20 implied by nobody's count but known to be at most 25; total shown
    sums = [{0: 1, 1: 1, 2: 1, 3: -1}]
    free = problem([3, np.nan, 40, 63], sums, {0: (0, 10)}, units=[[0], [], [1], [2]])
    assert list(suppress(free).hidden) == [True, False, False]
    known = problem(
        [3, np.nan, 40, 63],
        sums,
        {0: (0, 10)},
        units=[[0], [], [1], [2]],
        floor=np.array([0.0, 18, 0, 0]),
        ceiling=np.array([np.inf, 21, np.inf, np.inf]),
    )
    found = suppress(known)
    assert found.audited
    assert found.hidden.sum() == 2


def test_rounded_cells_move_within_their_ranges_at_no_cost():
    assert suppress(line(3, 50, 67, width=5)).method == "none needed"
    found = suppress(line(3, 50, 67, width=1))
    assert found.hidden.sum() == 2
    assert found.audited


def test_a_protected_cell_that_is_shown_is_hidden():
    shown = np.zeros(4, dtype=bool)
    table = line(3, 50, 67, fixed_hidden=shown)
    found = suppress(table)
    assert found.hidden[0]
    assert found.hidden.sum() == 2


@pytest.mark.parametrize("patience", [0, 1])
def test_counts_of_a_hundred_million_are_hidden_like_others(patience):
    large = 10**8
    rows = [[3, large, large + 7], [large + 2, 44, large], [large, large, 61]]
    table = crossed(rows)
    found = suppress(table, patience=patience)
    assert found.audited
    assert found.hidden.sum() == 4


def test_the_same_problem_has_the_same_answer():
    random = np.random.default_rng(5)
    table = crossed(np.where(random.random((6, 7)) < 0.2, 4, random.integers(10, 99, (6, 7))))
    one, other = suppress(table), suppress(table)
    assert (one.hidden == other.hidden).all()
    assert one.method == other.method == "exact"


def test_more_is_hidden_where_only_other_than_whole_numbers_protect():
    # 2 a + 11 b + c = 131: b is odd, and so under 10, while c is shown
    sums = [{0: 2, 1: 11, 2: 1, 3: -1}]
    table = problem([50, 1, 20, 131], sums, {0: (50, 50), 1: (1, 10)})
    assert suppress(table).method == "none needed"
    found = suppress(table, whole_numbers=True)
    assert found.hidden.sum() == 3
    assert found.audited
    assert audit(table, found.hidden, whole_numbers=True).safe


def test_no_time_still_gives_a_safe_answer_and_says_so():
    random = np.random.default_rng(1)
    table = crossed(np.where(random.random((9, 11)) < 0.1, 4, random.integers(10, 99, (9, 11))))
    found = suppress(table, seconds=0)
    assert found.audited
    assert found.method in ("exact", "cuts, stopped by time")
    assert audit(table, found.hidden).safe
