"""Time series by period: a point for each quarter or year, in the order of the table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from justice_analysis.charts.curve import (
    COLUMNS,
    END_ROOM,
    LINE_HEIGHT,
    MOST_LINES,
    PLOT_HEIGHT,
    Line,
    axis_title,
    axis_title_height,
    end_words,
    label_ends,
    y_range,
)
from justice_analysis.charts.spec import MONTHS, Spec, label_column, labels, period_words, periods
from justice_analysis.charts.theme import (
    DASHES,
    FOCUS,
    GREY,
    MARGIN,
    PALE,
    TEXT_SIZE,
    WIDTH,
    Page,
    colours,
    number_axis,
    plain_axes,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

STEPS = (1, 2, 4, 8, 12, 20, 40, 80)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 36, 48, 60, 120, 240)
FEW_POINTS = 12
BETWEEN_LABELS = 0.16
CLOSEST_TICKS = 0.08


def draw_lines(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """Lines in one plot while they are few and their names fit, else one small plot each."""
    marks = periods(table, spec)
    lines = [line_of(table, spec, marks, name) for name in labels(table, spec.group)]
    ends = [page.wrap(words, TEXT_SIZE, END_ROOM, "bold") for words in end_words(lines, spec)]
    room = sum(words.count("\n") + 1 for words in ends) * LINE_HEIGHT * 1.05
    if len(lines) <= MOST_LINES and room <= PLOT_HEIGHT - 1.0:
        _one_plot(page, lines, ends, spec, marks)
    else:
        _small_multiples(page, lines, spec, marks)


def line_of(table: pd.DataFrame, spec: Spec, marks: Sequence[str], name: str) -> Line:
    """One group's numbers, a place for each period: missing where it has none."""
    names = label_column(table, spec.group) if spec.group else [""] * len(table)
    place = {mark: number for number, mark in enumerate(marks)}
    rows = [
        (row, place[mark])
        for row, (mark, group) in enumerate(zip(label_column(table, spec.x), names, strict=True))
        if group == name and mark in place
    ]

    def column(chosen: str | None) -> NDArray[np.float64]:
        filled = np.full(len(marks), np.nan)
        if chosen:
            values = table[chosen].to_numpy(dtype=np.float64, na_value=np.nan)
            filled[[at for _, at in rows]] = values[[row for row, _ in rows]]
        return filled

    limits = (column(spec.lower), column(spec.upper)) if spec.has_interval else (None, None)
    return Line(name, np.arange(len(marks), dtype=np.float64), column(spec.y), *limits)


def _one_plot(
    page: Page, lines: Sequence[Line], ends: Sequence[str], spec: Spec, marks: Sequence[str]
) -> None:
    page.size(PLOT_HEIGHT)
    axis_title(page, spec)
    right = MARGIN + 0.34 + max(page.width_of(words, TEXT_SIZE, "bold") for words in ends)
    below = 0.62 if spec.x_title else 0.38
    axes = page.axes(MARGIN + 0.5, right, axis_title_height(page, spec), below)
    _paint(axes, lines, colours(len(lines)))
    _scales(page, axes, lines, spec, marks, width=WIDTH - right - MARGIN - 0.5)
    label_ends(axes, lines, ends)


def _paint(axes: Axes, lines: Sequence[Line], hues: Sequence[str]) -> None:
    for number, (line, hue) in enumerate(zip(lines, hues, strict=True)):
        if line.lower is not None and line.upper is not None:
            axes.fill_between(line.x, line.lower, line.upper, color=hue, alpha=0.16,
                              linewidth=0, zorder=2 + number)  # fmt: skip
        axes.plot(line.x, line.y, color=hue, linewidth=2.0, label=line.name,
                  linestyle=DASHES[number % len(DASHES)], zorder=10 + number)  # fmt: skip
        dotted = _dotted(line.y)
        axes.plot(line.x[dotted], line.y[dotted], "o", color=hue, markersize=4.0,
                  linestyle="none", zorder=10 + number)  # fmt: skip


