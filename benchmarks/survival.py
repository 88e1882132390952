"""`python -m benchmarks.survival`: curves, tests and hazard ratios beside R, in one run."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import ibis
import numpy as np
import pandas as pd
import scipy.special  # noqa: F401 (so that no run pays for loading it)

from benchmarks.measure import ROOT, run_once
from justice_analysis import models

HORIZON = 1095
EFFECTS = (0.3, -0.2, 0.1, 0.05, 0.0)
COVARIATES = ("x1", "x2", "x3", "x4", "x5")
ANY = {"n_event": (1, 2)}
EACH = {"n_new": (1,), "n_technical": (2,)}


def _session() -> ibis.BaseBackend:
    """An engine that has answered once, as in any session; R, too, has its rows in memory."""
    session = ibis.duckdb.connect()
    rows = ibis.memtable({"days": [1, 2], "cause": [0, 1], "group": [0, 0]})
    session.execute(rows.group_by(["group", "days"]).agg(events=(rows["cause"] > 0).sum()))
    return session


SESSION = _session()


@dataclass(frozen=True)
class Task:
    """What is measured, what it is held against, and how many times R's speed is the goal."""

    name: str
    title: str
    goal: float
    at: str


TASKS = (
    Task("kaplan_meier", "Kaplan-Meier by 8 groups, with limits", 100, "survfit"),
    Task("aalen_johansen", "Aalen-Johansen, two causes, with errors", 100, "survfit"),
    Task("log_rank", "log-rank test of 8 groups", 20, "survdiff"),
    Task("cox", "Cox, Efron, 5 covariates", 3, "coxph"),
    Task("cox_robust", "Cox, the same, robust errors", 3, "coxph, robust"),
)


@dataclass(frozen=True)
class Took:
    """Seconds by the clock and of processor of one contender's runs, and what it gave."""

    seconds: Sequence[float]
    cpu: Sequence[float]
    values: tuple[float, ...]
    peak_gb: float | None = None


def kaplan_meier(folder: str) -> list[float]:
    """From rows in Parquet to one curve per group."""
    counts = _counts(folder, ["group"], ANY)
    curves = models.curves_by_group(counts, ["group"], at=[HORIZON])
    return curves.sort_values("group")["survival"].tolist()


def aalen_johansen(folder: str) -> list[float]:
    """From rows in Parquet to the incidence of both causes."""
    counts = _counts(folder, [], EACH)
    curves = models.curves_by_group(counts, events=list(EACH), at=[HORIZON], variance="greenwood")
    return curves["incidence"].tolist()


def log_rank(folder: str) -> list[float]:
    """From rows in Parquet to the test."""
    groups = models.counts_by_group(_counts(folder, ["group"], ANY), ["group"])
    return [models.log_rank(list(groups.values())).statistic]


def cox(folder: str) -> list[float]:
    """From columns in files to coefficients."""
    return _fit(folder, robust=False).coefficients.tolist()


def cox_robust(folder: str) -> list[float]:
    """From columns in files to robust errors."""
    errors = _fit(folder, robust=True).robust_standard_errors
    assert errors is not None
    return errors.tolist()


def _fit(folder: str, *, robust: bool) -> models.CoxFit:
    days, cause = (
        np.fromfile(Path(folder) / f"{name}.bin", np.int32) for name in ("days", "cause")
    )
    columns = {name: np.fromfile(Path(folder) / f"{name}.bin") for name in COVARIATES}
    return models.cox(days, cause > 0, columns, robust=robust)


def _counts(
    folder: str, groups: Sequence[str], causes: Mapping[str, Sequence[int]]
) -> pd.DataFrame:
    """Count people by group and day in the engine, as metrics do."""
    rows = SESSION.read_parquet(str(Path(folder) / "people.parquet"))
    sums = {name: rows["cause"].isin(codes).sum() for name, codes in causes.items()}
    counted = rows.group_by([*groups, "days"]).agg(**sums, n_people=rows.count())
    counts = counted.rename(duration_days="days").execute()
    return counts.assign(n_censored=counts["n_people"] - counts[list(causes)].sum(axis=1))


