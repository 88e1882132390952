"""What a checker is told of a decision: each rule, each hidden row, each protected count."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.profiles.profile import load
from tests.unit.disclosure.crossed import margins_of
from tests.unit.disclosure.examples import as_candidate, curve, frequencies, shares
from tests.unit.disclosure.kinds.test_attrition import attrition
from tests.unit.disclosure.kinds.test_survival import DAILY


def evidence(output, profile):
    return judge([as_candidate(output)], profile)[0].verdict.evidence


def test_each_hidden_row_says_why(srs):
    exact = dataclasses.replace(srs, mechanism=dict.fromkeys(srs.mechanism, "suppress"))
    found = evidence(frequencies({"all": 120, "a": 3, "b": 47, "c": 70}), exact)
    assert found["hidden"] == [1, 2]
    assert found["why"] == {
        "1": ["it counts fewer people than the minimum"],
        "2": ["another number could be worked out from it"],
    }


def test_each_rule_says_what_it_found_without_values(srs):
    found = evidence(frequencies({"all": 120, "a": 3, "b": 0, "c": 117}), srs)
    said = {row["rule"]: row for row in found["rules"]}
    assert said["minimum_count"]["detail"] == "1 row is hidden."
    assert said["zeros_disclosive"]["detail"] == "1 row is hidden."
    assert said["families, cases, organisations"]["detail"] == "No row breaks it."
    assert said["attack"] == {
        "rule": "attack", "status": "pass",
        "detail": "2 protected counts were attacked: none can be worked out.",
    }  # fmt: skip


def test_each_protected_count_has_the_range_an_attacker_is_left_with(srs):
    exact = dataclasses.replace(srs, mechanism=dict.fromkeys(srs.mechanism, "suppress"))
    found = evidence(frequencies({"all": 120, "a": 3, "b": 47, "c": 70}), exact)
    assert found["attacker"] == [
        {
            "cell": "people: age a", "true": 3, "low": 0, "high": 50, "needed_low": 0,
            "needed_high": 10, "safe": True, "proof": "whole numbers",
        }
    ]  # fmt: skip
    assert found["attack_method"] == {
        "protected_counts": 1, "cells": 4, "sums": 1, "found_by": ["exact"],
        "proof": ["whole numbers"],
    }  # fmt: skip
    assert "real numbers" in found["scope"]


def test_a_row_hidden_for_two_reasons_of_one_rule_is_one_row(srs):
    found = evidence(shares([("a", 5, 100, 4), ("b", 5, 1000, 300)]), srs)
    alone = evidence(shares([("a", 5, 8, 4), ("b", 5, 1000, 300)]), srs)
    for one in (found, alone):
        said = {row["rule"]: row["detail"] for row in one["rules"]}
        assert said["minimum_count"] == "1 row is hidden."


def test_counts_that_nobody_wrote_are_named_in_words(srs):
    found = evidence(shares([("a", 5, 100, 96), ("b", 5, 1000, 300)]), srs)
    names = [row["cell"] for row in found["attacker"]]
    assert names == ["people: group a, without numerator returned: group a, horizon 5"]


@pytest.mark.parametrize(
    "output",
    [
        frequencies({"all": 120, "a": 3, "b": 47, "c": 70}),
        shares([("a", 5, 100, 96), ("b", 5, 1000, 300)]),
        curve({"a": DAILY}),
        margins_of(np.array([[3, 40], [50, 60]]), totals=("sex", "age")),
        frequencies({"a": 5}),
        frequencies({"all": 100, "a": 60, "b": 70}),
        frequencies({"all": 100, "a": 60}),
    ],
)
def test_evidence_of_any_decision_is_plain_data(srs, output):
    found = evidence(output, srs)
    assert json.loads(json.dumps(found)) == found
    assert {"rule", "status", "detail"} == set(found["rules"][0])


def test_merged_steps_of_a_selection_are_named(srs):
    found = evidence(attrition([203, 200, 120]), srs)
    assert found["hidden"] == [0]
    assert "differs by too few people" in found["why"]["0"][0]


def test_where_nothing_is_protected_the_evidence_says_so():
    found = judge([as_candidate(frequencies({"a": 3}))], load("open"))[0].verdict.evidence
    assert found["rules"][0]["detail"] == "None: the data may be shown."
