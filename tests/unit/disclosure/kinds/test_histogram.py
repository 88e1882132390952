"""Histograms: thin bins are merged, for all groups alike, and totals stay."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.bins import joined, read_bin, read_bins
from justice_analysis.disclosure.kinds.histogram import merged
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import as_candidate
from tests.unit.disclosure.kinds.quantity_examples import (
    controls,
    failures,
    output,
    reviews,
    with_mechanism,
)

BINS = ("0 to 29", "30 to 59", "60 to 89", "90 to 119", "120 or more")


def histogram(groups, bins=BINS, **changes):
    rows = [
        (group, text, people)
        for group, counts in groups.items()
        for text, people in zip(bins, counts, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["group", "bin", "people"])
    return output("histogram", table, ColumnRoles(people="people"), **changes)


def seen(found, group="a"):
    table = found.table[found.table["group"] == group]
    return dict(zip(table["bin"], table["people"], strict=True))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((100, 80, 60, 40, 20), dict(zip(BINS, (100, 80, 60, 40, 20), strict=True))),
        (
            (100, 80, 60, 40, 3),
            {"0 to 29": 100, "30 to 59": 80, "60 to 89": 60, "90 or more": 43},
        ),
        ((3, 80, 60, 40, 20), {"0 to 59": 83, "60 to 89": 60, "90 to 119": 40, BINS[4]: 20}),
        # an inner bin joins the smaller neighbour
        ((100, 80, 4, 40, 20), {"0 to 29": 100, "30 to 59": 80, "60 to 119": 44, BINS[4]: 20}),
        ((100, 0, 0, 0, 20), {"0 to 29": 100, "30 or more": 20}),
    ],
)
def test_thin_bins_join_their_neighbours_until_all_have_enough(srs, counts, expected):
    assert seen(merged(histogram({"a": counts}), srs)) == expected


def test_a_bin_thin_in_one_group_is_merged_in_all(srs):
    found = merged(histogram({"a": (90, 80, 60, 40, 20), "b": (90, 4, 30, 40, 20)}), srs)
    assert set(seen(found, "a")) == set(seen(found, "b"))
    assert seen(found, "a")["30 to 89"] == 140
    assert seen(found, "b")["30 to 89"] == 34


def test_a_group_too_small_for_a_shape_forces_no_merge(srs):
    found = histogram({"a": (90, 80, 60, 40, 20), "b": (3, 4, 3, 2, 20)})
    assert seen(merged(found, srs), "a") == dict(zip(BINS, (90, 80, 60, 40, 20), strict=True))
    released = disclosure.release(as_candidate(found), srs).table
    few = released[(released["group"] == "b") & (released["bin"] != BINS[4])]
    assert few["people"].isna().all()


def test_merging_keeps_the_people_of_every_group(srs):
    found = histogram({"a": (90, 3, 60, 2, 20), "b": (90, 40, 1, 40, 20)})
    before = found.table.groupby("group")["people"].sum()
    after = merged(found, srs).table.groupby("group")["people"].sum()
    assert before.equals(after)


def test_a_released_histogram_is_whole_and_rounded(srs):
    found = histogram({"a": (102, 81, 60, 40, 3)})
    released = disclosure.release(as_candidate(found), srs)
    assert released.table["people"].tolist() == [100, 80, 60, 45]
    assert "5 bins were joined to 4" in " ".join(released.context["controls"])


def test_totals_of_bins_and_groups_are_kept_as_totals(srs):
    found = histogram({"a": (100, 80, 60, 40, 3, 283)}, bins=(*BINS, "all"))
    assert seen(merged(found, srs))["all"] == 283
    assert disclosure.release(as_candidate(found), srs).table["people"].tolist()[-1] == 285


def test_under_none_no_bin_is_merged(srs):
    found = histogram({"a": (100, 80, 60, 40, 3)})
    assert merged(found, with_mechanism(srs, "none")) is found


def test_zeros_that_tell_nothing_need_no_merge(srs):
    found = histogram({"a": (100, 0, 60, 40, 30)})
    lenient = dataclasses.replace(srs, zeros_disclosive=False)
    assert len(seen(merged(found, lenient))) == 5
    assert len(seen(merged(found, srs))) == 4


def test_families_in_merged_bins_are_at_least_those_of_one_of_them(srs):
    found = histogram({"a": (100, 80, 60, 40, 3)})
    table = found.table.assign(families=[50, 40, 30, 20, 3])
    roles = ColumnRoles(people="people", families="families")
    after = merged(dataclasses.replace(found, table=table, roles=roles), srs).table
    assert after["families"].tolist() == [50, 40, 30, 20]


def test_a_merged_bin_of_children_of_few_families_is_hidden(srs):
    found = histogram({"a": (100, 80, 60, 40, 3)}, about="children")
    table = found.table.assign(families=[50, 40, 30, 5, 2])
    roles = ColumnRoles(people="people", families="families")
    children = dataclasses.replace(found, table=table, roles=roles)
    released = disclosure.release(as_candidate(children), srs).table.set_index("bin")
    assert pd.isna(released.loc["90 or more", "people"])
    assert released.loc["0 to 29", "people"] == 100


@pytest.mark.parametrize(
    ("bins", "said"),
    [
        (("7 to 29", "30 to 59", "60 or more"), "the first bin"),
        (("0 to 29", "30 to 59", "60 to 94"), "the last bin"),
        (("0 to 29", "30 to 59", "60 to 89"), ""),
        (("under 30", "30 to 59", "60 or more"), ""),
    ],
)
def test_outer_edges_must_be_open_or_round(srs, bins, said):
    found = reviews(histogram({"a": (50, 50, 50)}, bins=bins), srs)
    assert (said in found) if said else found == ""


def test_an_edge_that_the_definition_sets_is_no_one_s_value(srs):
    bins = ("18 to 24", "25 to 29", "30 to 34", "35 or more")
    options = {"quantity": "age in years"}
    found = histogram({"a": (50, 50, 50, 50)}, bins=bins, options=options)
    assert "the first bin" in reviews(found, srs)
    declared = dataclasses.replace(found, options={**options, "limits": [18]})
    assert reviews(declared, srs) == ""


@pytest.mark.parametrize(
    "bins", [("0 to 29", "40 to 59"), ("0 to 29", "20 to 59"), ("young", "old")]
)
def test_bins_with_gaps_overlaps_or_no_edges_fail(srs, bins):
    assert "without gaps" in failures(histogram({"a": (50, 50)}, bins=bins), srs)


def test_a_missing_bin_of_a_group_is_for_a_person(srs):
    found = histogram({"a": (50,) * 5, "b": (50,) * 5})
    holed = dataclasses.replace(found, table=found.table.drop(index=7).reset_index(drop=True))
    assert "a row for every bin" in reviews(holed, srs)


def test_too_few_people_for_two_bins_is_refused(srs):
    found = histogram({"a": (3, 4, 2, 1, 5)})
    assert "for any two" in reviews(found, srs)
    with pytest.raises(DisclosureError, match="review"):
        disclosure.release(as_candidate(found), srs)


def test_shares_of_bins_are_for_a_person(srs):
    found = histogram({"a": (50,) * 5})
    table = found.table.assign(share=0.2)
    roles = ColumnRoles(people="people", estimate=("share",))
    with_shares = dataclasses.replace(found, table=table, roles=roles)
    assert "counts only" in reviews(with_shares, srs)


def test_a_table_of_the_same_people_does_not_undo_a_merge(srs):
    """The total in another output less the merged bins is nobody's count."""
    found = histogram({"a": (100, 80, 60, 40, 3)})
    table = pd.DataFrame({"group": ["a"], "people": [283]})
    total = output("table", table, ColumnRoles(people="people"))
    judged = judge([as_candidate(found, "one"), as_candidate(total, "two")], srs)
    assert [one.verdict.status for one in judged] == ["pass", "pass"]
    assert (judged[0].protected.table["people"] >= 10).all()


