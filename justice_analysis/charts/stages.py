"""Time in each stage: stages end to end, in rows of their own or stacked by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from justice_analysis.charts.rows import lay_out_rows, whisker_limits
from justice_analysis.charts.spec import Spec, label_column, labels
from justice_analysis.charts.theme import (
    FOCUS,
    GREY,
    INK,
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

PITCH, NAMES_ROOM = 0.44, 2.0
# Hatches beside colours, so that a grey print can be read.
HATCHES = ("", "////", "....", "", "xxxx", "----")


def draw_stages(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """One row per stage that begins where the one before ends, or one stacked row per group."""
    if spec.group:
        _stacked(page, table, spec)
    else:
        _cascade(page, table, spec)


def _cascade(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """A bar a stage, its whisker from where the bar begins, its own value at the right."""
    rows = lay_out_rows(page, table, spec, pitch=0.42)
    axes = rows.axes
    plain_axes(axes, grid="x")
    begins = np.concatenate([[0.0], np.nancumsum(rows.values)[:-1]])
    lower, upper = whisker_limits(table, spec)
    for number, value in enumerate(rows.values):
        place, begin = rows.places[number], begins[number]
        if not np.isfinite(value):
            continue
        axes.barh(place, value, left=begin, height=0.26, color=FOCUS, zorder=3)
        if lower is not None and upper is not None:
            limits = [begin + lower[number], begin + upper[number]]
            for colour, width in (("white", 4.4), (INK, 1.8)):  # to be seen on the bar and beside
                axes.plot(limits, [place, place], color=colour, linewidth=width,
                          solid_capstyle="butt", zorder=4)  # fmt: skip
                axes.plot(limits, [place, place], "|", color=colour, markersize=9,
                          markeredgewidth=width, zorder=4)  # fmt: skip
        if number + 1 < len(rows.values):
            axes.plot([begin + value] * 2, [place, rows.places[number + 1]], color=GREY,
                      linewidth=1.0, linestyle=(0, (2, 2)), zorder=2)  # fmt: skip
    ends = begins + (rows.values if upper is None else np.fmax(upper, rows.values))
    _scale(axes, float(np.nanmax(ends)) if np.isfinite(ends).any() else 1.0, spec)


def _stacked(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """A row a group: its stages one after another, each with its number where there is room."""
    stages, groups = labels(table, spec.x), labels(table, spec.group)
    if len(stages) > len(PALETTE):
        raise UsageError(
            f"a chart can tell {len(PALETTE)} stages apart: the table has {len(stages)}. Join some."
        )
    values = _grid(table, spec, stages, groups)
    names = [page.wrap(name, TEXT_SIZE, NAMES_ROOM) for name in groups]
    key = _key_rows(page, stages)
    above, below = 0.08 + len(key) * 0.26, 0.56 if spec.y_title else 0.34
    page.size(above + PITCH * len(groups) + below)
    left = MARGIN + max(page.width_of(name, TEXT_SIZE) for name in names) + 0.14
    axes = page.axes(left, MARGIN + 0.2, above, below)
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.set_yticks([])
    plain_axes(axes, grid="x")
    totals = np.nansum(values, axis=1)
    furthest = float(totals.max()) or 1.0
    inch = furthest * 1.04 / (WIDTH - left - MARGIN - 0.2)
    for row, name in enumerate(names):
        middle = page.top + above + PITCH * (row + 0.5)
        page.text(MARGIN, middle, name, va="center", fontsize=TEXT_SIZE)
        _segments(page, axes, row, values[row], spec, inch)
    _draw_key(page, key, stages)
    _scale(axes, furthest, spec)


def _grid(
    table: pd.DataFrame, spec: Spec, stages: list[str], groups: list[str]
) -> NDArray[np.float64]:
    """Values by group and stage, missing where hidden."""
    grid = np.full((len(groups), len(stages)), np.nan)
    found = table[spec.y].to_numpy(dtype=np.float64, na_value=np.nan)
    named = zip(label_column(table, spec.group or ""), label_column(table, spec.x), strict=True)
    for value, (group, stage) in zip(found, named, strict=True):
        grid[groups.index(group), stages.index(stage)] = value
    return grid


def _segments(
    page: Page, axes: Axes, row: int, values: NDArray[np.float64], spec: Spec, inch: float
) -> None:
    begin = 0.0
    hues = colours(len(values))
    for number, value in enumerate(values):
        if not np.isfinite(value):
            axes.text(begin, row, " not shown", va="center", fontsize=9.5, color=GREY, zorder=6)
            return  # what follows would stand in a wrong place
        axes.barh(row, value, left=begin, height=0.62, color=hues[number], edgecolor="white",
                  hatch=HATCHES[number], linewidth=1.0, zorder=3)  # fmt: skip
        words = number_words(value, percent=spec.percent)
        if page.width_of(words, TEXT_SIZE, "bold") + 0.14 <= value / inch:
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1.6}
            axes.text(begin + value / 2, row, words, ha="center", va="center", color=INK,
                      fontweight="bold", zorder=6, bbox=box)  # fmt: skip
        begin += value


def _key_rows(page: Page, stages: list[str]) -> list[list[int]]:
    """Stages of the key, as many a line as fit."""
    rows: list[list[int]] = [[]]
    used = 0.0
    for number, name in enumerate(stages):
        width = 0.3 + page.width_of(name, TEXT_SIZE) + 0.28
        if rows[-1] and used + width > WIDTH - 2 * MARGIN:
            rows.append([])
            used = 0.0
        rows[-1].append(number)
        used += width
    return rows


def _draw_key(page: Page, rows: list[list[int]], stages: list[str]) -> None:
    from matplotlib.patches import Rectangle

    height = float(page.figure.get_figheight())
    hues = colours(len(stages))
    for line, numbers in enumerate(rows):
        x, middle = MARGIN, page.top + 0.08 + line * 0.26
        for n in numbers:
            box = Rectangle(
                (x / WIDTH, 1 - (middle + 0.07) / height), 0.2 / WIDTH, 0.14 / height,
                facecolor=hues[n], edgecolor="white", hatch=HATCHES[n], linewidth=0,
                transform=page.figure.transFigure,
            )  # fmt: skip
            page.figure.add_artist(box)
            page.text(x + 0.28, middle, stages[n], va="center", fontsize=TEXT_SIZE)
            x += 0.3 + page.width_of(stages[n], TEXT_SIZE) + 0.28


def _scale(axes: Axes, furthest: float, spec: Spec) -> None:
    axes.set_xlim(0.0, furthest * 1.04 or 1.0)
    axes.axvline(0, color=GREY, linewidth=1.0, zorder=5)
    number_axis(axes.xaxis, percent=spec.percent, most=6)
    axes.set_xlabel(spec.y_title, loc="left", labelpad=6)
