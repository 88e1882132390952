"""The frame that dots and bars share: names at the left, values at the right, a key above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from justice_analysis.charts.spec import Spec, label_column, labels
from justice_analysis.charts.theme import (
    GREY,
    MARGIN,
    PALETTE,
    TEXT_SIZE,
    WIDTH,
    Page,
    colours,
)
from justice_analysis.charts.words import value_words
from justice_analysis.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NAMES_ROOM = 2.3
# Shapes beside colours, so that a grey print can be read.
SHAPES = ("o", "s", "D", "^", "v", "P")
GROUP_GAP = 0.13
ONE_LINE = TEXT_SIZE * 1.3 / 72


@dataclass(frozen=True)
class Rows:
    """Axes measured in inches from the top, and where each row of the table goes on them."""

    axes: Axes
    values: NDArray[np.float64]
    places: list[float]
    group_of: list[int]
    groups: list[str]
    span: tuple[float, float]
    thickness: float


def whisker_limits(
    table: pd.DataFrame, spec: Spec
) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Lower and upper limits as arrays, or none."""
    if not (spec.lower and spec.upper):
        return None, None
    return _numbers(table, spec.lower), _numbers(table, spec.upper)


def lay_out_rows(
    page: Page, table: pd.DataFrame, spec: Spec, *, pitch: float, key_above: float = 0.0
) -> Rows:
    """Place names, rows and values, and size the page for them, with room for a key above."""
    groups = labels(table, spec.group)
    if len(groups) > len(PALETTE):
        raise UsageError(
            f"a chart can tell {len(PALETTE)} groups apart: the table has {len(groups)}. "
            "Draw fewer, or make one chart each."
        )
    names = [page.wrap(name, TEXT_SIZE, NAMES_ROOM) for name in labels(table, spec.x)]
    group_column = label_column(table, spec.group) if spec.group else [""] * len(table)
    group_of = [groups.index(name) for name in group_column]
    name_of = [labels(table, spec.x).index(name) for name in label_column(table, spec.x)]
    blocks = [_block(name, name_of.count(n), pitch, spec) for n, name in enumerate(names)]
    tops = np.concatenate([[0.0], np.cumsum(blocks)])
    places = _places(name_of, tops, pitch)

    key = 0.3 if spec.group else key_above
    heading = ONE_LINE + 0.1 if spec.x_title else 0.0
    below = 0.56 if spec.y_title else 0.34
    page.size(key + heading + float(tops[-1]) + below)
    words = value_words(table, spec)
    right = MARGIN + max(page.width_of(word, TEXT_SIZE) for word in words) + 0.12
    left = MARGIN + max(page.width_of(name, TEXT_SIZE) for name in names) + 0.14
    axes = page.axes(left, right, key + heading, below)
    axes.set_ylim(float(tops[-1]), 0.0)
    axes.set_yticks([])
    _write(page, axes, names, tops, words, places, key + heading, right)
    if spec.x_title:
        page.text(MARGIN, page.top + key, spec.x_title, fontsize=TEXT_SIZE, color=GREY)
    if spec.group:
        _key(page, groups, marks="o" if spec.form == "dots" else "s")
    limits = whisker_limits(table, spec)
    return Rows(axes, _numbers(table, spec.y), places, group_of, groups,
                _span(_numbers(table, spec.y), *limits), pitch * 0.78)  # fmt: skip


def _block(name: str, rows: int, pitch: float, spec: Spec) -> float:
    """Height of all rows of one name."""
    lines = (name.count("\n") + 1) * ONE_LINE + 0.06
    return max(rows * pitch, lines) + (GROUP_GAP if spec.group else 0.0)


def _places(name_of: list[int], tops: NDArray[np.float64], pitch: float) -> list[float]:
    """Middle of each row: the rows of a name in the middle of its block."""
    seen: dict[int, int] = {}
    places = []
    for n in name_of:
        done = seen.get(n, 0)
        seen[n] = done + 1
        middle = (tops[n] + tops[n + 1]) / 2
        places.append(float(middle + (done - (name_of.count(n) - 1) / 2) * pitch))
    return places


def _write(
    page: Page,
    axes: Axes,
    names: list[str],
    tops: NDArray[np.float64],
    words: list[str],
    places: list[float],
    above: float,
    right: float,
) -> None:
    """Names flush left, values flush left in a column of their own."""
    start = page.top + above
    for n, name in enumerate(names):
        middle = start + float(tops[n] + tops[n + 1]) / 2
        page.text(MARGIN, middle, name, va="center", fontsize=TEXT_SIZE)
    for word, place in zip(words, places, strict=True):
        colour = GREY if word == "not shown" else None
        style = {"color": colour} if colour else {}
        page.text(WIDTH - right + 0.12, start + place, word, va="center", fontsize=TEXT_SIZE,
                  **style)  # fmt: skip


def _key(page: Page, groups: list[str], *, marks: str) -> None:
    """Groups with their marks, in the order of the rows."""
    from matplotlib.lines import Line2D

    x, height = MARGIN, float(page.figure.get_figheight())
    for n, (name, hue) in enumerate(zip(groups, colours(len(groups)), strict=True)):
        middle = page.top + 0.08
        mark = Line2D([(x + 0.06) / WIDTH], [1 - middle / height], linestyle="none",
                      marker=SHAPES[n] if marks == "o" else "s", markersize=8, color=hue,
                      transform=page.figure.transFigure)  # fmt: skip
        page.figure.add_artist(mark)
        page.text(x + 0.19, middle, name, va="center", fontsize=TEXT_SIZE)
        x += 0.19 + page.width_of(name, TEXT_SIZE) + 0.28


def draw_key(page: Page, marks: Sequence[tuple[str, str, str, str]]) -> float:
    """Marks (shape, face, edge, words) above the rows; gives where their line ends, in inches."""
    from matplotlib.lines import Line2D

    height, x, middle = float(page.figure.get_figheight()), MARGIN, page.top + 0.08
    for shape, face, edge, words in marks:
        mark = Line2D([(x + 0.06) / WIDTH], [1 - middle / height], linestyle="none", marker=shape,
                      markerfacecolor=face, markeredgecolor=edge, markersize=8,
                      transform=page.figure.transFigure)  # fmt: skip
        page.figure.add_artist(mark)
        page.text(x + 0.19, middle, words, va="center", fontsize=TEXT_SIZE)
        x += 0.19 + page.width_of(words, TEXT_SIZE) + 0.24
    return x


def _numbers(table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    return table[column].to_numpy(dtype=np.float64, na_value=np.nan)


def _span(*columns: NDArray[np.float64] | None) -> tuple[float, float]:
    values = np.concatenate([column for column in columns if column is not None])
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