def people_of(decision):
    table = decision.protected.table
    return table.loc[table["shown"] == "yes", "people"]


def test_bins_joined_otherwise_in_two_outputs_do_not_give_a_thin_one_away(srs):
    """Of everyone, 3 lie from 30 to 59: one output joins them downwards, the other upwards."""
    alone = histogram({"all": (40, 3, 100, 40, 20)})
    split = histogram({"all": (40, 3, 100, 40, 20), "b": (38, 1, 2, 30, 17)})
    cells = (seen(merged(alone, srs), "all"), seen(merged(split, srs), "all"))
    assert cells[0] != cells[1]
    first, second = judge([as_candidate(alone, "one"), as_candidate(split, "two")], srs)
    shown = [
        set(one.protected.table.loc[one.protected.table["shown"] == "yes", "bin"])
        for one in (first, second)
    ]
    assert not ({"0 to 59"} <= shown[0] and {"0 to 29"} <= shown[1])
    assert (people_of(first) >= 10).all()


def test_a_table_that_shows_one_of_the_joined_bins_gives_the_other_away(srs):
    found = histogram({"all": (40, 3, 100, 40, 20)})
    table = pd.DataFrame({"group": ["all"], "bin": ["0 to 29"], "people": [40]})
    beside = output("table", table, ColumnRoles(people="people"))
    alone = judge([as_candidate(beside, "two")], srs)[0]
    assert people_of(alone).tolist() == [40]
    first, second = judge([as_candidate(found, "one"), as_candidate(beside, "two")], srs)
    assert second.protected is None or "0 to 59" not in set(
        first.protected.table.loc[first.protected.table["shown"] == "yes", "bin"]
    )


