"""Running a function in a fresh process, and what it took: time, processor time, memory."""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """One run of one contender.

    Attributes
    ----------
    seconds, cpu_seconds
        By the clock, and user and system time of all threads; of the call alone, without
        starting Python and imports.
    peak_gb
        Most memory that the process held, in units of 10^9 bytes.
    others_cores
        Cores that everything else on the machine kept busy meanwhile, on average.
    result
        What the function returned, as plain types.
    """

    seconds: float
    cpu_seconds: float
    peak_gb: float
    others_cores: float | None
    result: Any


@dataclass(frozen=True)
class Summary:
    """Runs of one contender: medians, and the least and the most seconds."""

    seconds: float
    least: float
    most: float
    cpu_seconds: float
    peak_gb: float
    others_cores: float | None
    repeats: int


def summary(runs: Sequence[Run]) -> Summary:
    """Put the runs of one contender together."""
    seconds = [run.seconds for run in runs]
    others = [run.others_cores for run in runs if run.others_cores is not None]
    return Summary(
        seconds=median(seconds),
        least=min(seconds),
        most=max(seconds),
        cpu_seconds=median(run.cpu_seconds for run in runs),
        peak_gb=median(run.peak_gb for run in runs),
        others_cores=median(others) if others else None,
        repeats=len(runs),
    )


def run_once(function: str, **arguments: str) -> Run:
    """Run `module:function` with text arguments in a fresh Python process."""
    command = [sys.executable, "-m", "benchmarks.measure", function, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def in_turn(
    contenders: Mapping[str, str], *, repeats: int, **arguments: str
) -> dict[str, list[Run]]:
    """Run contenders one after the other (A B C A B C ...), so that all meet the same machine."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for number in range(1, repeats + 1):
        for name, function in contenders.items():
            runs[name].append(run_once(function, **arguments))
            took = runs[name][-1]
            print(
                f"run {number} of {repeats}: {name}: {took.seconds:.2f} s, "
                f"{took.cpu_seconds:.2f} s of processor, {took.peak_gb:.2f} GB",
                flush=True,
            )
    return runs


def _measured(function: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Call the function here; everything it imports is loaded first."""
    module, name = function.split(":")
    call = getattr(importlib.import_module(module), name)
    busy, own, began = _busy_seconds(), _cpu_seconds(), time.perf_counter()
    result = call(**arguments)
    seconds = time.perf_counter() - began
    cpu_seconds = _cpu_seconds() - own
    others = None
    if busy is not None:
        others = max(0.0, _busy_seconds() - busy - cpu_seconds) / seconds
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_gb": _peak_bytes() / 1e9,
        "others_cores": others,
        "result": result,
    }


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_bytes() -> int:
    """Highest resident memory; `ru_maxrss` may be that of the process that started this one."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _busy_seconds() -> Any:
    """Processor seconds of the whole machine since it started; None where it does not say."""
    stat = Path("/proc/stat")
    if not stat.is_file():
        return None
    user, nice, system, _, _, irq, soft_irq, *_ = map(int, stat.read_text().split()[1:9])
    return (user + nice + system + irq + soft_irq) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1], json.loads(sys.argv[2]))))
