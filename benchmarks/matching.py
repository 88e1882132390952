"""`python -m benchmarks.matching`: matched comparison beside R's MatchIt, and its growth."""

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
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.special  # noqa: F401 (so that no run pays for loading it)

from benchmarks.measure import ROOT, Run, run_once
from justice_analysis import models

COVARIATES = ("age", "prior", "severity", "woman", "custody", "north", "young", "drugs")
EFFECTS = (-0.02, 0.06, 0.3, 0.4, 0.5, -0.2, 0.2, -0.3)
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


def make(folder: Path, people: int, seed: int) -> None:
    """Draw people with a history, about 10% treated, and an outcome; one file per column."""
    rng = np.random.default_rng(seed)
    age = rng.gamma(6, 3, people) + 18
    columns = {
        "age": age.round(),
        "prior": rng.negative_binomial(1, 0.2, people).astype(float),
        "severity": rng.normal(size=people),
        "young": (age < 25).astype(float),
    }
    shares = {"woman": 0.15, "custody": 0.4, "north": 0.3, "drugs": 0.25}
    columns |= {name: (rng.random(people) < p).astype(float) for name, p in shares.items()}
    logit = np.sum([e * columns[name] for name, e in zip(COVARIATES, EFFECTS, strict=True)], axis=0)
    columns["treated"] = (rng.random(people) < 1 / (1 + np.exp(2.5 - logit))).astype(float)
    share = 1 / (1 + np.exp(0.5 + 0.02 * age - 0.1 * columns["prior"])) - 0.04 * columns["treated"]
    columns["outcome"] = (rng.random(people) < share).astype(float)
    for name, column in columns.items():
        column.tofile(folder / f"{name}.bin")


def _read(folder: str, name: str) -> np.ndarray:
    return np.fromfile(Path(folder) / f"{name}.bin")


def _scored(folder: str) -> tuple[np.ndarray, models.Propensity]:
    covariates = pd.DataFrame({name: _read(folder, name) for name in COVARIATES}, copy=False)
    treated = _read(folder, "treated") > 0
    return treated, models.propensity_scores(covariates, treated)


def _values(folder: str, found: models.Matched) -> list[float]:
    """What R gives too: people matched on each side, and the difference of their outcomes."""
    outcome, weights, side = _read(folder, "outcome"), found.weights, found.treated
    means = [np.average(outcome[s], weights=weights[s]) for s in (side, ~side)]
    return [found.matched_treated, found.matched_comparison, float(means[0] - means[1])]


def score(folder: str) -> list[float]:
    """From columns in files to coefficients and everyone's score."""
    fit = _scored(folder)[1].fit
    return [fit.intercept, *fit.coefficients.tolist()]


def nearest(folder: str) -> list[float]:
    """Largest score first, without replacement, within a caliper."""
    return _nearest(folder)


def replaced(folder: str) -> list[float]:
    """With replacement."""
    return _nearest(folder, replace=True)


def five(folder: str) -> list[float]:
    """Five comparison people each, with replacement."""
    return _nearest(folder, ratio=5, replace=True)


def closest(folder: str) -> list[float]:
    """The closest pair first."""
    return _nearest(folder, order="closest")


def _nearest(folder: str, **options: object) -> list[float]:
    treated, found = _scored(folder)
    caliper = models.caliper_width(found.score, treated)
    matched = models.nearest_neighbours(treated, found.score, caliper=caliper, **options)  # type: ignore[arg-type]
    return _values(folder, matched)


def subclasses(folder: str) -> list[float]:
    """Six classes of the score."""
    treated, found = _scored(folder)
    return _values(folder, models.subclasses(treated, found.score, count=6))


def within_radius(folder: str) -> list[float]:
    """Everyone within a caliper."""
    treated, found = _scored(folder)
    caliper = models.caliper_width(found.score, treated)
    return _values(folder, models.radius(treated, found.score, caliper=caliper))


