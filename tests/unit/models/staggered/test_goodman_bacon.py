from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import MetricError
from justice_analysis.models import goodman_bacon
from tests.unit.models.staggered.worlds import DESIGN, panel


def test_comparisons_name_both_groups_and_count_both_sides():
    table = goodman_bacon(panel(dates=(4, 8), each=3, never=5), **DESIGN).table
    groups = table[["treated_group", "comparison_group", "comparison"]].fillna(0)
    assert groups.to_numpy().tolist() == [
        [4, 0, "never treated"],
        [8, 0, "never treated"],
        [4, 8, "not yet treated"],
        [8, 4, "already treated"],
    ]
    assert table["treated_units"].tolist() == [3, 3, 3, 3]
    assert table["comparison_units"].tolist() == [5, 5, 3, 3]


def test_one_comparison_is_the_difference_of_differences():
    rows = panel(dates=(4,), each=3, never=5)
    found = goodman_bacon(rows, **DESIGN)
    is_after, is_treated = rows["quarter"] >= 4, rows["from_quarter"] > 0
    means = rows.groupby([is_treated, is_after])["y"].mean()
    change = means.unstack().diff(axis=1)[True]
    assert found.estimate == pytest.approx(change[True] - change[False])
    assert found.weights == {"never treated": 1.0, "not yet treated": 0.0, "already treated": 0.0}
    assert found.already_treated_weight == 0


def test_all_may_be_treated_if_not_at_once():
    found = goodman_bacon(panel(never=0), **DESIGN)
    assert found.weights["never treated"] == 0
    assert sum(found.weights.values()) == pytest.approx(1)
    with pytest.raises(MetricError, match="all are first treated in one period"):
        goodman_bacon(panel(never=0, dates=(4,)), **DESIGN)


def test_periods_are_the_user_s_own():
    rows = panel()
    later = rows.assign(
        quarter=rows["quarter"] + 100,
        from_quarter=(rows["from_quarter"] + 100).where(rows["from_quarter"] > 0),
    )
    one, other = goodman_bacon(rows, **DESIGN).table, goodman_bacon(later, **DESIGN).table
    moved = ["treated_group", "comparison_group"]
    pd.testing.assert_frame_equal(one.drop(columns=moved), other.drop(columns=moved))
    assert (other[moved] - one[moved]).stack().dropna().unique().tolist() == [100]


def test_an_unbalanced_panel_is_refused_or_completed():
    rows = panel().iloc[1:]
    with pytest.raises(MetricError, match="1 of 50 units have not"):
        goodman_bacon(rows, **DESIGN)
    found = goodman_bacon(rows, **DESIGN, unbalanced="complete")
    assert found.units == 49
    assert found.left_out == {"not seen in every period": 1}
    assert np.isfinite(found.estimate)
