"""How often a 95% interval holds the planted truth, over many small synthetic worlds.

python -m benchmarks.coverage --seeds 200 --page benchmarks/results/coverage.md
"""

from __future__ import annotations

import argparse
import datetime
import functools
import multiprocessing
import tempfile
from pathlib import Path

import pandas as pd

from justice_analysis import metrics, models, synthetic, warehouse
from justice_analysis.metrics import year_days
from justice_analysis.sources.extract import read_extract

DATASETS = ("cafcass_england",)
COMMAND = "python -m benchmarks.coverage --seeds {} --messy-seeds {} --people {} --page {}"
PAGE = "benchmarks/results/coverage.md"
WINDOW = {"index_from": "2008-04-01", "index_to": "2018-04-01"}
YEARS = (1, 3, 5, 7)
PARENTS = ("mother", "father")
GOAL = (0.93, 0.97)
HEAD = """# Coverage of 95% intervals

The share of nominal 95% intervals that hold the planted chance of return, over {seeds} clean and
{messy} messy synthetic worlds of {people:,} people each (seeds from 1; about {mothers:,} mothers
and {fathers:,} fathers a world). Metric: recurrence, first sets
issued from 1 April 2008 to 31 March 2018, log-log intervals. Made on {day} with

    {command}

*Clean* worlds have no mess and no wrong links: what is left is chance, which is what an interval
covers. *Messy* worlds are delivered with duplicates, misrecorded roles, missed and false links:
what an interval holds there is chance and mess together, and no interval claims to cover mess.
Shares at several years are of the same mothers: they rise and fall together.

The column "95% for the share" says how far chance among the worlds may move a share of intervals
(Wilson). "Mean error" is the mean over worlds of measured minus planted, in points.

{verdict}

| Whose | Years | Planted | Clean: share of intervals | 95% for the share | Mean error | Messy: \
share of intervals | 95% for the share | Mean error |
|---|--:|--:|--:|---|--:|--:|---|--:|
{rows}
"""


def covered(seed: int, *, people: int, clean: bool) -> pd.DataFrame:
    """Planted and measured shares of one world; one row per parent and horizon."""
    with tempfile.TemporaryDirectory() as scratch:
        world = Path(scratch) / "world"
        synthetic.synthesise(people, seed, world, clean=clean)
        extracts = [read_extract(world / name) for name in DATASETS]
        loaded = warehouse.load(extracts, Path(scratch) / "warehouse")
        tables = [
            metrics.recovery(loaded, world / "truth", parent=parent, **WINDOW).table.assign(
                parent=parent
            )
            for parent in PARENTS
        ]
    rows = pd.concat(tables, ignore_index=True).assign(seed=seed, clean=clean)
    kept = rows["horizon_days"].isin([year_days(years) for years in YEARS])
    columns = ["parent", "horizon_days", "people", "planted", "estimate", "lower", "upper"]
    return rows.loc[kept, ["seed", "clean", *columns, "is_within"]]


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of intervals that hold what was planted; one row per parent, horizon and cleanness."""
    errors = rows.assign(error=rows["estimate"] - rows["planted"])
    grouped = errors.groupby(["parent", "horizon_days", "clean"], as_index=False)
    found = grouped.agg(
        worlds=("is_within", "size"),
        holding=("is_within", "sum"),
        planted=("planted", "first"),
        error=("error", "mean"),
    )
    interval = models.wilson(found["holding"], found["worlds"])
    return found.assign(share=interval.estimate, lower=interval.lower, upper=interval.upper)


def page(rows: pd.DataFrame, *, people: int) -> str:
    """Write the table; the verdict is what the numbers say."""
    found = summary(rows)
    mean_people = rows.groupby("parent")["people"].mean()
    clean, messy = (rows.loc[rows["clean"] == one, "seed"].nunique() for one in (True, False))
    return HEAD.format(
        seeds=clean,
        messy=messy,
        people=people,
        command=COMMAND.format(clean, messy, people, PAGE),
        mothers=round(mean_people["mother"]),
        fathers=round(mean_people["father"]),
        day=f"{datetime.date.today():%-d %B %Y}",
        verdict=_verdict(found[found["clean"]]),
        rows="\n".join(_lines(found)),
    )


def _verdict(clean: pd.DataFrame) -> str:
    low, high = GOAL
    within = int(clean["share"].between(low, high).sum())
    excluded = int(((clean["upper"] < low) | (clean["lower"] > high)).sum())
    pooled = clean["holding"].sum() / clean["worlds"].sum()
    return (
        f"In clean worlds {within} of {len(clean)} shares lie between {low:.0%} and {high:.0%}, "
        f"and {pooled:.1%} of all intervals hold the planted chance. Chance among the worlds "
        f"excludes a coverage of {low:.0%} to {high:.0%} for {excluded} of them."
    )


def _lines(found: pd.DataFrame) -> list[str]:
    lines = []
    for (parent, days), rows in found.groupby(["parent", "horizon_days"], sort=False):
        by = {bool(row.clean): row for row in rows.itertuples()}
        cells = [f"{parent}s", str(round(days / 365.25)), f"{by[True].planted:.3f}"]
        for clean in (True, False):
            row = by[clean]
            cells += [
                f"{row.share:.1%}",
                f"{row.lower:.1%} to {row.upper:.1%}",
                f"{100 * row.error:+.2f}",
            ]
        lines.append(f"| {' | '.join(cells)} |")
    return sorted(lines, key=lambda line: "fathers" in line)


def _one(world: tuple[int, bool], *, people: int) -> pd.DataFrame:
    seed, clean = world
    return covered(seed, people=people, clean=clean)


def main() -> None:
    """Make the worlds, measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=12_000)
    parser.add_argument("--seeds", type=int, default=200, help="clean worlds: 1 to this")
    parser.add_argument("--messy-seeds", type=int, help="messy worlds; as many unless told")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--rows", type=Path, help="keep every world's shares in this CSV file")
    asked = parser.parse_args()
    messy = asked.seeds if asked.messy_seeds is None else asked.messy_seeds
    worlds = [(seed, True) for seed in range(1, asked.seeds + 1)]
    worlds += [(seed, False) for seed in range(1, messy + 1)]
    found = []
    with multiprocessing.get_context("spawn").Pool(asked.jobs) as pool:
        for rows in pool.imap_unordered(functools.partial(_one, people=asked.people), worlds):
            found.append(rows)
            print(f"{len(found)} of {len(worlds)} worlds", flush=True)
            if asked.rows:
                pd.concat(found, ignore_index=True).to_csv(asked.rows, index=False)
    text = page(pd.concat(found, ignore_index=True), people=asked.people)
    if asked.page:
        asked.page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
