from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import OptionError, UsageError
from justice_analysis.models import matched_difference, weighted_share_difference
from justice_analysis.models.matched_effects import FEWEST_CLUSTERS

TREATED = np.array([1, 1, 1, 1, 0, 0, 0, 0])
OUTCOME = np.array([1, 0, 0, 0, 1, 1, 1, 0])
ALL = np.ones(8)
PAIRS = np.array([0, 1, 2, 3, 0, 1, 2, 3])


def test_the_difference_is_treated_less_weighted_comparison():
    weights = np.array([1, 1, 1, 1, 2, 1, 0, 1])
    effect = matched_difference(OUTCOME, TREATED, weights)
    assert (effect.treated_value, effect.comparison_value) == (0.25, 0.75)
    assert effect.difference == pytest.approx(-0.5)
    assert (effect.treated_people, effect.comparison_people) == (4, 3)
    assert effect.effective_comparison == pytest.approx(16 / 6)


def test_errors_of_pairs_come_from_their_differences():
    days = np.array([10.0, 14, 9, 20, 12, 11, 15, 17])
    effect = matched_difference(days, TREATED, ALL, clusters=PAIRS, of="mean", errors="clustered")
    gaps = days[:4] - days[4:]
    expected = np.sqrt(((gaps - gaps.mean()) ** 2).sum() / 16 * (4 / 3) * (7 / 6))
    assert effect.standard_error == pytest.approx(expected)
    assert effect.clusters == 4
    assert "CR1" in effect.rule
    assert "t with 6 degrees of freedom" in effect.rule


def test_people_in_no_set_stand_alone():
    alone = matched_difference(OUTCOME, TREATED, ALL, clusters=-np.ones(8, int), errors="clustered")
    robust = matched_difference(OUTCOME, TREATED, ALL)
    assert alone.standard_error == pytest.approx(robust.standard_error)
    assert alone.clusters == 8


def test_errors_are_clustered_by_default_only_where_sets_are_many():
    few = matched_difference(OUTCOME, TREATED, ALL, clusters=PAIRS)
    assert few.clusters is None
    assert few.rule.startswith("robust (HC1")
    many = matched_difference(
        np.tile(OUTCOME, 10), np.tile(TREATED, 10), np.ones(80),
        clusters=np.repeat(np.arange(FEWEST_CLUSTERS), 2),
    )  # fmt: skip
    assert many.clusters == FEWEST_CLUSTERS


def test_the_scale_of_weights_does_not_matter():
    first = matched_difference(OUTCOME, TREATED, ALL)
    second = matched_difference(OUTCOME, TREATED, np.where(TREATED, 3.0, 0.2))
    assert second.standard_error == pytest.approx(first.standard_error)
    assert second.p_value == pytest.approx(first.p_value)


def test_kish_errors_are_those_of_two_weighted_shares():
    weights = np.array([1, 1, 1, 1, 2, 1, 0, 1])
    effect = matched_difference(OUTCOME, TREATED, weights, errors="kish")
    expected = weighted_share_difference(0.25, 4, 0.75, 16 / 6)
    assert (effect.lower, effect.upper) == pytest.approx((expected.lower, expected.upper))
    assert "Kish" in effect.rule


def test_a_normal_interval_leaves_out_zero_exactly_where_p_is_small():
    days = np.array([10.0, 11, 9, 10, 12, 11, 13, 12])
    effect = matched_difference(days, TREATED, ALL, of="mean", distribution="normal")
    assert effect.upper - effect.difference == pytest.approx(1.959964 * effect.standard_error)
    assert effect.is_significant == (effect.p_value < 0.05)
    assert "normal interval" in effect.rule


def test_limits_of_a_share_end_at_one():
    effect = matched_difference([1, 1, 1, 0, 0, 0, 1, 0], TREATED, ALL, level=0.999)
    assert (effect.lower, effect.upper) == (-1, 1)


