from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.models import (
    byar,
    directly_standardised,
    indirectly_standardised,
    poisson_exact,
    rate,
)

EVENTS, EXPOSURE = np.array([4, 30, 12]), np.array([1000, 2000, 500])


def test_rate_is_per_the_exposure_asked_for():
    found = rate(30, 2000, per=1000)
    assert float(found.estimate) == 15
    assert float(found.lower) == pytest.approx(1000 * float(poisson_exact(30, 2000).lower))
    form = byar(30, 2000, form="conventional")
    assert float(rate(30, 2000, method="byar").upper) == float(form.upper)


@pytest.mark.parametrize("method", ["exact", "byar"])
def test_standardised_to_its_own_population_a_rate_is_the_crude_rate(method):
    found = directly_standardised(EVENTS, EXPOSURE, EXPOSURE, per=1000, method=method)
    crude = rate(EVENTS.sum(), EXPOSURE.sum(), per=1000, method=method)
    assert found.estimate == found.crude == pytest.approx(float(crude.estimate))
    assert found.lower == pytest.approx(float(crude.lower))
    assert found.upper == pytest.approx(float(crude.upper))


def test_direct_standardisation_is_dobsons():
    found = directly_standardised(EVENTS, EXPOSURE, [1, 1, 2])
    weight = np.array([0.25, 0.25, 0.5])
    rates = EVENTS / EXPOSURE
    assert found.estimate == pytest.approx((weight * rates).sum())
    scale = np.sqrt((weight**2 * EVENTS / EXPOSURE**2).sum() / 46)
    upper = float(byar(46, 1, form="conventional").upper)
    assert found.upper == pytest.approx(found.estimate + scale * (upper - 46))
    assert (found.events, found.exposure, found.expected) == (46, 3500, None)


@pytest.mark.parametrize("method", ["exact", "byar"])
def test_direct_standardisation_covers_at_about_its_level(method):
    rng, weights, rates = np.random.default_rng(5), [3, 1, 6], np.array([0.002, 0.01, 0.03])
    truth = np.average(rates, weights=weights)
    drawn = rng.poisson(rates * EXPOSURE, size=(1000, 3))
    found = [directly_standardised(x, EXPOSURE, weights, method=method) for x in drawn]
    assert 0.935 < np.mean([f.lower < truth < f.upper for f in found]) < 0.975


def test_a_stratum_that_the_standard_lacks_has_no_part():
    found = directly_standardised([4, 30], [1000, 2000], [1, 0])
    assert (found.estimate, found.crude, found.events) == (0.004, 0.004, 4)


def test_observed_over_expected_has_the_poisson_interval():
    found = indirectly_standardised(EVENTS, EXPOSURE, [0.01, 0.01, 0.02])
    exact = poisson_exact(46, 40)
    assert (found.estimate, found.expected) == (1.15, 40)
    assert (found.lower, found.upper) == (float(exact.lower), float(exact.upper))
    assert found.crude == 46 / 3500


def test_no_events_still_give_a_ratio_with_an_upper_limit():
    found = indirectly_standardised([0, 0], [10, 10], [0.1, 0.2])
    assert (found.estimate, found.lower) == (0, 0)
    assert found.upper == pytest.approx(3.6888794541 / 3)


def test_what_has_no_value_is_refused():
    with pytest.raises(MetricError, match="1 of 2 have none"):
        directly_standardised([1, 0], [10, 0], [5, 5])
    with pytest.raises(MetricError, match="needs events"):
        directly_standardised([0, 0], [10, 10], [5, 5])
    with pytest.raises(MetricError, match="expected"):
        indirectly_standardised([1, 0], [10, 0], [0.0, 0.5])


def test_impossible_strata_are_refused_together():
    with pytest.raises(UsageError, match=r"3 problems(.|\n)*events(.|\n)*exposure(.|\n)*1 strata"):
        directly_standardised([1.5, 2, 3], [10, 0, -5], [1, 1, 1])
    with pytest.raises(UsageError, match="one number for each stratum"):
        directly_standardised([1, 2], [10], [1, 1])
    with pytest.raises(UsageError, match="above 0 somewhere"):
        directly_standardised([1, 2], [10, 10], [0, 0])
    with pytest.raises(OptionError, match="method must be"):
        rate(1, 10, method="wald")  # type: ignore[arg-type]
