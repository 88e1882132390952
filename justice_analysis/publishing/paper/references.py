"""Works cited: read from BibTeX, shown as a reader expects them."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from justice_analysis.errors import BookError, listed

FILE = "references.bib"
REQUIRED = ("author", "title", "year")
_ENTRY = re.compile(r"^[ \t]*@(?!(?:comment|preamble|string)\b)\w+[ \t]*\{[ \t]*([^,\s{}]+)", re.I)
_COMMAND, _ESCAPED = re.compile(r"\\[A-Za-z]+\s?"), re.compile(r"\\([$&%#_{}])")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)")


@dataclass(frozen=True)
class Reference:
    """One work.

    Attributes
    ----------
    key
        Its entry in the BibTeX file.
    short
        As a sentence cites it: "Bedston and others, 2019".
    full
        As the list of references shows it: authors, year, title, where published.
    address
        https address, from its DOI where it has one.
    bibtex
        Its entry.
    """

    key: str
    short: str
    full: str
    address: str | None
    bibtex: str


@dataclass(frozen=True)
class _Place:
    """Where an entry stands in its file, and its words there."""

    key: str
    line: int
    raw: str


def read_references(file: Path) -> Mapping[str, Reference]:
    """Read a BibTeX file: works by key; none where there is no file.

    Works that a sentence would cite alike get a letter after the year, in the order of the file.

    Raises
    ------
    BookError
        If it cannot be read, an entry lacks author, title or year, or a key repeats: file and line.
    """
    if not file.is_file():
        return {}
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BookError(f"{file.name}: must be BibTeX in UTF-8, and cannot be read.") from None
    places = tuple(_places(text))
    _refuse_repeats(file, places)
    works = _parse(file, text)
    _refuse_unusable(file, places, works)
    years = _years(places, works)
    return {
        place.key: _reference(place, works[place.key], year=years[place.key]) for place in places
    }


def _places(text: str) -> Iterator[_Place]:
    """Each entry of the file, in order."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        found = _ENTRY.match(line)
        if found:
            yield _Place(found.group(1), number + 1, _to_closing_brace("".join(lines[number:])))


def _to_closing_brace(text: str) -> str:
    depth = 0
    for place, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "}" and depth == 0:
            return text[: place + 1].strip()
    return text.strip()


def _refuse_repeats(file: Path, places: tuple[_Place, ...]) -> None:
    seen = Counter(place.key.lower() for place in places)
    again = [
        f"{file.name}, line {place.line}: the key {place.key} stands {seen[place.key.lower()]} "
        "times; each work needs a key of its own."
        for place in places
        if seen[place.key.lower()] > 1
    ]
    if again:
        raise BookError(listed(again))


def _parse(file: Path, text: str) -> Mapping[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pybtex.database import parse_string
        from pybtex.exceptions import PybtexError
    try:
        return parse_string(text, "bibtex").entries
    except PybtexError as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        raise BookError(
            f"{file.name}{where}: must be BibTeX, and cannot be read. Look for a brace or comma "
            "that is missing at or before this line, and for names without quotation marks."
        ) from None


def _refuse_unusable(file: Path, places: tuple[_Place, ...], works: Mapping[str, Any]) -> None:
    problems = [
        f"{file.name}, line {place.line}: {place.key} {problem}"
        for place in places
        for problem in _problems(works[place.key])
    ]
    if problems:
        raise BookError(listed(problems))


def _problems(work: Any) -> list[str]:
    fields = work.fields
    given = {**{name: fields.get(name) for name in REQUIRED}, "author": _names(work)}
    problems = [f"has no {name}." for name in REQUIRED if not given[name]]
    if given["year"] and not re.fullmatch(r"\d{4}", fields["year"]):
        problems.append("must have a year of four digits.")
    if fields.get("doi") and not _DOI.fullmatch(fields["doi"].strip()):
        problems.append("must have a doi such as 10.1093/bjsw/bcv130.")
    if fields.get("url") and not re.fullmatch(r"https?://[^\s<>\"]+", fields["url"]):
        problems.append("must have a url that begins with https://.")
    return problems


def _reference(place: _Place, work: Any, *, year: str) -> Reference:
    return Reference(
        key=place.key,
        short=f"{_cited_names(work)}, {year}",
        full=_full(work, year=year),
        address=_address(work),
        bibtex=place.raw,
    )


def _years(places: tuple[_Place, ...], works: Mapping[str, Any]) -> dict[str, str]:
    """Year of each work, with a letter where names and year would not tell works apart."""
    cited = {place.key: (_cited_names(works[place.key]), works[place.key].fields["year"])
             for place in places}  # fmt: skip
    many, met = Counter(cited.values()), Counter[tuple[str, str]]()
    years = {}
    for key, named in cited.items():
        met[named] += 1
        years[key] = named[1] + (chr(ord("a") + met[named] - 1) if many[named] > 1 else "")
    return years


def _cited_names(work: Any) -> str:
    families = [family for family, _ in _names(work)]
    if len(families) > 2 or families[-1] == "others":
        return f"{families[0]} and others"
    return " and ".join(families)


def _names(work: Any) -> list[tuple[str, str]]:
    """Family name and initials of each author; a body has no initials."""
    return [
        (
            latex_text(" ".join((*one.prelast_names, *one.last_names, *one.lineage_names))),
            _initials(latex_text(" ".join((*one.first_names, *one.middle_names)))),
        )
        for one in work.persons.get("author", ())
    ]


def _initials(names: str) -> str:
    return " ".join(
        "-".join(f"{part[0]}." for part in name.split("-") if part) for name in names.split()
    )


def _full(work: Any, *, year: str) -> str:
    """Authors (year) Title. Where published, volume(number), pages. Notes."""
    named = [f"{family}, {initials}" if initials else family for family, initials in _names(work)]
    last = named.pop()
    authors = f"{', '.join(named)} and {last}" if named else last
    sentences = [
        _field(work, "title"),
        _where(work),
        _field(work, "publisher") or _field(work, "institution") or _field(work, "school"),
        _field(work, "howpublished"),
        _field(work, "note"),
    ]
    ended = [one if one[-1] in ".?!" else f"{one}." for one in sentences if one]
    return f"{authors} ({year}) {' '.join(ended)}"


def _where(work: Any) -> str:
    journal, volume = _field(work, "journal"), _field(work, "volume")
    number, pages = _field(work, "number"), _field(work, "pages")
    place = journal or _field(work, "booktitle")
    if not place:
        return ""
    issue = f" {volume}" * bool(volume) + f"({number})" * bool(number and volume)
    return f"{place}{issue}" + f", {_pages(pages)}" * bool(pages)


def _pages(text: str) -> str:
    return re.sub(r"\s*[-\u2013\u2014]+\s*", "-", text)


def _field(work: Any, name: str) -> str:
    return latex_text(work.fields.get(name) or "")


def _address(work: Any) -> str | None:
    doi = _DOI.fullmatch((work.fields.get("doi") or "").strip())
    if doi:
        return f"https://doi.org/{doi.group(1)}"
    return work.fields.get("url") or None


def latex_text(latex: str) -> str:
    r"""Text of a BibTeX field: `{\'e}` is é, `\&` is &, braces and commands are gone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pybtex.richtext import Text

        decoded = str(Text.from_latex(latex))
    return " ".join(_ESCAPED.sub(r"\1", _COMMAND.sub("", decoded)).split())