@pytest.mark.parametrize(
    ("outcome", "weights", "options", "reason"),
    [
        (OUTCOME, 1 - TREATED, {}, "nobody treated is left"),
        (OUTCOME, TREATED, {}, "nobody is left to compare with"),
        (
            OUTCOME,
            ALL,
            {"clusters": np.zeros(8, int), "errors": "clustered"},
            "two clusters or more",
        ),
        (ALL, ALL, {}, "does not vary"),
        (ALL, ALL, {"errors": "kish"}, "does not vary"),
        (TREATED, ALL, {}, "does not vary"),
        (OUTCOME, np.array([1, 0, 0, 0, 1, 0, 0, 0]), {}, "three people or more"),
    ],
)
def test_a_value_that_is_missing_has_its_reason(outcome, weights, options, reason):
    effect = matched_difference(outcome, TREATED, weights, **options)
    assert reason in effect.reason
    missing = (effect.lower, effect.upper, effect.standard_error, effect.p_value)
    assert np.isnan(missing).all()
    assert not effect.is_significant


def test_the_side_that_is_there_keeps_its_value():
    effect = matched_difference(OUTCOME, TREATED, TREATED)
    assert effect.treated_value == 0.25
    assert np.isnan(effect.comparison_value)
    assert effect.effective_comparison == 0


def test_an_outcome_may_be_missing_for_people_without_weight():
    outcome = np.where(np.arange(8) == 7, np.nan, OUTCOME)
    weights = np.where(np.arange(8) == 7, 0, 1)
    assert matched_difference(outcome, TREATED, weights).comparison_value == 1
    with pytest.raises(UsageError, match=r"^outcome must not be missing: 1 of 8 rows are"):
        matched_difference(outcome, TREATED, ALL)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"errors": "clustered"}, "give clusters"),
        ({"errors": "exact"}, "errors must be"),
        ({"of": "median"}, "of must be"),
        ({"of": "mean", "errors": "kish"}, "for shares"),
        ({"distribution": "z"}, "distribution must be"),
        ({"level": 95}, "level must lie"),
        ({"clusters": PAIRS / 2, "errors": "clustered"}, "whole numbers"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options, message):
    with pytest.raises(UsageError, match=message):
        matched_difference(OUTCOME, TREATED, ALL, **options)


def test_a_share_needs_an_outcome_that_is_true_or_false():
    with pytest.raises(UsageError, match="outcome must be true or false: 4 of 8 are neither"):
        matched_difference(OUTCOME * 2, TREATED, ALL)
    with pytest.raises(OptionError):
        matched_difference(OUTCOME, TREATED, ALL, errors="hc4")


def test_intervals_of_matched_samples_hold_the_truth_as_often_as_they_say():
    """Pairs alike in a trait that raises both outcomes; a true difference of -0.1."""
    rng = np.random.default_rng(20261)
    held = 0
    for _ in range(400):
        trait = rng.uniform(0.2, 0.7, 120)
        outcome = np.concatenate([rng.random(120) < trait - 0.1, rng.random(120) < trait])
        treated = np.repeat([True, False], 120)
        pairs = np.tile(np.arange(120), 2)
        effect = matched_difference(outcome, treated, np.ones(240), clusters=pairs)
        held += effect.lower <= -0.1 <= effect.upper
    assert 0.93 <= held / 400 <= 0.97


def test_six_subclasses_are_too_few_to_cluster_by():
    """No effect; treatment and outcome both more common in higher subclasses."""
    rng = np.random.default_rng(7)
    held = {"clustered": 0, "robust": 0}
    for _ in range(400):
        subclass = rng.integers(0, 6, 900)
        treated = rng.random(900) < 0.1 + 0.05 * subclass
        outcome = rng.random(900) < 0.3 + 0.04 * subclass
        size = np.bincount(subclass[treated], minlength=6)
        weights = np.where(treated, 1, (size / np.bincount(subclass[~treated]))[subclass])
        for errors in held:
            effect = matched_difference(outcome, treated, weights, clusters=subclass,
                                        errors=errors)  # fmt: skip
            held[errors] += effect.lower <= 0 <= effect.upper
    assert held["clustered"] / 400 < 0.91
    assert 0.93 <= held["robust"] / 400 <= 0.98


