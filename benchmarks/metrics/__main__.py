"""Run each metric and its query by hand in turn, in one process; print a page in Markdown."""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.metrics.contenders import by_hand, differences, ours, queried
from justice_analysis import metrics  # noqa: F401 (so that no run pays for loading them)

GOAL = 1.5


@dataclass(frozen=True)
class Pair:
    """One metric: medians of its runs, by the clock and of processor, and what differs."""

    metric: str
    seconds: tuple[float, float]
    cpu_seconds: tuple[float, float]
    differs: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """How many times the query's seconds the package took."""
        return self.seconds[0] / self.seconds[1]

    @property
    def cpu_ratio(self) -> float:
        """The same of processor seconds, which other programs disturb less."""
        return self.cpu_seconds[0] / self.cpu_seconds[1]


def measured(folder: str, metric: str, *, repeats: int) -> Pair:
    """Run both in turn (A B A B ...), after one run of each that is not timed."""
    differs = differences(ours(folder, metric), by_hand(folder, metric))
    runs = [(_timed(ours, folder, metric), _timed(by_hand, folder, metric)) for _ in range(repeats)]
    clock = tuple(median(run[side][0] for run in runs) for side in (0, 1))
    cpu = tuple(median(run[side][1] for run in runs) for side in (0, 1))
    return Pair(metric, (clock[0], clock[1]), (cpu[0], cpu[1]), tuple(differs))


def _timed(call: Callable[[str, str], Any], folder: str, metric: str) -> tuple[float, float]:
    began, busy = time.perf_counter(), _cpu()
    call(folder, metric)
    return time.perf_counter() - began, _cpu() - busy


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def row(pair: Pair) -> str:
    """One line of the page's table."""
    ours_s, theirs_s = pair.seconds
    ours_cpu, theirs_cpu = pair.cpu_seconds
    return (
        f"| {pair.metric} | {ours_s:.2f} | {theirs_s:.2f} | {pair.ratio:.1f} | {ours_cpu:.2f} "
        f"| {theirs_cpu:.2f} | {pair.cpu_ratio:.1f} | {'; '.join(pair.differs) or 'the same'} |"
    )


def main() -> None:
    """Measure the metrics that are named, or all that have a query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", help="folder of a loaded warehouse")
    parser.add_argument("metrics", nargs="*", help="metrics to measure; none: all with a query")
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    print("| metric | package, s | SQL, s | ratio | package, cpu s | SQL, cpu s | ratio | result |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    pairs = []
    for metric in chosen.metrics or queried():
        pairs.append(measured(chosen.warehouse, metric, repeats=chosen.repeats))
        print(row(pairs[-1]), flush=True)
    within = sum(pair.ratio <= GOAL for pair in pairs)
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"\n{within} of {len(pairs)} within {GOAL} times, by the clock. Load averages: {load}.")
    if wrong := [pair.metric for pair in pairs if pair.differs]:
        raise SystemExit(f"results differ: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
