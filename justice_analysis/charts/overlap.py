"""Overlap of two groups: histograms of their scores, one upwards and one downwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from justice_analysis.charts.spec import Spec, label_column, labels
from justice_analysis.charts.stages import HATCHES
from justice_analysis.charts.theme import (
    GREY,
    INK,
    MARGIN,
    TEXT_SIZE,
    Page,
    colours,
    plain_axes,
)
from justice_analysis.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

EDGE = re.compile(r"-?[\d,]+(?:\.\d+)?")
OPEN_BELOW, OPEN_ABOVE = ("under ", "less than ", "below "), (" more", " over", " above")
TOTAL = "all"
PLOT_HEIGHT, MOST_TICKS = 3.4, 12


@dataclass(frozen=True)
class Shape:
    """Shares of two groups in bins; shares of the people shown, missing where hidden."""

    groups: tuple[str, str]
    bins: tuple[str, ...]
    edges: NDArray[np.float64]
    is_open: tuple[bool, bool]
    shares: NDArray[np.float64]

    @property
    def widths(self) -> NDArray[np.float64]:
        """Width of each bin."""
        return np.diff(self.edges)

    @property
    def heights(self) -> NDArray[np.float64]:
        """Shares as of a bin of the narrowest width, so that areas are people, (2, bins)."""
        return self.shares * (self.widths.min() / self.widths)

    @property
    def common(self) -> float:
        """Share of each group that lies where the other has as many: 1 where they are alike."""
        return float(np.fmin.reduce(self.shares, axis=0)[np.isfinite(self.shares).all(0)].sum())


def draw_overlap(page: Page, table: pd.DataFrame, spec: Spec) -> None:
    """The first group's shares upwards, the second's downwards, over the same bins."""
    shape = shape_of(table, spec)
    page.size(PLOT_HEIGHT)
    left = MARGIN + page.width_of("100%", TEXT_SIZE) + 0.1
    axes = page.axes(left, MARGIN, 0.1 + TEXT_SIZE * 1.6 / 72, 0.62 if spec.x_title else 0.38)
    plain_axes(axes, grid="y")
    hues = colours(2)
    for number, sign in enumerate((1.0, -1.0)):
        axes.bar(shape.edges[:-1], sign * np.nan_to_num(shape.heights[number]),
                 width=shape.widths, align="edge", color=hues[number], edgecolor="white",
                 linewidth=0.8, hatch=HATCHES[number], zorder=3)  # fmt: skip
    axes.axhline(0, color=INK, linewidth=1.0, zorder=4)
    _scales(axes, shape, spec)
    _name(page, axes, shape, spec)


def shape_of(table: pd.DataFrame, spec: Spec) -> Shape:
    """Read two groups' shares by bin from their numbers of people; refuses other tables."""
    is_bin = [name.lower() != TOTAL for name in label_column(table, spec.x)]
    table = table[is_bin]
    groups, bins = labels(table, spec.group), labels(table, spec.x)
    if len(groups) != 2:
        raise UsageError(f"an overlap picture compares 2 groups: the table has {len(groups)}.")
    placed = sorted((_edges(name), name) for name in bins)
    people = np.full((2, len(bins)), np.nan)
    order = {name: place for place, (_, name) in enumerate(placed)}
    group_column, bin_column = label_column(table, spec.group or ""), label_column(table, spec.x)
    values = table[spec.y].to_numpy(dtype=np.float64, na_value=np.nan)
    for group, name, value in zip(group_column, bin_column, values, strict=True):
        people[groups.index(group), order[name]] = value
    totals = np.nansum(people, axis=1, keepdims=True)
    shares = people / np.where(totals > 0, totals, 1.0)
    return Shape((groups[0], groups[1]), tuple(name for _, name in placed),
                 _outer([edges for edges, _ in placed]),
                 (bool(np.isinf(placed[0][0][0])), bool(np.isinf(placed[-1][0][1]))),
                 shares)  # fmt: skip


