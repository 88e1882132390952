from __future__ import annotations

from types import SimpleNamespace

import pytest

from justice_analysis.errors import ParameterError
from justice_analysis.studies.parameters import declared_parameters, read_variant

DECLARED = {"index_from": "2014-01-01", "followup_days": 1826, "share": 0.5, "area": None}
GOOD = """
study: repeat
title: A title
datasets: [cafcass_england]
parameters: {index_from: "2015-01-01", followup_days: 365, share: 1, area: null}
"""


def cell(source, *tags):
    return SimpleNamespace(source=source, metadata={"tags": list(tags)})


def notebook(*cells):
    return SimpleNamespace(cells=list(cells))


def variant(tmp_path, text):
    folder = tmp_path / "repeat"
    folder.mkdir(exist_ok=True)
    file = folder / "default.yaml"
    file.write_text(text)
    return read_variant(file, declared=DECLARED)


def test_a_good_file_gives_its_values(tmp_path):
    read = variant(tmp_path, GOOD)
    assert read.values["followup_days"] == 365
    assert read.datasets == ("cafcass_england",)


def test_what_a_variant_says_for_itself_changes_nothing_that_runs(tmp_path):
    assert variant(tmp_path, GOOD + "prose: {policy: Some words.}\n") == variant(tmp_path, GOOD)


@pytest.mark.parametrize("prose", ["Some words.", "{policy: 3}", "[Some words.]"])
def test_prose_that_is_not_text_by_name_is_refused(tmp_path, prose):
    with pytest.raises(ParameterError, match="prose must give names their words"):
        variant(tmp_path, f"{GOOD}prose: {prose}\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("followup_days", "folowup_days"),
            "no parameter folowup_days: did you mean followup_days",
        ),
        (("followup_days: 365, ", ""), "followup_days is missing"),
        (('"2015-01-01"', "2015-01-01"), "index_from must be a quoted date"),
        (("followup_days: 365", "followup_days: a lot"), "followup_days must be int"),
        (("followup_days: 365", "followup_days: true"), "followup_days must be int"),
        (("study: repeat", "study: other"), "study must be repeat"),
        (("title: A title", "titel: A title"), "titel is not a key here: did you mean title"),
    ],
)
def test_what_the_notebook_does_not_declare_is_refused(tmp_path, change, said):
    with pytest.raises(ParameterError, match=said):
        variant(tmp_path, GOOD.replace(*change))


def test_all_problems_are_named_at_once(tmp_path):
    with pytest.raises(ParameterError) as caught:
        variant(tmp_path, GOOD.replace("followup_days", "days").replace("share: 1, ", ""))
    assert "3 problems" in str(caught.value)


def test_a_file_that_is_not_yaml_says_where(tmp_path):
    with pytest.raises(ParameterError, match="cannot be read at line"):
        variant(tmp_path, "study: [a\nb: c")


def test_the_parameters_are_the_literals_of_the_tagged_cell():
    cells = [cell("x = 1"), cell('a = 1  # days\nb: str = "x"\nc = [1, 2]', "parameters")]
    assert declared_parameters(notebook(*cells), name="n.ipynb") == {"a": 1, "b": "x", "c": [1, 2]}


@pytest.mark.parametrize("count", [0, 2])
def test_a_notebook_with_no_or_two_tagged_cells_is_refused(count):
    cells = [cell("a = 1", "parameters")] * count
    with pytest.raises(ParameterError, match=f"one cell tagged parameters: it has {count}"):
        declared_parameters(notebook(*cells), name="n.ipynb")


@pytest.mark.parametrize("source", ["a = 1\nb = a + 1", "a, b = 1, 2", "print(1)", "a = f()"])
def test_a_derived_value_in_the_parameters_cell_is_refused(source):
    with pytest.raises(ParameterError, match="literals only"):
        declared_parameters(notebook(cell(source, "parameters")), name="n.ipynb")
