"""Curves move in steps of enough people and end before they get thin."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.curves import Step, published_steps
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import as_candidate, curve, shares

DAILY = [(day, 2 + day % 2, 1) for day in range(1, 101)]


def released(output, profile):
    table = disclosure.release(as_candidate(output), profile).table
    return table[table["shown"] == "yes"]


def test_each_step_has_ten_leavers_ten_events_or_none_and_ten_at_risk():
    at_risk = [100, 96, 91, 90, 80, 70, 15, 9]
    events = [2, 2, 2, 6, 0, 3, 5, 1]
    assert published_steps(at_risk, events, minimum=10, leaving=10) == (
        Step(3, 3),  # 10 left since the first time, 12 had the event
        Step(4, 4),  # no event since: flat
        Step(5, 4),  # 3 events are too few to show: the estimate waits
        Step(6, 4),  # 8 still too few
    )


def test_nine_leavers_are_too_few_for_a_step_and_ten_are_enough():
    for leavers, count in ((9, 1), (10, 2)):
        steps = published_steps([100, 100 - leavers], [0, 0], minimum=10, leaving=10)
        assert len(steps) == count


def test_a_curve_ends_where_fewer_than_ten_are_at_risk(srs):
    seen = released(curve({"a": DAILY}), srs)
    assert seen["at_risk"].min() >= 10
    assert seen["day"].max() < 100
    assert len(seen) > 10


def test_people_at_risk_are_rounded_and_daily_counts_left_out(srs):
    seen = released(curve({"a": DAILY}), srs)
    assert (seen["at_risk"] % 5 == 0).all()
    assert (seen["people"] % 5 == 0).all()
    assert not {"events", "censored"} & set(seen.columns)


def test_the_estimates_of_a_curve_do_not_tell_the_events_of_a_day(srs):
    output = curve({"a": DAILY})
    seen = released(output, srs)
    exact = set(output.table["estimate"])
    assert not exact & set(seen["estimate"])
    assert seen["estimate"].is_monotonic_increasing
    assert (seen["lower"] <= seen["estimate"]).all()
    assert (seen["estimate"] <= seen["upper"]).all()


def test_causes_of_one_group_are_shown_at_the_same_times(srs):
    output = curve({"a": DAILY})
    other = output.table.assign(cause="technical", events=1)
    table = output.table.assign(cause="new")
    both = dataclasses.replace(
        output,
        table=pd.concat([table, other], ignore_index=True),
        dimensions=("group", "cause", "day"),
    )
    seen = released(both, srs)
    times = {cause: set(rows["day"]) for cause, rows in seen.groupby("cause")}
    assert times["technical"] < times["new"] or times["technical"] == times["new"]
    gaps = seen.loc[seen["cause"] == "new", "at_risk"].diff().dropna()
    assert (gaps <= -5).all()


def test_a_curve_of_too_few_people_is_hidden_whole_and_not_left_to_subtraction(srs):
    small = [(1, 2, 2), (2, 2, 2)]
    big = [(day, 20, 5) for day in range(1, 20)]
    total = [(day, 20 + (2 if day < 3 else 0), 5 + (2 if day < 3 else 0)) for day in range(1, 20)]
    output = curve({"all": total, "a": big, "b": small})
    table = disclosure.release(as_candidate(output), srs).table
    hidden = set(table.loc[table["shown"] == "suppressed", "group"])
    assert "b" in hidden
    assert len(hidden) >= 2  # the total less a would say how many b are
    rows = table[table["shown"] == "suppressed"]
    assert rows[["people", "at_risk", "estimate"]].isna().all(axis=None)


def test_a_curve_does_not_say_again_what_its_table_had_to_hide(srs):
    table = shares([("all", 5, 245, 69), ("a", 5, 210, 65), ("b", 5, 35, 4)])
    curves = curve({"all": DAILY[:70], "a": DAILY[:60], "b": DAILY[60:70]})
    judged = judge([as_candidate(table), as_candidate(curves, "over_time")], srs)
    hidden = judged[0].protected.table.query("shown == 'suppressed'")["group"]
    beside = set(hidden) - {"b"}  # b has 4 returns; another is hidden so that they don't follow
    assert beside
    drawn = judged[1].protected.table.query("shown == 'yes'")["group"]
    assert not beside & set(drawn)


def thinning(group_end: int) -> tuple[list, list]:
    """A group of whom all leave by a day, and one that goes on."""
    return [(day, 2, 2) for day in range(1, group_end)], [(day, 12, 8) for day in range(1, 61)]


def summed(*groups: list) -> list:
    days = sorted({row[0] for rows in groups for row in rows})
    return [
        (day, *(sum(row[n] for rows in groups for row in rows if row[0] == day) for n in (1, 2)))
        for day in days
    ]


def shown_days(judged):
    table = judged.protected.table
    return table.loc[table["shown"] == "yes"].groupby("group")["day"].max().to_dict()


def test_a_total_curve_ends_where_a_group_shown_in_another_output_gets_thin(srs):
    small, large = thinning(31)
    groups = curve({"a": small, "b": large})
    total = curve({"all": summed(small, large)})
    judged = judge([as_candidate(groups), as_candidate(total, "total")], srs)
    thin = groups.table.query("group == 'a' and at_risk < 10")["day"].min()
    last = [shown_days(one) for one in judged]
    assert last[1]["all"] < thin <= last[0]["b"]
    alone = judge([as_candidate(total, "total")], srs)[0]
    assert shown_days(alone)["all"] > thin


def test_curves_of_two_breakdowns_end_where_the_other_gets_thin(srs):
    small, large = thinning(31)
    by_age = curve({"a": small, "b": large})
    halves = curve({"x": summed(small, large[:30]), "y": large[30:]})
    judged = judge([as_candidate(by_age), as_candidate(halves, "halves")], srs)
    thin = by_age.table.query("group == 'a' and at_risk < 10")["day"].min()
    assert max(shown_days(judged[1]).values()) < thin


def test_an_output_that_hides_a_group_is_not_shown_beside_a_total_curve(srs):
    small, large = [(1, 2, 2), (2, 2, 2)], [(day, 12, 8) for day in range(1, 61)]
    groups = curve({"a": small, "b": large, "c": large})
    total = curve({"all": summed(small, large, large)})
    judged = judge([as_candidate(groups), as_candidate(total, "total")], srs)
    assert judged[0].verdict.status == "fail"
    assert judged[0].verdict.reasons[0].startswith("one of its curves is hidden")
    assert shown_days(judged[1])["all"] > 50
    assert judge([as_candidate(groups)], srs)[0].verdict.status == "pass"


def test_curves_of_other_people_do_not_end_one_another(srs):
    small, large = thinning(31)
    total = curve({"all": summed(small, large)}, population_hash="p2", card="other")
    judged = judge([as_candidate(curve({"a": small})), as_candidate(total, "total")], srs)
    assert shown_days(judged[1])["all"] > 50


def test_curves_that_follow_not_all_of_the_same_people_have_no_rule(srs):
    small, large = thinning(31)
    total = curve({"all": summed(small, large)})
    judged = judge([as_candidate(curve({"b": large})), as_candidate(total, "total")], srs)
    assert [one.verdict.status for one in judged] == ["review", "review"]


def test_a_long_curve_takes_longer_steps_to_stay_readable(srs):
    seen = released(curve({"a": [(day, 12, 8) for day in range(1, 2001)]}), srs)
    assert 400 <= len(seen) <= 500


def test_late_entry_has_no_rule_yet(srs):
    output = curve({"a": DAILY})
    output.table.loc[50, "at_risk"] += 100
    with pytest.raises(DisclosureError, match=r"\(review\): people at risk must not rise"):
        disclosure.release(as_candidate(output), srs)


def test_a_curve_without_people_at_risk_has_no_rule(srs):
    output = curve({"a": DAILY})
    roles = dataclasses.replace(output.roles, count=("events",))
    bare = dataclasses.replace(
        output, roles=roles, table=output.table.drop(columns=["at_risk", "censored"])
    )
    with pytest.raises(DisclosureError, match="one count of people at risk"):
        disclosure.release(as_candidate(bare), srs)


def test_an_open_curve_is_shown_day_by_day():
    output = curve({"a": [(1, 1, 0), (2, 1, 1)]})
    table = disclosure.release(as_candidate(output), "open").table
    assert table["events"].tolist() == [1, 1]
    assert (table["shown"] == "yes").all()
