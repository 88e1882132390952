"""Step curves over time with their bands, and small multiples of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from justice_analysis.charts.spec import Spec, label_column, labels
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
from justice_analysis.charts.words import DAYS_IN_YEAR, is_days, number_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_LINES = 4
COLUMNS = 3
END_ROOM = 2.1
LINE_HEIGHT = TEXT_SIZE * 1.3 / 72
PLOT_HEIGHT = 3.6
DAY_STEPS = (1, 7, 14, 30, 60, 90, 180)


@dataclass(frozen=True)
class Line:
    """One curve: its name and its values, missing where hidden."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    lower: NDArray[np.float64] | None
    upper: NDArray[np.float64] | None

    @property
    def end(self) -> tuple[float, float] | None:
        """Last shown point, or none."""
        shown = np.flatnonzero(np.isfinite(self.y))
        return (float(self.x[shown[-1]]), float(self.y[shown[-1]])) if len(shown) else None


def draw_curve(page: Page, table: pd.DataFrame, spec: Spec, *, years: bool | None) -> None:
    """Lines in one plot while they are few and their names fit, else one small plot each."""
    lines = [_line(table, spec, name) for name in labels(table, spec.group)]
    ends = [page.wrap(words, TEXT_SIZE, END_ROOM, "bold") for words in end_words(lines, spec)]
    room = sum(words.count("\n") + 1 for words in ends) * LINE_HEIGHT * 1.05
    if len(lines) <= MOST_LINES and room <= PLOT_HEIGHT - 1.0:
        _one_plot(page, lines, ends, spec, years)
    else:
        _small_multiples(page, lines, spec, years)


def _line(table: pd.DataFrame, spec: Spec, name: str) -> Line:
    names = label_column(table, spec.group) if spec.group else [""] * len(table)
    rows = table[[n == name for n in names]].sort_values(spec.x)
    values = {
        column: rows[column].to_numpy(dtype=np.float64, na_value=np.nan)
        for column in (spec.x, spec.y, spec.lower, spec.upper)
        if column
    }
    x, y = values[spec.x], values[spec.y]
    lower, upper = (values[spec.lower or ""], values[spec.upper or ""]) if spec.has_interval else (
        None, None)  # fmt: skip
    start = _start_value(x, y, spec)
    if start is not None:
        x, y = np.insert(x, 0, 0.0), np.insert(y, 0, start)
        lower = None if lower is None else np.insert(lower, 0, start)
        upper = None if upper is None else np.insert(upper, 0, start)
    return Line(name, x, y, lower, upper)


def _start_value(x: NDArray[np.float64], y: NDArray[np.float64], spec: Spec) -> float | None:
    """Shares over time begin at 0 or 1 on day 0, by definition; others begin where they begin."""
    if not (spec.percent and is_days(spec) and len(x) and x[0] > 0 and np.isfinite(y).all()):
        return None
    return 0.0 if y[-1] >= y[0] and y[0] < 0.5 else 1.0 if y[-1] <= y[0] else None


def _one_plot(
    page: Page, lines: Sequence[Line], ends: Sequence[str], spec: Spec, years: bool | None
) -> None:
    page.size(PLOT_HEIGHT)
    axis_title(page, spec)
    right = MARGIN + 0.34 + max(page.width_of(words, TEXT_SIZE, "bold") for words in ends)
    axes = page.axes(MARGIN + 0.45, right, axis_title_height(page, spec), 0.62)
    _paint(axes, lines, colours(len(lines)))
    _scales(axes, lines, spec, years)
    label_ends(axes, lines, ends)


def end_words(lines: Sequence[Line], spec: Spec) -> list[str]:
    """Name and last value of each line."""
    words = []
    for line in lines:
        value = number_words(line.end[1], percent=spec.percent) if line.end else "not shown"
        words.append(f"{line.name}: {value}" if line.name else value)
    return words


