"""Three ways to protect: hide and keep true totals, round by itself, hide then round."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.profiles.profile import Profile
from tests.unit.disclosure.crossed import Slow, margins_of, small_groups
from tests.unit.disclosure.examples import as_candidate, curve, frequencies, shares
from tests.unit.disclosure.kinds.test_attrition import attrition


def under(profile: Profile, mechanism: str, **changes: object) -> Profile:
    kinds = dict.fromkeys(profile.mechanism, mechanism)
    base = {"rounding_base": 25} if mechanism == "round" else {}
    return dataclasses.replace(profile, mechanism=kinds, **{**base, **changes})


def shown(judged, column: str, name: str = "age") -> dict:
    table = judged.protected.table
    return {row[name]: row[column] if row["shown"] == "yes" else None
            for row in table.to_dict("records")}  # fmt: skip


@pytest.mark.parametrize("mechanism", ["suppress", "suppress_then_round"])
def test_a_cell_of_3_in_120_is_safe(srs, mechanism):
    """The example that a tool at hand prints a total of 117 for."""
    people = np.array([[3, 37], [41, 39]])
    table = margins_of(people, totals=("sex", "age"))
    profile = under(srs, mechanism)
    judged = judge([as_candidate(table)], profile)[0]
    assert judged.verdict.status == "pass"
    left = judged.protected.table
    total = left[(left["sex"] == "all") & (left["age"] == "all")].iloc[0]
    assert total["people"] == 120
    slow = Slow(people.shape)
    slow.see(table, left, base=1 if mechanism == "suppress" else 5)
    low, high = slow.range_of({"sex": "0.", "age": "0."})
    assert low <= 0
    assert high >= 10


def test_suppressed_tables_keep_true_counts_and_exact_shares(srs):
    output = shares([("all", 5, 1003, 301), ("a", 5, 502, 151), ("b", 5, 501, 150)])
    table = judge([as_candidate(output)], under(srs, "suppress"))[0].protected.table
    assert table["people"].tolist() == [1003, 502, 501]
    assert table["estimate"].tolist() == [301 / 1003, 151 / 502, 150 / 501]


def test_an_interval_beside_true_counts_says_no_more_than_they(srs):
    output = shares([("a", 5, 501, 150)])
    output.table["lower"] = 0.2  # from records that the counts do not tell of
    row = judge([as_candidate(output)], under(srs, "suppress"))[0].protected.table.iloc[0]
    assert 0.25 < row["lower"] < row["estimate"] < row["upper"] < 0.35


def test_an_estimate_that_allows_for_censoring_is_rounded_beside_true_counts(srs):
    output = shares([("a", 5, 501, 100)], plain=False, at_risk=101)
    row = judge([as_candidate(output)], under(srs, "suppress", rounding_base=1))[0]
    assert row.protected.table.iloc[0]["estimate"] == 0.2  # 0.2119, to ten points


def test_true_totals_hide_as_many_rows_as_they_must(srs):
    counts = {"all": 120, "a": 3, "b": 47, "c": 70}
    seen = shown(judge([as_candidate(frequencies(counts))], under(srs, "suppress"))[0], "people")
    assert seen == {"all": 120, "a": None, "b": None, "c": 70}


def test_rounding_alone_hides_nothing_where_small_counts_may_be_nobody_or_the_minimum(srs):
    counts = {"all": 170, "a": 3, "b": 97, "c": 70}
    judged = judge([as_candidate(frequencies(counts))], under(srs, "round"))[0]
    assert shown(judged, "people") == {"all": 175, "a": 0, "b": 100, "c": 75}


def test_rounding_alone_fails_where_sums_tell_and_names_the_least_base_that_would_do(srs):
    """31 at most less 11 at least twice leaves at most 9 people; with base 22 it may be 10."""
    counts = {"all": 31, "a": 9, "b": 11, "c": 11}
    judged = judge([as_candidate(frequencies(counts))], under(srs, "round", rounding_base=21))[0]
    assert judged.verdict.status == "fail"
    assert "1 counts are known more closely. Base 22 would do." in judged.verdict.reasons[0]
    wider = judge([as_candidate(frequencies(counts))], under(srs, "round", rounding_base=22))[0]
    assert shown(wider, "people") == {"all": 22, "a": 0, "b": 22, "c": 22}


def test_what_may_be_hidden_is_hidden_to_keep_what_is_only_rounded(srs):
    """188 in all, said as it is, less 179 to 199 of the others leaves 9 at most."""
    mixed = dataclasses.replace(
        srs, rounding_base=21, mechanism={"table": "round", "estimates": "suppress"}
    )
    groups, total = frequencies({"a": 9, "b": 179}), shares([("all", 5, 188, 94)])
    judged = judge([as_candidate(groups), as_candidate(total, "total")], mixed)
    assert [one.verdict.status for one in judged] == ["pass", "fail"]
    assert judged[1].verdict.reasons == ("no row of it may be shown.",)


def test_rounding_alone_shows_no_estimate_that_rests_on_few(srs):
    output = shares([("a", 5, 501, 100), ("b", 5, 502, 110)], plain=False, at_risk=[9, 300])
    judged = judge([as_candidate(output)], under(srs, "round"))[0]
    assert judged.verdict.status == "fail"
    assert "rounding to base 25" in judged.verdict.reasons[0]


def test_a_selection_that_loses_few_fails_where_nothing_may_be_hidden(srs):
    lost = judge([as_candidate(attrition([203, 200, 120]))], under(srs, "round"))[0]
    assert lost.verdict.status == "fail"
    assert "rounding alone does not keep" in lost.verdict.reasons[0]


def test_a_selection_shows_true_numbers_where_it_hides_small_losses(srs):
    table = judge([as_candidate(attrition([203, 200, 121]))], under(srs, "suppress"))[0]
    assert table.protected.table["people"].tolist()[1:] == [200, 121]


DAILY = [(day, 2 + day % 2, 1) for day in range(1, 101)]


def test_a_curve_alone_shows_true_numbers_of_people_at_steps_of_ten(srs):
    table = judge([as_candidate(curve({"a": DAILY}))], under(srs, "suppress"))[0].protected.table
    seen = table[table["shown"] == "yes"]
    assert (seen["people"] == 350).all()
    assert (seen["at_risk"] % 5 != 0).any()
    assert (-seen["at_risk"].diff().dropna() >= 10).all()
    assert not set(curve({"a": DAILY}).table["estimate"]) & set(seen["estimate"])


def test_people_at_risk_are_rounded_where_everyones_curve_stands_beside_its_groups(srs):
    doubled = [(day, 2 * events, 2 * censored) for day, events, censored in DAILY]
    output = curve({"all": doubled, "a": DAILY, "b": DAILY})
    table = judge([as_candidate(output)], under(srs, "suppress"))[0].protected.table
    seen = table[table["shown"] == "yes"]
    assert (seen["at_risk"] % 5 == 0).all()
    assert (seen.loc[seen["group"] == "a", "people"] == 350).all()


def test_kinds_of_different_mechanisms_are_judged_together(srs):
    """The table's true total leaves 9 of 120 less 111 exactly: the rounded one must hide too."""
    mixed = dataclasses.replace(
        srs, mechanism={"table": "suppress", "estimates": "suppress_then_round"}
    )
    total = frequencies({"all": 120})
    groups = shares([("a", 5, 111, 50), ("b", 5, 9, 4)])
    together = judge([as_candidate(total), as_candidate(groups, "groups")], mixed)
    told = [one.verdict.status for one in together]
    assert told in (["pass", "fail"], ["fail", "pass"])
    alone = judge([as_candidate(groups, "groups")], mixed)[0]
    assert shown(alone, "people", "group") == {"a": 110, "b": None}


