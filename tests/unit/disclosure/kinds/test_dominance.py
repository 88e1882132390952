"""Dominance: nobody, and no organisation, may make up most of a number."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import as_candidate
from tests.unit.disclosure.kinds.quantity_examples import (
    BODIES,
    LARGEST,
    failures,
    output,
    reviews,
    sums,
    thin,
    with_mechanism,
)


@pytest.mark.parametrize(
    ("largest", "hidden"),
    [
        ((500, 400), set()),
        ((500, 450), {"a"}),  # 95% of the total is two people's
        ((930, 30), {"a"}),  # what is left, 40, is less than a tenth of 930
        ((700, 190), set()),  # 89%, and 110 is left
    ],
)
def test_a_sum_that_one_or_two_people_make_up_is_hidden(srs, largest, hidden):
    assert thin(sums({"a": (40, 1000, *largest)}), srs) == hidden


def test_exactly_the_share_allowed_is_shown(srs):
    assert thin(sums({"a": (40, 1000, 600, 300)}), srs) == set()


def test_the_p_ratio_alone_can_hide_a_sum(srs):
    lenient = dataclasses.replace(srs, dominance_k=1)
    assert thin(sums({"a": (40, 1000, 800, 130)}), lenient) == {"a"}
    assert thin(sums({"a": (40, 1000, 800, 110)}), lenient) == set()


def test_the_n_k_rule_alone_can_hide_a_sum(srs):
    lenient = dataclasses.replace(srs, p_ratio=0)
    assert thin(sums({"a": (40, 1000, 500, 450)}), lenient) == {"a"}


def with_bodies(rows, **changes):
    columns = ["group", "people", "total", *LARGEST, "bodies", *BODIES]
    table = pd.DataFrame([(group, *row) for group, row in rows.items()], columns=columns)
    roles = ColumnRoles(
        people="people",
        total="total",
        largest=LARGEST,
        organisations="bodies",
        largest_organisations=BODIES,
    )
    return output("magnitude", table, roles, **changes)


def test_a_sum_that_one_organisation_makes_up_is_hidden(srs):
    rows = {"a": (99, 1000, 30, 30, 5, 950, 20), "b": (99, 1000, 30, 30, 5, 300, 200)}
    assert thin(with_bodies(rows), srs) == {"a"}


@pytest.mark.parametrize(("bodies", "hidden"), [(1, {"a"}), (2, {"a"}), (3, set()), (0, set())])
def test_too_few_organisations_are_hidden_and_none_is_no_organisation(srs, bodies, hidden):
    assert thin(with_bodies({"a": (99, 1000, 30, 30, bodies, 300, 200)}), srs) == hidden


def test_organisations_without_a_total_add_people(srs):
    table = pd.DataFrame(
        {"bin": ["0 to 29", "30 or more"], "people": [100, 100], "one": [95, 40], "two": [3, 30]}
    )
    roles = ColumnRoles(people="people", largest_organisations=("one", "two"))
    assert thin(output("histogram", table, roles), srs) == {"0 to 29"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((40, 1000, -5, -9), "not be negative"),
        ((40, 1000, 100, 200), "falling order"),
        ((40, 1000, 700, 400), "not add up to more than the total"),
        ((40, 1000, 700, float("nan")), "be given"),
    ],
)
def test_contributions_that_cannot_be_fail_without_a_value_said(srs, row, said):
    reasons = failures(sums({"a": row, "b": (40, 1000, 10, 9)}), srs)
    assert said in reasons
    assert "1 rows do not" in reasons
    assert "700" not in reasons


def test_an_error_of_floating_numbers_is_no_failure(srs):
    assert failures(sums({"a": (40, 0.3, 0.1 + 0.2, 0)}), srs) == ""


def test_a_rule_that_looks_at_more_contributions_than_are_given_is_for_a_person(srs):
    three = dataclasses.replace(srs, dominance_n=3)
    assert "3 largest people must be given" in reviews(sums({"a": (40, 1000, 20, 10)}), three)
    assert reviews(sums({"a": (40, 1000, 20, 10)}), srs) == ""


def by_force(**changes):
    table = pd.DataFrame(
        {
            "group": ["all", "a", "b", "c"],
            "people": [300, 100, 100, 100],
            "one": [150, 95, 50, 40],
            "two": [60, 3, 40, 30],
        }
    )
    roles = ColumnRoles(people="people", largest_organisations=("one", "two"))
    return output("table", table, roles, **changes)


def test_a_count_that_one_force_makes_up_is_hidden_and_does_not_come_back(srs):
    released = disclosure.release(as_candidate(by_force()), with_mechanism(srs, "suppress"))
    shown = released.table.set_index("group")["people"]
    assert shown[["all", "a", "b", "c"]].isna().tolist() == [False, True, True, False]


def test_a_table_whose_forces_hold_more_people_than_there_are_is_refused(srs):
    found = by_force()
    wrong = dataclasses.replace(found, table=found.table.assign(one=500))
    with pytest.raises(DisclosureError, match="not add up to more than the total"):
        disclosure.release(as_candidate(wrong), srs)


@pytest.mark.parametrize("each", [1.0, 100.0])
def test_a_sum_to_which_everyone_adds_the_same_is_a_count(srs, each):
    """Four of 400 people returned: a total of four, or a mean of 0.01, would say so."""
    returned = sums({"a": (400, 4 * each, each, each), "b": (300, 60 * each, each, each)})
    assert "count people" in reviews(returned, srs)
    alone = sums({"a": (400, each, each, 0.0), "b": (300, 0.0, 0.0, 0.0)})
    assert "count people" in reviews(alone, srs)
    table = returned.table.assign(mean=returned.table["total"] / returned.table["people"])
    roles = ColumnRoles(
        people="people", estimate=("mean",), statistic={"mean": "mean"}, largest=LARGEST
    )
    assert "count people" in reviews(output("summary", table.drop(columns="total"), roles), srs)


def test_a_sum_of_unlike_amounts_is_no_count(srs):
    assert not reviews(sums({"a": (400, 40.0, 2.0, 1.0), "b": (300, 60.0, 2.0, 2.0)}), srs)
    assert not reviews(sums({"a": (400, 40.5, 1.0, 1.0), "b": (300, 60.0, 1.0, 1.0)}), srs)
