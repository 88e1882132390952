"""Instruments against linearmodels, and what shows that they do not serve."""

from __future__ import annotations

import numpy as np
import pytest
from linearmodels.iv import IV2SLS, IVGMM

from justice_analysis.errors import MetricError, UsageError
from justice_analysis.models import panel
from tests.unit.models.panel.made import NAMED, panel_of

ROWS = panel_of(60, 6)
ASKED = {**NAMED, "endogenous": ["police"], "covariates": ["arrest"]}


def centred(rows):
    """Columns without effects of courts."""
    names = ["crime", "arrest", "police", "cost", "tax"]
    return rows[names] - rows.groupby("court")[names].transform("mean")


def test_two_stages_recover_a_slope_that_least_squares_misses():
    found = panel.instrumented(ROWS, **ASKED, instruments=["cost", "tax"])
    naive = panel.two_way_effects(ROWS, **NAMED, covariates=["arrest", "police"])
    assert naive.table.set_index("term").loc["police", "lower"] > 0.2
    held = found.fit.table.set_index("term").loc["police"]
    assert held["lower"] < 0.2 < held["upper"]
    assert found.fit.terms == ("police", "arrest")


@pytest.mark.parametrize("instruments", [["cost"], ["cost", "tax"]])
def test_two_stages_are_those_of_linearmodels(instruments):
    within = centred(ROWS)
    codes = ROWS["court"].astype("category").cat.codes
    expected = IV2SLS(within["crime"], within["arrest"], within["police"], within[instruments]).fit(
        cov_type="clustered", clusters=codes, debiased=False
    )
    found = panel.instrumented(
        ROWS, **ASKED, instruments=instruments, effects="unit", small_sample="cluster_HC0"
    )
    for term in ("police", "arrest"):
        assert found.fit.estimate(term) == pytest.approx(expected.params[term], abs=1e-9)
        assert found.fit.standard_error(term) == pytest.approx(expected.std_errors[term], rel=1e-6)


def test_gmm_and_hansens_j_are_those_of_linearmodels():
    within, codes = centred(ROWS), ROWS["court"].astype("category").cat.codes.to_numpy()
    model = IVGMM(
        within["crime"], within["arrest"], within["police"], within[["cost", "tax"]],
        weight_type="clustered", clusters=codes,
    )  # fmt: skip
    expected = model.fit(cov_type="clustered", clusters=codes, debiased=False)
    found = panel.instrumented(
        ROWS, **ASKED, instruments=["cost", "tax"], effects="unit", method="gmm",
        small_sample="cluster_HC0",
    )  # fmt: skip
    assert found.fit.estimate("police") == pytest.approx(expected.params["police"], abs=1e-9)
    assert found.fit.standard_error("police") == pytest.approx(
        expected.std_errors["police"], rel=1e-3
    )
    test = found.over_identification
    assert (test.name, test.df) == ("Hansen J, clustered by court", 1)
    assert test.statistic == pytest.approx(expected.j_stat.stat, rel=1e-8)


def test_sargans_test_is_given_under_equal_errors_and_none_where_nothing_is_over():
    two = panel.instrumented(ROWS, **ASKED, instruments=["cost", "tax"], small_sample="iid")
    assert two.over_identification.name == "Sargan"
    assert 0 < two.over_identification.p_value < 1
    one = panel.instrumented(ROWS, **ASKED, instruments=["cost"], small_sample="iid")
    assert one.over_identification.statistic is None
    assert one.over_identification.p_value is None


def test_two_stages_may_cluster_both_ways_and_the_test_takes_the_first():
    found = panel.instrumented(
        ROWS, **ASKED, instruments=["cost", "tax"], clusters=["court", "year"]
    )
    assert found.fit.clusters == (60, 6)
    assert found.over_identification.name == "Hansen J, clustered by court"


def test_the_partial_f_is_that_of_leaving_the_instruments_out():
    rows = ROWS.assign(one=1.0)
    found = panel.instrumented(
        rows, **ASKED, instruments=["cost", "tax"], effects="none", small_sample="iid"
    )
    police = rows["police"].to_numpy()
    left = [
        police - x @ np.linalg.lstsq(x, police, rcond=None)[0]
        for x in (rows[["one", "arrest"]].to_numpy(),
                  rows[["one", "arrest", "cost", "tax"]].to_numpy())
    ]  # fmt: skip
    short, whole = (one @ one for one in left)
    stage = found.first_stage.iloc[0]
    expected = (short - whole) / 2 / (whole / (len(rows) - 4))
    assert stage["partial_f"] == pytest.approx(expected)
    assert stage["conditional_f"] == pytest.approx(expected)
    assert stage["partial_r2"] == pytest.approx(1 - whole / short)
    assert not stage["is_weak"]
    assert found.fit.terms == ("police", "intercept", "arrest")


def test_instruments_that_move_two_measures_alike_are_weak_for_both():
    rng = np.random.default_rng(4)
    twin = ROWS.assign(courts=ROWS["police"] + 0.3 * rng.normal(size=len(ROWS)))
    found = panel.instrumented(
        twin, **{**ASKED, "endogenous": ["police", "courts"]}, instruments=["cost", "tax"]
    )
    assert (found.first_stage["partial_f"] > 10).all()
    assert (found.first_stage["conditional_f"] < 10).all()
    assert sum("The instruments are weak for" in note for note in found.fit.notes) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"instruments": []}, "0 for 1 are too few"),
        ({"effects": "court"}, "effects must be one of none, unit, two_way"),
        ({"method": "liml"}, "method must be one of 2sls, gmm"),
        ({"method": "gmm", "small_sample": "iid"}, "with iid errors use 2sls"),
        ({"method": "gmm", "clusters": ["court", "year"]}, "gmm clusters one way"),
        ({"endogenous": []}, "endogenous must name a covariate"),
    ],
)
def test_options_that_are_not_possible_are_refused(options, said):
    with pytest.raises(UsageError, match=said):
        panel.instrumented(ROWS, **{**ASKED, "instruments": ["cost"], **options})


def test_an_instrument_that_is_absorbed_or_repeats_a_covariate_is_refused():
    with pytest.raises(MetricError, match="coast does not"):
        panel.instrumented(ROWS, **ASKED, instruments=["coast"])
    twice = ROWS.assign(again=2 * ROWS["arrest"])
    with pytest.raises(MetricError, match="again is one of those before it"):
        panel.instrumented(twice, **ASKED, instruments=["again"])
