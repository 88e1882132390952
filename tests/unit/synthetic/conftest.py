"""Small worlds, made once, that the suite of the synthetic world shares."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from justice_analysis.synthetic import WorldReport, synthesise

PEOPLE = 90_000
# Names that several datasets give to a table: those of the family court are meant.
HOMES = {name: f"family_court/{name}" for name in ("cases", "events", "people")}


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(scope="session")
def world(worlds: Path) -> WorldReport:
    """A world with all its mess."""
    return synthesise(PEOPLE, 1, worlds / "messy")


@pytest.fixture(scope="session")
def clean_world(worlds: Path) -> WorldReport:
    """A world of another size without mess."""
    return synthesise(16_000, 1, worlds / "clean", clean=True)


class Files:
    """Delivered and truth tables of a world, by name or as `dataset/table`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            path = self.folder / f"{HOMES.get(name, name)}.parquet"
            if not path.is_file():
                path = next(self.folder.glob(f"*/{name}.parquet"))
            self._read[name] = pd.read_parquet(path, dtype_backend="pyarrow")
        return self._read[name]


@pytest.fixture(scope="session")
def files(world: WorldReport) -> Files:
    return Files(world.folder)


@pytest.fixture(scope="session")
def clean_files(clean_world: WorldReport) -> Files:
    return Files(clean_world.folder)
