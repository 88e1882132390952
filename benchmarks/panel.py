"""`python -m benchmarks.panel`: two-way fixed effects with clustered errors, beside others."""

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

import numpy as np
import pandas as pd
import scipy.sparse
import scipy.stats  # noqa: F401
from linearmodels.iv.absorbing import AbsorbingLS
from linearmodels.panel import PanelOLS

from benchmarks.measure import ROOT, Run, in_turn
from justice_analysis import models

COVARIATES = ["x1", "x2", "x3", "x4", "x5"]
EFFECTS = (-0.3, 0.1, 0.2, 0.0, 0.1)
COLUMNS = ["unit", "period", "y", *COVARIATES]
PERIODS = 20
RECORDED, RECORDED_ROWS = "bench_panel_R.csv", 200_000
IN_R = {"plm": "plm_twfe_hc", "fixest": "feols_twfe"}
OURS = {
    "justice_analysis": "benchmarks.panel:ours",
    "linearmodels PanelOLS": "benchmarks.panel:panel_ols",
    "linearmodels AbsorbingLS": "benchmarks.panel:absorbing_ls",
}


def make(folder: Path, units: int, seed: int, *, holes: float) -> int:
    """Draw a panel whose covariates go along with the units; one file per column."""
    rng = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), PERIODS), np.tile(np.arange(PERIODS), units)
    x = rng.normal(size=(units * PERIODS, 5)) + rng.normal(size=units)[unit][:, None]
    y = x @ EFFECTS + rng.normal(size=units)[unit] + rng.normal(size=PERIODS)[period]
    y += rng.normal(size=len(y))
    kept = rng.random(len(y)) >= holes
    for name, column in zip(COLUMNS, [unit, period, y, *x.T], strict=True):
        column[kept].astype(float).tofile(folder / f"{name}.bin")
    return int(kept.sum())


def _read(folder: str) -> pd.DataFrame:
    rows = {name: np.fromfile(Path(folder) / f"{name}.bin") for name in COLUMNS}
    return pd.DataFrame(rows).astype({"unit": "int64", "period": "int64"})


def ours(folder: str) -> list[float]:
    """From columns in files to slopes and clustered errors, with every check of the rows."""
    fit = models.two_way_effects(
        _read(folder), outcome="y", covariates=COVARIATES, unit="unit", period="period",
        small_sample="cluster_HC0",
    )  # fmt: skip
    return [*fit.table["estimate"], *fit.table["standard_error"]]


def panel_ols(folder: str) -> list[float]:
    """The same by PanelOLS; its errors hold a factor for the effects, so slopes alone."""
    rows = _read(folder).set_index(["unit", "period"])
    model = PanelOLS(rows["y"], rows[COVARIATES], entity_effects=True, time_effects=True)
    fit = model.fit(cov_type="clustered", cluster_entity=True)
    assert fit.std_errors.notna().all()
    return [*fit.params]


def absorbing_ls(folder: str) -> list[float]:
    """The same by AbsorbingLS."""
    rows = _read(folder)
    groups = rows[["unit", "period"]].astype("category")
    fit = AbsorbingLS(rows["y"], rows[COVARIATES], absorb=groups).fit(
        cov_type="clustered", clusters=rows["unit"]
    )
    assert fit.std_errors.notna().all()
    return [*fit.params]


