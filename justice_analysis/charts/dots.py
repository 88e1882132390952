"""Estimates as dots with their intervals as whiskers, one name a row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.charts.rows import SHAPES, Rows, draw_key, lay_out_rows, whisker_limits
from justice_analysis.charts.theme import FOCUS, GREY, INK, Page, colours, number_axis, plain_axes

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.charts.spec import Spec

# Other numbers of a row, above and below its dot, so that none hides another where they agree.
BESIDE = (("D", -0.14), ("s", 0.14))
PITCH_BESIDE = 0.5


def draw_dots(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """One row per name and group, in the order of the table, with its value at the right."""
    with_more = bool(spec.beside)
    pitch, key_above = (PITCH_BESIDE, 0.36) if with_more else (0.27, 0.0)
    rows = lay_out_rows(page, table, spec, pitch=pitch, key_above=key_above)
    axes = rows.axes
    plain_axes(axes, grid="x")
    lower, upper = whisker_limits(table, spec)
    hues = colours(len(rows.groups)) if len(rows.groups) > 1 else (FOCUS,)
    for number, value in enumerate(rows.values):
        if not np.isfinite(value):
            continue
        group = rows.group_of[number]
        place = rows.places[number]
        if lower is not None and upper is not None:
            axes.plot([lower[number], upper[number]], [place, place], color=hues[group],
                      linewidth=2.0, alpha=0.75, solid_capstyle="butt", zorder=3)  # fmt: skip
        axes.plot([value], [place], SHAPES[group], color=hues[group], markersize=7,
                  markeredgecolor="white", markeredgewidth=0.8, zorder=4)  # fmt: skip
    if with_more:
        rows = _draw_beside(page, rows, table, spec)
    _scale(rows, spec)


def _draw_beside(page: Page, rows: Rows, table: pd.DataFrame, spec: Spec) -> Rows:
    """Rings above and below each dot, with a key; gives the rows with a span that holds them."""
    columns = [table[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in spec.beside]
    marks = [("o", FOCUS, FOCUS, _named(spec.y) + " (with its interval)" * spec.has_interval)]
    for name, values, (shape, offset) in zip(spec.beside, columns, BESIDE, strict=False):
        rows.axes.plot(values, np.asarray(rows.places) + offset, shape, markersize=6.5,
                       markerfacecolor="white", markeredgecolor=INK, markeredgewidth=1.3,
                       zorder=4)  # fmt: skip
        marks.append((shape, "white", INK, _named(name)))
    draw_key(page, marks)
    shown = np.concatenate([*columns, np.asarray(rows.span)])
    return replace(rows, span=(float(np.nanmin(shown)), float(np.nanmax(shown))))


def _named(column: str) -> str:
    return column.replace("_", " ")


def _scale(rows: Rows, spec: Spec) -> None:
    axes = rows.axes
    low, high = rows.span
    margin = (high - low) * 0.05 or 0.05
    axes.set_xlim(0.0 if low >= 0 else low - margin, high + margin)
    if spec.line_at is not None or low < 0:
        axes.axvline(spec.line_at or 0, color=GREY, linewidth=1.0, zorder=2)
    number_axis(axes.xaxis, percent=spec.percent, most=5)
    axes.set_xlabel(spec.y_title, loc="left", labelpad=6)
