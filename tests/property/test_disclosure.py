"""On random tables, nothing shown is small or exact, and nothing hidden can be worked out."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.attrition import steps_shown
from justice_analysis.disclosure.kinds.curves import published_steps

SRS = disclosure.load("ons-srs")
SMALL_OR_NOT = st.one_of(st.integers(0, 14), st.integers(0, 300))


def judged_table(output: Output) -> pd.DataFrame | None:
    decision = judge([Candidate("a", output, True, "0" * 64)], SRS)[0]
    assert decision.verdict.status in ("pass", "fail"), decision.verdict.reasons
    return decision.protected.table if decision.protected else None


def output_of(table: pd.DataFrame, kind: str, roles: ColumnRoles, dimensions: tuple) -> Output:
    return Output(
        kind=kind,
        title="T",
        table=table,
        dimensions=dimensions,
        roles=roles,
        unit="people",
        population="all",
        population_hash="p",
        card="c",
    )


def possible_range(total: int, parts: list[int | None], position: int) -> tuple[float, float]:
    """What a total and its shown parts leave for a hidden one: slow, obvious, by hand."""

    def lowest(rounded):
        return 0 if rounded is None else max(rounded - 2, 10)

    def highest(rounded):
        return np.inf if rounded is None else rounded + 2

    others = [part for number, part in enumerate(parts) if number != position]
    low = total - 2 - sum(map(highest, others))
    return max(low, 0), total + 2 - sum(map(lowest, others))


@settings(max_examples=30, deadline=None)
@given(st.lists(SMALL_OR_NOT, min_size=2, max_size=7))
def test_a_line_with_its_total_gives_no_hidden_cell_away(counts):
    names = [f"g{n}" for n in range(len(counts))]
    table = pd.DataFrame({"group": ["all", *names], "people": [sum(counts), *counts]})
    shown = judged_table(output_of(table, "table", ColumnRoles(people="people"), ("group",)))
    if shown is None:
        return
    numbers = [None if pd.isna(value) else int(value) for value in shown["people"]]
    for number in filter(lambda value: value is not None, numbers):
        assert number % 5 == 0
        assert number >= 10
    total, parts = numbers[0], numbers[1:]
    if total is None:
        return
    for position, (part, true) in enumerate(zip(parts, counts, strict=True)):
        if part is None and true < 10:
            low, high = possible_range(total, parts, position)
            assert low <= 0
            assert high >= 10


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(SMALL_OR_NOT, min_size=3, max_size=3), min_size=2, max_size=4))
def test_crossed_totals_leave_room_around_every_hidden_cell(counts):
    inner = np.array(counts)
    table = crossed(inner)
    output = output_of(table, "table", ColumnRoles(people="people"), ("row", "column"))
    shown = judged_table(output)
    if shown is None:
        return
    visible = shown["people"].dropna().astype(int)
    assert ((visible % 5 == 0) & (visible >= 10)).all()
    for row, column in itertools.product(*map(range, inner.shape)):
        if inner[row, column] < 10:
            low, high = crossed_range(shown, inner.shape, row, column)
            assert low <= 1e-6
            assert high >= 10 - 1e-6


def crossed(inner: np.ndarray) -> pd.DataFrame:
    full = np.pad(inner, ((0, 1), (0, 1)))
    full[-1, :] = full.sum(axis=0)
    full[:, -1] = full.sum(axis=1)
    rows, columns = ([*map(str, range(n)), "all"] for n in inner.shape)
    return pd.DataFrame(
        [(r, c, int(full[i, j])) for i, r in enumerate(rows) for j, c in enumerate(columns)],
        columns=["row", "column", "people"],
    )


def crossed_range(shown: pd.DataFrame, shape: tuple, row: int, column: int) -> tuple:
    """Bound one cell by the inner cells alone: margins as inequalities, written once more."""
    from scipy.optimize import linprog

    count = shape[0] * shape[1]
    at = {(str(i), str(j)): i * shape[1] + j for i in range(shape[0]) for j in range(shape[1])}
    above, limits = [], []
    for _, line in shown[shown["people"].notna()].iterrows():
        chosen = [
            place
            for (i, j), place in at.items()
            if line["row"] in (i, "all") and line["column"] in (j, "all")
        ]
        sign = np.zeros(count)
        sign[chosen] = 1
        above += [sign, -sign]
        limits += [line["people"] + 2, -max(line["people"] - 2, 10)]
    aim = np.zeros(count)
    aim[at[str(row), str(column)]] = 1
    ends = []
    for sign in (1, -1):
        solved = linprog(sign * aim, A_ub=np.array(above), b_ub=limits) if above else None
        ends.append(
            solved.fun * sign
            if solved is not None and solved.status == 0
            else (0 if sign == 1 else np.inf)
        )
    return tuple(ends)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1)), min_size=1, max_size=6))
def test_every_share_shown_follows_from_the_counts_shown(groups):
    people = [count for count, _ in groups]
    returned = [round(count * share) for count, share in groups]
    table = pd.DataFrame(
        {"group": [f"g{n}" for n in range(len(groups))], "people": people, "returned": returned}
    )
    table["estimate"] = (table["returned"] / table["people"].where(table["people"] > 0)).fillna(0)
    roles = ColumnRoles(
        people="people", numerator="returned", denominator="people", estimate=("estimate",)
    )
    shown = judged_table(output_of(table, "estimates", roles, ("group",)))
    if shown is None:
        return
    for position, row in shown.iterrows():
        if row["shown"] == "yes":
            assert row["estimate"] == row["returned"] / row["people"]
            assert row["returned"] % 5 == row["people"] % 5 == 0
            true = table.loc[position]
            assert true["returned"] >= 10
            assert true["people"] - true["returned"] >= 10
        else:
            assert row[["people", "returned", "estimate"]].isna().all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=60))
def test_curves_never_step_by_fewer_than_ten(exits):
    leaving = [events + censored for events, censored in exits]
    at_risk = [sum(leaving[position:]) for position in range(len(leaving))]
    events = [happened for happened, _ in exits]
    steps = published_steps(at_risk, events, minimum=10, leaving=10)
    for step in steps:
        assert at_risk[step.position] >= 10
        assert step.source <= step.position
    for earlier, later in itertools.pairwise(steps):
        assert at_risk[earlier.position] - at_risk[later.position] >= 10
        since = sum(events[earlier.source + 1 : later.source + 1])
        assert since == 0 or since >= 10


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(0, 25), min_size=4, max_size=30), min_size=2, max_size=3))
def test_no_curve_of_everyone_is_shown_while_a_group_is_thin_in_another_output(exits):
    groups = {f"g{n}": rows for n, rows in enumerate(exits) if sum(rows)}
    longest = max(map(len, exits))
    everyone = [sum(rows[day] for rows in exits if day < len(rows)) for day in range(longest)]
    if not groups:
        return
    outputs = [curves_of_censored(groups), curves_of_censored({"all": everyone})]
    judged = judge([Candidate(f"c{n}", o, True, "0" * 64) for n, o in enumerate(outputs)], SRS)
    if any(one.protected is None for one in judged):  # nothing to subtract from one another
        return
    total = judged[1].protected.table
    for day in total.loc[total["shown"] == "yes", "day"]:
        assert all(sum(rows[day:]) >= 10 for rows in groups.values())


def curves_of_censored(groups: dict[str, list[int]]) -> Output:
    rows = [
        (name, day, sum(leaving), sum(leaving[day:]), 0, 0.0)
        for name, leaving in groups.items()
        for day in range(len(leaving))
        if sum(leaving[day:])
    ]
    names = ["group", "day", "people", "at_risk", "events", "estimate"]
    roles = ColumnRoles(people="people", count=("at_risk", "events"), estimate=("estimate",))
    return output_of(pd.DataFrame(rows, columns=names), "survival", roles, ("group", "day"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(0, 200))
def test_attrition_never_shows_a_small_loss(losses, left):
    people = list(
        itertools.accumulate(losses, lambda before, lost: before - lost, initial=left + sum(losses))
    )
    shown = [people[position] for position in steps_shown(people, 10)]
    assert all(number >= 10 for number in shown)
    for before, after in itertools.pairwise(shown):
        assert before == after or before - after >= 10


@pytest.mark.parametrize("seed", range(3))
def test_judging_is_the_same_every_time(seed):
    counts = np.random.default_rng(seed).integers(0, 60, (4, 3))
    output = output_of(crossed(counts), "table", ColumnRoles(people="people"), ("row", "column"))
    first, second = judged_table(output), judged_table(output)
    pd.testing.assert_frame_equal(first, second)
