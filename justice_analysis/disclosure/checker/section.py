"""One output as a checker sees it: what leaves, what stays, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from justice_analysis.disclosure.checker import evidence
from justice_analysis.disclosure.checker.acro import FOLDER, folder_name
from justice_analysis.disclosure.checker.dossier import Dossier, File, Grid
from justice_analysis.disclosure.checker.markup import (
    Html,
    bullets,
    el,
    facts,
    join,
    more,
    scrolling,
    table,
)
from justice_analysis.disclosure.checker.reasons import why_hidden
from justice_analysis.disclosure.checker.recheck import Check
from justice_analysis.disclosure.profile_words import WORDS
from justice_analysis.disclosure.readable import NOT_COMPARED, definition

MOST_ROWS = 500
BADGES = {"pass": "✓ Pass", "review": "? Review", "fail": "✕ Refused"}
RESULTS = {"holds": "✓ holds", "look": "? look", "broken": "✕ broken"}
KINDS = {
    "box_plot": "box plot",
    "survival": "survival curve",
    "attrition": "steps of selection",
    "text": "numbers in sentences",
}
NEVER = "never leaves"


def badge(status: str) -> Html:
    """A verdict in a word and a sign, not by colour alone."""
    return el("span", BADGES.get(status, status), class_=f"badge {status}")


def anchor(dossier: Dossier) -> str:
    """Where the page shows an output."""
    return f"output-{dossier.key}"


def kind_words(dossier: Dossier) -> str:
    """The kind of an output as people say it."""
    kind = dossier.output.kind
    return KINDS.get(kind, kind)


def section(
    number: int, dossier: Dossier, checks: Sequence[Check], together: Sequence[Dossier]
) -> Html:
    """Write the section of one output.

    Parameters
    ----------
    checks
        The second look at the file that leaves.
    together
        Other outputs about the same people, or nearly the same.
    """
    heading = f"h-{dossier.key}"
    output = dossier.output
    place = f"{dossier.run.name} / {dossier.id}"
    return el(
        "section",
        el("h2", f"{number}. {output.title} ", badge(dossier.status), id=heading),
        el("p", f"{kind_words(dossier).capitalize()} · {place}", class_="quiet"),
        _verdict(dossier, checks),
        el("h3", "What is asked for, beside what is behind it"),
        _numbers(dossier),
        _figures(dossier),
        *_rules(dossier, checks),
        el("h3", "What an attacker can work out"),
        evidence.attacker(dossier),
        el("h3", "Differencing and earlier releases"),
        _others(together),
        evidence.earlier(dossier) or el("p", f"Take care: {NOT_COMPARED}"),
        evidence.rest(dossier),
        el("h3", "Context and controls"),
        _context(dossier),
        el("h3", "Files"),
        _files(dossier),
        el("p", "Decision ", _line(), " Initials ", _line(), " Date ", _line(), class_="sign"),
        el("p", el("a", "Back to the list", href="#list"), class_="back"),
        id=anchor(dossier),
        class_=f"output {dossier.status}",
        aria_labelledby=heading,
    )


def concerns(dossier: Dossier, checks: Sequence[Check]) -> list[str]:
    """What a checker should look at first, in a few words each."""
    found = [
        f"{WORDS.get(check.rule, check.rule)}: {check.found}"
        for check in checks
        if check.result != "holds"
    ]
    return [*dossier.judged.verdict.reasons, *found]


def _verdict(dossier: Dossier, checks: Sequence[Check]) -> Html:
    said = {
        "pass": "It passed every rule and is asked for.",
        "review": "No rule of ours can judge it: it is not asked for until a person has looked.",
        "fail": "It breaks a rule and is not asked for.",
    }[dossier.status]
    look = concerns(dossier, checks)
    return el("div", el("p", said), bullets(look) if look else None, class_="verdict")


def _numbers(dossier: Dossier) -> Html:
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
        el("th", "Hidden, and why", scope="col", rowspan=2, class_="stays why"),
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
        el("caption", " ".join(caption.split())),
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
        el("td", why_hidden(dossier, row) if hidden else "", class_="stays why"),
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


def _figures(dossier: Dossier) -> list[Html]:
    """The figure that leaves, drawn from the numbers above."""
    pictures = [file for file in dossier.files if file.ending in ("png", "jpg", "jpeg")]
    chart = dossier.output.chart
    said = (chart.alt_text if chart else "") or f"Figure of {dossier.output.title}"
    return [
        el("figure",
           el("img", src=f"{FOLDER}/{folder_name(dossier, file)}", alt=said, loading="lazy"),
           el("figcaption", f"{file.name}: drawn from the numbers that leave."))
        for file in pictures
    ]  # fmt: skip


def _rules(dossier: Dossier, checks: Sequence[Check]) -> list[Html]:
    rows = [
        (WORDS.get(c.rule, c.rule), c.asks, c.found, el("span", RESULTS[c.result], class_=c.result))
        for c in checks
    ]
    recorded = dossier.evidence.get("rules")
    if not rows and not recorded:
        return []
    shown = table(
        "Held against the file that leaves and the counts behind it, apart from the judgement",
        ("Rule", "Asks", "Found", "Result"),
        rows,
        label=f"Rules, {dossier.key}",
    )
    return [
        el("h3", "Rule by rule"),
        *([shown] if rows else []),
        *([el("h4", "As judged"), evidence.render(recorded)] if recorded else []),
    ]


def _others(together: Sequence[Dossier]) -> Html:
    if not together:
        return el("p", "No other output of this release counts the same people.")
    links = [
        join([el("a", other.output.title, href=f"#{anchor(other)}"), f" ({other.run.name}) ",
              badge(other.status)])
        for other in together
    ]  # fmt: skip
    count = len(together)
    said = f"{count} other output{'s' * (count > 1)} of this release count the same people, or"
    return el("div", el("p", f"{said} nearly the same, and were judged with it:"), bullets(links))


def _context(dossier: Dossier) -> Html:
    output, verdict = dossier.output, dossier.judged.verdict
    filters = ", ".join(
        f"{evidence.words(name)}: {value}"
        for name, value in output.options.items()
        if value not in (None, "", [], {})
    )
    text = next((file for file in dossier.files if file.ending == "txt"), None)
    return el(
        "div",
        facts(
            (
                ("Population", output.population),
                ("Counts", output.unit),
                ("About", output.about.replace("_", "-")),
                ("Choices", filters),
                ("Definition", definition(output.card) if output.card else None),
                ("Measure", output.card),
                ("Controls", bullets(verdict.controls) if verdict.controls else None),
                ("Notes", bullets(output.notes) if output.notes else None),
                ("Population hash", el("code", output.population_hash)),
            )
        ),
        more(f"{text.name}, as it leaves", el("pre", text.content.decode("utf-8", "replace")))
        if text
        else None,
    )


def _files(dossier: Dossier) -> Html:
    if not dossier.files:
        return el("p", "None: it is not asked for.")
    rows = [
        (_file_link(file), f"{len(file.content):,}", el("code", file.sha256))
        for file in dossier.files
    ]
    return table(
        "What leaves, byte for byte", ("File", "Bytes", "sha256"), rows,
        label=f"Files of {dossier.key}", numeric=(1,),
    )  # fmt: skip


def _file_link(file: File) -> Html:
    place = f"request/{file.place}"
    return el("a", place, href=f"../{place}")


def _line() -> Html:
    return el("span", class_="line")
