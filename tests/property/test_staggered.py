"""Staggered difference-in-differences against slow, obvious versions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from justice_analysis.models import goodman_bacon, group_time_effects, honest_bounds
from justice_analysis.models.staggered import relative_magnitudes, smoothness
from justice_analysis.models.staggered.relative_magnitudes import Events

FEW = settings(max_examples=12, deadline=None, derandomize=True)
SEED = st.integers(0, 10_000)
DESIGN = {"outcome": "y", "unit": "court", "period": "quarter", "first_treated": "from_quarter"}


def courts(seed, *, periods=5, each=3, never=3):
    """Courts of two dates and never, with an outcome of noise."""
    random = np.random.default_rng(seed)
    dates = np.r_[np.repeat([3, 4], each), np.full(never, np.nan)]
    rows = pd.DataFrame(
        {
            "court": np.repeat(np.arange(len(dates)), periods),
            "quarter": np.tile(np.arange(1, periods + 1), len(dates)),
            "from_quarter": np.repeat(dates, periods),
        }
    )
    return rows.assign(y=random.normal(size=len(rows)), people=random.integers(1, 9, len(rows)))


def trials(seed, *, number=400):
    """Trials drawn from courts' quarters, some of which have many more."""
    rows = courts(seed)
    return rows.sample(number, replace=True, weights="people", random_state=seed).assign(
        y=lambda drawn: drawn["y"] + np.random.default_rng(seed).normal(size=number)
    )


def mean_of(rows, group, quarter):
    """Mean outcome of a group in a quarter; a group is its date, or several dates."""
    return rows.loc[rows["from_quarter"].isin(group) & (rows["quarter"] == quarter), "y"].mean()


def by_hand(rows, group, quarter, comparison):
    """Change of a group's mean since the quarter before its date, less the comparison's."""
    base = group - 1
    others = [np.nan]
    if comparison == "not_yet":
        others += [date for date in (3, 4) if date > max(quarter, base) and date != group]
    moved = mean_of(rows, [group], quarter) - mean_of(rows, [group], base)
    return moved - (mean_of(rows, others, quarter) - mean_of(rows, others, base))


@FEW
@given(SEED, st.sampled_from(["never", "not_yet"]), st.sampled_from(["reg", "dr", "ipw"]))
def test_group_time_effects_are_differences_of_differences_of_means(seed, comparison, method):
    rows = courts(seed)
    found = group_time_effects(rows, **DESIGN, comparison=comparison, method=method).group_time
    assert set(zip(found["group"], found["period"], strict=True)) == {
        (group, quarter) for group in (3, 4) for quarter in range(1, 6) if quarter != group - 1
    }
    for row in found.itertuples():
        expected = by_hand(rows, row.group, row.period, comparison)
        assert row.estimate == pytest.approx(expected, abs=1e-12)


@FEW
@given(SEED, st.sampled_from(["never", "not_yet"]))
def test_effects_on_trials_are_differences_of_differences_of_means(seed, comparison):
    rows = trials(seed)
    found = group_time_effects(
        rows, **DESIGN, comparison=comparison, repeated_cross_sections=True
    ).group_time
    for row in found[found["reason"] == ""].itertuples():
        expected = by_hand(rows, row.group, row.period, comparison)
        assert row.estimate == pytest.approx(expected, abs=1e-12)


@FEW
@given(SEED)
def test_averages_are_weighted_by_the_size_of_groups(seed):
    rows = courts(seed, each=3).query("court > 0")  # two courts of one date, three of the other
    effects = group_time_effects(rows, **DESIGN)
    cells = effects.group_time.assign(size=lambda table: table["group"].map({3: 2, 4: 3}))
    for label, table in {"event_time": effects.event_study, "period": effects.by_period}.items():
        for row in table[table["reason"] == ""].itertuples():
            at = cells[cells[label] == getattr(row, label)]
            at = at if label == "event_time" else at[at["event_time"] >= 0]
            assert row.estimate == pytest.approx(np.average(at["estimate"], weights=at["size"]))
    after = cells[cells["event_time"] >= 0]
    overall = effects.overall.set_index("average")["estimate"]
    assert overall["simple"] == pytest.approx(np.average(after["estimate"], weights=after["size"]))
    of_group = after.groupby("group")["estimate"].mean()
    assert overall["group"] == pytest.approx(np.average(of_group, weights=[2, 3]))
    later = effects.event_study.query("event_time >= 0")["estimate"]
    assert overall["event_time"] == pytest.approx(later.mean())


@FEW
@given(SEED)
def test_errors_by_group_are_those_of_two_means(seed):
    """Without covariates the variance is that of two independent means: s2/n on both sides."""
    from scipy.stats import ttest_ind

    rows = courts(seed, each=4, never=6)
    found = group_time_effects(rows, **DESIGN, small_sample="groups").group_time
    wide = rows.pivot(index="court", columns="quarter", values="y")
    dates = rows.groupby("court")["from_quarter"].first()
    for row in found.itertuples():
        moved = wide[row.period] - wide[row.group - 1]
        welch = ttest_ind(moved[dates == row.group], moved[dates.isna()], equal_var=False)
        assert row.p_value == pytest.approx(welch.pvalue)
        interval = welch.confidence_interval()
        assert [row.lower, row.upper] == pytest.approx([interval.low, interval.high])


