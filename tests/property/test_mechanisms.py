"""Random tables under each mechanism, in one release or several: a slow attacker learns nothing.

The attacker here works on the cells of the full joint table alone, with every number shown as an
inequality; he knows nothing of cells, sums or margins as the package names them.
"""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis import disclosure
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.judge import judge
from tests.unit.disclosure.crossed import NAMES, Slow, margins_of, small_groups
from tests.unit.disclosure.examples import as_candidate

SRS = disclosure.load("ons-srs")
BASES = {"suppress": 1, "suppress_then_round": 5, "round": 25}
COUNTS = st.one_of(st.integers(0, 14), st.integers(0, 90), st.just(40))


def profile_of(mechanism: str) -> disclosure.Profile:
    base = {"rounding_base": 25} if mechanism == "round" else {}
    return dataclasses.replace(SRS, mechanism=dict.fromkeys(SRS.mechanism, mechanism), **base)


@st.composite
def populations(draw: st.DrawFn) -> np.ndarray:
    shape = draw(st.sampled_from([(4,), (3, 3), (2, 4), (2, 2, 2), (2, 2, 3)]))
    counts = draw(st.lists(COUNTS, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return np.array(counts).reshape(shape)


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """A population, and the dimensions and totals of up to three tables of it."""
    people = draw(populations())
    names = NAMES[: people.ndim]
    subsets = [one for size in range(1, len(names) + 1) for one in combinations(names, size)]
    chosen = draw(st.lists(st.sampled_from(subsets), min_size=1, max_size=3, unique=True))
    return people, [(one, tuple(n for n in one if draw(st.booleans()))) for one in chosen]


def assert_nothing_is_known(slow: Slow, outputs: list) -> None:
    for output in outputs:
        for group in small_groups(output):
            low, high = slow.range_of(group)
            assert low <= 1e-6, group
            assert high >= 10 - 1e-6, group


@settings(max_examples=25, deadline=None)
@given(tables(), st.sampled_from(sorted(BASES)))
def test_tables_that_leave_together_give_no_small_count_away(drawn, mechanism):
    people, chosen = drawn
    outputs = [margins_of(people, over, totals=totals) for over, totals in chosen]
    candidates = [as_candidate(output, f"o{n}") for n, output in enumerate(outputs)]
    slow = Slow(people.shape)
    for output, judged in zip(outputs, judge(candidates, profile_of(mechanism)), strict=True):
        assert judged.verdict.status in ("pass", "fail"), judged.verdict.reasons
        if judged.protected is not None:
            floor = 0 if mechanism == "round" else 10
            slow.see(output, judged.protected.table, base=BASES[mechanism], floor=floor)
    assert_nothing_is_known(slow, outputs)


@settings(max_examples=15, deadline=None)
@given(tables(), st.sampled_from(["suppress", "suppress_then_round"]))
def test_tables_that_leave_one_after_another_give_no_small_count_away(drawn, mechanism):
    people, chosen = drawn
    profile, past = profile_of(mechanism), []
    outputs = [margins_of(people, over, totals=totals) for over, totals in chosen]
    slow = Slow(people.shape)
    for number, output in enumerate(outputs):
        judged = judge([as_candidate(output)], profile, past)[0]
        if judged.protected is None:
            continue
        hidden = frozenset(judged.verdict.evidence["hidden"])
        past.append(Past(output, hidden, profile, f"release {number}"))
        slow.see(output, judged.protected.table, base=BASES[mechanism])
    assert_nothing_is_known(slow, outputs)
