"""A request is compared with what left before, what others published, and its study's variants."""

from __future__ import annotations

import json

import pytest
import yaml

from justice_analysis import disclosure, engine
from justice_analysis.disclosure.earlier.history import FOLDER, History
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import frequencies

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
FAR = {"all": 363, "a": 141, "b": 183, "c": 39}
CLOSE = {"all": 166, "a": 44, "b": 83, "c": 39}
VARIANTS = ["default", "strict"]


def bundle(run, tmp_path, out="release", profile="ons-srs", **options):
    return disclosure.bundle([run], tmp_path / out, profile, **options)


def entries(tmp_path):
    return History.open(tmp_path / FOLDER).entries


def provenance(tmp_path, out="release", home="repeat_mothers/default"):
    return yaml.safe_load((tmp_path / out / "request" / home / "provenance.txt").read_text())


def test_a_release_is_in_the_history_under_the_name_its_folder_has(make_run, tmp_path):
    report = bundle(make_run({"by_age": frequencies(AGES)}), tmp_path)
    (entry,) = entries(tmp_path)
    said = json.loads((tmp_path / "release" / "checker" / "history.json").read_text())
    assert report.release_id == entry.release_id == said["release_id"]
    assert (said["entry"], said["entry_sha256"]) == (1, entry.sha256)
    assert not (tmp_path / "release" / "request" / "history.json").exists()
    assert disclosure.verify(tmp_path / "release") == ()


def test_what_was_refused_and_what_was_only_checked_are_in_no_history(make_run, tmp_path):
    outputs = {"few": frequencies({"x": 4, "y": 3}, population_hash="p2")}
    report = bundle(make_run(outputs), tmp_path)
    assert report.release_id is None
    disclosure.check([make_run({"by_age": frequencies(AGES)})], "ons-srs")
    assert not (tmp_path / FOLDER).exists()
    both = {**outputs, "by_age": frequencies(AGES)}
    bundle(make_run(both), tmp_path)
    assert [record["id"] for record in entries(tmp_path)[0].content["outputs"]] == ["by_age"]


def test_the_first_release_says_that_none_was_there_to_compare(make_run, tmp_path):
    bundle(make_run({"by_age": frequencies(AGES)}), tmp_path)
    assert provenance(tmp_path)["not_compared"] == [
        "release-history holds no earlier release of these data: compare with releases that were "
        "made without it.",
        "No published table was compared: look for those on the same people.",
    ]


def test_a_later_release_is_compared_and_says_with_what(make_run, tmp_path):
    bundle(make_run({"by_age": frequencies(AGES)}), tmp_path)
    later = make_run({"far": frequencies(FAR, population_hash="p2")}, variant="wide")
    report = bundle(later, tmp_path, "second")
    said = provenance(tmp_path, "second", "repeat_mothers/wide")
    assert said["compared"] == ["Compared with 1 output of 1 earlier release in release-history."]
    assert report.compared.said == tuple(said["compared"])
    assert len(entries(tmp_path)) == 2


def test_the_same_run_released_again_says_the_same_numbers(make_run, tmp_path):
    run = make_run({"by_age": frequencies({**AGES, "all": 166, "d": 3})})
    for out in ("release", "second"):
        bundle(run, tmp_path, out)
    tables = [
        (tmp_path / out / "request/repeat_mothers/default/by_age.csv").read_text()
        for out in ("release", "second")
    ]
    assert tables[0] == tables[1]
    assert "suppressed" in tables[0]


def test_a_table_made_again_after_new_data_is_another_version_of_it(make_run, tmp_path):
    bundle(make_run({"by_age": frequencies(AGES)}), tmp_path)
    new = {"fingerprint": "e" * 16, "is_synthetic": True, "sources": {"cafcass_england": {"nature": "synthetic"}}}  # fmt: skip  # noqa: E501
    later = make_run({"by_age": frequencies(CLOSE, population_hash="p2")}, warehouse=new)
    report = bundle(later, tmp_path, "second")
    assert {(pair.group, pair.counted) for pair in report.pairs} == {
        ("age: a", "people"),
        ("everyone", "people"),
    }
    (released,) = {pair.output for pair in report.pairs} - {"repeat_mothers/default/by_age"}
    assert released.endswith(": repeat_mothers/default/by_age")
    evidence = json.loads(
        (tmp_path / "second/checker/repeat_mothers/default/evidence.json").read_text()
    )
    assert len(evidence["by_age"]["evidence"]["differencing_pairs"]) == 2
    shown = [line.status for line in report.lines]
    assert shown != ["pass"] or all(pair.is_hidden for pair in report.pairs)


def test_a_history_that_was_changed_stops_every_release(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)})
    bundle(run, tmp_path)
    path = tmp_path / FOLDER / "000001.json"
    path.write_text(path.read_text().replace("163", "164"))
    with pytest.raises(DisclosureError, match=r"entry 1 .* was changed"):
        bundle(run, tmp_path, "second")
    with pytest.raises(DisclosureError, match=r"entry 1 .* was changed"):
        disclosure.check([run], "ons-srs")
    assert not (tmp_path / "second").exists()


