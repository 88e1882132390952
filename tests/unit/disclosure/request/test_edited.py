"""A researcher may edit the words of a request, and nothing else of it."""

from __future__ import annotations

import pytest
import yaml

from justice_analysis import disclosure
from justice_analysis.disclosure.request import context_files
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import frequencies

HOME = "repeat_mothers/default"
AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
OPTIONS = {"lookback_years": 3, "index_from": "2008-04-01"}


@pytest.fixture
def run(make_run):
    return make_run({"by_age": frequencies(AGES, options=OPTIONS)})


@pytest.fixture
def words(run, tmp_path):
    context_files.write([run], tmp_path / "words", "ons-srs")
    return tmp_path / "words"


def edit(words, **changes):
    path = words / HOME / "by_age.yaml"
    said = {**yaml.safe_load(path.read_text()), **changes}
    path.write_text(yaml.safe_dump(said))


def bundled(run, words, tmp_path):
    disclosure.bundle([run], tmp_path / "release", "ons-srs", context=words)
    return tmp_path / "release/request" / HOME


def test_unedited_words_make_the_same_request(run, words, tmp_path):
    made = bundled(run, words, tmp_path)
    with_words = (made / "by_age.txt").read_text()
    disclosure.bundle([run], tmp_path / "plain", "ons-srs", history=tmp_path / "other")
    assert (tmp_path / "plain/request" / HOME / "by_age.txt").read_text() == with_words
    assert "words_edited" not in with_words


def test_edited_words_stand_in_the_request_and_are_marked(run, words, tmp_path):
    edit(
        words,
        purpose="Table 1 of the paper, since 2008.",
        filters=["Mothers in the 3 years before"],
        columns={"age": "age at the first set"},
    )
    made = bundled(run, words, tmp_path)
    told = yaml.safe_load((made / "by_age.txt").read_text())
    assert told["purpose"] == "Table 1 of the paper, since 2008."
    assert told["filters"] == ["Mothers in the 3 years before"]
    assert told["columns_hold"][0] == "age = age at the first set"
    assert told["columns_hold"][1].startswith("people = distinct people")
    assert told["words_edited"] == "by the researcher"
    assert told["unweighted_n"] == "165 people in all, rounded to the nearest 5"
    assert "163" not in (made / "by_age.csv").read_text()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"purpose": "All 163 mothers"}, "purpose must hold no numbers"),
        ({"purpose": "About 41.5% of them"}, "purpose must hold no numbers"),
        ({"definition": "Mothers seen on 3 June 2014"}, "definition must hold no numbers"),
        ({"columns": {"age": "39 of them"}}, "columns must hold no numbers"),
        ({"filters": ["none", "39 left out"]}, "filters must hold no numbers"),
        ({"controls": ["none"]}, "controls is unknown: only purpose, question"),
        ({"unweighted_n": "many"}, "unweighted_n is unknown"),
        ({"columns": {"court": "where"}}, "court is no column of the output"),
        ({"columns": ["age"]}, "columns must be columns and their meanings"),
        ({"filters": "all"}, "filters must be a list of sentences"),
        ({"filters": [1]}, "filters must hold words alone"),
        ({"weights": 3}, "weights must be words"),
        ({"purpose": "so " * 1000}, "purpose must be shorter than 2,000 letters"),
    ],
)
def test_what_is_no_word_of_the_researchers_is_refused(run, words, tmp_path, changes, why):
    edit(words, **changes)
    with pytest.raises(DisclosureError, match=why) as refused:
        bundled(run, words, tmp_path)
    assert "163" not in str(refused.value)
    assert not (tmp_path / "release").exists()
    assert disclosure.History.open(tmp_path / "release-history").entries == ()


def test_years_and_numbers_of_the_definition_may_stand_in_words(run, words, tmp_path):
    edit(words, purpose="Of 2008 and 2018, section 31, from 1 April 2008, 95% intervals, 10 people")
    assert (bundled(run, words, tmp_path) / "by_age.txt").exists()


def test_words_of_an_output_that_is_not_asked_for_are_refused(run, words, tmp_path):
    (words / HOME / "other.yaml").write_text("purpose: none\n")
    with pytest.raises(DisclosureError, match=r"other.yaml is about no output of the runs given"):
        bundled(run, words, tmp_path)


@pytest.mark.parametrize("text", ["[", "- a list", "words"])
def test_words_that_cannot_be_read_are_refused(run, words, tmp_path, text):
    (words / HOME / "by_age.yaml").write_text(text)
    with pytest.raises(DisclosureError, match=r"by_age.yaml: it must"):
        bundled(run, words, tmp_path)


def test_a_folder_of_words_must_be_there(run, tmp_path):
    with pytest.raises(DisclosureError, match="make one with justice release context"):
        bundled(run, tmp_path / "absent", tmp_path)


def test_words_that_were_edited_are_not_written_over(run, words, tmp_path):
    edit(words, purpose="mine")
    assert context_files.write([run], words, "ons-srs") == ()
    assert "mine" in (words / HOME / "by_age.yaml").read_text()


def test_what_is_left_out_is_as_it_was_made(run, words, tmp_path):
    (words / HOME / "by_age.yaml").write_text("purpose: for the paper\n")
    told = yaml.safe_load((bundled(run, words, tmp_path) / "by_age.txt").read_text())
    assert told["purpose"] == "for the paper"
    assert told["definition"].startswith("The cumulative share")


def test_a_telling_word_is_caught_by_the_gate(run, words, tmp_path):
    edit(words, purpose="Write to jane.smith@example.org")
    with pytest.raises(DisclosureError, match="e-mail addresses"):
        bundled(run, words, tmp_path)
