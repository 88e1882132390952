"""Real data as counts by day, and the results that others got from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture(scope="session")
def golden(shared_data: Path) -> Callable[[str], pd.DataFrame]:
    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(shared_data / "golden" / f"{name}.csv")

    return read


@pytest.fixture(scope="session")
def iowa_counts(shared_data: Path) -> pd.DataFrame:
    """One row per sex and day: `new`, `tech`, `n_censored`."""
    releases = pd.read_csv(shared_data / "iowa_releases.csv", dtype=str, keep_default_na=False)
    releases = releases[releases["Sex"] != ""]
    cause = releases["Recidivism Type"]
    days = pd.to_numeric(releases["Days to Return"], errors="coerce")
    rows = pd.DataFrame(
        {
            "sex": releases["Sex"],
            "duration_days": days.where(cause.isin(["New", "Tech"]), 1095).astype(int),
            "new": (cause == "New").astype(int),
            "tech": (cause == "Tech").astype(int),
            "n_censored": (~cause.isin(["New", "Tech"])).astype(int),
        }
    )
    return rows.groupby(["sex", "duration_days"], as_index=False).sum()


@pytest.fixture(scope="session")
def rossi_counts() -> pd.DataFrame:
    """One row per `fin`, `race` and week: `n_event`, `n_censored`."""
    from lifelines.datasets import load_rossi

    men = load_rossi()
    men = men.assign(duration_days=men["week"], n_event=men["arrest"], n_censored=1 - men["arrest"])
    columns = ["fin", "race", "duration_days", "n_event", "n_censored"]
    return men[columns].groupby(columns[:3], as_index=False).sum()
