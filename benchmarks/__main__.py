"""`python -m benchmarks`: measure load and recurrence side by side, and write what was seen."""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
from pathlib import Path

from benchmarks import compare, page
from benchmarks.measure import ROOT


def main() -> None:
    """Make a synthetic world, run every contender in turn and write the page."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("--people", type=int, default=1_000_000)
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    asked.add_argument(
        "--only-pandas",
        action="store_true",
        help="measure only the load of the two datasets that the pandas version loads",
    )
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="justice-benchmarks-") as folder:
        found = compare.compare(
            Path(folder),
            people=options.people,
            seed=options.seed,
            repeats=options.repeats,
            only_pandas=options.only_pandas,
        )
    name = "beside-pandas" if options.only_pandas else "run"
    options.out.mkdir(parents=True, exist_ok=True)
    record = json.dumps(dataclasses.asdict(found), indent=1, default=str)
    (options.out / f"{name}.json").write_text(record + "\n", encoding="utf-8")
    (options.out / f"{name}.md").write_text(page.written(found), encoding="utf-8")
    print(f"written: {options.out / name}.md")


if __name__ == "__main__":
    main()
