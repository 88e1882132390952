"""Words as the book's pages show them: HTML inside MyST, with hints on numbers and terms."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

from justice_analysis.publishing.markup import escape, plain
from justice_analysis.publishing.paper.blocks import (
    Cite,
    Code,
    Emphasis,
    Given,
    Link,
    Math,
    Number,
    Strong,
    Term,
    Text,
    Word,
    Words,
)
from justice_analysis.publishing.paper.glossary import slug

# Numbered when the whole page is written, since an id may stand on it once only.
_UNNUMBERED = "hint-0"
_BETWEEN_WORKS, _AFTER_A_YEAR = re.compile("; "), re.compile(r"(?<=\)) and ")
_PAIR = re.compile(rf'aria-describedby="{_UNNUMBERED}"(.*?)id="{_UNNUMBERED}"', re.DOTALL)


def words_markdown(words: Words, *, here: str) -> str:
    """Words as MyST; nothing in their text is read as markup.

    Parameters
    ----------
    here
        Path of the page in the book, such as `papers/release_returns-iowa`.
    """
    return "".join(_shown(word, here, plain, is_html=False) for word in words)


def words_html(words: Words, *, here: str) -> str:
    """Words inside a block of HTML."""
    return "".join(_shown(word, here, escape, is_html=True) for word in words)


def numbered_hints(page: str) -> str:
    """A page's text with an id of its own for each hint."""
    count = 0

    def number(pair: re.Match[str]) -> str:
        nonlocal count
        count += 1
        name = f"hint-{count}"
        return f'aria-describedby="{name}"{pair[1]}id="{name}"'

    return _PAIR.sub(number, page)


def _shown(word: Word, here: str, say: Callable[[object], str], *, is_html: bool) -> str:
    inner = words_html if is_html else words_markdown
    match word:
        case Text(text):
            return _spaced(text, say)
        case Strong(words):
            return f"<strong>{inner(words, here=here)}</strong>"
        case Emphasis(words):
            return f"<em>{inner(words, here=here)}</em>"
        case Code(text):
            return f"<code>{say(text)}</code>"
        case Link(words, target):
            return f'<a href="{escape(_address(target, here))}">{inner(words, here=here)}</a>'
        case Math(latex):
            return _formula(latex) if is_html else f"${latex}$"
        case Number():
            return _number(word, here, say)
        case Given(text, key):
            return f"{say(text)}{_mark(key, here)}" if key else say(text)
        case Cite():
            return _cited(word, here, say)
        case Term(text, name, meaning):
            address = _address(f"glossary#{slug(name)}", here)
            return _hinted(say(text), address, "term", (f"{name}: {meaning}",), say)


def _spaced(text: str, say: Callable[[object], str]) -> str:
    """Text made safe, with the spaces at its ends that part it from its neighbours."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{say(text)}{after}"


def _address(target: str, here: str) -> str:
    """Where a link leads from this page."""
    if "://" in target or target.startswith("mailto:"):
        return target
    path, mark, part = target.partition("#")
    if not path:
        return target
    relative = posixpath.relpath(f"{path}.html", posixpath.dirname(here) or ".")
    return f"{relative}{mark}{part}"


def _number(number: Number, here: str, say: Callable[[object], str]) -> str:
    target = f"definitions/{number.definition}" if number.definition else _origin(here)
    shown = _weighted(number.text, say)
    return _hinted(shown, _address(target, here), "traced-number", number.hint, say)


def _weighted(text: str, say: Callable[[object], str]) -> str:
    """The value in strong words, its interval in brackets in plain ones."""
    value, mark, interval = text.partition(" (")
    return f"<strong>{say(value)}</strong>{mark}{say(interval)}"


def _origin(here: str) -> str:
    """Where a number without a definition leads: a paper says where its numbers come from."""
    folder, _, name = here.partition("/")
    is_paper = folder in ("papers", "protocols") and name not in ("", "index")
    return "#provenance" if is_paper else "definitions/index"


def _hinted(
    shown: str, address: str, kind: str, lines: Iterable[str], say: Callable[[object], str]
) -> str:
    """Words with a hint that shows where a reader points at them, or comes to them by key."""
    said = " ".join(f"<span>{say(_ended(line))}</span>" for line in lines)
    return (
        f'<span class="traced"><a class="{kind}" href="{escape(address)}" '
        f'aria-describedby="{_UNNUMBERED}">{shown}</a>'
        f'<span class="hint" role="tooltip" id="{_UNNUMBERED}">{said}</span></span>'
    )


def _ended(line: str) -> str:
    return line if line[-1:] in ".?!" else f"{line}."


def _cited(cite: Cite, here: str, say: Callable[[object], str]) -> str:
    """Each work as a link to its line in the list of references."""
    part, joint = (_AFTER_A_YEAR, " and ") if cite.in_text else (_BETWEEN_WORKS, "; ")
    works = part.split(cite.text)
    if len(works) != len(cite.keys):
        works = [cite.text, *("[also]" for _ in cite.keys[1:])]
    links = joint.join(
        f'<a class="cited" href="#ref-{escape(key)}">{say(work)}</a>'
        for key, work in zip(cite.keys, works, strict=True)
    )
    return links if cite.in_text else f"({links})"


def _mark(key: str, here: str) -> str:
    """The source of a number that is given, as a small link to the list of references."""
    return f' <a class="cited" href="#ref-{escape(key)}">[source]</a>'


def _formula(latex: str) -> str:
    from justice_analysis.publishing.mathml import to_mathml

    return to_mathml(latex, display="inline")
