"""All contenders on one synthetic world, in turn, and whether they agree."""

from __future__ import annotations

import datetime
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Run, in_turn
from benchmarks.recurrence import ASKED

LOADERS = {
    "justice_analysis": "benchmarks.load:ours",
    "DuckDB rewrite": "benchmarks.load:rewrite",
}
METRICS = {
    "justice_analysis": "benchmarks.recurrence:ours",
    "SQL by hand": "benchmarks.recurrence:sql",
    "pandas": "benchmarks.recurrence:pandas",
}


@dataclass(frozen=True)
class Compared:
    """Every run that was made.

    Attributes
    ----------
    load
        Contender to its runs.
    recurrence
        Question to contender to its runs.
    rows, delivered_gb
        Delivered rows by file, and the size of the files.
    """

    people: int
    seed: int
    day: datetime.date
    load: dict[str, list[Run]]
    recurrence: dict[str, dict[str, list[Run]]]
    rows: dict[str, int]
    delivered_gb: float
    load_averages: tuple[float, float]


def compare(folder: Path, *, people: int, seed: int, repeats: int) -> Compared:
    """Make the world, load it in turn, then ask the metric in turn; all data stay in `folder`."""
    from benchmarks.load import delivered_files
    from justice_analysis.synthetic import synthesise

    began = os.getloadavg()[0]
    world = folder / "world"
    synthesise(people, seed, world)
    size = sum(file.stat().st_size for file in delivered_files(world))
    loaded = _load_in_turn(folder, world, repeats)
    warehouse = str(folder / "justice_analysis")
    asked = {
        question: in_turn(METRICS, repeats=max(repeats, 3), folder=warehouse, **options)
        for question, options in ASKED.items()
    }
    return Compared(
        people=people,
        seed=seed,
        day=datetime.date.today(),
        load=loaded,
        recurrence=asked,
        rows=loaded["DuckDB rewrite"][-1].result["rows"],
        delivered_gb=size / 1e9,
        load_averages=(began, os.getloadavg()[0]),
    )


def _load_in_turn(folder: Path, world: Path, repeats: int) -> dict[str, list[Run]]:
    """Load into a new folder each time; the last of each contender stays for the metric."""
    runs: dict[str, list[Run]] = {name: [] for name in LOADERS}
    for _ in range(repeats):
        for name, function in LOADERS.items():
            into = folder / name
            shutil.rmtree(into, ignore_errors=True)
            one = in_turn({name: function}, repeats=1, world=str(world), into=str(into))
            runs[name] += one[name]
    return runs


def disagreements(found: Compared) -> list[str]:
    """Say where contenders differ in what they give; empty if nowhere."""
    said: list[str] = []
    for question, runs in found.recurrence.items():
        expected: Any = runs["justice_analysis"][-1].result
        said += [
            f"recurrence, {question}: {name} gives another result"
            for name in runs
            if any(run.result != expected for run in runs[name])
        ]
    return said
