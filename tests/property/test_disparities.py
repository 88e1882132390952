"""Ratios of groups against slow, obvious versions over the rows, on random small worlds."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from justice_analysis import engine
from justice_analysis.metrics.disparities import (
    adjusted_rates,
    disparity_by_stage,
    parts_of_whole,
    relative_rates,
)
from tests.spec.criminal_courts import court_warehouse

FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SEEDS = st.integers(0, 2**32)
COLUMNS = "row case type person received court code kind ethnicity remand plea verdict sentence"
GROUPS = ("white", "white", "white", "black", "asian", None)
REACHED = {
    "remand": lambda row: row["remand"],
    "guilty_plea": lambda row: row["plea"] in ("guilty", "not_guilty"),
    "conviction": lambda row: row["verdict"] in ("guilty", "not_guilty"),
    "custody": lambda row: row["verdict"] == "guilty" and row["sentence"],
}
DECIDED = {
    "remand": ("remand", "custody"),
    "guilty_plea": ("plea", "guilty"),
    "conviction": ("verdict", "guilty"),
    "custody": ("sentence", "immediate_custody"),
}


@pytest.fixture(scope="session")
def backend():
    return engine.connect()


def some_defendants(chance: random.Random, number: int, *, whole: bool = False) -> list[dict]:
    """Defendants of few people; unless `whole`, sentences and other results may be missing."""
    rows = []
    for place in range(number):
        guilty = chance.random() < 0.6
        sentence = chance.choice(["immediate_custody", "immediate_custody", "fine"])
        kind = "application" if chance.random() < 0.05 else "charge"
        row = {
            "row": f"r{place}", "case": f"c{place // 2}", "type": "magistrates",
            "person": str(chance.randrange(number // 2)), "court": f"m:{place // 2 % 12}",
            "received": f"20{10 + place // 2 % 4}-0{1 + place // 2 % 9}-01", "kind": kind,
            "code": chance.choice(["theft", "robbery", "drugs"]),
            "ethnicity": chance.choice(GROUPS),
            "remand": chance.choice(["custody", "bail", "bail"]),
            "plea": chance.choice(["guilty", "not_guilty", "none_entered"]),
            "verdict": "guilty" if guilty else "not_guilty",
            "sentence": sentence if guilty else None,
        }  # fmt: skip
        if not whole:
            for name in ("remand", "plea", "verdict", "sentence"):
                row[name] = None if chance.random() < 0.1 else row[name]
        rows.append(row)
    return rows


def drawn(backend, rows):
    names = COLUMNS.split()
    lines = [" | ".join(row[name] or "-" for name in names) for row in rows]
    return court_warehouse(backend, "\n".join([" | ".join(names), *lines]))


def counted(rows, decision):
    """Defendants and decisions by group and offence, of those at the stage before."""
    column, value = DECIDED[decision]
    people, events = Counter(), Counter()
    for row in rows:
        if row["kind"] == "charge" and REACHED[decision](row):
            key = (row["ethnicity"] or "not known", row["code"])
            people[key] += 1
            events[key] += row[column] == value
    return people, events


def summed(counts, group):
    return sum(number for key, number in counts.items() if key[0] == group)


@FEW
@given(SEEDS, st.sampled_from(sorted(DECIDED)))
def test_ratios_are_those_of_counting_row_by_row(backend, seed, decision):
    rows = some_defendants(random.Random(seed), 200)
    table = relative_rates(drawn(backend, rows), decision=decision).outputs["index"].table
    people, events = counted(rows, decision)
    base = summed(events, "white") / summed(people, "white")
    assert sorted(table["ethnicity"]) == ["asian", "black", "not known", "white"]
    for row in table.to_dict("records"):
        group = row["ethnicity"]
        assert row["defendants"] == summed(people, group)
        assert row["decided"] == summed(events, group)
        assert row["index"] == pytest.approx(row["decided"] / row["defendants"] / base)
        assert row["least"] <= row["index"] <= row["greatest"]


@FEW
@given(SEEDS)
def test_crude_pooled_and_standardised_ratios_are_those_of_plain_sums(backend, seed):
    rows = some_defendants(random.Random(seed), 600)
    found = adjusted_rates(drawn(backend, rows), adjust_for=("offence_group",))
    people, events = counted(rows, "remand")
    codes = sorted({code for _, code in people})
    pooled, standardised = (
        found.outputs[name].table.set_index("level") for name in ("pooled", "standardised")
    )
    for group in ("black", "asian"):
        both = [(people[group, code], people["white", code]) for code in codes]
        hits = [(events[group, code], events["white", code]) for code in codes]
        above = sum(a * m / (n + m) for (n, m), (a, _) in zip(both, hits, strict=True))
        below = sum(b * n / (n + m) for (n, m), (_, b) in zip(both, hits, strict=True))
        expected = sum(n * b / m for (n, m), (_, b) in zip(both, hits, strict=True))
        assert pooled.loc[group, "estimate"] == pytest.approx(above / below)
        assert standardised.loc[group, "estimate"] == pytest.approx(
            summed(events, group) / expected
        )
        assert pooled.loc[group, ["defendants", "events"]].tolist() == [
            summed(people, group),
            summed(events, group),
        ]
    assert found.attrition.table()["people"].iloc[-1] == sum(
        number for (group, _), number in people.items() if group != "not known"
    )


@FEW
@given(SEEDS)
def test_odds_ratios_without_a_difference_of_offence_are_the_crude_ones(backend, seed):
    rows = [{**row, "code": "theft"} for row in some_defendants(random.Random(seed), 400)]
    found = adjusted_rates(drawn(backend, rows), adjust_for=())
    people, events = counted(rows, "remand")

    def odds(group):
        return summed(events, group) / (summed(people, group) - summed(events, group))

    table = found.outputs["odds"].table.set_index("level")
    for group in ("black", "asian"):
        assert table.loc[group, "estimate"] == pytest.approx(odds(group) / odds("white"), rel=1e-5)


@FEW
@given(SEEDS)
def test_parts_of_the_stages_sum_to_the_whole(backend, seed):
    rows = some_defendants(random.Random(seed), 300, whole=True)
    output = disparity_by_stage(drawn(backend, rows)).outputs["stages"]
    parts = parts_of_whole(output, "ethnicity")
    whole = output.table[output.table["stage"] == output.table["stage"].iloc[-1]]
    logs = np.log(whole.set_index("ethnicity")["index"])
    sums = parts.groupby("ethnicity")[["log_index", "part"]].sum()
    for group in ("black", "asian"):
        assert sums.loc[group, "log_index"] == pytest.approx(logs[group])
        assert sums.loc[group, "part"] == pytest.approx(1)


def test_a_planted_difference_is_recovered_where_the_crude_one_misleads(backend):
    """Robbery is remanded more often, and one group is charged with it more often."""
    chance = random.Random(7)
    planted, rows = 0.6, some_defendants(chance, 4_000, whole=True)
    for row in rows:
        row["ethnicity"] = chance.choice(["white", "black"])
        is_black = row["ethnicity"] == "black"
        row["code"] = "robbery" if chance.random() < (0.7 if is_black else 0.2) else "theft"
        log_odds = -1.5 + 1.2 * (row["code"] == "robbery") + planted * is_black
        row["remand"] = "custody" if chance.random() < 1 / (1 + np.exp(-log_odds)) else "bail"
    held = drawn(backend, rows)
    black = adjusted_rates(held, adjust_for=("offence_group",)).outputs["odds"].table
    row = black.set_index("level").loc["black"]
    assert abs(np.log(row["estimate"]) - planted) < 3 * row["standard_error"] < 0.3
    crude = adjusted_rates(held, adjust_for=()).outputs["odds"].table.set_index("level")
    apart = np.log(crude.loc["black", "estimate"]) - planted
    assert apart > 4 * crude.loc["black", "standard_error"]
