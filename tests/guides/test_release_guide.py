"""The guide on releasing, followed step by step: every block on the page is run."""

from __future__ import annotations

import pytest
import yaml

from tests.guides.following import follow

RUN = "runs/release_returns/default"


@pytest.fixture(scope="module")
def followed(tmp_path_factory, pytestconfig):
    """The folder in which a reader followed the guide, and what each command printed, in order."""
    folder = tmp_path_factory.mktemp("guide")
    printed = follow(pytestconfig.rootpath / "book/guides/release.md", folder)
    return folder, [(command, code, " ".join(shown.split())) for command, code, shown in printed]


def of(printed, words):
    return [(code, shown) for command, code, shown in printed if words in command]


def test_every_command_of_the_guide_ends_as_it_says(followed):
    _, printed = followed
    assert len(printed) == 12
    refused = [command for command, code, _ in printed if code]
    assert refused == [f"justice release check {RUN}"] * 2


def test_what_does_not_pass_says_why(followed):
    first = of(followed[1], "release check")[0][1]
    assert "8 pass, 3 for a person to look at, 2 may not leave" in first
    assert "one of its curves is hidden and another output shows the same people" in first


def test_the_edited_words_stand_in_the_request(followed):
    folder, _ = followed
    home = folder / "release/request/release_returns/default"
    told = yaml.safe_load((home / "return_by_horizon.txt").read_text())
    assert told["purpose"] == "The first table of the paper on returns after release."
    assert told["columns_hold"][0] == "horizon = time since release"
    assert told["change_from_last_request"] == "new: it has not been asked for before"
    assert (folder / "release/checker/index.html").is_file()
    assert (folder / "release/checker/acro").is_dir()


def test_the_history_holds_the_release_and_the_next_is_compared_with_it(followed):
    _, printed = followed
    ((_, history),) = of(printed, "release history")
    assert "release_returns/default: adjusted, headline, headline_by_cause" in history
    assert "Every entry is as it was written" in history
    after = of(printed, "release check")[1][1]
    assert "1 earlier release in release-history" in after


def test_the_owners_rules_are_named(followed):
    _, printed = followed
    ((_, rules),) = of(printed, "profiles owner.yaml")
    assert "Fewest people behind a number that is shown: 20" in rules
