"""Planted truth is recovered from the delivered mess, within sampling error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from justice_analysis import metrics, synthetic, warehouse
from justice_analysis.errors import MetricError
from justice_analysis.sources.extract import read_extract
from tests.worlds import DATASETS

PEOPLE, SEED = 210_000, 1
# Nearly everyone is in the family court: what is recovered here is about families.
FAMILIES = replace(
    synthetic.WorldParameters(),
    family_people=0.95,
    divorce_people=0.0,
    civil_people=0.0,
    pupil_people=0.0,
)
WINDOW = {"index_from": "2008-04-01", "index_to": "2018-04-01"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recovery") / "world"
    synthetic.synthesise(PEOPLE, SEED, folder, parameters=FAMILIES)
    return folder


@pytest.fixture(scope="module")
def loaded(world):
    extracts = [read_extract(world / name) for name in DATASETS]
    return warehouse.load(extracts, world.parent / "warehouse")


@pytest.mark.parametrize(
    ("parent", "by"), [("mother", None), ("mother", "age_band"), ("father", None)]
)
def test_returns_are_within_sampling_error_of_what_was_planted(loaded, world, parent, by):
    table = metrics.recovery(loaded, world / "truth", parent=parent, by=by, **WINDOW).table
    assert set(table["horizon_days"]) == {365, 1095, 1826, 2556, 3652}
    assert table["standard_errors"].abs().max() < 3.3  # 25 shares, one error in a thousand each


def test_links_and_mess_move_the_measured_share_by_less_than_half_a_point(loaded, world):
    table = metrics.recovery(loaded, world / "truth", **WINDOW).table
    assert (table["estimate"] - table["estimate_true"]).abs().max() < 0.005


def test_truth_is_known_of_synthetic_data_only(open_warehouse, world):
    with pytest.raises(MetricError, match="synthetic data only"):
        metrics.recovery(warehouse.open(open_warehouse), world / "truth", **WINDOW)
