"""Which datasets join, and through what: a matrix with a line through all that share a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from justice_analysis.charts.theme import FOCUS, GRID, MARGIN, TEXT_SIZE, WIDTH, Page, themed
from justice_analysis.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, COLUMN_TEXT = 0.3, 9.0
LINE = COLUMN_TEXT * 1.3 / 72


def draw_joins(
    table: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    note: str = "",
    rows: Sequence[str] | None = None,
) -> Figure:
    """Draw datasets as rows and shared identifiers as columns.

    Parameters
    ----------
    table
        One row per dataset and identifier it holds: `dataset`, `identifier` (both as shown),
        `is_published` (whether the column's name is published), in the order to show.
    title, subtitle, note
        As for `charts.draw`.
    rows
        The datasets from the top; by default in the order in which they occur.

    Raises
    ------
    UsageError
        If there is nothing to draw.
    """
    if table.empty:
        raise UsageError("a picture of joins needs at least one dataset: there is none.")
    datasets = list(rows or dict.fromkeys(table["dataset"]))
    identifiers = list(dict.fromkeys(table["identifier"]))
    with themed():
        page = Page(title, subtitle, note, synthetic=False)
        left = MARGIN + max(page.width_of(name, TEXT_SIZE) for name in datasets) + 0.25
        room = (WIDTH - left - MARGIN) / len(identifiers) - 0.12
        headings = [page.wrap(name, COLUMN_TEXT, room) for name in identifiers]
        above = 0.2 + LINE * max(heading.count("\n") + 1 for heading in headings)
        page.size(above + ROW * len(datasets) + 0.1)
        axes = page.axes(left, MARGIN, 0.0, 0.1)
        axes.set_xlim(-0.5, len(identifiers) - 0.5)
        axes.set_ylim(len(datasets) - 0.5, -above / ROW - 0.5)
        axes.set_axis_off()
        _rows(axes, datasets)
        for at, (name, heading) in enumerate(zip(identifiers, headings, strict=True)):
            held = table[table["identifier"] == name]
            axes.text(at, -0.75, heading, ha="center", va="bottom", fontsize=COLUMN_TEXT)
            _column(axes, at, [datasets.index(one) for one in held["dataset"]], held)
        return page.finish()


def _rows(axes: Axes, datasets: list[str]) -> None:
    for at, name in enumerate(datasets):
        axes.axhline(at, color=GRID, linewidth=0.8, zorder=0)
        axes.annotate(
            name, (0, at), xycoords=("axes fraction", "data"), xytext=(-8, 0),
            textcoords="offset points", ha="right", va="center", annotation_clip=False,
        )  # fmt: skip


def _column(axes: Axes, at: int, places: list[int], held: pd.DataFrame) -> None:
    """A dot where a dataset holds the identifier: filled where its name is published."""
    axes.plot([at, at], [min(places), max(places)], color=FOCUS, linewidth=1.6, zorder=1)
    for place, published in zip(places, held["is_published"], strict=True):
        axes.plot(
            at, place, "o", markersize=9, zorder=2, markeredgecolor=FOCUS, markeredgewidth=1.6,
            color=FOCUS if published else "white",
        )  # fmt: skip
