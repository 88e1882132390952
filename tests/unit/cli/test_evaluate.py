"""`justice evaluate` on the command line: what is asked for is said before anything is read."""

from __future__ import annotations

import functools

import pytest

from tests.participants import make_lists


@pytest.fixture
def justice(justice):
    """Run `justice evaluate ...`."""
    return functools.partial(justice, "evaluate")


def test_a_list_needs_a_population_or_known_ids(justice, small_warehouse, tmp_path):
    listed = tmp_path / "list.csv"
    listed.write_text("surname\n")
    code, _, err = justice(listed, "--data", small_warehouse, "--out", tmp_path / "out")
    assert code == 2
    assert "give --population, or say --known-ids" in err


def test_too_short_a_list_ends_with_its_steps_and_a_sentence(justice, small_warehouse, tmp_path):
    lists = make_lists(tmp_path, known=20, population=200)
    code, out, err = justice(
        lists.participants, "--population", lists.population,
        "--data", small_warehouse, "--out", tmp_path / "out",
    )  # fmt: skip
    assert code == 1
    assert "submitted" in out
    assert "60" in err
    assert not (tmp_path / "out" / "release").exists()
