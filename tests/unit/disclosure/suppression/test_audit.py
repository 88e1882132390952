"""What an attacker can work out, on systems small enough to do by hand."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from justice_analysis.disclosure.suppression import audit, solver
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.suppression.problems import line, problem


def hidden(of, *units):
    """Mark units as hidden."""
    return np.isin(np.arange(of.units), units)


def test_a_cell_hidden_alone_is_known_exactly():
    table = line(3, 50, 67)
    found = audit(table, table.fixed_hidden)
    assert (found.low[0], found.high[0]) == (3, 3)
    assert list(found.unsafe) == [True, False, False, False]
    assert not found.safe


def test_a_second_hidden_cell_protects_it():
    table = line(3, 50, 67)
    found = audit(table, hidden(table, 0, 1), ranges=True)
    assert (found.low[0], found.high[0]) == pytest.approx((0, 53))
    assert found.safe
    assert np.isnan(found.low[1])


def test_two_small_cells_alone_are_too_close_together():
    table = line(3, 4, 50)
    found = audit(table, table.fixed_hidden, ranges=True)
    assert list(found.high[:2]) == pytest.approx([7, 7])
    assert list(found.unsafe) == [True, True, False, False]


@pytest.mark.parametrize(("width", "unsafe"), [(2, True), (5, False)])
def test_rounding_protects_as_far_as_its_ranges_reach(width, unsafe):
    table = line(3, 50, 67, width=width)
    found = audit(table, table.fixed_hidden, ranges=True)
    assert found.high[0] == pytest.approx(3 + 3 * width)
    assert found.low[0] == pytest.approx(max(0, 3 - 3 * width))
    assert found.unsafe[0] == unsafe


def test_counts_of_a_hundred_million_are_told_apart_to_one():
    table = line(3, 10**8, 10**8 + 1, 12)
    tight = audit(table, hidden(table, 0, 3), ranges=True)
    assert (tight.low[0], tight.high[0]) == pytest.approx((0, 15), abs=1e-6)
    assert tight.safe
    alone = audit(table, hidden(table, 0), ranges=True)
    assert (alone.low[0], alone.high[0]) == (3, 3)


def test_cells_that_nobody_computed_are_bounded_through_their_sums():
    # two ways to cut 30 people, 8 and 22, 25 and 5; the four joint cells are latent
    nan = np.nan
    sums = [{2: 1, 3: 1, 0: -1}, {2: 1, 4: 1, 1: -1}, {2: 1, 3: 1, 4: 1, 5: 1, 6: -1}]
    values = [22, 25, nan, nan, nan, nan, 30]
    joint = problem(values, sums, {2: (17, 22)}, units=[[0], [1], [], [], [], [], [2]])
    found = audit(joint, np.zeros(3, dtype=bool), ranges=True)
    assert (found.low[2], found.high[2]) == pytest.approx((17, 22))
    assert found.safe


def test_a_range_without_end_is_infinite():
    table = line(3, 50, 67)
    found = audit(table, hidden(table, 0, 3), ranges=True)
    assert (found.low[0], found.high[0]) == (0, np.inf)


def odd(**more):
    """2 a + 11 b + c = 131, of which b is protected: b is odd while c is shown."""
    sums = [{0: 2, 1: 11, 2: 1, 3: -1}]
    return problem([50, 1, 20, 131], sums, {0: (50, 50), 1: (1, 10)}, **more)


def test_whole_numbers_tell_more_than_real_ones():
    table = odd()
    real = audit(table, table.fixed_hidden, ranges=True)
    assert real.high[1] == pytest.approx(111 / 11)
    assert real.safe
    whole = audit(table, table.fixed_hidden, whole_numbers=True)
    assert list(whole.unsafe) == [False, True, False, False]
    assert audit(table, hidden(table, 0, 1, 2), whole_numbers=True).safe


def test_what_whole_numbers_could_not_prove_is_said(monkeypatch):
    table = odd()
    module = import_module("justice_analysis.disclosure.suppression.audit")
    monkeypatch.setattr(module, "LARGEST_WHOLE", 1)
    found = audit(table, table.fixed_hidden, whole_numbers=True)
    assert list(found.unproved) == [False, True, False, False]
    assert not found.unsafe.any()
    assert not found.safe


def test_whole_numbers_are_asked_of_whole_counts_alone():
    table = line(3.5, 50, 67)
    with pytest.raises(DisclosureError, match="must be whole to be audited as such: 2 are not"):
        audit(table, table.fixed_hidden, whole_numbers=True)


def test_hidden_units_must_be_all_the_units():
    table = line(3, 50)
    with pytest.raises(DisclosureError, match="one entry a unit: 2 for 3 units"):
        audit(table, np.zeros(2, dtype=bool))


def test_an_audit_that_does_not_finish_is_refused(monkeypatch):
    table = line(3, 50, 67)
    monkeypatch.setattr(solver, "LIMITS", {"maxiter": 0, "presolve": False})
    with pytest.raises(DisclosureError, match="did not finish: review by hand"):
        audit(table, hidden(table, 0, 1))


def test_the_order_of_cells_does_not_matter():
    table, turned = line(3, 4, 50, 8, 60), line(60, 8, 50, 4, 3)
    one = audit(table, hidden(table, 0, 1, 3, 4), ranges=True)
    other = audit(turned, hidden(turned, 0, 1, 3, 4), ranges=True)
    np.testing.assert_allclose(one.high[:5], other.high[:5][::-1])
