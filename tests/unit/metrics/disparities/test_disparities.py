"""Options, bad input and outputs of ratios between groups."""

from __future__ import annotations

import random

import pytest

from justice_analysis import definitions
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.profiles.profile import load
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.disparities import (
    CAUTION,
    adjusted_rates,
    disparity_by_stage,
    relative_rates,
)
from tests.property.test_disparities import drawn, some_defendants
from tests.spec import tables

METRICS = ("relative_rates", "adjusted_rates", "disparity_by_stage")


@pytest.fixture(scope="module")
def rows():
    return some_defendants(random.Random(3), 600, whole=True)


@pytest.fixture(scope="module")
def courts(backend, rows):
    return drawn(backend, rows)


@pytest.fixture(scope="module")
def white(backend, rows):
    return drawn(backend, [{**row, "ethnicity": "white"} for row in rows])


def run(name, warehouse, **options):
    if name == "adjusted_rates":
        options = {"adjust_for": ("offence_group",), **options}
    return definitions.get(name).compute(warehouse, **options)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": "religion"}, "by must be"),
        ({"index_from": "2020-02-01", "index_to": "2020-01-01"}, "must end after it starts"),
        ({"judge": 1}, "has no option judge"),
        ({"reference": "martian"}, "reference must name a group of people here"),
    ],
)
def test_options_that_are_unknown_or_contradict_are_refused(courts, name, options, words):
    with pytest.raises(OptionError, match=words):
        run(name, courts, **options)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("relative_rates", {"decision": "bail"}, "decision must be"),
        ("relative_rates", {"most_unknown_change": 0.0}, "most_unknown_change must lie above 0"),
        ("relative_rates", {"most_unknown_change": 1.1}, "most_unknown_change must lie above 0"),
        ("adjusted_rates", {"adjust_for": ("wealth",)}, "adjust_for must be among"),
        ("adjusted_rates", {"by": "sex", "adjust_for": ("sex",)}, "cannot be adjusted for"),
        ("adjusted_rates", {"stratify_by": "sex"}, "stratify_by must be"),
    ],
)
def test_each_metric_refuses_what_it_cannot_do(courts, name, options, words):
    with pytest.raises(OptionError, match=words):
        run(name, courts, **options)


@pytest.mark.parametrize("name", METRICS)
def test_a_warehouse_without_courts_is_refused_in_a_sentence(backend, name):
    with pytest.raises(MetricError, match="needs defendants"):
        run(name, tables.warehouse(backend, {}))


def test_one_group_alone_has_no_one_to_compare(white):
    table = relative_rates(white).outputs["index"].table
    assert table[["ethnicity", "index"]].values.tolist() == [["white", 1.0]]
    assert set(disparity_by_stage(white).table["index"]) == {1.0}
    with pytest.raises(MetricError, match="needs a group beside the reference group"):
        adjusted_rates(white, adjust_for=("offence_group",))


def test_covariates_that_tell_the_decision_apart_are_refused(backend, rows):
    told = [
        {**row, "remand": "custody" if row["ethnicity"] == "black" else row["remand"]}
        for row in rows
    ]
    with pytest.raises(MetricError, match="black has no finite value"):
        adjusted_rates(drawn(backend, told), adjust_for=("offence_group",))


def test_a_group_or_covariate_that_no_one_has_is_refused(courts):
    with pytest.raises(MetricError, match="covariates are known: none is"):
        adjusted_rates(courts)  # no one's sex is recorded


def test_no_sentence_recorded_leaves_no_stages(backend, rows):
    told = [{**row, "verdict": "guilty", "sentence": None} for row in rows]
    with pytest.raises(MetricError, match="needs sentences of those convicted"):
        disparity_by_stage(drawn(backend, told))


def test_a_reference_group_without_anyone_convicted_has_no_ratio_at_the_later_stage(backend, rows):
    told = [
        {**row, "verdict": "not_guilty", "sentence": None} if row["ethnicity"] == "white" else row
        for row in rows
    ]
    table = disparity_by_stage(drawn(backend, told)).table.set_index(["stage", "ethnicity"])
    later = table.xs("sentenced to immediate custody, of those convicted")
    assert "white" not in later.index
    assert later["index"].isna().all()


def test_outputs_pass_disclosure_control_and_carry_the_caution(courts):
    profile = load("ons-srs")
    found = {
        "relative_rates": relative_rates(courts),
        "adjusted_rates": adjusted_rates(courts, adjust_for=("offence_group",)),
        "disparity_by_stage": disparity_by_stage(courts),
    }
    for name, measured in found.items():
        for key, output in measured.outputs.items():
            assert CAUTION in output.notes
            judged = judge([Candidate(f"{name}_{key}", output, True, "0" * 64)], profile)[0]
            assert judged.verdict.status == "pass", (name, key, judged.verdict.reasons)
