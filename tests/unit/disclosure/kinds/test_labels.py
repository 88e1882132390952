"""Totals and groups are told by their labels; where they can't be, a person looks."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.labels import cut_differently, label_problems
from tests.unit.disclosure.examples import as_candidate, frequencies

GROUPS = {"a": 3, "b": 50, "c": 70}


@pytest.mark.parametrize(
    "label", ["Total", "total ", "ALL ", "All people", "Everyone", "Both sexes", "Overall", "(all)"]
)
def test_a_total_by_another_name_is_looked_at(srs, label):
    judged = judge([as_candidate(frequencies(GROUPS | {label: 123}))], srs)[0]
    assert judged.verdict.status == "review"
    assert "must call its total `all`" in judged.verdict.reasons[0]


@pytest.mark.parametrize("label", ["all", "All", "ALL"])
def test_a_total_is_known_in_capitals_too(srs, label):
    true_totals = replace(srs, mechanism=dict.fromkeys(srs.mechanism, "suppress"))
    judged = judge([as_candidate(frequencies(GROUPS | {label: 123}))], true_totals)[0]
    assert judged.verdict.status == "pass"
    assert (judged.protected.table["shown"] == "suppressed").sum() == 2


@pytest.mark.parametrize("label", ["all other offences", "not all", "anyone else", "total loss"])
def test_a_group_whose_name_holds_such_a_word_is_a_group(srs, label):
    assert label_problems(frequencies(GROUPS | {label: 60}), srs) == []


def test_a_missing_label_may_be_a_total(srs):
    table = pd.DataFrame({"age": [*GROUPS, None], "people": [*GROUPS.values(), 123]})
    judged = judge([as_candidate(frequencies(GROUPS, table=table))], srs)[0]
    assert judged.verdict.status == "review"
    assert "age must have a label in every row" in judged.verdict.reasons[0]


def test_a_row_that_is_the_sum_of_all_others_is_taken_for_a_total(srs):
    judged = judge([as_candidate(frequencies(GROUPS | {"Wales": 123}))], srs)[0]
    assert judged.verdict.status == "review"
    assert "is the sum of all the others" in judged.verdict.reasons[0]


def test_a_sum_by_chance_is_no_matter_where_nothing_would_be_hidden(srs):
    assert label_problems(frequencies({"a": 30, "b": 50, "c": 80}), srs) == []


def test_a_sum_in_every_line_is_no_chance(srs):
    rows = [("a", "x", 30), ("b", "x", 50), ("c", "x", 80), ("a", "y", 11), ("b", "y", 12)]
    table = pd.DataFrame([*rows, ("c", "y", 23)], columns=["age", "sex", "people"])
    crossed = frequencies(GROUPS, table=table, dimensions=("age", "sex"))
    assert len(label_problems(crossed, srs)) == 1
    table.loc[5, "people"] = 24
    assert label_problems(frequencies(GROUPS, table=table, dimensions=("age", "sex")), srs) == []


def test_labels_that_differ_by_capitals_or_spaces_are_looked_at(srs):
    problems = label_problems(frequencies({"a": 30, "A ": 50, "b": 41}), srs)
    assert problems == ["labels of age must differ by more than capitals and spaces: 1 do not."]


def test_a_date_of_birth_is_no_label(srs):
    who = frequencies({"somebody, born 1 March 1980": 3, "others": 50})
    assert label_problems(who, srs) == ["labels of age must not hold dates of birth."]
    assert label_problems(frequencies({"born in 1980": 30, "born in 1981": 50}), srs) == []


def test_two_tables_of_one_population_must_have_the_same_groups(srs):
    """One shows a and c together, the other b: a, hidden in the first, would be the difference."""
    first = frequencies({"a": 3, "b": 12, "c": 13, "all": 28})
    second = frequencies({"a or c": 16, "b": 12, "all": 28})
    for judged in judge([as_candidate(first), as_candidate(second, "output_two")], srs):
        assert judged.verdict.status == "review"
        assert "into other groups" in judged.verdict.reasons[0]


def test_fewer_groups_or_another_population_are_no_other_cut():
    first = frequencies({"a": 30, "b": 12, "c": 13, "all": 55})
    assert cut_differently(first, frequencies({"a": 30, "b": 12})) == []
    assert cut_differently(first, frequencies({"d": 30}, population_hash="p2")) == []
    assert cut_differently(first, frequencies({"a or c": 43, "all": 55})) == ["age"]


def test_groups_that_a_hierarchy_names_are_no_other_cut():
    first = frequencies({"a": 30, "b": 12, "all": 42})
    nested = {"age": {"a": "young", "b": "old"}}
    second = frequencies({"young": 30, "old": 12, "all": 42}, hierarchy=nested)
    assert cut_differently(first, second) == []


def by(what: str, groups: list[str]):
    table = pd.DataFrame({"group": groups, "people": [30, 40]})
    return frequencies({}, table=table, dimensions=("group",), options={"by": what})


def test_outputs_that_say_by_what_they_group_may_group_by_something_else():
    assert cut_differently(by("age", ["a", "b"]), by("sex", ["c", "d"])) == []
    assert cut_differently(by("age", ["a", "b"]), by("age", ["c", "d"])) == ["group"]


def test_years_written_as_fractions_are_another_cut():
    first, second = frequencies({"2015": 30, "2016": 40}), frequencies({"2015.0": 30})
    assert cut_differently(first, second) == ["age"]


def test_one_dimension_spelled_in_two_ways_is_looked_at():
    table = pd.DataFrame({"Age": ["a", "b"], "people": [30, 40]})
    other = frequencies({"a": 30}, table=table, dimensions=("Age",))
    assert cut_differently(frequencies({"a": 30, "b": 40}), other) == ["age and Age"]


def test_counts_beyond_all_people_are_mistakes(srs):
    judged = judge([as_candidate(frequencies({"a": 10**19, "b": 50}))], srs)[0]
    assert judged.verdict.status == "fail"
    assert "must be below a million million" in judged.verdict.reasons[0]


def test_groups_are_compared_where_both_outputs_name_them():
    def linked(rows: list[tuple[str, str, int]]) -> Output:
        table = pd.DataFrame(rows, columns=["by", "value", "people"])
        return frequencies({}, table=table, dimensions=("by", "value"))

    roles = [("role", "child", 40), ("role", "parent", 60)]
    by_sex = linked([*roles, ("sex", "female", 55), ("sex", "male", 45)])
    years = [("year", "2019", 50), ("year", "2020", 50)]
    by_year = linked([*roles, *years])
    by_other_roles = linked([("role", "father", 25), ("role", "mother", 35), *years])
    assert cut_differently(by_sex, by_year) == []
    assert "value" in cut_differently(by_sex, by_other_roles)
