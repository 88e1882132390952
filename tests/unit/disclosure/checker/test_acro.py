"""The ACRO folder opens in the SACRO viewer, by its loading rules, and in ACRO's own reader."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from justice_analysis.disclosure.checker import acro_words

KEYS = {
    "uid", "status", "type", "properties", "files", "outcome", "command", "summary", "timestamp",
    "comments", "exception", "fair",
}  # fmt: skip


def load_as_viewer(folder: Path) -> dict:
    """Find and read the results by the viewer's rules, and say whether each file is as recorded."""
    named = folder / "outputs.json"
    found = sorted(folder.glob("*.json"))
    valid = [named] if named.exists() else found if len(found) == 1 else list(filter(_valid, found))
    assert len(valid) == 1, f"the viewer refuses {len(valid)} valid files"
    results = json.loads(valid[0].read_text())["results"]
    for result in results.values():
        for file in result["files"]:
            recorded = folder / "checksums" / f"{file['name']}.txt"
            content = (folder / file["name"]).read_bytes()
            file["checksum_valid"] = (
                recorded.exists() and recorded.read_text() == hashlib.sha256(content).hexdigest()
            )
    return results


def _valid(path: Path) -> bool:
    read = json.loads(path.read_text())
    if not isinstance(read, dict) or not {"version", "results"} <= set(read):
        return False
    files = [result.get("files") for result in read["results"].values()]
    return all(each and all("name" in file for file in each) for each in files)


@pytest.fixture
def folder(release):
    return release() / "checker" / "acro"


@pytest.fixture
def results(folder):
    return load_as_viewer(folder)


def test_the_viewer_finds_one_file_of_results_and_every_checksum_holds(results):
    assert len(results) == 6
    assert all(file["checksum_valid"] for each in results.values() for file in each["files"])


def test_a_changed_file_shows_as_invalid(folder):
    (folder / "repeat_mothers.default.by_age.csv").write_text("age,people\nall,1\n")
    result = load_as_viewer(folder)["repeat_mothers.default.by_age"]
    assert [file["checksum_valid"] for file in result["files"]] == [False, True]


def test_no_json_file_elsewhere_in_the_tree_looks_like_results(folder):
    beside = [path for path in folder.parent.rglob("*.json") if path.name != "results.json"]
    assert beside
    assert not any(_valid(path) for path in beside)


def test_every_result_has_every_field(results):
    for uid, result in results.items():
        assert set(result) == KEYS
        assert result["uid"] == uid
        assert result["status"] in ("pass", "fail", "review")
        assert result["exception"] == ""
    assert results["repeat_mothers.default.too_few"]["status"] == "fail"


def test_kinds_of_output_have_the_type_that_acro_gives_them(results):
    types = {uid.split(".")[-1]: result["type"] for uid, result in results.items()}
    assert types["by_age"] == "table"
    assert types["over_time"] == "survival plot"
    assert set(acro_words.TYPES) == set(acro_words.METHODS)
    for kind, type_ in acro_words.TYPES.items():
        assert type_ == "custom" or kind in acro_words.STATBARNS


def test_hidden_cells_are_flagged_where_the_viewer_marks_them(folder, results):
    """Rows from 0 under the heading, columns from 0 after the first: the viewer's one index."""
    (table, *_) = results["repeat_mothers.default.returned"]["files"]
    cells = table["sdc"]["cells"]
    assert cells["MinimumThresholdCheck"] == [[2, n] for n in range(1, 6)]
    assert table["sdc"]["summary"]["MinimumThresholdCheck"] == 5
    with (folder / table["name"]).open() as lines:
        rows = list(csv.reader(lines))
    for row, column in cells["MinimumThresholdCheck"]:
        assert rows[row + 1][column + 1] == ""
    assert rows[3][:2] == ["y", "1"]


def test_a_cell_hidden_for_another_is_told_from_a_small_one(results):
    (table, *_) = results["repeat_mothers.default.by_age"]["files"]
    assert table["sdc"]["cells"]["MinimumThresholdCheck"] == [[3, 0]]
    assert table["sdc"]["cells"]["SecondarySuppression"] == [[4, 0]]
    outcome = results["repeat_mothers.default.by_age"]["outcome"]
    assert outcome["people"]["a"] == "ok"
    assert outcome["people"]["c"] == "MinimumThresholdCheck; "
    assert outcome["people"]["d"] == "SecondarySuppression; "


def test_the_folder_holds_the_very_bytes_that_leave(folder):
    request = folder.parents[1] / "request" / "repeat_mothers" / "default"
    for path in request.iterdir():
        assert (folder / f"repeat_mothers.default.{path.name}").read_bytes() == path.read_bytes()


def test_what_was_refused_stands_as_a_note_without_numbers(folder, results):
    (file,) = results["repeat_mothers.default.too_few"]["files"]
    words = (folder / file["name"]).read_text()
    assert "NOT_ASKED_FOR" in file["name"]
    assert not any(digit in words for digit in "0123456789")


def test_no_unrounded_count_stands_in_the_folder(folder):
    for path in folder.iterdir():
        if path.is_file():
            assert b"163" not in path.read_bytes(), path.name


def test_a_statbarn_brings_its_risks_and_checks(results):
    fair = results["repeat_mothers.default.by_age"]["fair"]
    assert fair["context"] == "https://w3id.org/statbarnsdc#"
    assert fair["statbarn"] == "Frequencies"
    assert fair["risks"] == ["ClassDisclosure", "Differencing", "LowCount"]
    assert fair["common_mitigations"] == ["Noise", "Suppression"]
    assert fair["check_status"]["MinimumThresholdCheck"] == "pass"
    assert fair["independent"] == ["age"]


def test_the_configuration_says_the_profile_in_acros_words(folder, srs):
    said = json.loads((folder / "config.json").read_text())
    assert said["safe_threshold"] == srs.minimum_count
    assert said["safe_nk_n"] == srs.dominance_n
    assert said["survival_safe_threshold"] == srs.survival_step
    assert said["suppress"] is True
    assert said["blocked_extensions"] == [".svg", ".gph"]


def test_the_session_summary_counts_the_outputs_and_is_not_to_leave(folder, results):
    summary = json.loads((folder / "session_summary.json").read_text())
    assert summary["metadata"]["total_outputs"] == 4
    assert summary["metadata"]["status_counts"] == {"pass": 3, "fail": 1}
    assert summary["variable_matrix"]["repeat_mothers.default.by_age"]["age"] == 1
    with (folder / "session_summary.csv").open() as lines:
        assert [row["uid"] for row in csv.DictReader(lines)] == [
            each["uid"] for each in summary["outputs"]
        ]
    kept = [uid for uid in results if uid.endswith("-DONT_RELEASE")]
    assert [results[uid]["type"] for uid in kept] == ["custom", "custom"]
    assert all("DO NOT RELEASE" in results[uid]["comments"][0] for uid in kept)


def test_acro_opens_the_folder(folder):
    python = os.environ.get("JUSTICE_ACRO_PYTHON")
    if not python:
        pytest.skip("JUSTICE_ACRO_PYTHON names no Python that has acro 1.0.2.")
    code = (
        "import json, sys; from acro.record import load_records; "
        "found = load_records(sys.argv[1]).results; "
        "print(json.dumps({k: [v.status, v.output_type, len(v.output)] for k, v in found.items()}))"
    )
    ran = subprocess.run([python, "-c", code, folder], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["repeat_mothers.default.by_age"] == ["pass", "table", 1]
    assert found["repeat_mothers.default.over_time"] == ["pass", "survival plot", 1]
    assert len(found) == 6
