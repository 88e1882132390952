"""`python -m benchmarks.matching`: matched comparison beside R's MatchIt, and its growth."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.special  # noqa: F401 (so that no run pays for loading it)

from benchmarks.matching_page import TASKS, Task, Took, page
from benchmarks.measure import ROOT, Run, run_once
from justice_analysis import models

COVARIATES = ("age", "prior", "severity", "woman", "custody", "north", "young", "drugs")
EFFECTS = (-0.02, 0.06, 0.3, 0.4, 0.5, -0.2, 0.2, -0.3)


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
                grown[people][name] = min(runs, key=lambda run: run.cpu_seconds)
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
        found, grown, people=options.people, covariates=len(COVARIATES), command=command,
        load=(began, os.getloadavg()[0]), repeats=options.repeats,
    )  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "matching.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
