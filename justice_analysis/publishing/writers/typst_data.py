"""A paper as plain data for the typesetter: strings, lists and names of pictures, no markup."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from justice_analysis.publishing.markup import sentence
from justice_analysis.publishing.paper.blocks import Number, plain_text
from justice_analysis.publishing.paper.front import Author
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.typst_blocks import Maker
from justice_analysis.publishing.writers.typst_text import (
    Data,
    clean,
    number_label,
    reference_label,
    shown,
)

MARK = "Synthetic data: no number here is a finding"
_SHORT_TITLE = 60


@dataclass(frozen=True)
class Typeset:
    """What the typesetter needs: the paper as data, and its pictures by name."""

    data: Data
    pictures: Mapping[str, bytes]


def typeset(paper: Paper) -> Typeset:
    """Turn a paper into data and pictures.

    Raises
    ------
    BookError
        If a picture or its alternative text is missing, or a formula cannot be drawn.
    """
    maker = Maker(paper)
    abstract = maker.words(paper.abstract)
    blocks = [maker.block(block) for block in paper.blocks]
    data = {
        **_front(paper),
        "description": maker.words(paper.description),
        "abstract": abstract,
        "blocks": blocks,
        "references": [
            {
                "label": reference_label(work.key),
                "full": shown(work.full),
                "address": work.address or "",
            }
            for work in paper.references
        ],
        "behind": maker.behind,
        **_numbers(list(maker.numbers)),
        "words": [
            {"label": label, "name": shown(term.name), "meaning": shown(term.meaning)}
            for term, label in sorted(maker.terms.items(), key=lambda one: one[0].name.lower())
        ],
    }
    return Typeset(data, maker.pictures)


# Front ------------------------------------------------------------------------------------------


def _front(paper: Paper) -> Data:
    front = paper.front
    mark = MARK if paper.is_synthetic else ""
    title = clean(paper.title)
    language, _, region = paper.language.partition("-")
    status = [paper.kind, *(["Synthetic data"] if mark else []), _capital(front.status)]
    details = [f"Version {front.version}, {day_in_words(front.date)}."]
    if paper.released:
        details.append(f"Numbers released {day_in_words(paper.released)}.")
    others = [f"https://doi.org/{front.doi}" if front.doi else "", front.contact or ""]
    foot = [shown(_short(title)), f"version {front.version} ({front.status})"]
    foot += [f"released {day_in_words(paper.released)}"] if paper.released else []
    return {
        "title": f"Synthetic data: {title}" if mark else title,
        "heading": shown(title),
        "language": language,
        "region": region,
        "mark": mark,
        "status": " · ".join(map(shown, status)),
        "details": [shown(line) for line in (" ".join(details), *others) if line],
        "foot": " · ".join(foot),
        "summary": clean(plain_text(paper.description)),
        "keywords": [clean(word) for word in (*front.topics, *front.jurisdiction, front.place)],
        "authors": [_author(author) for author in front.authors],
    }


def _author(author: Author) -> Data:
    return {
        "name": clean(author.name),
        "affiliation": shown(author.affiliation or ""),
        "orcid": f"https://orcid.org/{author.orcid}" if author.orcid else "",
    }


def _short(title: str) -> str:
    """A title short enough for the foot of a page, cut between words."""
    if len(title) <= _SHORT_TITLE:
        return title
    return f"{title[:_SHORT_TITLE].rpartition(' ')[0].rstrip(' ,;:')} …"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def day_in_words(day: str) -> str:
    """2026-11-22 -> 22 November 2026; what is no day stays as it is."""
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        return day
    return f"{date.day} {date:%B} {date.year}"


def _numbers(numbers: Sequence[Number]) -> Data:
    """Where each number comes from; what is true of all of them is said once."""
    common = {number.release for number in numbers}
    said = (
        "Each number in the text that is a result, in the order of reading. "
        "The number in the text leads here."
    )
    if len(common) == 1:
        said = f"{said} All of them: {next(iter(common))}"
    lines = [
        [line for line in number.hint if len(common) > 1 or line != number.release]
        for number in numbers
    ]
    return {
        "numbers-said": shown(said),
        "numbers": [
            {
                "label": number_label(place),
                "text": shown(number.text),
                "lines": [sentence(shown(line)) for line in lines[place]],
            }
            for place, number in enumerate(numbers)
        ],
    }
