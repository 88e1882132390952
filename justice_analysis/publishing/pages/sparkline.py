"""A small line beside a number: released points, drawn as SVG in the page itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from justice_analysis.publishing.markup import escape
from justice_analysis.publishing.released.table import shown_number

Points = Sequence[tuple[str, float | None]]
WIDTH, HEIGHT, EDGE = 144, 40, 4
_NUMBER = re.compile(r"(?:[a-z]+ )?(-?\d+(?:\.\d+)?)")


def sparkline(points: Points, *, title: str, is_share: bool) -> str:
    """The line, with a name that says what it shows; empty where fewer than two points are shown.

    The scale starts at zero. A hidden point leaves a gap.
    """
    if len(_shown(points)) < 2:
        return ""
    places = _places(points)
    shapes = "".join(_shape(stretch) for stretch in _stretches(places))
    last = next(place for place in reversed(places) if place)
    end = f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3" fill="currentColor"/>'
    base = HEIGHT - EDGE
    zero = (
        f'<path class="zero" d="M{EDGE} {base}H{WIDTH - EDGE}" fill="none" stroke="currentColor" '
        'stroke-opacity="0.45" stroke-width="1"/>'
    )
    name = escape(spoken(points, title=title, is_share=is_share))
    return (
        f'<svg class="sparkline" role="img" aria-label="{name}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{zero}{shapes}{end}</svg>"
    )


def spoken(points: Points, *, title: str, is_share: bool) -> str:
    """What the line shows, in words."""
    hidden = len(points) - len(_shown(points))
    gaps = f" {hidden} point{'s' * (hidden != 1)} hidden or missing." if hidden else ""
    return f"Line chart. {title}: {ends(points, is_share=is_share)}.{gaps}"


def ends(points: Points, *, is_share: bool) -> str:
    """First and last value: "5.0% (day 1) to 24.0% (day 365)"."""
    shown = _shown(points)
    said = [f"{_said(value, is_share)} ({label})" for label, value in (shown[0], shown[-1])]
    return " to ".join(said)


def _said(value: float, is_share: bool) -> str:
    number = shown_number(f"{value:.6f}", is_percent=is_share)
    return f"{number}%" if is_share else number


def _shown(points: Points) -> list[tuple[str, float]]:
    return [(label, value) for label, value in points if value is not None]


def _places(points: Points) -> list[tuple[float, float] | None]:
    """Where each point stands; missing where it is hidden."""
    across = _across([label for label, _ in points])
    values = [value for _, value in _shown(points)]
    low, high = min(0.0, *values), max(0.0, *values)
    rise = (HEIGHT - 2 * EDGE) / ((high - low) or 1.0)
    return [
        None if value is None else (x, HEIGHT - EDGE - (value - low) * rise)
        for x, (_, value) in zip(across, points, strict=True)
    ]


def _across(labels: Sequence[str]) -> list[float]:
    """Even steps; as far apart as the labels say where they are rising numbers, or days."""
    found = [_NUMBER.fullmatch(label) for label in labels]
    at = [float(one[1]) for one in found if one]
    if len(at) < len(labels) or any(later <= sooner for sooner, later in pairwise(at)):
        at = [float(place) for place in range(len(labels))]
    span = (at[-1] - at[0]) or 1.0
    return [EDGE + (x - at[0]) / span * (WIDTH - 2 * EDGE) for x in at]


def _stretches(
    places: Sequence[tuple[float, float] | None],
) -> list[list[tuple[float, float]]]:
    """Runs of points with no hidden one between them."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def _shape(run: Sequence[tuple[float, float]]) -> str:
    """A line, or a dot for a point that stands alone."""
    if len(run) == 1:
        x, y = run[0]
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.6" fill="currentColor"/>'
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return f'<polyline class="line" points="{line}"/>'
