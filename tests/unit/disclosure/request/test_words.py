"""What stands beside the numbers of a request: made from the card, true, and safe by itself."""

from __future__ import annotations

import csv
import dataclasses
import re
import shutil

import pandas as pd
import yaml

from justice_analysis import disclosure
from justice_analysis.disclosure.kinds.model_rows import KEPT_INSIDE
from justice_analysis.disclosure.request import context
from tests.unit.disclosure.examples import curve, frequencies, shares

HOME = "request/repeat_mothers/default"
AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
SMALL = {"all": 183, "a": 4, "b": 57, "c": 122}
DAILY = [(day, 3, 1) for day in range(1, 61)]
OPTIONS = {"lookback_years": 3, "parent": "mother", "area": None, "split_later_born": False}


def described(release, id, home=HOME):
    return yaml.safe_load((release / home / f"{id}.txt").read_text())


def bundled(make_run, tmp_path, outputs, profile="ons-srs", **changes):
    run = make_run(outputs, **changes)
    disclosure.bundle([run], tmp_path / "release", profile)
    return tmp_path / "release"


def test_filters_are_the_options_in_the_words_of_the_card(make_run, tmp_path):
    output = frequencies(AGES, options=OPTIONS)
    told = described(bundled(make_run, tmp_path, {"by_age": output}), "by_age")
    assert told["filters"] == [
        "lookback years: 3 (years of history that must be observable before the first set)",
        "parent: mother (whose returns are counted)",
        "split later born: no (split off children born 37 weeks or more after issue as a set of "
        "their own)",
    ]
    assert told["weights"].startswith("none")
    assert told["definition"].startswith("The cumulative share of parents")
    assert told["sub_population"] == "none: all of the population"


def test_published_totals_are_said_to_be_no_people_and_no_sample(make_run, tmp_path):
    output = frequencies(AGES, card=None, about="totals", unit="open cases")
    told = described(bundled(make_run, tmp_path, {"open": output}, "open"), "open")
    assert told["unweighted_n"].endswith("totals that were published, and no sample")
    assert told["weights"] == "none: published totals"
    assert "people = published number: open cases" in told["columns_hold"]


def test_an_output_without_card_or_options_says_so(make_run, tmp_path):
    release = bundled(make_run, tmp_path, {"by_age": frequencies(AGES, card=None)})
    told = described(release, "by_age")
    assert told["filters"] == "none"
    assert "definition" not in told


def test_sizes_that_a_model_is_judged_by_are_no_filters(srs):
    exact = dict.fromkeys(KEPT_INSIDE, 1234)
    output = dataclasses.replace(frequencies(AGES), kind="model", options={**exact, "by": "age"})
    assert context.filters(output, None) == ("by: age",)


def test_the_number_of_people_is_rounded_or_hidden_like_the_counts(make_run, tmp_path):
    outputs = {
        "everyone": frequencies(AGES),
        "groups": frequencies({"a": 41, "b": 83}, unit="fathers", population_hash="p2", card="one"),
        "times": curve({"all": DAILY}, population_hash="p3", card="two"),
    }
    release = bundled(make_run, tmp_path, outputs)
    said = {id: described(release, id)["unweighted_n"] for id in outputs}
    assert said == {
        "everyone": "165 people in all, rounded to the nearest 5",
        "groups": "40 to 85 people in each row that is shown, rounded to the nearest 5",
        "times": "240 people in all, rounded to the nearest 5",
    }


def test_the_number_of_people_is_exact_where_nothing_is_protected(make_run, tmp_path):
    release = bundled(make_run, tmp_path, {"by_age": frequencies(AGES)}, "open")
    assert described(release, "by_age")["unweighted_n"] == "163 people in all"


def test_a_hidden_total_is_said_by_no_word(srs):
    table = pd.DataFrame({"age": ["all"], "people": [None], "shown": ["suppressed"]})
    assert context.unweighted_n(table, frequencies(AGES), srs) == "not shown, to protect people"
    beside = table.drop(columns="people")
    assert context.unweighted_n(beside, frequencies(AGES), srs).startswith("not shown")


def test_which_rows_are_hidden_for_themselves_is_not_told(make_run, tmp_path, srs):
    release = bundled(make_run, tmp_path, {"by_age": frequencies(SMALL)})
    told = (release / HOME / "by_age.txt").read_text()
    checker = (release / HOME.replace("request", "checker") / "evidence.json").read_text()
    for reason in ("fewer people than the minimum", "another number could be worked out from it"):
        assert reason not in told
    assert "fewer people than the minimum" in checker
    hidden = described(release, "by_age")["not_shown"]
    assert re.match(r"\d of 4 rows? (is|are) empty: too few people are behind", hidden)


def test_nothing_hidden_is_said_to_be_nothing(make_run, tmp_path):
    release = bundled(make_run, tmp_path, {"by_age": frequencies(AGES)})
    assert described(release, "by_age")["not_shown"] == "nothing"


