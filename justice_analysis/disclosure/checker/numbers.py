"""The numbers of one output: each row that leaves beside the unrounded counts behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from justice_analysis.disclosure.checker.dossier import Dossier, Grid
from justice_analysis.disclosure.checker.markup import Html, el, more, scrolling, table
from justice_analysis.disclosure.checker.reasons import why_hidden

MOST_ROWS = 500
NEVER = "never leaves"


def numbers(dossier: Dossier) -> Html:
    """Show what leaves beside what is behind it, or what is behind it alone."""
    if dossier.leaving is None:
        return el("div", el("p", "Nothing of it leaves."), _underlying_alone(dossier))
    lone = dossier.leaving
    matched = any(dossier.behind(row) for row in lone.rows)
    columns = _underlying_columns(dossier) if matched else []
    content = _side_by_side(dossier, lone, columns)
    label = f"Numbers of {dossier.key}: what leaves and what stays"
    left = len(lone.rows) - MOST_ROWS
    return el(
        "div",
        scrolling(content, label=label, class_="region tall"),
        el("p", f"{left:,} more rows stand in the files.") if left > 0 else None,
        el("p", f"Everything behind it, {NEVER}: ", _counts_link(dossier), class_="quiet"),
    )


def _underlying_columns(dossier: Dossier) -> list[str]:
    """Counts and totals, and what the output is judged by; statistics stand in the file."""
    roles = dossier.output.roles
    names = dict.fromkeys((*roles.counts, *roles.evidence, *([roles.total] if roles.total else [])))
    return [name for name in names if name in dossier.underlying.columns]


def _side_by_side(dossier: Dossier, grid: Grid, columns: Sequence[str]) -> Html:
    """One row a group: the cells that leave, the unrounded counts, and why a row is hidden."""
    dimensions = [name for name in dossier.output.dimensions if name in grid.columns]
    leaving = [name for name in grid.columns if name not in (*dimensions, "shown", "data")]
    number = f"of {dossier.output.unit}" if dossier.output.unit else ""
    groups = el(
        "tr",
        el("th", "Group", scope="colgroup", colspan=max(len(dimensions), 1)),
        el("th", "Leaves", scope="colgroup", colspan=max(len(leaving), 1), class_="leaves"),
        el("th", f"Stays: unrounded, {NEVER}", scope="colgroup", colspan=len(columns),
           class_="stays") if columns else None,
        el("th", "Hidden, and why", scope="col", rowspan=2, class_="stays why")
        if dossier.hidden else None,
    )  # fmt: skip
    names = el(
        "tr",
        [el("th", name, scope="col") for name in dimensions or ("row",)],
        [el("th", name, scope="col", class_="number leaves") for name in leaving],
        [el("th", name, scope="col", class_="number stays") for name in columns],
    )
    rows = [
        _row(dossier, n, row, dimensions, leaving, columns)
        for n, row in enumerate(grid.rows[:MOST_ROWS])
    ]
    caption = f"Every row that leaves, with the numbers {number} behind it"
    return el(
        "table",
        el("caption", el("span", " ".join(caption.split()))),
        el("thead", groups, names),
        el("tbody", rows),
        class_="beside",
    )


def _row(
    dossier: Dossier,
    number: int,
    row: Mapping[str, str],
    dimensions: Sequence[str],
    leaving: Sequence[str],
    columns: Sequence[str],
) -> Html:
    hidden = number in dossier.hidden
    behind = dossier.behind(row) or {}
    names = [row[name] for name in dimensions] or [str(number)]
    return el(
        "tr",
        [el("th", name, scope="row") for name in names],
        [el("td", row[name] or ("hidden" if hidden else ""), class_="number leaves")
         for name in leaving],
        [el("td", behind.get(name, ""), class_="number stays") for name in columns],
        el("td", why_hidden(dossier, row) if hidden else "", class_="stays why")
        if dossier.hidden else None,
        class_="hidden" if hidden else None,
    )  # fmt: skip


def _underlying_alone(dossier: Dossier) -> Html:
    grid = dossier.underlying
    content = table(
        el("span", f"Unrounded counts, {NEVER}: the first {min(len(grid.rows), 100)} of "
           f"{len(grid.rows):,} rows"),
        grid.columns,
        [[row[name] for name in grid.columns] for row in grid.rows[:100]],
        label=f"Unrounded counts of {dossier.key}",
        numeric=range(len(dossier.output.dimensions), len(grid.columns)),
    )  # fmt: skip
    return more(
        f"Counts behind it ({NEVER})",
        el("div", content, class_="stays"),
        el("p", _counts_link(dossier)),
    )


def _counts_link(dossier: Dossier) -> Html:
    place = f"{dossier.run.name}/{dossier.id}.csv"
    return el("a", place, href=place)
