"""Small synthetic worlds and their warehouses, made once a run, whoever of its workers is first."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from justice_analysis import synthetic, warehouse
from justice_analysis.sources.extract import extracts_in, read_extract
from justice_analysis.sources.open_data import write_crime4, write_rossi

SMALL_WORLD = 12_000
DATASETS = ("cafcass_england", "family_court", "cross_justice_linking")
PATIENCE_SECONDS = 900


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """A folder that one worker of this run makes, and the others wait for and only read."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, begun, made, failed = (
        root / f"{name}{mark}" for mark in ("", ".b", ".made", ".failed")
    )
    try:
        begun.mkdir()
    except FileExistsError:
        return _waited_for(folder, made, failed)
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    made.touch()
    return folder


def _waited_for(folder: Path, made: Path, failed: Path) -> Path:
    until = time.monotonic() + PATIENCE_SECONDS
    while not made.exists():
        if failed.exists() or time.monotonic() > until:
            pytest.fail(f"another worker did not make {folder.name}: its own tests say why.")
        time.sleep(0.05)
    return folder


@pytest.fixture(scope="session")
def small_world(tmp_path_factory) -> Path:
    """A delivered synthetic world with its mess; datasets and `truth` are its folders."""
    return made_once(
        tmp_path_factory, "small", lambda folder: synthetic.synthesise(SMALL_WORLD, 11, folder)
    )


@pytest.fixture(scope="session")
def small_warehouse(small_world, tmp_path_factory) -> Path:
    """The small world, loaded."""
    extracts = [read_extract(small_world / name) for name in DATASETS]
    return made_once(
        tmp_path_factory, "small-warehouse", lambda folder: warehouse.load(extracts, folder)
    )


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
    extracts = [read_extract(path) for path in extracts_in(small_world)]
    return made_once(
        tmp_path_factory, "full-warehouse", lambda folder: warehouse.load(extracts, folder)
    )


@pytest.fixture(scope="session")
def series_warehouse(shared_data, tmp_path_factory) -> Path:
    """The quarterly series of England and Wales, loaded: published totals, which hold nobody."""
    folder = tmp_path_factory.mktemp("worlds") / "series"
    extract = read_extract(shared_data / "uk_cjs_quarterly.csv", "uk_cjs_quarterly")
    warehouse.load([extract], folder)
    return folder
