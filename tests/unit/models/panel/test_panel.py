"""Panel models against linearmodels and against the same model written out with indicators."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from linearmodels.iv.absorbing import AbsorbingLS
from linearmodels.panel import FirstDifferenceOLS, PanelOLS, RandomEffects

from justice_analysis.errors import UsageError
from justice_analysis.models import panel
from tests.unit.models.panel.made import BOTH, NAMED, panel_of

WHOLE, HOLED = panel_of(), panel_of(holes=0.3)


def indexed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(unit=pd.factorize(rows["court"])[0]).set_index(["unit", "year"])


def by_linearmodels(rows, **effects):
    held = indexed(rows)
    return PanelOLS(held["crime"], held[BOTH], **effects)


@pytest.mark.parametrize("rows", [WHOLE, HOLED], ids=["balanced", "with holes"])
@pytest.mark.parametrize("weights", [None, "size"])
def test_two_way_effects_are_those_of_linearmodels(rows, weights):
    weighted = {} if weights is None else {"weights": indexed(rows)[weights]}
    other = by_linearmodels(rows, entity_effects=True, time_effects=True, **weighted)
    expected = other.fit(
        cov_type="clustered", cluster_entity=True, count_effects=False, debiased=False,
        group_debias=False,
    )  # fmt: skip
    fit = panel.two_way_effects(
        rows, **NAMED, covariates=BOTH, weights=weights, small_sample="cluster_HC0"
    )
    assert fit.table["estimate"].tolist() == pytest.approx(expected.params.tolist(), abs=1e-10)
    effects = len(rows) - fit.residual_df - 2
    bare = (1 - effects / len(rows)) * expected.cov.to_numpy()  # they count the effects regardless
    assert fit.covariance == pytest.approx(bare, rel=1e-8)
    iid = panel.two_way_effects(rows, **NAMED, covariates=BOTH, weights=weights, small_sample="iid")
    spread = other.fit(cov_type="unadjusted", debiased=True).cov.to_numpy()
    assert iid.covariance == pytest.approx(spread, rel=1e-8)


def test_effects_of_one_kind_are_those_of_linearmodels():
    for of, effects in (("unit", {"entity_effects": True}), ("period", {"time_effects": True})):
        expected = by_linearmodels(HOLED, **effects).fit(cov_type="unadjusted", debiased=True)
        fit = panel.one_way_effects(HOLED, **NAMED, covariates=BOTH, of=of, small_sample="iid")
        assert fit.covariance == pytest.approx(expected.cov.to_numpy(), rel=1e-8)


@pytest.mark.parametrize("absorb", [["court"], ["court", "year"], ["court", "year", "region"]])
def test_absorbed_effects_are_those_of_linearmodels(absorb):
    rows = HOLED.assign(region=(HOLED.index * 7) % 9)
    held = rows[absorb].astype("category")
    expected = AbsorbingLS(rows["crime"], rows[BOTH], absorb=held).fit(cov_type="unadjusted")
    fit = panel.absorbed_effects(rows, outcome="crime", covariates=BOTH, absorb=absorb)
    assert fit.table["estimate"].tolist() == pytest.approx(expected.params.tolist(), abs=1e-8)
    assert fit.residual_df == len(rows) - 2 - np.linalg.matrix_rank(indicators(rows, absorb))


def indicators(rows: pd.DataFrame, names: list[str]) -> np.ndarray:
    return np.column_stack([pd.get_dummies(rows[name]).to_numpy(dtype=float) for name in names])


def test_absorbed_effects_with_weights_are_those_with_indicators_written_out():
    rows = panel_of(12, 5, holes=0.2)
    rows = rows.assign(region=(rows.index * 7) % 5)
    absorb = ["court", "year", "region"]
    fit = panel.absorbed_effects(
        rows, outcome="crime", covariates=BOTH, absorb=absorb, weights="size"
    )
    x = np.column_stack([rows[BOTH], indicators(rows, absorb)])
    root = np.sqrt(rows["size"].to_numpy())
    slopes = np.linalg.lstsq(x * root[:, None], rows["crime"] * root, rcond=None)[0][:2]
    assert fit.table["estimate"].tolist() == pytest.approx(slopes.tolist(), abs=1e-8)


def test_panels_in_parts_lose_an_effect_for_each_part():
    """Two sets of courts that share no year: years of each have a mean of their own."""
    first, second = panel_of(10, 4, seed=1), panel_of(10, 4, seed=2)
    second = second.assign(court="other " + second["court"], year=second["year"] + 10)
    rows = pd.concat([first, second], ignore_index=True)
    fit = panel.two_way_effects(rows, **NAMED, covariates=BOTH, small_sample="iid")
    assert fit.residual_df == 80 - 2 - (20 + 8 - 2)


def test_random_effects_on_a_panel_with_holes_are_those_of_linearmodels_and_say_so():
    held = indexed(HOLED).assign(intercept=1.0)
    expected = RandomEffects(held["crime"], held[["intercept", *BOTH]]).fit()
    fit = panel.random_effects(HOLED, **NAMED, covariates=BOTH, small_sample="iid")
    assert fit.table["estimate"].tolist() == pytest.approx(expected.params.tolist(), abs=1e-9)
    assert any("plm's differ on unbalanced panels" in note for note in fit.notes)


def test_first_differences_without_an_intercept_are_those_of_linearmodels():
    held = indexed(WHOLE)
    expected = FirstDifferenceOLS(held["crime"], held[BOTH]).fit(
        cov_type="clustered", cluster_entity=True, debiased=False, group_debias=False
    )
    fit = panel.first_differences(
        WHOLE, **NAMED, covariates=BOTH, intercept=False, small_sample="cluster_HC0"
    )
    assert fit.table["estimate"].tolist() == pytest.approx(expected.params.tolist(), abs=1e-10)
    assert fit.covariance == pytest.approx(expected.cov.to_numpy(), rel=1e-8)


def test_first_differences_cross_no_gap_and_count_them():
    rows = WHOLE[~((WHOLE["year"] == 2003) & (WHOLE["court"] < "court 010"))]
    shuffled = rows.sample(frac=1, random_state=5)
    fit = panel.first_differences(shuffled, **NAMED, covariates=BOTH)
    assert fit.observations == 40 * 5 - 2 * 10
    assert any("10 gaps" in note for note in fit.notes)
    ordered = panel.first_differences(rows, **NAMED, covariates=BOTH)
    assert fit.covariance == pytest.approx(ordered.covariance)


def test_the_order_of_rows_and_the_type_of_the_period_change_nothing():
    dated = WHOLE.assign(year=pd.to_datetime(WHOLE["year"].astype(str))).sample(
        frac=1, random_state=2
    )
    first = panel.two_way_effects(WHOLE, **NAMED, covariates=BOTH)
    assert panel.two_way_effects(dated, **NAMED, covariates=BOTH).covariance == pytest.approx(
        first.covariance
    )


@pytest.mark.parametrize("rule", panel.RULES)
def test_every_result_names_its_rule_with_its_numbers(rule):
    fit = panel.two_way_effects(WHOLE, **NAMED, covariates=BOTH, small_sample=rule)
    assert fit.rule.startswith(f"{rule}: ")
    assert "degrees of freedom" in fit.rule
    assert fit.clusters == ((40,) if rule.startswith("cluster") else ())
    assert fit.people == fit.units == 40
    half = (fit.table["upper"] - fit.table["lower"]) / 2 / fit.table["standard_error"]
    assert half.between(1.95, 2.05).all()


def test_hausmans_test_says_where_it_proves_nothing_and_the_regression_always_serves():
    named = {**NAMED, "covariates": BOTH}
    classic, regression = panel.hausman(WHOLE, **named), panel.correlated_effects(WHOLE, **named)
    assert regression.df == classic.df == 2
    assert regression.p_value < 1e-6  # arrest goes along with the court
    apart = panel.correlated_effects(
        panel_of(200, 6, seed=8), **{**NAMED, "covariates": ["police"]}
    )
    assert apart.p_value > 0.01


def test_a_term_that_is_not_there_is_refused():
    fit = panel.pooled(WHOLE, **NAMED, covariates=BOTH)
    assert fit.estimate("arrest") > -0.4  # courts with more arrests have more crime
    with pytest.raises(UsageError, match="it has intercept, arrest, police"):
        fit.estimate("weather")
