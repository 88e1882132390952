"""When each dataset would have seen an event: one bar a dataset, breaks hatched on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from justice_analysis.charts.theme import (
    FOCUS,
    GREY,
    MARGIN,
    PAIR,
    PALE,
    TEXT_SIZE,
    Page,
    plain_axes,
    themed,
)
from justice_analysis.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.34
NARROWEST_DAYS = 60
CHANGE = PAIR[1]


@dataclass(frozen=True)
class CoveredPeriod:
    """What a dataset covers: days included, missing where not published; breaks as pairs."""

    name: str
    start: dt.date | None
    end: dt.date | None
    breaks: tuple[tuple[dt.date, dt.date | None], ...] = ()


def draw_coverage(
    periods: Sequence[CoveredPeriod], *, title: str, subtitle: str = "", note: str = ""
) -> Figure:
    """Draw the years that each dataset covers, one row a dataset, in the order given.

    A pale bar has no published end. A line across a bar is a break from that day on; a break
    that ends is hatched.

    Raises
    ------
    UsageError
        If no dataset has a published start.
    """
    starts = [one.start for one in periods if one.start]
    if not starts:
        raise UsageError("a picture of coverage needs a dataset with a published start.")
    last = max([one.end for one in periods if one.end] + starts)
    with themed():
        page = Page(title, subtitle, note, synthetic=False)
        widest = max(page.width_of(one.name, TEXT_SIZE) for one in periods)
        page.size(ROW * len(periods) + 0.45)
        axes = page.axes(MARGIN + widest + 0.2, MARGIN + 0.15, 0.0, 0.35)
        axes.set_xlim(_day(min(starts)) - 200, _day(last) + 200)
        axes.set_ylim(len(periods) - 0.4, -0.6)
        _years(axes)
        for at, one in enumerate(periods):
            _bar(axes, at, one, last)
        axes.set_yticks(range(len(periods)), [one.name for one in periods])
        return page.finish()


def _day(date: dt.date) -> float:
    """A date as matplotlib counts it: days since 1970."""
    return float((date - dt.date(1970, 1, 1)).days)


def _years(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, DateFormatter

    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=9))
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    plain_axes(axes, grid="x")


def _bar(axes: Axes, at: int, period: CoveredPeriod, last: dt.date) -> None:
    if period.start is None:
        axes.text(
            0.01, at, "not published", transform=axes.get_yaxis_transform(), va="center", color=GREY
        )
        return
    start, end = _day(period.start), _day(period.end or last)
    colour = FOCUS if period.end else PALE
    axes.barh(at, end - start, left=start, height=0.5, color=colour, zorder=2)
    if period.end is None:
        axes.text(
            end, at, "end not published ", ha="right", va="center", fontsize=9.0, zorder=4,
            bbox={"facecolor": PALE, "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
    for first, to in period.breaks:
        if _day(first) > end:
            continue
        if to is None:
            axes.plot([max(_day(first), start)] * 2, [at - 0.36, at + 0.36], color=CHANGE, lw=2.2,
                      zorder=5)  # fmt: skip
        else:
            _hatch(axes, at, max(_day(first), start), _day(to))


def _hatch(axes: Axes, at: int, start: float, end: float) -> None:
    width = max(end - start, NARROWEST_DAYS)
    axes.barh(
        at, width, left=start, height=0.5, facecolor="none", edgecolor="white", hatch="////",
        linewidth=0, zorder=3,
    )  # fmt: skip
