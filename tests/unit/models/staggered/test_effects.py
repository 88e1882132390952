from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import OptionError
from justice_analysis.models import goodman_bacon, group_time_effects
from tests.unit.models.staggered.worlds import DESIGN, panel, trials

COUNTS = ["treated_units", "comparison_units"]


def library(rows, *, design=None, comparison="never", covariates=None, **options):
    """The library's own result, its warnings left aside: averages through its public names."""
    import diff_diff

    names = {"outcome": "y", "unit": "court", "time": "quarter", "first_treat": "from_quarter"}
    group = "never_treated" if comparison == "never" else "not_yet_treated"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = diff_diff.CallawaySantAnna(control_group=group, **options)
        return model.fit(rows, **names, covariates=covariates, survey_design=design)


@pytest.mark.parametrize("comparison", ["never", "not_yet"])
@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
@pytest.mark.parametrize("clusters", [None, "area"])
def test_averages_and_errors_are_the_library_s_own(comparison, method, clusters):
    rows = panel().assign(area=lambda table: table["court"] // 2)
    theirs = library(
        rows, comparison=comparison, covariates=["share"], estimation_method=method,
        cluster=clusters, base_period="universal",
    )  # fmt: skip
    ours = group_time_effects(
        rows, **DESIGN, comparison=comparison, method=method, covariates=["share"],
        clusters=clusters,
    )  # fmt: skip
    simple = ours.overall.set_index("average").loc["simple"]
    assert simple["estimate"] == pytest.approx(theirs.overall_att, abs=1e-10)
    assert simple["standard_error"] == pytest.approx(theirs.overall_se, abs=1e-10)
    assert (simple["lower"], simple["upper"]) == pytest.approx(theirs.overall_conf_int, abs=1e-6)
    study = theirs.aggregate("event_study").to_dataframe()
    np.testing.assert_allclose(ours.event_study["estimate"], study["att"], atol=1e-10)
    np.testing.assert_allclose(ours.event_study["standard_error"], study["se"], atol=1e-10)
    of_group = theirs.aggregate("group").to_dataframe()
    np.testing.assert_allclose(ours.by_group["standard_error"], of_group["se"], atol=1e-10)


@pytest.mark.parametrize("weights", [None, "size"])
def test_effects_on_trials_are_the_library_s_own(weights):
    import diff_diff

    rows = trials().assign(trial=np.arange(3000))
    design = diff_diff.SurveyDesign(weights=weights, psu="court") if weights else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = diff_diff.CallawaySantAnna(panel=False, cluster="court").fit(
            rows, outcome="y", unit="trial", time="quarter", first_treat="from_quarter",
            covariates=["age"], survey_design=design,
        )  # fmt: skip
    ours = group_time_effects(
        rows, **DESIGN, covariates=["age"], repeated_cross_sections=True, weights=weights,
        small_sample="clusters",
    )  # fmt: skip
    simple = ours.overall.set_index("average").loc["simple"]
    assert simple["estimate"] == pytest.approx(theirs.overall_att, abs=1e-10)
    assert simple["standard_error"] == pytest.approx(theirs.overall_se, abs=1e-10)
    assert "G/(G - 1)" in ours.rule


def test_weights_of_units_count_in_effects_and_in_averages():
    import diff_diff

    rows = panel()
    theirs = library(rows, design=diff_diff.SurveyDesign(weights="size"))
    ours = group_time_effects(rows, **DESIGN, weights="size")
    assert ours.overall["estimate"][0] == pytest.approx(theirs.overall_att, abs=1e-10)
    assert ours.overall["standard_error"][0] == pytest.approx(theirs.overall_se, rel=0.02)


def test_a_unit_of_weight_two_counts_as_two_units():
    rows = panel(each=5, never=6).assign(weight=lambda table: 1 + table["court"] % 2)
    again = rows[rows["weight"] == 2].assign(court=lambda table: table["court"] + 1000)
    weighed = group_time_effects(rows, **DESIGN, weights="weight")
    counted = group_time_effects(pd.concat([rows, again]), **DESIGN)
    for name in ("event_study", "by_group", "by_period", "overall"):
        expected = getattr(counted, name)["estimate"]
        np.testing.assert_allclose(getattr(weighed, name)["estimate"], expected, atol=1e-10)


def test_the_planted_effect_is_found_at_every_event_time():
    rows = panel(each=60, never=80, effect=1.0, growth=0.5)
    study = group_time_effects(rows, **DESIGN).event_study.set_index("event_time")
    later = study.loc[0:]
    truth = 1.0 + 0.5 * later.index.to_numpy()
    assert (np.abs(later["estimate"] - truth) < 4 * later["standard_error"]).all()
    assert (study.loc[:-2, "p_value"] > 0.01).all()


def test_two_way_effects_are_biased_where_effects_grow_and_group_time_effects_are_not():
    """Without units never treated, two-way fixed effects set growing effects against zero."""
    rows = panel(each=60, never=0, dates=(3, 5, 7), effect=1.0, growth=1.0, periods=8)
    effects = group_time_effects(rows, **DESIGN, comparison="not_yet")
    simple = effects.overall.set_index("average").loc["simple"]
    made = effects.group_time.query("event_time >= 0 and reason == ''")
    truth = (1.0 + made["event_time"]).mean()  # groups are of one size
    assert simple["lower"] < truth < simple["upper"]
    two_way = goodman_bacon(rows, **DESIGN)
    assert two_way.already_treated_weight > 0.3
    assert two_way.estimate < 1 < simple["lower"]  # below even the smallest effect there is


def test_bootstrap_errors_are_seeded_and_near_the_analytic_ones():
    rows = panel()
    analytic = group_time_effects(rows, **DESIGN)
    drawn = group_time_effects(rows, **DESIGN, bootstrap=1999, seed=7)
    again = group_time_effects(rows, **DESIGN, bootstrap=1999, seed=7)
    other = group_time_effects(rows, **DESIGN, bootstrap=1999, seed=8)
    pd.testing.assert_frame_equal(drawn.event_study, again.event_study)
    errors = [one.overall["standard_error"] for one in (analytic, drawn, other)]
    assert (errors[1] != errors[2]).any()
    np.testing.assert_allclose(errors[1], errors[0], rtol=0.1)
    study = drawn.event_study.query("reason == ''")
    assert (study["simultaneous_lower"] < study["lower"]).all()
    assert "1,999 Rademacher draws, seed 7" in drawn.rule
    np.testing.assert_allclose(drawn.covariance, analytic.covariance, atol=0.01)


def test_covariance_holds_the_squares_of_the_event_study_s_errors():
    effects = group_time_effects(panel(), **DESIGN)
    study = effects.event_study.query("reason == ''").set_index("event_time")
    assert list(effects.covariance.index) == list(study.index)
    np.testing.assert_allclose(np.diag(effects.covariance), study["standard_error"] ** 2)


def test_both_sides_are_counted():
    effects = group_time_effects(panel(), **DESIGN, comparison="not_yet")
    cells = effects.group_time.set_index(["group", "period"])
    assert cells.loc[(4, 4), COUNTS].tolist() == [12, 14 + 12 + 12]
    assert cells.loc[(4, 7), COUNTS].tolist() == [12, 14 + 12]
    assert cells.loc[(8, 9), COUNTS].tolist() == [12, 14]
    assert cells.loc[(8, 2), COUNTS].tolist() == [12, 14]  # the base, 7, is after 4 and 6
    assert effects.overall[COUNTS].iloc[0].tolist() == [36, 14 + 12 + 12]
    assert effects.by_group[COUNTS].to_numpy().tolist() == [[12, 38], [12, 26], [12, 14]]
    assert (effects.units, effects.treated_units, effects.clusters) == (50, 36, 50)


def test_rows_of_trials_are_counted_beside_their_courts():
    rows = trials()
    effects = group_time_effects(rows, **DESIGN, repeated_cross_sections=True)
    cell = effects.group_time.set_index(["group", "period"]).loc[(4, 5)]
    at = rows.query("quarter == 5")["from_quarter"].value_counts()
    assert cell[["treated_rows", "comparison_rows"]].tolist() == [at[4], at[0]]
    assert cell[COUNTS].tolist() == [12, 14]


def test_a_base_that_varies_gives_the_same_effects_after_treatment():
    rows = panel()
    one, other = (
        group_time_effects(rows, **DESIGN, base=base) for base in ("universal", "varying")
    )
    after = "event_time >= 0"
    pd.testing.assert_frame_equal(
        one.group_time.query(after).reset_index(drop=True),
        other.group_time.query(after).reset_index(drop=True),
    )
    leads = one.event_study.query("event_time < -1")
    assert leads["estimate"].iloc[-1] == pytest.approx(
        -other.event_study.set_index("event_time")["estimate"][-1]
    )
    assert one.pre_trend.statistic == pytest.approx(other.pre_trend.statistic)


def test_periods_may_have_any_first_number_and_never_may_be_missing():
    rows = panel()
    shifted = rows.assign(
        quarter=rows["quarter"] - 40,
        from_quarter=rows["from_quarter"].where(rows["from_quarter"] > 0) - 40,
    )
    one, other = group_time_effects(rows, **DESIGN), group_time_effects(shifted, **DESIGN)
    np.testing.assert_allclose(one.group_time["estimate"], other.group_time["estimate"])
    assert other.by_group["group"].tolist() == [-36, -34, -32]
    assert other.by_period["period"].tolist() == [at - 40 for at in one.by_period["period"]]


def test_anticipation_moves_the_base_back():
    rows = panel()
    effects = group_time_effects(rows, **DESIGN, anticipation=1)
    study = effects.event_study.set_index("event_time")
    assert study["reason"][-2] == "reference period"
    wide = rows.pivot(index="court", columns="quarter", values="y")
    dates = rows.groupby("court")["from_quarter"].first()
    moved = wide[5] - wide[2]
    expected = moved[dates == 4].mean() - moved[dates == 0].mean()
    cells = effects.group_time.set_index(["group", "period"])["estimate"]
    assert cells[(4, 5)] == pytest.approx(expected)
    assert effects.pre_trend_by_event_time.df == len(study.loc[:-3])


def test_few_clusters_have_wider_intervals_under_the_rule_by_group():
    rows = panel(each=3, never=4)
    plain, corrected = (
        group_time_effects(rows, **DESIGN, small_sample=rule) for rule in ("none", "groups")
    )
    width = [one.overall["upper"] - one.overall["lower"] for one in (plain, corrected)]
    assert (width[1] > 1.2 * width[0]).all()
    assert "Welch and Satterthwaite" in corrected.rule


def test_each_design_has_its_own_small_sample_rule():
    rows = trials()
    by_court = group_time_effects(rows, **DESIGN, repeated_cross_sections=True)
    by_area = group_time_effects(rows, **DESIGN, repeated_cross_sections=True, clusters="area")
    by_unit = group_time_effects(panel(), **DESIGN)
    assert "by court (50); factor n/(n - 1) within each group" in by_court.rule
    assert "by area (13); factor G/(G - 1)" in by_area.rule
    assert "by court (50); no small-sample factor" in by_unit.rule


def test_a_pre_trend_is_found_and_its_absence_is_not():
    flat = group_time_effects(panel(), **DESIGN)
    steep = group_time_effects(panel(trend=0.3), **DESIGN)
    assert flat.pre_trend.p_value > 0.05
    assert steep.pre_trend.p_value < 0.001
    assert steep.pre_trend_by_event_time.p_value < 0.001
    assert flat.pre_trend.df == 2 + 4 + 6
    assert flat.pre_trend.rule == "chi-squared on 12"


def test_more_pre_trends_than_clusters_are_not_tested():
    rows = panel(each=2, never=3, periods=10)
    effects = group_time_effects(rows, **DESIGN, small_sample="clusters")
    assert effects.pre_trend.p_value is None
    assert "cannot be told apart with 9 clusters" in effects.pre_trend.reason
    assert effects.pre_trend_by_event_time.rule.startswith("Hotelling")


def test_a_group_of_one_has_an_estimate_and_no_interval():
    rows = panel(each=4).query("from_quarter != 4 or court == 0")
    effects = group_time_effects(rows, **DESIGN)
    groups = effects.by_group.set_index("group")
    assert np.isfinite(groups["estimate"]).all()
    assert groups.loc[4, ["standard_error", "lower", "upper", "p_value"]].isna().all()
    assert groups["reason"][4] == "a group of one court has no error of its own"
    assert (groups["reason"][[6, 8]] == "").all()
    assert effects.overall["lower"].isna().all()
    without = group_time_effects(rows, **DESIGN, smallest_group=2)
    assert without.left_out == {"in a group of fewer than 2": 1}
    assert np.isfinite(without.overall["lower"]).all()


def test_not_yet_treated_units_run_out():
    rows = panel(never=0)
    effects = group_time_effects(rows, **DESIGN, comparison="not_yet")
    last = effects.group_time.query("period >= 8")
    assert last["estimate"].isna().all()
    assert (last["reason"] == "no units on one side").all()
    assert np.isfinite(effects.overall["lower"]).all()


def test_a_first_group_without_a_period_before_its_base_is_said_so():
    rows = panel(dates=(2, 6))
    effects = group_time_effects(rows, **DESIGN, anticipation=1)
    group = effects.by_group.set_index("group")
    assert group["reason"][2] == "no period before it to compare with"
    assert np.isnan(group["estimate"][2])
    assert np.isfinite(effects.overall["estimate"]).all()


def test_trials_of_70_courts_and_20_quarters_take_seconds():
    import time

    rows = trials(1, number=50_000, dates=(6, 8, 9, 12, 15), each=10, never=20, periods=20).assign(
        late=lambda table: table["quarter"] > 10
    )
    started = time.process_time()
    effects = group_time_effects(
        rows, **DESIGN, covariates=["age"], repeated_cross_sections=True, comparison="not_yet"
    )
    assert time.process_time() - started < 10
    simple = effects.overall.iloc[0]
    assert simple["lower"] < 1 < simple["upper"]
    assert effects.clusters == 70


def test_notes_say_what_the_library_met():
    rows = panel(each=4).assign(twice=lambda table: 2 * table["share"])
    effects = group_time_effects(rows, **DESIGN, covariates=["share", "twice"], method="reg")
    assert any("collinear" in note for note in effects.notes)


def test_results_are_frozen_and_hide_the_library():
    effects = group_time_effects(panel(), **DESIGN)
    with pytest.raises(dataclasses.FrozenInstanceError):
        effects.rule = "another"
    assert all("diff_diff" not in type(value).__module__ for value in vars(effects).values())


def test_rows_are_not_modified():
    rows = panel()
    before = rows.copy()
    group_time_effects(rows, **DESIGN, covariates=["share"])
    goodman_bacon(rows, **DESIGN)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"comparison": "all"}, "comparison must be one of never, not_yet"),
        ({"method": "ols"}, "method must be one of dr, reg, ipw"),
        ({"base": "first"}, "base must be one of universal, varying"),
        ({"small_sample": "hc3"}, 'small_sample must be "none", "clusters" or "groups"'),
        ({"unbalanced": "fill"}, 'unbalanced must be "refuse" or "complete"'),
        ({"after_last": "drop"}, 'after_last must be "refuse", "comparison" or "leave_out"'),
        ({"anticipation": -1}, "must not be below 0"),
        ({"bootstrap": 10}, "100 draws or more"),
        ({"smallest_group": 0}, "nor smallest_group below 1"),
        ({"level": 95}, "level must lie between 0 and 1"),
        ({"clusters": "area", "small_sample": "groups"}, "clusters that lie within one group"),
    ],
)
def test_options_that_cannot_be_are_refused(options, said):
    rows = panel(each=5)
    with pytest.raises(OptionError, match=said):
        group_time_effects(rows, **DESIGN, **options)
