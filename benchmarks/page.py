"""The page of results: only what was measured in this run."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks.compare import Compared, disagreements
from benchmarks.measure import Run, Summary, summary

LIBRARIES = ("justice-analysis", "duckdb", "ibis-framework", "pandas", "pyarrow", "numpy", "scipy")
# Goals of the design for these sizes of machine.
LOAD_PER_REWRITE, METRIC_PER_SQL, PANDAS_PER_LOAD = 2.5, 1.5, 20.0
LOAD_PEAK_GB = 6.0
NOTES = "Where the time goes, and why: [notes by hand](where-time-goes.md), dated like their run."
TABLE_HEAD = (
    "| Contender | seconds: median | least | most | processor seconds | peak memory, GB | "
    "times justice_analysis | cores busy with other work |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)
READING = "reading and checking the delivered files"
STAGES = (
    (READING, ()),
    ("mapping to the common model", ()),
    ("who is who", ("who is who",)),
    ("making and writing the common tables", ("common tables",)),
    ("checking the common model", ("checking the common model",)),
    ("accounting for every row", ("accounting for every row",)),
    ("measuring quality", ("measuring quality",)),
)


def written(found: Compared) -> str:
    """Write the whole page."""
    parts = [
        f"# Benchmarks: {found.people:,} people",
        _how(found),
        *(["## Load", _load(found)] if found.load else []),
        "## Beside pandas",
        _beside_pandas(found),
        *(["## Recurrence"] if found.recurrence else []),
        *[_question(name, runs) for name, runs in found.recurrence.items()],
        "## Agreement",
        _agreement(found),
        "## Goals",
        _goals(found),
    ]
    return "\n\n".join(parts) + "\n"


def _how(found: Compared) -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    before, after = found.load_averages
    repeats = len(found.of_two["justice_analysis"])
    only = "" if found.load else " --only-pandas"
    rows = sum(found.rows.values())
    datasets = len({file.split("/")[0] for file in found.rows})
    return "\n".join(
        [
            f"Measured on {found.day.isoformat()} by `python -m benchmarks --people {found.people}"
            f" --repeats {repeats} --seed {found.seed}{only}` on synthetic data: no row is about "
            "a real person.",
            "",
            f"- Machine: {os.cpu_count()} cores, {_memory_gb():.0f} GB of memory, "
            f"{platform.system()}, Python {platform.python_version()}.",
            f"- Libraries: {versions}.",
            f"- Delivered: {rows:,} rows of {datasets} datasets in {len(found.rows)} Parquet "
            f"files, {found.delivered_gb * 1000:,.0f} MB.",
            f"- Load average of the machine: {before:.1f} before, {after:.1f} after. The last "
            "column of each table says how many cores other programs kept busy meanwhile. Where "
            "that is not near 0 the machine was shared: compare processor seconds first.",
            "- Each run is a fresh process; contenders take turns; seconds are of the call alone, "
            "without starting Python and imports. The files are in the page cache. DuckDB and "
            "justice_analysis use all cores, pandas one for most of its work.",
        ]
    )


def _memory_gb() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9


def _table(runs: Mapping[str, Sequence[Run]]) -> str:
    ours = summary(runs["justice_analysis"])
    return "\n".join([TABLE_HEAD, *(_row(name, summary(r), ours) for name, r in runs.items())])


def _row(name: str, one: Summary, ours: Summary) -> str:
    others = "not known" if one.others_cores is None else f"{one.others_cores:.1f}"
    cells = [
        name,
        f"{one.seconds:.2f}",
        f"{one.least:.2f}",
        f"{one.most:.2f}",
        f"{one.cpu_seconds:.2f}",
        f"{one.peak_gb:.2f}",
        f"{one.seconds / ours.seconds:.2f} ({one.cpu_seconds / ours.cpu_seconds:.2f} of processor)",
        others,
    ]
    return f"| {' | '.join(cells)} |"


def _load(found: Compared) -> str:
    ours = summary(found.load["justice_analysis"])
    rows = sum(found.rows.values())
    made = sum(found.load["justice_analysis"][-1].result["rows"].values())
    return "\n".join(
        [
            "From delivered Parquet to checked common tables on disk, with links, proceedings, "
            "conformity checks and the account of every row. `DuckDB rewrite` copies the same "
            "files row for row and checks nothing.",
            "",
            _table(found.load),
            "",
            f"justice_analysis reads {rows / ours.seconds:,.0f} delivered rows a second and "
            f"writes {made:,} common rows from {rows:,} delivered.",
            "",
            "Where its time goes (median of the runs):",
            "",
            "| Step | seconds | share |",
            "|---|---:|---:|",
            *_stages(found.load["justice_analysis"]),
        ]
    )


def _beside_pandas(found: Compared) -> str:
    """Say what stands beside the pandas version, and how they compare."""
    delivered = found.of_two["DuckDB rewrite"][-1].result["rows"]
    made = found.of_two["pandas"][-1].result["rows"]
    return "\n".join(
        [
            "Two datasets alone, `magistrates_defendant` and `cross_justice_linking`: "
            f"{sum(delivered.values()):,} delivered rows. `pandas` is "
            "`benchmarks/pandas_version/load.py`: the same contract checks, cleaning rules with "
            "their counts, people and common tables, vectorised with Arrow text, written as "
            f"Parquet ({sum(made.values()):,} rows) and checked. It keeps no ledger, no missing "
            "values by year and no fingerprint of files, which justice_analysis does. It holds "
            "everything in memory. `DuckDB rewrite` copies the same files and checks nothing.",
            "",
            _table(found.of_two),
        ]
    )


def _stages(runs: Sequence[Run]) -> Iterator[str]:
    spent = {name: median(_seconds(run, name) for run in runs) for name, _ in STAGES}
    whole = median(run.seconds for run in runs)
    spent["fingerprint of the files, opening, moving into place"] = max(
        0.0, whole - sum(spent.values())
    )
    for name, seconds in spent.items():
        yield f"| {name} | {seconds:.2f} | {seconds / whole:.0%} |"


def _seconds(run: Run, stage: str) -> float:
    return sum(seconds for step, seconds in run.result["steps"] if _stage(step) == stage)


def _stage(step: str) -> str | None:
    if step.endswith("to the common model"):
        return "mapping to the common model"
    if ": " in step:
        return READING
    return next((name for name, starts in STAGES if starts and step.startswith(starts)), None)


def _question(name: str, runs: Mapping[str, Sequence[Run]]) -> str:
    result = runs["justice_analysis"][-1].result
    five_years = next(row for row in result["estimates"] if row[0] == 1826)
    return "\n".join(
        [
            f"### {name.capitalize()}",
            "",
            f"{result['attrition'][-1]:,} mothers followed; {five_years[1]:.2%} return within "
            f"five years (95% interval {five_years[2]:.2%} to {five_years[3]:.2%}).",
            "",
            _table(runs),
        ]
    )


def _agreement(found: Compared) -> str:
    differing = disagreements(found)
    if differing:
        return "Contenders differ:\n\n" + "\n".join(f"- {one}." for one in differing)
    same_rows = (
        "justice_analysis and pandas give the same number of rows in each common table of the "
        "two datasets: "
        + ", ".join(f"{n:,} {t}" for t, n in found.of_two["pandas"][-1].result["rows"].items())
        + "."
    )
    if not found.recurrence:
        return same_rows
    return same_rows + (
        " All contenders give the same people at each step of the selection, the same counts of "
        "returns and censorings on every day, and the same estimates and intervals to nine digits."
    )


def _goals(found: Compared) -> str:
    lines = [*(_load_goals(found) if found.load else ()), _pandas_goal(found)]
    for question, runs in found.recurrence.items():
        us, by_hand = summary(runs["justice_analysis"]), summary(runs["SQL by hand"])
        lines.append(
            _goal(
                f"recurrence ({question}) beside SQL by hand",
                f"no more than {METRIC_PER_SQL} times",
                f"{us.seconds / by_hand.seconds:.1f} times "
                f"({us.cpu_seconds / by_hand.cpu_seconds:.1f} of processor)",
                us.seconds / by_hand.seconds <= METRIC_PER_SQL,
            )
        )
    head = ["| What | Goal | Seen | Met |", "|---|---|---|---|"]
    return "\n".join([*head, *lines, "", NOTES])


def _load_goals(found: Compared) -> list[str]:
    ours, rewrite = (summary(found.load[name]) for name in ("justice_analysis", "DuckDB rewrite"))
    return [
        _goal(
            "load beside a DuckDB rewrite of the same files",
            f"no more than {LOAD_PER_REWRITE} times",
            f"{ours.seconds / rewrite.seconds:.1f} times "
            f"({ours.cpu_seconds / rewrite.cpu_seconds:.1f} of processor)",
            ours.seconds / rewrite.seconds <= LOAD_PER_REWRITE,
        ),
        _goal(
            "peak memory of load",
            f"under {LOAD_PEAK_GB:.0f} GB at the whole country",
            f"{ours.peak_gb:.1f} GB at {found.people:,} people",
            None,
        ),
    ]


def _pandas_goal(found: Compared) -> str:
    ours, pandas = (summary(found.of_two[name]) for name in ("justice_analysis", "pandas"))
    times = pandas.seconds / ours.seconds
    return _goal(
        "load of two datasets beside the same rules in pandas",
        f"{PANDAS_PER_LOAD:.0f} times faster",
        f"{times:.1f} times ({pandas.cpu_seconds / ours.cpu_seconds:.1f} of processor)",
        times >= PANDAS_PER_LOAD,
    )


def _goal(what: str, goal: str, seen: str, met: bool | None) -> str:
    verdict = "not tested at that size" if met is None else "yes" if met else "no"
    return f"| {what} | {goal} | {seen} | {verdict} |"
