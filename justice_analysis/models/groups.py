"""Tidy tables of counts in, tidy tables of curves out: one curve per group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from justice_analysis.errors import UsageError, listed
from justice_analysis.models.aalen_johansen import aalen_johansen
from justice_analysis.models.counts import Counts, daily_counts
from justice_analysis.models.curves import Curve, Estimates, at_times
from justice_analysis.models.kaplan_meier import Confidence, kaplan_meier

if TYPE_CHECKING:
    import pandas as pd

Measure = Literal["survival", "incidence"]


def counts_by_group(
    counts: pd.DataFrame,
    groups: Sequence[str] = (),
    *,
    time: str = "duration_days",
    events: str | Sequence[str] = "n_event",
    censored: str = "n_censored",
    entered: str | None = None,
) -> dict[tuple[object, ...], Counts]:
    """Split a tidy table of counts into the counts of each group, for the tests and curves.

    Parameters
    ----------
    counts
        One row per group and day (rows of one day are added up).
    groups
        Columns that name the group; none for everyone together. A missing label is a group.
    time, events, censored, entered
        Columns: whole days, people with an event (one column per cause), people whose
        observation ends without one, people who join late.

    Returns
    -------
    dict
        Group labels, in the order of `groups`, to counts; groups in the order they appear.

    Raises
    ------
    UsageError
        If a column is not there. Others as `daily_counts`.
    """
    causes = (events,) if isinstance(events, str) else tuple(events)
    needed = [*groups, time, *causes, censored, *([entered] if entered else [])]
    absent = [f"column {name} is not in the counts." for name in needed if name not in counts]
    if absent:
        raise UsageError(listed(absent))
    parts = counts.groupby(list(groups), sort=False, dropna=False) if groups else [((), counts)]
    return {
        label if isinstance(label, tuple) else (label,): daily_counts(
            part[time].to_numpy(),
            part[list(causes)].to_numpy(),
            part[censored].to_numpy(),
            entered=part[entered].to_numpy() if entered else None,
            causes=causes,
        )
        for label, part in parts
    }


def curves_by_group(
    counts: pd.DataFrame,
    groups: Sequence[str] = (),
    *,
    time: str = "duration_days",
    events: str | Sequence[str] = "n_event",
    censored: str = "n_censored",
    entered: str | None = None,
    measure: Measure = "survival",
    at: Sequence[int] | None = None,
    beyond: Literal["refuse", "missing"] = "refuse",
    confidence: Confidence = "log-log",
    variance: Literal["aalen", "greenwood"] = "aalen",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate one curve per group: Kaplan-Meier for one event, Aalen-Johansen for several.

    Parameters
    ----------
    counts, groups, time, events, censored, entered
        As in `counts_by_group`; several columns of events are competing causes.
    measure
        For one event: "survival" (share without it) or "incidence" (one less survival).
        Competing causes always give incidence.
    at, beyond
        Days to read the curves at, and what to do with those beyond a group's follow-up, as in
        `at_times`. Without `at`, every day with counts, after a row for day 0.
    confidence, variance, level
        As in `kaplan_meier` and `aalen_johansen`.

    Returns
    -------
    DataFrame
        One row per group, cause (only with several) and day: the group columns, `cause`, the
        time column, `at_risk_count` (just before the day's events; on the added day 0 all who
        start), `cumulative_event_count`, `people_count` (ever observed, the same on all rows of
        a group), `survival` or `incidence`, `standard_error`, `lower`, `upper`.
    """
    import pandas as pd

    by_group = counts_by_group(
        counts, groups, time=time, events=events, censored=censored, entered=entered
    )
    is_competing = not isinstance(events, str) and len(events) > 1
    value = "incidence" if is_competing else measure
    if value not in ("survival", "incidence"):
        raise UsageError('measure must be "survival" or "incidence".')
    tables = []
    for label, group in by_group.items():
        curve: Curve = (
            aalen_johansen(group, variance=variance, level=level)
            if is_competing
            else kaplan_meier(group, confidence=confidence, level=level)
        )
        days = np.asarray(at) if at is not None else np.union1d([0], group.time)
        read = at_times(curve, days, beyond=beyond)
        tables += _tidy(read, dict(zip(groups, label, strict=True)), group, time, value)
    return pd.concat(tables, ignore_index=True)


def _tidy(
    read: Estimates, labels: dict[str, object], group: Counts, time: str, value: str
) -> list[pd.DataFrame]:
    """One table per cause, in the order of the causes."""
    import pandas as pd

    tables = []
    for cause, column in enumerate(group.causes):
        shares = (read.estimate, read.variance, read.lower, read.upper)
        estimate, variance, lower, upper = (_column(share, cause) for share in shares)
        if read.estimate.ndim == 1 and value == "incidence":
            estimate, lower, upper = 1.0 - estimate, 1.0 - upper, 1.0 - lower
        columns = {
            **labels,
            **({"cause": column} if len(group.causes) > 1 else {}),
            time: read.time,
            "at_risk_count": read.at_risk,
            "cumulative_event_count": _column(read.cumulative_events, cause),
            "people_count": read.people,
            value: estimate,
            "standard_error": np.sqrt(variance),
            "lower": lower,
            "upper": upper,
        }
        tables.append(pd.DataFrame(columns))
    return tables


def _column(values: np.ndarray, cause: int) -> np.ndarray:
    return values[:, cause] if values.ndim == 2 else values
