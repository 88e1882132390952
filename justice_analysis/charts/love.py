"""Love plot: how unlike two groups are, before and after matching, one characteristic a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from justice_analysis.charts.rows import draw_key, lay_out_rows
from justice_analysis.charts.spec import Spec, before_column
from justice_analysis.charts.theme import (
    FOCUS,
    GREY,
    INK,
    TEXT_SIZE,
    WIDTH,
    Page,
    number_axis,
    plain_axes,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Widest first; the inner band is darker, so that a grey print shows both.
BANDS = ((0.10, "#FBE3D6", "within 10%"), (0.05, "#BFE3DF", "within 5%"))
LEAST_SPAN = 0.14
PALE_EDGE = "#8A9299"


def draw_love(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """A ring before matching, a dot after it, over bands of 5% and 10% on either side of none.

    Characteristics without a number have no row: the note below names them.
    """
    table = table[table[[before_column(spec), spec.y]].notna().any(axis=1)]
    rows = lay_out_rows(page, table, spec, pitch=0.3, key_above=0.36)
    axes = rows.axes
    plain_axes(axes, grid="x")
    before = table[before_column(spec)].to_numpy(dtype=np.float64, na_value=np.nan)
    for width, tint, _ in BANDS:
        axes.axvspan(-width, width, facecolor=tint, edgecolor="none", zorder=1)
    axes.axvline(0, color=GREY, linewidth=1.0, zorder=2)
    for place, first, last in zip(rows.places, before, rows.values, strict=True):
        _mark(axes, place, float(first), float(last))
    axes.set_xlim(*_limits(np.concatenate([before, rows.values])))
    number_axis(axes.xaxis, percent=spec.percent, most=7)
    axes.set_xlabel(spec.y_title, loc="left", labelpad=6)
    _key(page, float(axes.get_position().x1) * WIDTH + 0.12)


def _mark(axes: Axes, place: float, first: float, last: float) -> None:
    if np.isfinite(first) and np.isfinite(last):
        axes.plot([first, last], [place, place], color=GREY, linewidth=1.2, zorder=3)
    if np.isfinite(first):
        axes.plot([first], [place], "o", markersize=7.5, markerfacecolor="white",
                  markeredgecolor=INK, markeredgewidth=1.3, zorder=4)  # fmt: skip
    if np.isfinite(last):
        axes.plot([last], [place], "o", markersize=7, color=FOCUS, markeredgecolor="white",
                  markeredgewidth=0.8, zorder=5)  # fmt: skip


def _limits(values: NDArray[np.float64]) -> tuple[float, float]:
    """Both bands, every mark and a margin."""
    shown = values[np.isfinite(values)]
    low = min(float(shown.min(initial=0.0)), -LEAST_SPAN)
    high = max(float(shown.max(initial=0.0)), LEAST_SPAN)
    margin = (high - low) * 0.04
    return low - margin, high + margin


def _key(page: Page, values_from: float) -> None:
    """Marks and bands with their names, above the rows, and what the numbers are, above them."""
    squares = [("s", tint, PALE_EDGE, words) for _, tint, words in reversed(BANDS)]
    marks = [("o", "white", INK, "before"), ("o", FOCUS, FOCUS, "after"), *squares]
    if draw_key(page, marks) < values_from:
        page.text(values_from, page.top + 0.08, "before → after", va="center", fontsize=TEXT_SIZE,
                  color=GREY)  # fmt: skip