def _edges(name: str) -> tuple[float, float]:
    """Lower and upper edge of a bin from its words: "0 to under 5", "95 or more"."""
    found = [float(edge.replace(",", "")) for edge in EDGE.findall(name)]
    words = name.lower()
    if len(found) == 2:
        is_whole = " to under " not in words and all(edge.is_integer() for edge in found)
        return found[0], found[1] + is_whole
    if len(found) == 1 and words.startswith(OPEN_BELOW):
        return -np.inf, found[0]
    if len(found) == 1 and words.endswith(OPEN_ABOVE):
        return found[0], np.inf
    if len(found) == 1 and EDGE.fullmatch(name):
        return found[0], found[0] + 1
    raise UsageError('bins must be written as "0 to under 5" or "95 or more": one is not.')


def _outer(edges: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Edges of bins that follow one another; an open one is as wide as its neighbour."""
    if any(one[1] != other[0] for one, other in pairwise(edges)):
        raise UsageError("bins must follow one another: some overlap or leave a gap.")
    line = np.array([edges[0][0], *(end for _, end in edges)])
    inner = np.diff(line[np.isfinite(line)])
    line[0] = line[1] - (inner[0] if len(inner) else 1.0) if np.isinf(line[0]) else line[0]
    line[-1] = line[-2] + (inner[-1] if len(inner) else 1.0) if np.isinf(line[-1]) else line[-1]
    return line


def _scales(axes: Axes, shape: Shape, spec: Spec) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    highest = float(np.nanmax(shape.heights, initial=0.0)) or 1.0
    axes.set_ylim(-highest * 1.08, highest * 1.08)
    axes.set_xlim(float(shape.edges[0]), float(shape.edges[-1]))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{abs(y) * 100:.6g}%"))
    _name_edges(axes, shape, "%" if spec.percent else "")
    if spec.x_title:
        axes.set_xlabel(spec.x_title, loc="left", labelpad=6)


def _name_edges(axes: Axes, shape: Shape, ending: str) -> None:
    """Edges of the bins, thinned where they are many; an open end says so in words."""
    words = [f"{edge:,.10g}{ending}" for edge in shape.edges]
    words[0] = "less" if shape.is_open[0] else words[0]
    words[-1] = "more" if shape.is_open[1] else words[-1]
    every = -(-len(words) // MOST_TICKS)
    gaps = np.diff(shape.edges[::every])
    if gaps.min() * MOST_TICKS < shape.edges[-1] - shape.edges[0]:
        every *= 2
    kept = sorted({*range(0, len(words), every), *np.flatnonzero(shape.is_open) * len(shape.bins)})
    axes.set_xticks(shape.edges[kept], [words[place] for place in kept])


def _name(page: Page, axes: Axes, shape: Shape, spec: Spec) -> None:
    """Each group's name in its half; what the heights are, above."""
    hues = colours(2)
    for number, (height, align) in enumerate(((0.97, "top"), (0.03, "bottom"))):
        across, side = _free_side(np.nan_to_num(shape.heights[number]))
        axes.text(across, height, shape.groups[number], transform=axes.transAxes, ha=side,
                  va=align, color=hues[number], fontweight="bold", zorder=6)  # fmt: skip
    narrowest = float(shape.widths.min())
    is_even = bool(np.allclose(shape.widths, narrowest))
    whole = bool(np.isfinite(shape.shares).all())
    words = spec.y_title or f"Share of each group{'' if whole else ', of the people shown'}"
    page.text(MARGIN, page.top + 0.02, words if is_even else f"{words}, per {narrowest:g} of score",
              fontsize=TEXT_SIZE, color=GREY)  # fmt: skip


def _free_side(heights: NDArray[np.float64]) -> tuple[float, Literal["left", "right"]]:
    """Where a name stands clear of the bars: the side whose third is lower."""
    third = max(len(heights) // 3, 1)
    return (0.015, "left") if heights[:third].max() < heights[-third:].max() else (0.985, "right")