def _paint(axes: Axes, lines: Sequence[Line], hues: Sequence[str]) -> None:
    for number, (line, hue) in enumerate(zip(lines, hues, strict=True)):
        if line.lower is not None and line.upper is not None:
            axes.fill_between(line.x, line.lower, line.upper, step="post", color=hue,
                              alpha=0.16, linewidth=0, zorder=2 + number)  # fmt: skip
        axes.step(line.x, line.y, where="post", color=hue, linewidth=2.0, label=line.name,
                  linestyle=DASHES[number % len(DASHES)], zorder=10 + number)  # fmt: skip


def _scales(
    axes: Axes, lines: Sequence[Line], spec: Spec, years: bool | None, *, most: int = 12
) -> None:
    plain_axes(axes, grid="y")
    axes.spines["bottom"].set_visible(True)
    axes.set_ylim(*y_range(lines, spec))
    furthest = max(float(line.x.max()) for line in lines if len(line.x))
    first = min(float(line.x.min()) for line in lines if len(line.x))
    axes.set_xlim(min(0.0, first) if is_days(spec) else first, furthest)
    number_axis(axes.yaxis, percent=spec.percent)
    axes.set_xlabel(_time_axis(axes, spec, years, furthest, most), loc="left", labelpad=6)
    axes.tick_params(axis="x", length=4, color=GREY)


def y_range(lines: Sequence[Line], spec: Spec) -> tuple[float, float]:
    """From 0 for shares and counts, up to what is drawn; a curve of survival shows up to 1."""
    columns = [column for line in lines for column in (line.y, line.lower, line.upper)
               if column is not None]  # fmt: skip
    values = np.concatenate(columns)
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if spec.percent:
        return 0.0, 1.0 if high > 0.8 else high * 1.08 or 0.01
    margin = (high - low) * 0.06 or 1.0
    return (0.0 if low >= 0 else low - margin), high + margin


