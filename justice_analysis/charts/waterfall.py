"""Weights that add up, from top to bottom: each bar begins where the last one ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from justice_analysis.charts.theme import (
    FOCUS,
    GREY,
    INK,
    MARGIN,
    PAIR,
    TEXT_SIZE,
    Page,
    number_axis,
    plain_axes,
    themed,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAME_ROOM = 2.9
_VALUE_ROOM = 0.55
_THICK = 0.62
_LINE = TEXT_SIZE * 1.3 / 72


def draw_waterfall(
    steps: Sequence[tuple[str, float]],
    *,
    title: str,
    subtitle: str = "",
    note: str = "",
    total: str = "total",
    synthetic: bool = False,
) -> Figure:
    """Draw parts that add up to a sum.

    Parameters
    ----------
    steps
        Name and value of each part, in order; a value may be below 0.
    title, subtitle, note
        As in `charts.draw`.
    total
        Name of the last bar, which goes from 0 to the sum.
    synthetic
        Write "Synthetic data" inside the image.
    """
    with themed():
        page = Page(title, subtitle, note, synthetic=synthetic)
        names = [page.wrap(name, TEXT_SIZE, _NAME_ROOM - 0.15) for name, _ in [*steps, (total, 0)]]
        heights = [max(0.34, (name.count("\n") + 1) * _LINE + 0.12) for name in names]
        page.size(sum(heights) + 0.45)
        axes = page.axes(MARGIN + _NAME_ROOM, MARGIN + _VALUE_ROOM, 0.0, 0.45)
        plain_axes(axes, grid="x")
        _bars(axes, steps, names, heights)
        return page.finish()


def _bars(
    axes: Axes, steps: Sequence[tuple[str, float]], names: Sequence[str], heights: Sequence[float]
) -> None:
    reached, top = 0.0, 0.0
    places, low, high = [], 0.0, 0.0
    for (_, value), height in zip(steps, heights, strict=False):
        place = top + height / 2
        axes.barh(place, value, left=reached, height=height * _THICK,
                  color=PAIR[0] if value >= 0 else PAIR[1], zorder=3)  # fmt: skip
        reached += value
        axes.plot([reached, reached], [place, top + height + heights[0] / 2], color=GREY,
                  linewidth=0.8, zorder=2)  # fmt: skip
        low, high = min(low, reached), max(high, reached)
        places.append(place)
        top += height
    last = top + heights[-1] / 2
    axes.barh(last, reached, height=heights[-1] * _THICK, color=INK if reached else FOCUS, zorder=3)
    places.append(last)
    axes.set_ylim(top + heights[-1], 0)
    span = (high - low) or 1.0
    axes.set_xlim(low - 0.03 * span, high + 0.03 * span)
    axes.axvline(0, color=GREY, linewidth=1.0, zorder=1)
    axes.set_yticks(places, names)
    number_axis(axes.xaxis, percent=False, most=5)
    for place, value in zip(places, [*(value for _, value in steps), reached], strict=True):
        axes.annotate(f"{value:+.1f}", (1.0, place), xycoords=("axes fraction", "data"),
                      xytext=(6, 0), textcoords="offset points", va="center",
                      fontsize=TEXT_SIZE, color=INK)  # fmt: skip
