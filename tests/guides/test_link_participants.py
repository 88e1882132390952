"""The guide on linking participants, followed step by step: every block on the page is run."""

from __future__ import annotations

import json

import pytest

from justice_analysis.linkage import participants as linking
from tests.guides.following import by_command, follow


@pytest.fixture(scope="module")
def followed(tmp_path_factory, pytestconfig):
    """The folder in which a reader followed the guide, and what each command printed."""
    folder = tmp_path_factory.mktemp("guide")
    guide = pytestconfig.rootpath / "book/guides/link-participants.md"
    return folder, by_command(follow(guide, folder))


def test_every_command_of_the_guide_ends_well(followed):
    _, printed = followed
    assert len(printed) == 5
    assert {command: code for command, (code, _) in printed.items() if code} == {}


def test_the_steps_have_the_names_that_the_guide_gives(followed):
    folder, _ = followed
    links = linking.read_links(folder / "links/steps")
    assert links.refusal is None
    assert list(links.attrition["step"])[1:3] == ["usable", "distinct people"]
    assert links.attrition["people"].iloc[0] == 80
    assert len(links.people) >= 76


def test_the_folder_holds_what_the_table_names(followed):
    folder, _ = followed
    for name in ("people.parquet", "attrition.csv", "model.json", "charts", "review.csv"):
        assert (folder / "links/steps" / name).exists()
    result = json.loads((folder / "links/steps/review_result.json").read_text(encoding="utf-8"))
    assert result["precision"]["estimate"] == 1.0


def test_known_keys_are_taken_as_they_are(followed):
    folder, _ = followed
    assert len(linking.read_links(folder / "links/known").people) == 70
