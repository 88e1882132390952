"""A bundled release holds the checker's tree, and verification covers every file of it."""

from __future__ import annotations

import pytest

from justice_analysis import disclosure
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import frequencies

WRITTEN = ("README.txt", "index.html", "sdc-record.json", "five-safes-crate.zip")


def test_a_bundle_holds_the_tree_and_each_changed_file_is_found(make_run, tmp_path):
    outputs = {"by_age": frequencies({"all": 163, "a": 41, "b": 83, "c": 39})}
    release = tmp_path / "release"
    disclosure.bundle([make_run(outputs)], release, "ons-srs")
    assert disclosure.verify(release) == ()
    changed = [*WRITTEN, "acro/results.json", "acro/checksums/results.json.txt"]
    for name in changed:
        path = release / "checker" / name
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))
    (release / "checker" / "acro" / "mine.csv").write_text("a\n1\n")
    found = disclosure.verify(release)
    assert len(found) == len(changed) + 1
    assert "checker/acro/mine.csv is a stranger: it was not released." in found
    for name in changed:
        assert f"checker/{name} was changed after the release." in found


def test_the_readme_names_every_file_beside_it(make_run, tmp_path):
    run = make_run({"ages": frequencies({"all": 163})})
    disclosure.bundle([run], tmp_path / "release", "ons-srs")
    checker = tmp_path / "release" / "checker"
    words = (checker / "README.txt").read_text("utf-8")
    for path in checker.iterdir():
        named = "<study>/<variant>/" if path.name == "repeat_mothers" else path.name
        assert named in words


def test_no_study_may_take_the_place_of_a_folder_of_the_checkers(decided, release):
    decided[0][0].manifest["study"] = "acro"
    with pytest.raises(DisclosureError, match="no study may be named acro"):
        release()
