"""The checker's page: every output with its evidence, on one page that needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from justice_analysis.disclosure.checker.dossier import Dossier, as_number
from justice_analysis.disclosure.checker.markup import Html, bullets, el, facts, join, more, table
from justice_analysis.disclosure.checker.reasons import limits
from justice_analysis.disclosure.checker.recheck import STEPS, Check, recheck, shown_rows
from justice_analysis.disclosure.checker.section import (
    anchor,
    badge,
    concerns,
    kind_words,
    section,
)
from justice_analysis.disclosure.profiles.profile import Profile, describe
from justice_analysis.disclosure.runs import Run

FILE_NAME = "index.html"
STYLE = Path(__file__).parent / "page.css"
POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; base-uri 'none'"
Looked = tuple[Dossier, tuple[Check, ...]]


@dataclass(frozen=True)
class Comparison:
    """Sentences on what the request was compared with, and on what it was not."""

    done: Sequence[str] = ()
    missing: Sequence[str] = (
        "Nothing was recorded of what left before: compare with earlier releases, with releases "
        "made apart from this one, and with what others have published.",
    )


def write(
    checker: Path,
    dossiers: Sequence[Dossier],
    *,
    made: datetime,
    tool: str,
    compared: Comparison | None = None,
) -> None:
    """Write `index.html` in the checker's tree."""
    content = page(dossiers, made=made, tool=tool, compared=compared or Comparison())
    (checker / FILE_NAME).write_text(content, encoding="utf-8", newline="\n")


def page(dossiers: Sequence[Dossier], *, made: datetime, tool: str, compared: Comparison) -> str:
    """Make the page: a list in the order in which to look, then a section per output."""
    ranked = rank([(dossier, recheck(dossier)) for dossier in dossiers])
    following = [dossier for dossier, _ in ranked[1:]] + [None]
    sections = [
        section(number, *looked, _together(looked[0], dossiers), then=then)
        for number, (looked, then) in enumerate(zip(ranked, following, strict=True), start=1)
    ]
    body = el(
        "body",
        el("a", "Skip to the list of outputs", href="#list", class_="skip"),
        el("header", _heading(dossiers, made, tool)),
        el(
            "main",
            _summary(ranked),
            _how(),
            sections,
            _earlier(compared),
            _rules(dossiers),
            _runs(dossiers),
        ),
    )
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="Content-Security-Policy", content=POLICY),
        el("meta", name="robots", content="noindex"),
        el("title", "Output check: never leaves"),
        el("style", Html(STYLE.read_text(encoding="utf-8"))),
    )
    return f"<!doctype html>\n{el('html', head, body, lang='en-GB')}\n"


def rank(looked: Sequence[Looked]) -> list[Looked]:
    """Order outputs by how much a person is needed: doubts first, what was refused last."""

    def place(item: Looked) -> tuple[int, int, int]:
        dossier, checks = item
        results = [check.result for check in checks]
        if dossier.status == "fail":
            return (4, 0, 0)
        if dossier.status == "review":
            return (1, 0, 0)
        if "broken" in results:
            return (0, 0, 0)
        doubtful = "look" in results or bool(concerns(dossier, checks))
        return (2 if doubtful else 3, -len(dossier.hidden), -results.count("look"))

    return sorted(looked, key=place)


def fewest_behind(dossier: Dossier) -> float | None:
    """Smallest unrounded count behind any row that is shown."""
    leaving = dossier.leaving
    if leaving is None:
        return None
    steps = dossier.output.kind in STEPS  # how many left, or had the event, may be small or none
    named = (dossier.output.roles.people,) if steps else limits(dossier)
    names = [name for name in named if name in leaving.columns]
    values = [
        value
        for row in shown_rows(dossier)
        for name in names
        if (value := as_number((dossier.behind(row) or {}).get(name))) is not None
    ]
    return min(values, default=None)


def _heading(dossiers: Sequence[Dossier], made: datetime, tool: str) -> Html:
    profiles = dict.fromkeys(d.profile.title for d in dossiers)
    synthetic = sum(dossier.judged.candidate.synthetic for dossier in dossiers)
    said = "No number here is about people."
    if synthetic < len(dossiers):
        said = f"{synthetic} of {len(dossiers)} outputs are made from it, and say so."
    mark = el("p", el("strong", "Synthetic data. "), said)
    day = f"{made.day} {made:%B %Y, %H:%M %Z}"
    return join(
        [
            el("p", el("strong", "This page never leaves. "),
               "It shows unrounded counts beside what is asked for.", class_="never"),
            el("div", mark, class_="synthetic") if synthetic else None,
            el("h1", "Output check"),
            el("p", f"Rules: {', '.join(profiles)}. Made {day} with justice_analysis {tool}.",
               class_="quiet"),
        ]
    )  # fmt: skip


