from __future__ import annotations

import numpy as np
import pytest

from justice_analysis import models

CONFIDENCE = {"log": "log", "loglog": "log-log", "plain": "plain"}


@pytest.mark.parametrize("scale", ["log", "loglog", "plain"])
@pytest.mark.parametrize("fin", [0, 1])
def test_kaplan_meier_equals_survfit(golden, rossi_counts, scale, fin):
    expected = golden("rossi_km")
    expected = expected[
        (expected["model"] == f"rossi_fin_{scale}") & (expected["stratum"] == f"fin={fin}")
    ]
    group = models.counts_by_group(rossi_counts, ["fin"])[(fin,)]
    curve = models.kaplan_meier(group, confidence=CONFIDENCE[scale])
    assert curve.time.tolist() == expected["time"].tolist()
    assert curve.at_risk.tolist() == expected["n_risk"].tolist()
    for ours, name in [
        (curve.survival, "surv"),
        (curve.standard_error, "se"),
        (curve.lower, "lo"),
        (curve.upper, "hi"),
    ]:
        np.testing.assert_allclose(ours, expected[name], rtol=0, atol=1e-9)


def test_kaplan_meier_of_everyone_equals_survfit(golden, rossi_counts):
    expected = golden("rossi_km").query("model == 'rossi_all_log'")
    curve = models.kaplan_meier(models.counts_by_group(rossi_counts)[()], confidence="log")
    np.testing.assert_allclose(curve.survival, expected["surv"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(curve.lower, expected["lo"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(curve.upper, expected["hi"], rtol=0, atol=1e-9)


def test_nelson_aalen_equals_survfit(golden, rossi_counts):
    expected = golden("rossi_nelson_aalen")
    curve = models.nelson_aalen(models.counts_by_group(rossi_counts)[()])
    np.testing.assert_allclose(curve.cumulative_hazard, expected["cumhaz"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(curve.standard_error, expected["se"], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("test", "rho"), [("rossi_fin", 0), ("rossi_fin_peto", 1)])
def test_log_rank_and_peto_equal_survdiff(golden, rossi_counts, test, rho):
    expected = golden("logrank_tests").set_index("test").loc[test]
    groups = list(models.counts_by_group(rossi_counts, ["fin"]).values())
    found = models.log_rank(groups, rho=rho)
    assert found.statistic == pytest.approx(expected["chisq"], rel=1e-6)
    assert found.p_value == pytest.approx(expected["p"], rel=1e-6)
    assert found.degrees_of_freedom == expected["df"]


def test_stratified_log_rank_equals_survdiff(golden, rossi_counts):
    expected = golden("logrank_tests").set_index("test").loc["rossi_fin_strat_race"]
    groups = models.counts_by_group(rossi_counts, ["race", "fin"])
    strata = {str(race): [groups[(race, fin)] for fin in (0, 1)] for race in (0, 1)}
    found = models.log_rank(strata)
    assert found.statistic == pytest.approx(expected["chisq"], rel=1e-6)
    assert found.p_value == pytest.approx(expected["p"], rel=1e-6)


def test_restricted_mean_equals_survfit(golden, rossi_counts):
    expected = golden("rmst")
    groups = models.counts_by_group(rossi_counts, ["fin"])
    found = [models.restricted_mean(models.kaplan_meier(group), 52) for group in groups.values()]
    np.testing.assert_allclose([f.mean for f in found], expected["rmean"], atol=1e-6)
    errors = [f.standard_error for f in found]
    np.testing.assert_allclose(errors, expected["se(rmean)"], atol=1e-6)


def test_iowa_is_prepared_as_the_reference_was(golden, iowa_counts):
    expected = golden("iowa_counts").iloc[0]
    everyone = models.counts_by_group(iowa_counts, events=["new", "tech"])[()]
    assert everyone.people == expected["n"] == 26_017
    assert everyone.events.sum(axis=0).tolist() == [expected["new"], expected["tech"]]
    assert everyone.censored.sum() == expected["cens"]


@pytest.mark.parametrize("sex", [None, "Female", "Male"])
def test_incidence_and_its_variance_equal_cuminc(golden, iowa_counts, sex):
    expected = golden("iowa_cuminc_sex" if sex else "iowa_cuminc_all")
    groups = models.counts_by_group(iowa_counts, ["sex"] if sex else [], events=["new", "tech"])
    curve = models.aalen_johansen(groups[(sex,) if sex else ()])
    for column, cause in enumerate(["1", "2"]):
        rows = expected[expected["curve"] == f"{sex or '1'} {cause}"]
        found = models.at_times(curve, rows["time"].to_numpy())
        np.testing.assert_allclose(found.estimate[:, column], rows["cif"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.variance[:, column], rows["var"], rtol=1e-9)


@pytest.mark.parametrize("sex", ["Female", "Male"])
def test_incidence_and_greenwood_errors_equal_survfit(golden, iowa_counts, sex):
    expected = golden("iowa_aalen_johansen").query("stratum == @stratum", local_dict={
        "stratum": f"sex={sex}"})  # fmt: skip
    group = models.counts_by_group(iowa_counts, ["sex"], events=["new", "tech"])[(sex,)]
    curve = models.aalen_johansen(group, variance="greenwood")
    found = models.at_times(curve, expected["time"].to_numpy())
    np.testing.assert_allclose(found.estimate, expected[["X2", "X3"]], rtol=0, atol=1e-9)
    errors = np.sqrt(found.variance)
    np.testing.assert_allclose(errors, expected[["X2.1", "X3.1"]], rtol=1e-9)
    without = models.at_times(models.kaplan_meier(group), expected["time"].to_numpy())
    np.testing.assert_allclose(without.estimate, expected["X1"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(np.sqrt(without.variance), expected["X1.1"], rtol=1e-9)


@pytest.mark.parametrize(("row", "cause"), [(0, "new"), (1, "tech")])
def test_grays_test_equals_cmprsk(golden, iowa_counts, row, cause):
    expected = golden("iowa_gray_test").iloc[row]
    groups = models.counts_by_group(iowa_counts, ["sex"], events=["new", "tech"])
    found = models.gray_test(list(groups.values()), cause=cause)
    assert found.statistic == pytest.approx(expected["stat"], rel=1e-6)
    assert found.degrees_of_freedom == expected["df"]
    assert found.p_value == pytest.approx(expected["pv"], rel=1e-6, abs=1e-15)