def test_a_history_whose_end_was_cut_off_is_told_by_the_folder_that_stands(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)})
    bundle(run, tmp_path, "first")
    head = (tmp_path / FOLDER / "head.json").read_text()
    bundle(run, tmp_path)
    (tmp_path / FOLDER / "000002.json").unlink()
    (tmp_path / FOLDER / "head.json").write_text(head)
    assert len(entries(tmp_path)) == 1
    with pytest.raises(DisclosureError, match="does not hold the release in release"):
        bundle(run, tmp_path)


def test_a_crash_before_the_folder_appears_leaves_the_entry(make_run, tmp_path, monkeypatch):
    def crash(*_):
        raise KeyboardInterrupt

    run = make_run({"by_age": frequencies(AGES)})
    monkeypatch.setattr(engine, "swap_in", crash)
    with pytest.raises(KeyboardInterrupt):
        bundle(run, tmp_path)
    assert len(entries(tmp_path)) == 1
    assert not (tmp_path / "release").exists()


def test_a_folder_that_cannot_be_put_in_place_is_withdrawn(make_run, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("full")

    monkeypatch.setattr(engine, "swap_in", fail)
    with pytest.raises(OSError, match="full"):
        bundle(make_run({"by_age": frequencies(AGES)}), tmp_path)
    assert [entry.what for entry in entries(tmp_path)] == ["release", "withdrawal"]


def test_no_folder_appears_where_the_history_cannot_be_written(make_run, tmp_path, monkeypatch):
    def fail(*_):
        raise DisclosureError("another release was made meanwhile")

    monkeypatch.setattr(History, "append", fail)
    with pytest.raises(DisclosureError, match="meanwhile"):
        bundle(make_run({"by_age": frequencies(AGES)}), tmp_path)
    assert not (tmp_path / "release").exists()


def test_variants_not_judged_with_it_are_asked_for_first(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)}, variants=VARIANTS)
    report = bundle(run, tmp_path)
    assert [(line.status, line.reason) for line in report.lines] == [
        (
            "review",
            "variant strict of the study has not been judged with it: run all on the same data, "
            "or say which variants are ever to leave.",
        )
    ]
    assert entries(tmp_path) == ()
    alone = bundle(run, tmp_path, families={"repeat_mothers": ["default"]})
    assert [line.status for line in alone.lines] == ["pass"]


def test_variants_that_ran_are_judged_as_if_they_left_and_do_not(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)}, variants=VARIANTS)
    make_run({"by_age": frequencies(FAR, population_hash="p2")}, variant="strict")
    report = bundle(run, tmp_path)
    assert [(line.variant, line.status) for line in report.lines] == [("default", "pass")]
    assert report.compared.variants == ("repeat_mothers/strict",)
    assert [record["variant"] for record in entries(tmp_path)[0].content["outputs"]] == ["default"]
    assert not (tmp_path / "release" / "request" / "repeat_mothers" / "strict").exists()
    assert provenance(tmp_path)["compared"] == [
        "Judged as if these left too: repeat_mothers/strict."
    ]


def test_what_is_hidden_does_not_depend_on_which_variant_leaves_first(make_run, tmp_path):
    first = make_run({"by_age": frequencies(AGES)}, variants=VARIANTS)
    second = make_run(
        {"by_age": frequencies(CLOSE, population_hash="p2")}, variant="strict", variants=VARIANTS
    )
    together = disclosure.check([first, second], "ons-srs").lines
    apart = [disclosure.check([run], "ons-srs").lines[0] for run in (first, second)]
    assert [line.status for line in together] == [line.status for line in apart]


def test_open_data_is_recorded_and_compared_with_nothing(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)}, variants=VARIANTS)
    for out in ("release", "second"):
        report = bundle(run, tmp_path, out, "open")
        assert [line.status for line in report.lines] == ["pass"]
    assert len(entries(tmp_path)) == 2
    assert provenance(tmp_path)["not_compared"] == [
        "Nothing was compared: the profile protects nothing, since its data are open or made up."
    ]


def test_published_tables_are_compared_where_they_match(make_run, tmp_path):
    (tmp_path / "ages.csv").write_text("Age,Mothers\nAll,163\n")
    described = {
        "title": "Mothers", "source": "Ministry", "date": "2025", "counts": "mothers",
        "population": "England", "table": "ages.csv", "groups": {"age": {"All": "all"}},
        "columns": {"Age": "age", "Mothers": "people"},
    }  # fmt: skip
    matched, not_matched = tmp_path / "one.yaml", tmp_path / "two.yaml"
    matches = {"study": "repeat_mothers", "output": "by_age"}
    matched.write_text(yaml.safe_dump({**described, "matches": matches}))
    not_matched.write_text(yaml.safe_dump({**described, "title": "Fathers"}))
    run = make_run({"by_age": frequencies(AGES)})
    said = bundle(run, tmp_path, official=[matched, not_matched]).compared
    assert said.said == ("Compared with what others published: Mothers (Ministry, 2025).",)
    assert said.not_said[-1] == (
        "Not compared with published: Fathers (Ministry, 2025): no output asked for matches it."
    )
