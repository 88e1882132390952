"""Corrected shares, bounds and tipping rates of one group, as rows of small tables."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from justice_analysis.errors import UsageError
from justice_analysis.metrics.linkage.definition import SensitivityOptions
from justice_analysis.metrics.linkage.further_cases import FurtherCases
from justice_analysis.metrics.linkage.sentences import next_fraction
from justice_analysis.models import linkage_error as le

Z_95 = 1.959964
Row = dict[str, Any]
STEPS = 400
HIGHEST = 0.8
"""Rates at which an interval reaches 0 are looked for up to this; links so poor say nothing."""


@dataclass(frozen=True)
class Group:
    """One group's headline and what is known of its false first cases.

    Attributes
    ----------
    row
        `group`, `people`, `returned`, `at_risk`, `estimate`, `lower`, `upper`.
    returns
        Least and greatest r, further cases that would pass as first ones, per person counted.
    again
        p2 as far as the data show it; missing: taken to be the share itself.
    """

    row: Row
    returns: le.Range
    again: float | None

    @property
    def name(self) -> str:
        """Its label."""
        return str(self.row["group"])

    @property
    def share(self) -> float:
        """The share observed."""
        return float(self.row["estimate"])

    def counts(self) -> Row:
        """The columns of every output: whom its numbers count."""
        return {name: self.row[name] for name in ("people", "returned", "at_risk")}

    def corrected(self, *, missed: float, false: float, at: str = "estimate") -> float:
        """The share, or an end of its interval, corrected for the two rates."""
        q = float(self.row[at])
        again = self.again_at(missed=missed, false=false)
        r = self.true_returns(false=false) if again is not None else 0.0
        return float(le.corrected_share(q, missed=missed, false=false, returns=r, again=again))

    def true_returns(self, *, false: float) -> float:
        """r: as many of the further cases are wrong as of the first returns seen."""
        if not self.share:
            return 0.0
        kept = max((self.share - false) / (1 - false), 0.0) / self.share
        return self.returns[1] * kept

    def again_at(self, *, missed: float, false: float) -> float | None:
        """p2, which is seen through the same links, corrected and cut to 0 and 1."""
        if self.again is None:
            return None
        return float(np.clip(le.corrected_share(self.again, missed=missed, false=false), 0, 1))


def group_of(row: Row, further: FurtherCases | None, options: SensitivityOptions) -> Group:
    """Put a group's headline beside its further cases."""
    known = (0.0, further.cases / row["people"]) if further else (0.0, float(row["estimate"]))
    again = further.again if further else None
    return Group(row, options.returns_range or known, again)


def grid_rows(group: Group, options: SensitivityOptions) -> Iterator[Row]:
    """The corrected share at every pair of rates that can have given the one observed."""
    for missed in options.missed:
        for false in options.false:
            found = group.corrected(missed=missed, false=false)
            if not 0 <= found <= 1:
                continue
            limits = [group.corrected(missed=missed, false=false, at=a) for a in ("lower", "upper")]
            yield {
                "group": group.name,
                "missed_links": percent(missed),
                "false_links": percent(false),
                **group.counts(),
                "estimate": found,
                "lower": max(min(*limits, found), 0.0),
                "upper": min(max(*limits, found), 1.0),
            }


def bounds_row(group: Group, options: SensitivityOptions) -> Row:
    """The least and greatest share with rates anywhere in their ranges, chance included."""
    ranges = {
        "missed": options.missed_range,
        "false": options.false_range,
        "returns": group.returns,
        "again": options.again_range,
    }
    alone = le.share_bounds(group.share, **ranges)
    both = le.share_bounds((float(group.row["lower"]), float(group.row["upper"])), **ranges)
    return {
        "group": group.name,
        **group.counts(),
        "observed": group.share,
        "least": alone.lower,
        "greatest": alone.upper,
        "least_with_chance": both.lower,
        "greatest_with_chance": both.upper,
        "is_possible": alone.is_possible,
    }


def fraction_rows(group: Group) -> Iterator[Row]:
    """Rates of one kind alone at which another simple fraction would be nearest."""
    if above := next_fraction(group.share, above=True):
        rate = _rate_reaching(lambda m: group.corrected(missed=m, false=0.0) - above[0])
        yield _tipping(group, f"missed links alone: nearer {above[1]}", rate)
    if below := next_fraction(group.share, above=False):
        rate = _rate_reaching(lambda f: below[0] - group.corrected(missed=0.0, false=f))
        yield _tipping(group, f"false links alone: nearer {below[1]}", rate)


def contrast_rows(low: Group, high: Group) -> Iterator[Row]:
    """Rates in one of two groups alone at which their difference is no longer what it was."""
    difference, lower_end = _difference(low, high)
    if difference <= 0:
        return
    said = "links in this group alone: not"
    ways = (
        (low, "missed_low", f"missed {said}", f"below {high.name}"),
        (high, "false_high", f"false {said}", f"above {low.name}"),
    )
    for group, side, words, where in ways:
        if lower_end > 0:
            rate = _rate_reaching(functools.partial(_shrunk, low, high, side, 1))
            yield _tipping(group, f"{words} surely {where}", rate)
        rate = _rate_reaching(functools.partial(_shrunk, low, high, side, 0))
        yield _tipping(group, f"{words} {where}", rate)


def _shrunk(low: Group, high: Group, side: str, end: int, rate: float) -> float:
    """How far the difference (0) or its interval (1) has come to the other side of 0."""
    return -_difference(low, high, **{side: rate})[end]


def _difference(
    low: Group, high: Group, *, missed_low: float = 0.0, false_high: float = 0.0
) -> tuple[float, float]:
    """High minus low, and the lower end of its 95% interval, the groups being independent."""
    ends = {}
    for group, missed, false in ((low, missed_low, 0.0), (high, 0.0, false_high)):
        value = group.corrected(missed=missed, false=false)
        limits = [group.corrected(missed=missed, false=false, at=a) for a in ("lower", "upper")]
        ends[group.name] = (value, (limits[1] - limits[0]) / (2 * Z_95))
    difference = ends[high.name][0] - ends[low.name][0]
    error = float(np.hypot(ends[low.name][1], ends[high.name][1]))
    return difference, difference - Z_95 * error


def _rate_reaching(reached: Callable[[float], float]) -> float | None:
    """The lowest rate at which a function is no longer negative; None where it always is."""
    if reached(0.0) >= 0:
        return None
    for rate in np.linspace(0.0, HIGHEST, STEPS + 1)[1:]:
        try:
            value = reached(float(rate))
        except UsageError:
            return None
        if value >= 0:
            return _between(reached, float(rate) - HIGHEST / STEPS, float(rate))
    return None


def _between(reached: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) >= 0 else (middle, high)
    return high


def _tipping(group: Group, statistic: str, rate: float | None) -> Row:
    return {"group": group.name, "statistic": statistic, **group.counts(), "rate": rate}


def percent(rate: float) -> str:
    """A rate as a label: "5 percent"."""
    return f"{100 * rate:.6g} percent"
