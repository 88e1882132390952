from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import MetricError, UsageError
from justice_analysis.models import common_support, logistic, propensity_scores

RNG = np.random.default_rng(11)
PEOPLE = 800
COVARIATES = pd.DataFrame(
    {"age": RNG.integers(18, 60, PEOPLE), "prior": RNG.poisson(3, PEOPLE), "court": 4}
)
COVARIATES["is_young"] = (COVARIATES["age"] < 25).astype(int)
CHANCE = 1 / (1 + np.exp(1.5 - 0.02 * COVARIATES["age"] - 0.1 * COVARIATES["prior"]))
TREATED = RNG.random(PEOPLE) < CHANCE


def test_the_score_is_the_fitted_chance_and_averages_to_the_share_treated():
    found = propensity_scores(COVARIATES, TREATED)
    assert found.score.mean() == pytest.approx(TREATED.mean(), abs=1e-12)
    np.testing.assert_allclose(found.linear, np.log(found.score / (1 - found.score)), atol=1e-9)
    direct = logistic(TREATED, COVARIATES[["age", "prior", "is_young"]])
    np.testing.assert_allclose(found.fit.coefficients, direct.coefficients, rtol=0, atol=1e-12)


def test_constant_and_collinear_covariates_are_left_out_by_name():
    doubled = COVARIATES.assign(months=COVARIATES["age"] * 12, is_old=1 - COVARIATES["is_young"])
    found = propensity_scores(doubled, TREATED)
    assert found.left_out == ("court", "months", "is_old")
    np.testing.assert_allclose(
        found.score, propensity_scores(COVARIATES, TREATED).score, rtol=0, atol=1e-12
    )


def test_people_alike_have_exactly_the_same_score():
    found = propensity_scores(COVARIATES, TREATED)
    alike = pd.Series(found.score).groupby([COVARIATES[name] for name in COVARIATES]).nunique()
    assert (alike == 1).all()


def test_weights_count_as_people_repeated():
    weights = np.where(COVARIATES["prior"] > 2, 2, 1)
    found = propensity_scores(COVARIATES, TREATED, weights=weights)
    rows = np.repeat(np.arange(PEOPLE), weights)
    repeated = propensity_scores(COVARIATES.iloc[rows], TREATED[rows])
    np.testing.assert_allclose(found.fit.coefficients, repeated.fit.coefficients, atol=1e-9)


def test_no_covariate_that_differs_is_refused():
    with pytest.raises(MetricError, match="needs a covariate that differs between people: none"):
        propensity_scores(COVARIATES[["court"]], TREATED)


def test_perfect_prediction_is_refused_by_name_and_common_support_cures_it():
    never = COVARIATES.assign(abroad=np.where(~TREATED & (COVARIATES["prior"] == 3), 1, 0))
    with pytest.raises(MetricError, match=r"not be predicted perfectly: .* by abroad, so that"):
        propensity_scores(never, TREATED)
    is_within = common_support(never, TREATED)
    assert is_within[TREATED].all()
    found = propensity_scores(never[is_within], TREATED[is_within])
    assert found.left_out == ("court", "abroad")


def test_prediction_by_two_covariates_together_is_refused():
    both = COVARIATES["age"] + 10 * COVARIATES["prior"] > 70
    with pytest.raises(MetricError, match=r"predicted perfectly: .* by age, prior"):
        propensity_scores(COVARIATES[["age", "prior"]], both)


def test_common_support_is_the_range_of_the_treated():
    covariates = pd.DataFrame({"age": [20, 30, 19, 25, 31], "woman": [0, 0, 0, 1, 0]})
    found = common_support(covariates, [1, 1, 0, 0, 0])
    assert found.tolist() == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": np.where(COVARIATES["age"] == 20, np.nan, 1.0)}, "age must not be missing"),
        ({"region": "north"}, "region must hold numbers"),
    ],
)
def test_covariates_that_are_not_numbers_are_refused_without_their_values(change, message):
    with pytest.raises(UsageError, match=message) as refused:
        propensity_scores(COVARIATES.assign(**change), TREATED)
    assert "north" not in str(refused.value)


def test_two_covariates_of_one_name_are_refused():
    twice = pd.concat([COVARIATES[["age"]], COVARIATES[["age"]]], axis=1)
    with pytest.raises(UsageError, match="must have a name each"):
        propensity_scores(twice, TREATED)


@pytest.mark.parametrize(("treated", "number"), [(np.zeros(PEOPLE), "0"), (np.ones(PEOPLE), "800")])
def test_nobody_or_everybody_treated_is_refused(treated, number):
    with pytest.raises(MetricError, match=f"{number} of 800 are treated"):
        propensity_scores(COVARIATES, treated)


def test_columns_of_another_length_are_refused():
    with pytest.raises(UsageError, match="each of 799 rows"):
        propensity_scores(COVARIATES, TREATED[1:])