def in_r(task: str, folder: Path, people: int) -> list[float] | None:
    """Seconds by the clock and of processor of one run in R, then its results; `None` if absent."""
    script = str(ROOT / "benchmarks" / "matching.R")
    command = ["Rscript", "--vanilla", script, task, str(folder), str(people)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return None if said == ["absent"] else [float(word) for word in said]


def recorded() -> dict[str, float]:
    """Seconds of MatchIt 4.7.1 by task, where the shared results are on this machine."""
    shared = Path(os.environ.get("JUSTICE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    file = shared / "golden" / RECORDED
    return dict(pd.read_csv(file).set_index("task")["compute_s"]) if file.is_file() else {}


@dataclass(frozen=True)
class Took:
    """The best of our runs, R's results (seconds, of processor, values), if R has the task."""

    best: Run
    r: Sequence[float] | None


def compare(tasks: Sequence[Task], folder: Path, people: int, repeats: int) -> dict[str, Took]:
    """Run us and R in turn; the best of each counts."""
    has_r, found = shutil.which("Rscript") is not None, {}
    for task in tasks:
        ours, theirs = [], []
        for number in range(1, repeats + 1):
            ours.append(run_once(f"benchmarks.matching:{task.name}", folder=str(folder)))
            if has_r and task.recorded and (said := in_r(task.name, folder, people)):
                theirs.append(said)
            said_r = f", R {theirs[-1][0]:.2f} s" if theirs else ""
            print(f"{task.name}, run {number}: {ours[-1].seconds:.3f} s{said_r}", flush=True)
        found[task.name] = Took(min(ours, key=lambda run: run.seconds), min(theirs, default=None))
    return found


def page(
    found: Mapping[str, Took], grown: Mapping[int, Mapping[str, Run]], *, people: int,
    command: str, load: tuple[float, float], repeats: int,
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
        "is R's `glm`, which MatchIt calls for its score and so can't be faster than.",
        "- *R, recorded* is MatchIt 4.7.1 (R 4.2.2) on other random rows, 200,000 people, 9.9% "
        "treated, on a 2-core machine; one run each, within 20%. It was not run beside ours.",
        f"- {people:,} people, {len(COVARIATES)} covariates, about 10% treated.",
        "",
        "| Task | ours, s | of processor | peak, GB | R, now, s | R, recorded, s | R over ours | "
        "goal | met | largest difference from R |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|---:|",
        *(_row(task, found[task.name], old) for task in TASKS if task.name in found),
        "",
        *_lower_bound(found),
        *_growth(grown),
    ]
    return "\n".join(lines) + "\n"


def _row(task: Task, took: Took, old: Mapping[str, float]) -> str:
    us, r = took.best, took.r
    then = old.get(task.recorded) if task.recorded else None
    theirs = r[0] if r else then
    times = theirs / us.seconds if theirs else None
    met = "" if task.goal is None else "not tested" if times is None else _yes(times >= task.goal)
    if met and met != "not tested" and r is None:
        met += ", by the recorded seconds"
    apart = ""
    if r:
        apart = f"{np.max(np.abs(np.array(r[2:]) - us.result) / np.abs(r[2:])):.0e}"
    cells = [
        task.title, f"{us.seconds:.3f}", f"{us.cpu_seconds:.3f}", f"{us.peak_gb:.2f}",
        f"{r[0]:.2f}" if r else "no MatchIt 4.7" if task.recorded else "not in MatchIt",
        f"{then:.2f}" if then else "", f"{times:.1f}" if times else "",
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


def grow(sizes: Sequence[int], seed: int, repeats: int) -> dict[int, dict[str, Run]]:
    """The best run of the score, and of score and matching, for each number of people."""
    grown: dict[int, dict[str, Run]] = {}
    for people in sizes:
        with tempfile.TemporaryDirectory(prefix="justice-matching-") as folder:
            make(Path(folder), people, seed)
            grown[people] = {}
            for name in ("score", "nearest"):
                call = f"benchmarks.matching:{name}"
                runs = [run_once(call, folder=folder) for _ in range(repeats)]
                grown[people][name] = min(runs, key=lambda run: run.seconds)
                print(f"{name}, {people:,} people: {grown[people][name].seconds:.3f} s", flush=True)
    return grown


def main() -> None:
    """Measure, and write the page."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    asked.add_argument("--people", type=int, default=200_000)
    asked.add_argument("--sizes", type=int, nargs="+", default=[200_000, 500_000, 2_000_000])
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    options = asked.parse_args()
    if shutil.which("Rscript") is None:
        print("Rscript is not installed: only the package is measured.")
    began = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="justice-matching-") as folder:
        make(Path(folder), options.people, options.seed)
        found = compare(TASKS, Path(folder), options.people, options.repeats)
    grown = grow(options.sizes, options.seed, options.repeats)
    sizes = " ".join(map(str, options.sizes))
    command = (
        f"python -m benchmarks.matching --people {options.people} --sizes {sizes} "
        f"--repeats {options.repeats}"
    )
    text = page(
        found, grown, people=options.people, command=command,
        load=(began, os.getloadavg()[0]), repeats=options.repeats,
    )  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "matching.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
