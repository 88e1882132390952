"""All contenders on one synthetic world, in turn, and whether they agree."""

from __future__ import annotations

import datetime
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Run, in_turn, run_once
from benchmarks.recurrence import ASKED

LOADERS = {
    "justice_analysis": "benchmarks.load:ours",
    "DuckDB rewrite": "benchmarks.load:rewrite",
    "pandas": "benchmarks.load:pandas",
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
    pandas_warehouse_agrees
        Whether the metric gives the same answer on what pandas loaded.
    """

    people: int
    seed: int
    day: datetime.date
    load: dict[str, list[Run]]
    recurrence: dict[str, dict[str, list[Run]]]
    rows: dict[str, int]
    delivered_gb: float
    load_averages: tuple[float, float]
    pandas_warehouse_agrees: bool


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
        pandas_warehouse_agrees=_agrees(folder / "pandas", asked),
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


def _agrees(loaded_by_pandas: Path, asked: dict[str, dict[str, list[Run]]]) -> bool:
    """Ask the SQL on pandas' own tables: people must be the same people."""
    (loaded_by_pandas / "gen-pandas").mkdir()
    for table in list(loaded_by_pandas.iterdir()):
        if table.name not in ("gen-pandas", "quarantine"):
            table.rename(loaded_by_pandas / "gen-pandas" / table.name)
    return all(
        run_once(METRICS["SQL by hand"], folder=str(loaded_by_pandas), **options).result
        == asked[question]["SQL by hand"][-1].result
        for question, options in ASKED.items()
    )


def disagreements(found: Compared) -> list[str]:
    """Say where contenders differ in what they give; empty if nowhere."""
    ours, plain = (found.load[name][-1].result["rows"] for name in ("justice_analysis", "pandas"))
    said = [
        f"{table}: {ours.get(table, 0):,} rows by justice_analysis, "
        f"{plain.get(table, 0):,} by pandas"
        for table in sorted({*ours, *plain})
        if ours.get(table, 0) != plain.get(table, 0)
    ]
    for question, runs in found.recurrence.items():
        expected: Any = runs["justice_analysis"][-1].result
        said += [
            f"recurrence, {question}: {name} gives another result"
            for name in runs
            if any(run.result != expected for run in runs[name])
        ]
    if not found.pandas_warehouse_agrees:
        said.append("recurrence differs on the tables that pandas loaded")
    return said
