"""The page of benchmarks/matching.py: what was measured, beside R and beside n log n."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.measure import ROOT, Run

RECORDED = "bench_matching_R.csv"


@dataclass(frozen=True)
class Task:
    """What is measured, its line among the recorded results of R, and the goal if it has one."""

    name: str
    title: str
    recorded: str | None
    goal: float | None = None


TASKS = (
    Task("score", "propensity score alone", "ps"),
    Task("nearest", "score and nearest neighbour, caliper 0.2 sd", "nn_cal", 3),
    Task("replaced", "the same, with replacement", "nn_cal_replace"),
    Task("five", "the same, five each, with replacement", "nn5_cal_replace"),
    Task("closest", "score and nearest neighbour, closest first", "nn_cal_closest"),
    Task("subclasses", "score and six subclasses", "subclass"),
    Task("within_radius", "score and everyone within 0.2 sd", None),
)


@dataclass(frozen=True)
class Took:
    """The best of our runs, R's results (seconds, of processor, values), if R has the task."""

    best: Run
    r: Sequence[float] | None


def page(
    found: Mapping[str, Took], grown: Mapping[int, Mapping[str, Run]], *, people: int,
    covariates: int, command: str, load: tuple[float, float], repeats: int,
) -> str:  # fmt: skip
    """Write what was measured, in Markdown."""
    libraries = ("justice-analysis", "numpy", "scipy", "pandas")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in libraries)
    old = recorded() if people == 200_000 else {}
    lines = [
        "# Matched comparison: beside R's MatchIt",
        "",
        f"Measured on {time.strftime('%Y-%m-%d')} by `{command}` on random rows: no number is "
        "about a real person.",
        "",
        f"- Machine: {os.cpu_count()} cores, Python {platform.python_version()}; {versions}; "
        f"{_r_version()}.",
        f"- Load average {load[0]:.1f} before, {load[1]:.1f} after. Where it is above the number "
        f"of cores, other programs slowed both. Best of {repeats} runs in turn, each a fresh "
        "process. Ours counts reading the columns from files, the score's fit and the matching; "
        "R's rows are in memory before its clock starts.",
        "- *R, now* is measured in the same run where R has MatchIt 4.7 or later. The score alone "
        "is R's `glm`: MatchIt calls it, so it can't be faster.",
        "- *R, recorded* is MatchIt 4.7.1 (R 4.2.2) on other random rows, 200,000 people, 9.9% "
        "treated, on a 2-core machine; one run each, within 20%. It was not run beside ours, so "
        "the goal is held against it in our processor's seconds, which load changes less.",
        f"- {people:,} people, {covariates} covariates, about 10% treated.",
        "",
        "| Task | ours, s | of processor | peak, GB | R, now, s | R, recorded, s | R over ours | "
        "of processor | goal | met | largest difference from R |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---:|",
        *(_row(task, found[task.name], old) for task in TASKS if task.name in found),
        "",
        *_lower_bound(found),
        *_growth(grown),
    ]
    return "\n".join(lines) + "\n"


def _row(task: Task, took: Took, old: Mapping[str, float]) -> str:
    us, r = took.best, took.r
    then = old.get(task.recorded) if task.recorded else None
    seconds, cpu = (r[0], r[1]) if r else (then, then)
    times = seconds / us.seconds if seconds else None
    of_cpu = cpu / us.cpu_seconds if cpu else None
    met = "" if task.goal is None else "not tested"
    if task.goal is not None and times and of_cpu:
        met = _yes((min(times, of_cpu) if r else of_cpu) >= task.goal)
        met += "" if r else ", against the recorded"
    apart = ""
    if r:
        apart = f"{np.max(np.abs(np.array(r[2:]) - us.result) / np.abs(r[2:])):.0e}"
    cells = [
        task.title, f"{us.seconds:.3f}", f"{us.cpu_seconds:.3f}", f"{us.peak_gb:.2f}",
        f"{r[0]:.2f}" if r else "no MatchIt 4.7" if task.recorded else "not in MatchIt",
        f"{then:.2f}" if then else "", f"{times:.1f}" if times else "",
        f"{of_cpu:.1f}" if of_cpu else "",
        f"{task.goal:.0f}" if task.goal else "", met, apart,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _yes(is_met: bool) -> str:
    return "yes" if is_met else "no"


def _lower_bound(found: Mapping[str, Took]) -> list[str]:
    """What can be said side by side where R has no MatchIt: it can't be faster than its score."""
    alone, ours = found["score"].r, found["nearest"]
    if alone is None or ours.r is not None:
        return []
    return [
        f"R's `glm` alone takes {alone[0] / ours.best.seconds:.1f} times the seconds "
        f"({alone[1] / ours.best.cpu_seconds:.1f} of processor) of our score and matching "
        "together, in this run: MatchIt, which calls it and then matches, takes longer still.",
        "",
    ]


def _growth(grown: Mapping[int, Mapping[str, Run]]) -> list[str]:
    lines = [
        "## Growth",
        "",
        "Times the seconds of the fewest people, beside n log n: it is no worse where the "
        "processor's seconds are, which other programs change less.",
        "",
        "| Task | People | seconds | of processor | peak, GB | times the seconds | of processor | "
        "n log n | no worse |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    fewest = min(grown)
    for task in TASKS:
        for people, runs in sorted(grown.items()):
            if task.name not in runs:
                continue
            run, least = runs[task.name], grown[fewest][task.name]
            times, of_cpu = run.seconds / least.seconds, run.cpu_seconds / least.cpu_seconds
            allowed = people * log(people) / (fewest * log(fewest))
            cells = [
                task.title, f"{people:,}", f"{run.seconds:.3f}", f"{run.cpu_seconds:.3f}",
                f"{run.peak_gb:.2f}", f"{times:.1f}", f"{of_cpu:.1f}", f"{allowed:.1f}",
                _yes(of_cpu <= allowed) if people > fewest else "",
            ]  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def _r_version() -> str:
    if shutil.which("Rscript") is None:
        return "R is not installed, so nothing is run beside"
    ask = (
        "has <- requireNamespace('MatchIt', quietly = TRUE); cat(R.version.string, if (has) "
        "paste('with MatchIt', format(packageVersion('MatchIt'))) else 'without MatchIt')"
    )
    command = ["Rscript", "-e", ask]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def recorded() -> dict[str, float]:
    """Seconds of MatchIt 4.7.1 by task, where the shared results are on this machine."""
    shared = Path(os.environ.get("JUSTICE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    file = shared / "golden" / RECORDED
    return dict(pd.read_csv(file).set_index("task")["compute_s"]) if file.is_file() else {}
