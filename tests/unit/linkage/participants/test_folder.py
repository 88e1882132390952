"""The participants folder: whole or not at all, and what it holds stays inside."""

from __future__ import annotations

import json
import stat

import pandas as pd
import pytest

from justice_analysis.errors import SourceError, UsageError
from justice_analysis.linkage import participants as linking
from justice_analysis.linkage.participants import folder as folders

FILES = {
    "attrition.csv",
    "charts",
    "links.json",
    "match_rates.csv",
    "model.json",
    "people.parquet",
    "review.csv",
    "thresholds.csv",
}


def test_the_folder_holds_all_and_reads_back_the_same(folder, linked):
    assert {path.name for path in folder.iterdir()} == FILES
    read = linking.read_links(folder)
    assert read.name == "steps"
    assert read.refusal is None
    pd.testing.assert_frame_equal(read.attrition, linked.attrition)
    pd.testing.assert_frame_equal(read.match_rates, linked.match_rates)
    assert list(read.people["source_key"]) == list(linked.people["source_key"])
    assert [str(day) for day in read.people["index_date"].unique()] == ["2016-05-13"]
    assert read.model == json.loads(json.dumps(linked.model, default=str))
    assert read.review is None


def test_charts_are_pictures_of_the_model_and_of_made_up_pairs(folder):
    assert {path.name for path in (folder / "charts").iterdir()} == {
        "attrition.png",
        "example_moved_house.png",
        "example_swapped_names.png",
        "example_two_people.png",
        "match_rates.png",
        "match_weights.png",
        "thresholds.png",
    }


def test_only_the_review_names_anyone(folder, lists):
    names = set(pd.read_csv(lists.participants, dtype=str)["Last Name"].dropna().str.upper())
    for file in [*folder.glob("*.json"), *folder.glob("*.csv")]:
        words = set(file.read_text(encoding="utf-8").upper().replace('"', "").split(","))
        assert bool(words & names) == (file.name == "review.csv"), file.name


def test_the_review_may_be_read_by_its_owner_alone(folder):
    assert stat.S_IMODE((folder / "review.csv").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_links_json_says_sources_of_the_minimums_and_no_path(folder):
    text = (folder / "links.json").read_text(encoding="utf-8")
    settings = json.loads(text)["settings"]
    assert "not read in the Lab's own words" in settings["minimum_submitted_source"]
    assert "no source was found" in settings["minimum_matched_source"]
    assert str(folder.parent) not in text


def test_a_failure_while_writing_leaves_nothing(linked, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError("no space")

    monkeypatch.setattr(folders, "write_charts", lambda *_, **__: None)
    linking.write_links(linked, tmp_path / "steps")
    before = (tmp_path / "steps" / "links.json").read_text(encoding="utf-8")
    monkeypatch.setattr(folders, "write_charts", fail)
    with pytest.raises(OSError, match="no space"):
        linking.write_links(linked, tmp_path / "steps")
    assert [path.name for path in tmp_path.iterdir()] == ["steps"]
    assert (tmp_path / "steps" / "links.json").read_text(encoding="utf-8") == before


def test_a_participants_folder_is_replaced_and_another_is_not(linked, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "write_charts", lambda *_, **__: None)
    linking.write_links(linked, tmp_path / "steps")
    linking.write_links(linked, tmp_path / "steps")
    assert [path.name for path in tmp_path.iterdir()] == ["steps"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something else"):
        linking.write_links(linked, tmp_path / "mine")


def test_a_folder_that_was_changed_or_is_none_is_refused(linked, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "write_charts", lambda *_, **__: None)
    place = linking.write_links(linked, tmp_path / "steps")
    (place / "attrition.csv").write_text("step,people\n")
    with pytest.raises(SourceError, match=r"attrition.csv is missing or changed"):
        linking.read_links(place)
    with pytest.raises(SourceError, match="there is no participants folder"):
        linking.read_links(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="is no participants folder"):
        linking.read_links(tmp_path / "empty")


def test_nothing_with_identifiers_goes_to_a_release(linked, folder, tmp_path):
    (tmp_path / "release" / "request").mkdir(parents=True)
    for place in ("release/request/links", "release/links"):
        with pytest.raises(UsageError, match="must not leave"):
            linking.write_links(linked, tmp_path / place)
        with pytest.raises(UsageError, match="must not leave"):
            linking.export_review(folder, tmp_path / f"{place}.csv")
    assert not list(tmp_path.rglob("*.csv"))
