from __future__ import annotations

import warnings

import numpy as np
import pytest

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models import group_time_effects, honest_bounds
from justice_analysis.models.staggered import relative_magnitudes, smoothness
from justice_analysis.models.staggered.relative_magnitudes import Events
from tests.unit.models.staggered.worlds import DESIGN, panel

NORMAL = 1.959963984540054


@pytest.fixture(scope="module")
def effects():
    return group_time_effects(panel(), **DESIGN)


def test_bounds_of_both_kinds_are_near_those_of_the_library():
    """Its relative intervals take the worst trend as known, so ours reach further."""
    import diff_diff

    rows = panel(dates=(4, 5), periods=6, growth=0.2)
    names = {"outcome": "y", "unit": "court", "time": "quarter", "first_treat": "from_quarter"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = diff_diff.CallawaySantAnna(base_period="universal").fit(rows, **names)
    study = fitted.aggregate("event_study")
    ours = honest_bounds(
        group_time_effects(rows, **DESIGN), relative_magnitudes=(0, 1), smoothness=(0, 0.5)
    ).table.set_index(["restriction", "bound"])
    for bound in (0.0, 1.0):
        found = diff_diff.compute_honest_did(study, method="relative_magnitude", M=bound)
        row = ours.loc[("relative magnitudes", bound)]
        expected = (found.lb, found.ub)
        assert (row["identified_lower"], row["identified_upper"]) == pytest.approx(expected)
        assert row["lower"] <= found.ci_lb + 1e-9
        assert row["upper"] >= found.ci_ub - 1e-9
    for bound in (0.0, 0.5):
        found = diff_diff.compute_honest_did(study, method="smoothness", M=bound)
        row = ours.loc[("smoothness", bound)]
        expected = (found.ci_lb, found.ci_ub)
        assert (row["lower"], row["upper"]) == pytest.approx(expected, abs=1e-4)


def test_no_departure_at_all_gives_the_plain_interval(effects):
    bounds = honest_bounds(effects, relative_magnitudes=(0,), weights=(1, 0, 0, 0, 0, 0, 0))
    first = effects.event_study.set_index("event_time").loc[0]
    row = bounds.table.iloc[0]
    assert bounds.estimate == pytest.approx(first["estimate"])
    assert (row["lower"], row["upper"]) == pytest.approx((first["lower"], first["upper"]))
    assert (bounds.lower, bounds.upper) == pytest.approx((first["lower"], first["upper"]))
    assert row["identified_lower"] == row["identified_upper"] == pytest.approx(first["estimate"])


@pytest.mark.parametrize("restriction", ["relative magnitudes", "smoothness"])
def test_at_the_breakdown_value_the_interval_just_takes_in_0(effects, restriction):
    found = honest_bounds(effects, smoothness=(0,), window=(-4, 3)).breakdown[restriction]
    assert found > 0
    near = {"relative magnitudes": "relative_magnitudes", "smoothness": "smoothness"}[restriction]
    table = honest_bounds(effects, window=(-4, 3), **{near: (0.99 * found, found)}).table
    below, at = table[table["restriction"] == restriction]["lower"]
    assert at <= 0 < below


def test_an_effect_that_is_0_breaks_down_at_once():
    effects = group_time_effects(panel(effect=0.0), **DESIGN)
    assert honest_bounds(effects).breakdown == {"relative magnitudes": 0.0}


def test_a_straight_trend_is_taken_off():
    effects = group_time_effects(panel(each=60, never=80, trend=0.3), **DESIGN)
    bounds = honest_bounds(effects, smoothness=(0,), window=(-5, 2))
    row = bounds.table.query("restriction == 'smoothness'").iloc[0]
    assert row["lower"] < 1 < row["upper"]
    assert bounds.lower > 1.2  # the plain interval is wrong


def test_intervals_widen_with_few_clusters(effects):
    few = group_time_effects(panel(), **DESIGN, small_sample="clusters")
    widths = [
        honest_bounds(one, smoothness=(0.05,), window=(-3, 2)).table.eval("upper - lower")
        for one in (effects, few)
    ]
    assert (widths[1] > widths[0]).all()


def test_relative_intervals_cover_the_effect_at_the_edge_of_what_is_allowed():
    """Trends part after treatment by exactly the most that they did before, either way."""
    random = np.random.default_rng(5)
    covariance = 0.04 * (0.5 * np.eye(5) + 0.5)
    root = np.linalg.cholesky(covariance)
    weight = np.array([0.5, 0.5])
    for step in (0.0, 0.3, 1.0):
        departures = np.array([-step, 0.0, 0.0, step, 2 * step])
        covered = []
        for _ in range(150):
            drawn = departures + root @ random.normal(size=5)
            found = Events(drawn[:3], drawn[3:], covariance, weight, NORMAL)
            lower, upper = relative_magnitudes.robust_interval(found, 1.0)
            covered.append(lower <= 0 <= upper)
        assert np.mean(covered) >= 0.93


def test_smooth_intervals_cover_the_effect_at_the_edge_of_what_is_allowed():
    random = np.random.default_rng(6)
    covariance = 0.04 * (0.5 * np.eye(5) + 0.5)
    root = np.linalg.cholesky(covariance)
    weight = np.array([0.5, 0.5])
    bent = np.array([0.0, 0.0, 0.0, 0.2, 0.6])  # a bend of 0.2 in each period after
    covered = []
    for _ in range(150):
        drawn = bent + root @ random.normal(size=5)
        found = Events(drawn[:3], drawn[3:], covariance, weight, NORMAL)
        lower, upper = smoothness.robust_interval(found, 0.2, 0.95, np.inf)
        covered.append(lower <= 0 <= upper)
    assert np.mean(covered) >= 0.91


def test_bounds_name_their_rules(effects):
    bounds = honest_bounds(effects, window=(-3, 2))
    assert bounds.event_times == (0, 1, 2)
    assert bounds.weights == pytest.approx((1 / 3,) * 3)
    assert effects.rule in bounds.rule


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"relative_magnitudes": (-1,)}, "0 or above"),
        ({"smoothness": (np.nan,)}, "0 or above"),
        ({"weights": (1, 2)}, "weights must be 7 numbers"),
    ],
)
def test_bounds_that_cannot_be_are_refused(effects, options, said):
    with pytest.raises(OptionError, match=said):
        honest_bounds(effects, **options)


def test_effects_without_a_common_base_are_refused():
    effects = group_time_effects(panel(), **DESIGN, base="varying")
    with pytest.raises(OptionError, match='base="universal"'):
        honest_bounds(effects)


@pytest.mark.parametrize("window", [(-1, 3), (-3, -1)])
def test_effects_on_both_sides_are_needed(effects, window):
    with pytest.raises(MetricError, match="both before the reference period and from treatment on"):
        honest_bounds(effects, window=window)


def test_event_times_without_an_error_are_refused():
    rows = panel().query("from_quarter != 8 or court == 24")
    with pytest.raises(MetricError, match="Pass a narrower window"):
        honest_bounds(group_time_effects(rows, **DESIGN))


@pytest.mark.parametrize("freedom", [4, 30])
def test_without_bias_the_quantile_is_student_s(freedom):
    from scipy.stats import t as student

    expected = student.ppf(0.975, freedom)
    assert smoothness._folded_quantile(0.0, 0.95, freedom) == pytest.approx(expected, abs=1e-4)
