"""Matching on Lalonde's data against MatchIt 4.7.1 (R): scores, pairs, weights, effects."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from justice_analysis import models

COVARIATES = ["age", "educ", "black", "hispan", "married", "nodegree", "re74", "re75"]
CALIPER = 0.2
PAIRED = {
    "nn1": {},
    "nn1_caliper02": {"caliper": CALIPER},
    "nn1_caliper02_logit": {"caliper": CALIPER},
    "nn1_caliper02_data": {"caliper": CALIPER, "order": "data"},
    "nn1_replace": {"replace": True},
    "nn2": {"ratio": 2},
    "nn1_smallest": {"order": "smallest"},
    "nn1_closest": {"order": "closest"},
    "nn1_data": {"order": "data"},
    "nn1_exact_race": {"strata": ["race"]},
}
CLASSED = ["subclass6", "subclass6_ate", "exact_bin"]


@pytest.fixture(scope="session")
def lalonde(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "lalonde.csv").assign(emp78=lambda d: (d["re78"] > 0) * 1)


@pytest.fixture(scope="session")
def propensity(lalonde):
    return models.propensity_scores(lalonde[COVARIATES], lalonde["treat"])


def matched(spec, lalonde, propensity):
    treated = lalonde["treat"]
    distance = propensity.linear if spec.endswith("logit") else propensity.score
    if spec == "exact_bin":
        return models.exact(treated, lalonde[["black", "hispan", "married", "nodegree"]])
    if spec in CLASSED:
        estimand = "ate" if spec.endswith("ate") else "att"
        return models.subclasses(treated, distance, count=6, estimand=estimand)
    options = dict(PAIRED[spec])
    if "caliper" in options:
        options["caliper"] = models.caliper_width(distance, treated, standard_deviations=CALIPER)
    if "strata" in options:
        options["strata"] = lalonde[options["strata"]]
    return models.nearest_neighbours(treated, distance, **options)


def test_the_model_of_the_propensity_score_equals_glm(golden, propensity):
    expected = golden("lalonde_ps_model").set_index("term")
    fit = propensity.fit
    found = [fit.intercept, *fit.coefficients]
    assert list(fit.names) == list(expected.index[1:])
    np.testing.assert_allclose(found, expected["coef"], rtol=0, atol=1e-7)
    # R's errors are of the step before the last, so they agree less far.
    errors = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(errors, expected["se"], rtol=1e-4)
    assert propensity.left_out == ()


@pytest.mark.parametrize("spec", PAIRED)
def test_pairs_equal_matchits(golden, lalonde, propensity, spec):
    found = matched(spec, lalonde, propensity)
    expected = golden("lalonde_pairs").query("spec == @spec", local_dict={"spec": spec})
    ids = lalonde["id"].to_numpy()
    theirs = expected.dropna(subset="control")[["treated", "control"]].to_numpy()
    ours = ids[found.pairs]
    assert sorted(map(tuple, ours)) == sorted(map(tuple, theirs))
    without = set(expected.loc[expected["control"].isna(), "treated"]) - set(theirs[:, 0])
    assert set(ids[found.dropped]) == without


@pytest.mark.parametrize("outcome", ["re78", "emp78"])
@pytest.mark.parametrize("spec", [*PAIRED, *CLASSED])
def test_effects_and_people_equal_matchits(golden, lalonde, propensity, spec, outcome):
    expected = golden("lalonde_att").set_index(["spec", "outcome"]).loc[(spec, outcome)]
    found = matched(spec, lalonde, propensity)
    treated, value = found.treated, lalonde[outcome].to_numpy()
    means = [np.average(value[s], weights=found.weights[s]) for s in (treated, ~treated)]
    assert means[0] == pytest.approx(expected["mean_t"], abs=1e-6)
    assert means[1] == pytest.approx(expected["mean_c"], abs=1e-6)
    assert means[0] - means[1] == pytest.approx(expected["att"], abs=1e-6)
    people = (found.matched_treated, found.matched_comparison)
    assert people == (expected["n_treated"], expected["n_control"])
    assert found.effective_comparison == pytest.approx(expected["ess_control"], abs=1e-6)


@pytest.mark.parametrize("spec", [*PAIRED, *CLASSED])
def test_weighted_means_of_covariates_equal_matchits(golden, lalonde, propensity, spec):
    expected = golden("lalonde_balance").query(
        "spec == @spec and sample == 'matched'", local_dict={"spec": spec}
    )
    expected = expected[expected["term"].isin(COVARIATES)].set_index("term")
    found = matched(spec, lalonde, propensity)
    for side, column in ((found.treated, "Means Treated"), (~found.treated, "Means Control")):
        rows = lalonde.loc[side, list(expected.index)]
        means = np.average(rows, axis=0, weights=found.weights[side])
        np.testing.assert_allclose(means, expected[column], rtol=0, atol=1e-6)