def _time_axis(axes: Axes, spec: Spec, years: bool | None, furthest: float, most: int) -> str:
    """Set the ticks of time, and give the axis its title in the same unit."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

    title = spec.x_title
    if not is_days(spec):
        axes.xaxis.set_major_locator(
            MaxNLocator(nbins=most // 2 + 1, steps=[1, 2, 5, 10], integer=True)
        )
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.10g}"))
        return title
    if furthest > 2 * DAYS_IN_YEAR if years is None else years:
        step = next(s for s in (1, 2, 5, 10, 20, 50) if furthest / DAYS_IN_YEAR / s <= most + 0.01)
        axes.xaxis.set_major_locator(MultipleLocator(step * DAYS_IN_YEAR))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{value / DAYS_IN_YEAR:.0f}")
        )
        # The last whole year may fall a leap day beyond the last day that was counted.
        axes.set_xlim(right=max(furthest, round(furthest / DAYS_IN_YEAR) * DAYS_IN_YEAR))
        return title.replace("days", "years").replace("Days", "Years") or "Years"
    step = next((s for s in DAY_STEPS if furthest / s <= most * 0.7), 365)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    return title.replace("years", "days").replace("Years", "Days") or "Days"


def label_ends(axes: Axes, lines: Sequence[Line], words: Sequence[str]) -> None:
    """Name each line at its end, moved apart where two would touch."""
    height = _inches(axes)[1]
    low, high = axes.get_ylim()
    scale = height / (high - low)
    shown = [n for n, line in enumerate(lines) if line.end]
    if not shown:
        return
    heights = [(words[n].count("\n") + 1) * LINE_HEIGHT * 1.05 for n in shown]
    wanted = [(lines[n].end[1] - low) * scale for n in shown]  # type: ignore[index]
    places = spread_apart(wanted, heights, height + 0.12)
    hues = colours(len(lines))
    left, right = axes.get_xlim()
    width = _inches(axes)[0]
    inch = (right - left) / width
    for n, place in zip(shown, places, strict=True):
        x, y = lines[n].end or (0.0, 0.0)
        label_y = low + place / scale
        axes.plot([x], [y], "o", color=hues[n], markersize=4.5, clip_on=False, zorder=30)
        axes.plot([x, right + 0.20 * inch], [y, label_y], color=hues[n], linewidth=0.8,
                  clip_on=False, zorder=5, solid_capstyle="round")  # fmt: skip
        axes.text(right + 0.25 * inch, label_y, words[n], va="center", linespacing=1.2,
                  fontweight="bold", fontsize=TEXT_SIZE)  # fmt: skip


def spread_apart(places: Sequence[float], heights: Sequence[float], highest: float) -> list[float]:
    """Move places by the least squares so that words of these heights don't touch.

    Less the room of those below it, each place must only not fall: neighbours that would are
    pooled at their mean. None goes below 0 or has its top above highest, if there is room for all.
    """
    order = np.argsort(places, kind="stable")
    sizes = np.asarray(heights, dtype=np.float64)[order]
    room = np.concatenate([[0.0], np.cumsum((sizes[:-1] + sizes[1:]) / 2)])
    pools: list[list[float]] = []
    for place in np.asarray(places, dtype=np.float64)[order] - room:
        pools.append([float(place)])
        while len(pools) > 1 and np.mean(pools[-2]) >= np.mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    level = np.concatenate([np.full(len(pool), np.mean(pool)) for pool in pools])
    moved = np.empty(len(order))
    moved[order] = np.clip(level, 0.0, max(highest - sizes[-1] / 2 - room[-1], 0.0)) + room
    return [float(place) for place in moved]


def _inches(axes: Axes) -> tuple[float, float]:
    """Width and height of the plot, inches."""
    page_width, page_height = axes.figure.get_size_inches()  # type: ignore[union-attr]
    place = axes.get_position()
    return float(place.width * page_width), float(place.height * page_height)


def axis_title(page: Page, spec: Spec) -> None:
    """Write the title of the y axis above the plot, flat."""
    words = page.wrap(spec.y_title, TEXT_SIZE, WIDTH - 2 * MARGIN)
    page.text(MARGIN, page.top + 0.02, words, fontsize=TEXT_SIZE)


def axis_title_height(page: Page, spec: Spec) -> float:
    """Room that the title of the y axis takes, inches."""
    words = page.wrap(spec.y_title, TEXT_SIZE, WIDTH - 2 * MARGIN)
    return 0.12 + (words.count("\n") + 1) * LINE_HEIGHT if words else 0.14


def _small_multiples(page: Page, lines: Sequence[Line], spec: Spec, years: bool | None) -> None:
    """One small plot per line, the others behind it in grey, all on one scale."""
    gap, left_room, plot = 0.32, 0.45, 1.3
    width = (WIDTH - 2 * MARGIN - left_room - gap * (COLUMNS - 1)) / COLUMNS
    titles = [page.wrap(word, TEXT_SIZE, width, "bold") for word in end_words(lines, spec)]
    above = 0.12 + LINE_HEIGHT * (1 + max(title.count("\n") for title in titles))
    rows = math.ceil(len(lines) / COLUMNS)
    row_height = above + plot + 0.36
    height_of_title = axis_title_height(page, spec)
    page.size(height_of_title + rows * row_height + 0.34)
    axis_title(page, spec)
    for number, (line, title) in enumerate(zip(lines, titles, strict=True)):
        row, column = divmod(number, COLUMNS)
        left = MARGIN + left_room + column * (width + gap)
        top = height_of_title + row * row_height + above
        below = (rows - 1 - row) * row_height + 0.36 + 0.34
        axes = page.axes(left, WIDTH - left - width, top, below)
        for other in lines:
            if other is not line:
                axes.step(other.x, other.y, where="post", color=PALE, linewidth=1.0, zorder=1.5)
        _paint(axes, [line], [FOCUS])
        _scales(axes, lines, spec, years, most=6)
        axes.set_title(title, loc="left", fontsize=TEXT_SIZE, fontweight="bold", pad=6)
        axes.tick_params(axis="y", labelleft=column == 0)
        if (row, column) != (rows - 1, 0):
            axes.set_xlabel("")
