"""The chapter of definitions, made from the cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from justice_analysis.definitions import SUBJECTS
from justice_analysis.publishing.markup import (
    NAME_STATUS,
    bullets,
    facts,
    front_matter,
    hidden_toctree,
    html_table,
    page,
    plain,
    section,
)

CARD_STATUS = {
    "backed": "Computed from fields whose names are published.",
    "assumed": "Computed, but some field names are assumed until a real extract is seen.",
    "unbacked": "Not computed: no known dataset holds what it needs.",
}


def definition_files(
    cards: Sequence[Any], further: Mapping[str, tuple[str, str]] = MappingProxyType({})
) -> dict[str, str]:
    """One page per card and the chapter's first page, by path in the book.

    Parameters
    ----------
    further
        Other pages of the chapter: file, title, and what stands there.
    """
    pages = {f"definitions/{card.name}.md": card_markdown(card) for card in cards}
    return {"definitions/index.md": _definitions_index(cards, further), **pages}


def _definitions_index(cards: Sequence[Any], further: Mapping[str, tuple[str, str]]) -> str:
    """The chapter's first page: definitions by subject, and those that nothing backs yet."""
    ordered = sorted(cards, key=lambda card: (SUBJECTS.index(card.subject), card.name))
    computed = [card for card in ordered if card.status != "unbacked"]
    missing = [card for card in ordered if card.status == "unbacked"]
    return page(
        front_matter({"kind": "Definitions"}),
        "# Definitions",
        "What each measure counts, from when to when, and what it does not count.",
        "Every number in this book is computed by one of these definitions. The pages are made "
        "from the same cards that the software reads, so the two cannot differ.",
        *([] if cards else ["No definition is registered."]),
        *(part for subject in SUBJECTS for part in _subject(subject, computed)),
        *_not_backed(missing),
        *_further(further),
        hidden_toctree([*(card.name for card in ordered), *further]) if cards else "",
    )


def _further(further: Mapping[str, tuple[str, str]]) -> list[str]:
    lines = [f"[{title}]({file}.md)\n: {said}." for file, (title, said) in further.items()]
    return ["## Whom and what they are made of", *lines] if lines else []


def _subject(subject: str, cards: Sequence[Any]) -> list[str]:
    lines = [_entry(card) for card in cards if card.subject == subject]
    return [f"## {subject.capitalize()}", *lines] if lines else []


def _entry(card: Any) -> str:
    return f"[{plain(card.title)}]({card.name}.md)\n: {plain(card.question)}"


def _not_backed(cards: Sequence[Any]) -> list[str]:
    """Questions that are defined here and that no known dataset can answer."""
    if not cards:
        return []
    said = "Defined, and not computed: no known dataset holds what they need."
    return ["## Not answerable yet", said, *map(_entry, cards)]


def _gap(card: Any) -> list[str]:
    gap = card.gap
    if gap is None:
        return []
    said = (("Missing", gap.missing), ("Might be held by", gap.owner), ("Way there", gap.route))
    return ["## Why it is not computed", facts(said)]


def card_markdown(card: Any) -> str:
    """A definition as a page: question, definition, what does not count, options, source."""
    return page(
        front_matter({"kind": "Definition"}),
        f"# {plain(card.title)}",
        plain(card.question),
        plain(card.definition),
        facts(
            (
                ("Counts", card.counting_unit),
                ("Population", card.population),
                ("Clock", card.clock),
                ("Censoring and time at risk", card.censoring),
                ("Name in the software", card.name),
                ("Version", getattr(card, "version", None)),
                ("Status", CARD_STATUS.get(card.status, card.status)),
            )
        ),
        *_gap(card),
        "## What does not count",
        bullets(card.does_not_count),
        *_options(card),
        *section("Known breaks", bullets(card.known_breaks)),
        *_needs(card),
        *section("Source", bullets(card.source)),
    )


def _options(card: Any) -> list[str]:
    rows = [_option(option) for option in card.options]
    if not rows:
        return []
    table = html_table(
        caption="Choices that change the result, with the default of each",
        headings=("Option", "Default", "Meaning", "Allowed"),
        rows=rows,
    )
    return ["## Options", table]


def _option(option: Any) -> tuple[str, str, str, str]:
    name, default, meaning, *_ = (
        option if isinstance(option, tuple) else (option.name, option.default, option.meaning)
    )
    allowed = getattr(option, "choices", ())
    shown = ", ".join("none" if item is None else str(item) for item in allowed)
    return name, "none" if default is None else str(default), meaning, shown or "any value"


def _needs(card: Any) -> list[str]:
    rows = [_need(need) for need in card.needs]
    if not rows:
        return []
    table = html_table(
        caption="Fields that it is computed from",
        headings=("Dataset", "Table", "Field", "Name is"),
        rows=rows,
    )
    return ["## What it needs", table]


def _need(need: Any) -> tuple[str, str, str, str]:
    if isinstance(need, tuple):
        return need[0], need[1], need[2], "not stated"
    status = NAME_STATUS.get(need.name_status or "", "not held by any known dataset")
    return need.dataset, need.table, need.field, status
