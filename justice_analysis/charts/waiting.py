"""How many wait at each stage over time: stages on top of each other, named at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from justice_analysis.charts.curve import (
    END_ROOM,
    PLOT_HEIGHT,
    Line,
    axis_title,
    axis_title_height,
    label_ends,
)
from justice_analysis.charts.lines import line_of, name_periods
from justice_analysis.charts.spec import Spec, labels, periods
from justice_analysis.charts.stages import HATCHES
from justice_analysis.charts.theme import (
    GREY,
    MARGIN,
    PALETTE,
    TEXT_SIZE,
    WIDTH,
    Page,
    colours,
    number_axis,
    plain_axes,
)
from justice_analysis.charts.words import number_words
from justice_analysis.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LEFT_ROOM = 0.5


def draw_waiting(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """Areas on top of each other, the first stage lowest; a hidden number leaves a gap in all."""
    marks = periods(table, spec)
    lines = [line_of(table, spec, marks, name) for name in labels(table, spec.group)]
    if len(lines) > len(PALETTE):
        raise UsageError(
            f"a chart can tell {len(PALETTE)} stages apart: the table has {len(lines)}. Join some."
        )
    tops = np.cumsum([line.y for line in lines], axis=0)
    words = [page.wrap(_end_words(line, spec), TEXT_SIZE, END_ROOM, "bold") for line in lines]
    page.size(PLOT_HEIGHT)
    axis_title(page, spec)
    right = MARGIN + 0.34 + max(page.width_of(word, TEXT_SIZE, "bold") for word in words)
    below = 0.62 if spec.x_title else 0.38
    axes = page.axes(MARGIN + LEFT_ROOM, right, axis_title_height(page, spec), below)
    _fill(axes, tops)
    _scales(page, axes, tops, marks, spec, WIDTH - right - MARGIN - LEFT_ROOM)
    label_ends(axes, _middles(lines, tops), words)


def _end_words(line: Line, spec: Spec) -> str:
    value = number_words(line.end[1], percent=spec.percent) if line.end else "not shown"
    return f"{line.name}: {value}" if line.name else value


def _fill(axes: Axes, tops: NDArray[np.float64]) -> None:
    places = np.arange(tops.shape[1], dtype=np.float64)
    below = np.zeros(tops.shape[1])
    for number, (top, hue) in enumerate(zip(tops, colours(len(tops)), strict=True)):
        shown = np.isfinite(top)
        axes.fill_between(places, below, top, where=shown.tolist(), facecolor=hue,
                          edgecolor="white", hatch=HATCHES[number], linewidth=0.0,
                          zorder=3)  # fmt: skip
        axes.plot(places, top, color="white", linewidth=1.4, zorder=4)
        below = top


def _middles(lines: Sequence[Line], tops: NDArray[np.float64]) -> list[Line]:
    """Lines in the middle of each area, where its name points."""
    below = np.vstack([np.zeros(tops.shape[1]), tops[:-1]])
    middle = (below + tops) / 2
    return [Line(line.name, line.x, y, None, None) for line, y in zip(lines, middle, strict=True)]


def _scales(
    page: Page, axes: Axes, tops: NDArray[np.float64], marks: Sequence[str], spec: Spec,
    width: float,
) -> None:  # fmt: skip
    plain_axes(axes, grid="y")
    axes.spines["bottom"].set_visible(True)
    axes.spines["bottom"].set_color(GREY)
    shown = tops[np.isfinite(tops)]
    axes.set_ylim(0.0, float(shown.max()) * 1.06 if len(shown) and shown.max() > 0 else 1.0)
    axes.set_xlim(0, max(len(marks) - 1, 1))
    number_axis(axes.yaxis, percent=spec.percent)
    name_periods(page, axes, marks, width)
    if spec.x_title:
        axes.set_xlabel(spec.x_title, loc="left", labelpad=6)
