"""Decisions by group, drawn: who counts at each stage, and what a ratio of few people is."""

from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.metrics.disparities import (
    disparity_by_stage,
    parts_of_whole,
    relative_rates,
)
from tests.spec.criminal_courts import court_warehouse

# Not counted at all: br (a breach alone), no (never received), cr (the Crown Court).
# Person 5 is two defendants; 7 has no recorded group; b3 has reached no stage.
CASES = """
row | case | type        | person | received   | sent       | ended      | code  | kind        | ethnicity | sex    | remand  | plea         | verdict    | sentence
w1  | W1   | magistrates | 1      | 2020-01-01 | 2020-02-01 | -          | theft | charge      | white     | male   | custody | guilty       | guilty     | immediate_custody
w2  | W2   | magistrates | 2      | 2020-01-01 | -          | 2020-03-01 | theft | charge      | white     | male   | bail    | guilty       | guilty     | fine
w3  | W3   | magistrates | 3      | 2021-01-01 | -          | 2021-03-01 | theft | charge      | white     | female | bail    | not_guilty   | not_guilty | -
w4  | W4   | magistrates | 4      | 2021-01-01 | -          | 2021-03-01 | theft | charge      | white     | female | bail    | none_entered | guilty     | -
b1  | B1   | magistrates | 5      | 2020-01-01 | 2020-02-01 | -          | theft | charge      | black     | male   | custody | guilty       | guilty     | immediate_custody
b2  | B2   | magistrates | 5      | 2021-01-01 | -          | 2021-03-01 | theft | charge      | black     | male   | bail    | not_guilty   | not_guilty | -
b3  | B3   | magistrates | 6      | 2020-01-01 | -          | -          | theft | charge      | black     | male   | -       | -            | -          | -
x   | X    | magistrates | 7      | 2020-01-01 | -          | 2020-03-01 | theft | charge      | -         | male   | custody | guilty       | guilty     | fine
br  | BR   | magistrates | 8      | 2020-01-01 | 2020-02-01 | -          | theft | application | black     | male   | custody | guilty       | guilty     | immediate_custody
no  | NO   | magistrates | 9      | -          | 2020-02-01 | -          | theft | charge      | black     | male   | custody | guilty       | guilty     | immediate_custody
cr  | CR   | crown_trial | 10     | 2020-01-01 | 2020-02-01 | -          | theft | charge      | black     | male   | custody | guilty       | guilty     | immediate_custody
"""
OF_TWO = ["people", "decided", "defendants"]


@pytest.fixture
def courts(backend):
    return court_warehouse(backend, CASES)


def by_group(found, by="ethnicity"):
    return found.outputs["index"].table.set_index(by)


@pytest.mark.parametrize(
    ("decision", "white", "black", "unknown"),
    [
        ("remand", [4, 1, 4], [1, 1, 2], [1, 1, 1]),
        ("sent_to_crown", [4, 1, 4], [1, 1, 2], [1, 0, 1]),
        ("guilty_plea", [3, 2, 3], [1, 1, 2], [1, 1, 1]),
        ("conviction", [4, 3, 4], [1, 1, 2], [1, 1, 1]),
        ("custody", [2, 1, 2], [1, 1, 1], [1, 0, 1]),
    ],
)
def test_only_those_at_the_stage_before_count_in_each_decision(
    courts, decision, white, black, unknown
):
    table = by_group(relative_rates(courts, decision=decision))
    groups = ("white", "black", "not known")
    assert {name: table.loc[name, OF_TWO].tolist() for name in groups} == {
        "white": white,
        "black": black,
        "not known": unknown,
    }
    assert len(table) == 3
    share = (black[1] / black[2]) / (white[1] / white[2])
    assert table.loc["black", "index"] == pytest.approx(share)
    assert table.loc["white", ["index", "index_lower", "least"]].tolist() == [1, 1, 1]


