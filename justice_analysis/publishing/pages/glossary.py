"""The glossary as a page of the book: each word an anchor, letters to jump to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import front_matter, page, plain
from justice_analysis.publishing.paper.glossary import slug

LEAD = "What the words of this book mean. Each is used in one sense only."
_ENTRY = re.compile(r"\*\*(?P<name>[^*]+?)\.\*\*\s+(?P<meaning>.+)", re.DOTALL)


def glossary_markdown(text: str) -> str:
    """The glossary in order of the alphabet.

    Parameters
    ----------
    text
        GLOSSARY.md: a paragraph for each word, `**Word.** What it means.`

    Raises
    ------
    BookError
        If a word has two entries.
    """
    entries = _entries(text)
    letters = _by_letter(entries)
    return page(
        front_matter({"kind": "Glossary", "contents": "False"}),
        "# Glossary",
        LEAD,
        _jumps(list(letters)),
        *(part for letter, names in letters.items() for part in _letter(letter, names, entries)),
    )


def _entries(text: str) -> dict[str, str]:
    entries: dict[str, str] = {}
    for paragraph in re.split(r"\n\s*\n", text):
        found = _ENTRY.fullmatch(paragraph.strip())
        if found is None:
            continue
        name = found["name"].strip()
        if slug(name) in map(slug, entries):
            raise BookError(f"GLOSSARY.md: {name} has two entries. Make them one.")
        entries[name] = found["meaning"].strip()
    return entries


def _by_letter(entries: Mapping[str, str]) -> dict[str, list[str]]:
    letters: dict[str, list[str]] = {}
    for name in sorted(entries, key=str.lower):
        letters.setdefault(name[0].upper(), []).append(name)
    return letters


def _jumps(letters: Sequence[str]) -> str:
    links = "".join(f'<li><a href="#letter-{one.lower()}">{one}</a></li>' for one in letters)
    return f'<nav class="letters" aria-label="Letters"><ul>{links}</ul></nav>' if letters else ""


def _letter(letter: str, names: Sequence[str], entries: Mapping[str, str]) -> list[str]:
    """A letter and its words; headings, so that search and screen readers find each word."""
    words = [f"({slug(name)})=\n### {plain(name)}\n\n{entries[name]}" for name in names]
    return [f"(letter-{letter.lower()})=\n## {letter}", *words]
