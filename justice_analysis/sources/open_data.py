"""Open datasets that travel with a library rather than as a file."""

from __future__ import annotations

import json
from pathlib import Path

from justice_analysis.sources.extract import DESCRIPTION_FILE


def write_rossi(folder: Path | str) -> Path:
    """Write the Rossi recidivism data as an extract: `men.csv` and `extract.json`.

    Parameters
    ----------
    folder
        Made if it does not exist.

    Returns
    -------
    Path
        The folder, ready for `read_extract`.

    Notes
    -----
    One row per man released from Maryland prisons, 432 men followed for 52 weeks. Rossi, Berk
    and Lenihan, Money, Work, and Crime (1980), as carried by lifelines.
    """
    from lifelines.datasets import load_rossi

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    load_rossi().to_csv(folder / "men.csv", index=False)
    description = {"dataset": "rossi", "nature": "open", "note": "As carried by lifelines."}
    (folder / DESCRIPTION_FILE).write_text(json.dumps(description, indent=2) + "\n", "utf-8")
    return folder
