from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.models import (
    adjusted_risk,
    average_marginal_effect,
    logistic,
    mantel_haenszel,
    odds_ratio,
    rate_ratio,
    share_difference,
)

RNG = np.random.default_rng(3)
PEOPLE = 1500
PERSON = pd.DataFrame({"age": RNG.normal(30, 8, PEOPLE).round(), "group": RNG.integers(0, 2, 1500)})
SHARE = 1 / (1 + np.exp(2 - 0.04 * PERSON["age"] - 0.5 * PERSON["group"]))
HAS = RNG.random(PEOPLE) < SHARE
COURT = RNG.integers(0, 40, PEOPLE)

# Admissions at Berkeley, 1973 (R's UCBAdmissions): department, woman, admitted, rejected.
ADMISSIONS = pd.DataFrame(
    [
        ("A", 0, 512, 313), ("A", 1, 89, 19), ("B", 0, 353, 207), ("B", 1, 17, 8),
        ("C", 0, 120, 205), ("C", 1, 202, 391), ("D", 0, 138, 279), ("D", 1, 131, 244),
        ("E", 0, 53, 138), ("E", 1, 94, 299), ("F", 0, 22, 351), ("F", 1, 24, 317),
    ],
    columns=["department", "woman", "admitted", "rejected"],
)  # fmt: skip


def admissions():
    """Outcome, covariates and counts: two rows for each row of the table."""
    rows = pd.concat([ADMISSIONS, ADMISSIONS], ignore_index=True)
    outcome = np.repeat([1, 0], len(ADMISSIONS))
    counts = np.where(outcome, rows["admitted"], rows["rejected"])
    covariates = pd.get_dummies(rows["department"], dtype=float).drop(columns="A")
    covariates.insert(0, "woman", rows["woman"])
    return outcome, covariates, counts


def test_a_collapsed_table_gives_what_r_prints():
    """R 4.2.2: glm(Admit == "Admitted" ~ Gender + Dept, binomial, as.data.frame(UCBAdmissions),
    weights = Freq)
    """
    outcome, covariates, counts = admissions()
    found = logistic(outcome, covariates, counts=counts)
    expected = [0.5820513952760, 0.0998700881593]
    coefficients = [found.intercept, found.coefficients[0]]
    np.testing.assert_allclose(coefficients, expected, rtol=0, atol=1e-7)
    errors = np.sqrt(np.diag(found.covariance))[:2]
    np.testing.assert_allclose(errors, [0.0689925968488, 0.0808464647066], rtol=0, atol=1e-7)
    assert found.log_likelihood == pytest.approx(-2593.74424709, abs=1e-7)
    assert (found.people, found.events) == (4526, 1755)


def test_one_indicator_alone_gives_the_odds_ratio_of_the_table():
    found = logistic([1, 0, 1, 0], {"group": [1, 1, 0, 0]}, counts=[20, 80, 10, 90])
    expected = odds_ratio(20, 100, 10, 100)
    assert found.odds_ratios[0] == pytest.approx(float(expected.estimate))
    assert found.lower[0] == pytest.approx(float(expected.lower))
    assert found.upper[0] == pytest.approx(float(expected.upper))
    assert found.p_values[0] == pytest.approx(float(expected.p_value))


def test_adjusting_for_strata_is_near_the_pooled_odds_ratio():
    outcome, covariates, counts = admissions()
    found = logistic(outcome, covariates, counts=counts)
    women, men = ADMISSIONS[ADMISSIONS["woman"] == 1], ADMISSIONS[ADMISSIONS["woman"] == 0]
    pooled = mantel_haenszel(
        women["admitted"], women["admitted"] + women["rejected"],
        men["admitted"], men["admitted"] + men["rejected"],
    )  # fmt: skip
    assert found.odds_ratios[0] == pytest.approx(pooled.estimate, rel=0.01)


