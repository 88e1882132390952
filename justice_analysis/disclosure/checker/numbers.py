"""The numbers of one output: each row that leaves beside the unrounded counts behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from justice_analysis.disclosure.checker.dossier import Dossier, as_number
from justice_analysis.disclosure.checker.markup import Html, el, more, scrolling, table
from justice_analysis.disclosure.checker.reasons import why_hidden

MOST_ROWS, MOST_UNDERLYING = 500, 100
NEVER = "never leaves"
LEFT_SINCE = "left since row above"
BY_DAY = ("events", "censored")
"""Counts of one day, which say nothing of a curve that moves once in many days."""


@dataclass(frozen=True)
class Columns:
    """The columns of the table, in three groups: what a row is about, what leaves, what stays."""

    about: Sequence[str]
    leaving: Sequence[str]
    staying: Sequence[str]


def numbers(dossier: Dossier) -> Html:
    """Show what leaves beside what is behind it, or what is behind it alone."""
    grid = dossier.leaving
    if grid is None:
        return el("div", el("p", "Nothing of it leaves."), _underlying_alone(dossier))
    left = len(grid.rows) - MOST_ROWS
    return el(
        "div",
        scrolling(
            _side_by_side(dossier),
            label=f"Numbers of {dossier.key}: what leaves and what stays",
            class_="region tall",
        ),
        el("p", f"{left:,} more rows stand in the files.") if left > 0 else None,
        el("p", f"Everything behind it, {NEVER}: ", _counts_link(dossier), class_="quiet"),
    )


def _side_by_side(dossier: Dossier) -> Html:
    """One row a group: the cells that leave, the unrounded counts, and why a row is hidden."""
    grid = dossier.leaving
    assert grid is not None
    behind = rows_behind(dossier)
    columns = _columns(dossier, behind)
    rows = [
        _row(dossier, number, row, behind[number], columns)
        for number, row in enumerate(grid.rows[:MOST_ROWS])
    ]
    unit = f"numbers of {dossier.output.unit}" if dossier.output.unit else "numbers"
    caption = el("span", f"Every row that leaves, with the {unit} behind it")
    return el(
        "table",
        el("caption", caption),
        el("thead", _groups(dossier, columns), _names(columns)),
        el("tbody", rows),
        class_="beside",
    )


def rows_behind(dossier: Dossier) -> list[Mapping[str, str]]:
    """Unrounded row behind each row that leaves; of curves also how many left since the last."""
    grid, output = dossier.leaving, dossier.output
    assert grid is not None
    found: list[Mapping[str, str]] = [dossier.behind(row) or {} for row in grid.rows]
    if output.kind != "survival":
        return found
    before: dict[tuple[str, ...], float] = {}
    for number, (row, behind) in enumerate(zip(grid.rows, found, strict=True)):
        group, still = grid.key(row, output.dimensions[:-1]), as_number(behind.get("at_risk"))
        if still is None:
            continue
        if group in before:
            found[number] = {**behind, LEFT_SINCE: f"{before[group] - still:g}"}
        before[group] = still
    return found


def _columns(dossier: Dossier, behind: Sequence[Mapping[str, str]]) -> Columns:
    """Of what stays: counts, totals and what the output is judged by; the rest is in its file."""
    grid, output = dossier.leaving, dossier.output
    assert grid is not None
    about = [name for name in output.dimensions if name in grid.columns]
    leaving = [name for name in grid.columns if name not in (*about, "shown", "data")]
    roles = output.roles
    wanted = (*roles.counts, *([roles.total] if roles.total else []), *roles.evidence, LEFT_SINCE)
    held = {name for row in behind for name in row}
    by_day = BY_DAY if output.kind == "survival" else ()
    staying = [name for name in dict.fromkeys(wanted) if name in held and name not in by_day]
    return Columns(about, leaving, staying)


def _groups(dossier: Dossier, columns: Columns) -> Html:
    staying, hidden = columns.staying, dossier.hidden
    about, leaving = max(len(columns.about), 1), max(len(columns.leaving), 1)
    stays, why = f"Stays: unrounded, {NEVER}", "Hidden, and why"
    return el(
        "tr",
        el("th", "Group", scope="colgroup", colspan=about),
        el("th", "Leaves", scope="colgroup", colspan=leaving),
        el("th", stays, scope="colgroup", colspan=len(staying), class_="stays")
        if staying
        else None,
        el("th", why, scope="col", rowspan=2, class_="stays why") if hidden else None,
    )


def _names(columns: Columns) -> Html:
    return el(
        "tr",
        [el("th", name, scope="col") for name in columns.about or ("row",)],
        [el("th", name, scope="col", class_="number leaves") for name in columns.leaving],
        [el("th", name, scope="col", class_="number stays") for name in columns.staying],
    )


def _row(
    dossier: Dossier,
    number: int,
    row: Mapping[str, str],
    behind: Mapping[str, str],
    columns: Columns,
) -> Html:
    hidden = number in dossier.hidden
    empty = "hidden" if hidden else ""
    why = why_hidden(dossier, number) if hidden else ""
    return el(
        "tr",
        [el("th", row[name], scope="row") for name in columns.about]
        or el("th", number, scope="row"),
        [el("td", row[name] or empty, class_="number leaves") for name in columns.leaving],
        [el("td", behind.get(name, ""), class_="number stays") for name in columns.staying],
        el("td", why, class_="stays why") if dossier.hidden else None,
        class_="hidden" if hidden else None,
    )


def _underlying_alone(dossier: Dossier) -> Html:
    grid = dossier.underlying
    shown = grid.rows[:MOST_UNDERLYING]
    content = table(
        f"Unrounded counts, {NEVER}: the first {len(shown)} of {len(grid.rows):,} rows",
        grid.columns,
        [[row[name] for name in grid.columns] for row in shown],
        label=f"Unrounded counts of {dossier.key}",
        numeric=range(len(dossier.output.dimensions), len(grid.columns)),
    )
    return more(
        f"Counts behind it ({NEVER})",
        el("div", content, class_="stays"),
        el("p", _counts_link(dossier)),
    )


def _counts_link(dossier: Dossier) -> Html:
    place = f"{dossier.run.name}/{dossier.id}.csv"
    return el("a", place, href=place)
