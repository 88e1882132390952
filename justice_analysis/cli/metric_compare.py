"""What `justice metric compare` prints: published figures, the metric's own, what differs."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from justice_analysis.cli import show

if TYPE_CHECKING:
    from justice_analysis.metrics.published import Comparison

SYNTHETIC = (
    "Synthetic data: simulated people. No number here is a finding, and none bears on the "
    "published figure."
)
AT_SECOND_HAND = "secondary: another source reports it; the publication itself was not read"
WIDTH = 88


def show_comparisons(name: str, data: Path, options: dict[str, Any], *, json: bool) -> None:
    """Print a metric beside its published figures, for people or for a script."""
    from justice_analysis import warehouse
    from justice_analysis.metrics.published import compare_published

    opened = warehouse.open(data)
    found = compare_published(opened, name, options)
    if json:
        rows = [_record(one) for one in found]
        show.as_json({"metric": name, "is_synthetic": opened.is_synthetic, "figures": rows})
        return
    if opened.is_synthetic:
        typer.echo(f"{SYNTHETIC}\n")
    headings = ("figure", "period", "published", "here", "95% interval", "people", "unit")
    show.table(headings, [_cells(one) for one in found])
    for one in found:
        typer.echo("")
        typer.echo("\n".join(_explained(one)))
    typer.echo("\nNot checked for release. A difference has more causes than are named here.")


def _cells(one: Comparison) -> tuple[object, ...]:
    figure = one.figure
    about = "about " if figure.approximate else ""
    ends = f" ({figure.interval[0]:g} to {figure.interval[1]:g})" if figure.interval else ""
    here = "none" if one.measured is None else _number(one.measured, figure.unit)
    interval = "" if one.lower is None else f"{one.lower:.1f} to {one.upper:.1f}"
    published = f"{about}{figure.value:,}{ends}"
    return figure.id, figure.period, published, here, interval, one.people, figure.unit


def _number(value: float, unit: str) -> str:
    return f"{value:,.1f}" if unit in ("percent", "weeks") or value < 100 else f"{value:,.0f}"


def _explained(one: Comparison) -> list[str]:
    figure = one.figure
    lines = _wrapped(f"{figure.id}: {figure.title}", "")
    lines += _wrapped(f"{figure.definition}. {figure.geography}, {figure.period}.", "  ")
    said = f"; {AT_SECOND_HAND}" if figure.status == "secondary" else ""
    lines += _wrapped(f"Source: {figure.source} ({figure.where}){said}.", "  ")
    if one.why_not:
        lines += _wrapped(f"Not compared: {one.why_not.rstrip('.')}.", "  ")
    for difference in one.differences:
        lines += _wrapped(f"- {difference}", "  ", "    ")
    return lines


def _wrapped(text: str, first: str, later: str | None = None) -> list[str]:
    indent = first if later is None else later
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=indent)


def _record(one: Comparison) -> dict[str, Any]:
    figure = one.figure
    return {
        "id": figure.id,
        "title": figure.title,
        "published": figure.value,
        "published_interval": figure.interval,
        "is_approximate": figure.approximate,
        "unit": figure.unit,
        "period": figure.period,
        "geography": figure.geography,
        "definition": figure.definition,
        "source": figure.source,
        "where": figure.where,
        "status": figure.status,
        "here": one.measured,
        "lower": one.lower,
        "upper": one.upper,
        "people": one.people,
        "why_not": one.why_not,
        "differences": list(one.differences),
    }
