"""What changed between two editions of the book; a figure that changed must be explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from justice_analysis.errors import BookError, listed
from justice_analysis.publishing.editions.edition import (
    CHANGES,
    EVERY,
    REASONS,
    Edition,
    Editions,
    Explanation,
    PublishedPaper,
    edition_of,
)
from justice_analysis.publishing.paper.paper import Paper

NEW, LEFT_OUT, VERSION = "new paper", "left out", "new version"
NUMBER, NEWLY_STATED, NO_LONGER_STATED = "number", "newly stated", "no longer stated"


@dataclass(frozen=True)
class Change:
    """One thing that differs between two editions.

    Attributes
    ----------
    kind
        new paper, left out, new version, number, newly stated or no longer stated.
    paper, title
        Study and variant of the paper, and its title.
    reference
        Of a number, as the paper refers to it.
    before, now
        The number or version as shown; empty where there was or is none.
    why
        What explains a changed number.
    """

    kind: str
    paper: str
    title: str
    reference: str = ""
    before: str = ""
    now: str = ""
    why: Explanation | None = None


@dataclass(frozen=True)
class Told:
    """All changes since an edition; with none, this is the first."""

    since: Edition | None
    changes: tuple[Change, ...] = ()


def compare(papers: Sequence[Paper], known: Editions) -> Told:
    """Hold the papers of a build against the newest edition.

    Raises
    ------
    BookError
        Naming paper, reference, before and now of each published figure that changed without an
        explanation.
    """
    if not known.editions:
        return Told(None)
    newest, now = known.editions[-1], edition_of(papers)
    _refuse_idle(newest, now, known.explanations)
    changes = between(newest, now, known.explanations)
    silent = [change for change in changes if change.kind == NUMBER and change.why is None]
    if silent:
        raise BookError(_refusal(newest, silent))
    return Told(newest, changes)


def _refuse_idle(newest: Edition, now: Edition, explanations: Sequence[Explanation]) -> None:
    """Refuse an explanation of what nobody published: most likely its name is mistyped."""
    idle = []
    for one in explanations:
        if one.date < newest.date:
            continue
        held = [
            edition.papers[one.paper] for edition in (newest, now) if one.paper in edition.papers
        ]
        if not held:
            idle.append(f"{CHANGES}: {one.paper} is no paper of the edition {newest.name}.")
        elif one.reference != EVERY and not any(one.reference in paper.numbers for paper in held):
            idle.append(f"{CHANGES}: {one.paper} states no figure {one.reference}.")
    if idle:
        raise BookError(listed(idle))


def _refusal(newest: Edition, silent: Sequence[Change]) -> str:
    said = [
        f"{change.paper}, {change.reference}: {change.before} in the edition {newest.name}, now "
        f"{change.now}."
        for change in silent
    ]
    return (
        f"a published figure never changes silently. {listed(said)}\n"
        f"Say why in {CHANGES}: paper, reference (or {EVERY}), reason ({', '.join(REASONS)}), "
        f"words, date ({newest.date} or later)."
    )


def between(
    before: Edition, now: Edition, explanations: Sequence[Explanation]
) -> tuple[Change, ...]:
    """Everything that differs between two editions, paper by paper.

    Parameters
    ----------
    explanations
        Only those from the earlier edition's day to the later one's count: an old one explains
        nothing new.
    """
    counted = [
        one
        for one in explanations
        if before.date <= one.date and (not now.date or one.date <= now.date)
    ]
    return tuple(
        change
        for name in sorted({*before.papers, *now.papers})
        for change in _of_paper(name, before.papers.get(name), now.papers.get(name), counted)
    )


def _of_paper(
    name: str,
    before: PublishedPaper | None,
    now: PublishedPaper | None,
    explanations: Sequence[Explanation],
) -> Iterator[Change]:
    if before is None:
        assert now is not None
        yield Change(NEW, name, now.title)
        return
    if now is None:
        yield Change(LEFT_OUT, name, before.title)
        return
    if before.version != now.version:
        yield Change(VERSION, name, now.title, before=before.version, now=now.version)
    for reference in sorted({*before.numbers, *now.numbers}):
        was, shown = before.numbers.get(reference, ""), now.numbers.get(reference, "")
        if was != shown:
            why = _explained(name, reference, explanations)
            kind = NUMBER if was and shown else NEWLY_STATED if shown else NO_LONGER_STATED
            yield Change(kind, name, now.title, reference, was, shown, why)


def _explained(
    name: str, reference: str, explanations: Sequence[Explanation]
) -> Explanation | None:
    """The newest explanation of a number; one of its own before one of all."""
    fitting = [
        one for one in explanations if one.paper == name and one.reference in (reference, EVERY)
    ]
    return max(fitting, key=lambda one: (one.reference != EVERY, one.date), default=None)
