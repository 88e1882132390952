"""Where and since when published series of waits and caseloads grew, each against itself.

A published series has one number a quarter and no cases behind it, so that the spread of its
numbers stands in for that of cases: a stretch must stand out from how the series moves between
one quarter and the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.errors import MetricError
from justice_analysis.metrics.journeys.slow_stretches import Scan, Stretch, slow_stretches

if TYPE_CHECKING:
    import pandas as pd

EDGES = 2
"""Largest changes left out: a stretch has two edges."""
LEAST_PERIODS = 8
STILL = "still at the end of the data"
NAMES = ("series", "since", "until", "since_earliest", "since_latest", "ratio", "lower", "upper",
         "p_value", "looked_at")  # fmt: skip
Z_95 = 1.959964


def series_growth(
    table: pd.DataFrame, *, period: str, series: Sequence[str], rule: Scan | None = None
) -> pd.DataFrame:
    """Find the stretch of periods in which each series stood most above its own other periods.

    Parameters
    ----------
    table
        One row per period, in order of time: its label in `period`, numbers above 0 in `series`.
    rule
        How stretches are looked for; its level is shared between the series, and its numbers of
        cases inside and outside are numbers of periods.

    Returns
    -------
    DataFrame
        One row per series with one: `series`, `since`, `until` (first period after it, or that it
        lasts), `since_earliest` and `since_latest` (starts supported about as well), `ratio` of
        the geometric mean inside to that of the other periods, `lower`, `upper` (95%),
        `p_value`, `looked_at` (series). None, where no series stands out.

    Raises
    ------
    MetricError
        If a series has fewer than 8 periods, or numbers that are missing or not above 0.

    Notes
    -----
    The variance of one number is half that of the changes of its logarithm, the two largest left
    out, as if quarters varied apart from each other. Where a series drifts it is too small, so
    that chance is too: read since when and by how much, and take the p-value as a bound from
    below.
    """
    _refuse_unusable(table, series)
    rule = rule or Scan(least_inside=2, least_outside=4, most=1)
    shared = Scan(**{**vars(rule), "level": rule.level / len(series)})
    labels = [str(label) for label in table[period]]
    rows = []
    for name in series:
        logs = np.log(table[name].to_numpy(dtype=np.float64))
        spread = _spread(logs)
        ones = np.ones((1, len(logs)))
        found = slow_stretches(
            ones, (logs - logs.mean())[None, :], np.full(len(logs), spread), shared,
            steady=False,
        )  # fmt: skip
        rows += [_row(name, labels, logs, spread, one, len(series)) for one in found]
    return _table(rows)


def _refuse_unusable(table: pd.DataFrame, series: Sequence[str]) -> None:
    if not series or len(table) < LEAST_PERIODS:
        raise MetricError(
            f"series_growth needs at least one series of {LEAST_PERIODS} periods: there are "
            f"{len(series)} series of {len(table)} periods."
        )
    wrong = int(sum((~(table[name].astype(float) > 0)).sum() for name in series))
    if wrong:
        raise MetricError(
            f"series must be above 0 in each period: {wrong:,} numbers are not, or are missing. "
            "Leave those periods out."
        )


def _spread(logs: np.ndarray) -> float:
    """Variance of one number, from the changes between neighbours without the largest few.

    The mean square of what is left of normal changes is smaller by a known factor.
    """
    from scipy.special import chdtr, chdtri

    changes = np.diff(logs)
    squares = np.sort((changes - np.median(changes)) ** 2)[:-EDGES]
    kept = len(squares) / len(changes)
    factor = float(chdtr(3, chdtri(1, 1 - kept))) / kept
    return max(float(squares.mean()) / factor / 2, 1e-12)


def _row(
    name: str, labels: list[str], logs: np.ndarray, spread: float, one: Stretch, looked_at: int
) -> dict[str, object]:
    inside = np.zeros(len(logs), dtype=bool)
    inside[one.start : one.end] = True
    difference = float(logs[inside].mean() - logs[~inside].mean())
    margin = Z_95 * float(np.sqrt(spread * (1 / inside.sum() + 1 / (~inside).sum())))
    return {
        "series": name,
        "since": labels[one.start],
        "until": labels[one.end] if one.end < len(labels) else STILL,
        "since_earliest": labels[one.earliest],
        "since_latest": labels[one.latest],
        "ratio": float(np.exp(difference)),
        "lower": float(np.exp(difference - margin)),
        "upper": float(np.exp(difference + margin)),
        "p_value": one.p_value,
        "looked_at": looked_at,
    }


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(NAMES))
