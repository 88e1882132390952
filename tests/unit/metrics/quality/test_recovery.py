"""Measured beside planted and true shares, where the truth is known."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from justice_analysis.errors import MetricError
from justice_analysis.metrics.quality import recovered_returns, recovery

WINDOW = {"index_from": "2008-04-01", "index_to": "2018-04-01"}
REAL = SimpleNamespace(is_synthetic=False)


def test_where_no_truth_is_known_nothing_is_set_beside_the_measured_shares():
    assert recovered_returns(REAL, None, title="Returns", **WINDOW) == {}


def test_truth_is_never_asked_of_real_data(tmp_path):
    with pytest.raises(MetricError, match="synthetic data only"):
        recovery(REAL, tmp_path, **WINDOW)
