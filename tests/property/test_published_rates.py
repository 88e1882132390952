"""No published rate gives back a count that is hidden; no row of a model is of too few."""

from __future__ import annotations

import math

import numpy as np
import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.rounding import range_behind
from tests.unit.disclosure.examples import as_candidate
from tests.unit.disclosure.kinds.model_examples import model, rates

PER = 10_000


def counts_that_round_to(rate: float, births: int, base: int) -> tuple[int, int]:
    """What anyone with the public number and the published rate knows of the count."""
    return range_behind(round(rate * births / PER), base)


@pytest.mark.parametrize("seed", range(40))
def test_a_published_rate_with_a_public_denominator_returns_no_hidden_count(seed):
    profile = disclosure.load("ons-srs")
    draw = np.random.default_rng(seed)
    cases = draw.choice([0, 1, 3, 6, 9, 12, 30, 80, 200], size=draw.integers(2, 7)).tolist()
    births = draw.integers(400, 90_000, size=len(cases)).tolist()
    rows = [(f"area {n}", *row) for n, row in enumerate(zip(cases, births, strict=True))]
    rows.append(("all", sum(cases), sum(births)))
    output = rates(rows, per=PER, dimension="group")
    judged = judge([as_candidate(output)], profile)[0]
    if judged.protected is None:
        assert judged.verdict.status != "pass"
        return
    table = judged.protected.table
    known = {
        n: counts_that_round_to(table.loc[n, "rate"], rows[n][2], profile.rounding_base)
        for n in range(len(rows))
        if table.loc[n, "shown"] == "yes"
    }
    total, parts = len(cases), range(len(cases))
    for n in parts:
        if n not in known:
            assert table.loc[n, ["cases", "people", "rate"]].isna().all()
    assert all(cases[n] >= profile.minimum_count for n in parts if n in known)
    if total not in known:
        return
    for n in parts:
        if n in known or cases[n] >= profile.minimum_count:
            continue
        others = [known.get(m, (0, math.inf)) for m in parts if m != n]
        low = max(known[total][0] - sum(high for _, high in others), 0)
        high = known[total][1] - sum(low for low, _ in others)
        assert low <= 1, "the hidden count is known not to be nobody, or one"
        assert high >= profile.minimum_count, "the hidden count is known to be small"


@pytest.mark.parametrize("seed", range(40))
def test_no_row_of_a_model_shows_with_fewer_than_the_minimum(seed):
    profile = disclosure.load("ons-srs")
    draw = np.random.default_rng(seed)
    levels = [f"level {n}" for n in range(draw.integers(2, 5))]
    people = draw.choice([0, 4, 9, 10, 11, 25, 60, 300], size=len(levels))
    events = (people * draw.uniform(0, 1, size=len(levels))).astype(int)
    rows: list[tuple] = [("all", "all", int(people.sum()), int(events.sum()), math.nan, math.nan)]
    rows += [
        ("group", level, int(n), int(e), 0 if not at else draw.normal(), 0.4 if at else math.nan)
        for at, (level, n, e) in enumerate(zip(levels, people, events, strict=True))
    ]
    options = {"reference": {"group": levels[0]}, "residual_df": 500}
    judged = judge([as_candidate(model(rows, options=options))], profile)[0]
    if judged.protected is None:
        assert judged.verdict.status in ("fail", "review")
        return
    table = judged.protected.table
    for n, (_, level, who, what, *_) in enumerate(rows):
        if table.loc[n, "shown"] == "yes":
            assert min(who, what, who - what) >= profile.minimum_count
        else:
            assert table.loc[n, ["people", "events", "coefficient", "ratio", "p"]].isna().all()
        if level == levels[0] and table.loc[n, "shown"] != "yes":
            assert set(table.loc[1:, "shown"]) == {"suppressed"}