def test_class_disclosure_is_a_rule_of_its_own(srs):
    """Zeros may be shown, but not that everyone of a group is in one class."""
    lenient = dataclasses.replace(srs, zeros_disclosive=False, class_disclosure=False)
    strict = dataclasses.replace(srs, zeros_disclosive=False)
    table = pd.DataFrame(
        [("m", "x", 40), ("m", "y", 0), ("m", "all", 40), ("f", "x", 60), ("f", "y", 50),
         ("f", "all", 110)],
        columns=["sex", "offence", "people"],
    )  # fmt: skip
    output = frequencies({"a": 1}, table=table, dimensions=("sex", "offence"))
    free = judge([as_candidate(output)], lenient)[0].protected.table
    assert (free["shown"] == "yes").all()
    kept = judge([as_candidate(output)], strict)[0].protected.table.set_index(["sex", "offence"])
    assert kept.loc[("m", "x"), "shown"] == kept.loc[("m", "y"), "shown"] == "suppressed"
    assert kept.loc[("f", "y"), "shown"] == "yes"


@pytest.mark.parametrize("returned", [0, 100])
def test_a_share_of_all_or_nobody_is_hidden_where_classes_are_protected(srs, returned):
    strict = dataclasses.replace(srs, zeros_disclosive=False)
    lenient = dataclasses.replace(strict, class_disclosure=False)
    output = shares([("a", 5, 100, returned), ("b", 5, 1000, 300)])
    assert shown(judge([as_candidate(output)], strict)[0], "estimate", "group")["a"] is None
    assert shown(judge([as_candidate(output)], lenient)[0], "estimate", "group")["a"] is not None


def test_a_row_of_few_families_cannot_be_worked_out_from_its_total(srs):
    rows = pd.DataFrame(
        {"age": ["all", "a", "b", "c"], "people": [300, 40, 120, 140], "families": [90, 4, 30, 56]}
    )
    roles = dataclasses.replace(frequencies({"a": 1}).roles, families="families")
    output = frequencies({"a": 1}, table=rows, roles=roles, about="children")
    judged = judge([as_candidate(output)], under(srs, "suppress"))[0]
    seen = shown(judged, "people")
    assert seen["a"] is None
    assert list(seen.values()).count(None) == 2
    assert "families" not in judged.protected.table


@pytest.mark.parametrize("mechanism", ["suppress", "suppress_then_round"])
@pytest.mark.parametrize("seed", range(4))
def test_no_small_cell_of_three_crossed_dimensions_is_known(srs, mechanism, seed):
    random = np.random.default_rng(seed)
    people = np.where(random.random((2, 3, 3)) < 0.3, random.integers(0, 12, (2, 3, 3)), 60)
    output = margins_of(people, totals=("sex", "age", "offence")[: seed % 4])
    judged = judge([as_candidate(output)], under(srs, mechanism))[0]
    assert judged.verdict.status == "pass", judged.verdict.reasons
    slow = Slow(people.shape)
    slow.see(output, judged.protected.table, base=1 if mechanism == "suppress" else 5)
    for group in small_groups(output):
        low, high = slow.range_of(group)
        assert low <= 1e-6
        assert high >= 10 - 1e-6