def make(folder: Path, people: int, seed: int) -> None:
    """Draw people with covariates, a group, days followed and how it ended."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(5, people))
    x[0] = x[0] > 0
    hazard = np.exp(np.array(EFFECTS) @ x) / 2500
    returned = rng.exponential(1 / hazard)
    followed = rng.integers(1, 1826, people)
    cause = np.where(returned < followed, rng.choice([1, 2], people, p=[0.7, 0.3]), 0)
    columns = {
        "days": (np.minimum(returned, followed) + 1).astype(np.int32),
        "cause": cause.astype(np.int32),
        "group": rng.integers(0, 8, people).astype(np.int32),
    }
    pd.DataFrame(columns).to_parquet(folder / "people.parquet", index=False)
    columns |= dict(zip(COVARIATES, x, strict=True))
    for name, column in columns.items():
        column.tofile(folder / f"{name}.bin")


def in_r(task: str, folder: Path, people: int, limit: int) -> tuple[float, float, list[float]]:
    """Run one task in R; infinite seconds where it takes more of processor than the limit."""
    script = str(ROOT / "benchmarks" / "survival.R")
    command = ["Rscript", "--vanilla", script, task, str(folder), str(people), str(HORIZON)]
    done = subprocess.run(
        ["/bin/sh", "-c", f'ulimit -t {limit}; exec "$@"', "sh", *command],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    if done.returncode < 0 or done.returncode > 128:
        return float("inf"), float("inf"), []
    if done.returncode:
        raise RuntimeError(f"R stopped at {task}: run the command by hand to see why.")
    seconds, cpu, *values = map(float, done.stdout.split())
    return seconds, cpu, values


def compare(
    tasks: Sequence[Task], folder: Path, people: int, *, repeats: int, r_repeats: int, limit: int
) -> dict[str, tuple[Took, Took | None]]:
    """Run us and R in turn; R is left out where it isn't installed."""
    has_r = shutil.which("Rscript") is not None
    found = {}
    for task in tasks:
        ours, theirs = [], []
        for number in range(1, repeats + 1):
            ours.append(run_once(f"benchmarks.survival:{task.name}", folder=str(folder)))
            if has_r and number <= r_repeats and (not theirs or theirs[-1][2]):
                theirs.append(in_r(task.name, folder, people, limit))
            said = f", R {theirs[-1][0]:.2f} s" if theirs else ""
            print(f"{task.name}, run {number}: {ours[-1].seconds:.3f} s{said}", flush=True)
        us = Took(
            [run.seconds for run in ours], [run.cpu_seconds for run in ours],
            tuple(ours[-1].result), median(run.peak_gb for run in ours),
        )  # fmt: skip
        r = (
            Took(*zip(*[run[:2] for run in theirs], strict=True), tuple(theirs[-1][2]))
            if theirs
            else None
        )
        found[task.name] = (us, r)
    return found


def agreement(us: Took, r: Took | None) -> str:
    """Largest difference between what both gave, relative to R's."""
    if r is None or not r.values:
        return "not compared"
    apart = np.abs(np.array(us.values) - np.array(r.values)) / np.abs(r.values)
    return f"{apart.max():.0e}"


