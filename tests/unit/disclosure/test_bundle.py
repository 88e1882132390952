"""A release folder appears whole or not at all, and shows any later change."""

from __future__ import annotations

import csv
import json

import pytest
import yaml

from justice_analysis import charts, disclosure
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import curve, frequencies, shares

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
DAILY = [(day, 3, 1) for day in range(1, 61)]


@pytest.fixture
def outputs():
    return {
        "by_age": frequencies(AGES),
        "over_time": curve({"all": DAILY}),
        "too_few": frequencies({"x": 4, "y": 3}, population_hash="other"),
    }


def files(folder):
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_both_trees_hold_what_they_should(make_run, outputs, tmp_path):
    report = disclosure.bundle([make_run(outputs)], tmp_path / "release", "ons-srs")
    home = "repeat_mothers/default"
    found = files(tmp_path / "release")
    assert [name for name in found if not name.startswith("checker/acro/")] == sorted(
        [
            "checker/README.txt",
            "checker/checksums.txt",
            "checker/five-safes-crate.zip",
            "checker/index.html",
            "checker/sdc-record.json",
            "checker/history.json",
            f"checker/{home}/evidence.json",
            *(f"checker/{home}/{id}.csv" for id in outputs),
            "request/checksums.txt",
            f"request/{home}/outputs.csv",
            f"request/{home}/provenance.txt",
            f"request/{home}/by_age.csv",
            f"request/{home}/by_age.txt",
            f"request/{home}/over_time.csv",
            f"request/{home}/over_time.png",
            f"request/{home}/over_time.txt",
        ]
    )
    assert [line.id for line in report.passed] == ["by_age", "over_time"]
    assert disclosure.verify(tmp_path / "release") == ()
    assert disclosure.verify(tmp_path / "release" / "request") == ()


def test_the_request_can_be_read_without_our_code(make_run, outputs, tmp_path):
    disclosure.bundle([make_run(outputs)], tmp_path / "release", "ons-srs")
    folder = tmp_path / "release" / "request" / "repeat_mothers" / "default"
    with (folder / "outputs.csv").open() as lines:
        index = list(csv.DictReader(lines))
    assert [line["status"] for line in index] == ["pass", "pass", "fail"]
    assert index[0]["cell"] == "cell-by_age"
    assert index[1]["files"] == "over_time.csv over_time.txt over_time.png"
    assert index[2]["reason"] == "no row of it may be shown."
    assert (folder / "by_age.csv").read_text() == (
        "age,people,shown,data\n"
        "all,165,yes,synthetic\na,40,yes,synthetic\nb,85,yes,synthetic\nc,40,yes,synthetic\n"
    )
    context = yaml.safe_load((folder / "over_time.txt").read_text())
    assert context["synthetic"] is True
    assert context["profile"] == "ons-srs"
    assert context["alt_text"]
    assert any("nearest 5" in control for control in context["controls"])
    provenance = yaml.safe_load((folder / "provenance.txt").read_text())
    assert provenance["synthetic"] is True
    assert provenance["sources"]["cafcass_england"]["nature"] == "synthetic"
    assert "compared" not in provenance
    assert provenance["not_compared"][0].startswith("release-history holds no earlier release")


def test_every_csv_row_of_synthetic_data_says_so_and_no_other_does(make_run, outputs, tmp_path):
    for nature, marked in (("synthetic", {"synthetic"}), ("restricted", {None})):
        run = make_run(outputs, nature=nature, variant=nature)
        disclosure.bundle([run], tmp_path / nature, "ons-srs")
        tables = list((tmp_path / nature / "request").rglob("*.csv"))
        assert len(tables) == 3
        for path in tables:
            with path.open() as lines:
                assert {row.get("data") for row in csv.DictReader(lines)} == marked


def test_exact_counts_stay_in_the_checkers_tree(make_run, outputs, tmp_path):
    disclosure.bundle([make_run(outputs)], tmp_path / "release", "ons-srs")
    for path in (tmp_path / "release" / "request").rglob("*.csv"):
        assert "163" not in path.read_text()
    checker = tmp_path / "release" / "checker" / "repeat_mothers" / "default"
    assert "163" in (checker / "by_age.csv").read_text()
    evidence = json.loads((checker / "evidence.json").read_text())
    assert evidence["too_few"]["status"] == "fail"


