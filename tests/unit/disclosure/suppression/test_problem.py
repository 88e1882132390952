"""A problem that isn't sound is refused, and the refusal names no count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from justice_analysis.disclosure.suppression import problem as problem_module
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.suppression.problems import line, problem


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cost": np.ones(2)}, "fixed_shown, fixed_hidden, shown_by has not"),
        ({"floor": np.zeros(2)}, "floor has not"),
        ({"values": np.array([3.0, 47.0, 51.0])}, "totals must be the sums of their parts: 1 are"),
        ({"values": np.array([3.0, np.inf, 50.0])}, "a value must be finite: 1 are not"),
        ({"floor": np.array([4.0, 0.0, 0.0])}, "in the range said of it: 1 do not"),
        ({"ceiling": np.array([np.inf, 40.0, np.inf])}, "in the range said of it: 1 do not"),
        ({"shown_low": np.array([3.0, 48.0, 50.0])}, "shown_low must be a number of at most"),
        ({"floor": np.full(3, np.nan)}, "floor must be a number of at most ceiling: 3 are not"),
        ({"fixed_shown": np.array([True, False, False])}, "both shown and hidden: 1 are"),
        ({"cost": np.array([1.0, -1.0, np.nan])}, "must not be negative or missing: 2 are"),
        ({"need_high": np.full(3, np.nan)}, "must need both ends, in order: 1 are not"),
        ({"values": np.array([3.0, np.nan, 50.0])}, "a latent cell can't be shown: 1 are not"),
        ({"matrix": np.array([[1.0, np.nan, -1.0]])}, "sums must be of numbers"),
    ],
)
def test_an_unsound_problem_is_refused(changes, said):
    with pytest.raises(DisclosureError, match=said) as refusal:
        replace(line(3, 47), **changes)
    assert "47" not in str(refusal.value)


def test_a_total_of_a_hundred_million_that_is_off_by_one_is_refused():
    with pytest.raises(DisclosureError, match="totals must be the sums of their parts"):
        problem([10**8, 7, 10**8 + 8], [{0: 1, 1: 1, 2: -1}], {1: (0, 10)})


def test_decimals_may_differ_by_what_adding_them_up_costs():
    parts = [0.1] * 10
    assert sum(parts) != 1.0
    sums = [{**dict.fromkeys(range(10), 1), 10: -1}]
    assert problem([*parts, 1.0], sums, {0: (0, 1)}).cells == 11


def test_a_problem_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(problem_module, "LARGEST", 2)
    with pytest.raises(DisclosureError, match="at most 2: 3 were found"):
        line(3, 47)


def test_a_cell_of_several_units_is_hidden_only_when_all_are():
    two = line(3, 47, units=[[0], [1, 2], [3]])
    assert list(two.shown_cells(np.array([True, True, False, False]))) == [False, True, True]
    assert list(two.shown_cells(np.array([True, True, True, False]))) == [False, False, True]