@pytest.mark.parametrize("robust", [False, True])
def test_the_fit_and_its_errors_equal_statsmodels(robust):
    import statsmodels.api as sm

    found = logistic(HAS, PERSON, robust=robust)
    expected = sm.Logit(HAS, sm.add_constant(PERSON)).fit(
        disp=0, cov_type="HC0" if robust else "nonrobust"
    )
    np.testing.assert_allclose([found.intercept, *found.coefficients], expected.params, rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), expected.bse, rtol=1e-8)
    np.testing.assert_allclose(found.p_values, expected.pvalues.iloc[1:], rtol=1e-6)
    errors = found.robust_standard_errors if robust else found.standard_errors
    np.testing.assert_allclose(errors, expected.bse.iloc[1:], rtol=1e-8)
    assert found.log_likelihood == pytest.approx(expected.llf)
    assert found.null_log_likelihood == pytest.approx(expected.llnull)


def test_clustered_errors_equal_statsmodels_but_for_the_factor_named():
    import statsmodels.api as sm

    found = logistic(HAS, PERSON, clusters=COURT)
    expected = sm.Logit(HAS, sm.add_constant(PERSON)).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": COURT, "use_correction": False}
    )
    factor = np.sqrt(found.clusters / (found.clusters - 1))
    errors = np.sqrt(np.diag(found.covariance))
    np.testing.assert_allclose(errors, expected.bse * factor, rtol=1e-8)


def test_average_marginal_effect_equals_statsmodels():
    import statsmodels.api as sm

    expected = sm.Logit(HAS, sm.add_constant(PERSON)).fit(disp=0).get_margeff()
    found = average_marginal_effect(logistic(HAS, PERSON), PERSON, "age")
    assert found.estimate == pytest.approx(expected.margeff[0], rel=1e-8)
    np.testing.assert_allclose((found.lower, found.upper), expected.conf_int()[0], rtol=1e-6)


def test_adjusted_risk_of_one_indicator_is_the_ratio_of_shares():
    covariates, counts = {"group": [1, 1, 0, 0]}, [20, 80, 10, 90]
    fit = logistic([1, 0, 1, 0], covariates, counts=counts)
    found = adjusted_risk(fit, covariates, {"group": 1}, {"group": 0}, counts=counts)
    ratio, difference = rate_ratio(20, 100, 10, 100), share_difference(20, 100, 10, 100,
                                                                       method="wald")  # fmt: skip
    assert (found.risk, found.reference_risk) == pytest.approx((0.2, 0.1))
    assert found.ratio == pytest.approx(float(ratio.estimate))
    assert found.ratio_lower == pytest.approx(float(ratio.lower))
    assert found.ratio_upper == pytest.approx(float(ratio.upper))
    assert found.difference_lower == pytest.approx(float(difference.lower))
    assert found.people == 200


def test_adjusted_risk_holds_the_planted_difference():
    fit = logistic(HAS, PERSON)
    found = adjusted_risk(fit, PERSON, {"group": 1}, {"group": 0})
    logit = -2 + 0.04 * PERSON["age"]
    truth = (1 / (1 + np.exp(-logit - 0.5)) - 1 / (1 + np.exp(-logit))).mean()
    assert found.difference_lower < truth < found.difference_upper


@pytest.mark.parametrize(
    ("covariates", "named"),
    [
        ({"age": PERSON["age"], "apart": COURT == 7}, "apart"),
        ({"apart": ~(COURT == 7), "age": PERSON["age"]}, "apart"),
        ({"one": COURT < 7, "two": COURT > 7}, "one, two"),
    ],
    ids=["a group", "its complement", "all categories but the one"],
)
def test_quasi_complete_separation_is_refused_by_name(covariates, named):
    has = HAS & (COURT != 7)
    covariates = {name: np.asarray(column, float) for name, column in covariates.items()}
    with pytest.raises(MetricError, match=f"odds ratio of {named} has no finite value"):
        logistic(has, covariates)


def test_complete_separation_is_refused_by_name():
    with pytest.raises(MetricError, match="odds ratio of age has no finite value"):
        logistic(PERSON["age"] > 30, PERSON)


def test_a_group_with_a_single_outcome_is_fitted():
    counts = [1, 9999, 500, 500]
    found = logistic([1, 0, 1, 0], {"group": [1, 1, 0, 0]}, counts=counts)
    assert found.odds_ratios[0] == pytest.approx(1 / 9999, rel=1e-6)


