"""`python -m benchmarks.suppression`: cells hidden beside the fewest possible, and seconds."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.suppression_tables import table
from justice_analysis.disclosure.suppression import Problem, suppress

RESULTS = Path(__file__).parent / "results"
KINDS = (
    "119",
    "96 in 20",
    "5 x 9",
    "9 x 11",
    "9 in 3 x 7",
    "18 in 5 x 4",
    "3 x 4 x 4",
    "3 x 4 x 5",
)
LARGER = ("15 x 20", "5 x 6 x 6", "20 x 28", "7 x 7 x 8", "60 in 9 x 12", "30 x 60")
PATIENCE = 20


def main() -> None:
    """Measure, print and write the page."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.suppression", description=__doc__)
    asked.add_argument("--seeds", type=int, default=2)
    asked.add_argument("--out", type=Path, default=RESULTS / "suppression.md")
    options = asked.parse_args()
    load = os.getloadavg()[0]
    near = pd.DataFrame(beside_exact(options.seeds))
    large = pd.DataFrame(larger(1))
    text = page(near, large, options.seeds, (load, os.getloadavg()[0]))
    print(text)
    options.out.write_text(text, encoding="utf-8")


def beside_exact(seeds: int) -> Iterator[dict[str, object]]:
    """Yield one row a table of up to 120 cells."""
    for kind in KINDS:
        for people in (False, True):
            for small in (0.1, 0.3):
                for seed in range(seeds):
                    problem = table(kind, np.random.default_rng(seed), small=small, people=people)
                    row = {"table": kind, "cells": problem.cells, "cost": "people" * people or "1"}
                    yield {**row, **contest(problem)}


def contest(problem: Problem) -> dict[str, object]:
    """Hide by the heuristic alone, as usual, and until nothing better can be."""
    row: dict[str, object] = {"first": float(problem.cost[problem.fixed_hidden].sum())}
    for name, patience, seconds in (
        ("heuristic", 0, 30),
        ("usual", 1, 30),
        ("exact", PATIENCE, 300),
    ):
        start = time.process_time()
        found = suppress(problem, patience=patience, seconds=seconds)
        row[f"{name} s"] = time.process_time() - start
        row[name] = float(problem.cost[found.hidden].sum())
        row[f"{name} by"] = found.method
        assert found.audited
    return row


def larger(seeds: int) -> Iterator[dict[str, object]]:
    """Yield one row a larger table: seconds alone."""
    for kind in LARGER:
        for seed in range(seeds):
            problem = table(kind, np.random.default_rng(seed), small=0.15, people=True)
            start = time.process_time()
            found = suppress(problem)
            assert found.audited
            yield {
                "table": kind,
                "cells": problem.cells,
                "protected": len(problem.protected),
                "further": int((found.hidden & ~problem.fixed_hidden).sum()),
                "by": found.method,
                "s": time.process_time() - start,
            }


def page(near: pd.DataFrame, large: pd.DataFrame, seeds: int, load: tuple[float, float]) -> str:
    """Write what was measured, in Markdown."""
    lines = [
        "# Suppression: hidden beside the least possible",
        "",
        f"Measured on {time.strftime('%Y-%m-%d')} by `python -m benchmarks.suppression --seeds "
        f"{seeds}` on random tables with all margins: no number is about a real person.",
        "",
        f"- Machine: {os.cpu_count()} cores, Python {platform.python_version()}; load average "
        f"{load[0]:.1f} before, {load[1]:.1f} after, so seconds are those of the processor.",
        "- Inner counts are under 10 with probability 0.1 or 0.3, else 10 to 199; every count "
        "under 10 is hidden, and must be able to be 0 and 10.",
        '- "9 in 3 x 7" crosses 9 groups, which lie in 3 larger ones, with 7 groups.',
        "- Heuristic: patience 0. Usual: the default. Exact: the usual route with "
        f"{PATIENCE} times its rounds and 300 seconds; tables whose optimum it could not prove "
        "are counted and left out of the comparison.",
        "- All hidden cells count, those under 10 too. Cost is 1 a cell, or the people in it.",
        "",
        "| table | cells | cost | tables | exact proved | hidden, exact | heuristic above it "
        "| worst | usual above it | worst | usual also exact "
        "| heuristic s | usual s | most |",
        "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (kind, cells, cost), rows in near.groupby(["table", "cells", "cost"], sort=False):
        lines.append(f"| {kind} | {cells} | {cost} |" + _line(rows))
    for cost, rows in near.groupby("cost"):
        lines.append(f"| all | | {cost} |" + _line(rows))
    lines += [
        "",
        "## Larger tables",
        "",
        "Probability of a count under 10: 0.15; cost: people. Above 350 cells the heuristic alone.",
        "",
        "| table | cells | protected | further hidden | found by | seconds |",
        "|---|---:|---:|---:|---|---:|",
    ]
    for row in large.to_dict("records"):
        lines.append(
            f"| {row['table']} | {row['cells']:,} | {row['protected']:,} | {row['further']:,} "
            f"| {row['by']} | {row['s']:.1f} |"
        )
    return "\n".join(lines) + "\n"


def _line(rows: pd.DataFrame) -> str:
    proved = rows[rows["exact by"].isin(["exact", "none needed"])]
    least = proved["exact"]
    above = {name: proved[name] / least - 1 for name in ("heuristic", "usual")}
    total = {name: proved[name].sum() / least.sum() - 1 for name in above}
    same = proved["usual by"].isin(["exact", "none needed"]).sum()
    return (
        f" {len(rows)} | {len(proved)} | {least.sum():,.0f} "
        f"| {total['heuristic']:.1%} | {above['heuristic'].max():.1%} "
        f"| {total['usual']:.1%} | {above['usual'].max():.1%} | {same} "
        f"| {rows['heuristic s'].mean():.2f} | {rows['usual s'].mean():.2f} "
        f"| {rows['usual s'].max():.1f} |"
    )


if __name__ == "__main__":
    main()