def in_r(package: str, folder: Path, rows: int) -> list[float] | None:
    """Seconds by the clock and of processor of one run in R, then its results; `None` if absent."""
    if shutil.which("Rscript") is None:
        return None
    script = str(ROOT / "benchmarks" / "panel.R")
    command = ["Rscript", "--vanilla", script, package, str(folder), str(rows)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return None if said == ["absent"] else [float(word) for word in said]


@dataclass(frozen=True)
class Compared:
    """One panel: rows, the runs of ours and of linearmodels, and those of R by package."""

    title: str
    rows: int
    runs: Mapping[str, Sequence[Run]]
    r: Mapping[str, Sequence[Sequence[float]]]


def compare(units: int, seed: int, repeats: int) -> list[Compared]:
    """Everyone on a balanced panel, then on one with a tenth of its rows gone."""
    found = []
    for title, holes in (("balanced", 0.0), ("a tenth of the rows gone", 0.1)):
        with tempfile.TemporaryDirectory(prefix="justice-panel-") as name:
            rows = make(Path(name), units, seed, holes=holes)
            runs = in_turn(OURS, repeats=repeats, folder=name)
            r = {
                package: [said for _ in range(repeats) if (said := in_r(package, Path(name), rows))]
                for package in IN_R
            }
        found.append(Compared(title, rows, runs, r))
    return found


def recorded() -> dict[str, float]:
    """Seconds of plm and fixest by task, where the shared results are on this machine."""
    shared = Path(os.environ.get("JUSTICE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    file = shared / "golden" / RECORDED
    return dict(pd.read_csv(file).set_index("task")["compute_s"]) if file.is_file() else {}


def page(
    found: Sequence[Compared], *, command: str, load: tuple[float, float], repeats: int
) -> str:
    """Write what was measured, in Markdown."""
    libraries = ("justice-analysis", "linearmodels", "numpy", "scipy", "pandas")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in libraries)
    lines = [
        "# Two-way fixed effects with clustered errors",
        "",
        f"Measured on {time.strftime('%Y-%m-%d')} by `{command}` on random rows: no number is "
        "about a real person.",
        "",
        f"- Machine: {os.cpu_count()} cores, Python {platform.python_version()}; {versions}.",
        f"- Load average {load[0]:.1f} before, {load[1]:.1f} after. Where it is above the number "
        f"of cores, other programs slowed everyone: compare processor seconds. Best of {repeats} "
        "runs in turn, each a fresh process, reading the columns from files among it.",
        f"- Units seen in up to {PERIODS} periods, {len(COVARIATES)} covariates, effects of both, "
        "errors clustered by unit. Ours checks the rows too: missing values, repeated and single "
        "rows, covariates that are absorbed or combinations of others.",
        "- R is run in the same turn where it has plm and fixest. *R, recorded* is plm 2.6-2 and "
        "fixest 0.14.2 (R 4.2.2) on other random rows, 200,000, on a 2-core machine; one run "
        "each, within 20%. It was not run beside ours: its seconds by the clock stand over ours by "
        "the clock, and in the next column over ours of processor, which is about what ours takes "
        "on a machine with nothing else to do.",
    ]
    for one in found:
        lines += ["", f"## {one.rows:,} rows, {one.title}", "", *_table(one)]
    return "\n".join(lines) + "\n"


def _table(one: Compared) -> list[str]:
    best = {name: min(runs, key=lambda run: run.seconds) for name, runs in one.runs.items()}
    us, old = best["justice_analysis"], recorded()
    lines = [
        "| Contender | seconds | of processor | peak, GB | over ours | of processor | "
        "largest difference of slopes | goal | met |",
        "|---|---:|---:|---:|---:|---:|---:|---|---|",
    ]
    for name, run in best.items():
        apart = np.max(np.abs(np.array(run.result[:5]) - us.result[:5]))
        times = (run.seconds / us.seconds, run.cpu_seconds / us.cpu_seconds)
        lines.append(
            f"| {name} | {run.seconds:.3f} | {run.cpu_seconds:.3f} | {run.peak_gb:.2f} | "
            f"{times[0]:.1f} | {times[1]:.1f} | {apart:.0e} | | |"
        )
    goals = {"plm": ("faster", 1.0), "fixest": ("within twice its time", 0.5)}
    for package, runs in one.r.items():
        now = min(runs, default=None)
        is_same_size = one.rows == RECORDED_ROWS
        seconds = now[0] if now else old.get(IN_R[package]) if is_same_size else None
        if seconds is None:
            continue
        words, least = goals[package]
        by_clock, of_us = seconds / us.seconds, now[1] if now else seconds
        apart = f"{np.max(np.abs(np.array(now[2:7]) - us.result[:5])):.0e}" if now else ""
        met = _met(by_clock >= least, of_us / us.cpu_seconds >= least)
        lines.append(
            f"| R, {package}{'' if now else ', recorded'} | {seconds:.2f} | "
            f"{f'{now[1]:.2f}' if now else ''} | | {by_clock:.1f} | "
            f"{of_us / us.cpu_seconds:.1f} | {apart} | {words} | {met} |"
        )
    return lines


def _met(by_clock: bool, by_processor: bool) -> str:
    if by_clock == by_processor:
        return "yes" if by_clock else "no"
    return "by the clock alone" if by_clock else "by processor seconds alone"


def main() -> None:
    """Measure, and write the page."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.panel", description=__doc__)
    asked.add_argument("--units", type=int, default=10_000)
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    options = asked.parse_args()
    began = os.getloadavg()[0]
    found = compare(options.units, options.seed, options.repeats)
    command = f"python -m benchmarks.panel --units {options.units} --repeats {options.repeats}"
    load = (began, os.getloadavg()[0])
    text = page(found, command=command, load=load, repeats=options.repeats)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "panel.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
