"""What can't be fitted is said in a sentence, with counts and names and no value of a row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import MetricError, UsageError
from justice_analysis.models import panel
from tests.unit.models.panel.made import BOTH, NAMED, panel_of

ROWS = panel_of()
ALL = [
    panel.two_way_effects,
    panel.one_way_effects,
    panel.pooled,
    panel.between,
    panel.first_differences,
    panel.random_effects,
]


@pytest.mark.parametrize("estimator", ALL)
def test_a_covariate_that_is_the_same_everywhere_is_named(estimator):
    rows = ROWS.assign(law=1.0)
    with pytest.raises(MetricError, match="must vary: law is the same in every row"):
        estimator(rows, **NAMED, covariates=["arrest", "law"])


def test_a_covariate_that_effects_take_up_is_named_with_the_effects():
    rows = ROWS.assign(trend=ROWS["year"] * 0.1)
    with pytest.raises(MetricError, match="beside the effects of court and year") as caught:
        panel.two_way_effects(rows, **NAMED, covariates=["arrest", "coast", "trend"])
    assert "coast does not" in str(caught.value)
    assert "trend does not" in str(caught.value)
    with pytest.raises(MetricError, match="a common change: trend does not"):
        panel.first_differences(rows, **NAMED, covariates=["arrest", "trend"])
    assert panel.pooled(rows, **NAMED, covariates=["coast", "trend"]).observations == 240


@pytest.mark.parametrize("estimator", ALL)
def test_collinear_covariates_are_named(estimator):
    rows = ROWS.assign(total=ROWS["arrest"] + 2 * ROWS["police"])
    with pytest.raises(MetricError, match="combinations of each other: total is one"):
        estimator(rows, **NAMED, covariates=[*BOTH, "total"])


@pytest.mark.parametrize("estimator", ALL)
def test_a_duplicate_unit_and_period_is_counted(estimator):
    rows = pd.concat([ROWS, ROWS.head(3)])
    with pytest.raises(MetricError, match="one row for each court and year: 3 rows repeat one"):
        estimator(rows, **NAMED, covariates=BOTH)
    several = panel.absorbed_effects(
        rows, outcome="crime", covariates=BOTH, absorb=["court", "year"]
    )
    assert several.observations == 243


def test_missing_values_leave_rows_out_and_are_counted():
    rows = ROWS.assign(arrest=ROWS["arrest"].where(ROWS.index >= 7))
    fit = panel.two_way_effects(rows, **NAMED, covariates=BOTH)
    assert (fit.left_out, fit.is_balanced) == (7, False)
    assert fit.notes[0] == "7 rows were left out because a value was missing."
    # Six of the seven are all of the first court, so that 39 have 6 years and one has 5.
    assert "unbalanced: 233 rows of 234" in fit.notes[1]
    gone = panel.two_way_effects(
        ROWS.assign(court=ROWS["court"].where(ROWS.index >= 4)), **NAMED, covariates=BOTH
    )
    assert gone.left_out == 4


def test_singletons_are_left_out_counted_and_change_no_slope():
    alone = ROWS.head(5).assign(court=[f"new {n}" for n in range(5)])
    whole = panel.two_way_effects(ROWS, **NAMED, covariates=BOTH)
    fit = panel.two_way_effects(pd.concat([ROWS, alone]), **NAMED, covariates=BOTH)
    assert (fit.singletons, fit.observations) == (5, 240)
    assert fit.covariance == pytest.approx(whole.covariance)
    assert "5 rows were left out because they were alone in their group." in fit.notes


def test_a_singleton_that_comes_of_another_is_left_out_too():
    chain = pd.DataFrame({"court": ["x", "x", "y"], "year": [1990, 1991, 1991]})
    rows = pd.concat([ROWS, ROWS.head(3).assign(**chain.to_dict("list"))])
    assert panel.two_way_effects(rows, **NAMED, covariates=BOTH).singletons == 3


def test_a_panel_of_single_rows_alone_is_refused():
    with pytest.raises(MetricError, match="units must be seen more than once"):
        panel.one_way_effects(ROWS[ROWS["year"] == 2001], **NAMED, covariates=BOTH)
    with pytest.raises(MetricError, match="two neighbouring periods"):
        panel.first_differences(ROWS[ROWS["year"] == 2001], **NAMED, covariates=BOTH)


def test_few_clusters_are_noted_and_one_is_refused():
    fit = panel.two_way_effects(ROWS, **NAMED, covariates=BOTH, clusters="region")
    assert fit.clusters == (10,)
    assert "with 10 clusters: below 30 they tend to be too small" in fit.notes[-1]
    with pytest.raises(MetricError, match="two clusters or more: there is one"):
        panel.pooled(ROWS.assign(state=1), **NAMED, covariates=BOTH, clusters="state")


def test_errors_clustered_both_ways_that_would_be_negative_are_refused():
    rows = panel_of(8, 3, seed=0)
    with pytest.raises(MetricError, match="Cluster one way"):
        panel.pooled(rows, **NAMED, covariates=BOTH, clusters=["court", "year"])


def test_more_parameters_than_rows_are_refused():
    rows = panel_of(3, 2, seed=9)
    with pytest.raises(MetricError, match="more rows than parameters"):
        panel.two_way_effects(rows, **NAMED, covariates=BOTH)


def test_columns_that_are_absent_or_hold_no_finite_numbers_are_named_at_once():
    with pytest.raises(MetricError, match="2 problems") as caught:
        panel.pooled(ROWS, **NAMED, covariates=["arrests", "polices"])
    assert "a column arrests" in str(caught.value)
    with pytest.raises(MetricError, match="court must hold numbers"):
        panel.pooled(ROWS, **NAMED, covariates=["court"])
    logs = ROWS.assign(arrest=np.where(ROWS.index < 2, -np.inf, ROWS["arrest"]))
    with pytest.raises(MetricError, match="arrest must be finite: 2 of 240 rows are not"):
        panel.pooled(logs, **NAMED, covariates=BOTH)
    with pytest.raises(MetricError, match="size must be above 0: 1 of 240 rows"):
        panel.pooled(
            ROWS.assign(size=(ROWS.index > 0) * 1.0), **NAMED, covariates=BOTH, weights="size"
        )
    with pytest.raises(MetricError, match="every row lacks a value"):
        panel.pooled(ROWS.assign(arrest=np.nan), **NAMED, covariates=BOTH)
    with pytest.raises(MetricError, match="arrest is named more often"):
        panel.pooled(ROWS, **NAMED, covariates=["arrest", "arrest"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"small_sample": "HC9"}, "small_sample must be one of iid, HC1"),
        ({"small_sample": "iid", "clusters": "court"}, "iid errors read no clusters"),
        ({"clusters": ["court", "year", "region"]}, "one column or two: 3 are named"),
        ({"level": 95}, "level must lie between 0 and 1"),
        ({"covariates": []}, "covariates must name a column or more"),
    ],
)
def test_options_that_are_not_possible_are_refused(options, said):
    with pytest.raises(UsageError, match=said):
        panel.two_way_effects(ROWS, **{**NAMED, "covariates": BOTH, **options})


def test_means_of_units_have_no_clusters():
    with pytest.raises(UsageError, match="small_sample must be HC1 or iid"):
        panel.between(ROWS, **NAMED, covariates=BOTH, small_sample="cluster_HC0")


def test_effects_of_nothing_are_refused():
    with pytest.raises(UsageError, match="of must be unit or period"):
        panel.one_way_effects(ROWS, **NAMED, covariates=BOTH, of="court")
    with pytest.raises(UsageError, match="absorb must name a column or more"):
        panel.absorbed_effects(ROWS, outcome="crime", covariates=BOTH, absorb=[])


def test_no_message_holds_a_value_of_a_row():
    rows = pd.concat([ROWS, ROWS.head(1)])
    with pytest.raises(MetricError) as caught:
        panel.two_way_effects(rows, **NAMED, covariates=BOTH)
    assert "court 000" not in str(caught.value)


def test_a_period_of_several_types_is_refused():
    mixed = ROWS.assign(year=[str(year) if year == 2001 else year for year in ROWS["year"]])
    with pytest.raises(MetricError, match="year must hold values of one type"):
        panel.pooled(mixed, **NAMED, covariates=BOTH)


def test_tests_of_effects_say_what_is_wrong_with_the_rows_too():
    with pytest.raises(MetricError, match="a column arrests"):
        panel.correlated_effects(ROWS, **NAMED, covariates=["arrests"])
    with pytest.raises(MetricError, match="a column arrests"):
        panel.hausman(ROWS, **NAMED, covariates=["arrests"])
