"""Editions of the book: the figures as published, so that none changes without a word.

An edition is a file that people commit, `book/editions/<YYYY-MM>.yaml`; what explains a change
since then stands in `book/changes.yaml`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.errors import BookError, listed
from justice_analysis.publishing.paper.blocks import Box, Number, inside
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.prose import MAIN_POINTS

FOLDER, CHANGES = "editions", "changes.yaml"
REASONS = ("new data", "revised method", "correction")
EVERY = "all"
_NAME = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_KEYS = ("paper", "reference", "reason", "words", "date")
_HEAD = (
    "# Figures of the book as published; the build refuses one that changed without a word in\n"
    "# changes.yaml. Written by: justice book edition {name}\n"
)


@dataclass(frozen=True)
class PublishedPaper:
    """A paper on real data as an edition has it: its numbers as shown, by reference."""

    title: str
    version: str
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """The book on one day.

    Attributes
    ----------
    name
        Year and month, YYYY-MM; empty for a build that is no edition yet.
    papers
        Papers on real data by study and variant.
    protocols
        Titles of the protocol papers, whose numbers are no findings.
    """

    name: str
    date: str
    papers: Mapping[str, PublishedPaper]
    protocols: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why published figures of a paper changed.

    Attributes
    ----------
    reference
        The number, as the paper refers to it; `all` for every number of the paper.
    """

    paper: str
    reference: str
    reason: str
    words: str
    date: str


@dataclass(frozen=True)
class Editions:
    """All editions, the oldest first, and all explanations."""

    editions: tuple[Edition, ...] = ()
    explanations: tuple[Explanation, ...] = ()


def edition_of(papers: Sequence[Paper], *, name: str = "", date: str = "") -> Edition:
    """The edition that these papers would be: what readers are told first of each."""
    return Edition(
        name=name,
        date=date,
        papers={
            paper.name: PublishedPaper(paper.title, paper.front.version, _numbers(paper))
            for paper in papers
            if not paper.is_synthetic
        },
        protocols=tuple(sorted(paper.title for paper in papers if paper.is_synthetic)),
    )


def _numbers(paper: Paper) -> dict[str, str]:
    """Numbers of the main points, the abstract, the front page and the headline figures."""
    points = tuple(
        block for block in paper.blocks if isinstance(block, Box) and block.style == MAIN_POINTS
    )
    told = (points, paper.abstract, paper.known, paper.not_known, paper.headlines)
    found = {item.reference: item.text for item in inside(told) if isinstance(item, Number)}
    return dict(sorted(found.items()))


# Files ------------------------------------------------------------------------------------------


def read_editions(book_folder: Path) -> Editions:
    """Read all editions and explanations; none where there are no files.

    Raises
    ------
    BookError
        Naming file and line of every problem.
    """
    files = sorted((book_folder / FOLDER).glob("*.yaml"))
    return Editions(tuple(map(_read_edition, files)), _read_explanations(book_folder / CHANGES))


def without(known: Editions, name: str) -> Editions:
    """All editions but one: what an edition that is written again is held against."""
    kept = tuple(one for one in known.editions if one.name != name)
    return Editions(kept, known.explanations)


def _read_edition(file: Path) -> Edition:
    where = f"{FOLDER}/{file.name}"
    content, _ = _read(file, where)
    try:
        edition = Edition(
            name=content["edition"],
            date=str(content["date"]),
            papers={
                str(name): PublishedPaper(
                    paper["title"],
                    str(paper["version"]),
                    {str(key): str(said) for key, said in (paper.get("numbers") or {}).items()},
                )
                for name, paper in (content["papers"] or {}).items()
            },
            protocols=tuple(content.get("protocols") or ()),
        )
    except (KeyError, TypeError, AttributeError):
        raise BookError(
            f"{where} must have edition, date and papers, each with title, version and numbers. "
            f"Write it again: justice book edition {file.stem}."
        ) from None
    if edition.name != file.stem or not _NAME.fullmatch(file.stem):
        raise BookError(f"{where}: an edition is named by year and month, as its file is.")
    return edition


def _read_explanations(file: Path) -> tuple[Explanation, ...]:
    if not file.is_file():
        return ()
    content, lines = _read(file, CHANGES)
    problems = [
        f"{CHANGES}, line {line}: {problem}"
        for item, line in zip(content, lines, strict=True)
        for problem in _problems(item)
    ]
    if problems:
        raise BookError(listed(problems))
    return tuple(
        Explanation(**{key: " ".join(str(item[key]).split()) for key in _KEYS}) for item in content
    )


def _read(file: Path, where: str) -> tuple[Any, list[int]]:
    """Content of a file, and the line of each item where it is a list."""
    text = file.read_text(encoding="utf-8")
    try:
        content, node = yaml.safe_load(text), yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BookError(f"{where}{line}: must be YAML, and cannot be read.") from None
    wanted: type = list if where == CHANGES else dict
    if content is None and wanted is list:
        return [], []
    if not isinstance(content, wanted):
        raise BookError(f"{where}: must be a {'list' if wanted is list else 'mapping'}.")
    items = node.value if node is not None and wanted is list else []
    return content, [item.start_mark.line + 1 for item in items]


def _problems(item: object) -> list[str]:
    if not isinstance(item, dict) or set(item) != set(_KEYS):
        return [f"a change must have {', '.join(_KEYS)}, and nothing else."]
    problems = [f"{key} is empty." for key in _KEYS if not str(item[key] or "").strip()]
    if item["reason"] not in REASONS:
        problems.append(f"reason must be one of {', '.join(REASONS)}.")
    try:
        datetime.date.fromisoformat(str(item["date"]))
    except ValueError:
        problems.append('date must be a day, such as "2026-11-23".')
    return problems


def write_edition(edition: Edition, book_folder: Path, *, replace: bool = False) -> Path:
    """Write an edition's file.

    Raises
    ------
    BookError
        If the name is no year and month, there is such an edition already, or it would hold no
        paper.
    """
    if not _NAME.fullmatch(edition.name):
        raise BookError("an edition is named by year and month, such as 2026-11.")
    file = book_folder / FOLDER / f"{edition.name}.yaml"
    if file.is_file() and not replace:
        raise BookError(
            f"{FOLDER}/{file.name} is there already, and what was published is not rewritten. "
            "If it was never published: --replace."
        )
    content = {
        "edition": edition.name,
        "date": edition.date,
        "papers": {
            name: {"title": one.title, "version": one.version, "numbers": dict(one.numbers)}
            for name, one in sorted(edition.papers.items())
        },
        "protocols": list(edition.protocols),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    body = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    file.write_text(_HEAD.format(name=edition.name) + body, encoding="utf-8")
    return file
