"""A warehouse that is open: one table expression per common table."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import contracts, engine
from justice_analysis.errors import WarehouseError
from justice_analysis.linkage.levels import at_level, derive_people
from justice_analysis.linkage.proceedings import ProceedingsRule
from justice_analysis.sources.ledger import Ledger
from justice_analysis.sources.parsing import schema_of
from justice_analysis.warehouse.common import RECORD_COLUMNS, typed_empty
from justice_analysis.warehouse.generations import current_generation, read_manifest
from justice_analysis.warehouse.quality import quality_table
from justice_analysis.warehouse.ties import tie_again

if TYPE_CHECKING:
    import pandas as pd

TIED = ("case", "case_link")


@dataclass(frozen=True)
class Warehouse:
    """The current generation of a warehouse, as it was when opened.

    Each table of the common model is an attribute: `warehouse.case`, `warehouse.party` and so
    on are table expressions, empty and typed where no source has rows for them.

    Attributes
    ----------
    path
        The warehouse's folder.
    generation
        The folder of the generation that is read.
    backend
        The engine on which the tables are.
    link_level
        The link level at which people are derived; missing for the default.
    is_unchanged
        Whether the load that gave this warehouse found nothing to do.
    """

    path: Path
    generation: Path
    manifest: dict[str, Any] = field(repr=False)
    backend: BaseBackend = field(repr=False)
    link_level: str | None = None
    is_unchanged: bool = False
    _held: dict[str, ir.Table] = field(default_factory=dict, repr=False, compare=False)

    def __getattr__(self, name: str) -> ir.Table:
        if name.startswith("_") or name not in contracts.common_model().table_names:
            raise AttributeError(f"a warehouse has no table or attribute {name!r}.")
        if name not in self._held:
            self._held[name] = self._read(name)
        return self._held[name]

    def _read(self, name: str) -> ir.Table:
        if self.link_level is not None and name in RECORD_COLUMNS:
            return self._at_level(name)
        if self.link_level is not None and name in TIED:
            return self._tied(name)
        return self._stored(name)

    def _stored(self, name: str) -> ir.Table:
        """A table as it was written; empty and typed if it was not."""
        contract = contracts.common_model().table(name)
        if name not in self.manifest["tables"]:
            return typed_empty(self.backend, contract)
        return engine.read_parquet(self.backend, self.generation / name, schema=schema_of(contract))

    def _tied(self, name: str) -> ir.Table:
        """Cases and their ties, found again among people at the view's level."""
        rule = ProceedingsRule.from_record(self.manifest["proceedings"])
        cases, links = (self._stored(table) for table in TIED)
        found = tie_again(cases, links, self.party, rule, self.sources)
        self._held.update(found)
        return found[name]

    def _at_level(self, name: str) -> ir.Table:
        """A table with its people derived again, from links of the view's level."""
        schema = schema_of(contracts.common_model().table(name))
        extra = dict.fromkeys(RECORD_COLUMNS[name], "int64")
        table = engine.read_parquet(self.backend, self.generation / name, schema=schema | extra)
        for record, person in RECORD_COLUMNS[name].items():
            known = self._people().select(joined_record="record_id", joined_person="person_id")
            joined = table.left_join(known, table[record] == known.joined_record)
            table = joined.mutate(**{person: joined.joined_person})
            table = table.drop("joined_record", "joined_person")
        return table.select(*schema)

    def _people(self) -> ir.Table:
        if "_people" not in self._held:
            assert self.link_level is not None
            found = derive_people(self.link, self.link_level, self.manifest["id_precedence"])
            self._held["_people"] = engine.materialise(found, step="people at a link level")
        return self._held["_people"]

    def at_link_level(self, level: str) -> Warehouse:
        """The same warehouse with people derived from links at least as sure as `level`.

        Sets of proceedings are found again too, since two systems are joined through the people
        that they share.

        Raises
        ------
        LinkageError
            If no link states such a level.
        """
        return replace(self, link_level=at_level(self.link, level), _held={})

    @property
    def link_levels(self) -> tuple[str, ...]:
        """Link levels that were delivered, from the surest."""
        return tuple(self.manifest["link_levels"])

    @property
    def fingerprint(self) -> str:
        """Names what was loaded and how: inputs, options, version, and the link level viewed."""
        level = f"@{self.link_level}" if self.link_level else ""
        return f"{self.manifest['fingerprint']}{level}"

    @property
    def sources(self) -> dict[str, dict[str, Any]]:
        """Dataset to its nature, extract date, contract version, files and rows."""
        return dict(self.manifest["sources"])

    def contract(self, dataset: str) -> contracts.Contract:
        """The contract of a loaded dataset, as it was when it was loaded.

        Raises
        ------
        WarehouseError
            If the dataset is not one of `sources`.
        """
        if dataset not in self.manifest["sources"]:
            loaded = ", ".join(sorted(self.manifest["sources"]))
            raise WarehouseError(f"{dataset} is not in this warehouse, which holds {loaded}.")
        return contracts.read_contract(self.generation / "contracts" / f"{dataset}.yaml")

    @property
    def is_synthetic(self) -> bool:
        """Whether the rows were made by a simulation."""
        return bool(self.manifest["is_synthetic"])

    @property
    def ledger(self) -> Ledger:
        """What became of every delivered row."""
        return Ledger.from_json((self.generation / "ledger.json").read_text(encoding="utf-8"))

    @property
    def quality(self) -> dict[str, Any]:
        """What checks, cleaning and linkage found; counts only."""
        text = (self.generation / "quality.json").read_text(encoding="utf-8")
        return dict(json.loads(text))

    def quality_table(self) -> pd.DataFrame:
        """Quality by dataset, table, field, year and measure: rows, count and share.

        Returns
        -------
        DataFrame
            As `warehouse.quality.quality_table` says. Counts are of delivered rows, exact, and
            not checked for release.
        """
        return quality_table(self.quality)


def open(path: Path | str, *, backend: BaseBackend | None = None) -> Warehouse:
    """Open the current generation of a warehouse.

    Raises
    ------
    WarehouseError
        If the folder is missing, is no warehouse, or is not whole.
    """
    folder = Path(path)
    generation = current_generation(folder)
    manifest = read_manifest(generation)
    return Warehouse(folder, generation, manifest, backend or engine.connect())
