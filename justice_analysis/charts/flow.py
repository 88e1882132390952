"""Attrition: who was kept and who was set aside at each step, from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from justice_analysis.charts.spec import Spec, label_column
from justice_analysis.charts.theme import FOCUS, GREY, MARGIN, TEXT_SIZE, WIDTH, Page
from justice_analysis.charts.words import number_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BOX_WIDTH, ASIDE_LEFT = 4.6, 5.0
ASIDE_WIDTH = WIDTH - 2 * MARGIN - ASIDE_LEFT
WITHOUT = "without "
LINE = TEXT_SIZE * 1.3 / 72
GAP = 0.32


def draw_flow(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """One box per step with the number kept; beside the arrow, the number set aside."""
    steps = [page.wrap(name, TEXT_SIZE, BOX_WIDTH - 1.32) for name in label_column(table, spec.x)]
    kept = table[spec.y].to_numpy(dtype=np.float64, na_value=np.nan)
    aside = _set_aside(table, spec, kept)
    heights = [max(0.42, (step.count("\n") + 1) * LINE + 0.2) for step in steps]
    names = label_column(table, spec.x)
    words = [
        page.wrap(_aside_words(number, name), TEXT_SIZE, ASIDE_WIDTH)
        for number, name in zip(aside, names, strict=True)
    ]
    # The gap under a box grows with what stands beside its arrow.
    gaps = [0.0, *(max(GAP, (said.count("\n") + 1) * LINE + 0.1) for said in words[1:])]
    total = sum(heights) + sum(gaps)
    page.size(total + 0.1)
    axes = page.axes(MARGIN, MARGIN, 0.0, 0.1)
    axes.set_xlim(0, WIDTH - 2 * MARGIN)
    axes.set_ylim(total, 0)
    axes.set_axis_off()
    top = 0.0
    for number, (step, height) in enumerate(zip(steps, heights, strict=True)):
        if number:
            _arrow(axes, top - gaps[number], top)
            _aside(axes, top - gaps[number] / 2, words[number])
        _box(axes, top, height, step, kept[number], is_end=number in (0, len(steps) - 1))
        top += height + (gaps[number + 1] if number + 1 < len(steps) else 0.0)


def _set_aside(table: pd.DataFrame, spec: Spec, kept: np.ndarray) -> np.ndarray:
    """Numbers set aside: their own column where there is one, else the fall in those kept."""
    named = [
        column
        for column in table.columns
        if str(column) == "set_aside" or str(column).endswith(("_set_aside", "excluded"))
    ]
    if named:
        return table[named[0]].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.concatenate([[0.0], kept[:-1] - kept[1:]])


def _box(axes: Axes, top: float, height: float, step: str, kept: float, *, is_end: bool) -> None:
    from matplotlib.patches import Rectangle

    fill = "#EEF2F6" if is_end else "white"
    axes.add_patch(
        Rectangle(
            (0, top),
            BOX_WIDTH,
            height,
            facecolor=fill,
            edgecolor=FOCUS,
            linewidth=1.1,
            clip_on=False,
        )
    )
    middle = top + height / 2
    if np.isfinite(kept):
        style: dict[str, Any] = {"color": FOCUS, "fontsize": 11, "fontweight": "bold"}
        axes.text(1.06, middle, number_words(kept, percent=False), ha="right", va="center", **style)
    else:
        axes.text(1.06, middle, "not shown", ha="right", va="center", color=GREY)
    axes.text(1.2, middle, step, va="center", linespacing=1.2)


def _arrow(axes: Axes, start: float, end: float) -> None:
    style = {"arrowstyle": "-|>,head_width=0.22,head_length=0.4", "color": GREY, "linewidth": 1.1,
             "shrinkA": 0, "shrinkB": 0}  # fmt: skip
    axes.annotate("", xy=(0.6, end), xytext=(0.6, start), arrowprops=style)


def _aside_words(number: float, step: str) -> str:
    """How many were set aside before a step and, where the step says without whom, who."""
    if not np.isfinite(number):
        return "set aside: not shown"
    said = f"{number_words(number, percent=False)} set aside"
    return f"{said}: {step[len(WITHOUT) :]}" if step.lower().startswith(WITHOUT) else said


def _aside(axes: Axes, middle: float, words: str) -> None:
    axes.plot([0.6, ASIDE_LEFT - 0.1], [middle, middle], color=GREY, linewidth=1.1,
              clip_on=False)  # fmt: skip
    axes.text(ASIDE_LEFT, middle, words, va="center", color=GREY, linespacing=1.2)
