"""Histograms whose bins are joined in different ways do not give a thin bin away together."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.judge import judge
from tests.unit.disclosure.kinds.quantity_examples import output, with_mechanism

SRS = disclosure.load("ons-srs")
BINS = ("0 to 9", "10 to 19", "20 to 29", "30 to 39", "40 or more")
COUNTS = st.lists(
    st.one_of(st.integers(0, 12), st.integers(0, 120)), min_size=len(BINS), max_size=len(BINS)
)


def histogram(groups: dict[str, np.ndarray]) -> Output:
    rows = [
        (group, text, int(people))
        for group, counts in groups.items()
        for text, people in zip(BINS, counts, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["group", "bin", "people"])
    return output("histogram", table, ColumnRoles(people="people"), card="c")


def covered(text: str) -> np.ndarray:
    """Which of the bins as they were lie in one that is shown: by its first and last number."""
    first, *last = text.replace(" or more", "").split(" to ")
    low = int(first)
    high = int(last[0]) if last else (math.inf if "more" in text else low)
    return np.array([low <= 10 * n and 10 * n <= high for n in range(len(BINS))])


def ranges(shown: list[pd.DataFrame], groups: list[str], slack: int) -> dict[str, list[tuple]]:
    """Bound every bin of every group, and of all groups together: written once more."""
    from scipy.optimize import linprog

    def members(group: str, bins: np.ndarray) -> np.ndarray:
        return np.concatenate([bins * float(group in (name, "all")) for name in groups])

    above, limits = [], []
    for table in shown:
        for row in table[table["shown"] == "yes"].to_dict("records"):
            line = members(row["group"], covered(row["bin"]).astype(float))
            above += [line, -line]
            limits += [row["people"] + slack, slack - max(row["people"], 10 + slack)]
    found: dict[str, list[tuple]] = {}
    for group in (*groups, "all"):
        for place in range(len(BINS)):
            aim = members(group, np.eye(len(BINS))[place])
            ends = []
            for sign in (1, -1):
                solved = linprog(sign * aim, A_ub=np.array(above), b_ub=limits) if above else None
                inner = solved is not None and solved.status == 0
                ends.append(sign * solved.fun if inner else (0 if sign == 1 else math.inf))
            found.setdefault(group, []).append(tuple(ends))
    return found


@settings(max_examples=25, deadline=None)
@given(
    st.lists(COUNTS, min_size=2, max_size=2), st.sampled_from(["suppress", "suppress_then_round"])
)
def test_everyone_and_groups_in_two_outputs_leave_room_around_every_thin_bin(counts, mechanism):
    groups = {f"g{n}": np.array(one) for n, one in enumerate(counts)}
    everyone = {"all": sum(groups.values())}
    profile = with_mechanism(SRS, mechanism)
    asked = [
        Candidate(name, histogram(one), True, "0" * 64)
        for name, one in (("one", everyone), ("two", groups))
    ]
    judged = judge(asked, profile)
    shown = [one.protected.table for one in judged if one.protected is not None]
    slack = 2 if mechanism == "suppress_then_round" else 0
    found = ranges(shown, list(groups), slack)
    for group, true in (groups | everyone).items():
        for people, (low, high) in zip(true, found[group], strict=True):
            if people < SRS.minimum_count:
                assert low <= 1e-6
                assert high >= SRS.minimum_count - 1e-6
