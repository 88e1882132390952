"""Flat bars from zero with their values, one name a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.charts.rows import lay_out_rows, whisker_limits
from justice_analysis.charts.theme import GREY, INK, Page, colours, number_axis, plain_axes

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.charts.spec import Spec


def draw_bars(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """One bar per name and group, in the order of the table, with its value at the right."""
    rows = lay_out_rows(page, table, spec, pitch=0.3 if spec.group is None else 0.25)
    axes = rows.axes
    plain_axes(axes, grid="x")
    hues = colours(len(rows.groups))
    lower, upper = whisker_limits(table, spec)
    for number, value in enumerate(rows.values):
        if not np.isfinite(value):
            continue
        place = rows.places[number]
        axes.barh(place, value, height=rows.thickness, color=hues[rows.group_of[number]],
                  edgecolor="white", linewidth=0.6, zorder=3)  # fmt: skip
        if lower is not None and upper is not None:
            axes.plot([lower[number], upper[number]], [place, place], color=INK,
                      linewidth=1.2, zorder=4)  # fmt: skip
    low, high = min(rows.span[0], 0.0), max(rows.span[1], 0.0)
    axes.set_xlim(low * 1.04, high * 1.04 or 1.0)
    axes.axvline(0, color=GREY, linewidth=1.0, zorder=5)
    number_axis(axes.xaxis, percent=spec.percent, most=5)
    axes.set_xlabel(spec.y_title, loc="left", labelpad=6)
