"""On random quantities, no hidden sum or mean is closer known than the p-ratio lets it be."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.amounts.hiding import further_to_hide, hidden_by_rule
from justice_analysis.disclosure.amounts.stated import amounts_of
from justice_analysis.disclosure.kinds import RULES, Beside
from justice_analysis.disclosure.kinds.histogram import FEWEST_BINS, merged
from justice_analysis.disclosure.kinds.steps import fewest_behind, mean_step, to_step
from tests.unit.disclosure.kinds.quantity_examples import LARGEST, output, with_mechanism

SRS = disclosure.load("ons-srs")
SUPPRESS = with_mechanism(SRS, "suppress")
MECHANISMS = {"suppress": SUPPRESS, "suppress_then_round": SRS}
# People's parts in a group: some groups small, some with one large contributor.
PARTS = st.lists(st.integers(0, 400), min_size=1, max_size=40)
GROUP = st.one_of(PARTS, PARTS.map(lambda parts: [*parts, 20 * sum(parts) + 1]))


def row(parts: list[int]) -> tuple[int, float, float, float]:
    """People, total and the two largest parts, as they would be aggregated."""
    first, second, *_ = *sorted(parts, reverse=True), 0, 0
    return len(parts), float(sum(parts)), float(first), float(second)


def sums_by_group(groups: dict[tuple[str, ...], list[int]], dimensions: tuple[str, ...]) -> Output:
    columns = [*dimensions, "people", "total", *LARGEST]
    table = pd.DataFrame([(*name, *row(parts)) for name, parts in groups.items()], columns=columns)
    return output("magnitude", table, ColumnRoles(people="people", total="total", largest=LARGEST))


def means_of(found: Output) -> Output:
    table = found.table.assign(mean=found.table["total"] / found.table["people"])
    roles = ColumnRoles(
        people="people",
        total="total",
        largest=LARGEST,
        estimate=("mean",),
        statistic={"mean": "mean"},
    )
    return output("summary", table, roles)


def line(groups: list[list[int]]) -> Output:
    named = {(f"g{n}",): parts for n, parts in enumerate(groups)}
    return sums_by_group({("all",): list(itertools.chain(*groups)), **named}, ("group",))


def read_back(shown: pd.DataFrame, found: Output, mechanism: str) -> list[tuple[float, float]]:
    """What a reader takes each row to be, from the shown table alone: slow, by hand."""
    ranges = []
    for at, shown_row in shown.reset_index().iterrows():
        if shown_row["shown"] != "yes":
            ranges.append((0.0, math.inf))
        elif mechanism == "suppress":
            mean = shown_row.get("mean")
            total = shown_row["total"] if "total" in shown else mean * shown_row["people"]
            ranges.append((float(total), float(total)))
        else:
            ranges.append(_behind_rounded(shown_row, found, int(at)))
    return ranges


def _behind_rounded(shown_row: pd.Series, found: Output, at: int) -> tuple[float, float]:
    true = found.table.iloc[at]
    people = shown_row["people"]
    if "total" in shown_row:
        step = max(5 * true["total"] / true["people"], 0.1 * true["largest_1"])
        power = 10 ** math.floor(math.log10(step))
        step = min(n * power for n in (1, 2, 5, 10) if n * power >= step * (1 - 1e-9))
        return max(shown_row["total"] - step / 2, 0), shown_row["total"] + step / 2
    half = mean_step(true["mean"], true["people"], true["largest_1"], SRS) / 2
    least = min(max(people - 2, 10), true["people"])
    return max(shown_row["mean"] - half, 0) * least, (shown_row["mean"] + half) * (people + 2)


def shown_of(found: Output, rows: set[int], mechanism: str) -> pd.DataFrame:
    rules = RULES[found.kind]
    return rules.protect(found, rows, MECHANISMS[mechanism], Beside()).table


@settings(max_examples=40, deadline=None)
@given(
    st.lists(GROUP, min_size=2, max_size=6),
    st.sampled_from(sorted(MECHANISMS)),
    st.booleans(),
)
def test_no_sum_hidden_in_a_line_can_be_had_from_the_rest(groups, mechanism, as_means):
    found = means_of(line(groups)) if as_means else line(groups)
    profile = MECHANISMS[mechanism]
    by_rule = {at for _, at in hidden_by_rule([found], [profile])}
    hidden = {at for _, at in further_to_hide([found], set(), profile)} | by_rule
    ranges = read_back(shown_of(found, hidden, mechanism), found, mechanism)
    truth = found.table["total"].tolist()
    for low, high, true in zip(*zip(*ranges, strict=True), truth, strict=True):
        assert low - 1e-6 * (1 + true) <= true <= high + 1e-6 * (1 + true)
    for at in by_rule - {0}:
        others = [n for n in range(1, len(truth)) if n != at]
        low = ranges[0][0] - sum(ranges[n][1] for n in others)
        high = ranges[0][1] - sum(ranges[n][0] for n in others)
        slack = 1e-5 * (1 + truth[0])
        assert max(low, ranges[at][0], 0) <= 0.9 * truth[at] + slack
        assert min(high, ranges[at][1]) >= 1.1 * truth[at] - slack


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(GROUP, min_size=3, max_size=3), min_size=2, max_size=3),
    st.sampled_from(sorted(MECHANISMS)),
)
def test_no_sum_hidden_in_a_crossed_table_can_be_had_from_its_margins(cells, mechanism):
    inner = {
        (f"r{r}", f"c{c}"): parts for r, line_ in enumerate(cells) for c, parts in enumerate(line_)
    }
    names = {name: [*sorted({key[at] for key in inner}), "all"] for at, name in enumerate("rc")}
    everything = {
        (r, c): list(
            itertools.chain(
                *(
                    parts
                    for key, parts in inner.items()
                    if r in (key[0], "all") and c in (key[1], "all")
                )
            )
        )
        for r, c in itertools.product(names["r"], names["c"])
    }
    found = sums_by_group(everything, ("row", "column"))
    profile = MECHANISMS[mechanism]
    by_rule = {at for _, at in hidden_by_rule([found], [profile])}
    hidden = {at for _, at in further_to_hide([found], set(), profile)} | by_rule
    ranges = read_back(shown_of(found, hidden, mechanism), found, mechanism)
    for at in by_rule:
        low, high, true = *bounded(list(everything), ranges, at), found.table["total"].iloc[at]
        slack = 1e-5 * (1 + found.table["total"].max())
        assert low <= 0.9 * true + slack
        assert high >= 1.1 * true - slack


def bounded(keys: list[tuple[str, str]], ranges: list[tuple[float, float]], at: int) -> tuple:
    """Bound one cell by the inner cells alone, margins as inequalities: written once more."""
    from scipy.optimize import linprog

    inner = [key for key in keys if "all" not in key]

    def members(key: tuple[str, str]) -> np.ndarray:
        return np.array([float(key[0] in (r, "all") and key[1] in (c, "all")) for r, c in inner])

    above, limits = [], []
    for key, (low, high) in zip(keys, ranges, strict=True):
        above += [members(key), -members(key)]
        limits += [high, -low]
    finite = [n for n, limit in enumerate(limits) if math.isfinite(limit)]
    ends = []
    for sign in (1, -1):
        solved = linprog(
            sign * members(keys[at]),
            A_ub=np.array(above)[finite],
            b_ub=np.array(limits)[finite],
            method="highs",
        )
        ends.append(sign * solved.fun if solved.status == 0 else math.inf)
    return tuple(ends)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=10, max_size=40), st.integers(0, 3))
def test_what_is_read_from_a_shown_mean_holds_every_sum_that_would_be_shown_so(parts, seed):
    """Other people, one more or fewer, with the same rounded mean and count: their sum fits."""
    people, total, largest, _ = row(parts)
    found = means_of(line([parts]))
    cell = next(iter(amounts_of([found], [SRS]).cells.values()))
    step = mean_step(total / people, people, largest, SRS)
    random = np.random.default_rng(seed)
    for other in random.integers(max(people - 4, 10), people + 5, 20):
        sum_ = total * random.uniform(0.8, 1.2)
        alike = to_step(sum_ / other, step) == to_step(total / people, step)
        if alike and fewest_behind(other, SRS) == fewest_behind(people, SRS):
            assert cell.low - 1e-6 <= sum_ <= cell.high + 1e-6


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.integers(0, 12), st.integers(0, 200)), min_size=6, max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_merged_bins_keep_all_people_and_have_enough_in_every_group_with_a_shape(groups):
    bins = ["0 to 9", "10 to 19", "20 to 29", "30 to 39", "40 to 49", "50 or more"]
    rows = [
        (f"g{n}", text, people)
        for n, counts in enumerate(groups)
        for text, people in zip(bins, counts, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["group", "bin", "people"])
    found = output("histogram", table, ColumnRoles(people="people"))
    after = merged(found, SRS).table
    assert after.groupby("group")["people"].sum().tolist() == [sum(one) for one in groups]
    assert after.groupby("group")["bin"].apply(list).map(tuple).nunique() == 1
    has_shape = after.groupby("group")["people"].transform("sum") >= FEWEST_BINS * 10
    if after["bin"].nunique() > 1 and has_shape.any():
        assert (after.loc[has_shape, "people"] >= 10).all()
