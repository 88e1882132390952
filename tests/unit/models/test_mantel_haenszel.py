from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models import mantel_haenszel, odds_ratio, rate_ratio

# Admissions at Berkeley, 1973, six departments (R's UCBAdmissions): admitted, rejected.
MEN = np.array([[512, 313], [353, 207], [120, 205], [138, 279], [53, 138], [22, 351]])
WOMEN = np.array([[89, 19], [17, 8], [202, 391], [131, 244], [94, 299], [24, 317]])
ADMITTED = (MEN[:, 0], MEN.sum(axis=1), WOMEN[:, 0], WOMEN.sum(axis=1))


def statsmodels_table():
    from statsmodels.stats.contingency_tables import StratifiedTable

    strata = np.stack([np.stack(pair) for pair in zip(MEN, WOMEN, strict=True)], axis=2)
    return StratifiedTable(strata.astype(float))


def test_common_odds_ratio_is_the_one_r_prints():
    """R 4.2.2: mantelhaen.test(UCBAdmissions, correct = FALSE)."""
    found = mantel_haenszel(*ADMITTED)
    assert round(found.estimate, 7) == 0.9046968
    assert (round(found.lower, 7), round(found.upper, 7)) == (0.7719074, 1.0603298)
    assert round(found.statistic, 4) == 1.5246
    assert round(found.p_value, 4) == 0.2169


def test_pooled_odds_and_their_tests_equal_statsmodels():
    found, table = mantel_haenszel(*ADMITTED), statsmodels_table()
    assert found.estimate == pytest.approx(table.oddsratio_pooled)
    assert found.standard_error == pytest.approx(table.logodds_pooled_se)
    assert found.statistic == pytest.approx(table.test_null_odds().statistic)
    assert found.homogeneity == pytest.approx(table.test_equal_odds(adjust=True).statistic)
    assert found.homogeneity_p_value == pytest.approx(table.test_equal_odds(adjust=True).pvalue)
    assert (found.homogeneity_degrees, found.strata_used) == (5, 6)


def test_pooled_rate_ratio_equals_statsmodels():
    found = mantel_haenszel(*ADMITTED, measure="rate ratio")
    assert found.estimate == pytest.approx(statsmodels_table().riskratio_pooled)


@pytest.mark.parametrize(("measure", "alone"), [("odds ratio", odds_ratio),
                                                ("rate ratio", rate_ratio)])  # fmt: skip
def test_one_stratum_is_the_ratio_without_strata(measure, alone):
    pooled, single = mantel_haenszel(20, 100, 10, 90, measure=measure), alone(20, 100, 10, 90)
    assert pooled.estimate == pytest.approx(float(single.estimate))
    assert pooled.lower == pytest.approx(float(single.lower))
    assert pooled.upper == pytest.approx(float(single.upper))
    assert pooled.homogeneity is None
    assert pooled.homogeneity_p_value is None


@pytest.mark.parametrize("measure", ["odds ratio", "rate ratio"])
def test_strata_alike_show_no_heterogeneity_and_keep_the_ratio(measure):
    found = mantel_haenszel([20, 40], [100, 200], [10, 20], [100, 200], measure=measure)
    assert found.estimate == pytest.approx(2.25 if measure == "odds ratio" else 2.0)
    assert found.homogeneity == pytest.approx(0, abs=1e-9)


def test_pooling_takes_out_a_difference_that_lies_between_strata():
    # Within each stratum both groups have one rate; the groups differ in where they are.
    found = mantel_haenszel([90, 2], [100, 20], [18, 10], [20, 100], measure="rate ratio")
    assert found.estimate == pytest.approx(1.0)
    assert float(rate_ratio(92, 120, 28, 120).estimate) > 3


def test_a_stratum_with_one_group_alone_is_left_out_and_counted():
    counts = [[20, 5, 0], [100, 5, 0], [10, 0, 4], [90, 0, 50]]
    found, without = mantel_haenszel(*counts), mantel_haenszel(20, 100, 10, 90)
    assert (found.strata, found.strata_used) == (3, 1)
    assert found.estimate == without.estimate
    assert (found.events, found.people) == (20, 100)


def test_what_cannot_be_pooled_is_refused():
    with pytest.raises(MetricError, match="people of both groups"):
        mantel_haenszel([0, 1], [0, 4], [1, 0], [4, 0])
    with pytest.raises(MetricError, match="without the outcome"):
        mantel_haenszel([0, 0], [10, 10], [3, 4], [10, 10])
    with pytest.raises(OptionError, match="measure must be"):
        mantel_haenszel(1, 4, 1, 4, measure="difference")  # type: ignore[arg-type]


def test_where_everyone_has_the_outcome_parity_has_no_test():
    found = mantel_haenszel([5, 4], [5, 4], [6, 3], [6, 3], measure="rate ratio")
    assert (found.estimate, found.statistic, found.p_value) == (1.0, None, None)
