"""Bins of a quantity, written as text: "0 to 29", "under 10", "90 or more", "5"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

NUMBER = r"(-?[\d,]+(?:\.\d+)?)"
WRITTEN = {
    "closed": re.compile(rf"{NUMBER} to {NUMBER}"),
    "half open": re.compile(rf"{NUMBER} to under {NUMBER}"),
    "below": re.compile(rf"(?:under|less than|below) {NUMBER}"),
    "up to": re.compile(rf"up to {NUMBER}"),
    "above": re.compile(rf"{NUMBER} (?:or|and) (?:more|over|older|above)"),
    "one": re.compile(NUMBER),
}


@dataclass(frozen=True)
class Bin:
    """Values from `low`, to just before `end`, as it is written.

    Whole numbers are counted as they are: "0 to 29" ends at 30, and "5" at 6.
    """

    text: str
    low: float
    end: float
    whole: bool = True


def read_bin(text: str) -> Bin | None:
    """Read a bin from its text; None where it is none."""
    for form, pattern in WRITTEN.items():
        if found := pattern.fullmatch(text.strip()):
            edges = [float(edge.replace(",", "")) for edge in found.groups()]
            return _bin(text, form, edges)
    return None


def read_bins(texts: Iterable[object]) -> tuple[Bin, ...] | None:
    """Read bins in order; None where a text is no bin, or bins overlap or leave a gap."""
    read = [read_bin(str(text)) for text in texts]
    bins = sorted((one for one in read if one is not None), key=lambda one: one.low)
    if not read or len(bins) < len(read) or any(one.low >= one.end for one in bins):
        return None
    if any(one.end != other.low for one, other in pairwise(bins)):
        return None
    return tuple(bins)


def joined(bins: Sequence[Bin]) -> Bin:
    """Return the bin of several that follow one another, written as they are."""
    if len(bins) == 1:
        return bins[0]
    low, end, whole = bins[0].low, bins[-1].end, all(one.whole for one in bins)
    if math.isinf(low) and math.isinf(end):
        text = "any"
    elif math.isinf(low):
        text = f"under {_written(end)}"
    elif math.isinf(end):
        text = f"{_written(low)} or more"
    else:
        last = f"{_written(end - 1)}" if whole else f"under {_written(end)}"
        text = f"{_written(low)} to {last}"
    return Bin(text, low, end, whole)


def has_round_edge(edge: float, bins: Sequence[Bin], limits: Sequence[float]) -> bool:
    """Whether an outer edge says nothing of the values: open, set beforehand, or on the grid.

    Parameters
    ----------
    edge
        Lower edge of the first bin, or the end of the last.
    limits
        Edges that the definition sets (from age 10), whatever the values.

    Notes
    -----
    On the grid: 0, or a multiple of the narrowest inner bin's width, or of the bin's own where
    there is no inner one; widths are no multiple of a smallest or largest value but by chance.
    """
    if math.isinf(edge) or edge == 0 or edge in limits:
        return True
    inner = bins[1:-1] or bins
    widths = [one.end - one.low for one in inner if math.isfinite(one.end - one.low)]
    width = min(widths, default=math.nan)
    return width > 1 and math.isclose(edge / width, round(edge / width), abs_tol=1e-9)


def _bin(text: str, form: str, edges: list[float]) -> Bin:
    if form == "closed":
        whole = all(edge.is_integer() for edge in edges)
        return Bin(text, edges[0], edges[1] + whole, whole)
    if form == "half open":
        return Bin(text, edges[0], edges[1], False)
    if form == "below":
        return Bin(text, -math.inf, edges[0])
    if form == "up to":
        return Bin(text, -math.inf, edges[0] + edges[0].is_integer())
    if form == "above":
        return Bin(text, edges[0], math.inf)
    return Bin(text, edges[0], edges[0] + 1)


def _written(edge: float) -> str:
    return f"{edge:,.0f}" if float(edge).is_integer() else f"{edge:,g}"
