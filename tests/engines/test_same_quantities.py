"""A quantity by group and by bin: one answer on every engine."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.metrics.estimates.quantities import people_by_bin, quantity_by_group

STAYS = {
    "person_id": [1, 1, 2, 3, 4, 5, 5],
    "days": [10.0, 5.0, 15.0, 40.0, None, 0.0, 2.5],
    "prison_id": ["a", "b", "a", "b", "a", None, "c"],
    "sex": ["F", "F", "F", "M", "M", None, None],
}
SCHEMA = {"person_id": "int64", "days": "float64", "prison_id": "string", "sex": "string"}


def test_sums_percentiles_and_largest_contributions_are_the_same(backend):
    found = quantity_by_group(
        engine.memory_table(backend, STAYS, SCHEMA),
        quantity="days",
        words="days in custody",
        by=("sex",),
        organisation="prison_id",
        percentiles=(25, 50),
    ).table.set_index("sex")
    columns = ["people", "total", "mean", "percentile_25", "median", "largest_1", "largest_2"]
    assert found.loc["all", columns].tolist() == [4, 72.5, 18.125, 11.875, 15, 40, 15]
    assert found.loc["F", columns].tolist() == [2, 30, 15, 15, 15, 15, 15]
    assert found.loc["not known", columns].tolist() == [1, 2.5, 2.5, 2.5, 2.5, 2.5, 0]
    bodies = ["organisations", "largest_organisation_1", "largest_organisation_2"]
    assert found.loc["all", bodies].tolist() == [3, 45, 25]
    assert found.loc["not known", bodies].tolist() == [1, 2.5, 0]
    assert found.loc["all", "sd"] == pytest.approx(15.7288, abs=1e-4)


def test_everyone_and_bins_are_the_same(backend):
    stays = engine.memory_table(backend, STAYS, SCHEMA)
    everyone = quantity_by_group(stays, quantity="days", words="days in custody")
    assert everyone.table[["largest_1", "largest_2"]].to_numpy().tolist() == [[40, 15]]
    bins = people_by_bin(stays, quantity="days", words="days in custody", edges=(0, 10, 20))
    assert bins.table.to_numpy().tolist() == [
        ["0 to 9", 1],
        ["10 to 19", 2],
        ["20 or more", 1],
        ["all", 4],
    ]
