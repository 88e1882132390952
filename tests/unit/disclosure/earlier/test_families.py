"""Variants of a study are judged together, and counts that differ by a few people are named."""

from __future__ import annotations

import json

import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure.earlier.differences import Named, differencing_pairs
from justice_analysis.disclosure.earlier.families import family_of
from justice_analysis.disclosure.earlier.history import FOLDER, History, Source, record_of
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.runs import read_runs
from tests.unit.disclosure.examples import as_candidate, frequencies, shares

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
OTHER_AGES = {"all": 263, "a": 91, "b": 123, "c": 49}
VARIANTS = ["default", "strict", "wide"]
SRS = disclosure.load("ons-srs")


def pairs(*named):
    return differencing_pairs(named, SRS)


def test_variants_that_differ_by_a_few_are_named_by_group_and_never_by_value():
    strict = frequencies({**AGES, "all": 161, "b": 81}, population_hash="p2")
    found = pairs(Named("default/by_age", frequencies(AGES)), Named("strict/by_age", strict))
    assert [(p.output, p.other, p.group, p.counted) for p in found] == [
        ("default/by_age", "strict/by_age", "age: b", "people"),
        ("default/by_age", "strict/by_age", "everyone", "people"),
    ]
    assert found[1].sentence == (
        "default/by_age and strict/by_age differ by too few in people of everyone "
        "(versions of one count; both are shown)."
    )
    assert not any(character.isdigit() for pair in found for character in pair.sentence)


def test_a_pair_of_which_one_is_hidden_is_told_apart():
    strict = frequencies({**AGES, "b": 81}, population_hash="p2")
    found = pairs(Named("a", frequencies(AGES)), Named("b", strict, frozenset({2})))
    assert [pair.is_hidden for pair in found] == [True]


@pytest.mark.parametrize(
    "other",
    [
        frequencies(AGES, population_hash="p2"),
        frequencies(OTHER_AGES, population_hash="p2"),
        frequencies({**AGES, "all": 173}, population_hash="p2"),
        frequencies({**AGES, "all": 161}, population_hash="p2", card="other"),
        frequencies({**AGES, "all": 161}, population_hash="p2", options={"area": "north"}),
    ],
)
def test_equal_distant_and_unrelated_counts_are_no_pair(other):
    assert pairs(Named("a", frequencies(AGES)), Named("b", other)) == []


def test_a_part_of_a_population_is_compared_whatever_its_metric():
    women = frequencies({"all": 158, "a": 41}, population_hash="p2", card="other", within=("p1",))
    found = pairs(Named("everyone", frequencies(AGES)), Named("women", women))
    assert [(p.group, p.part) for p in found] == [("everyone", True)]


def test_a_named_family_is_compared_whatever_its_metric():
    one = frequencies(AGES, family="mothers")
    two = frequencies({**AGES, "c": 38}, population_hash="p2", card="other", family="mothers")
    assert [pair.group for pair in pairs(Named("a", one), Named("b", two))] == ["age: c"]


def test_counts_with_the_outcome_are_compared_too():
    one = shares([("a", "1 year", 120, 40), ("b", "1 year", 80, 22)])
    two = shares([("a", "1 year", 120, 43), ("b", "1 year", 80, 22)], population_hash="p2")
    assert [(p.group, p.counted) for p in pairs(Named("a", one), Named("b", two))] == [
        ("group: a, horizon: 1 year", "returned")
    ]


def find(folders, families=None, history=None, tmp_path=None):
    runs = read_runs(folders, SRS)
    history = history or History.open(tmp_path / FOLDER)
    return family_of(runs, folders, SRS, families=families, history=history)


def test_a_variant_that_never_ran_has_not_been_judged(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)}, variants=VARIANTS)
    family = find([run], tmp_path=tmp_path)
    assert family.beside == ()
    assert family.reason("repeat_mothers") == (
        "variants strict and wide of the study have not been judged with it: run all on the same "
        "data, or say which variants are ever to leave."
    )
    assert family.reason("another") is None


def test_variants_beside_it_are_judged_with_it(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)}, variants=VARIANTS)
    for variant in VARIANTS[1:]:
        make_run({"by_age": frequencies(AGES)}, variant=variant)
    family = find([run], tmp_path=tmp_path)
    assert [run.name for run in family.beside] == ["repeat_mothers/strict", "repeat_mothers/wide"]
    assert family.reason("repeat_mothers") is None


def test_a_variant_of_other_data_or_that_cannot_be_read_does_not_count(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)}, variants=VARIANTS)
    older = make_run({"by_age": frequencies(AGES)}, variant="strict")
    manifest = json.loads((older / "manifest.json").read_text())
    manifest["warehouse"]["fingerprint"] = "e" * 16
    (older / "manifest.json").write_text(json.dumps(manifest))
    make_run({"by_age": frequencies(AGES)}, variant="wide", status="failed")
    family = find([run], tmp_path=tmp_path)
    assert family.missing == {"repeat_mothers": ("strict", "wide")}


def test_a_list_given_stands_in_place_of_the_manifests(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)}, variants=VARIANTS)
    assert find([run], {"repeat_mothers": ["default"]}, tmp_path=tmp_path).missing == {}
    family = find([run], {"repeat_mothers": ["default", "wide"]}, tmp_path=tmp_path)
    assert family.missing == {"repeat_mothers": ("wide",)}


def test_a_variant_that_left_is_in_the_history_and_counts(make_run, tmp_path):
    run = make_run({"by_age": frequencies(AGES)}, variants=["default", "strict"])
    judged = judge([as_candidate(frequencies(AGES), "by_age")], SRS)[0]
    source = Source("repeat_mothers", "strict", "f" * 16, ("cafcass_england",), True)
    history = History.open(tmp_path / FOLDER)
    history = history.append(history.prepare([record_of(judged, source, SRS)]))
    assert find([run], history=history).missing == {}