def _summary(ranked: Sequence[Looked]) -> Html:
    statuses = [dossier.status for dossier, _ in ranked]
    broken = sum(any(c.result == "broken" for c in checks) for _, checks in ranked)
    count = len(ranked)
    tally = el(
        "ul",
        [
            el("li", el("b", statuses.count(status)), f" {words}", class_=f"tally {status}")
            for status, words in (
                ("pass", "passed and asked for"),
                ("review", "for a person to look at, not asked for"),
                ("fail", "refused, not asked for"),
            )
        ],
        class_="tallies",
    )
    warning = el("p", f"{broken} of the files that leave did not stand up to a second look: "
                 "they come first.", class_="alarm")  # fmt: skip
    rows = [_summary_row(number, *item) for number, item in enumerate(ranked, start=1)]
    return el(
        "section",
        el("h2", f"{count} output{'s' * (count != 1)}", id="list", tabindex="-1"),
        tally,
        warning if broken else None,
        table(
            "In the order in which to look",
            ("Output", "Verdict", "Rows", "Hidden", "Smallest count", "Look at"),
            rows,
            label="List of outputs",
            numeric=(2, 3, 4),
        ),
    )


def _summary_row(number: int, dossier: Dossier, checks: Sequence[Check]) -> list[object]:
    leaving, fewest = dossier.leaving, fewest_behind(dossier)
    look = concerns(dossier, checks)
    title = el("a", f"{number}. {dossier.output.title}", href=f"#{anchor(dossier)}")
    place = f"{dossier.run.name} · {dossier.id} · {kind_words(dossier)}"
    return [
        join([title, el("span", place, class_="under")]),
        badge(dossier.status),
        f"{len(leaving.rows):,}" if leaving else "none",
        f"{len(dossier.hidden):,}" if leaving else "",
        "" if fewest is None else f"{fewest:,g}",
        el("span", look[0] + (f" (and {len(look) - 1} more)" if len(look) > 1 else ""))
        if look
        else "nothing stands out",
    ]


def _how() -> Html:
    return more(
        "How to use this page",
        el(
            "ol",
            el("li", "Work down the list: what needs a person most comes first."),
            el("li", "In each output, white columns leave and shaded columns never do. "
               "A hidden row says why."),
            el("li", "“Rule by rule” reads the file that leaves once more, apart from the "
               "judgement. A rule that is broken there is a reason to stop."),
            el("li", "Compare each output with what has left before: see “Differencing”."),
            el("li", "Each file's sha256 says that what you saw is what leaves; "
               "`justice release verify` checks them all."),
        ),
    )  # fmt: skip


def _together(dossier: Dossier, dossiers: Sequence[Dossier]) -> list[Dossier]:
    """Find outputs about the same people, or of the same differencing family."""
    mine = {dossier.output.population_hash, *dossier.output.within}
    family = dossier.output.family or dossier.output.card
    return [
        other
        for other in dossiers
        if other is not dossier
        and (
            bool(mine & {other.output.population_hash, *other.output.within})
            or (family is not None and family == (other.output.family or other.output.card))
        )
    ]


def _earlier(compared: Comparison) -> Html:
    return el(
        "section",
        el("h2", "Earlier releases, and what others published", id="earlier"),
        bullets(compared.done) if compared.done else None,
        el("p", el("strong", "Still to compare by hand")) if compared.missing else None,
        bullets(compared.missing) if compared.missing else None,
    )


def _rules(dossiers: Sequence[Dossier]) -> Html:
    used: list[Profile] = []
    for dossier in dossiers:
        if dossier.profile not in used:
            used.append(dossier.profile)
    tables = []
    for profile in used:
        runs = dict.fromkeys(d.run.name for d in dossiers if d.profile == profile)
        rows = [(r.meaning, r.value, r.status, r.source) for r in describe(profile)]
        caption = f"{profile.title} ({profile.name}), as used for {', '.join(runs)}"
        headings = ("Rule", "Value", "Status", "Source")
        tables.append(table(caption, headings, rows, label=f"Rules of {profile.name}"))
    said = (
        "Confirmed: read in the source. Recalled: commonly quoted, to be checked against your own "
        "guidance, which stands. Ours: our choice."
    )
    return el("section", el("h2", "The rules, and where they come from"), el("p", said), tables)


def _runs(dossiers: Sequence[Dossier]) -> Html:
    runs = {id(dossier.run): dossier.run for dossier in dossiers}.values()
    return el("section", el("h2", "The runs"), [_run(run) for run in runs])


def _run(run: Run) -> Html:
    manifest = run.manifest
    sources = "; ".join(
        f"{name} ({said['nature']}, extract of {said['extract_date'] or 'a date not stated'})"
        for name, said in run.sources.items()
    )
    parameters = ", ".join(
        f"{name}: {value}" for name, value in (manifest.get("parameters") or {}).items()
    )
    return el(
        "div",
        el("h3", run.name),
        facts(
            (
                ("Title", manifest.get("title")),
                ("Finished", manifest.get("finished")),
                ("Parameters", parameters),
                ("Data", sources),
                ("Warehouse", manifest["warehouse"].get("fingerprint")),
                ("Package", manifest.get("package_version")),
                ("Notebook sha256", manifest.get("notebook_sha256")),
                ("Parameters sha256", manifest.get("parameters_sha256")),
            )
        ),
    )
