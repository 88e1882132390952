from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import MetricError, UsageError
from justice_analysis.models import balance, entropy_weights, odds_weights, overlap_weights


def people(seed=3, size=400):
    rng = np.random.default_rng(seed)
    age = rng.normal(30, 8, size)
    work = (rng.random(size) < 0.4).astype(float)
    treated = rng.random(size) < 1 / (1 + np.exp(-(-4 + 0.1 * age - 0.5 * work)))
    return pd.DataFrame({"age": age, "work": work}), treated


def test_entropy_weights_balance_every_mean_and_keep_the_number_of_people():
    covariates, treated = people()
    found = entropy_weights(covariates, treated)
    after = balance(covariates, treated, found.weights).table
    assert after["difference_after"].abs().max() < 1e-8
    assert after["difference_before"].abs().max() > 0.2
    assert (found.weights[treated] == 1).all()
    assert found.weights[~treated].sum() == pytest.approx((~treated).sum())
    assert (found.weights > 0).all()
    assert found.effective_comparison < (~treated).sum()


def test_variances_are_balanced_too_on_request():
    covariates, treated = people()
    weights = entropy_weights(covariates, treated, variances=True).weights[~treated]
    own, other = covariates["age"][treated], covariates["age"][~treated]
    mean = np.average(other, weights=weights)
    assert mean == pytest.approx(own.mean())
    assert np.average((other - mean) ** 2, weights=weights) == pytest.approx(own.var(ddof=0))


def test_one_yes_or_no_characteristic_gives_the_ratio_of_shares():
    """Half of the treated and a quarter of the others: weights 2 and 2/3."""
    work = pd.DataFrame({"work": [1, 0, 1, 0, 0, 0.0]})
    weights = entropy_weights(work, [1, 1, 0, 0, 0, 0]).weights
    assert weights == pytest.approx([1, 1, 2, 2 / 3, 2 / 3, 2 / 3])


def test_weights_stay_near_to_those_given():
    work = pd.DataFrame({"work": [1, 0, 1, 0, 0, 0.0]})
    weights = entropy_weights(work, [1, 1, 0, 0, 0, 0], base_weights=[1, 1, 1, 2, 1, 1]).weights
    assert weights == pytest.approx([1, 1, 2, 1, 0.5, 0.5])


def test_indicators_of_every_category_are_no_obstacle():
    covariates, treated = people()
    whole = covariates.assign(no_work=1 - covariates["work"], country=1.0)
    found = entropy_weights(whole, treated)
    assert found.weights == pytest.approx(entropy_weights(covariates, treated).weights)
    assert found.left_out == ("country",)


def test_a_value_all_treated_share_leaves_the_others_without_weight():
    covariates = pd.DataFrame({"custody": [1, 1, 1, 1, 0, 0.0], "age": [20, 30, 18, 40, 25, 30.0]})
    weights = entropy_weights(covariates, [1, 1, 0, 0, 0, 0]).weights
    assert weights[4:] == pytest.approx([0, 0], abs=1e-6)
    assert weights[2] * 18 + weights[3] * 40 == pytest.approx(25 * 4)


def test_the_last_step_is_not_held_up_by_rounding():
    """A sample where the dual, near its minimum, differs by less than a number holds."""
    number = [0, 0, 1, 2, -2, 3, -3, -3, -1, 2, 3, 0, 0, 1]
    yes = [0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0]
    covariates = pd.DataFrame({"number": number, "yes": yes})
    assert entropy_weights(covariates, np.arange(14) < 8).largest_difference < 1e-9


@pytest.mark.parametrize(
    ("covariates", "message"),
    [
        ({"age": [50, 60, 20, 30, 40, 45.0]}, "range of the comparison people: for age it does"),
        ({"work": [1, 0, 0, 0, 0, 0.0]}, "for work it does not"),
        ({"a": [1, 1, 1, 0, 1, 0.0], "b": [1, 1, 0, 1, 0, 1.0]}, "balance these characteristics"),
        ({"a": [3, 3, 0, 4, 0, 1.0], "b": [3, 3, 0, 0, 4, 1.0]}, "balance these characteristics"),
    ],
)
def test_groups_without_overlap_are_refused_in_words(covariates, message):
    with pytest.raises(MetricError, match=message):
        entropy_weights(pd.DataFrame(covariates), [1, 1, 0, 0, 0, 0])


def test_separation_in_a_combination_of_many_is_refused_soon():
    covariates, treated = people()
    moved = covariates.assign(risk=covariates["age"] + 3 * treated)
    with pytest.raises(MetricError, match="balance these characteristics together"):
        entropy_weights(moved, treated)


def test_nobody_on_one_side_is_refused():
    covariates, treated = people()
    with pytest.raises(MetricError, match="both groups need people"):
        entropy_weights(covariates, np.zeros_like(treated))


def test_overlap_and_odds_weights_follow_their_formulas():
    assert overlap_weights([0.2, 0.9], [True, False]) == pytest.approx([0.8, 0.9])
    assert odds_weights([0.2, 0.8], [True, False]) == pytest.approx([1, 4])


def test_overlap_weights_balance_the_means_of_a_logistic_model_exactly():
    from justice_analysis.models import logistic

    covariates, treated = people()
    fit = logistic(treated, covariates)
    score = 1 / (1 + np.exp(-fit.intercept - covariates.to_numpy() @ fit.coefficients))
    after = balance(covariates, treated, overlap_weights(score, treated)).table
    assert after["difference_after"].abs().max() < 1e-6


@pytest.mark.parametrize("weigh", [overlap_weights, odds_weights])
def test_scores_that_are_no_chances_are_counted_and_refused(weigh):
    with pytest.raises(UsageError, match="below 1: 2 of 3 do not"):
        weigh([1.0, 0.5, np.nan], [1, 0, 0])
    with pytest.raises(UsageError, match="score must have a value for each of 3 rows"):
        weigh([0.5, 0.5], [1, 0, 0])
