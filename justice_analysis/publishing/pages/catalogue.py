"""The catalogue chapter, made from the contracts: one page a dataset, and how they join."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from justice_analysis.codes import SHARED_IDENTIFIERS
from justice_analysis.contracts import Contract, Field, TableContract, joins
from justice_analysis.publishing.markup import (
    NAME_STATUS,
    bullets,
    facts,
    figure,
    front_matter,
    hidden_toctree,
    html_table,
    page,
    plain,
    section,
    sentence,
    words,
)
from justice_analysis.publishing.pages.catalogue_pictures import COVERAGE, JOINS, draw_catalogue
from justice_analysis.sources.own_mapping import losses_of

JURISDICTIONS = {
    "criminal": "Criminal courts, prison and probation",
    "family": "Family courts",
    "civil": "Civil courts",
    "cross": "Across jurisdictions, and links",
}
QUALITY = (
    "[How complete these data are, and who is linked](../{page}), as released. What a load found "
    "in full is in the quality report that it writes beside the data."
)
NUMBERS = '<details class="numbers">\n<summary>{summary}</summary>\n\n{table}\n\n</details>'


def catalogue_files(
    contracts: Sequence[Contract],
    *,
    pictures: Path,
    quality: Mapping[str, str] | None = None,
) -> dict[str, str | Path]:
    """The chapter's files by path in the book.

    Parameters
    ----------
    contracts
        One per dataset.
    pictures
        A folder of the build, in which the pictures are drawn.
    quality
        Page of the book, from its root, on the quality of a dataset's data, by dataset.
    """
    found = quality or {}
    ordered = sorted(contracts, key=lambda one: (list(JURISDICTIONS).index(_group(one)), one.name))
    drawn = draw_catalogue(ordered, pictures) if ordered else {}
    files: dict[str, str | Path] = {f"catalogue/{name}": pictures / name for name in drawn}
    files["catalogue/index.md"] = index_markdown(ordered, drawn)
    files |= {
        f"catalogue/{one.name}.md": contract_markdown(one, ordered, quality=found.get(one.name))
        for one in ordered
    }
    return files


def _group(contract: Contract) -> str:
    return contract.jurisdiction if contract.jurisdiction in JURISDICTIONS else "cross"


def index_markdown(contracts: Sequence[Contract], drawn: Mapping[str, str]) -> str:
    """The first page: what there is, by jurisdiction, how it joins, what years it covers."""
    return page(
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
        *(_lists(contracts) if contracts else ["No dataset is described."]),
        *_joins(contracts, drawn),
        *_coverages(contracts, drawn),
        hidden_toctree([one.name for one in contracts]) if contracts else "",
    )


def _lists(contracts: Sequence[Contract]) -> Iterable[str]:
    for group, title in JURISDICTIONS.items():
        members = [one for one in contracts if _group(one) == group]
        if members:
            yield f"## {title}"
            yield "\n".join(
                f"- [{plain(one.title)}]({one.name}.md) ({one.nature}): {_lead(one)[0]}"
                for one in members
            )


def _joins(contracts: Sequence[Contract], drawn: Mapping[str, str]) -> Iterable[str]:
    if JOINS not in drawn:
        return
    yield "## How they join"
    yield (
        "Two datasets join where both hold a column that names the same people or the same "
        "cases. A link is made from names, dates of birth and addresses before the data are "
        "de-identified, and some links are wrong or missing. No rate of errors is published."
    )
    yield figure(JOINS, alt=drawn[JOINS], caption="What joins the datasets.")
    titles = {contract.name: contract.short_title for contract in contracts}
    rows = [
        (
            SHARED_IDENTIFIERS[one.identifier],
            titles[one.dataset],
            f"{one.table}.{one.field}",
            NAME_STATUS[one.name_status],
        )
        for one in joins.holdings(contracts)
        if one.identifier in joins.joined_by(contracts)
    ]
    table = html_table(
        caption="Columns that join datasets",
        headings=("Names", "Dataset", "Column", "Name is"),
        rows=rows,
    )
    yield NUMBERS.format(summary="The columns behind this picture", table=table)


def _coverages(contracts: Sequence[Contract], drawn: Mapping[str, str]) -> Iterable[str]:
    if COVERAGE not in drawn:
        return
    yield "## What years they cover"
    yield figure(COVERAGE, alt=drawn[COVERAGE], caption="What years each dataset covers.")
    table = html_table(
        caption="Datasets that the software reads",
        headings=("Dataset", "Access", "Covers", "Held by"),
        rows=[(one.title, words(one.nature), _coverage(one), one.custodian) for one in contracts],
    )
    yield NUMBERS.format(summary="The dates behind this picture", table=table)


# One dataset ------------------------------------------------------------------------------


def contract_markdown(
    contract: Contract, others: Sequence[Contract] = (), *, quality: str | None = None
) -> str:
    """A dataset as a page: what it holds, its breaks, tables and columns, how to apply."""
    synthetic = contract.nature == "restricted"
    losses = losses_of(contract.name)
    return page(
        front_matter({"kind": "Dataset"}),
        f"# {plain(contract.title)}",
        *_lead(contract),
        facts(
            (
                ("Access", words(contract.nature)),
                ("Held by", contract.custodian),
                ("Covers", _coverage(contract)),
                ("How to apply", contract.how_to_apply),
                ("Licence", contract.licence_note),
                ("How to cite", contract.citation),
                ("Synthetic twin", "justice data synthesise" if synthetic else ""),
                ("Name in the software", contract.name),
                ("Names of columns", _name_counts(contract)),
            )
        ),
        *section("Known breaks", bullets(map(_break, contract.breaks))),
        *section("What it joins to", bullets(_partners(contract, others))),
        *section("Quality", QUALITY.format(page=quality) if quality else ""),
        *section("What rests on assumed columns", bullets(_losses(losses))),
        "## Tables",
        *(part for table in contract.tables for part in _table(table)),
        *section(
            "Sources",
            bullets(f"{s.title}: {s.path}" if s.path else s.title for s in contract.sources),
        ),
    )


def _losses(losses: Mapping[tuple[str, str], str]) -> Iterable[str]:
    """What an extract without a column or table cannot show."""
    for (table, column), lost in losses.items():
        what = f"column {column} of {table}" if column else f"table {table}"
        yield f"Without the {what}: {lost}"


def _name_counts(contract: Contract) -> str:
    statuses = [field.name_status for table in contract.tables for field in table.fields]
    counted = [(words, statuses.count(status)) for status, words in NAME_STATUS.items()]
    return ", ".join(f"{count} {name}" for name, count in counted if count)


def _partners(contract: Contract, others: Sequence[Contract]) -> Iterable[str]:
    titles = {one.name: one.short_title for one in others}
    for identifier, datasets in joins.joined_by(others).items():
        partners = [titles[name] for name in datasets if name != contract.name]
        if contract.name in datasets and partners:
            yield f"{SHARED_IDENTIFIERS[identifier]}: {', '.join(partners)}"


def _lead(contract: Contract) -> list[str]:
    """The first sentence, which stands large under the title, and the others."""
    first, _, others = " ".join(contract.description.split()).partition(". ")
    return [plain(sentence(first)), plain(others)]


def _coverage(contract: Contract) -> str:
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


def _table(table: TableContract) -> list[str]:
    optional = "An extract may come without it." if table.optional else ""
    note = "The table's name is assumed." if table.name_status == "assumed" else ""
    columns = html_table(
        caption=f"Columns of {table.name}",
        headings=("Column", "Type", "What it holds", "Name is"),
        rows=[_field(field, table.primary_key) for field in table.fields],
    )
    lead = " ".join(filter(None, (sentence(words(table.grain)), optional, note)))
    return [f"### {plain(table.title or table.name)}", plain(lead), columns, *_codes(table)]


def _field(field: Field, key: Sequence[str]) -> tuple[str, str, str, str]:
    described = field.description or field.title
    holds = " ".join(filter(None, (sentence(described), "Key." if field.name in key else "")))
    return field.name, field.type, holds, NAME_STATUS.get(field.name_status, field.name_status)


def _codes(table: TableContract) -> list[str]:
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
    return [NUMBERS.format(summary=f"Codes of {table.name}", table=codes)]
