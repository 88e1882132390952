"""Prose in MyST, read into blocks; what cannot be shown the same way in print is refused."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from justice_analysis.errors import BookError, listed
from justice_analysis.publishing.paper.blocks import (
    Block,
    Bullets,
    Cite,
    Code,
    Emphasis,
    Formula,
    Given,
    Heading,
    Link,
    Math,
    Number,
    Paragraph,
    Strong,
    Table,
    Term,
    Text,
    Word,
    Words,
    plain_text,
)
from justice_analysis.publishing.paper.glossary import Entry
from justice_analysis.publishing.paper.references import Reference
from justice_analysis.publishing.paper.typed_numbers import typed_numbers

if TYPE_CHECKING:
    from markdown_it.token import Token

_WITH_TARGET = re.compile(r"(?P<text>.*?)\s*<(?P<target>[^<>]+)>", re.DOTALL)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:")
_TAGS = {"strong": Strong, "em": Emphasis, "link": Link}


@dataclass(frozen=True)
class Sources:
    """Everything that prose may refer to.

    Attributes
    ----------
    folder
        Folder of the book that the page stands in, such as `papers`; "" at the top.
    number, parameter
        The released number that a reference names; the value of a parameter.
    references, glossary
        Works by key; words by name in lower case.
    places
        Path of each study's page in the book, without suffix, by its file name.
    pages
        Every page of the book, without suffix; missing where links are not looked at.
    """

    folder: str
    number: Callable[[str], Number]
    parameter: Callable[[str], str]
    references: Mapping[str, Reference] = field(default_factory=dict)
    glossary: Mapping[str, Entry] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    pages: frozenset[str] | None = None


def read_prose(markdown: str, sources: Sources, *, place: str, line: int = 1) -> tuple[Block, ...]:
    """Read prose into blocks.

    Parameters
    ----------
    place
        Where it stands, for errors: `release_returns.ipynb, cell 3`.
    line
        Line of that place on which it begins.

    Raises
    ------
    BookError
        Naming place and line of everything that is wrong: markup that only a web page could
        show, an unknown role, reference, word or page, a number typed by hand.
    """
    reader = _Reader(sources, place, line - 1)
    blocks = reader.blocks(_parser().parse(markdown))
    if reader.problems:
        raise BookError(listed(reader.problems))
    return blocks


def read_words(text: str, sources: Sources, *, place: str, line: int = 1) -> Words:
    """Read one paragraph of prose; empty text is no words."""
    blocks = read_prose(text, sources, place=place, line=line)
    if not blocks:
        return ()
    if len(blocks) > 1 or not isinstance(blocks[0], Paragraph):
        raise BookError(f"{place}, line {line}: must be one paragraph.")
    return blocks[0].words


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    read = MarkdownIt("commonmark").enable("table")
    return read.use(dollarmath_plugin, double_inline=True).use(myst_role_plugin)


@dataclass
class _Reader:
    """Turns tokens into blocks, and keeps every problem with its line."""

    sources: Sources
    place: str
    offset: int
    problems: list[str] = field(default_factory=list)
    heading: str = ""

    def blocks(self, tokens: list[Token]) -> tuple[Block, ...]:
        return tuple(block for group in _grouped(tokens) for block in self._block(group))

    def _problem(self, token: Token, said: str) -> None:
        line = self.offset + (token.map[0] + 1 if token.map else 1)
        self.problems.append(f"{self.place}, line {line}: {said}")

    # Blocks ---------------------------------------------------------------------------------

    def _block(self, tokens: list[Token]) -> Iterator[Block]:
        first = tokens[0]
        if first.type == "heading_open":
            words = self._words(tokens[1])
            self.heading = plain_text(words)
            yield Heading(int(first.tag[1]), words)
        elif first.type == "paragraph_open":
            yield from self._paragraph(tokens[1])
        elif first.type in ("bullet_list_open", "ordered_list_open"):
            items = tuple(self.blocks(item[1:-1]) for item in _grouped(tokens[1:-1]))
            yield Bullets(items, ordered=first.type.startswith("ordered"))
        elif first.type == "table_open":
            yield self._table(tokens)
        elif first.type.startswith("math_block"):
            yield Formula(" ".join(first.content.split()))
        elif first.type == "html_block":
            self._problem(first, "must be Markdown: HTML cannot be shown in print.")
        else:
            self._problem(first, f"{first.type.split('_')[0]} is no part of a paper's prose.")

    def _paragraph(self, inline: Token) -> Iterator[Block]:
        children = inline.children or []
        if len(children) == 1 and children[0].type == "math_inline_double":
            yield Formula(" ".join(children[0].content.split()))
            return
        yield Paragraph(self._words(inline))

    def _table(self, tokens: list[Token]) -> Table:
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                words = self._words(token)
                if any(isinstance(word, Number) for word in words):
                    self._problem(token, "a table of the prose holds no results: show an output.")
                rows[-1].append(plain_text(words))
        return Table(
            caption=self.heading or "Table",
            headings=tuple(rows[0]),
            rows=tuple(map(tuple, rows[1:])),
            numeric=(False,) * len(rows[0]),
            label=f"Table: {self.heading}" if self.heading else "Table",
        )

    # Words ----------------------------------------------------------------------------------

    def _words(self, inline: Token) -> Words:
        words, rest = self._until(list(inline.children or []), inline, closing=None)
        assert not rest
        return words

    def _until(
        self, tokens: list[Token], inline: Token, closing: str | None
    ) -> tuple[Words, list[Token]]:
        """Words up to the token that closes them, and the tokens after it."""
        words: list[Word] = []
        while tokens:
            token, *tokens = tokens
            kind = token.type.removesuffix("_open")
            if token.type == closing:
                break
            if token.type.endswith("_open") and kind in _TAGS:
                inner, tokens = self._until(tokens, inline, f"{kind}_close")
                words += self._marked(kind, token, inner, inline)
            else:
                words += self._word(token, inline)
        return _joined(words), tokens

    def _marked(self, kind: str, token: Token, inner: Words, inline: Token) -> Words:
        if kind == "link":
            return self._link(inner, str(token.attrs.get("href", "")), inline)
        return (Strong(inner),) if kind == "strong" else (Emphasis(inner),)

    def _word(self, token: Token, inline: Token) -> Words:
        if token.type == "text":
            for piece in typed_numbers(token.content):
                self._problem(
                    inline,
                    f"“{piece}” is typed by hand: refer to a released cell "
                    "({released}), or mark a number that is no result ({given}).",
                )
            return (Text(token.content),)
        if token.type in ("softbreak", "hardbreak"):
            return (Text(" "),)
        if token.type == "code_inline":
            return (Code(token.content),)
        if token.type.startswith("math_inline"):
            return (Math(token.content),)
        if token.type == "myst_role":
            return self._role(str(token.meta["name"]), token.content, inline)
        said = "an image" if token.type == "image" else "HTML"
        self._problem(inline, f"{said} is no part of a paper's prose.")
        return ()

    def _role(self, name: str, content: str, inline: Token) -> Words:
        roles: Mapping[str, Callable[[str], Word]] = {
            "released": self.sources.number,
            "parameter": lambda said: Text(self.sources.parameter(said)),
            "given": self._given,
            "cite": lambda said: self._cite(said, in_text=False),
            "citet": lambda said: self._cite(said, in_text=True),
            "term": self._term,
        }
        if name not in roles:
            self._problem(inline, f"{{{name}}} is no role of a paper's prose: {', '.join(roles)}.")
            return ()
        try:
            return (roles[name](content),)
        except BookError as problem:
            self._problem(inline, str(problem))
            return ()

    def _given(self, content: str) -> Given:
        text, key = _parted(content)
        if key is not None:
            self._work(key)
        return Given(text, key)

    def _cite(self, content: str, *, in_text: bool) -> Cite:
        keys = tuple(key.strip() for key in content.split(",") if key.strip())
        works = [self._work(key).short for key in keys]
        if not keys:
            raise BookError("a citation must name a work.")
        if not in_text:
            return Cite(keys, "; ".join(works))
        return Cite(keys, " and ".join(_within_sentence(work) for work in works), in_text=True)

    def _work(self, key: str) -> Reference:
        if key not in self.sources.references:
            raise BookError(f"no work is called {key} in references.bib.")
        return self.sources.references[key]

    def _term(self, content: str) -> Term:
        text, named = _parted(content)
        entry = self.sources.glossary.get((named or text).lower())
        if entry is None:
            raise BookError(f"the glossary has no entry {named or text}.")
        return Term(text, entry.name, entry.meaning)

    def _link(self, inner: Words, target: str, inline: Token) -> Words:
        if _OUTSIDE.match(target):
            if target.startswith(("https://", "http://", "mailto:")):
                return (Link(inner, target),)
            self._problem(inline, "a link must lead to a page of the book or to https.")
            return inner
        path, mark, part = target.partition("#")
        name = posixpath.basename(path)
        if name in self.sources.places:
            found = self.sources.places[name]
        elif path and "/" not in path and _is_study_page(name):
            return inner  # a study that this build leaves out
        else:
            found = posixpath.normpath(posixpath.join(self.sources.folder, path))
            found = found.removesuffix(".md")
        if self.sources.pages is not None and found not in self.sources.pages:
            self._problem(inline, f"the link leads to {path}, which is no page of the book.")
        return (Link(inner, f"{found}{mark}{part}"),)


def _is_study_page(name: str) -> bool:
    """`<study>-<variant>.md`, beside the page that links to it."""
    return "-" in name and name.endswith(".md")


def _parted(content: str) -> tuple[str, str | None]:
    """`words <target>` as words and target."""
    match = _WITH_TARGET.fullmatch(content.strip())
    return (match["text"], match["target"].strip()) if match else (content.strip(), None)


def _within_sentence(short: str) -> str:
    """Bedston and others, 2019 -> Bedston and others (2019)."""
    names, _, year = short.rpartition(", ")
    return f"{names} ({year})" if names else short


def _grouped(tokens: list[Token]) -> Iterator[list[Token]]:
    """Tokens of each block, from where it opens to where it closes."""
    group: list[Token] = []
    depth = 0
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


def _joined(words: list[Word]) -> Words:
    """Neighbouring text as one."""
    joined: list[Word] = []
    for word in words:
        if joined and isinstance(word, Text) and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + word.text)
        else:
            joined.append(word)
    return tuple(joined)