def test_a_covariate_far_from_zero_is_fitted_as_one_near_it():
    near, far = logistic(HAS, PERSON), logistic(HAS, PERSON.assign(age=PERSON["age"] * 10 + 3e8))
    np.testing.assert_allclose(far.coefficients * [10, 1], near.coefficients, rtol=1e-6)


def test_a_ratio_beyond_numbers_is_refused_by_name():
    with pytest.raises(MetricError, match="one unit more of age changes the odds"):
        logistic(HAS, PERSON.assign(age=PERSON["age"] / 1e5))


def test_a_table_has_one_row_per_covariate():
    table = logistic(HAS, PERSON, clusters=COURT).table()
    assert table["covariate"].tolist() == ["age", "group"]
    assert "robust_standard_error" in table
    assert "robust_standard_error" not in logistic(HAS, PERSON).table()


def test_one_outcome_for_all_and_no_people_are_refused():
    with pytest.raises(MetricError, match="0 of 1,500 have it"):
        logistic(np.zeros(PEOPLE), PERSON)
    with pytest.raises(MetricError, match="0 of 0"):
        logistic([], {"x": []})
    with pytest.raises(MetricError, match="1 of 1"):
        logistic([1], {"x": [2]})


def test_constant_and_repeated_covariates_are_refused_by_name():
    with pytest.raises(MetricError, match="c does not"):
        logistic(HAS, PERSON.assign(c=1.0))
    with pytest.raises(MetricError, match="beyond those before it: twice does not"):
        logistic(HAS, PERSON.assign(twice=2 * PERSON["age"] + 1))


def test_impossible_columns_are_refused_together():
    with pytest.raises(UsageError, match=r"3 problems(.|\n)*outcome(.|\n)*counts(.|\n)*1,500 of"):
        logistic(HAS * 2, {"gone": np.full(PEOPLE, np.nan)}, counts=np.full(PEOPLE, 0.5))
    with pytest.raises(UsageError, match="for each of 1,500 rows"):
        logistic(HAS, PERSON[1:])
    with pytest.raises(MetricError, match="more clusters than coefficients"):
        logistic(HAS, PERSON, clusters=COURT < 9)
    with pytest.raises(OptionError, match="level"):
        logistic(HAS, PERSON, level=95)


def test_adjusted_risk_refuses_other_covariates_than_those_of_the_fit():
    fit = logistic(HAS, PERSON)
    with pytest.raises(UsageError, match="those of the fit"):
        adjusted_risk(fit, PERSON[["group", "age"]], {"group": 1}, {"group": 0})
    with pytest.raises(UsageError, match="court must be a covariate of the fit"):
        adjusted_risk(fit, PERSON, {"court": 1}, {"group": 0})
    with pytest.raises(MetricError, match="needs people"):
        adjusted_risk(fit, PERSON[:0], {"group": 1}, {"group": 0})


def test_a_step_whose_gain_rounding_hides_is_taken_at_once():
    """Else, near the maximum of a large population, thirty shorter steps are tried in vain."""
    from justice_analysis.models.logistic import newton

    design = np.vstack([np.ones(PEOPLE), (PERSON["age"] - 30) / 8])
    outcome, weight, step = HAS.astype(float), np.ones(PEOPLE), np.array([1e-9, 0.0])
    start = np.array([-0.6, 0.3])
    value = newton._evaluate(design, outcome, weight, start + step).value
    hidden = np.nextafter(value, 0)
    ahead = newton._uphill(design, outcome, weight, start, step, hidden)
    assert ahead is not None
    assert (ahead[0] == start + step).all()


def test_separation_by_several_covariates_is_found_among_many_people():
    rng = np.random.default_rng(2)
    covariates = {name: rng.normal(size=20_000) for name in ("x", "z")}
    outcome = covariates["x"] + 0.5 * covariates["z"] > 1
    with pytest.raises(MetricError, match="the odds ratio of x, z has no finite value"):
        logistic(outcome, covariates)