def test_those_whose_group_is_not_known_stand_apart_and_bound_the_ratio(courts):
    table = by_group(relative_rates(courts))
    # The one not known was remanded: as a white person, or as a black one.
    bounds = table.loc["black", ["least", "greatest"]].tolist()
    assert bounds == pytest.approx([(1 / 2) / (2 / 5), (2 / 3) / (1 / 4)])
    custody = by_group(relative_rates(courts, decision="custody"))
    # The one not known was not sentenced to custody.
    bounds = custody.loc["black", ["least", "greatest"]].tolist()
    assert bounds == pytest.approx([(1 / 2) / (1 / 2), (1 / 1) / (1 / 3)])


def test_each_step_says_how_many_were_set_aside(courts):
    found = relative_rates(courts, index_to="2021-01-01")
    assert found.attrition.table()["people"].tolist() == [8, 5, 4]
    assert by_group(found)["defendants"].to_dict() == {"black": 1, "not known": 1, "white": 2}


def test_another_grouping_has_a_reference_of_its_own(courts):
    found = relative_rates(courts, by="sex", decision="conviction")
    table = by_group(found, "sex")
    assert table[OF_TWO].loc[["female", "male"]].values.tolist() == [[2, 1, 2], [4, 4, 5]]
    assert table.loc["female", "index"] == pytest.approx((1 / 2) / (4 / 5))
    other = relative_rates(courts, by="sex", decision="conviction", reference="female")
    turned = by_group(other, "sex")
    assert turned.loc["male", "index"] == pytest.approx((4 / 5) / (1 / 2))


def test_a_trend_is_given_only_where_the_share_not_known_is_steady(courts):
    refused = relative_rates(courts)  # one of four in 2020, none of three in 2021
    unknown = refused.outputs["unknown"].table.set_index("year")
    assert unknown.loc[["in 2020", "in 2021"], ["is_unknown", "defendants"]].values.tolist() == [
        [1, 4],
        [0, 3],
    ]
    assert "by_year" not in refused.outputs
    assert "No trend is given" in " ".join(refused.outputs["index"].notes)
    given = relative_rates(courts, most_unknown_change=0.25)
    years = given.outputs["by_year"].table
    table = years.set_index(["year", "ethnicity"])
    assert table["defendants"].to_dict() == {
        ("in 2020", "black"): 1,
        ("in 2020", "not known"): 1,
        ("in 2020", "white"): 2,
        ("in 2021", "black"): 1,
        ("in 2021", "white"): 2,
    }
    assert table.loc[("in 2020", "black"), "index"] == pytest.approx((1 / 1) / (1 / 2))
    assert np.isnan(table.loc[("in 2021", "black"), "index"])  # no white defendant was remanded
    alone = relative_rates(courts, index_to="2021-01-01").outputs
    assert "One year alone has no trend." in alone["index"].notes


def test_stages_leave_out_the_convicted_without_a_sentence_and_say_so(courts):
    found = disparity_by_stage(courts)
    assert found.attrition.table()["people"].tolist() == [8, 7, 6]  # w4
    table = found.table.set_index(["stage", "ethnicity"])
    counts = table[["decided", "defendants"]]
    convicted, custody, whole = dict.fromkeys(found.table["stage"])
    assert counts.loc[(convicted, "white")].tolist() == [2, 3]
    assert counts.loc[(custody, "white")].tolist() == [1, 2]
    assert counts.loc[(whole, "white")].tolist() == [1, 3]
    assert counts.loc[(convicted, "black")].tolist() == [1, 2]
    assert counts.loc[(custody, "black")].tolist() == [1, 1]
    assert counts.loc[(whole, "black")].tolist() == [1, 2]


def test_the_logarithms_of_the_stages_add_up_to_that_of_the_whole(courts):
    output = disparity_by_stage(courts).outputs["stages"]
    parts = parts_of_whole(output, "ethnicity")
    black = parts[parts["ethnicity"] == "black"]
    assert black["log_index"].tolist() == pytest.approx(np.log([0.75, 2]))
    assert black["part"].tolist() == pytest.approx(np.log([0.75, 2]) / np.log(1.5))
    assert parts[parts["ethnicity"] == "white"]["part"].isna().all()  # at parity, no part
    assert "not known" not in set(parts["ethnicity"])
