"""What the provenance of a request says of the code that made its numbers."""

from __future__ import annotations

import pytest
import yaml

from justice_analysis import disclosure
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import frequencies

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}


def test_provenance_holds_the_hashes_of_code_and_interviews_and_the_gate_lets_them_pass(
    make_run, tmp_path
):
    # The hash holds runs of digits that could be taken for somebody's number elsewhere.
    hashes = {"code_sha256": "4" * 64, "interviews_sha256": "0123456789abcdef" * 4}
    disclosure.bundle(
        [make_run({"ages": frequencies(AGES)}, **hashes)], tmp_path / "release", "ons-srs"
    )
    file = next((tmp_path / "release" / "request").rglob("provenance.txt"))
    assert hashes.items() <= yaml.safe_load(file.read_text("utf-8")).items()


def test_provenance_names_the_sources_that_the_study_reads_and_no_other_of_its_warehouse(
    make_run, tmp_path
):
    sources = {"rossi": {"nature": "open"}, "recid": {"nature": "open"}}
    held = {"fingerprint": "f" * 16, "is_synthetic": False, "sources": sources}
    run = make_run({"ages": frequencies(AGES)}, nature="open", warehouse=held, datasets=["rossi"])
    disclosure.bundle([run], tmp_path / "release", "open")
    file = next((tmp_path / "release" / "request").rglob("provenance.txt"))
    assert list(yaml.safe_load(file.read_text("utf-8"))["sources"]) == ["rossi"]


def test_a_source_that_may_not_leave_keeps_the_run_inside_though_the_study_does_not_read_it(
    make_run, tmp_path
):
    sources = {"rossi": {"nature": "open"}, "family_court": {"nature": "restricted"}}
    held = {"fingerprint": "f" * 16, "is_synthetic": False, "sources": sources}
    run = make_run({"ages": frequencies(AGES)}, nature="open", warehouse=held, datasets=["rossi"])
    with pytest.raises(DisclosureError, match="restricted data may not leave under profile open"):
        disclosure.bundle([run], tmp_path / "release", "open")
