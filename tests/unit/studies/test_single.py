"""A study of one variant outside the project, and linked participants that reach it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from justice_analysis import studies
from justice_analysis.errors import ParameterError, StudyError
from justice_analysis.studies.runner import Job, _participants, _refuse_missing_datasets
from justice_analysis.studies.session import Session

PROJECT = studies.find_project()
STUDY = "justice_data_lab"


def made(tmp_path, **others):
    values = {"participants": "ours", "programme": "Our programme"}
    given = {"into": tmp_path, "title": "Did it work?", "values": values, **others}
    return studies.one_variant(PROJECT, STUDY, "ours", **given)


def test_one_variant_has_the_notebook_and_its_own_values(tmp_path):
    project = made(tmp_path)
    assert project.studies() == (STUDY,)
    assert project.variants(STUDY) == ("ours",)
    written = project.parameter_file(STUDY, "ours").read_text("utf-8")
    assert "participants: ours" in written
    assert "title: Did it work?" in written
    assert project.notebook(STUDY).read_bytes() == PROJECT.notebook(STUDY).read_bytes()


def test_interviews_are_of_their_own_programme_alone(tmp_path):
    default = PROJECT.parameter_file(STUDY, "default")
    assert "interviews:" in default.read_text("utf-8")
    project = made(tmp_path)
    assert "interviews:" not in project.parameter_file(STUDY, "ours").read_text("utf-8")
    own = made(tmp_path / "own", parameters=default)
    assert "interviews:" in own.parameter_file(STUDY, "ours").read_text("utf-8")


def test_a_file_that_is_no_parameter_file_is_refused(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("surname,forename\n")
    with pytest.raises(ParameterError, match="must be a parameter file of justice_data_lab"):
        made(tmp_path / "study", parameters=file)


def test_a_study_of_one_variant_is_not_written_over_its_project():
    with pytest.raises(StudyError, match="folder of its own"):
        made(PROJECT.root)


def test_another_list_of_participants_is_another_run(tmp_path):
    folder = tmp_path / "participants" / "ours"
    folder.mkdir(parents=True)
    variant = SimpleNamespace(values={"participants": "ours"})
    job = Job(PROJECT, STUDY, "ours", tmp_path, tmp_path, None, folder.parent)
    assert _participants(job, variant) is None
    (folder / "people.parquet").write_bytes(b"one list")
    first = _participants(job, variant)
    (folder / "people.parquet").write_bytes(b"another")
    assert first != _participants(job, variant)


def test_a_study_of_participants_needs_their_folders(tmp_path):
    job = Job(PROJECT, STUDY, "default", tmp_path, tmp_path)
    variant = SimpleNamespace(datasets=("participants",))
    with pytest.raises(StudyError, match="lacks participants"):
        _refuse_missing_datasets(job, variant, {"warehouse": {"sources": []}})


def test_participants_that_nobody_linked_are_named(tmp_path, monkeypatch):
    monkeypatch.delenv("JUSTICE_PARTICIPANTS", raising=False)
    held = SimpleNamespace(path=Path(tmp_path) / "warehouse", is_synthetic=False)
    session = Session(STUDY, held, tmp_path)
    with pytest.raises(StudyError, match="needs the linked participants of ours"):
        session.participants("ours")
    assert session.truth_if_any is None
