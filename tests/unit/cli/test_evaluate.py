"""`justice evaluate` on the command line: what is asked for is said before anything is read."""

from __future__ import annotations

import pytest

from justice_analysis import cli
from tests.participants import make_lists


@pytest.fixture
def justice(monkeypatch, capsys):
    """Run `justice evaluate ...` in this process; gives exit code, output and errors."""

    def run(*words):
        monkeypatch.setattr("sys.argv", ["justice", "evaluate", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


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
