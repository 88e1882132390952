"""A paper's front matter: a file that people write, `book/papers/<study>-<variant>.yaml`.

Variants without a file of their own share `book/papers/<study>.yaml`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.errors import BookError, listed

STATUSES = ("draft", "in review", "published")
FOLDER = "papers"
REQUIRED = ("status", "version", "date", "authors", "topics", "jurisdiction", "place")
KEYS = (*REQUIRED, "abstract", "contact", "doi", "known", "not_known", "headlines")
AUTHOR_KEYS = ("name", "orcid", "affiliation")
HEADLINE_KEYS = ("say", "number", "trend")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


@dataclass(frozen=True)
class Author:
    """Who wrote it: a person, or a body."""

    name: str
    orcid: str | None = None
    affiliation: str | None = None


@dataclass(frozen=True)
class Headline:
    """A figure of the page of headline figures.

    Attributes
    ----------
    say
        What it is, in a few words.
    number
        Reference to a released cell of the paper.
    trend
        Id of the released output whose line is drawn beside it; missing for none.
    """

    say: str
    number: str
    trend: str | None = None


@dataclass(frozen=True)
class Front:
    """What people say of a paper, beside what its release says.

    Attributes
    ----------
    abstract, known, not_known
        Prose with references to released cells: a paragraph; for the front page, a sentence of
        what is known, and one of what cannot be known from it.
    topics, jurisdiction, place
        By which it is found; `place` is what it speaks of, such as England and Wales.
    """

    status: str
    version: str
    date: str
    authors: tuple[Author, ...]
    topics: tuple[str, ...]
    jurisdiction: tuple[str, ...]
    place: str
    abstract: str = ""
    contact: str | None = None
    doi: str | None = None
    known: str = ""
    not_known: str = ""
    headlines: tuple[Headline, ...] = ()
    file: str = ""


def read_front(book_folder: Path, study: str, variant: str) -> Front:
    """Read the front matter of a study variant.

    Raises
    ------
    BookError
        If there is none, or naming file, line and every problem at once.
    """
    folder = book_folder / FOLDER
    file = next(
        (
            path
            for path in (folder / f"{study}-{variant}.yaml", folder / f"{study}.yaml")
            if path.is_file()
        ),
        None,
    )
    if file is None:
        raise BookError(
            f"{FOLDER}/{study}-{variant}.yaml is missing from the book's folder: a paper needs "
            f"{', '.join(REQUIRED)}. The guide on writing a study shows one."
        )
    content, lines = _read(file)
    problems = _problems(content)
    if problems:
        named = f"{FOLDER}/{file.name}"
        said = [f"{named}, line {lines.get(key, 1)}: {problem}" for key, problem in problems]
        raise BookError(listed(said))
    return Front(
        status=content["status"],
        version=str(content["version"]),
        date=str(content["date"]),
        authors=tuple(Author(**author) for author in content["authors"]),
        topics=tuple(content["topics"]),
        jurisdiction=tuple(content["jurisdiction"]),
        place=content["place"],
        abstract=" ".join(str(content.get("abstract") or "").split()),
        contact=content.get("contact"),
        doi=content.get("doi"),
        known=" ".join(str(content.get("known") or "").split()),
        not_known=" ".join(str(content.get("not_known") or "").split()),
        headlines=tuple(Headline(**one) for one in content.get("headlines") or ()),
        file=f"{FOLDER}/{file.name}",
    )


def _read(file: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """The file's content, and the line of each key."""
    text = file.read_text(encoding="utf-8")
    try:
        content, node = yaml.safe_load(text), yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BookError(f"{FOLDER}/{file.name}{where}: must be YAML, and cannot be read.") from None
    if not isinstance(content, dict) or node is None:
        raise BookError(f"{FOLDER}/{file.name}: must have the keys {', '.join(REQUIRED)}.")
    return content, {str(key.value): key.start_mark.line + 1 for key, _ in node.value}


def _problems(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    problems = [(key, f"{key} is not a key here.") for key in content if key not in KEYS]
    problems += [(key, f"{key} is missing.") for key in REQUIRED if not content.get(key)]
    if content.get("status") and content["status"] not in STATUSES:
        problems.append(("status", f"status must be one of {', '.join(STATUSES)}."))
    if content.get("date") and not _is_date(str(content["date"])):
        problems.append(("date", 'date must be a quoted day, such as "2026-11-23".'))
    for key in ("topics", "jurisdiction"):
        if content.get(key) and not _are_words(content[key]):
            problems.append((key, f"{key} must be a list of words."))
    problems += [("authors", problem) for problem in _author_problems(content.get("authors"))]
    problems += [("headlines", problem) for problem in _headline_problems(content)]
    return problems


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _author_problems(authors: object) -> list[str]:
    if not authors:
        return []  # said already
    if not isinstance(authors, list) or not all(isinstance(one, dict) for one in authors):
        return ["authors must be a list of names with orcid and affiliation."]
    problems = []
    for place, author in enumerate(authors, start=1):
        problems += [
            f"author {place}: {key} is not a key here." for key in author if key not in AUTHOR_KEYS
        ]
        if not str(author.get("name") or "").strip():
            problems.append(f"author {place} has no name.")
        if author.get("orcid") and not is_orcid(str(author["orcid"])):
            problems.append(f"author {place}: the orcid must be 16 digits that check.")
    return problems


def _headline_problems(content: Mapping[str, Any]) -> list[str]:
    headlines = content.get("headlines") or []
    if not isinstance(headlines, list) or not all(isinstance(one, dict) for one in headlines):
        return ["headlines must be a list of say, number and trend."]
    return [
        f"headline {place} must have say and number, and may have trend."
        for place, one in enumerate(headlines, start=1)
        if set(one) - set(HEADLINE_KEYS) or not one.get("say") or not one.get("number")
    ]


def is_orcid(text: str) -> bool:
    """Whether an ORCID iD is well formed and its check digit right (ISO 7064, mod 11-2)."""
    if not _ORCID.fullmatch(text):
        return False
    total = 0
    for digit in text.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return text[-1] == ("X" if check == 10 else str(check))
