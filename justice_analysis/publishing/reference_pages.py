"""Reference chapters: definitions from the cards, the catalogue from the contracts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from justice_analysis.publishing.markup import (
    facts,
    front_matter,
    hidden_toctree,
    html_table,
    plain,
    sentence,
    words,
)

NAME_STATUS = {
    "confirmed": "published",
    "secondary": "published second-hand",
    "assumed": "assumed",
}
CARD_STATUS = {
    "backed": "Computed from fields whose names are published.",
    "assumed": "Computed, but some field names are assumed until a real extract is seen.",
    "unbacked": "Not computed: no known dataset holds what it needs.",
}


def definition_files(cards: Sequence[Any]) -> dict[str, str]:
    """One page per card and the chapter's first page, by path in the book."""
    pages = {f"definitions/{card.name}.md": card_markdown(card) for card in cards}
    return {"definitions/index.md": _definitions_index(cards), **pages}


def _definitions_index(cards: Sequence[Any]) -> str:
    lines = [f"[{plain(card.title)}]({card.name}.md)\n: {plain(card.question)}" for card in cards]
    return _page(
        front_matter({"kind": "Definitions"}),
        "# Definitions",
        "What each measure counts, from when to when, and what it does not count.",
        "Every number in this book is computed by one of these definitions. The pages are made "
        "from the same cards that the software reads, so the two cannot differ.",
        *(lines or ["No definition is registered."]),
        hidden_toctree([card.name for card in cards]) if cards else "",
    )


def card_markdown(card: Any) -> str:
    """A definition as a page: question, definition, what does not count, options, source."""
    return _page(
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
        "## What does not count",
        _bullets(card.does_not_count),
        *_options(card),
        *_section("Known breaks", _bullets(card.known_breaks)),
        *_needs(card),
        *_section("Source", _bullets(card.source)),
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


def catalogue_files(contracts: Sequence[Any]) -> dict[str, str]:
    """One page per dataset and the catalogue's first page, by path in the book."""
    pages = {f"catalogue/{item.name}.md": contract_markdown(item) for item in contracts}
    return {"catalogue/index.md": _catalogue_index(contracts), **pages}


def _catalogue_index(contracts: Sequence[Any]) -> str:
    rows = [
        (item.title, words(item.nature), words(item.jurisdiction), _coverage(item), item.custodian)
        for item in contracts
    ]
    table = html_table(
        caption="Datasets that the software reads",
        headings=("Dataset", "Access", "Jurisdiction", "Covers", "Held by"),
        rows=rows,
    )
    links = [
        f"- [{plain(item.title)}]({item.name}.md): {_first_sentence(item)}" for item in contracts
    ]
    return _page(
        front_matter({"kind": "Data catalogue"}),
        "# Data catalogue",
        "Which datasets there are, what they hold, and how to apply for them.",
        "*Open* data can be downloaded by anyone. *Restricted* data is used inside a secure "
        "environment by accredited researchers, after an application. For each restricted "
        "dataset the software makes a synthetic twin: simulated people in the same tables and "
        "columns, so that a study can be written before access is granted. A synthetic twin "
        "holds no real person.",
        "Many column names of restricted datasets are not public. The catalogue says of each "
        "name whether it is published, or assumed until a real extract is seen.",
        *([table, "## Datasets", "\n".join(links)] if contracts else ["No dataset is described."]),
        hidden_toctree([item.name for item in contracts]) if contracts else "",
    )


def _first_sentence(contract: Any) -> str:
    return _lead(contract.description)[0]


def contract_markdown(contract: Any) -> str:
    """A dataset as a page: what it holds, its breaks, tables and columns, how to apply."""
    synthetic = contract.nature == "restricted"
    return _page(
        front_matter({"kind": "Dataset"}),
        f"# {plain(contract.title)}",
        *_lead(contract.description),
        facts(
            (
                ("Access", words(contract.nature)),
                ("Held by", contract.custodian),
                ("Covers", _coverage(contract)),
                ("How to apply", contract.how_to_apply),
                ("Licence", getattr(contract, "licence_note", "")),
                ("How to cite", contract.citation),
                ("Synthetic twin", "justice data synthesise" if synthetic else ""),
                ("Name in the software", contract.name),
            )
        ),
        *_section("Known breaks", _bullets(map(_break, contract.breaks))),
        "## Tables",
        *(part for table in contract.tables for part in _table(table)),
        *_section("Sources", _bullets(f"{s.title}: {s.path}" for s in contract.sources)),
    )


def _lead(text: str) -> list[str]:
    """The first sentence, which stands large under the title, and the others."""
    first, _, others = " ".join(text.split()).partition(". ")
    return [plain(sentence(first)), plain(others)]


def _coverage(contract: Any) -> str:
    start, end = contract.covers_from, contract.covers_to
    if not start and not end:
        return "not published"
    return f"{_day(start)} to {_day(end)}"


def _day(date: Any) -> str:
    return f"{date.day} {date:%B %Y}" if date else "not published"


def _break(item: Any) -> str:
    dates = [_day(day) for day in (item.from_date, item.to_date) if day]
    when = f" {' to '.join(dates)}." if dates else ""
    source = f" Source: {sentence(item.source)}" if item.source else ""
    return f"{sentence(item.what)}{when}{source}"


def _table(table: Any) -> list[str]:
    note = "The table's name is assumed." if table.name_status == "assumed" else ""
    columns = html_table(
        caption=f"Columns of {table.name}",
        headings=("Column", "Type", "What it holds", "Name is"),
        rows=[_field(field, table.primary_key) for field in table.fields],
    )
    lead = " ".join(filter(None, (sentence(words(table.grain)), note)))
    return [f"### {plain(table.title or table.name)}", plain(lead), columns, *_codes(table)]


def _field(field: Any, key: Sequence[str]) -> tuple[str, str, str, str]:
    described = field.description or field.title
    holds = " ".join(filter(None, (sentence(described), "Key." if field.name in key else "")))
    return field.name, field.type, holds, NAME_STATUS.get(field.name_status, field.name_status)


def _codes(table: Any) -> list[str]:
    rows = [
        (
            field.name,
            category.value,
            category.label,
            NAME_STATUS.get(field.codes_status or "", "not stated"),
        )
        for field in table.fields
        for category in field.categories
    ]
    if not rows:
        return []
    codes = html_table(
        caption=f"Codes used in {table.name}",
        headings=("Column", "Code", "Meaning", "Meaning is"),
        rows=rows,
    )
    return [
        f'<details class="numbers">\n<summary>Codes of {table.name}</summary>\n\n{codes}\n\n'
        "</details>"
    ]


def _section(title: str, body: str) -> list[str]:
    return [f"## {title}", body] if body else []


def _bullets(items: str | Iterable[str]) -> str:
    listed = [items] if isinstance(items, str) else list(items)
    return "\n".join(f"- {plain(sentence(item[:1].upper() + item[1:]))}" for item in listed if item)


def _page(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
