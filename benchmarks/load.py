"""Contenders for load on every dataset of a synthetic world: the package and a plain rewrite."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import duckdb

from justice_analysis import warehouse
from justice_analysis.sources.extract import read_extract

# What the pandas version loads: a mapping of size, and links.
BESIDE_PANDAS = "magistrates_defendant cross_justice_linking"


def ours(world: str, into: str, datasets: str = "") -> dict[str, Any]:
    """Load with the package; also the seconds of each step, by its progress."""
    began: list[tuple[str, float]] = []
    extracts = [read_extract(folder) for folder in delivered(Path(world), datasets)]
    loaded = warehouse.load(
        extracts, into, progress=lambda step: began.append((step, time.perf_counter()))
    )
    ended = [start for _, start in began[1:]] + [time.perf_counter()]
    steps = [(step, end - start) for (step, start), end in zip(began, ended, strict=True)]
    return {"rows": loaded.manifest["tables"], "steps": steps}


def pandas(world: str, into: str, datasets: str) -> dict[str, Any]:
    """Do the same with pandas, for the two datasets that it can load."""
    from benchmarks.pandas_version.load import load

    assert datasets == BESIDE_PANDAS
    return {"rows": load(Path(world), Path(into))}


def rewrite(world: str, into: str, datasets: str = "") -> dict[str, Any]:
    """Read each delivered file with DuckDB and write it again, row for row."""
    connection = duckdb.connect(config={"preserve_insertion_order": False})
    copied = {}
    for file in delivered_files(Path(world), datasets):
        place = file.relative_to(world)
        target = Path(into) / place
        target.parent.mkdir(parents=True, exist_ok=True)
        done = connection.execute(
            f"COPY (SELECT * FROM read_parquet('{file}')) TO '{target}' "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
        copied[place.with_suffix("").as_posix()] = done.fetchall()[0][0]
    return {"rows": copied}


def delivered(world: Path, datasets: str = "") -> list[Path]:
    """The folders of delivered datasets, those with a description; of some if they are named."""
    found = sorted(file.parent for file in world.glob("*/extract.json"))
    return [folder for folder in found if not datasets or folder.name in datasets.split()]


def delivered_files(world: Path, datasets: str = "") -> list[Path]:
    """The Parquet files of delivered datasets."""
    folders = delivered(world, datasets)
    return [file for folder in folders for file in sorted(folder.rglob("*.parquet"))]
