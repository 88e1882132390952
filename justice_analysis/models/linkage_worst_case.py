"""How far wrong links can move a share or survival if nothing is known of whom they concern.

No independence: at most so many of the people counted have a missed link and at most so many a
false one, whoever they are. Derived in the appendix of `book/linkage-error.md`.
"""

from __future__ import annotations

import numpy as np

from justice_analysis.errors import UsageError
from justice_analysis.models.counts import Counts
from justice_analysis.models.linkage_error import Bounds


def worst_case_share(
    observed: float, *, missed_people: float, false_people: float, false_firsts: float = 0.0
) -> Bounds:
    """Sharp bounds of a share without independence, after Horowitz and Manski (1995).

    Parameters
    ----------
    observed
        q, the share seen to return.
    missed_people, false_people
        Most of the people counted, as a share, who returned and were not seen to; and who were
        seen to and did not.
    false_firsts
        c, the share of the people counted whose first case is truly a further one.
    """
    if not 0 <= observed <= 1 or min(missed_people, false_people, false_firsts) < 0:
        raise UsageError("shares of people must lie between 0 and 1: some do not.")
    if false_firsts >= 1:
        raise UsageError("false_firsts must be below 1: nobody counted has a true first case.")
    low, high = max(0.0, observed - false_people), min(1.0, observed + missed_people)
    kept = 1 - false_firsts
    return Bounds(max(0.0, (low - false_firsts) / kept), min(1.0, high / kept), True)


def worst_case_incidence(
    counts: Counts, day: int, *, missed_people: int, false_people: int
) -> Bounds:
    """Sharp bounds of one minus Kaplan-Meier at a day, some statuses being wrong.

    Parameters
    ----------
    counts
        People by day, one cause, nobody entering late.
    missed_people
        Most people counted as not returning by `day` who did, on or before the day their
        observation ends.
    false_people
        Most people counted as returning by `day` who did not, and were observed beyond it.

    Returns
    -------
    Bounds
        Upper: that many of those still at risk on `day` return on it, who carry the most
        weight. Lower: the last so many returns up to `day` did not happen.

    Raises
    ------
    UsageError
        If people enter late, causes compete or a number is negative.
    """
    if counts.has_late_entry or len(counts.causes) != 1:
        raise UsageError("worst-case bounds need one cause and nobody who enters late.")
    if min(missed_people, false_people) < 0:
        raise UsageError("missed_people and false_people must not be negative.")
    kept = counts.time <= day
    events, at_risk = counts.all_events[kept], counts.at_risk[kept]
    on_day = int(counts.at_risk_on(day))
    if on_day == 0 and _survival(events, at_risk) > 0:
        raise UsageError("day must lie within follow-up: nobody is observed then.")
    unseen = on_day - int(events[counts.time[kept] == day].sum())
    left = max(unseen - missed_people, 0) / unseen if unseen else 1.0
    return Bounds(
        1 - _survival(*_without_last(events, at_risk, false_people)),
        1 - _survival(events, at_risk) * left,
        True,
    )


def _survival(events: np.ndarray, at_risk: np.ndarray) -> float:
    return float(np.prod(1 - events / np.maximum(at_risk, 1)))


def _without_last(
    events: np.ndarray, at_risk: np.ndarray, number: int
) -> tuple[np.ndarray, np.ndarray]:
    """Take the last so many events away; who had one stays at risk on every later day."""
    from_last = np.cumsum(events[::-1])[::-1]
    removed = np.minimum(events, np.maximum(number - (from_last - events), 0))
    joined = np.concatenate([[0], np.cumsum(removed)[:-1]]) if len(removed) else removed
    return events - removed, at_risk + joined
