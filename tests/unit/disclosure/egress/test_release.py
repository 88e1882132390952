"""The gate stands before every release and looks at it again when it is verified."""

from __future__ import annotations

import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure import checksums, egress
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.egress.files import HOME, WINDOWS_HOME
from tests.unit.disclosure.examples import frequencies

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}


@pytest.fixture
def release(make_run, tmp_path):
    disclosure.bundle([make_run({"ages": frequencies(AGES)})], tmp_path / "release", "ons-srs")
    return tmp_path / "release"


def test_a_clean_release_is_made_and_verified(release):
    assert egress.scan(release / "request", disclosure.load("ons-srs")) == ()
    assert disclosure.verify(release) == ()


@pytest.mark.parametrize(
    ("title", "rule", "value"),
    [
        (f"Mothers of {HOME}/extract", "path", "jdoe"),
        ("Mothers near LS1 4AP", "postcode", "LS1"),
        ("Mothers, ask jane@example.org", "email", "jane"),
    ],
)
def test_one_finding_refuses_the_whole_release_and_repeats_no_value(
    make_run, tmp_path, title, rule, value
):
    run = make_run({"ages": frequencies(AGES), "other": frequencies(AGES, title=title)})
    with pytest.raises(DisclosureError, match="nothing is released") as refused:
        disclosure.bundle([run], tmp_path / "release", "ons-srs")
    assert f"outputs.csv: {egress.finding.WORDS[rule]} [{rule}]: 1." in str(refused.value)
    assert value not in str(refused.value)
    assert not (tmp_path / "release").exists()


def test_a_leak_with_new_checksums_is_still_found_by_verify(release):
    home = release / "request" / "repeat_mothers" / "default"
    (home / "ages.csv").write_text("age,people,shown,data\na,3,yes,synthetic\n")
    checksums.write(release / "request")
    (problem,) = disclosure.verify(release / "request")
    assert "ages.csv (column 2): counts under the profile's minimum [small_count]: 1." in problem


def test_a_book_refuses_a_request_with_a_leak(release):
    from justice_analysis.errors import BookError
    from justice_analysis.publishing.released.reader import read_releases

    assert len(read_releases([release])) == 1
    (release / "request" / "repeat_mothers" / "default" / "note.txt").write_text("AB 12 34 56 C")
    checksums.write(release / "request")
    with pytest.raises(BookError, match="national_id"):
        read_releases([release])


def test_digests_pass_only_where_they_belong(release):
    request = release / "request"
    true = (request / "checksums.txt").read_text()
    home = request / "repeat_mothers" / "default"
    (home / "copy.txt").write_text(true)
    (home / "fingerprint.txt").write_text(f"warehouse_fingerprint: {'0a' * 32}\n")
    (request / "checksums.txt").write_text(true + f"{'0a' * 32}  person_one\n")
    found = egress.scan(request, disclosure.load("ons-srs"))
    assert {(one.file.rpartition("/")[2], one.rule) for one in found} == {
        ("copy.txt", "hash"),
        ("fingerprint.txt", "hash"),
        ("checksums.txt", "hash"),
    }


def test_a_profile_of_a_data_owner_is_not_needed_to_verify(release):
    path = next((release / "request").rglob("provenance.txt"))
    path.write_text(path.read_text().replace("profile: ons-srs", "profile: our_own"))
    home = path.parent
    (home / "few.csv").write_text("group,people\na,40\nb,7\n")
    (home / "note.txt").write_text(f"see {WINDOWS_HOME}\\rows.csv")
    rules = {(one.file.rpartition("/")[2], one.rule) for one in egress.rescan(release / "request")}
    assert rules == {("note.txt", "path")}


def test_a_profile_is_taken_from_the_provenance(release):
    from justice_analysis.disclosure.egress.release import stated_profile

    assert stated_profile(release / "request") == disclosure.load("ons-srs")
    assert stated_profile(release / "checker") is None
