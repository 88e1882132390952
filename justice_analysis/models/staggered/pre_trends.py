"""Joint tests that groups moved alike before any of them was treated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PreTrend:
    """A Wald test that every effect before treatment is 0.

    Attributes
    ----------
    statistic, df, p_value
        Wald's statistic, how many effects it joins, and its p-value; `None` where it cannot
        be computed.
    reason
        Why it cannot be; empty where it can.
    rule
        The distribution that the statistic is held against.
    """

    statistic: float | None
    df: int
    p_value: float | None
    reason: str
    rule: str
