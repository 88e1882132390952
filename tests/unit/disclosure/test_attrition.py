"""Attrition shows no small loss."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.attrition import steps_shown
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import as_candidate, frequencies


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


def test_large_losses_are_shown_rounded(srs):
    table = disclosure.release(as_candidate(attrition([203, 183, 121])), srs).table
    assert table["people"].tolist() == [205, 185, 120]
    assert table["people_excluded"].tolist() == [0, 20, 60]


def test_people_left_may_not_rise(srs):
    output = attrition([100, 100])
    output.table["people"] = [100, 150]
    with pytest.raises(DisclosureError, match="must not rise"):
        disclosure.release(as_candidate(output), srs)
