"""How well planted truth is recovered on a large synthetic world, as a page of the book.

python -m benchmarks.recovery --people 200000 --page book/recovery.md
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
from pathlib import Path

import pandas as pd

from justice_analysis import metrics, synthetic, warehouse
from justice_analysis.sources.extract import read_extract

DATASETS = ("cafcass_england", "family_court", "cross_justice_linking")
WINDOW = {"index_from": "2008-04-01", "index_to": "2018-04-01"}
HEAD = """# How well is planted truth recovered?

*Synthetic data. No number on this page is a finding.*

A world of {people:,} simulated people (seed {seed}) was made with planted chances of return,
delivered with all its mess (duplicates, wrong centuries, missed and false links), loaded, and
measured by [recurrence](definitions/recurrence.md) for mothers with a first set issued from
1 April 2008 to 31 March 2018. Made on {day} with

    python -m benchmarks.recovery --people {people} --seed {seed} --page book/recovery.md

Of {rows} measured shares, {within} have a 95% interval that holds the planted share; the largest
difference is {worst:.1f} standard errors. That is within sampling error.

| Group | Years | Mothers | Planted | True | Measured | 95% interval | Standard errors |
|---|--:|--:|--:|--:|--:|---|--:|
"""


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


def page(table: pd.DataFrame, *, people: int, seed: int) -> str:
    """Write the table as a page; says "within sampling error" only where it is."""
    worst = table["standard_errors"].abs().max()
    head = HEAD if worst < 3 else HEAD.replace("That is within", "That is not within")
    rows = [
        f"| {row.group} | {round(row.horizon_days / 365.25)} | {row.people:,} | {row.planted:.3f} "
        f"| {row.estimate_true:.3f} | {row.estimate:.3f} | {row.lower:.3f} to {row.upper:.3f} "
        f"| {row.standard_errors:+.1f} |"
        for row in table.itertuples()
    ]
    facts = {
        "people": people,
        "seed": seed,
        "day": f"{datetime.date.today():%-d %B %Y}",
        "rows": len(table),
        "within": int(table["is_within"].sum()),
        "worst": worst,
    }
    return head.format(**facts) + "\n".join(rows) + "\n"


def main() -> None:
    """Make the world, measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    text = page(recovered(asked.people, asked.seed), people=asked.people, seed=asked.seed)
    if asked.page:
        asked.page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
