"""What the provenance of a request says of the code that made its numbers."""

from __future__ import annotations

import yaml

from justice_analysis import disclosure
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