def _dotted(y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Points to mark: all where they are few, else those that no line reaches."""
    shown = np.isfinite(y)
    if len(y) <= FEW_POINTS:
        return shown
    beside = np.concatenate([[False], shown[:-1]]) | np.concatenate([shown[1:], [False]])
    return shown & ~beside


def _scales(
    page: Page,
    axes: Axes,
    lines: Sequence[Line],
    spec: Spec,
    marks: Sequence[str],
    *,
    width: float,
) -> None:
    plain_axes(axes, grid="y")
    axes.spines["bottom"].set_visible(True)
    axes.set_ylim(*y_range(lines, spec))
    last = max(len(marks) - 1, 1)
    axes.set_xlim(-0.02 * last, last)
    number_axis(axes.yaxis, percent=spec.percent)
    name_periods(page, axes, marks, width)
    if spec.x_title:
        axes.set_xlabel(spec.x_title, loc="left", labelpad=6)


def name_periods(page: Page, axes: Axes, marks: Sequence[str], width: float) -> None:
    """Name periods below an axis of that width, as many as fit; small ticks for the others."""
    words = [period_words(mark) for mark in marks]
    shown = _thinned(page, words, width)
    axes.set_xticks(shown, [words[at] for at in shown])
    if len(marks) * CLOSEST_TICKS <= width:
        axes.set_xticks(range(len(marks)), minor=True)
    axes.tick_params(axis="x", which="major", length=5, color=GREY)
    axes.tick_params(axis="x", which="minor", length=2, color=GREY)


def _thinned(page: Page, marks: Sequence[str], width: float) -> list[int]:
    """Periods to name, evenly apart and flat, so that no two names touch.

    Quarters and months are thinned to the first of a year where that leaves enough room.
    """
    widest = max(page.width_of(mark, TEXT_SIZE) for mark in marks) + BETWEEN_LABELS
    between = width / max(len(marks) - 1, 1)
    is_month = [mark[:3] in MONTHS for mark in marks]
    steps, a_year = (MONTH_STEPS, 12) if all(is_month) else (STEPS, 4)
    step = next((step for step in steps if step * between >= widest), len(marks))
    firsts = [at for at, mark in enumerate(marks) if mark.endswith("Q1") or mark.startswith("Jan")]
    begin = firsts[0] if firsts and step % a_year == 0 and firsts[0] < len(marks) - step else 0
    return list(range(begin, len(marks), step))


def _small_multiples(page: Page, lines: Sequence[Line], spec: Spec, marks: Sequence[str]) -> None:
    """One small plot per line, the others behind it in grey, all on one scale."""
    gap, left_room, plot = 0.32, 0.5, 1.3
    width = (WIDTH - 2 * MARGIN - left_room - gap * (COLUMNS - 1)) / COLUMNS
    titles = [page.wrap(word, TEXT_SIZE, width, "bold") for word in end_words(lines, spec)]
    above = 0.12 + LINE_HEIGHT * (1 + max(title.count("\n") for title in titles))
    rows = math.ceil(len(lines) / COLUMNS)
    row_height = above + plot + 0.36
    top_room, last_room = axis_title_height(page, spec), 0.34 if spec.x_title else 0.1
    page.size(top_room + rows * row_height + last_room)
    axis_title(page, spec)
    for number, (line, title) in enumerate(zip(lines, titles, strict=True)):
        row, column = divmod(number, COLUMNS)
        left = MARGIN + left_room + column * (width + gap)
        below = (rows - 1 - row) * row_height + 0.36 + last_room
        axes = page.axes(left, WIDTH - left - width, top_room + row * row_height + above, below)
        for other in lines:
            if other is not line:
                axes.plot(other.x, other.y, color=PALE, linewidth=1.0, zorder=1.5)
        _paint(axes, [line], [FOCUS])
        _scales(page, axes, lines, spec, marks, width=width)
        axes.set_title(title, loc="left", fontsize=TEXT_SIZE, fontweight="bold", pad=6)
        axes.tick_params(axis="y", labelleft=column == 0)
        if (row, column) != (rows - 1, 0):
            axes.set_xlabel("")
