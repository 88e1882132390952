"""The guide of a first hour, followed step by step: every block on the page is run."""

from __future__ import annotations

import pytest

from tests.guides.following import by_command, follow


@pytest.fixture(scope="module")
def followed(tmp_path_factory, pytestconfig):
    """The folder in which a reader followed the guide, and what each command printed."""
    folder = tmp_path_factory.mktemp("guide")
    guide = pytestconfig.rootpath / "book/guides/first-hour.md"
    return folder, by_command(follow(guide, folder))


def test_every_command_of_the_guide_ends_well(followed):
    _, printed = followed
    assert len(printed) == 9
    assert {command: code for command, (code, _) in printed.items() if code} == {}


def test_the_load_prints_a_ledger_with_what_was_set_aside(followed):
    _, printed = followed
    (shown,) = [text for command, (_, text) in printed.items() if " load " in command]
    assert "set aside" in shown


def test_a_narrower_return_is_a_smaller_share(followed):
    _, printed = followed
    command = "justice metric run recurrence --data warehouse"
    every, infants = printed[command][1], printed[f"{command} --option endpoint=new_infant"][1]
    assert last_share(infants) < last_share(every)


SHARE = 6  # place of the estimate in a line


def last_share(shown):
    return next(float(line.split()[SHARE]) for line in shown.splitlines() if "3,652" in line)


def test_the_card_says_what_does_not_count(followed):
    _, printed = followed
    assert "What does not count:" in printed["justice metric show recurrence"][1]


def test_both_folders_are_where_the_guide_says(followed):
    folder, _ = followed
    assert (folder / "release/request/checksums.txt").is_file()
    assert (folder / "release/checker/index.html").is_file()
