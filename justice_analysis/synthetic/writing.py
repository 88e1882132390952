"""Put a finished world where it is wanted, and say what each of its extracts is."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from justice_analysis.synthetic.parameters import WorldParameters

NOTE = "Synthetic data: no row is about a real person, family or case."


def describe_extracts(
    folder: Path, datasets: tuple[str, ...], parameters: WorldParameters, seed: int
) -> None:
    """Write `extract.json` beside the files of each dataset."""
    for dataset in datasets:
        extract = {
            "dataset": dataset,
            "nature": "synthetic",
            "extract_date": parameters.extract_date,
            "seed": seed,
            "note": NOTE,
        }
        text = json.dumps(extract, indent=1) + "\n"
        (folder / dataset / "extract.json").write_text(text, encoding="utf-8")


def add_rows(totals: dict[str, int], rows: dict[str, int]) -> None:
    """Add the rows of one chunk to those before it."""
    for table, count in rows.items():
        totals[table] = totals.get(table, 0) + count


def put_in_place(building: Path, out: Path) -> None:
    """Rename the finished world; an older one is set aside first and removed last."""
    if not out.exists():
        building.rename(out)
        return
    aside = out.with_name(f".{out.name}.{os.getpid()}.replaced")
    out.rename(aside)
    building.rename(out)
    shutil.rmtree(aside)
