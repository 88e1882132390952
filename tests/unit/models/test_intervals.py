from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, poisson

from justice_analysis.errors import OptionError, UsageError
from justice_analysis.models import byar, clopper_pearson, poisson_exact, wilson


def test_exact_limits_leave_the_same_chance_in_each_tail():
    share, rate = clopper_pearson([3, 45], [50, 100]), poisson_exact([3, 45], [1, 1])
    np.testing.assert_allclose(binom.sf([2, 44], [50, 100], share.lower), 0.025, rtol=1e-9)
    np.testing.assert_allclose(binom.cdf([3, 45], [50, 100], share.upper), 0.025, rtol=1e-9)
    np.testing.assert_allclose(poisson.sf([2, 44], rate.lower), 0.025, rtol=1e-9)
    np.testing.assert_allclose(poisson.cdf([3, 45], rate.upper), 0.025, rtol=1e-9)


@pytest.mark.parametrize("method", [wilson, clopper_pearson])
def test_a_proportions_limits_end_at_0_and_1(method):
    found = method([0, 10], [10, 10])
    assert found.lower[0] == 0
    assert found.upper[1] == 1
    assert 0 < found.upper[0] < found.lower[1] < 1


@pytest.mark.parametrize("form", ["half", "conventional"])
def test_byar_is_near_the_exact_interval_and_never_below_zero(form):
    exact, found = poisson_exact([0, 8, 200], 1000), byar([0, 8, 200], 1000, form=form)
    assert found.lower[0] == 0
    np.testing.assert_allclose(found.lower[1:], exact.lower[1:], rtol=0.12)
    np.testing.assert_allclose(found.upper[1:], exact.upper[1:], rtol=0.12)


def test_single_numbers_are_taken_too():
    found = wilson(3, 50)
    assert float(found.estimate) == 0.06
    assert float(found.lower) == pytest.approx(0.020614970348974)


def test_impossible_counts_are_refused_together():
    with pytest.raises(UsageError, match=r"3 problems(.|\n)*1 are not(.|\n)*1 do"):
        wilson([1.5, 3, 8], [10, 0, 5])


def test_a_level_outside_0_and_1_is_refused():
    with pytest.raises(OptionError, match="level"):
        clopper_pearson(1, 2, level=95)


def test_an_unknown_form_is_refused():
    with pytest.raises(UsageError, match="form must be"):
        byar(1, 2, form="exact")  # type: ignore[arg-type]
