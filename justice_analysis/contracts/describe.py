"""A contract as a dictionary for people: plain rows, plain text and Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from justice_analysis.codes import SHARED_IDENTIFIERS
from justice_analysis.contracts.descriptor import Break, Contract, Field, TableContract
from justice_analysis.contracts.joins import joined_by

WIDTH = 80

STATUS_WORDS = {
    "confirmed": "published",
    "secondary": "quoted by others",
    "assumed": "assumed",
}


@dataclass(frozen=True)
class DictionaryRow:
    """One column of a dataset, in words; every part is text."""

    table: str
    field: str
    type: str
    meaning: str
    codes: str
    name_status: str
    source: str


@dataclass(frozen=True)
class Summary:
    """A dataset at a glance: one row of the catalogue."""

    name: str
    title: str
    jurisdiction: str
    access: str
    covers: str
    custodian: str
    tables: int
    fields: int
    assumed_names: int


def summary(contract: Contract) -> Summary:
    """Say what a dataset is, what it covers, and how many of its names are assumed."""
    fields = [field for table in contract.tables for field in table.fields]
    return Summary(
        name=contract.name,
        title=contract.title,
        jurisdiction=contract.jurisdiction,
        access=contract.nature,
        covers=coverage(contract),
        custodian=contract.custodian,
        tables=len(contract.tables),
        fields=len(fields),
        assumed_names=sum(field.name_status == "assumed" for field in fields),
    )


def dictionary_rows(contract: Contract) -> list[DictionaryRow]:
    """List every column of every table, in the order of the contract."""
    return [
        DictionaryRow(
            table=table.name,
            field=field.name,
            type=field.type,
            meaning=meaning(field, key=field.name in table.primary_key),
            codes=codes(field),
            name_status=STATUS_WORDS[field.name_status],
            source=field.source,
        )
        for table in contract.tables
        for field in table.fields
    ]


def coverage(contract: Contract) -> str:
    """First and last day covered, in words."""
    start, end = contract.covers_from, contract.covers_to
    if start is None and end is None:
        return "not published"
    return f"{start or 'not published'} to {end or 'not published'}"


def meaning(field: Field, *, key: bool = False) -> str:
    """What a column holds: its title, its description, and whether it is part of the key."""
    parts = [field.title, field.description]
    return " ".join(
        _sentence(part) for part in (*parts, "Part of the table's key" if key else "") if part
    )


def codes(field: Field) -> str:
    """The code list in one line, with a word on it if it is not published."""
    if not field.categories:
        return ""
    listed = "; ".join(_code(one.value, one.label) for one in field.categories)
    return f"{listed} (codes assumed)" if field.codes_status == "assumed" else listed


def plain_text(
    contract: Contract,
    others: Sequence[Contract] = (),
    *,
    table: str | None = None,
    losses: Mapping[tuple[str, str], str] | None = None,
) -> str:
    """A dataset as plain text, 80 columns wide.

    Parameters
    ----------
    others
        Every contract there is, to say what joins them; nothing is said without them.
    table
        One table alone, without what holds for the whole dataset.
    losses
        What is lost without a column, by table and column ("" for the whole table).

    Raises
    ------
    UsageError
        If the dataset has no such table.
    """
    if table is not None:
        return _table_text(contract.table(table), losses or {}) + "\n"
    facts = [_fact(label, said) for label, said in (*_facts(contract), *_joins(contract, others))]
    breaks = [_item(break_sentence(one)) for one in contract.breaks]
    blocks = [
        f"{_wrapped(contract.title)}\n{'=' * min(len(contract.title), WIDTH)}",
        _wrapped(contract.description),
        "\n".join(fact for fact in facts if fact),
        "\n".join(["Known breaks:", *breaks]) if breaks else "",
        "\n".join(["Tables:", *(_item(_about(one, named=True)) for one in contract.tables)]),
        *(_table_text(one, losses or {}) for one in contract.tables),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def partners(contract: Contract, others: Sequence[Contract]) -> dict[str, tuple[str, ...]]:
    """Datasets that a dataset joins to, by the identifier that joins them."""
    return {
        identifier: tuple(name for name in names if name != contract.name)
        for identifier, names in joined_by(others).items()
        if contract.name in names
    }


def break_sentence(one: Break) -> str:
    """A break as a sentence, with its dates and source."""
    dates = {
        (True, True): f" From {one.from_date} to {one.to_date}.",
        (True, False): f" From {one.from_date}.",
        (False, True): f" Until {one.to_date}.",
        (False, False): "",
    }[one.from_date is not None, one.to_date is not None]
    return f"{_sentence(one.what)}{dates} Source: {one.source}"


def _facts(contract: Contract) -> tuple[tuple[str, str], ...]:
    counted = summary(contract)
    return (
        ("Name", contract.name),
        ("Access", contract.nature),
        ("Held by", contract.custodian),
        ("Covers", f"{coverage(contract)} ({STATUS_WORDS[contract.covers_status]})"),
        ("Names", f"{counted.assumed_names} of {counted.fields} names of columns are assumed"),
        ("To apply", contract.how_to_apply),
        ("Terms", contract.licence_note),
        ("To cite", contract.citation),
    )


def _joins(contract: Contract, others: Sequence[Contract]) -> list[tuple[str, str]]:
    return [
        ("Joins by", f"{SHARED_IDENTIFIERS[identifier]}. Also in {', '.join(names)}.")
        for identifier, names in partners(contract, others).items()
    ]


def _table_text(table: TableContract, losses: Mapping[tuple[str, str], str]) -> str:
    heading = _wrapped(f"{table.name}: {table.title}")
    lines = [heading, "-" * min(len(heading), WIDTH)]
    lines += [_wrapped(_about(table))]
    lines += [_wrapped(words) for words in _keys(table)]
    if (table.name, "") in losses:
        lines.append(_wrapped(f"Not delivered, it switches off: {losses[table.name, '']}."))
    for field in table.fields:
        said = meaning(field, key=field.name in table.primary_key)
        needed = ", required" if field.required else ""
        lines += [
            "",
            f"  {field.name}  ({field.type}{needed}; name {STATUS_WORDS[field.name_status]})",
        ]
        lines += [_wrapped(said, "      ")]
        if (table.name, field.name) in losses:
            lost = losses[table.name, field.name]
            lines.append(_wrapped(f"Not delivered, it switches off: {lost}.", "      "))
        if field.categories:
            lines += [_wrapped(f"Codes: {codes(field)}", "      ", "        ")]
    return "\n".join(lines)


def _keys(table: TableContract) -> list[str]:
    """What names a row, what its columns refer to, and what dates it."""
    said = [f"Key: {', '.join(table.primary_key) or 'none, so that rows may be equal'}."]
    said += [
        f"Refers to {key.table} by {', '.join(key.fields)}."
        for key in table.foreign_keys
        if key.table != table.name
    ]
    dated = f"Quality is counted by the year of {table.dated_by}." if table.dated_by else ""
    return [*said, dated] if dated else said


def _about(table: TableContract, *, named: bool = False) -> str:
    grain = _sentence(table.grain[:1].upper() + table.grain[1:])
    optional = "An extract may come without it." if table.optional else ""
    parts: tuple[str, ...]
    if named:
        parts = (f"{table.name} ({len(table.fields)} columns):", grain, optional)
    else:
        name = f"The table's name is {STATUS_WORDS[table.name_status]}."
        parts = (grain, table.description and _sentence(table.description), name, optional)
    return " ".join(part for part in parts if part)


def _fact(label: str, said: str) -> str:
    return _wrapped(said, f"{label:<10}", " " * 10) if said else ""


def _item(said: str) -> str:
    return _wrapped(said, "  - ", "    ")


def _wrapped(text: str, first: str = "", later: str | None = None) -> str:
    """Lines of at most 80 columns; a name or an address is never broken."""
    later = first if later is None else later
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _code(value: str, label: str) -> str:
    return value if value == label else f"{value} {label}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
