"""All contenders on one synthetic world, in turn, and whether they agree."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Run, in_turn
from benchmarks.recurrence import ASKED

LOADERS = {
    "justice_analysis": "benchmarks.load:ours",
    "DuckDB rewrite": "benchmarks.load:rewrite",
}
LOADERS_OF_TWO = {**LOADERS, "pandas": "benchmarks.load:pandas"}
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
    of_two
        The same for the two datasets that the pandas version loads.
    recurrence
        Question to contender to its runs.
    rows, delivered_gb
        Delivered rows by file, and the size of the files.

    What was not asked for is empty.
    """

    people: int
    seed: int
    day: datetime.date
    load: dict[str, list[Run]]
    of_two: dict[str, list[Run]]
    recurrence: dict[str, dict[str, list[Run]]]
    rows: dict[str, int]
    delivered_gb: float
    load_averages: tuple[float, float]


def compare(
    folder: Path, *, people: int, seed: int, repeats: int, only_pandas: bool = False
) -> Compared:
    """Make the world, load it in turn, then ask the metric in turn; all data stay in `folder`.

    With `only_pandas`, only what stands beside the pandas version of the load is measured.
    """
    from benchmarks.load import BESIDE_PANDAS, delivered_files
    from justice_analysis.synthetic import synthesise

    began = os.getloadavg()[0]
    world = folder / "world"
    synthesise(people, seed, world)
    files = delivered_files(world, BESIDE_PANDAS if only_pandas else "")
    of_two = _load_in_turn(folder / "two", world, repeats, LOADERS_OF_TWO, datasets=BESIDE_PANDAS)
    loaded = {} if only_pandas else _load_in_turn(folder, world, repeats, LOADERS)
    warehouse = str(folder / "justice_analysis")
    asked = {
        question: in_turn(METRICS, repeats=max(repeats, 3), folder=warehouse, **options)
        for question, options in ({} if only_pandas else ASKED).items()
    }
    return Compared(
        people=people,
        seed=seed,
        day=datetime.date.today(),
        load=loaded,
        of_two=of_two,
        recurrence=asked,
        rows=(loaded or of_two)["DuckDB rewrite"][-1].result["rows"],
        delivered_gb=sum(file.stat().st_size for file in files) / 1e9,
        load_averages=(began, os.getloadavg()[0]),
    )


def _load_in_turn(
    folder: Path, world: Path, repeats: int, loaders: Mapping[str, str], **options: str
) -> dict[str, list[Run]]:
    """Load into a new folder each time; the last of each contender stays for the metric."""
    runs: dict[str, list[Run]] = {name: [] for name in loaders}
    for _ in range(repeats):
        for name, function in loaders.items():
            into = folder / name
            shutil.rmtree(into, ignore_errors=True)
            one = in_turn({name: function}, repeats=1, world=str(world), into=str(into), **options)
            runs[name] += one[name]
    return runs


def disagreements(found: Compared) -> list[str]:
    """Say where contenders differ in what they give; empty if nowhere."""
    ours, pandas = (found.of_two[n][-1].result["rows"] for n in ("justice_analysis", "pandas"))
    said = [
        f"load of two datasets: pandas gives another number of rows of {table}"
        for table in sorted({*ours, *pandas})
        if ours.get(table) != pandas.get(table)
    ]
    for question, runs in found.recurrence.items():
        expected: Any = runs["justice_analysis"][-1].result
        said += [
            f"recurrence, {question}: {name} gives another result"
            for name in runs
            if any(run.result != expected for run in runs[name])
        ]
    return said