@FEW
@given(SEED)
def test_the_two_way_estimate_is_the_weighted_sum_of_its_comparisons(seed):
    rows = courts(seed)
    found = goodman_bacon(rows, **DESIGN)
    treated = (rows["quarter"] >= rows["from_quarter"]).astype(float)
    effects = pd.get_dummies(rows[["court", "quarter"]].astype(str), drop_first=True, dtype=float)
    design = np.column_stack([treated, np.ones(len(rows)), effects])
    least_squares = np.linalg.lstsq(design, rows["y"].to_numpy(), rcond=None)[0][0]
    assert found.table["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert (found.table["weight"] >= 0).all()
    assert found.table["weight"] @ found.table["estimate"] == pytest.approx(least_squares, abs=1e-8)
    assert found.already_treated_weight == pytest.approx(
        found.table.query("comparison == 'already treated'")["weight"].sum()
    )


def events(seed, *, before=3, after=3, scale=1.0):
    """An event study of noise with a covariance of its own."""
    random = np.random.default_rng(seed)
    root = random.normal(size=(before + after, before + after + 3)) * 0.1
    weight = random.dirichlet(np.ones(after))
    estimate = random.normal(size=before + after) * scale
    return Events(estimate[:before], estimate[before:], root @ root.T, weight, 1.96)


def extremes(found, rows, limits):
    """Effects possible: least and most of the estimate less the weighted departures after.

    Departures before are the estimates themselves; `rows` @ departures are within the limits.
    """
    count = len(found.before)
    fixed = [(value, value) for value in found.before]
    bounds = [*fixed, *[(None, None)] * len(found.after)]
    target = np.r_[np.zeros(count), found.weight]
    ends = []
    for sign in (1, -1):
        both = np.vstack([rows, -rows])
        solved = linprog(sign * target, both, np.r_[limits, limits], bounds=bounds)
        if solved.status == 2:
            return None
        ends.append(found.estimate - sign * solved.fun)
    return min(ends), max(ends)


def moves(found):
    """Matrix that takes departures, without the reference's 0, to their moves by period."""
    count, total = len(found.before), len(found.before) + len(found.after)
    return np.diff(np.insert(np.eye(total), count, 0.0, axis=0), axis=0)


@FEW
@given(SEED, st.floats(0, 3))
def test_relative_magnitudes_are_those_of_a_linear_programme(seed, multiple):
    found = events(seed)
    step = moves(found)
    largest = np.abs(step[:3] @ np.r_[found.before, found.after]).max()
    possible = extremes(found, step[3:], np.full(3, multiple * largest))
    assert relative_magnitudes.identified_set(found, multiple) == pytest.approx(possible, abs=1e-7)


@FEW
@given(SEED, st.floats(0, 1))
def test_smooth_trends_are_those_of_a_linear_programme(seed, bend):
    found = events(seed, scale=0.2)
    bends = np.diff(moves(found), axis=0)
    possible = extremes(found, bends, np.full(len(bends), bend))
    ours = smoothness.identified_set(found, bend)
    if possible is None:
        assert ours is None
    else:
        assert ours == pytest.approx(possible, abs=1e-7)


@FEW
@given(SEED)
def test_without_a_bend_the_interval_is_that_of_a_straight_line_taken_off(seed):
    """Generalised least squares: leads are a line through the reference, lags add effects."""
    found = events(seed)
    times = np.r_[-4.0, -3.0, -2.0, 0.0, 1.0, 2.0] + 1.0
    design = np.column_stack([times, np.vstack([np.zeros((3, 3)), np.eye(3)])])
    weight = np.linalg.inv(found.covariance)
    spread = np.linalg.inv(design.T @ weight @ design)
    fitted = spread @ design.T @ weight @ np.r_[found.before, found.after]
    effect = np.r_[0.0, found.weight]
    half = 1.959963984540054 * np.sqrt(effect @ spread @ effect)
    expected = effect @ fitted - half, effect @ fitted + half
    assert smoothness.robust_interval(found, 0.0, 0.95, np.inf) == pytest.approx(expected)


@FEW
@given(SEED)
def test_no_estimator_has_a_shorter_interval_than_the_one_found(seed):
    """Every weighing of the slopes before treatment, tried one by one on a grid."""
    found, bend = events(seed, before=2), 0.2
    lower, upper = smoothness.robust_interval(found, bend, 0.95, np.inf)
    onward = float(found.weight @ np.arange(1, 4))
    bends = np.diff(moves(found), axis=0)
    shortest = np.inf
    for first in np.linspace(-3, 3, 41):
        direction = found.direction - np.array([first, onward - first]) @ found.steps
        worst = linprog(
            -direction, np.vstack([bends, -bends]), np.full(8, bend), bounds=(None, None)
        )
        error = np.sqrt(direction @ found.covariance @ direction)
        shortest = min(
            shortest, smoothness._folded_quantile(-worst.fun / error, 0.95, np.inf) * error
        )
    assert (upper - lower) / 2 <= shortest + 1e-9
    assert (upper - lower) / 2 >= shortest * 0.9


@FEW
@given(SEED)
def test_bounds_widen_with_the_departure_that_is_allowed(seed):
    effects = group_time_effects(courts(seed, each=6, never=8, periods=7), **DESIGN)
    found = honest_bounds(
        effects, relative_magnitudes=(0, 0.3, 1, 2), smoothness=(0, 0.1, 0.5, 2), window=(-3, 2)
    )
    relative = found.table.query("restriction == 'relative magnitudes'")
    smooth = found.table.query("restriction == 'smoothness'")
    assert (np.diff(relative["lower"]) <= 0).all()
    assert (np.diff(relative["upper"]) >= 0).all()
    assert (np.diff(smooth["upper"] - smooth["lower"]) > 0).all()
    plain = effects.event_study.query("0 <= event_time <= 2")["estimate"].mean()
    assert found.estimate == pytest.approx(plain)
    assert relative.iloc[0][["lower", "upper"]].tolist() == [found.lower, found.upper]