def test_nothing_is_left_where_a_figure_cannot_be_drawn(make_run, outputs, tmp_path, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError("no ink")

    monkeypatch.setattr(charts, "draw", broken)
    with pytest.raises(RuntimeError):
        disclosure.bundle([make_run(outputs)], tmp_path / "release", "ons-srs")
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_failed_release_leaves_the_earlier_one_as_it_was(
    make_run, outputs, tmp_path, monkeypatch
):
    run = make_run(outputs)
    disclosure.bundle([run], tmp_path / "release", "ons-srs")
    before = files(tmp_path / "release")
    monkeypatch.setattr(charts, "draw", lambda *args, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        disclosure.bundle([run], tmp_path / "release", "open")
    assert files(tmp_path / "release") == before
    assert disclosure.verify(tmp_path / "release") == ()


def test_an_earlier_release_is_replaced_and_another_folder_is_not(make_run, outputs, tmp_path):
    run = make_run(outputs)
    disclosure.bundle([run], tmp_path / "release", "ons-srs")
    disclosure.bundle([run], tmp_path / "release", "open")
    assert "163" in next((tmp_path / "release").rglob("request/*/*/by_age.csv")).read_text()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(DisclosureError, match="holds other files"):
        disclosure.bundle([run], tmp_path / "mine", "open")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_restricted_data_may_not_leave_as_open(make_run, outputs, tmp_path):
    run = make_run(outputs, nature="restricted")
    with pytest.raises(DisclosureError, match="restricted data may not leave under profile open"):
        disclosure.bundle([run], tmp_path / "release", "open")
    assert not (tmp_path / "release").exists()
    assert disclosure.check([run], "ons-srs").passed


def test_a_source_whose_nature_is_not_said_counts_as_restricted(make_run, outputs):
    run = make_run(outputs, nature="open", warehouse={"sources": {"new": {}}})
    with pytest.raises(DisclosureError, match="restricted data may not leave"):
        disclosure.check([run], "open")


def test_only_complete_and_unchanged_runs_are_released(make_run, outputs, tmp_path):
    failed = make_run(outputs, variant="failed", status="failed")
    changed = make_run(outputs, variant="changed")
    disclosure.write_candidate(
        frequencies({"all": 999}), "by_age", changed / "outputs", synthetic=True
    )
    with pytest.raises(DisclosureError) as refused:
        disclosure.check([failed, changed, tmp_path / "absent"], "ons-srs")
    assert "only a complete run may be released" in str(refused.value)
    assert "is not the one its manifest records" in str(refused.value)
    assert "readable manifest.json" in str(refused.value)


def test_a_run_is_released_once(make_run, outputs):
    run = make_run(outputs)
    with pytest.raises(DisclosureError, match="more than once"):
        disclosure.check([run, run], "ons-srs")


def test_a_parameter_file_tightens_its_study_alone(make_run, outputs, tmp_path):
    tight = make_run(outputs, disclosure={"minimum_count": 10, "rounding_base": 5})
    other = make_run({"ages": frequencies(AGES, population_hash="x")}, study="release_returns")
    disclosure.bundle([tight, other], tmp_path / "release", "open")
    request = tmp_path / "release" / "request"
    assert "165" in (request / "repeat_mothers" / "default" / "by_age.csv").read_text()
    assert "163" in (request / "release_returns" / "default" / "ages.csv").read_text()


def test_a_parameter_file_cannot_loosen(make_run, outputs):
    loose = make_run(outputs, disclosure={"minimum_count": 5})
    with pytest.raises(DisclosureError, match="may only be stricter"):
        disclosure.check([loose], "ons-srs")


def test_what_is_decided_does_not_depend_on_the_order_of_runs(make_run):
    first = make_run({"total": frequencies({"all": 1000})}, variant="default")
    second = make_run({"total": frequencies({"all": 1003}, population_hash="p2")}, variant="other")
    forwards, backwards = (
        disclosure.check(runs, "ons-srs").lines for runs in ([first, second], [second, first])
    )
    assert forwards == backwards


def test_variants_that_differ_by_a_few_people_are_judged_together(make_run):
    first = make_run({"total": frequencies({"all": 1000})}, variant="default")
    second = make_run({"total": frequencies({"all": 1003}, population_hash="p2")}, variant="other")
    assert len(disclosure.check([first], "ons-srs").passed) == 1
    assert len(disclosure.check([first, second], "ons-srs").passed) == 1


def test_verify_finds_a_flipped_byte_a_stranger_and_a_missing_file(make_run, outputs, tmp_path):
    release = tmp_path / "release"
    disclosure.bundle([make_run(outputs)], release, "ons-srs")
    home = release / "request" / "repeat_mothers" / "default"
    content = bytearray((home / "over_time.png").read_bytes())
    content[len(content) // 2] ^= 1
    (home / "over_time.png").write_bytes(bytes(content))
    (home / "rows.csv").write_text("person_id\n1\n")
    (home / "by_age.txt").unlink()
    (release / "note.txt").write_text("hello")
    problems = "\n".join(disclosure.verify(release))
    assert "over_time.png was changed after the release" in problems
    assert "rows.csv is a stranger" in problems
    assert "by_age.txt is missing" in problems
    assert "note.txt is a stranger in the release folder" in problems
    assert "rows.csv (column 1): keys of people, cases or records [key]: 1." in problems
    assert len(disclosure.verify(release)) == 5


def test_verify_refuses_what_is_no_release(tmp_path):
    with pytest.raises(DisclosureError, match="must be a release folder"):
        disclosure.verify(tmp_path)


def test_the_publisher_can_read_the_request(make_run, tmp_path):
    from justice_analysis.publishing.released.reader import read_releases

    rows = [("all", "5 years", 1000, 300), ("a", "5 years", 700, 200), ("b", "5 years", 300, 100)]
    run = make_run({"shares": shares(rows), "over_time": curve({"all": DAILY})})
    disclosure.bundle([run], tmp_path / "release", "ons-srs")
    (study,) = read_releases([tmp_path / "release"])
    assert study.is_synthetic
    assert [output.id for output in study.released] == ["shares", "over_time"]
