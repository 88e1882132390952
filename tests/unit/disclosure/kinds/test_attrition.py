"""Attrition shows no small loss."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.attrition import steps_shown
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import as_candidate, frequencies, shares


def attrition(people: list[int]):
    lost = [0, *(before - after for before, after in pairwise(people))]
    table = pd.DataFrame(
        {
            "step": [f"step {n}" for n in range(len(people))],
            "people": people,
            "people_excluded": lost,
        }
    )
    return frequencies(
        {"a": 1},
        kind="attrition",
        table=table,
        dimensions=("step",),
        roles=ColumnRoles(people="people", count=("people_excluded",)),
    )


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ([100, 91], [1]),
        ([100, 90], [0, 1]),
        ([100, 100, 80], [0, 1, 2]),
        ([100, 96, 92, 88], [0, 3]),
        ([100, 50, 9], [0, 1]),
        ([100, 0], [0]),
    ],
)
def test_steps_shown_lose_nobody_or_enough_people(people, shown):
    assert steps_shown(people, 10) == shown


def test_the_number_lost_is_left_out_where_a_step_is_merged(srs):
    table = disclosure.release(as_candidate(attrition([203, 200, 120])), srs).table
    assert table["shown"].tolist() == ["suppressed", "yes", "yes"]
    assert "people_excluded" not in table
    assert table["people"].tolist()[1:] == [200, 120]


def test_a_step_keeps_apart_from_the_steps_of_another_selection(srs):
    first, second = attrition([500, 402, 302]), attrition([500, 400, 300])
    tables = [one.protected.table for one in judge(
        [as_candidate(first, "first"), as_candidate(second, "second")], srs
    )]  # fmt: skip
    assert tables[0]["shown"].tolist() == ["yes", "yes", "yes"]
    assert tables[1]["shown"].tolist() == ["yes", "suppressed", "suppressed"]


def test_a_selection_does_not_tell_the_total_that_estimates_hide(srs):
    """Two variants count 1,002 and 1,004 people: only one of the two may be told anywhere."""
    outputs = {
        "selection": attrition([2000, 1004, 1002]),
        "estimates": shares([("all", "1 year", 1002, 200)], population_hash="p2"),
        "others": shares([("all", "1 year", 1004, 200)], population_hash="p3"),
        "other_selection": attrition([2000, 1004, 900]),
    }
    judged = judge([as_candidate(o, id) for id, o in outputs.items()], srs)
    told = {
        people
        for one in judged
        if one.protected
        for people in one.protected.table["people"].dropna()
        if 950 < people < 1050
    }
    assert len(told) == 1


def test_large_losses_are_shown_rounded(srs):
    table = disclosure.release(as_candidate(attrition([203, 183, 121])), srs).table
    assert table["people"].tolist() == [205, 185, 120]
    assert table["people_excluded"].tolist() == [0, 20, 60]


def test_people_left_may_not_rise(srs):
    output = attrition([100, 100])
    output.table["people"] = [100, 150]
    with pytest.raises(DisclosureError, match="must not rise"):
        disclosure.release(as_candidate(output), srs)


def counted_by_sex(**changes: object):
    return shares(
        [("women", 1, 400, 53), ("men", 1, 300, 60), ("unknown", 1, 3, 1), ("all", 1, 703, 114)],
        **changes,
    )


@pytest.fixture
def true_totals(srs):
    return replace(srs, mechanism=dict.fromkeys(srs.mechanism, "suppress"))


def test_a_selection_does_not_say_again_what_a_table_hides(true_totals):
    table, flow = (
        one.protected.table
        for one in judge(
            [as_candidate(counted_by_sex()), as_candidate(attrition([900, 703]), "flow")],
            true_totals,
        )
    )
    known = flow["people"].tolist()[-1]
    hidden = table.loc[table["shown"] == "suppressed", "group"].tolist()
    assert known == 703
    assert "unknown" in hidden
    assert "all" not in hidden
    assert len(hidden) > 1


def test_a_table_counts_with_the_steps_that_left_before(true_totals):
    left = Past(attrition([900, 703]), frozenset(), true_totals, "first: flow")
    judged = judge([as_candidate(counted_by_sex())], true_totals, [left])[0]
    hidden = judged.protected.table["shown"] == "suppressed"
    assert judged.protected.table.loc[hidden, "group"].tolist() == ["men", "unknown"]


def test_a_selection_keeps_apart_from_the_tables_that_left_before(true_totals):
    left = Past(frequencies({"a": 453, "all": 453}), frozenset(), true_totals, "first: table")
    flow = judge([as_candidate(attrition([900, 450]))], true_totals, [left])[0]
    assert flow.protected.table["shown"].tolist() == ["yes", "suppressed"]


def test_a_selection_keeps_apart_from_everyone_of_its_population(true_totals):
    beside = replace(frequencies({"a": 453, "all": 453}), card="another card")
    flow = judge([as_candidate(attrition([900, 450])), as_candidate(beside, "table")], true_totals)
    assert flow[0].protected.table["shown"].tolist() == ["yes", "suppressed"]
