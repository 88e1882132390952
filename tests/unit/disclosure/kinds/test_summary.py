"""Means, deviations, percentiles, modes: which are shown, and how closely."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.kinds.statistic_names import share_of, spread_of
from justice_analysis.disclosure.kinds.steps import mean_step, percentile_step
from tests.unit.disclosure.examples import as_candidate
from tests.unit.disclosure.kinds.quantity_examples import (
    LARGEST,
    controls,
    failures,
    output,
    protected,
    reviews,
    statistics,
    thin,
    with_mechanism,
)

MOMENTS = {"a": (104, 106.2, 81.3), "b": (400, 97.7, 80.1)}


def test_a_mean_moves_in_steps_worth_five_people_s_spread(srs):
    shown = protected(statistics(MOMENTS, "mean", "sd"), srs)
    assert shown.loc["a", ["people", "mean", "sd"]].tolist() == [105, 105, 80]
    assert shown.loc["b", ["people", "mean", "sd"]].tolist() == [400, 98, 80]


def test_five_people_at_one_spread_move_a_mean_by_no_more_than_its_step(srs):
    assert mean_step(80, 400, 0, srs) >= 5 * 80 / 400
    assert mean_step(80, 400, 20_000, srs) >= 0.1 * 20_000 / 400


def test_the_step_does_not_tell_which_of_the_people_behind_a_rounded_count_it_is(srs):
    assert len({mean_step(80, people, 0, srs) for people in range(98, 103)}) == 1
    assert len({percentile_step(80, 0.25, people, srs) for people in range(98, 103)}) == 1


def test_under_suppress_means_are_true_and_percentiles_still_rounded(srs):
    rows = {"a": (104, 106.21, 81.3, 91.7)}
    found = statistics(rows, "mean", "sd", "median")
    shown = protected(found, with_mechanism(srs, "suppress"))
    assert shown.loc["a", ["mean", "sd"]].tolist() == [106.21, 81.3]
    assert shown.loc["a", "median"] == 90


def test_under_none_every_statistic_is_as_it_is(srs):
    rows = {"a": (4, 106.21, 0.0, 91.7)}
    found = statistics(rows, "mean", "sd", "median")
    shown = protected(found, with_mechanism(srs, "none"), set())
    assert shown.loc["a", ["mean", "sd", "median"]].tolist() == [106.21, 0, 91.7]


def test_under_round_alone_thin_rows_are_hidden_and_the_rest_rounded(srs):
    rows = {"a": (104, 106.2, 81.3), "b": (9, 100.0, 80.0)}
    shown = protected(statistics(rows, "mean", "sd"), with_mechanism(srs, "round"))
    assert shown["mean"].tolist()[0] == 100
    assert math.isnan(shown["mean"].tolist()[1])


@pytest.mark.parametrize(("people", "hidden"), [(9, {"a"}), (10, set())])
def test_means_need_as_many_people_as_counts(srs, people, hidden):
    assert thin(statistics({"a": (people, 50.0, 20.0)}, "mean", "sd"), srs) == hidden


def test_a_deviation_of_nothing_says_everyone_s_value_and_is_hidden(srs):
    rows = {"a": (50, 30.0, 0.0), "b": (50, 30.0, 4.0)}
    assert thin(statistics(rows, "mean", "sd"), srs) == {"a"}
    tolerant = dataclasses.replace(srs, class_disclosure=False)
    assert thin(statistics(rows, "mean", "sd"), tolerant) == set()


def test_a_deviation_of_two_people_is_left_out_where_two_may_be_counted(srs):
    pairs = dataclasses.replace(srs, minimum_count=2, rounding_base=1, percentile_tail=1)
    shown = protected(statistics({"a": (2, 50.0, 20.0)}, "mean", "sd"), pairs, set())
    assert shown.loc["a", "mean"] == 50
    assert math.isnan(shown.loc["a", "sd"])


def test_a_mean_without_its_largest_contributions_is_for_a_person(srs):
    found = dataclasses.replace(
        statistics(MOMENTS, "mean", "sd"),
        roles=ColumnRoles(
            people="people",
            count=("largest_1", "largest_2"),
            estimate=("mean", "sd"),
            statistic={"mean": "mean", "sd": "sd"},
        ),
    )
    assert "roles.largest" in reviews(found, srs)
    assert reviews(statistics(MOMENTS, "mean", "sd"), srs) == ""


def test_a_mean_dominated_by_one_person_is_hidden(srs):
    found = statistics(MOMENTS, "mean", "sd")
    table = found.table.assign(largest_1=[106.2 * 103, 97.7 * 30], largest_2=[1.0, 90.0])
    assert thin(dataclasses.replace(found, table=table), srs) == {"a"}


def test_a_mean_that_is_not_the_total_over_the_people_is_for_a_person(srs):
    found = statistics(MOMENTS, "mean", "sd")
    roles = dataclasses.replace(found.roles, total="total")
    wrong = found.table.assign(total=[104 * 50.0, 400 * 97.7])
    right = found.table.assign(total=[104 * 106.2, 400 * 97.7])
    assert "total over people" in reviews(output("summary", wrong, roles), srs)
    assert reviews(output("summary", right, roles), srs) == ""
    assert "total" not in protected(output("summary", right, roles), srs)


def test_a_mean_below_nothing_is_for_a_person(srs):
    found = statistics({"a": (50, -3.0, 4.0)}, "mean", "sd")
    positive = found.table.assign(largest_1=1.0, largest_2=1.0)
    assert "below 0" in reviews(dataclasses.replace(found, table=positive), srs)


@pytest.mark.parametrize(
    ("people", "statistic", "is_shown"),
    [
        (22, "median", False),  # rounded to 20, which may stand for 18
        (23, "median", True),
        (40, "percentile_25", False),
        (45, "percentile_25", True),
        (195, "percentile_5", False),
        (205, "percentile_5", True),
        (205, "percentile_95", True),
        (990, "percentile_1", False),
    ],
)
def test_a_percentile_needs_ten_people_on_each_side(srs, people, statistic, is_shown):
    found = statistics({"a": (people, 44.0)}, statistic)
    assert thin(found, srs) == (set() if is_shown else {"a"})


def test_a_percentile_that_fails_is_left_out_and_the_rest_of_the_row_stays(srs):
    found = statistics({"a": (100, 3.0, 44.0)}, "percentile_5", "median")
    shown = protected(found, srs)
    assert math.isnan(shown.loc["a", "percentile_5"])
    assert shown.loc["a", "median"] == 45  # in steps of 5
    assert "1 statistics are left out" in controls(found, srs)


def test_percentiles_of_a_row_keep_their_order_when_rounded(srs):
    rows = {"a": (1000, 5.0, 12.0, 12.4, 13.0, 60.0)}
    names = ("percentile_5", "percentile_25", "median", "percentile_75", "percentile_95")
    shown = protected(statistics(rows, *names), srs).loc["a", list(names)].tolist()
    assert shown == sorted(shown)


def test_percentiles_that_fall_as_their_share_rises_fail(srs):
    found = statistics({"a": (100, 50.0, 44.0)}, "percentile_25", "median")
    assert "must not fall" in failures(found, srs)


def test_a_group_of_which_nearly_all_have_one_value_is_hidden(srs):
    names = ("percentile_5", "median", "percentile_95")
    rows = {"same": (1000, 7.0, 7.0, 7.0), "spread": (1000, 6.0, 7.0, 8.0)}
    assert thin(statistics(rows, *names), srs) == {"same"}


def test_extremes_fail_unless_the_profile_allows_them(srs):
    found = statistics({"a": (100, 0.0, 990.0)}, "minimum", "maximum")
    assert "one person's value" in failures(found, srs)
    open_handed = dataclasses.replace(srs, extremes=True)
    assert failures(found, open_handed) == ""
    assert protected(found, open_handed).loc["a", "maximum"] == 990


def mode(people: int, have_it: int):
    table = pd.DataFrame({"group": ["a"], "people": [people], "have": [have_it], "mode": [3.0]})
    roles = ColumnRoles(
        people="people", numerator="have", estimate=("mode",), statistic={"mode": "mode"}
    )
    return output("summary", table, roles)


@pytest.mark.parametrize(
    ("people", "have_it", "hidden"), [(50, 9, {"a"}), (50, 10, set()), (50, 50, {"a"})]
)
def test_a_mode_is_shown_where_enough_have_it_and_not_everyone(srs, people, have_it, hidden):
    assert thin(mode(people, have_it), srs) == hidden


def test_a_mode_without_those_who_have_it_is_for_a_person(srs):
    assert "name the people who have it" in reviews(statistics({"a": (50, 3.0)}, "mode"), srs)


def test_an_estimate_that_is_not_named_is_for_a_person(srs):
    found = statistics({"a": (50, 3.0)}, "skewness")
    assert "skewness must be named" in reviews(found, srs)


def with_interval(*, first: str = "mean"):
    table = pd.DataFrame(
        {"group": ["a"], "people": [400], first: [97.7], "low": [89.8], "high": [105.6]}
    )
    table[[*LARGEST]] = 150.0
    roles = ColumnRoles(
        people="people",
        estimate=(first,),
        lower=("low",),
        upper=("high",),
        statistic={first: first},
        largest=LARGEST,
    )
    return output("summary", table, roles)


def test_the_interval_of_a_mean_is_widened_to_whole_steps(srs):
    shown = protected(with_interval(), srs).loc["a"]
    assert shown["mean"] - shown["low"] >= 97.7 - 89.8
    assert shown["high"] - shown["mean"] >= 105.6 - 97.7
    assert (shown["mean"] - shown["low"]) % 2 == 0


def test_intervals_of_medians_are_for_a_person(srs):
    assert "only means may have an interval" in reviews(with_interval(first="median"), srs)
    assert reviews(with_interval(), srs) == ""


def test_a_missing_mean_of_people_fails_and_of_nobody_is_hidden(srs):
    found = statistics({"a": (50, math.nan, 3.0), "b": (0, math.nan, math.nan)}, "mean", "sd")
    given = found.table.assign(largest_1=0.0, largest_2=0.0)
    assert "mean must be given" in failures(dataclasses.replace(found, table=given), srs)
    rest = dataclasses.replace(found, table=given.iloc[[1]].reset_index(drop=True))
    assert failures(rest, srs) == ""
    assert thin(rest, srs) == {"b"}


def test_statistics_of_released_rows_come_without_their_evidence(srs):
    released = disclosure.release(as_candidate(statistics(MOMENTS, "mean", "sd")), srs)
    assert list(released.table.columns) == ["group", "people", "mean", "sd", "shown"]


@pytest.mark.parametrize(
    ("statistic", "share"),
    [("median", 0.5), ("percentile 2.5", 0.025), ("percentile 100", None), ("mean", None)],
)
def test_percentiles_are_read_from_their_names(statistic, share):
    assert share_of(statistic) == share


def test_the_spread_is_the_deviation_then_percentiles_then_the_size(srs):
    row = {"people": 9, "sd": 4.0, "percentile_25": 10.0, "percentile_75": 20.0}
    names = ("percentile_25", "percentile_75")
    with_sd = statistics({"a": (9, 4.0, 10.0, 20.0)}, "sd", *names)
    without = statistics({"a": (9, 10.0, 20.0)}, *names)
    alone = statistics({"a": (9, 10.0)}, "percentile_25")
    assert spread_of(with_sd, row) == 4
    assert spread_of(without, row) == pytest.approx(10 / 1.349, abs=0.01)
    assert spread_of(alone, row) == 10
