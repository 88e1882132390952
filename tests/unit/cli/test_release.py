"""Releasing from the command line: what was compared is said, and a release can be withdrawn."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from justice_analysis import cli, disclosure
from tests.unit.disclosure.conftest import make_run  # noqa: F401 (a fixture)
from tests.unit.disclosure.examples import frequencies

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}


@pytest.fixture
def justice(justice, monkeypatch, tmp_path):
    """Run `justice ...` in a folder of its own; the output is one line."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code, out, err = justice(*words)
        return code, " ".join(out.split()), err

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
    out, place = tmp_path / "release", tmp_path / "release-history"
    disclosure.History.open(place).withdraw_remade(out, "made again")
    justice("release", "bundle", run, "--alone", "--out", out)
    assert len(releases(tmp_path)) == 1
    disclosure.History.open(place).withdraw_remade(out, "made again")
    assert releases(tmp_path) == []
    disclosure.History.open(place).withdraw_remade(out, "made again")


@pytest.fixture
def printed(monkeypatch, capsys, tmp_path):
    """Like `justice`, with the lines as they stand in a terminal of 80 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words):
        monkeypatch.setattr("sys.argv", ["justice", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        return code, capsys.readouterr().out

    return run


def test_help_lists_every_command_in_one_line(printed):
    code, out = printed("release", "--help")
    commands = out.split("Commands:")[1].strip().splitlines()
    assert code == 0
    assert [line.split()[0] for line in commands] == [
        "check", "bundle", "context", "verify", "scan", "profiles", "history", "withdraw",
    ]  # fmt: skip
    assert all(len(line) <= 80 and line.rstrip().endswith(".") for line in commands)


def test_what_does_not_pass_says_why_within_the_terminal(printed, make_run):  # noqa: F811
    outputs = {"good": frequencies(AGES), "few": frequencies({"x": 4}, population_hash="p2")}
    code, out = printed("release", "check", make_run(outputs))
    assert code == 1
    lines = out.splitlines()
    assert lines[0] == "repeat_mothers/default"
    assert lines[1] == "  pass  good"
    assert lines[2] == "  fail  few"
    assert lines[3].strip()
    assert "2 outputs under ons-srs: 1 pass, 1 may not leave." in out
    assert max(map(len, lines)) <= 80


def test_decisions_can_be_read_by_a_script(printed, make_run):  # noqa: F811
    code, out = printed("release", "check", make_run({"good": frequencies(AGES)}), "--json")
    read = json.loads(out)
    assert code == 0
    assert read["outputs"][0]["status"] == "pass"
    assert read["order"] == [
        {"place": 1, "run": "repeat_mothers/default", "output": "good", "why": "a table"}
    ]


def test_a_full_request_shows_the_order_with_a_cut_line(printed, make_run):  # noqa: F811
    outputs = {
        f"table_{n}": frequencies(
            {group: (n + 1) * count for group, count in AGES.items()},
            population_hash=f"p{n}",
            card=f"c{n}",
        )
        for n in range(3)
    }
    code, out = printed("release", "check", make_run(outputs, disclosure={"max_outputs": 2}))
    assert code == 0
    order = [line.strip() for line in out.split("In the order to ask for them:")[1].splitlines()]
    assert order[1] == "1. repeat_mothers/default/table_0: a table"
    assert order[3].strip("-") == " a request holds 2: the rest in the next "
    assert order[4].startswith("3. repeat_mothers/default/table_2")
    assert "not asked" in out


def test_words_are_written_edited_and_bundled(printed, run, tmp_path):
    code, out = printed("release", "context", run, "--out", "words")
    assert code == 0
    assert "1 file was written to words." in out
    edited = tmp_path / "words/repeat_mothers/default/by_age.yaml"
    edited.write_text("purpose: for the paper\n")
    options = ("--alone", "--out", "release", "--context", "words")
    assert printed("release", "bundle", run, *options)[0] == 0
    told = (tmp_path / "release/request/repeat_mothers/default/by_age.txt").read_text()
    assert "purpose: for the paper" in told


def test_verify_finds_a_changed_byte_a_stranger_and_a_leak(printed, run, tmp_path):
    printed("release", "bundle", run, "--alone", "--out", "release")
    assert printed("release", "verify", "release")[0] == 0
    home = tmp_path / "release/request/repeat_mothers/default"
    (home / "by_age.csv").write_text((home / "by_age.csv").read_text().replace("40", "45"))
    (home / "more.txt").write_text("Ask jane.smith@example.org")
    code, out = printed("release", "verify", "release")
    assert code == 1
    assert "request/repeat_mothers/default/by_age.csv was changed after the release." in out
    assert "more.txt is a stranger" in " ".join(out.split())
    assert "e-mail addresses" in out
    assert "jane" not in out


def test_any_folder_can_be_looked_through(printed, tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "note.txt").write_text("Ask jane.smith@example.org, or AB 12 34 56 C.")
    code, out = printed("release", "scan", "mail")
    assert code == 1
    assert out.splitlines()[0] == "note.txt"
    assert "  e-mail addresses: 1" in out
    assert "1 of 1 file must not leave as found." in out
    (tmp_path / "mail" / "note.txt").write_text("See you at noon.")
    code, out = printed("release", "scan", "mail")
    assert code == 0
    assert "That is no permission" in out


def test_every_rule_of_a_profile_is_printed_with_its_source(printed):
    code, out = printed("release", "profiles")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()[2:6]} == {*disclosure.names()}
    code, out = printed("release", "profiles", "ons-srs")
    assert code == 0
    assert "Fewest people behind a number that is shown: 10" in out
    assert "    [minimum_count] recalled: Ten distinct people" in out
    assert max(map(len, out.splitlines())) <= 80
    assert len(json.loads(printed("release", "profiles", "ons-srs", "--json")[1])) > 20


def test_the_history_lists_what_left_and_what_did_not(printed, run, tmp_path):
    assert "holds no release" in printed("release", "history")[1]
    printed("release", "bundle", run, "--alone", "--out", "release")
    (release_id,) = releases(tmp_path)
    code, out = printed("release", "history", "--verify")
    assert code == 0
    assert out.splitlines()[:2] == [
        f"{release_id}  under ons-srs", "  repeat_mothers/default: by_age",
    ]  # fmt: skip
    assert "the chain is whole" in out
    printed("release", "withdraw", release_id, "--why", "wider groups")
    assert "  withdrawn: wider groups" in printed("release", "history")[1]
    (entry,) = json.loads(printed("release", "history", "--json")[1])
    assert entry["withdrawn"] == "wider groups"


def test_a_history_that_was_changed_is_refused(justice, run, tmp_path):
    justice("release", "bundle", run, "--alone", "--out", tmp_path / "release")
    entry = next((tmp_path / "release-history").glob("0*.json"))
    entry.write_text(entry.read_text().replace("ons-srs", "open"))
    code, _, err = justice("release", "history", "--verify")
    assert code == 1
    assert err.startswith("error: ")


def test_a_book_of_a_run_says_what_to_do(justice, run, tmp_path):
    for folder in (run, run.parent.parent):
        code, _, err = justice("book", "build", "--from", folder, "--out", tmp_path / "book")
        assert code == 1
        assert "justice release bundle RUN... --out DIR" in err
    assert not (tmp_path / "book").exists()


def test_a_book_of_a_changed_release_is_refused(justice, run, tmp_path):
    justice("release", "bundle", run, "--alone", "--out", tmp_path / "release")
    table = next((tmp_path / "release/request").rglob("by_age.csv"))
    table.write_text(table.read_text().replace("40", "45"))
    for folder, why in (("release", "was changed after the release"), ("release/checker", "never")):
        code, _, err = justice("book", "build", "--from", tmp_path / folder, "--out", "book")
        assert code == 1
        assert why in err


def test_the_command_line_starts_without_the_engine_or_pandas():
    code = (
        "import sys, justice_analysis.cli; "
        "heavy = {'pandas', 'scipy', 'ibis', 'duckdb', 'matplotlib'} & set(sys.modules); "
        "sys.exit(' '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
