"""Sums of a quantity: who is hidden, how sums are rounded, what is refused."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.egress import limits
from justice_analysis.disclosure.egress.rules import words
from justice_analysis.disclosure.kinds.steps import nice_step, to_step, total_step
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import as_candidate
from tests.unit.disclosure.kinds.quantity_examples import (
    controls,
    failures,
    output,
    protected,
    reviews,
    statistics,
    sums,
    thin,
    with_mechanism,
)

ROWS = {
    "all": (193, 20_123, 700, 600),
    "a": (104, 11_042, 500, 400),
    "b": (49, 5_071, 700, 600),
    "c": (40, 4_010, 300, 200),
}


def test_each_sum_is_rounded_to_what_five_people_add_and_each_count_to_five(srs):
    shown = protected(sums(ROWS), srs)
    assert shown["total"].to_dict() == {"all": 20_000, "a": 11_000, "b": 5_000, "c": 4_000}
    assert shown["people"].to_dict() == {"all": 195, "a": 105, "b": 50, "c": 40}
    assert set(shown["shown"]) == {"yes"}
    assert "5 people's average contribution" in controls(sums(ROWS), srs)


def test_under_suppress_sums_are_true_and_hidden_rows_say_nothing(srs):
    shown = protected(sums(ROWS), with_mechanism(srs, "suppress"), {2})
    assert shown.loc["a", ["people", "total"]].tolist() == [104, 11_042]
    assert shown.loc["b", ["people", "total"]].isna().all()
    assert shown.loc["b", "shown"] == "suppressed"
    assert "not rounded" in controls(sums(ROWS), with_mechanism(srs, "suppress"))


def test_under_round_the_base_is_wider_and_thin_rows_are_hidden_all_the_same(srs):
    profile = with_mechanism(srs, "round")
    rows = {"a": (104, 11_042, 500, 400), "b": (4, 900, 300, 250), "c": (90, 900, 880, 5)}
    shown = protected(sums(rows), profile)
    assert shown.loc["a", ["people", "total"]].tolist() == [105, 10_000]
    assert shown.loc[["b", "c"], "total"].isna().all()


def test_under_none_everything_is_as_it_is_but_for_the_evidence(srs):
    shown = protected(sums(ROWS), with_mechanism(srs, "none"), set())
    assert shown["total"].tolist() == [20_123, 11_042, 5_071, 4_010]
    assert "largest_1" not in shown


def test_contributions_are_never_shown(srs):
    released = disclosure.release(as_candidate(sums(ROWS)), srs)
    assert list(released.table.columns) == ["group", "people", "total", "shown"]


@pytest.mark.parametrize("mechanism", ["suppress", "round", "suppress_then_round"])
def test_a_sum_of_fewer_people_than_the_minimum_is_hidden(srs, mechanism):
    profile = with_mechanism(srs, mechanism)
    assert thin(sums({"a": (9, 900, 100, 100), "b": (10, 900, 100, 100)}), profile) == {"a"}


def test_a_group_in_which_everyone_has_the_same_amount_is_hidden(srs):
    rows = {"nothing": (50, 0, 0, 0), "same": (50, 1500, 30, 30), "not": (50, 1500, 31, 30)}
    assert thin(sums(rows), srs) == {"nothing", "same"}
    tolerant = dataclasses.replace(srs, class_disclosure=False)
    assert thin(sums(rows), tolerant) == set()


def test_means_are_made_again_from_the_rounded_sum_and_count(srs):
    table = sums({"a": (104, 11_042, 500, 400)}).table.assign(mean=11_042 / 104)
    roles = ColumnRoles(
        people="people",
        total="total",
        largest=("largest_1", "largest_2"),
        estimate=("mean",),
        statistic={"mean": "mean"},
    )
    shown = protected(output("magnitude", table, roles), srs)
    assert shown.loc["a", "mean"] == pytest.approx(11_000 / 105, abs=0.5)
    wrong = output("magnitude", table.assign(mean=3.0), roles)
    assert "only its mean" in reviews(wrong, srs)


def test_a_sum_without_its_largest_contributions_is_for_a_person(srs):
    table = pd.DataFrame({"group": ["a"], "people": [50], "total": [900.0]})
    found = output("magnitude", table, ColumnRoles(people="people", total="total"))
    assert "roles.largest" in reviews(found, srs)
    with pytest.raises(DisclosureError, match="review"):
        disclosure.release(as_candidate(found), srs)


def test_a_quantity_without_words_is_for_a_person(srs):
    assert "said in words" in reviews(sums(ROWS, options={}), srs)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"a": (40, -1, 0, 0)}, "not be negative"),
        ({"a": (40, float("nan"), 0, 0)}, "be given"),
        ({"a": (0, 12, 0, 0)}, "be 0 where there is nobody"),
        ({"all": (80, 1000, 9, 9), "a": (40, 500, 9, 9), "b": (40, 400, 9, 9)}, "add up"),
    ],
)
def test_sums_that_cannot_be_fail(srs, rows, said):
    assert said in failures(sums(rows), srs)


def test_a_magnitude_without_a_total_fails(srs):
    table = pd.DataFrame({"group": ["a"], "people": [50]})
    found = output("magnitude", table, ColumnRoles(people="people"))
    assert "must name its total" in failures(found, srs)


def test_parts_that_hold_other_people_need_not_add_up(srs):
    rows = {"all": (90, 1000, 9, 9), "a": (40, 500, 9, 9), "b": (40, 400, 9, 9)}
    assert failures(sums(rows), srs) == ""


@pytest.mark.parametrize(
    ("wanted", "step"), [(0, 0), (0.03, 0.05), (1, 1), (1.01, 2), (5.2, 10), (999, 1000)]
)
def test_steps_are_one_two_or_five_times_a_power_of_ten(wanted, step):
    assert nice_step(wanted) == pytest.approx(step)


def test_a_step_covers_a_tenth_of_the_largest_contribution(srs):
    assert total_step(1000, 100, 20, srs) == 50
    assert total_step(1000, 100, 900, srs) == 100


def test_rounding_leaves_no_tail_of_floating_digits():
    assert to_step(0.30000001, 0.1) == 0.3
    assert to_step(12.5, 5) == 15


@pytest.mark.parametrize("place", ["ons-srs", "sail", "opensafely"])
def test_the_gate_takes_no_control_for_a_small_count(place):
    """A request is refused whole for one finding: what we say ourselves must not be one."""
    profile = disclosure.load(place)
    of_sums = sums({"a": (137, 40127.0, 1200.0, 1100.0), "b": (51, 4099.0, 150.0, 140.0)})
    of_means = statistics({"a": (137, 90.0, 80.0), "b": (51, 120.0, 100.0)}, "mean", "median")
    for asked in (of_sums, of_means):
        assert list(words.found(controls(asked, profile), limits.of(profile))) == []
