"""Tables of units of which a person has several, against an attacker of their own.

The attacker knows that units add up over categories and groups, that the people of a total are
at most those of its parts together and at least those of each, and that each unit has a person.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from justice_analysis import disclosure, engine, metrics
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.judge import judge
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.shares import mix_output

SRS = disclosure.load("ons-srs")
TRUE_TOTALS = replace(SRS, mechanism=dict.fromkeys(SRS.mechanism, "suppress"))
CARD = metrics.get("completeness").card
CATEGORIES, GROUPS = ("a", "b", "c", "d"), ("early", "late")
ALL = "all"


@pytest.fixture(scope="module")
def backend():
    return engine.connect()


def drawn(backend, seed: int):
    """Some orders of some people, a few kinds of them rare, in two halves of a year."""
    chance = np.random.default_rng(seed)
    people = int(chance.integers(60, 250))
    person = np.repeat(np.arange(people), chance.integers(1, 4, people))
    weights = chance.dirichlet([4, 2, 0.4, 0.2])
    rows = {
        "person_key": person.tolist(),
        "order": [CATEGORIES[n] for n in chance.choice(4, len(person), p=weights)],
        "half": [GROUPS[n] for n in chance.choice(2, len(person), p=[0.7, 0.3])],
    }
    schema = {"person_key": "int64", "order": "string", "half": "string"}
    return engine.memory_table(backend, rows, schema)


def mix(backend, seed: int):
    about = About(
        card=CARD,
        options=CARD.read_options({}),
        unit="people",
        population="People",
        population_hash=f"drawn {seed}",
    )
    by = ("half",) if seed % 2 else ()
    return mix_output(
        about, drawn(backend, seed), category="order", by=by, units_name="orders",
        title="Orders by kind",
    )  # fmt: skip


def released(output, profile):
    """The table as it may be shown; missing where nothing of it may be."""
    verdict = judge([Candidate("orders", output, True, "0" * 64)], profile)[0]
    return verdict.protected.table if verdict.protected is not None else None


def range_of_people(shown: pd.DataFrame, dimensions, row: int, base: int) -> tuple[float, float]:
    """Least and most people that a row may have, by what is shown and what must hold."""
    names = [tuple(cells) for cells in shown[list(dimensions)].itertuples(index=False)]
    place = {name: n for n, name in enumerate(names)}
    k = len(names)  # units are 0 to k - 1, people k to 2k - 1
    below, limit, same = [], [], []
    for name, at in place.items():
        below.append({k + at: 1.0, at: -1.0})  # no more people than units
        for axis, _ in enumerate(name):
            if name[axis] != ALL:
                continue
            parts = [p for n, p in place.items() if _is_part(n, name, axis)]
            if not parts:
                continue
            same.append({at: 1.0, **dict.fromkeys(parts, -1.0)})
            below.append({k + at: 1.0, **{k + p: -1.0 for p in parts}})
            below += [{k + p: 1.0, k + at: -1.0} for p in parts]
    limit = [0.0] * len(below)
    half = base / 2
    bounds = [(1.0, None)] * (2 * k)
    for at, one in enumerate(shown.to_dict("records")):
        if one["shown"] == "yes":
            for column, shift in (("orders", 0), ("people", k)):
                value = float(one[column])
                low, high = (value - half, value + half) if base > 1 else (value, value)
                bounds[shift + at] = (max(low, 1.0), high)
    aim = np.zeros(2 * k)
    ends = []
    for sign in (1.0, -1.0):
        aim[k + row] = sign
        found = linprog(
            aim, A_ub=_matrix(below, 2 * k), b_ub=limit, A_eq=_matrix(same, 2 * k),
            b_eq=np.zeros(len(same)), bounds=bounds,
        )  # fmt: skip
        ends.append(np.inf if found.status == 3 else sign * found.fun)
    return ends[0], ends[1]


def _is_part(name, total, axis: int) -> bool:
    return name[axis] != ALL and all(
        one == other for n, (one, other) in enumerate(zip(name, total, strict=True)) if n != axis
    )


def _matrix(rows, width: int) -> np.ndarray | None:
    made = np.zeros((len(rows), width))
    for number, row in enumerate(rows):
        for at, value in row.items():
            made[number, at] = value
    return made if rows else None


@pytest.mark.parametrize(("profile", "base"), [(SRS, 5), (TRUE_TOTALS, 1)])
def test_no_category_of_few_people_can_be_worked_out(backend, profile, base):
    hidden = shown_rows = 0
    for seed in range(24):
        output = mix(backend, seed)
        table = released(output, profile)
        if table is None:
            continue
        shown_rows += int((table["shown"] == "yes").sum())
        for row, people in enumerate(output.table["people"]):
            if people >= profile.minimum_count:
                continue
            hidden += 1
            assert table["shown"][row] != "yes"
            low, high = range_of_people(table, output.dimensions, row, base)
            assert low <= 1.0 + 1e-6, (seed, row)
            assert high >= profile.minimum_count - 1e-6, (seed, row)
    assert hidden > 10
    assert shown_rows > 60


def test_units_add_up_though_their_people_do_not(backend):
    output = mix(backend, 1)
    table = output.table
    whole = table[(table["half"] == ALL) & (table["order"] == ALL)].iloc[0]
    parts = table[(table["half"] != ALL) & (table["order"] != ALL)]
    assert parts["orders"].sum() == whole["orders"]
    assert parts["people"].sum() > whole["people"]


def test_a_table_whose_units_do_not_add_up_fails(backend):
    output = mix(backend, 1)
    wrong = output.table.copy()
    wrong.loc[len(wrong) - 1, "orders"] += 7
    judged = judge([Candidate("orders", replace(output, table=wrong), True, "0" * 64)], SRS)[0]
    assert judged.verdict.status == "fail"