def test_bins_of_other_edges_of_the_same_people_are_for_a_person(srs):
    one = histogram({"a": (50,) * 5})
    other = histogram({"a": (50,) * 3}, bins=("0 to 19", "20 to 39", "40 or more"))
    judged = judge([as_candidate(one, "one"), as_candidate(other, "two")], srs)
    assert [decision.verdict.status for decision in judged] == ["review", "review"]
    assert "other edges" in judged[0].verdict.reasons[0]
    elsewhere = dataclasses.replace(other, population_hash="p2")
    judged = judge([as_candidate(one, "one"), as_candidate(elsewhere, "two")], srs)
    assert [decision.verdict.status for decision in judged] == ["pass", "pass"]


def test_where_everything_is_rounded_alone_no_bin_is_merged(srs):
    found = histogram({"a": (100, 80, 60, 40, 3)})
    assert merged(found, with_mechanism(srs, "round")) is found


def test_controls_say_what_was_joined(srs):
    assert "joined" in controls(histogram({"a": (100, 80, 60, 40, 3)}), srs)
    assert "joined" not in controls(histogram({"a": (100, 80, 60, 40, 30)}), srs)


@pytest.mark.parametrize(
    ("text", "low", "end"),
    [
        ("0 to 29", 0, 30),
        ("1,000 to 1,999", 1000, 2000),
        ("0 to under 2.5", 0, 2.5),
        ("90 or more", 90, float("inf")),
        ("90 and over", 90, float("inf")),
        ("under 10", float("-inf"), 10),
        ("up to 9", float("-inf"), 10),
        ("5", 5, 6),
    ],
)
def test_bins_are_read_as_people_write_them(text, low, end):
    found = read_bin(text)
    assert (found.low, found.end) == (low, end)


@pytest.mark.parametrize(
    ("texts", "text"),
    [
        (["0 to 29", "30 to 59"], "0 to 59"),
        (["under 10", "10 to 19"], "under 20"),
        (["60 to 89", "90 or more"], "60 or more"),
        (["0 to under 2.5", "2.5 to under 5"], "0 to under 5"),
        (["1", "2", "3"], "1 to 3"),
        (["1,000 to 1,999", "2,000 to 2,999"], "1,000 to 2,999"),
        (["under 10", "10 or more"], "any"),
    ],
)
def test_joined_bins_are_written_like_those_they_were_made_of(texts, text):
    assert joined(read_bins(texts)).text == text
