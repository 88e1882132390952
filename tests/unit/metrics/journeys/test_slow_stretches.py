"""Finding stretches of quarters in which some places were slower."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import OptionError
from justice_analysis.metrics.journeys.queue_scores import references, scores, wait_ratio
from justice_analysis.metrics.journeys.slow_stretches import Scan, dispersion, slow_stretches

PLACES, QUARTERS = 38, 53
SLOW, START, END = (4, 9, 14, 19, 24, 29), 20, 26
QUICK = Scan(simulations=199)


def waits(seed: int, *, ratio: float = 1.0, per_cell: float = 2.8) -> pd.DataFrame:
    """Log-normal waits, one row a case; some places are slower for a while.

    A tenth never leave: nothing is known of them after they entered, as of stale cases.
    """
    random = np.random.default_rng(seed)
    cells = random.poisson(per_cell, (PLACES, QUARTERS))
    place, quarter = (axis.repeat(cells.ravel()) for axis in map(np.ravel, np.indices(cells.shape)))
    usual = random.normal(0, 0.1, PLACES)[place] + 0.2 * np.sin(quarter / 9)
    days = 185 * np.exp(random.normal(0, 0.47, len(place)) + usual)
    slow = np.isin(place, SLOW) & (quarter >= START) & (quarter < END)
    days = np.where(slow, ratio * days, days).round()
    end = (QUARTERS - quarter) * 91.0
    never = random.random(len(place)) < 0.1
    left = ~never & (days < end)
    known_to = np.where(never, 0.0, end)
    return pd.DataFrame(
        {"place": place, "quarter": quarter, "day": np.where(left, days, known_to),
         "has_left": left, "cases": 1}
    )  # fmt: skip


def cells_of(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    score = scores(rows, references(rows))
    cases, sums = np.zeros((PLACES, QUARTERS)), np.zeros((PLACES, QUARTERS))
    np.add.at(cases, (rows["place"], rows["quarter"]), 1)
    np.add.at(sums, (rows["place"], rows["quarter"]), score)
    spread = pd.Series(score).groupby(rows["quarter"]).var(ddof=0)
    return cases, sums, spread.reindex(range(QUARTERS)).fillna(0).to_numpy()


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_slowdown_of_few_cases_a_court_is_found_with_its_quarter(seed):
    found = slow_stretches(*cells_of(waits(seed, ratio=1.8)), QUICK)
    assert len(found) == 1
    assert abs(found[0].start - START) <= 1
    assert abs(found[0].end - END) <= 2
    assert found[0].earliest <= found[0].start <= found[0].latest
    assert len(set(found[0].places) & set(SLOW)) >= 4
    assert len(set(found[0].places) - set(SLOW)) <= 2


def test_where_nothing_was_planted_little_is_found():
    alarms = [bool(slow_stretches(*cells_of(waits(seed)), QUICK)) for seed in range(100, 130)]
    assert sum(alarms) <= 4  # 1.5 are expected; more than 4 have a chance of 2%


def test_a_place_that_is_always_slow_has_not_grown_slower():
    cases, sums, spread = cells_of(waits(1))
    assert not slow_stretches(cases, sums + cases * (np.arange(PLACES) == 7)[:, None], spread,
                              QUICK)  # fmt: skip


def test_one_place_alone_is_found_where_it_has_cases_enough():
    cases, sums = np.full((10, 30), 20.0), np.zeros((10, 30))
    sums += np.random.default_rng(2).normal(0, np.sqrt(20), sums.shape)
    sums[3, 12:] += 20 * 0.5
    found = slow_stretches(cases, sums, np.ones(30), QUICK)
    assert [(one.start, one.end, one.places) for one in found] == [(12, 30, (3,))]


def test_two_stretches_are_found_one_after_the_other():
    cases, sums = np.full((10, 30), 20.0), np.zeros((10, 30))
    sums += np.random.default_rng(3).normal(0, np.sqrt(20), sums.shape)
    sums[3, 4:9] += 20.0
    sums[7, 20:24] += 16.0
    found = slow_stretches(cases, sums, np.ones(30), QUICK)
    assert [(one.start, one.end, one.places) for one in found] == [(4, 9, (3,)), (20, 24, (7,))]


def test_cells_that_vary_more_than_chance_are_told_by_their_dispersion():
    random = np.random.default_rng(4)
    cases = np.full((40, 40), 9.0)
    alike = random.normal(0, 3.0, cases.shape)
    assert dispersion(cases, alike, np.ones_like(cases)) == pytest.approx(1, abs=0.1)
    assert dispersion(cases, 2 * alike, np.ones_like(cases)) == pytest.approx(4, rel=0.1)
    assert dispersion(cases, 0.1 * alike, np.ones_like(cases)) == 1


def test_nothing_is_found_where_there_is_nothing():
    nothing = np.zeros((3, 8))
    assert slow_stretches(nothing, nothing, np.ones(8), QUICK) == []
    assert slow_stretches(np.ones((3, 1)), np.ones((3, 1)), np.ones(1), QUICK) == []


@pytest.mark.parametrize("wrong", [{"shortest": 0}, {"shortest": 5, "longest": 4},
                                   {"share": 0.0}, {"level": 1.0}])  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(wrong):
    with pytest.raises(OptionError, match="must"):
        Scan(**wrong)


def test_scores_are_nought_on_average_and_higher_for_the_slow():
    rows = waits(5)
    score = scores(rows, references(rows))
    assert pd.Series(score).groupby(rows["quarter"]).mean().abs().max() < 0.12
    left = rows["has_left"] & (rows["quarter"] == 3)
    assert np.corrcoef(score[left], rows["day"][left].rank())[0, 1] > 0.9


def test_an_open_case_has_the_mean_of_the_scores_it_may_still_have():
    days = pd.DataFrame({"quarter": 0, "day": [10.0, 20.0, 30.0, 40.0], "has_left": True,
                         "cases": [250] * 4})  # fmt: skip
    curves = references(days)
    open_one = pd.DataFrame({"quarter": [0, 0], "day": [0.0, 20.0], "has_left": False, "cases": 1})
    from_start, from_half = scores(open_one, curves)
    assert from_start == pytest.approx(0)
    assert from_half == pytest.approx(np.sqrt(2 / np.pi), rel=1e-6)  # mean of a half normal


def test_the_ratio_of_waits_is_recovered_with_an_interval_around_it():
    rows = waits(6, ratio=1.8, per_cell=15)
    slow = rows["place"].isin(SLOW) & rows["quarter"].between(START, END - 1)
    curves = references(rows[~slow])
    other = rows[rows["place"].isin(SLOW) & ~slow]
    usual = float(scores(other, curves).mean())
    found = wait_ratio(rows[slow], curves, usual, error=0.05)
    assert found.lower < 1.8 < found.upper
    assert found.estimate == pytest.approx(1.8, rel=0.1)


def test_a_ratio_that_no_case_can_tell_is_missing():
    rows = waits(7)
    still = rows[rows["quarter"] == 3].assign(has_left=False, day=1e6)
    found = wait_ratio(still, references(rows), 0.0, error=0.1)
    assert np.isnan(found.estimate)
