"""Tables and estimates: who is hidden, what is rounded, what a rate may say."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.judge import judge
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import as_candidate, frequencies, shares


def shown(released, column: str, name: str = "age") -> dict:
    table = released.table
    return {
        row[name]: row[column] if row["shown"] == "yes" else None
        for row in table.to_dict("records")
    }


@pytest.mark.parametrize(("people", "seen"), [(0, None), (1, None), (9, None), (10, 10), (11, 10)])
def test_a_row_is_shown_from_ten_people(srs, people, seen):
    output = frequencies({"a": people, "b": 40, "c": 60, "d": 33})
    assert shown(disclosure.release(as_candidate(output), srs), "people")["a"] == seen


def test_every_count_and_total_is_rounded_by_itself(srs):
    output = frequencies({"all": 103, "a": 41, "b": 23, "c": 39})
    seen = shown(disclosure.release(as_candidate(output), srs), "people")
    assert seen == {"all": 105, "a": 40, "b": 25, "c": 40}


def test_zeros_are_shown_where_the_profile_says_they_tell_nothing(srs):
    lenient = dataclasses.replace(srs, zeros_disclosive=False)
    output = frequencies({"a": 0, "b": 40})
    assert shown(disclosure.release(as_candidate(output), lenient), "people") == {"a": 0, "b": 40}


def test_a_lone_hidden_cell_that_its_total_gives_away_takes_another_with_it(srs):
    """120 in all, 3 of them young: a total of 117 or one hidden cell alone would say so."""
    counts = {"all": 120, "a": 3, "b": 117}
    seen = shown(disclosure.release(as_candidate(frequencies(counts)), srs), "people")
    assert seen == {"all": 120, "a": None, "b": None}


def test_hidden_cells_that_together_stay_under_the_threshold_take_a_third(srs):
    counts = {"all": 1002, "a": 1, "b": 1, "c": 402, "d": 598}
    seen = shown(disclosure.release(as_candidate(frequencies(counts)), srs), "people")
    assert seen["a"] is seen["b"] is seen["c"] is None
    assert seen["d"] == 600


def test_a_total_in_another_output_of_the_population_gives_a_hidden_cell_away(srs):
    by_age = frequencies({"a": 3, "b": 117})
    total = frequencies({"all": 120})
    alone = disclosure.release(as_candidate(by_age), srs)
    assert shown(alone, "people") == {"a": None, "b": 115}
    together = judge([as_candidate(by_age), as_candidate(total, "total")], srs)
    assert together[0].verdict.status == "fail"  # nothing is left to show
    assert together[1].verdict.status == "pass"


def test_two_versions_of_a_total_that_differ_by_a_few_are_not_both_shown(srs):
    first = frequencies({"all": 1000}, population_hash="look-back 0")
    second = frequencies({"all": 1004}, population_hash="look-back 1")
    far = frequencies({"all": 1100}, population_hash="look-back 2")
    judged = judge([as_candidate(o) for o in (first, second, far)], srs)
    assert sorted(j.verdict.status for j in judged[:2]) == ["fail", "pass"]
    assert judged[2].verdict.status == "pass"


def test_two_areas_of_nearly_one_size_are_not_versions_of_one_count(srs):
    first = frequencies({"all": 1000}, population_hash="a", options={"area": "region:1"})
    second = frequencies({"all": 1004}, population_hash="b", options={"area": "region:2"})
    judged = judge([as_candidate(first), as_candidate(second)], srs)
    assert [j.verdict.status for j in judged] == ["pass", "pass"]


def test_one_group_counted_for_two_metrics_options_is_one_cell(srs):
    """Otherwise each could hide another group, and both together would hide none."""
    first = frequencies({"all": 200, "a": 3, "b": 97, "c": 100}, population_hash="p1")
    second = frequencies({"a": 3, "b": 97}, population_hash="p2")
    judged = judge([as_candidate(first), as_candidate(second)], srs)
    hidden = [set(j.protected.table.query("shown == 'suppressed'")["age"]) for j in judged]
    assert hidden[1] <= hidden[0]


def test_crossed_totals_are_attacked_in_both_directions(srs):
    rows = [
        ("m", "x", 4),
        ("m", "y", 46),
        ("m", "all", 50),
        ("f", "x", 56),
        ("f", "y", 44),
        ("f", "all", 100),
        ("all", "x", 60),
        ("all", "y", 90),
        ("all", "all", 150),
    ]
    table = pd.DataFrame(rows, columns=["sex", "area", "people"])
    output = frequencies(
        {"all": 1}, table=table, dimensions=("sex", "area"), places={"area": "region"}
    )
    exact = dataclasses.replace(srs, rounding_base=1)
    released = disclosure.release(as_candidate(output), exact).table.set_index(["sex", "area"])
    hidden = released["shown"] == "suppressed"
    assert hidden["m", "x"]
    assert hidden.sum() >= 4  # a lone pair in a row would fall to its column


@pytest.mark.parametrize(
    ("people", "returned", "is_shown"),
    [
        (100, 9, False),
        (100, 10, True),
        (100, 90, True),
        (100, 91, False),
        (100, 100, False),
        (20, 10, True),
        (19, 10, False),
        (100, 0, False),
    ],
)
def test_both_those_with_and_without_the_outcome_are_people(srs, people, returned, is_shown):
    output = shares([("a", 5, people, returned), ("b", 5, 1000, 300)])
    released = disclosure.release(as_candidate(output), srs)
    assert (shown(released, "estimate", "group")["a"] is not None) is is_shown


def test_a_rate_says_no_more_than_the_rounded_counts_beside_it(srs):
    seen = set()
    for returned in range(98, 103):
        output = shares([("a", 5, 501, returned)])
        row = disclosure.release(as_candidate(output), srs).table.iloc[0]
        assert row["estimate"] == row["returned"] / row["people"]
        seen.add((row["returned"], row["people"], row["estimate"]))
    assert seen == {(100, 500, 0.2)}


def test_an_interval_does_not_tell_the_exact_count(srs):
    bounds = set()
    for returned in range(98, 103):
        row = disclosure.release(as_candidate(shares([("a", 5, 501, returned)])), srs).table.iloc[0]
        bounds.add((row["lower"], row["upper"]))
        assert row["lower"] <= row["estimate"] <= row["upper"]
    assert len(bounds) == 1


def test_an_estimate_that_allows_for_censoring_is_rounded_to_a_step_of_a_base_of_people(srs):
    for at_risk, shown_share in ((501, 0.22), (101, 0.2)):  # steps of 2 and 10 points
        output = shares([("a", 5, 501, 100)], plain=False, at_risk=at_risk)
        row = disclosure.release(as_candidate(output), srs).table.iloc[0]
        assert row["estimate"] == shown_share  # 0.2119


def test_an_estimate_that_rests_on_few_still_followed_is_hidden_and_tells_not_how_many(srs):
    rows = [("a", 5, 501, 100), ("b", 5, 502, 110), ("c", 5, 503, 120)]
    output = shares(rows, plain=False, at_risk=[9, 300, 0])
    table = disclosure.release(as_candidate(output), srs).table.set_index("group")
    assert table["shown"].to_dict() == {"a": "suppressed", "b": "yes", "c": "suppressed"}
    assert table.loc[["a", "c"], ["people", "returned", "estimate", "lower"]].isna().all(axis=None)
    assert "at_risk" not in table.columns


def test_a_plain_share_needs_no_one_still_followed(srs):
    table = disclosure.release(as_candidate(shares([("a", 5, 501, 100)], at_risk=0)), srs).table
    assert (table["shown"] == "yes").all()


def test_an_estimate_that_allows_for_censoring_without_people_at_risk_has_no_rule(srs):
    output = shares([("a", 5, 501, 100)], plain=False)
    with pytest.raises(DisclosureError, match=r"\(review\): estimates that are not .*at_risk"):
        disclosure.release(as_candidate(output), srs)


def test_one_region_beside_a_table_of_every_region_is_for_a_person_to_review(srs):
    rows = [("region:1", 5, 300, 100), ("region:2", 5, 900, 400)]
    by_region = shares(rows, options={"area": None, "by": "region"})
    alone = shares(rows[:1], options={"area": "region:1"}, population_hash="p2")
    other = shares(rows[:1], options={"area": "region:1"}, population_hash="p2", card="other")
    judged = judge([as_candidate(by_region, "regions"), as_candidate(alone, "one")], srs)
    assert [j.verdict.status for j in judged] == ["review", "review"]
    assert all("one (" in j.verdict.reasons[0] for j in judged)
    assert all("regions (" in j.verdict.reasons[0] for j in judged)
    apart = judge([as_candidate(by_region, "regions"), as_candidate(other, "one")], srs)
    assert [j.verdict.status for j in apart] == ["pass", "pass"]


def test_a_column_may_not_take_the_name_of_the_mark_of_synthetic_data(srs):
    output = frequencies({"a": 50})
    table = output.table.rename(columns={"age": "data"})
    named = dataclasses.replace(output, table=table, dimensions=("data",))
    with pytest.raises(DisclosureError, match="no column may be named data"):
        disclosure.release(as_candidate(named), srs)


def test_few_people_between_two_horizons_hide_one_of_them(srs):
    rows = [("a", "1 year", 1000, 100), ("a", "5 years", 1000, 200), ("a", "10 years", 1000, 204)]
    seen = shown(disclosure.release(as_candidate(shares(rows)), srs), "returned", "horizon")
    assert seen == {"1 year": 100, "5 years": None, "10 years": 205}


def test_groups_of_equal_size_are_still_groups(srs):
    """Two halves of 216 are not one group counted twice: the total must not give 9 away."""
    total = shares([("all", "91 days", 432, 20)])
    halves = shares([("No", "91 days", 216, 11), ("Yes", "91 days", 216, 9)])
    judged = judge([as_candidate(total), as_candidate(halves)], srs)
    assert judged[0].verdict.status == "pass"
    assert judged[1].verdict.status == "fail"  # 11 would give 9 away, so nothing is left


def test_a_hidden_group_is_hidden_with_its_statistics(srs):
    rows = [("all", 5, 1000, 300), ("a", 5, 700, 200), ("b", 5, 292, 95), ("c", 5, 8, 5)]
    table = disclosure.release(as_candidate(shares(rows)), srs).table.set_index("group")
    assert table.loc["c", ["people", "returned", "estimate", "lower", "upper"]].isna().all()
    assert table.loc["c", "shown"] == "suppressed"
    # c's returned can't be had from the others, since another group is hidden too
    assert (table["shown"] == "suppressed").sum() >= 2


@pytest.mark.parametrize("value", [-1, 2.5, float("nan")])
def test_counts_that_cannot_be_counts_are_refused(srs, value):
    output = frequencies({"a": 50, "b": 40})
    output.table["people"] = [50.0, value]
    with pytest.raises(DisclosureError, match=r"\(fail\): counts in people must"):
        disclosure.release(as_candidate(output), srs)


def test_statistics_without_a_rule_are_for_a_person_to_review(srs):
    output = shares([("a", 5, 500, 100)], at_risk=400)
    output.table["estimate"] = 731.0
    with pytest.raises(DisclosureError, match=r"\(review\): estimate must lie from 0 to 1"):
        disclosure.release(as_candidate(output), srs)
    roles = ColumnRoles(people="people", estimate=("median_days",))
    table = pd.DataFrame({"group": ["a"], "people": [50], "median_days": [0.5]})
    median = frequencies({"a": 1}, table=table, dimensions=("group",), roles=roles)
    with pytest.raises(DisclosureError, match="must name their numerator"):
        disclosure.release(as_candidate(median), srs)


def test_groups_that_overlap_are_for_a_person_to_review(srs):
    output = frequencies({"all": 100, "a": 60, "b": 70})
    with pytest.raises(DisclosureError, match="must not overlap"):
        disclosure.release(as_candidate(output), srs)


def test_more_than_five_dimensions_of_totals_are_for_a_person_to_review(srs):
    names = list("uvwxyz")
    table = pd.DataFrame({name: ["all", "a"] for name in names} | {"people": [500, 500]})
    output = frequencies({"a": 1}, table=table, dimensions=tuple(names))
    with pytest.raises(DisclosureError, match="at most 5 dimensions"):
        disclosure.release(as_candidate(output), srs)


def test_open_data_is_shown_as_it_is():
    output = shares([("a", 5, 8, 3)])
    row = disclosure.release(as_candidate(output), "open").table.iloc[0]
    assert (row["people"], row["returned"], row["estimate"]) == (8, 3, 3 / 8)


def counted_with(count: list[int], **roles: object):
    table = pd.DataFrame({"age": ["a", "b"], "people": [40, 50], "women": count})
    named = ColumnRoles(people="people", count=("women",), **roles)
    return frequencies({}, table=table, roles=named)


def test_a_count_that_leaves_few_others_must_say_whom_it_counts(srs):
    judged = judge([as_candidate(counted_with([36, 20]))], srs)[0]
    assert judged.verdict.status == "review"
    assert "women leaves fewer than 10 people without it in 1 rows" in judged.verdict.reasons[0]


@pytest.mark.parametrize(
    ("count", "roles"),
    [([30, 20], {}), ([36, 20], {"people_behind": {"women": "people"}}), ([40, 50], {})],
)
def test_a_count_that_leaves_enough_others_or_counts_events_passes(srs, count, roles):
    judged = judge([as_candidate(counted_with(count, **roles))], srs)[0]
    assert judged.verdict.status == "pass"
