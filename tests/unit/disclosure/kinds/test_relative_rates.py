"""A relative rate is as good as the four counts that it is made from."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from justice_analysis import models
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.relative_rates import INDEX, SHARE, broken
from tests.unit.disclosure.examples import as_candidate

ROLES = ColumnRoles(
    people="people",
    numerator="decided",
    denominator="people",
    estimate=("estimate", "index", *INDEX[3:]),
    lower=("lower", "index_lower"),
    upper=("upper", "index_upper"),
    statistic=dict.fromkeys(("index", *INDEX[3:]), "ratio"),
)
ROWS = [("asian", 412, 101), ("black", 523, 162), ("not known", 207, 48), ("white", 4012, 803)]


def relative(rows=ROWS, **changes) -> Output:
    """Rows of group, people, decided; white people are the reference group."""
    table = pd.DataFrame(rows, columns=["ethnicity", "people", "decided"])
    share = models.wilson(table["decided"], table["people"])
    groups = table["ethnicity"].tolist()
    found = models.relative_rates(
        table["decided"],
        table["people"],
        reference=groups.index("white"),
        unknown=groups.index("not known") if "not known" in groups else None,
    )
    table = table.assign(
        **{name: getattr(share, name) for name in SHARE},
        **dict(zip(INDEX, vars(found).values(), strict=True)),
    )
    described = {
        "kind": "relative_rates",
        "title": "Remanded in custody, by group",
        "table": table,
        "dimensions": ("ethnicity",),
        "roles": ROLES,
        "unit": "defendants",
        "population": "defendants",
        "population_hash": "p1",
        "card": "relative_rates",
        "options": {"reference": {"ethnicity": "white"}},
        "shares": SHARE,
    }
    return Output(**{**described, **changes})


def decided(output, profile):
    return judge([as_candidate(output)], profile)[0]


def why(judged):
    return " ".join(judged.verdict.reasons)


def shown(judged):
    return judged.protected.table.set_index("ethnicity")


def test_ratios_of_enough_people_pass_with_their_counts(srs):
    judged = decided(relative(), srs)
    assert judged.verdict.status == "pass", why(judged)
    table = shown(judged)
    assert set(table["shown"]) == {"yes"}
    assert table[list(INDEX)].notna().all(axis=None)
    assert "worked out from the counts that are shown" in " ".join(judged.protected.controls)


def test_ratios_are_worked_out_from_the_rounded_counts(srs):
    table = shown(decided(relative(), srs))
    counts = table.loc["black", ["people", "decided"]].tolist()
    assert counts == [525, 160]
    white = table.loc["white", "decided"] / table.loc["white", "people"]
    assert table.loc["black", "index"] == pytest.approx(160 / 525 / white)
    exact = relative().table.set_index("ethnicity").loc["black", "index"]
    assert table.loc["black", "index"] != pytest.approx(exact, rel=1e-4)
    groups = table.index.tolist()
    again = models.relative_rates(
        table["decided"].astype(float),
        table["people"].astype(float),
        reference=groups.index("white"),
        unknown=groups.index("not known"),
    )
    for name, values in zip(INDEX, vars(again).values(), strict=True):
        assert table[name].astype(float).to_numpy() == pytest.approx(values), name


@pytest.mark.parametrize("column", INDEX)
def test_a_ratio_that_is_not_of_its_own_table_fails(srs, column):
    output = relative()
    wrong = output.table.copy()
    wrong.loc[1, column] += 0.01
    judged = decided(dataclasses.replace(output, table=wrong), srs)
    assert judged.verdict.status == "fail"
    assert "must be the ratio of the shares in its table: 1 are not" in why(judged)


def test_a_hidden_reference_group_hides_every_ratio(srs):
    rows = [("asian", 412, 101), ("black", 523, 162), ("mixed", 300, 90), ("white", 60, 4)]
    judged = decided(relative(rows), srs)
    table = shown(judged)
    assert table.loc["white", "shown"] == "suppressed"
    assert table[list(INDEX)].isna().all(axis=None)
    assert table.loc["asian", "shown"] == "yes"
    assert table.loc["asian", "people"] == 410


def test_a_hidden_group_has_no_ratio_and_the_others_keep_theirs(srs):
    rows = [("asian", 8, 3), ("black", 523, 162), ("mixed", 300, 90), ("white", 4012, 803)]
    table = shown(decided(relative(rows), srs))
    assert table.loc["asian", ["people", "decided", *INDEX]].isna().all()
    assert table.loc["black", "shown"] == "yes"
    assert table.loc["black", list(INDEX)].notna().all()


def test_bounds_go_where_the_number_not_known_is_hidden(srs):
    rows = [("black", 523, 162), ("not known", 8, 3), ("white", 4012, 803)]
    table = shown(decided(relative(rows), srs))
    assert table.loc["not known", "shown"] == "suppressed"
    assert np.isnan(table.loc["black", ["least", "greatest"]].astype(float)).all()


@pytest.mark.parametrize(
    "reference",
    [None, "white", {}, {"sex": "male"}, {"ethnicity": "white", "sex": "male"}],
)
def test_a_reference_group_must_be_named(srs, reference):
    judged = decided(relative(options={"reference": reference}), srs)
    assert judged.verdict.status == "fail"
    assert "options.reference must name one dimension" in why(judged)


def test_a_reference_group_that_is_not_there_leaves_nothing_to_compare(srs):
    output = relative(options={"reference": {"ethnicity": "roma"}})
    assert broken(output, srs) == [
        "an index must be the ratio of the shares in its table: 28 are not."
    ]


def test_other_columns_than_those_of_a_ratio_fail(srs):
    roles = dataclasses.replace(ROLES, upper=("upper",), statistic=ROLES.statistic)
    output = relative()
    less = dataclasses.replace(output, roles=roles, table=output.table.drop(columns="index_upper"))
    assert "have exactly the columns" in " ".join(broken(less, srs))
