"""The guide on bringing an extract, followed step by step: every block on the page is run."""

from __future__ import annotations

import pytest

from justice_analysis import contracts, engine, warehouse
from justice_analysis.sources.adapter import read_adapter
from tests.guides.following import by_command, follow


@pytest.fixture(scope="module")
def followed(tmp_path_factory, pytestconfig):
    """The folder in which a reader followed the guide, and what each command printed."""
    folder = tmp_path_factory.mktemp("guide")
    guide = pytestconfig.rootpath / "book/guides/bring-your-extract.md"
    return folder, by_command(follow(guide, folder))


def test_every_command_of_the_guide_ends_well(followed):
    _, printed = followed
    assert len(printed) == 5
    assert {command: code for command, (code, _) in printed.items() if code} == {}


def test_the_draft_finds_files_join_and_slots_as_the_guide_says(followed):
    folder, _ = followed
    draft = read_adapter(folder / "draft.yaml", contracts.load("prisoner_custodial_journey"))
    nomis, segments = draft.table("nomis"), draft.table("custody_segments")
    assert nomis.files == ("stays",)
    assert [join.file for join in nomis.joins] == ["terms"]
    assert segments.files == ("parts",)
    assert segments.unpivot is not None


def test_the_ledger_has_the_counts_that_the_guide_names(followed):
    folder, printed = followed
    (shown,) = [text for command, (_, text) in printed.items() if " load " in command]
    assert "5 have no row in terms, joined one-to-one by stay" in shown
    assert "set aside, its key is not in stays: 1" in shown
    assert "one row per filled slot of 2 a row; 20 empty slots dropped" in shown
    episodes = warehouse.open(folder / "warehouse").episode
    kinds = engine.execute(episodes.group_by("granularity").aggregate(rows=episodes.count()))
    assert dict(zip(kinds["granularity"], kinds["rows"], strict=True))["journey"] == 60


def test_the_likeliest_dataset_is_the_right_one_where_it_is_named(followed):
    _, printed = followed
    shown = printed["justice data profile my_extract"][1]
    assert "Datasets that this may be" in shown
