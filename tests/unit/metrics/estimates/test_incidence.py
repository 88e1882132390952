"""From people with time at risk to estimates: order of groups, horizons, late entry."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest

from justice_analysis import engine
from justice_analysis.cohorts import Flow, Step
from justice_analysis.errors import IntervalError, MetricError
from justice_analysis.metrics import RecurrenceOptions
from justice_analysis.metrics.estimates.incidence import incidence
from justice_analysis.metrics.family.recurrence_definition import CARD

SCHEMA = {"group": "string", "duration_days": "int64", "outcome": "string", "entry_days": "int64"}
FLOW = Flow("mothers", 9, (Step("at risk for a day or more", 9),))
WAREHOUSE = SimpleNamespace(fingerprint="drawn")


def estimated(
    backend, people, *, horizons=(10, 20), options=None, warehouse=WAREHOUSE, order=(), **more
):
    """Estimates of people drawn as group, days, outcome and (optionally) entry."""
    rows = [(*person, 0)[:4] for person in people]
    columns = dict(zip(SCHEMA, map(list, zip(*rows, strict=True)), strict=True))
    frame = engine.memory_table(backend, columns or {name: [] for name in SCHEMA}, SCHEMA)
    return incidence(
        frame,
        card=CARD,
        options=options or RecurrenceOptions(),
        unit="mothers",
        event="a further set",
        clock="issue",
        horizons=horizons,
        flow=FLOW,
        population="Drawn mothers",
        warehouse=warehouse,
        group_order=order,
        **more,
    )


EIGHT = [("all", day, "event" if day % 2 else "censored") for day in range(1, 9)]


def test_the_share_is_one_minus_kaplan_meier(backend):
    found = estimated(backend, EIGHT, horizons=(1, 4, 7)).table
    assert found["returned"].tolist() == [1, 2, 4]
    shares = [1 / 8, 1 - 7 / 8 * 5 / 6, 1 - 7 / 8 * 5 / 6 * 3 / 4 * 1 / 2]
    assert found["estimate"].tolist() == pytest.approx(shares)
    assert found["lower"].lt(found["estimate"]).all()
    assert found["estimate"].lt(found["upper"]).all()


def test_horizons_beyond_a_groups_follow_up_are_left_out(backend):
    people = [("long", 30, "censored"), ("long", 5, "event"), ("short", 12, "censored"),
              ("short", 5, "event")]  # fmt: skip
    found = estimated(backend, people).table
    assert found[["group", "horizon_days"]].to_numpy().tolist() == [
        ["long", 10], ["long", 20], ["short", 10]
    ]  # fmt: skip


def test_groups_stand_in_the_order_asked_for_then_by_name_and_not_known_last(backend):
    names = ["a", "not known", "z", "b", "under 20"]
    people = [(name, 20, "censored") for name in names]
    found = estimated(backend, people, order=("z", "under 20"))
    expected = ["z", "under 20", "a", "b", "not known"]
    assert found.table["group"].drop_duplicates().tolist() == expected
    assert found.curve["group"].drop_duplicates().tolist() == expected


def test_causes_compete_and_share_what_survival_lost(backend):
    people = [("all", 1, "new"), ("all", 2, "technical"), ("all", 3, "new"), ("all", 9, "censored")]
    found = estimated(backend, people, horizons=(5,)).table.set_index("cause")["estimate"]
    assert found.to_dict() == pytest.approx({"new": 0.5, "technical": 0.25})


def test_everyone_censored_gives_a_share_of_nothing(backend):
    found = estimated(backend, [("all", 30, "censored")] * 5)
    assert found.table["cause"].tolist() == ["event", "event"]
    assert found.table[["returned", "estimate", "lower"]].eq(0).all(axis=None)
    assert found.curve["events"].sum() == 0


def test_a_group_in_which_no_one_returns_is_shown_beside_the_others(backend):
    people = [*EIGHT, ("quiet", 20, "censored")]
    found = estimated(backend, people, horizons=(8,)).table.set_index("group")["estimate"]
    assert found["quiet"] == 0
    assert found["all"] > 0


def test_people_who_enter_late_are_not_at_risk_before(backend):
    people = [("all", 5, "event"), ("all", 12, "event", 6), ("all", 20, "censored", 6)]
    curve = estimated(backend, people).curve.set_index("day")
    assert curve.loc[5, ["people", "at_risk"]].tolist() == [3, 1]
    assert curve.loc[12, "at_risk"] == 2


def test_who_leaves_before_entering_is_refused_and_counted(backend):
    people = [("all", 5, "censored", 6), ("all", 20, "censored", 6)]
    with pytest.raises(IntervalError, match="1 people leave before they enter"):
        estimated(backend, people)


def test_no_one_to_follow_is_refused_and_the_last_step_named(backend):
    frame = engine.memory_table(backend, {name: [] for name in SCHEMA}, SCHEMA)
    with pytest.raises(MetricError, match="no one is left after 'at risk"):
        incidence(
            frame, card=CARD, options=RecurrenceOptions(), unit="mothers", event="a set",
            clock="issue", horizons=(10,), flow=FLOW, population="None", warehouse=WAREHOUSE,
        )  # fmt: skip


def test_the_curve_holds_each_person_once_in_each_group_and_cause(backend):
    found = estimated(backend, [*EIGHT, ("other", 3, "event")]).curve
    totals = found.groupby("group")[["events", "censored"]].sum().sum(axis=1)
    assert totals.to_dict() == {"all": 8, "other": 1}


def test_the_population_is_named_by_data_and_rules_of_selection_not_by_their_display(backend):
    def named(options, fingerprint="drawn"):
        warehouse = SimpleNamespace(fingerprint=fingerprint)
        return estimated(backend, EIGHT, options=options, warehouse=warehouse).population_hash

    first = named(RecurrenceOptions())
    assert named(RecurrenceOptions(by="age_band")) == first
    assert named(RecurrenceOptions(clock="final_order")) != first
    assert named(RecurrenceOptions(), fingerprint="other") != first


def test_every_option_of_recurrence_but_the_grouping_decides_who_is_counted(backend):
    shown = {f.name for f in dataclasses.fields(RecurrenceOptions)} & {"by", "horizons"}
    assert shown == {"by"}


def test_deaths_do_not_stand_in_for_returns_that_nobody_had(backend):
    people = [("all", 3, "death"), ("all", 30, "censored")]
    found = estimated(backend, people, horizons=(10,), causes=("event",)).table
    assert found[["cause", "returned"]].to_numpy().tolist() == [["death", 1], ["event", 0]]
    assert found.set_index("cause").loc["event", ["estimate", "lower", "upper"]].tolist() == [
        0,
        0,
        0,
    ]
