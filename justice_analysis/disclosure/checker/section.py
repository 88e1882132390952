"""One output as a checker sees it: what leaves, what stays, and why."""

from __future__ import annotations

from collections.abc import Sequence

from justice_analysis.disclosure.checker import evidence
from justice_analysis.disclosure.checker.acro import FOLDER, folder_name
from justice_analysis.disclosure.checker.dossier import Dossier, File
from justice_analysis.disclosure.checker.markup import (
    Html,
    bullets,
    el,
    facts,
    join,
    more,
    table,
)
from justice_analysis.disclosure.checker.numbers import numbers
from justice_analysis.disclosure.checker.recheck import Check
from justice_analysis.disclosure.profiles.words import WORDS
from justice_analysis.disclosure.request.context import definition

BADGES = {"pass": "✓ Pass", "review": "? Review", "fail": "✕ Refused"}
RESULTS = {"holds": "✓ holds", "look": "? look", "broken": "✕ broken"}
KINDS = {
    "box_plot": "box plot",
    "survival": "survival curve",
    "attrition": "steps of selection",
    "text": "numbers in sentences",
}
NOTHING_RECORDED = "Take care: what it was compared with was not recorded."


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
    number: int,
    dossier: Dossier,
    checks: Sequence[Check],
    together: Sequence[Dossier],
    *,
    then: Dossier | None = None,
) -> Html:
    """Write the section of one output.

    Parameters
    ----------
    checks
        The second look at the file that leaves.
    together
        Other outputs about the same people, or of the same measure or family.
    then
        The output that comes next on the page.
    """
    heading = f"h-{dossier.key}"
    output = dossier.output
    place = f"{dossier.run.name} / {dossier.id}"
    return el(
        "section",
        el("h2", f"{number}. {output.title} ", badge(dossier.status), id=heading),
        el("p", f"{kind_words(dossier).capitalize()} · {place}{_mark(dossier)}", class_="quiet"),
        _verdict(dossier, checks),
        el("h3", "What is asked for, beside what is behind it"),
        numbers(dossier),
        _figures(dossier),
        *_rules(dossier, checks),
        el("h3", "What an attacker can work out"),
        evidence.attacker(dossier),
        el("h3", "Differencing and earlier releases"),
        _others(dossier, together),
        evidence.earlier(dossier) or el("p", NOTHING_RECORDED),
        evidence.rest(dossier),
        el("h3", "Context and controls"),
        _context(dossier),
        el("h3", "Files"),
        _files(dossier),
        el("p", "Decision ", _line(), " Initials ", _line(), " Date ", _line(), class_="sign"),
        el(
            "p",
            el("a", "Back to the list", href="#list"),
            [" · ", el("a", f"Next: {then.output.title}", href=f"#{anchor(then)}")] if then else "",
            class_="back",
        ),
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
    return [*dossier.judged.verdict.reasons, *evidence.doubts(dossier), *found]


def _verdict(dossier: Dossier, checks: Sequence[Check]) -> Html:
    said = {
        "pass": "It passed every rule and is asked for.",
        "review": "No rule of ours can judge it: it is not asked for until a person has looked.",
        "fail": "It breaks a rule and is not asked for.",
    }[dossier.status]
    look = concerns(dossier, checks)
    return el("div", el("p", said), bullets(look) if look else None, class_="verdict")


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
    shown = table(
        "Apart from the judgement: the file that leaves, held against the counts behind it",
        ("Rule", "Asks", "Found", "Result"),
        rows,
        label=f"Rules, {dossier.key}",
    )
    holds = sum(check.result == "holds" for check in checks)
    again = more(
        f"A second look at the file: {holds} of {len(checks)} hold",
        shown,
        open=holds < len(checks),
    )
    judged = evidence.judged_rules(dossier)
    parts = [*([judged] if judged else []), *([again] if rows else [])]
    return [el("h3", "Rule by rule"), *parts] if parts else []


def _others(dossier: Dossier, together: Sequence[Dossier]) -> Html:
    """Other outputs about the same people, and those that count others in the same way."""
    mine = {dossier.output.population_hash, *dossier.output.within}
    same = [
        other for other in together if mine & {other.output.population_hash, *other.output.within}
    ]
    alike = [other for other in together if other not in same]
    return el(
        "div",
        el("p", f"In this release {len(same)} more about the same people:") if same
        else el("p", "No other output of this release is about the same people."),
        bullets(map(_other, same)) if same else None,
        more(f"{len(alike)} of the same measure or family, about other people",
             bullets(map(_other, alike))) if alike else None,
    )  # fmt: skip


def _other(other: Dossier) -> Html:
    link = el("a", other.output.title, href=f"#{anchor(other)}")
    return join([link, f" ({other.run.name}) ", badge(other.status)])


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


def _mark(dossier: Dossier) -> str:
    return " · synthetic data" if dossier.judged.candidate.synthetic else ""


def _line() -> Html:
    return el("span", class_="line")
