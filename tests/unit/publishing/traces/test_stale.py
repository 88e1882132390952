"""Numbers are not published beside code or parameters that did not make them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from justice_analysis.errors import BookError
from justice_analysis.publishing.released.reader import read_releases
from justice_analysis.publishing.traces.stale_studies import refuse_stale
from justice_analysis.studies.notebook import code_sha256
from justice_analysis.studies.parameters import interviews_sha256
from tests.unit.publishing.small_book import make_release

FILE = {"study": "repeat_mothers", "title": "A title", "parameters": {"days": 1826, "by": ["age"]}}
INTERVIEWS = {"themes": [{"title": "Help", "count": 12}]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_release(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def released(made):
    return {study.name: study for study in read_releases([made.release])}


@pytest.fixture
def notebook(made, tmp_path):
    return Path(shutil.copy(made.notebooks / "repeat_mothers.ipynb", tmp_path))


@pytest.fixture
def study(released, notebook):
    found = released["repeat_mothers/default"]
    ran = {
        "code_sha256": code_sha256(json.loads(notebook.read_text())["cells"]),
        "parameters": yaml.safe_load(yaml.safe_dump(FILE["parameters"])),
    }
    return replace(found, provenance={**found.provenance, **ran})


def edit(notebook, kind: str, said: str) -> None:
    content = json.loads(notebook.read_text())
    cell = next(cell for cell in content["cells"] if cell["cell_type"] == kind)
    cell["source"] = said
    notebook.write_text(json.dumps(content))


def test_prose_and_title_may_be_reworded_without_another_run(study, notebook):
    edit(notebook, "markdown", "# Another title\n\nIn other words.")
    refuse_stale(study, notebook, {**FILE, "title": "Another title"})


def test_changed_code_is_named_with_what_to_do(study, notebook):
    edit(notebook, "code", "followup_days = 1")
    with pytest.raises(BookError) as refused:
        refuse_stale(study, notebook, FILE)
    said = str(refused.value)
    assert said.startswith("repeat_mothers/default is stale: the code of repeat_mothers.ipynb has")
    assert "justice study run repeat_mothers --variant default" in said


def test_every_parameter_that_differs_is_named_at_once(study, notebook):
    now = {**FILE, "parameters": {"days": 365, "by": ["age"], "more": 1}}
    with pytest.raises(BookError, match=r"parameters days, more of repeat_mothers/default\.yaml"):
        refuse_stale(study, notebook, now)


def test_stricter_rules_and_other_interviews_are_stale_too(study, notebook):
    changed = {**FILE, "disclosure": {"minimum_count": 20}, "interviews": INTERVIEWS}
    with pytest.raises(BookError, match=r"rules of disclosure minimum_count.*; the interviews"):
        refuse_stale(study, notebook, changed)
    ran = {**study.provenance, "interviews_sha256": interviews_sha256(INTERVIEWS)}
    refuse_stale(replace(study, provenance=ran), notebook, {**FILE, "interviews": INTERVIEWS})


def test_a_release_that_does_not_say_its_code_is_made_again(study, notebook):
    said = {name: value for name, value in study.provenance.items() if name != "code_sha256"}
    with pytest.raises(BookError, match="does not say by which code it was made"):
        refuse_stale(replace(study, provenance=said), notebook, FILE)


def test_a_notebook_that_cannot_be_read_is_a_sentence(study, notebook):
    notebook.write_text("{}")
    with pytest.raises(BookError, match="not a notebook that can be read"):
        refuse_stale(study, notebook, FILE)
