from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import MetricError
from justice_analysis.metrics.journeys.series_growth import STILL, series_growth

QUARTERS = [f"{2015 + n // 4} Q{n % 4 + 1}" for n in range(24)]


def series(*, seed: int = 1, grown: slice = slice(0, 0), by: float = 1.3) -> np.ndarray:
    values = 100 * np.exp(np.random.default_rng(seed).normal(0, 0.03, 24))
    values[grown] *= by
    return values


def test_a_series_that_grew_says_since_when_until_when_and_by_how_much():
    late = series(seed=3, grown=slice(18, 24))
    table = pd.DataFrame(
        {"quarter": QUARTERS, "wait": series(grown=slice(10, 16)), "open": series(seed=2),
         "late": late}
    )  # fmt: skip
    found = series_growth(table, period="quarter", series=["wait", "open", "late"])
    found = found.set_index("series")
    assert found["since"].to_dict() == {"wait": "2017 Q3", "late": "2019 Q3"}
    assert found["until"].to_dict() == {"wait": "2019 Q1", "late": STILL}
    assert found.loc["wait", "ratio"] == pytest.approx(1.3, rel=0.05)
    assert (found["lower"] < found["ratio"]).all()
    assert (found["ratio"] < found["upper"]).all()
    assert set(found["looked_at"]) == {3}


def test_series_that_only_fall_for_a_while_or_stay_have_not_grown():
    table = pd.DataFrame({"quarter": QUARTERS, **{f"s{n}": series(seed=n) for n in range(10, 18)}})
    names = [f"s{n}" for n in range(10, 18)]
    assert len(series_growth(table, period="quarter", series=names)) <= 1


@pytest.mark.parametrize(
    ("values", "message"),
    [([1.0] * 5, "8 periods"), ([1.0] * 7 + [0.0], "1 numbers are not"),
     ([1.0] * 7 + [np.nan], "1 numbers are not")],
)  # fmt: skip
def test_series_that_cannot_be_judged_are_refused(values, message):
    table = pd.DataFrame({"quarter": QUARTERS[: len(values)], "wait": values})
    with pytest.raises(MetricError, match=message):
        series_growth(table, period="quarter", series=["wait"])
