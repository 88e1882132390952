from __future__ import annotations

import numpy as np
import pytest

from justice_analysis import models


@pytest.mark.parametrize(
    ("method", "name", "tolerance"),
    [
        (models.clopper_pearson, "cp", 1e-9),
        (models.wilson, "wilson", 1e-9),
        (models.poisson_exact, "pois_exact", 1e-7),
    ],
)
def test_interval_equals_reference(golden, method, name, tolerance):
    expected = golden("proportion_ci")
    found = method(expected["x"], expected["n"])
    np.testing.assert_allclose(found.lower, expected[f"{name}_lo"], rtol=0, atol=tolerance)
    np.testing.assert_allclose(found.upper, expected[f"{name}_hi"], rtol=0, atol=tolerance)


def test_byar_equals_epitools_but_for_a_lower_limit_below_zero(golden):
    expected = golden("proportion_ci")
    found = models.byar(expected["x"], expected["n"])
    assert expected["byar_lo"].iloc[0] < 0
    reference = np.maximum(expected["byar_lo"], 0)
    np.testing.assert_allclose(found.lower, reference, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.upper, expected["byar_hi"], rtol=0, atol=1e-9)
