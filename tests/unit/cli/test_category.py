"""`justice category` and `justice cohort` on the command line."""

from __future__ import annotations

import json

import pytest


def test_categories_are_listed_with_word_and_status(justice):
    code, out, _ = justice("category", "list", "--json")
    rows = {row["category"]: row for row in json.loads(out)}
    assert code == 0
    assert rows["newborn_wales"]["word"] == "newborn"
    assert rows["organised_crime"]["status"] == "unbacked"


def test_a_category_is_shown_and_an_unknown_one_refused(justice):
    assert "No agreed code list" in justice("category", "show", "organised_crime")[1]
    code, _, err = justice("category", "show", "newborns_wales")
    assert code == 2
    assert "Did you mean newborn_wales" in err


def test_cohorts_are_listed_and_shown(justice):
    _, out, _ = justice("cohort", "list", "--json")
    assert "pupils" in [row["cohort"] for row in json.loads(out)]
    _, out, _ = justice("cohort", "show", "convicted_in_a_year")
    assert "Left out, in order:" in out
    assert "those under 18 at the index" in out


def test_two_categories_are_compared_and_a_cohort_is_found(justice, small_warehouse):
    data = ("--data", str(small_warehouse), "--json")
    _, out, _ = justice("category", "compare", "newborn_england", "infant", *data)
    rows = {row["membership"]: row["members"] for row in json.loads(out)}
    assert rows["in both"] + rows["only in the second"] == rows["all"]
    assert rows["in both"] > 0
    _, out, _ = justice("cohort", "run", "newborns_in_care_proceedings", *data)
    steps = json.loads(out)
    assert 0 < steps[-1]["people"] <= steps[0]["people"]
    assert steps[0]["step"] == "babies who could enter"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("newborn_england", "newborn_england"), "they are one"),
        (("newborn_england", "care_experienced_care_order"), "compared by one unit"),
        (("newborn_england", "organised_crime"), "compared by one unit"),
    ],
)
def test_what_cannot_be_compared_is_refused(justice, small_warehouse, words, error):
    code, _, err = justice("category", "compare", *words, "--data", str(small_warehouse))
    assert code != 0
    assert error in err