def sample_with_covariates(seed=3, people=400):
    random = np.random.default_rng(seed)
    covariates = random.normal(size=(people, 3))
    treated = random.random(people) < 1 / (1 + np.exp(-covariates[:, 0]))
    outcome = random.random(people) < 0.3 + 0.1 * covariates[:, 0].clip(-2, 2)
    weights = np.where(treated, 1.0, random.random(people) * (random.random(people) < 0.9))
    return outcome, treated, weights, random.integers(0, 80, people), covariates


@pytest.mark.parametrize("is_clustered", [True, False])
def test_an_adjusted_difference_is_the_weighted_regression_of_statsmodels(is_clustered):
    import statsmodels.api as sm

    outcome, treated, weights, sets, covariates = sample_with_covariates()
    found = matched_difference(
        outcome, treated, weights, clusters=sets if is_clustered else None, covariates=covariates
    )
    held = weights > 0
    design = np.column_stack([np.ones(held.sum()), treated[held], covariates[held]])
    fit = sm.WLS(outcome[held].astype(float), design, weights=weights[held])
    errors = {"cov_type": "cluster", "cov_kwds": {"groups": sets[held]}}
    told = fit.fit(**errors) if is_clustered else fit.fit(cov_type="HC1")
    assert found.difference == pytest.approx(told.params[1], abs=1e-12)
    assert found.standard_error == pytest.approx(told.bse[1], abs=1e-12)
    assert found.treated_value - found.comparison_value == pytest.approx(found.difference)
    assert "adjusted: 5 for 2" in found.rule


def test_collinear_and_constant_covariates_change_nothing():
    outcome, treated, weights, sets, covariates = sample_with_covariates()
    more = np.column_stack([covariates, covariates @ [1, 2, 3], np.ones(len(outcome))])
    one, other = (
        matched_difference(outcome, treated, weights, clusters=sets, covariates=columns)
        for columns in (covariates, more)
    )
    assert other.difference == pytest.approx(one.difference, abs=1e-12)
    assert other.standard_error == pytest.approx(one.standard_error, abs=1e-12)


def test_adjusting_takes_off_what_matching_left():
    biases = []
    for seed in range(60):
        outcome, treated, _, _, covariates = sample_with_covariates(seed)
        plain = matched_difference(outcome, treated, np.ones(400))
        made = matched_difference(outcome, treated, np.ones(400), covariates=covariates)
        biases.append((plain.difference, made.difference))
    plain, made = np.mean(biases, axis=0)
    assert plain > 0.05
    assert abs(made) < 0.02


def test_covariates_that_can_not_be_used_are_refused():
    outcome, treated, weights, _, covariates = sample_with_covariates()
    for wrong, words in (
        (covariates[:-1], "must have 400 rows"),
        (covariates[:, 0], "must have 400 rows"),
        (np.where(covariates > 2, np.nan, covariates), "covariates"),
    ):
        with pytest.raises(UsageError, match=words):
            matched_difference(outcome, treated, weights, covariates=wrong)
    with pytest.raises(OptionError, match="leave covariates out"):
        matched_difference(outcome, treated, weights, errors="kish", covariates=covariates)
    few = matched_difference(outcome[:5], treated[:5], np.ones(5), covariates=covariates[:5])
    assert "more people, and more clusters, than coefficients" in few.reason
    assert np.isnan(few.standard_error)


def test_an_adjusted_outcome_without_variation_has_no_interval():
    covariates = np.column_stack([np.arange(8.0), TREATED])
    effect = matched_difference(np.ones(8), TREATED, ALL, covariates=covariates[:, :1])
    assert effect.difference == pytest.approx(0)
    assert np.isnan(effect.standard_error)
    assert "does not vary" in effect.reason
