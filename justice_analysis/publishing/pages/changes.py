"""The page of changes: what differs from the last edition, and from each one to the next."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from justice_analysis.publishing.editions import changes as changed
from justice_analysis.publishing.editions.changes import Change, Told, between
from justice_analysis.publishing.editions.edition import Edition, Editions, Explanation
from justice_analysis.publishing.markup import (
    bullets,
    front_matter,
    html_table,
    page,
    plain,
    sentence,
    words,
)
from justice_analysis.publishing.paper.paper import Paper

PAGE = "changes"
_RULE = (
    "The main figures of every paper are written down with each edition of the book. Where one "
    "differs since, this page says what it was, what it is and why: new data, a revised method, or "
    "a correction. No figure changes here without a reason."
)
_FIRST = "No edition of the book has been published yet: this build is the first."
_NONE = "No paper and no published figure has changed."
_UNSAID = "not stated"
_HEADINGS = ("Figure", "Before", "Now", "Why")


def changes(told: Told) -> tuple[str, ...]:
    """What is new since the last edition, in sentences of MyST; none for the first edition."""
    if told.since is None:
        return ()
    said = tuple(map(plain, _sentences(told.changes)))
    return said or (f"Nothing has changed since the edition of {month(told.since.name)}.",)


def _sentences(found: Sequence[Change]) -> Iterator[str]:
    """A sentence for each paper that is new, left out or of a new version, and each reason."""
    for one in found:
        if one.kind == changed.NEW:
            yield f"New paper: {sentence(one.title)}"
        elif one.kind == changed.LEFT_OUT:
            yield f"This build leaves out a published paper: {sentence(one.title)}"
        elif one.kind == changed.VERSION:
            yield f"Version {one.now} (before: {one.before}) of: {sentence(one.title)}"
    for (title, why), count in _explained(found).items():
        figures = "One figure" if count == 1 else f"{count} figures"
        yield f"{figures} changed ({why.reason}) in “{title}”: {sentence(why.words)}"


def _explained(found: Sequence[Change]) -> Mapping[tuple[str, Explanation], int]:
    """How many numbers of a paper each explanation stands for."""
    counts: dict[tuple[str, Explanation], int] = {}
    for one in found:
        if one.kind == changed.NUMBER and one.why is not None:
            key = (one.title, one.why)
            counts[key] = counts.get(key, 0) + 1
    return counts


def changes_files(papers: Sequence[Paper], known: Editions, told: Told) -> dict[str, str]:
    """The page of changes.

    Parameters
    ----------
    papers
        Papers of this build.
    known
        All editions and explanations.
    told
        What changed since the newest edition.
    """
    if told.since is None:
        parts = ["## This build", _FIRST, _listed(papers)]
    else:
        title = f"## Since the edition of {month(told.since.name)}"
        parts = [title, *_told(told.changes), *_earlier(known)]
    head = front_matter({"kind": "Changes"})
    return {f"{PAGE}.md": page(head, "# Changes since the last edition", _RULE, *parts)}


def _listed(papers: Sequence[Paper]) -> str:
    real = [paper.title for paper in papers if not paper.is_synthetic]
    return "\n\n".join(["It holds these papers on real data:", bullets(real)]) if real else ""


def _told(found: Sequence[Change]) -> list[str]:
    """Papers as a list, then the figures of each paper as a table."""
    if not found:
        return [_NONE]
    lines = [*_sentences(found)]
    figures = [one for one in found if one.reference]
    parts = [bullets(lines)] if lines else []
    for name in dict.fromkeys(one.paper for one in figures):
        parts.append(_table([one for one in figures if one.paper == name]))
    return parts


def _table(found: Sequence[Change]) -> str:
    return html_table(
        caption=f"Figures that changed: {found[0].title}",
        headings=_HEADINGS,
        rows=[(_named(one), one.before or _UNSAID, one.now or _UNSAID, _why(one)) for one in found],
    )


def _named(one: Change) -> str:
    """`headline/last_new` as words: Last new (headline)."""
    output, _, name = one.reference.rpartition(":")[2].partition("/")
    column, _, keys = name.rstrip("]").partition("[")
    of = f"{keys.replace('=', ' ')}; " if keys else ""
    return f"{words(column)} ({of}{words(output).lower()})"


def _why(one: Change) -> str:
    if one.why is not None:
        return f"{one.why.reason.capitalize()}, {one.why.date}: {sentence(one.why.words)}"
    return {changed.NEWLY_STATED: "Newly stated.", changed.NO_LONGER_STATED: "No longer stated."}[
        one.kind
    ]


def _earlier(known: Editions) -> list[str]:
    """Every edition, the newest first: what changed from the one before, or what the first held."""
    parts: list[str] = []
    for before, now in reversed(list(pairwise(known.editions))):
        parts += [_title(now), *_told(between(before, now, known.explanations))]
    first = known.editions[0]
    held = bullets(paper.title for paper in first.papers.values())
    return [*parts, _title(first), "The first edition. It held these papers on real data:", held]


def _title(edition: Edition) -> str:
    return f"## Edition of {month(edition.name)}"


def month(name: str) -> str:
    """2026-11 as November 2026."""
    return f"{datetime.date.fromisoformat(f'{name}-01'):%B %Y}"