def test_every_column_that_left_is_explained_in_its_order(make_run, tmp_path):
    outputs = {
        "by_age": frequencies(AGES),
        "over_time": curve({"all": DAILY}, population_hash="p2", card="two"),
        "returns": shares([("a", 5, 400, 96), ("b", 5, 1000, 300)], population_hash="p3"),
    }
    release = bundled(make_run, tmp_path, outputs)
    for id in outputs:
        with (release / HOME / f"{id}.csv").open() as lines:
            columns = next(csv.reader(lines))
        said = [line.partition(" = ")[0] for line in described(release, id)["columns_hold"]]
        assert said == [name for name in columns if name != "data"]


COUNTS = ("people", "at_risk", "events", "censored", "returned", "count", "people_excluded")


def test_no_count_in_a_request_is_below_threshold_once_the_checkers_tree_is_lost(
    make_run, tmp_path
):
    outputs = {
        "by_age": frequencies(SMALL),
        "over_time": curve({"all": DAILY, "few": DAILY[:3]}, population_hash="p2", card="two"),
        "returns": shares(
            [("a", 5, 400, 3), ("b", 5, 1000, 300), ("c", 5, 4, 2)], population_hash="p3"
        ),
    }
    release = bundled(make_run, tmp_path, outputs)
    shutil.rmtree(release / "checker")
    read = 0
    for path in (release / "request").rglob("*.csv"):
        with path.open() as lines:
            for row in csv.DictReader(lines):
                numbers = [int(row[name]) for name in COUNTS if row.get(name)]
                read += len(numbers)
                assert all(number >= 10 and number % 5 == 0 for number in numbers), path.name
    assert read > 20
    for path in (release / "request").rglob("*.txt"):
        if path.parent.name == "default" and path.name != "provenance.txt":
            said = yaml.safe_load(path.read_text())
            people = said["unweighted_n"].split(" people")[0].replace(",", "")
            assert all(int(number) % 5 == 0 for number in re.findall(r"\d+", people))


def changes(make_run, tmp_path, second, **options):
    first = make_run({"by_age": frequencies(AGES, options=OPTIONS)})
    disclosure.bundle([first], tmp_path / "first", "ons-srs", history=tmp_path / "history")
    run = make_run({"by_age": second}, **options)
    disclosure.bundle([run], tmp_path / "second", "ons-srs", history=tmp_path / "history")
    return described(tmp_path / "second", "by_age")["change_from_last_request"]


def test_what_was_never_asked_for_is_new(make_run, tmp_path):
    release = bundled(make_run, tmp_path, {"by_age": frequencies(AGES)})
    told = described(release, "by_age")["change_from_last_request"]
    assert told == "new: it has not been asked for before"


def test_what_left_before_in_the_same_way_is_unchanged(make_run, tmp_path):
    told = changes(make_run, tmp_path, frequencies(AGES, options=OPTIONS))
    assert re.match(r"unchanged since release \d{4}-\d\d-\d\d-0001: same data", told)


def test_parameters_that_differ_are_named_with_their_values(make_run, tmp_path):
    second = frequencies(AGES, options={**OPTIONS, "lookback_years": 4})
    told = changes(make_run, tmp_path, second)
    assert told.startswith("updated since release")
    assert told.endswith("parameters (lookback years is 4, was 3)")


def test_another_extract_another_definition_and_other_rules_are_named(make_run, tmp_path):
    second = frequencies(AGES, options=OPTIONS, unit="parents", title="Parents by age")
    sources = {"cafcass_england": {"nature": "synthetic"}}
    told = changes(
        make_run,
        tmp_path,
        second,
        warehouse={"fingerprint": "e" * 16, "is_synthetic": True, "sources": sources},
        disclosure={"rounding_base": 10},
    )
    assert "the data (another extract, or loaded again)" in told
    assert "the definition (what is counted, the title)" in told
    assert "the disclosure rules" in told


def test_that_numbers_alone_moved_is_told_without_a_number(make_run, tmp_path):
    told = changes(make_run, tmp_path, frequencies({**AGES, "a": 42, "b": 82}, options=OPTIONS))
    assert told.endswith("how it is computed or described")


def test_a_release_that_did_not_leave_is_no_earlier_request(make_run, tmp_path):
    run, history = make_run({"by_age": frequencies(AGES)}), tmp_path / "history"
    made = disclosure.bundle([run], tmp_path / "first", "ons-srs", history=history)
    disclosure.History.open(history).withdraw(made.release_id, "refused")
    disclosure.bundle([run], tmp_path / "second", "ons-srs", history=history)
    told = described(tmp_path / "second", "by_age")["change_from_last_request"]
    assert told.startswith("new")


def test_words_of_every_registered_card_can_be_made():
    from justice_analysis import metrics

    for name in metrics.names():
        made = context.draft(frequencies(AGES, card=name, options={"by": "sex"}))
        assert made.definition
        assert made.question
