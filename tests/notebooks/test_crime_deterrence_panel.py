"""The study of deterrence runs on the real panel and leaves whole under the open profile."""

from __future__ import annotations

import pytest

from justice_analysis import disclosure, evaluation, studies, warehouse
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.studies.parameters import declared_parameters, read_variant

PROJECT = studies.find_project()
STUDY = "crime_deterrence_panel"


@pytest.fixture(scope="module")
def question() -> evaluation.PanelQuestion:
    """As the parameter file asks it."""
    from justice_analysis.studies import notebook

    declared = declared_parameters(notebook.read(PROJECT.notebook(STUDY)), name=STUDY)
    values = dict(read_variant(PROJECT.parameter_file(STUDY, "default"), declared=declared).values)
    values.pop("place")
    return evaluation.PanelQuestion(**values)


@pytest.fixture(scope="module")
def found(areas_warehouse, question) -> evaluation.PanelDesigns:
    return evaluation.panel_designs(warehouse.open(areas_warehouse), question)


def test_every_output_passes_under_the_open_profile(areas_warehouse, tmp_path):
    made = studies.Job(PROJECT, STUDY, "default", areas_warehouse, tmp_path / "runs")
    assert studies.run_one(made).state == "ran"
    report = disclosure.bundle([made.folder], tmp_path / "release", "open")
    assert {line.id for line in report.passed} == {
        "numbers", "described", "designs", "first_stage", "rules",
    }  # fmt: skip
    assert not report.refused
    assert not studies.is_synthetic(made.folder)


def test_what_the_prose_says_is_so(found):
    """The sentences of the notebook on signs and sizes."""
    designs = found.output("Any title", "designs").table.set_index(["measure", "design"])
    said = designs["estimate"]
    for shrinks in ("arrest ratio", "conviction ratio"):
        assert said[shrinks, "between"] < said[shrinks, "within"] < 0
    assert said["prison ratio", "between"] > 0 > said["prison ratio", "within"]
    assert (said["police per person"] > 0).all()
    sentence = designs.loc[("average sentence", "within")]
    assert sentence["lower"] < 0 < sentence["upper"]
    for measure in ("arrest ratio", "conviction ratio", "prison ratio", "police per person"):
        change = designs.loc[(measure, "changes")]
        assert change["lower"] < said[measure, "within"] < change["upper"]
    weak = found.instrumented.first_stage
    assert (weak["partial_f"] > 10).all()
    assert (weak["conditional_f"] < 1).all()
    spread = found.output("Any title", "described").table.set_index("measure")
    assert (
        spread.loc["crimes per person", "between"] > 2 * spread.loc["crimes per person", "within"]
    )
    errors = found.output("Any title", "rules").table.set_index(["measure", "rule"])
    by_rule = errors["standard_error"].unstack()
    assert (by_rule["cluster_nested"] > by_rule["iid"]).all()


def test_changes_by_year_have_the_slopes_that_an_effect_of_each_year_gives(found, question):
    fit = found.fits["changes"]
    assert len(fit.terms) == 1 + len(question.measures) + len(question.controls) + 5
    assert fit.observations == 90 * 6


def test_a_panel_that_is_not_loaded_is_refused(open_warehouse, question):
    with pytest.raises(MetricError, match="crime4 has no avgsen"):
        evaluation.panel_designs(warehouse.open(open_warehouse), question)


def test_an_output_that_is_not_there_is_refused(found):
    with pytest.raises(OptionError, match="there are designs, rules"):
        found.output("Any title", "nothing")
