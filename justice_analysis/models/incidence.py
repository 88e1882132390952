"""Cumulative incidence of one cause or several, from counts by day."""

from __future__ import annotations

from justice_analysis.models.aalen_johansen import IncidenceCurve, aalen_johansen
from justice_analysis.models.counts import Counts
from justice_analysis.models.kaplan_meier import kaplan_meier


def cumulative_incidence(counts: Counts) -> IncidenceCurve:
    """Share with each cause by day: 1 minus Kaplan-Meier for one, Aalen-Johansen for several.

    Returns
    -------
    IncidenceCurve
        One cause: the interval of survival on the scale log(-log S), as published curves have
        it. Several: the interval of each cause's incidence, its variance multinomial.
    """
    if len(counts.causes) > 1:
        return aalen_johansen(counts, variance="greenwood")
    survival = kaplan_meier(counts)
    return IncidenceCurve(
        counts=counts,
        estimate=(1 - survival.estimate)[:, None],
        variance=survival.variance[:, None],
        lower=(1 - survival.upper)[:, None],
        upper=(1 - survival.lower)[:, None],
        level=survival.level,
    )
