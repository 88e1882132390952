"""The release history keeps everything that left, and shows any change made to it."""

from __future__ import annotations

import json
import multiprocessing

import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure.earlier.history import FOLDER, History, Source, beside, record_of
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds import RULES
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import as_candidate, curve, frequencies, shares

SRS = disclosure.load("ons-srs")
HERE = Source("repeat_mothers", "default", "f" * 16, ("cafcass_england",), False)
AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
WITH_A_SMALL_ONE = {"all": 166, "a": 41, "b": 83, "c": 39, "d": 3}


def record(output, id="by_age", source=HERE):
    return record_of(judge([as_candidate(output, id)], SRS)[0], source, SRS)


def release(history, *records, date="2026-11-22"):
    return history.append(history.prepare(records, date=date))


@pytest.fixture
def history(tmp_path):
    return release(History.open(tmp_path / FOLDER), record(frequencies(AGES)))


def rewritten(path, change):
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_what_left_is_read_back_with_its_true_counts_and_its_rules(tmp_path):
    output = frequencies(WITH_A_SMALL_ONE, options={"by": "age"}, family="mothers")
    release(History.open(tmp_path / "h"), record(output))
    past = History.open(tmp_path / "h").past(SRS)[0]
    assert past.output.table.equals(output.table)
    assert past.output.roles == output.roles
    assert (past.output.options, past.output.family) == (output.options, "mothers")
    assert past.profile == SRS
    assert past.label == "2026-11-22-0001: repeat_mothers/default/by_age"
    shown = judge([as_candidate(output)], SRS)[0].protected.table["shown"]
    assert past.hidden == {n for n, mark in enumerate(shown) if mark == "suppressed"}
    assert 4 in past.hidden


@pytest.mark.parametrize(
    "output",
    [
        shares([("a", "1 year", 120, 40), ("b", "1 year", 80, 22)]),
        curve({"all": [(day, 3, 1) for day in range(1, 61)]}),
    ],
)
def test_an_attacker_reads_the_same_counts_from_what_was_kept(output, tmp_path):
    past = release(History.open(tmp_path / "h"), record(output)).past(SRS)[0]
    stated = RULES[output.kind].stated
    mine, theirs = stated(past.output, SRS), stated(output, SRS)
    assert mine.table[list(theirs.roles.counts)].equals(theirs.table[list(theirs.roles.counts)])
    assert mine.dimensions == theirs.dimensions


def test_statistics_are_not_kept_where_the_counts_say_all(tmp_path):
    output = shares([("a", "1 year", 120, 40), ("b", "1 year", 80, 22)])
    past = release(History.open(tmp_path / "h"), record(output)).past(SRS)[0]
    assert list(past.output.table) == ["group", "horizon", "people", "returned"]


def test_what_was_refused_is_in_no_history():
    with pytest.raises(DisclosureError, match="did not pass"):
        record(frequencies({"x": 4, "y": 3}))


def test_a_folder_that_is_not_there_has_no_entries_and_is_not_made(tmp_path):
    assert History.open(tmp_path / "h").past(SRS) == []
    assert not (tmp_path / "h").exists()


def test_a_file_is_no_history(tmp_path):
    (tmp_path / "h").write_text("")
    with pytest.raises(DisclosureError, match="must be a folder"):
        History.open(tmp_path / "h")


def test_the_same_thing_released_again_is_attacked_once(history):
    assert len(release(history, record(frequencies(AGES))).past(SRS)) == 1


def test_made_up_people_and_other_datasets_are_not_compared(history):
    assert len(history.past(SRS, datasets={"cafcass_england"}, synthetic=False)) == 1
    assert history.past(SRS, datasets={"iowa_releases"}) == []
    assert history.past(SRS, synthetic=True) == []
    assert history.past(disclosure.load("open")) == []


def test_a_withdrawn_release_is_recorded_and_no_longer_attacked(history):
    after = history.withdraw("2026-11-22-0001", "the checker refused it", date="2026-11-23")
    assert after.past(SRS) == []
    assert [entry.what for entry in History.open(history.path).entries] == ["release", "withdrawal"]
    assert after.withdrawn == {"2026-11-22-0001"}
    with pytest.raises(DisclosureError, match="not withdrawn"):
        after.withdraw("2026-11-22-0001", "again")


def test_a_withdrawal_names_a_release_and_says_why(history):
    with pytest.raises(DisclosureError, match="must be in the history"):
        history.withdraw("2020-01-01-0009", "no")
    with pytest.raises(DisclosureError, match="must say why"):
        history.withdraw("2026-11-22-0001", " ")


def test_a_release_made_meanwhile_must_be_compared_first(history):
    early = History.open(history.path)
    release(history, record(frequencies(AGES, population_hash="p2")))
    with pytest.raises(DisclosureError, match="another release was made meanwhile"):
        release(early, record(frequencies(AGES, population_hash="p3")))
    assert len(History.open(history.path).entries) == 2


def changed_count(content):
    content["outputs"][0]["columns"]["people"][0] += 1


def changed_rule(content):
    content["outputs"][0]["profile"]["minimum_count"] = 5


@pytest.mark.parametrize("change", [changed_count, changed_rule])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_changed_entry_is_named_without_its_values(history, change, number):
    for _ in range(2):
        history = release(history, record(frequencies(AGES)))
    rewritten(history.path / f"00000{number}.json", change)
    with pytest.raises(DisclosureError, match=f"^entry {number} .* was changed") as error:
        History.open(history.path)
    assert "163" not in str(error.value)
    with pytest.raises(DisclosureError, match=f"^entry {number} "):
        history.verify()


