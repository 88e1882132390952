"""How datasets join: which of them hold a column that names the same person or case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from justice_analysis.codes import SHARED_IDENTIFIERS
from justice_analysis.contracts.descriptor import Contract


@dataclass(frozen=True)
class Holding:
    """One column of one dataset that holds a shared identifier.

    Attributes
    ----------
    identifier
        A code of `codes.SHARED_IDENTIFIERS`.
    dataset, table, field
        Where it is.
    name_status
        Whether the column's name is published.
    """

    identifier: str
    dataset: str
    table: str
    field: str
    name_status: str


def holdings(contracts: Iterable[Contract]) -> tuple[Holding, ...]:
    """Every column that joins a dataset to others, in the order of the identifiers' list."""
    found = [
        Holding(field.identifies, contract.name, table.name, field.name, field.name_status)
        for contract in contracts
        for table in contract.tables
        for field in table.fields
        if field.identifies is not None
    ]
    order = list(SHARED_IDENTIFIERS)
    return tuple(sorted(found, key=lambda one: (order.index(one.identifier), one.dataset)))


def joined_by(contracts: Iterable[Contract]) -> dict[str, tuple[str, ...]]:
    """Datasets by the identifier that joins them; one that only one dataset holds joins nothing."""
    by_identifier: dict[str, list[str]] = {}
    for held in holdings(contracts):
        datasets = by_identifier.setdefault(held.identifier, [])
        if held.dataset not in datasets:
            datasets.append(held.dataset)
    return {name: tuple(sets) for name, sets in by_identifier.items() if len(sets) > 1}
