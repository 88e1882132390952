"""What `justice data list` and `justice data quality` show."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from justice_analysis import contracts
from justice_analysis.cli import show
from justice_analysis.codes import SHARED_IDENTIFIERS
from justice_analysis.contracts import Contract, describe, joins

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

NOT_RELEASED = "Counts have not been checked for release."


def records() -> list[dict[str, Any]]:
    """Every dataset as plain types, for a script."""
    loaded = [contracts.load(name) for name in contracts.names()]
    return [_record(one, loaded) for one in loaded]


def _record(contract: Contract, others: list[Contract]) -> dict[str, Any]:
    from justice_analysis.sources.own_mapping import has_mapping

    counted = describe.summary(contract)
    return {
        "dataset": contract.name,
        "title": contract.title,
        "nature": contract.nature,
        "jurisdiction": contract.jurisdiction,
        "covers_from": contract.covers_from and contract.covers_from.isoformat(),
        "covers_to": contract.covers_to and contract.covers_to.isoformat(),
        "tables": counted.tables,
        "columns": counted.fields,
        "assumed_names": counted.assumed_names,
        "has_mapping": has_mapping(contract.name),
        "joins": {name: list(ones) for name, ones in describe.partners(contract, others).items()},
    }


def show_list() -> None:
    """Print the datasets as a table, and under it what joins them."""
    listed = records()
    headings = ("dataset", "access", "covers", "assumed", "loads")
    rows = [
        (
            one["dataset"],
            one["nature"],
            _years(one),
            f"{one['assumed_names']:>3} of {one['columns']:>3}",
            one["has_mapping"],
        )
        for one in listed
    ]
    show.table(headings, rows)
    typer.echo("\nassumed: columns whose names are not published.")
    typer.echo("loads: whether it can be brought to the common model.\n\nWhat joins them:")
    every = [contracts.load(one["dataset"]) for one in listed]
    for identifier, names in joins.joined_by(every).items():
        said = f"{SHARED_IDENTIFIERS[identifier]}. In {', '.join(names)}."
        typer.echo(
            textwrap.fill(
                said, describe.WIDTH, initial_indent="  - ", subsequent_indent="    ",
                break_on_hyphens=False,
            )
        )  # fmt: skip
    typer.echo("\nMore on one of them: justice data describe DATASET")


def _years(record: Mapping[str, Any]) -> str:
    ends = [(record[name] or "?")[:4] for name in ("covers_from", "covers_to")]
    return "" if ends == ["?", "?"] else "-".join(ends)


def quality_records(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Each loaded dataset's quality in a few numbers."""
    quality = warehouse.quality
    table = warehouse.quality_table()
    large = [one["dataset"] for one in quality["changes"]["found"] if one["is_large"]]
    linked = {one["dataset"]: one for one in quality["linked"]}
    records = []
    for name, report in quality["checks"].items():
        mine = table[table["dataset"] == name]
        cells = mine[mine["measure"] == "missing"]
        aside = [one["rows"] for one in quality["set_aside_by_year"] if one["dataset"] == name]
        unknown = mine[mine["measure"].isin(["unknown code", "not an allowed value"])]
        people = linked.get(name)
        records.append(
            {
                "dataset": name,
                "extract_date": report["extract_date"],
                "rows": sum(one["rows"] for one in report["tables"]),
                "set_aside": sum(aside),
                "unknown_codes": int(unknown["count"].sum()),
                "share_filled": 1 - float(cells["count"].sum() / max(cells["rows"].sum(), 1)),
                "share_linked": people["linked"] / people["parties"] if people else None,
                "large_changes": large.count(name),
                "switched_off": report["switched_off"],
            }
        )
    return records


def show_quality(warehouse: Warehouse) -> None:
    """Print one row a dataset."""
    synthetic = "Synthetic data. " if warehouse.is_synthetic else ""
    typer.echo(f"{synthetic}{NOT_RELEASED}\n")
    headings = ("dataset", "rows", "set aside", "filled", "linked", "changes")
    rows = [
        (
            one["dataset"],
            one["rows"],
            one["set_aside"],
            f"{one['share_filled']:.1%}",
            "" if one["share_linked"] is None else f"{one['share_linked']:.1%}",
            one["large_changes"],
        )
        for one in quality_records(warehouse)
    ]
    show.table(headings, rows)
    typer.echo("\nlinked: people in cases. changes: large ones since the load before.")
