"""The record of disclosure control says what it was set to and what it decided."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import pytest

from justice_analysis.disclosure.checker import record
from justice_analysis.disclosure.profiles import profile as profiles


@pytest.fixture
def folder(release):
    return release()


@pytest.fixture
def said(folder):
    return json.loads((folder / "checker" / record.FILE_NAME).read_text())


def test_it_cannot_be_taken_for_results_of_acro(said):
    assert "version" not in said
    assert "results" not in said


def test_every_rule_of_the_profile_is_recorded_once(said, srs):
    (profile,) = said["profiles"]
    recorded = [rule for group in record.GROUPS for rule in profile[group]]
    assert sorted(recorded) == sorted(profiles.RULES)
    assert profile["thresholds"]["minimum_count"] == 10
    assert profile["suppression_rules"]["mechanism"]["table"] == "suppress_then_round"
    assert profile["model_requirements"] == {"degrees_of_freedom": srs.degrees_of_freedom}
    assert profile["risk_appetite"]["safe_threshold"] == 10
    assert profile["sources"]["minimum_count"]["status"] == "recalled"


def test_a_profile_set_otherwise_has_another_hash(srs):
    stricter = dataclasses.replace(srs, rounding_base=10)
    assert record.settings_sha256(srs) != record.settings_sha256(stricter)
    assert record.settings_sha256(srs) == record.settings_sha256(dataclasses.replace(srs))


def test_every_file_that_leaves_is_named_by_its_hash(folder, said):
    files = [file for output in said["outputs"] for file in output["files"]]
    leaving = [path for path in (folder / "request").rglob("*") if path.name != "checksums.txt"]
    assert sorted(file["path"] for file in files) == sorted(
        path.relative_to(folder).as_posix() for path in leaving if path.is_file()
    )
    for file in files:
        content = (folder / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_it_is_linked_to_the_package_and_the_crate(folder, said):
    package = said["package"]
    for name in ("checksums", "crate"):
        content = (folder / package[name]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == package[f"{name}_sha256"]


def test_decisions_and_versions_are_recorded(said):
    by_id = {output["id"]: output for output in said["outputs"]}
    assert by_id["too_few"]["status"] == "fail"
    assert by_id["too_few"]["files"] == []
    assert by_id["too_few"]["reasons"] == ["it breaks <b>a rule</b>."]
    assert by_id["by_age"]["rows_hidden"] == 2
    assert by_id["by_age"]["run_package_version"] == "0.1.0"
    assert said["tool"]["package_version"]
