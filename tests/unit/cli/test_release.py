"""Releasing from the command line: what was compared is said, and a release can be withdrawn."""

from __future__ import annotations

import pytest

from justice_analysis import cli, disclosure
from justice_analysis.cli import demo
from tests.unit.disclosure.conftest import make_run  # noqa: F401 (a fixture)
from tests.unit.disclosure.examples import frequencies

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}


@pytest.fixture
def justice(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr("sys.argv", ["justice", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        shown = capsys.readouterr()
        return code, " ".join(shown.out.split()), shown.err

    return run


@pytest.fixture
def run(make_run):  # noqa: F811
    return make_run({"by_age": frequencies(AGES)}, variants=["default", "strict"])


def releases(tmp_path):
    return [
        entry.release_id for entry in disclosure.History.open(tmp_path / "release-history").releases
    ]


def test_variants_that_never_ran_are_named_until_the_user_says_that_none_will_leave(justice, run):
    code, out, _ = justice("release", "check", run)
    assert code == 1
    assert "variant strict of the study has not been judged with it" in out
    code, out, _ = justice("release", "check", run, "--alone")
    assert code == 0
    assert "release-history holds no earlier release of these data" in out


def test_a_release_is_recorded_and_withdrawn_by_its_name(justice, run, tmp_path):
    code, out, _ = justice("release", "bundle", run, "--alone", "--out", tmp_path / "release")
    (release_id,) = releases(tmp_path)
    assert code == 0
    assert f"The history has it as {release_id}." in out
    code, out, _ = justice("release", "withdraw", release_id, "--why", "the checker refused it")
    assert code == 0
    assert f"{release_id} is withdrawn" in out
    assert releases(tmp_path) == []
    code, _, err = justice("release", "withdraw", release_id, "--why", "again")
    assert code == 1
    assert "not withdrawn" in err


def test_the_place_of_the_history_can_be_named(justice, run, tmp_path):
    place = tmp_path / "elsewhere"
    justice("release", "bundle", run, "--alone", "--out", tmp_path / "release", "--history", place)
    assert len(disclosure.History.open(place).releases) == 1
    assert releases(tmp_path) == []


def test_a_published_table_that_cannot_be_read_is_one_sentence(justice, run, tmp_path):
    code, _, err = justice("release", "check", run, "--official", tmp_path / "absent.yaml")
    assert code == 1
    assert err.startswith("error: absent.yaml must be a readable YAML file")


def test_what_the_demo_makes_again_is_withdrawn_first(justice, run, tmp_path):
    out = tmp_path / "release"
    demo._withdraw_earlier(tmp_path / "release-history", out)
    justice("release", "bundle", run, "--alone", "--out", out)
    assert len(releases(tmp_path)) == 1
    demo._withdraw_earlier(tmp_path / "release-history", out)
    assert releases(tmp_path) == []
    demo._withdraw_earlier(tmp_path / "release-history", out)