def test_a_change_with_a_new_hash_breaks_the_chain(history):
    from justice_analysis.disclosure.earlier.history.store import digest

    release(history, record(frequencies(AGES)))

    def change(content):
        changed_count(content)
        content["sha256"] = digest(content)

    rewritten(history.path / "000001.json", change)
    with pytest.raises(DisclosureError, match=r"^entry 2 .* does not follow"):
        History.open(history.path)
    (history.path / "000002.json").unlink()
    with pytest.raises(DisclosureError, match=r"^entry 2 .* is missing"):
        History.open(history.path)


def test_the_last_entry_with_a_new_hash_is_not_the_one_the_head_names(history):
    from justice_analysis.disclosure.earlier.history.store import digest

    def change(content):
        changed_count(content)
        content["sha256"] = digest(content)

    rewritten(history.path / "000001.json", change)
    with pytest.raises(DisclosureError, match=r"^entry 1 .* is not the one that head.json names"):
        History.open(history.path)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_entry_is_named(history, number):
    for _ in range(2):
        history = release(history, record(frequencies(AGES)))
    (history.path / f"00000{number}.json").unlink()
    with pytest.raises(DisclosureError, match=f"^entry {number} .* is missing"):
        History.open(history.path)


def test_swapped_entries_are_found(history):
    release(history, record(frequencies(AGES)))
    one, two = history.path / "000001.json", history.path / "000002.json"
    first = one.read_text()
    one.write_text(two.read_text())
    two.write_text(first)
    with pytest.raises(DisclosureError, match=r"^entry 1 .* does not follow"):
        History.open(history.path)


def test_a_cut_or_foreign_file_is_refused(history):
    (history.path / "000001.json").write_text("{")
    with pytest.raises(DisclosureError, match=r"^entry 1 .* cannot be read"):
        History.open(history.path)
    (history.path / "000001.json").write_text("[]")
    with pytest.raises(DisclosureError, match=r"^entry 1 .* is no entry"):
        History.open(history.path)
    (history.path / "000002.json.bak").write_text("")
    with pytest.raises(DisclosureError, match="stranger"):
        History.open(history.path)


def test_a_head_that_is_gone_is_refused(history):
    release(history, record(frequencies(AGES)))
    (history.path / "head.json").unlink()
    with pytest.raises(DisclosureError, match=r"readable head.json"):
        History.open(history.path)


def test_a_crash_before_the_head_was_written_loses_no_release(history):
    head = (history.path / "head.json").read_text()
    release(history, record(frequencies(AGES, population_hash="p2")))
    (history.path / "head.json").write_text(head)
    again = History.open(history.path)
    assert len(again.past(SRS)) == 2
    assert len(release(again, record(frequencies(AGES, population_hash="p3"))).past(SRS)) == 3


def test_a_crash_while_an_entry_is_written_leaves_none(history, monkeypatch):
    import os

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", crash)
    with pytest.raises(KeyboardInterrupt):
        release(history, record(frequencies(AGES)))
    monkeypatch.undo()
    assert len(History.open(history.path).entries) == 1
    assert len(release(history, record(frequencies(AGES))).entries) == 2


def many_releases(path, population):
    made = 0
    while made < 3:
        try:
            release(History.open(path), record(frequencies(AGES, population_hash=population)))
            made += 1
        except DisclosureError:
            continue


def test_people_who_release_at_once_lose_no_record(tmp_path):
    context = multiprocessing.get_context("fork")
    people = [
        context.Process(target=many_releases, args=(tmp_path / "h", f"p{n}")) for n in range(4)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    entries = History.open(tmp_path / "h").entries
    assert len(entries) == 12
    assert len({entry.release_id for entry in entries}) == 12


def test_the_history_lies_beside_the_runs(tmp_path):
    runs = [tmp_path / place for place in ("runs/s/v", "runs/t/v", "other/runs/s/v")]
    for run in runs:
        run.mkdir(parents=True)
        (run / "manifest.json").touch()
    assert beside([*runs[:2], tmp_path / "absent"]) == tmp_path / FOLDER
    with pytest.raises(DisclosureError, match="Name the history"):
        beside(runs)


def test_variants_that_left_are_known_by_study_and_data(history):
    assert history.variants("repeat_mothers", "f" * 16) == {"default"}
    assert history.variants("repeat_mothers", "e" * 16) == frozenset()


def test_a_profile_of_an_earlier_version_obeyed_no_later_rule():
    from justice_analysis.disclosure.earlier.history.records import profile_of, rules_of

    assert profile_of(rules_of(SRS)) == SRS
    early = {name: rule for name, rule in rules_of(SRS).items() if name != "class_disclosure"}
    assert profile_of(early).class_disclosure is False
    with pytest.raises(DisclosureError, match=r"does not know \(colour\)"):
        profile_of({**early, "colour": "red"})


def test_an_output_that_a_later_version_described_is_refused_by_name():
    from justice_analysis.disclosure.earlier.history import past_of

    kept = record(frequencies(AGES))
    early = {name: value for name, value in kept["output"].items() if name != "places"}
    assert past_of({**kept, "output": early}, "r").output.places == {}
    with pytest.raises(DisclosureError, match="r: repeat_mothers/default/by_age in the release"):
        past_of({**kept, "output": {**kept["output"], "colour": "red"}}, "r")