def page(
    found: Mapping[str, tuple[Took, Took | None]],
    large: tuple[int, tuple[Took, Took | None]] | None,
    *,
    people: int,
    command: str,
    load: tuple[float, float],
    limit: int,
) -> str:
    """Write what was measured, in Markdown."""
    libraries = ("justice-analysis", "numpy", "duckdb", "ibis-framework")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in libraries)
    lines = [
        "# Survival: beside R",
        "",
        f"Measured on {time.strftime('%Y-%m-%d')} by `{command}` on random rows: no number is "
        "about a real person.",
        "",
        f"- Machine: {os.cpu_count()} cores, Python {platform.python_version()}; {versions}; "
        f"{_r_version()}.",
        f"- Load average {load[0]:.1f} before, {load[1]:.1f} after. Where it is above the number "
        "of cores, other programs slowed both; each ran in turn, so a goal counts as met only by "
        "processor seconds too.",
        "- Each run is a fresh process. Ours counts the reading: curves and the test go from "
        "Parquet rows through the engine's count by day to the estimate, hazard ratios from "
        "columns in files; the engine's session is open. R's rows are in memory before its clock "
        "starts. Medians of our runs.",
        f"- {people:,} people followed up to 1,826 days; R was ended after {limit} seconds of "
        "processor, for which its line then gives less than the truth.",
        "- The goal for Kaplan-Meier is meant for 10,000,000 people, the last line.",
        "",
        "| Task | ours, s | of processor | peak, GB | R, s | of processor | R over ours | "
        "of processor | goal | met | largest difference |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---:|",
        *(_row(task, task.title, *found[task.name], limit) for task in TASKS if task.name in found),
    ]
    if large is not None:
        title = f"Kaplan-Meier by 8 groups, {large[0]:,} people"
        lines.append(_row(TASKS[0], title, *large[1], limit))
    return "\n".join(lines) + "\n"


def _row(task: Task, title: str, us: Took, r: Took | None, limit: int) -> str:
    cells = [title, f"{median(us.seconds):.3f}", f"{median(us.cpu):.3f}", f"{us.peak_gb:.2f}"]
    if r is None:
        cells += ["R is not installed", "", "", "", f"{task.goal:.0f}", "not tested", ""]
        return f"| {' | '.join(cells)} |"
    seconds, cpu = median(r.seconds), median(r.cpu)
    is_over = seconds == float("inf")
    seconds, cpu = (limit, limit) if is_over else (seconds, cpu)
    more = "more than " if is_over else ""
    times, of_cpu = seconds / median(us.seconds), cpu / median(us.cpu)
    cells += [f"{more}{seconds:.2f}", "" if is_over else f"{cpu:.2f}", f"{more}{times:,.0f}"]
    cells += ["" if is_over else f"{of_cpu:,.0f}", f"{task.goal:.0f}"]
    cells += ["yes" if min(times, of_cpu) >= task.goal else "no", agreement(us, r)]
    return f"| {' | '.join(cells)} |"


def _r_version() -> str:
    if shutil.which("Rscript") is None:
        return "R is not installed, so nothing is compared"
    ask = "cat(R.version.string, 'with survival', format(packageVersion('survival')))"
    return subprocess.run(
        ["Rscript", "-e", ask], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def main() -> None:
    """Measure, and write the page."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.survival", description=__doc__)
    asked.add_argument("--people", type=int, default=1_000_000)
    asked.add_argument("--large", type=int, default=10_000_000, help="Kaplan-Meier only; 0: none")
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--r-repeats", type=int, default=1)
    asked.add_argument("--limit", type=int, default=120, help="processor seconds R may take")
    asked.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    options = asked.parse_args()
    if shutil.which("Rscript") is None:
        print("Rscript is not installed: only the package is measured.")
    began, large = os.getloadavg()[0], None
    with tempfile.TemporaryDirectory(prefix="justice-survival-") as folder:
        make(Path(folder), options.people, options.seed)
        shared = {name: getattr(options, name) for name in ("repeats", "r_repeats", "limit")}
        found = compare(TASKS, Path(folder), options.people, **shared)
        if options.large:
            make(Path(folder), options.large, options.seed)
            again: Any = compare(TASKS[:1], Path(folder), options.large, **shared)
            large = options.large, again["kaplan_meier"]
    command = (
        f"python -m benchmarks.survival --people {options.people} --large {options.large} "
        f"--repeats {options.repeats} --limit {options.limit}"
    )
    text = page(
        found, large, people=options.people, command=command,
        load=(began, os.getloadavg()[0]), limit=options.limit,
    )  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "survival.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
