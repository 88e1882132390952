"""The three open sources of releases in one warehouse, as the papers on them read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from justice_analysis import warehouse
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.open_data import write_recid, write_rossi


@pytest.fixture(scope="session")
def releases_warehouse(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Maryland, North Carolina and Iowa, loaded."""
    root = tmp_path_factory.mktemp("releases")
    extracts = [
        read_extract(write_rossi(root / "rossi")),
        read_extract(write_recid(root / "recid")),
        read_extract(shared_data / "iowa_releases.csv", "iowa_releases"),
    ]
    warehouse.load(extracts, root / "warehouse")
    return root / "warehouse"
