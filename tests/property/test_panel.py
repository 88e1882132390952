"""Panel models against every effect written out as an indicator, and a sum over clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis.errors import MetricError
from justice_analysis.models import panel

SETTINGS = settings(derandomize=True, deadline=None, max_examples=25)


@st.composite
def panels(draw) -> pd.DataFrame:
    """A few units and periods with holes, weights, and clusters that hold whole units."""
    units, periods = draw(st.integers(4, 9)), draw(st.integers(3, 6))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    rows = pd.DataFrame({"unit": unit, "period": period, "cluster": unit // 2})
    for name in ("y", "x1", "x2"):
        rows[name] = rng.normal(size=len(rows)) + rng.normal(size=units)[unit]
    rows["weight"] = rng.uniform(0.2, 3, size=len(rows))
    return rows[rng.random(len(rows)) >= draw(st.sampled_from([0.0, 0.2]))]


def slowly(rows: pd.DataFrame, by: str, weights: str | None) -> tuple[np.ndarray, np.ndarray, int]:
    """Slopes, their covariance without any factor, and the rank of all columns."""
    columns = [rows[["x1", "x2"]].to_numpy()]
    columns += [pd.get_dummies(rows[name]).to_numpy(dtype=float) for name in ("unit", "period")]
    root = np.sqrt(rows[weights] / rows[weights].mean()).to_numpy() if weights else 1.0
    x, y = (np.column_stack(columns).T * root).T, rows["y"].to_numpy() * root
    inverse = np.linalg.pinv(x.T @ x)
    slopes = inverse @ x.T @ y
    meat = np.zeros_like(inverse)
    for _, group in rows.assign(place=np.arange(len(rows))).groupby(by):
        places = group["place"].to_numpy()
        score = x[places].T @ (y - x @ slopes)[places]
        meat += np.outer(score, score)
    return slopes[:2], (inverse @ meat @ inverse)[:2, :2], int(np.linalg.matrix_rank(x))


@SETTINGS
@given(panels(), st.sampled_from(["unit", "cluster"]), st.sampled_from([None, "weight"]))
def test_two_way_effects_are_those_with_indicators_written_out(rows, by, weights):
    asked = {"outcome": "y", "covariates": ["x1", "x2"], "unit": "unit", "period": "period"}
    alone = rows.groupby("unit")["y"].transform("size").eq(1)
    alone |= rows.groupby("period")["y"].transform("size").eq(1)
    if alone.any():
        return
    slopes, spread, rank = slowly(rows, by, weights)
    if rank >= len(rows):
        with pytest.raises(MetricError):
            panel.two_way_effects(rows, **asked)
        return
    options = {**asked, "clusters": by, "weights": weights}
    plain = panel.two_way_effects(rows, **options, small_sample="cluster_HC0")
    assert plain.table["estimate"].to_numpy() == pytest.approx(slopes, abs=1e-8)
    assert plain.covariance == pytest.approx(spread, rel=1e-5, abs=1e-9)
    assert plain.residual_df == len(rows) - rank
    clusters, n = rows[by].nunique(), len(rows)
    nested = 2 + rows["period"].nunique()
    for rule, k in (("cluster_sss", 2), ("cluster_nested", nested)):
        factor = clusters / (clusters - 1) * (n - 1) / (n - k)
        fit = panel.two_way_effects(rows, **options, small_sample=rule)
        assert fit.covariance == pytest.approx(factor * plain.covariance)
