"""Effects by hand: two waves, and courts that are never reached."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from justice_analysis.evaluation.roll_out import group_time, pre_trend, two_way, two_way_parts
from justice_analysis.evaluation.roll_out.estimates import one_row_each

CONVICTED = {
    # wave: convicted of 10 in each of four periods, at each of its courts
    0: ((5, 6, 5, 6), (6, 6, 5, 5), (4, 6, 7, 5)),
    2: ((5, 3, 2, 3), (7, 4, 3, 3)),
    3: ((6, 5, 3, 2), (5, 6, 4, 3)),
}


@pytest.fixture(scope="module")
def cells():
    rows = []
    for wave, courts in CONVICTED.items():
        for number, counts in enumerate(courts):
            for period, convicted in enumerate(counts, start=1):
                rows.append((f"{wave}/{number}", wave, period, 10, convicted))
    return pd.DataFrame(rows, columns=["court", "wave", "period", "units", "convicted"])


def mean(waves, period):
    counts = [c[period - 1] for wave in waves for c in CONVICTED[wave]]
    return sum(counts) / (10 * len(counts))


def test_counts_are_laid_out_one_row_each(cells):
    rows = one_row_each(cells)
    assert len(rows) == cells["units"].sum()
    assert rows["convicted"].sum() == cells["convicted"].sum()
    again = rows.groupby(["court", "period"])["convicted"].sum().tolist()
    assert again == cells.sort_values(["court", "period"])["convicted"].tolist()


def test_an_effect_is_the_change_less_that_of_courts_not_reached_yet(cells):
    found = group_time(cells).group_time.set_index(["group", "period"])["estimate"]
    for wave, period in itertools.product((2, 3), (2, 3, 4)):
        if period == wave - 1:
            continue
        others = [0] + [w for w in (2, 3) if w > max(period, wave - 1) and w != wave]
        change = mean([wave], period) - mean([wave], wave - 1)
        beside = mean(others, period) - mean(others, wave - 1)
        assert found[wave, period] == pytest.approx(change - beside)


def test_courts_never_reached_can_stand_alone_as_the_comparison(cells):
    found = group_time(cells, comparison="never").group_time.set_index(["group", "period"])
    change = mean([2], 2) - mean([2], 1)
    assert found.loc[(2, 2), "estimate"] == pytest.approx(change - (mean([0], 2) - mean([0], 1)))


def test_errors_are_by_court_within_waves(cells):
    assert "within each group" in group_time(cells).rule


def test_two_way_effects_of_cells_are_those_of_single_trials(cells):
    from justice_analysis.models.panel import absorbed_effects

    rows = one_row_each(cells)
    rows["reached"] = ((rows["wave"] > 0) & (rows["period"] >= rows["wave"])).astype(float)
    single = absorbed_effects(
        rows, outcome="convicted", covariates=["reached"], absorb=["court", "period"],
        clusters="court",
    )  # fmt: skip
    assert two_way(cells).estimate("reached") == pytest.approx(single.estimate("reached"))


def test_weights_of_the_two_way_estimate_add_to_one_and_follow_the_calendar_alone(cells):
    parts = two_way_parts(cells)
    assert sum(parts.values()) == pytest.approx(1)
    assert parts["already treated"] > 0
    assert two_way_parts(cells.assign(convicted=cells["convicted"] // 2)) == pytest.approx(parts)


def test_movement_before_the_start_is_tested_where_it_can_be(cells):
    assert 0 <= pre_trend(group_time(cells)) <= 1
    first = cells[(cells["wave"] != 3)]
    assert pre_trend(group_time(first)) is None
