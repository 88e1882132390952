"""Small synthetic worlds and their warehouses, made once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from justice_analysis import synthetic, warehouse
from justice_analysis.sources.extract import extracts_in, read_extract
from justice_analysis.sources.open_data import write_crime4, write_rossi

SMALL_WORLD = 12_000
DATASETS = ("cafcass_england", "family_court", "cross_justice_linking")


@pytest.fixture(scope="session")
def small_world(tmp_path_factory) -> Path:
    """A delivered synthetic world with its mess; datasets and `truth` are its folders."""
    folder = tmp_path_factory.mktemp("worlds") / "small"
    synthetic.synthesise(SMALL_WORLD, 11, folder)
    return folder


@pytest.fixture(scope="session")
def small_warehouse(small_world, tmp_path_factory) -> Path:
    """The small world, loaded."""
    folder = tmp_path_factory.mktemp("worlds") / "warehouse"
    warehouse.load([read_extract(small_world / name) for name in DATASETS], folder)
    return folder


@pytest.fixture(scope="session")
def open_warehouse(tmp_path_factory) -> Path:
    """Rossi's releases, loaded: real data that everyone has."""
    root = tmp_path_factory.mktemp("worlds")
    warehouse.load([read_extract(write_rossi(root / "rossi"))], root / "warehouse")
    return root / "warehouse"


@pytest.fixture(scope="session")
def areas_warehouse(tmp_path_factory) -> Path:
    """North Carolina's counties, loaded: a real panel of areas, which holds nobody."""
    root = tmp_path_factory.mktemp("worlds")
    warehouse.load([read_extract(write_crime4(root / "crime4"))], root / "warehouse")
    return root / "warehouse"


@pytest.fixture(scope="session")
def full_warehouse(small_world, tmp_path_factory) -> Path:
    """Every dataset of the small world, loaded."""
    folder = tmp_path_factory.mktemp("worlds") / "full"
    warehouse.load([read_extract(path) for path in extracts_in(small_world)], folder)
    return folder


@pytest.fixture(scope="session")
def series_warehouse(shared_data, tmp_path_factory) -> Path:
    """The quarterly series of England and Wales, loaded: published totals, which hold nobody."""
    folder = tmp_path_factory.mktemp("worlds") / "series"
    extract = read_extract(shared_data / "uk_cjs_quarterly.csv", "uk_cjs_quarterly")
    warehouse.load([extract], folder)
    return folder
