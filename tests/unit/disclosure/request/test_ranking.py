"""More than a request may hold: what the paper needs most is asked for first."""

from __future__ import annotations

import csv
import dataclasses

import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import Chart
from justice_analysis.disclosure.request.ranking import Rank, over_the_limit
from tests.unit.disclosure.examples import curve, frequencies, shares

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
DAILY = [(day, 3, 1) for day in range(1, 61)]
HOME = "repeat_mothers/default"


def one(number, **changes):
    counts = {group: number * count for group, count in AGES.items()}  # other people
    return frequencies(counts, population_hash=f"p{number}", card=f"card {number}", **changes)


@pytest.fixture
def outputs():
    figure = Chart(form="bars", x="age", y="people")
    hides = frequencies({"all": 183, "a": 4, "b": 57, "c": 122}, population_hash="p1", card="x")
    return {
        "a_table": one(2),
        "b_hides": hides,
        "c_estimates": shares([("a", 5, 400, 96)], population_hash="p3", card="three"),
        "d_figure": one(4, chart=figure),
        "e_curve": curve({"all": DAILY}, population_hash="p5", card="five"),
        "f_refused": frequencies({"x": 4, "y": 3}, population_hash="p6", card="six"),
    }


def statuses(report):
    return {line.id: line.status for line in report.lines}


def test_figures_come_before_estimates_and_these_before_tables(make_run, outputs):
    report = disclosure.check([make_run(outputs)], "ons-srs")
    order = [rank.id for rank in report.ranks]
    assert order == ["d_figure", "e_curve", "c_estimates", "a_table", "b_hides", "f_refused"]
    assert [rank.why for rank in report.ranks][:3] == [
        "a figure", "a figure", "a headline estimate",
    ]  # fmt: skip


def test_the_first_are_asked_for_and_the_rest_named(make_run, outputs, tmp_path):
    run = make_run(outputs, disclosure={"max_outputs": 3})
    report = disclosure.bundle([run], tmp_path / "release", "ons-srs")
    assert statuses(report) == {
        "a_table": "not asked", "b_hides": "not asked", "c_estimates": "pass",
        "d_figure": "pass", "e_curve": "pass", "f_refused": "fail",
    }  # fmt: skip
    assert [line.id for line in report.refused] == ["f_refused"]
    home = tmp_path / "release/request" / HOME
    with (home / "outputs.csv").open() as lines:
        index = {line["id"]: line for line in csv.DictReader(lines)}
    assert index["a_table"]["status"] == "not asked"
    assert index["a_table"]["reason"] == (
        "a request may hold 3 outputs, and this is number 4 (a table): ask for it in the next."
    )
    assert not list(home.glob("a_table.*"))
    assert not list((tmp_path / "release/checker" / HOME).glob("a_table.*"))
    assert (home / "e_curve.png").is_file()


def test_what_has_no_place_is_not_in_the_history_and_can_be_asked_for_next(
    make_run, outputs, tmp_path
):
    run = make_run(outputs, disclosure={"max_outputs": 3})
    disclosure.bundle([run], tmp_path / "first", "ons-srs")
    (entry,) = disclosure.History.open(tmp_path / "release-history").releases
    assert {record["id"] for record in entry.content["outputs"]} == {
        "c_estimates", "d_figure", "e_curve",
    }  # fmt: skip
    rest = make_run(
        {name: outputs[name] for name in ("a_table", "b_hides")}, disclosure={"max_outputs": 3}
    )
    report = disclosure.bundle([rest], tmp_path / "second", "ons-srs")
    assert statuses(report) == {"a_table": "pass", "b_hides": "pass"}


def test_outputs_without_a_place_are_judged_with_the_rest(make_run, tmp_path):
    """What is hidden for their sake stays hidden: they may be asked for next."""
    whole = frequencies({"all": 100, "a": 47, "b": 50, "c": 3})
    part = frequencies({"all": 100, "a": 47}, title="Fewer groups")
    both = {"whole": whole, "part": part}
    limited = make_run(both, disclosure={"max_outputs": 1})
    disclosure.bundle([limited], tmp_path / "one", "ons-srs", history=tmp_path / "h1")
    every = make_run(both)
    disclosure.bundle([every], tmp_path / "all", "ons-srs", history=tmp_path / "h2")
    (alone,) = [
        path for path in (tmp_path / "one/request" / HOME).glob("*.csv")
        if path.name != "outputs.csv"
    ]  # fmt: skip
    assert "suppressed" in alone.read_text()
    beside = tmp_path / "all/request" / HOME / alone.name
    assert alone.read_text() == beside.read_text()


def test_what_is_new_comes_before_what_left_before(make_run, tmp_path):
    run = make_run({"a": one(1)})
    disclosure.bundle([run], tmp_path / "first", "ons-srs")
    report = disclosure.check([make_run({"a": one(1), "b": one(2)})], "ons-srs")
    assert [rank.id for rank in report.ranks] == ["b", "a"]
    assert report.ranks[1].why == "a table, the same as released before"


def test_sentences_come_first_and_a_review_takes_no_place():
    kept = {"hidden": 0.0, "repeated": False, "rows": 4, "run": "s/v"}
    ranks = sorted(
        [
            Rank(status=0, use=3, id="table", **kept),
            Rank(status=1, use=0, id="unsure", **kept),
            Rank(status=0, use=0, id="text", **kept),
            dataclasses.replace(Rank(status=0, use=3, id="short", **kept), rows=2),
        ]
    )
    assert [rank.id for rank in ranks] == ["text", "short", "table", "unsure"]
    assert list(over_the_limit(ranks, 2)) == [("s/v", "table")]


def test_of_several_runs_the_strictest_limit_holds(make_run):
    first = make_run({"a": one(1), "b": one(2)}, disclosure={"max_outputs": 1})
    second = make_run({"c": one(3)}, study="other")
    report = disclosure.check([first, second], "ons-srs")
    assert sorted(statuses(report).values()) == ["not asked", "not asked", "pass"]
