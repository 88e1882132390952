"""A contract as a dictionary for people: plain rows, plain text and Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.contracts.descriptor import Break, Contract, Field, TableContract

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


def plain_text(contract: Contract) -> str:
    """A dataset as plain text: what it is, its breaks, and a list of columns for each table."""
    about = [f"{label}: {text}" for label, text in _facts(contract) if text]
    breaks = [f"  - {break_sentence(one)}" for one in contract.breaks]
    blocks = [contract.title, contract.description, "\n".join(about)]
    if breaks:
        blocks.append("\n".join(["Known breaks:", *breaks]))
    return "\n\n".join([*blocks, *map(_table_text, contract.tables)]) + "\n"


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
    return (
        ("Name", contract.name),
        ("Access", contract.nature),
        ("Held by", contract.custodian),
        ("Covers", coverage(contract)),
        ("How to apply", contract.how_to_apply),
        ("Terms", contract.licence_note),
        ("How to cite", contract.citation),
    )


def _table_text(table: TableContract) -> str:
    width = max(len(field.name) for field in table.fields)
    lines = [f"{table.name}: {table.title}", f"  {_about(table)}"]
    for field in table.fields:
        status = STATUS_WORDS[field.name_status]
        start = f"  {field.name:<{width}}  {field.type:<9}  name {status:<16}  "
        lines.append(start + meaning(field, key=field.name in table.primary_key))
        if field.categories:
            lines.append(f"  {'':<{width}}  {codes(field)}")
    return "\n".join(lines)


def _about(table: TableContract) -> str:
    name = f"The table's name is {STATUS_WORDS[table.name_status]}."
    optional = "An extract may come without it." if table.optional else ""
    parts = (_sentence(table.grain[:1].upper() + table.grain[1:]), table.description)
    return " ".join(part for part in (*parts, name, optional) if part)


def _code(value: str, label: str) -> str:
    return value if value == label else f"{value} {label}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
