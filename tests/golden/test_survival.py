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


LATE = {
    # Day: at risk, survival, its error, hazard, its error; limits log, log-log, plain.
    1: (87, 0.9885057471, 0.01142800303, 0.01149425287, 0.01149425287),
    3: (260, 0.9790118725, 0.01321161144, 0.02112075354, 0.01342844585),
    10: (418, 0.9510855687, 0.01510309934, 0.04996404622, 0.01580890728),
    30: (374, 0.8484504354, 0.01975742590, 0.16375379088, 0.02319408330),
    52: (322, 0.7252882754, 0.02292120144, 0.31985525383, 0.03146600744),
}
LATE_LIMITS = {
    "log": [(0.9663591296, 1), (0.9534570348, 1), (0.9219399539, 0.9811525742),
            (0.8105969912, 0.8880715685), (0.6817265894, 0.7716335122)],
    "log-log": [(0.9212056302, 0.9983728452), (0.9288491012, 0.9939226970),
                (0.9109350747, 0.9733978823), (0.8049689261, 0.8829449861),
                (0.6773938791, 0.7673194728)],
    "plain": [(0.9661072728, 1), (0.9531175899, 1), (0.9214840380, 0.9806870995),
              (0.8097265922, 0.8871742786), (0.6803635461, 0.7702130047)],
}  # fmt: skip


def test_late_entry_equals_survfit():
    """R 4.2.2, survival 3.5-3: survfit(Surv(entry, week, arrest) ~ 1, r, conf.type = ...) with
    i <- seq_len(nrow(r)); r$entry <- pmin(i %% 5, r$week - 1)
    """
    from lifelines.datasets import load_rossi

    men = load_rossi()
    entry = np.minimum(np.arange(1, len(men) + 1) % 5, men["week"] - 1).to_numpy()
    late, nobody = entry[entry > 0], np.zeros((entry > 0).sum())
    counts = models.daily_counts(
        np.concatenate([men["week"], late]),
        np.concatenate([men["arrest"], nobody]),
        np.concatenate([1 - men["arrest"], nobody]),
        entered=np.concatenate([np.zeros(len(men)), np.ones(len(late))]),
    )
    for confidence, limits in LATE_LIMITS.items():
        curve = models.kaplan_meier(counts, confidence=confidence)
        found = models.at_times(curve, list(LATE))
        np.testing.assert_allclose(found.at_risk, [row[0] for row in LATE.values()])
        np.testing.assert_allclose(found.estimate, [row[1] for row in LATE.values()], atol=1e-9)
        errors = [row[2] for row in LATE.values()]
        np.testing.assert_allclose(np.sqrt(found.variance), errors, atol=1e-9)
        np.testing.assert_allclose(np.column_stack([found.lower, found.upper]), limits, atol=1e-9)
    hazard = models.at_times(models.nelson_aalen(counts), list(LATE))
    np.testing.assert_allclose(hazard.estimate, [row[3] for row in LATE.values()], atol=1e-9)
    errors = [row[4] for row in LATE.values()]
    np.testing.assert_allclose(np.sqrt(hazard.variance), errors, atol=1e-9)
