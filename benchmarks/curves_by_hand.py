"""Kaplan-Meier from counts by day in plain NumPy: for the contenders that are not ours."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

HORIZONS = (365, 1095, 1826, 2556, 3652)
Z = 1.959963984540054


def outcome(attrition: Sequence[int], days: pd.DataFrame) -> dict[str, Any]:
    """What all contenders of a metric must agree on.

    Parameters
    ----------
    attrition
        People left at each step.
    days
        One row per day, in order, on which anyone left: `day`, `events`, `censored`.
    """
    return {
        "attrition": [int(people) for people in attrition],
        "counts_by_day": digest(days),
        "estimates": estimates(days),
    }


def digest(days: pd.DataFrame) -> str:
    """Equal only where the counts of every day are equal."""
    rows = days.loc[(days["events"] + days["censored"]) > 0, ["day", "events", "censored"]]
    return hashlib.sha256(rows.astype("int64").to_numpy().tobytes()).hexdigest()[:16]


def estimates(days: pd.DataFrame) -> list[list[float]]:
    """1 minus Kaplan-Meier at each horizon and the log-log interval of survival, to 9 digits."""
    events, leaving = days["events"].to_numpy(), (days["events"] + days["censored"]).to_numpy()
    at_risk = leaving.sum() - np.cumsum(leaving) + leaving
    left = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(np.where(events > 0, events / (at_risk * (at_risk - events)), 0))
        width = np.exp(Z * np.sqrt(greenwood) / np.log(left))
        rows = 1 - np.column_stack([left, left**width, left ** (1 / width)])
    places = np.searchsorted(days["day"].to_numpy(), HORIZONS, side="right") - 1
    return [
        [days_after, *np.round(rows[place], 9).tolist()]
        for days_after, place in zip(HORIZONS, places, strict=True)
    ]
