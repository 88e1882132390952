"""The gate walks everything, follows nothing, repeats no value and doesn't depend on order."""

from __future__ import annotations

import os
import re

import pytest

from justice_analysis.disclosure import egress, load
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.egress import files as make
from tests.unit.disclosure.egress.planted import PLANTED


@pytest.fixture
def srs():
    return load("ons-srs")


def rules(folder, profile):
    return {finding.rule for finding in egress.scan(folder, profile)}


def test_a_link_is_not_followed(tmp_path, srs):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "rows.csv").write_text("person_id,v\n1,2\n")
    request = tmp_path / "request"
    request.mkdir()
    (request / "file.csv").symlink_to(outside / "rows.csv")
    (request / "folder").symlink_to(outside)
    found = egress.scan(request, srs)
    assert [(one.file, one.rule) for one in found] == [("file.csv", "link"), ("folder", "link")]


def test_a_special_file_is_refused_unread(tmp_path, srs):
    os.mkfifo(tmp_path / "pipe.csv")
    assert rules(tmp_path, srs) == {"link"}


def test_a_type_the_profile_does_not_name_is_refused(tmp_path, srs):
    (tmp_path / "table.xlsx").write_bytes(make.xlsx())
    (tmp_path / "TABLE.CSV").write_text("group,people\na,40\n")
    (tmp_path / "noending").write_text("words")
    found = egress.scan(tmp_path, srs)
    assert [(one.file, one.rule) for one in found if one.rule == "file_type"] == [
        ("noending", "file_type"),
        ("table.xlsx", "file_type"),
    ]


def test_a_file_over_the_limit_is_refused_with_its_size(tmp_path, srs):
    import dataclasses

    (tmp_path / "long.txt").write_text("word word word\n" * 80_000)
    small = dataclasses.replace(srs, max_file_mb=1)
    (found,) = [one for one in egress.scan(tmp_path, small) if one.rule == "file_size"]
    assert found.count == 2


def test_hidden_folders_and_files_in_them_are_found(tmp_path, srs):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "note.txt").write_text("AB 12 34 56 C")
    assert rules(tmp_path, srs) == {"hidden_file", "national_id"}


def test_a_finding_names_the_place_and_the_count(tmp_path, srs):
    (tmp_path / "a.csv").write_text("group,share,people\na,0.5,40\nb,0.5,3\nc,0.5,4\n")
    (found,) = egress.scan(tmp_path, srs)
    assert str(found) == ("a.csv (column 3): counts under the profile's minimum [small_count]: 2.")


def test_a_telling_file_name_is_not_repeated(tmp_path, srs):
    (tmp_path / "943 476 5919 jane@example.org.csv").write_text("group,people\na,40\n")
    found = egress.scan(tmp_path, srs)
    assert {one.rule for one in found} == {"file_name"}
    assert "jane" not in "".join(egress.report(found))


def test_no_finding_repeats_a_value_of_a_planted_file(tmp_path, srs):
    for kind, leaks in enumerate(PLANTED.values()):
        for name, maker, _ in leaks:
            home = tmp_path / str(kind)
            home.mkdir(exist_ok=True)
            (home / name).write_bytes(maker())
    lines = "\n".join(egress.report(egress.scan(tmp_path, srs)))
    telling = ("Jane", "hunter2", "9434", "LS1", "jdoe", "Sarah", "AB 12", "A1234BC", "example.org")
    assert lines
    assert [word for word in telling if word in lines] == []
    assert not re.search(r"[0-9a-f]{32}", lines)


def test_findings_are_the_same_each_time_and_in_order(tmp_path, srs):
    for name, maker, _ in PLANTED["hash columns"]:
        (tmp_path / name).write_bytes(maker())
    first = egress.scan(tmp_path, srs)
    assert first == egress.scan(tmp_path, srs)
    assert list(first) == sorted(first)


def test_without_a_profile_only_rules_that_hold_everywhere_are_applied(tmp_path):
    (tmp_path / "few.csv").write_text("group,people\na,3\nb,1\n")
    (tmp_path / "table.xlsx").write_bytes(make.xlsx())
    assert egress.scan(tmp_path, None) == ()
    (tmp_path / "keys.csv").write_text("person_id,v\n1,2\n")
    assert rules(tmp_path, None) == {"key"}


def test_under_open_a_small_count_may_leave_and_a_key_may_not(tmp_path):
    (tmp_path / "few.csv").write_text("group,people\na,3\nb,12\n")
    (tmp_path / "keys.csv").write_text("person_id,v\n1,2\n")
    assert rules(tmp_path, load("open")) == {"key"}


def test_what_is_no_folder_is_refused(tmp_path, srs):
    with pytest.raises(DisclosureError, match="must be a folder"):
        egress.scan(tmp_path / "absent", srs)


def test_a_folder_that_cannot_be_read_is_refused_and_not_passed_over(tmp_path, srs, monkeypatch):
    def closed(folder):
        raise PermissionError(13, "closed", str(folder))

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(DisclosureError, match="must be readable"):
        egress.scan(tmp_path, srs)


def test_an_area_level_that_the_profile_names_may_leave(tmp_path, srs):
    import dataclasses

    rows = "".join(f"E0100{n:04d},40\n" for n in range(12))
    (tmp_path / "areas.csv").write_text(f"lsoa,people\n{rows}")
    assert rules(tmp_path, srs) == {"coordinates"}
    finer = dataclasses.replace(srs, named_places=(*srs.named_places, "lsoa"))
    assert rules(tmp_path, finer) == set()


def test_a_reader_that_fails_never_lets_a_file_pass(tmp_path, srs, monkeypatch):
    from justice_analysis.disclosure.egress import readers

    def broken(content):
        raise RuntimeError("a bug")
        yield

    monkeypatch.setitem(readers.READERS, "plain", broken)
    (tmp_path / "a.csv").write_text("group,people\na,40\n")
    assert rules(tmp_path, srs) == {"unreadable"}


@pytest.mark.parametrize("depth", [3, 9])
def test_archives_are_opened_to_a_depth_and_refused_beyond(tmp_path, depth):
    from tests.unit.disclosure.egress.files import any_type

    content = b"person_id,v\n1,2\n"
    name = "rows.csv"
    for _ in range(depth):
        content, name = make.package({name: content}), "inner.zip"
    (tmp_path / "outer.zip").write_bytes(content)
    assert rules(tmp_path, any_type()) == ({"key"} if depth == 3 else {"archive"})


@pytest.mark.parametrize("sign", ["a", "0", "-", "_", "a.", "1,", "<a ", "[", "(", " ", "x:", "A1"])
def test_a_long_run_of_one_sign_takes_no_longer_than_any_text(tmp_path, srs, sign):
    import time

    (tmp_path / "a.txt").write_text("a@b\n" + sign * (300_000 // len(sign)))
    started = time.process_time()
    egress.scan(tmp_path, srs)
    assert time.process_time() - started < 5
