"""The planted difference in remand, found again in a small synthetic world with its mess."""

from __future__ import annotations

import json

import numpy as np
import pytest

from justice_analysis import warehouse
from justice_analysis.metrics.disparities import adjusted_rates


@pytest.fixture(scope="module")
def found(full_warehouse):
    return adjusted_rates(warehouse.open(full_warehouse))


def test_odds_of_remand_are_those_planted(found, small_world):
    told = json.loads((small_world / "truth" / "planted.json").read_text(encoding="utf-8"))
    planted = told["remand_disparity"]["by_ethnicity"]
    table = found.outputs["odds"].table.dropna(subset="estimate").set_index("level")
    assert set(table.index) == set(planted) - {"white"}
    apart = (np.log(table["estimate"]) - table.index.map(planted)) / table["standard_error"]
    assert apart.abs().max() < 3
    assert abs(apart.sum()) / np.sqrt(len(apart)) < 3


def test_all_planted_groups_together_are_remanded_more_often(found):
    table = found.outputs["odds"].table.dropna(subset="estimate")
    weights = 1 / table["standard_error"] ** 2
    pooled = (np.log(table["estimate"]) * weights).sum() / weights.sum()
    assert pooled > 2 / np.sqrt(weights.sum())
