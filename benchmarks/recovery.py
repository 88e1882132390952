"""How well planted truth is recovered on a large synthetic world, as a page of the book.

python -m benchmarks.recovery --page book/recovery.md
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from justice_analysis import metrics, synthetic, warehouse
from justice_analysis.sources.extract import read_extract

DATASETS = ("cafcass_england", "family_court", "cross_justice_linking")
WINDOW = {"index_from": "2008-04-01", "index_to": "2018-04-01"}
HEAD = """---
synthetic: true
kind: "Method page"
---

# How well is planted truth recovered?

What was planted in a synthetic world, what came true, and what is measured.

Worlds of {people:,} simulated people were made with planted chances of return, delivered with all
their mess (duplicates, wrong centuries, missed and false links), loaded, and measured by
[recurrence](definitions/recurrence.md) for mothers with a first set issued from 1 April 2008 to
31 March 2018. Made on {day} with

    python -m benchmarks.recovery --people {people} --seeds {seeds} --page book/recovery.md

{verdict}

Two things lie between planted and measured. What came true differs from what was planted by the
chance of making one world. What is measured differs from what came true by the mess and by wrong
links: the last column of the first table. A 95% interval should hold the planted share in about 19
of 20 rows, over many worlds; shares of one group at several horizons rise and fall together, so a
single world may be far from that average.

## Each world

| Seed | Shares | Interval holds planted | Most standard errors from planted | Points from true |
|--:|--:|--:|--:|--:|
{worlds}

## The first of them, share by share

| Group | Years | Mothers | Planted | True | Measured | 95% interval | Standard errors |
|---|--:|--:|--:|--:|--:|---|--:|
{shares}
"""
FAR = 3.3  # standard errors that one share in a thousand exceeds by chance


def recovered(people: int, seed: int) -> pd.DataFrame:
    """Planted, true and measured shares, overall and by age; one row per group and horizon."""
    with tempfile.TemporaryDirectory() as scratch:
        world = Path(scratch) / "world"
        synthetic.synthesise(people, seed, world)
        extracts = [read_extract(world / name) for name in DATASETS]
        loaded = warehouse.load(extracts, Path(scratch) / "warehouse")
        tables = [
            metrics.recovery(loaded, world / "truth", by=by, **WINDOW).table
            for by in (None, "age_band")
        ]
    return pd.concat(tables, ignore_index=True)


def page(tables: dict[int, pd.DataFrame], *, people: int) -> str:
    """Write the page; it says "within sampling error" only where that is so."""
    worst = max(table["standard_errors"].abs().max() for table in tables.values())
    is_within = "is" if worst < FAR else "is not"
    facts = {
        "people": people,
        "day": f"{datetime.date.today():%-d %B %Y}",
        "seeds": " ".join(map(str, tables)),
        "verdict": f"The largest difference is {worst:.1f} standard errors: recovery {is_within} "
        "within sampling error, overall and by age.",
        "worlds": "\n".join(_world(seed, table) for seed, table in tables.items()),
        "shares": "\n".join(map(_share, next(iter(tables.values())).itertuples())),
    }
    return HEAD.format(**facts)


def _world(seed: int, table: pd.DataFrame) -> str:
    worst = table["standard_errors"].abs().max()
    apart = (table["estimate"] - table["estimate_true"]).abs().max() * 100
    return f"| {seed} | {len(table)} | {table['is_within'].sum()} | {worst:.1f} | {apart:.2f} |"


def _share(row: Any) -> str:
    return (
        f"| {row.group} | {round(row.horizon_days / 365.25)} | {row.people:,} | {row.planted:.3f} "
        f"| {row.estimate_true:.3f} | {row.estimate:.3f} | {row.lower:.3f} to {row.upper:.3f} "
        f"| {row.standard_errors:+.1f} |"
    )


def main() -> None:
    """Make the worlds, measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    tables = {seed: recovered(asked.people, seed) for seed in asked.seeds}
    text = page(tables, people=asked.people)
    if asked.page:
        asked.page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
