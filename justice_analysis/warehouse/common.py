"""From mapped sources to the common tables on disk, each written once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import contracts, engine
from justice_analysis.contracts import TableContract
from justice_analysis.linkage import proceedings
from justice_analysis.linkage.levels import derive_people
from justice_analysis.linkage.people import resolve_people
from justice_analysis.linkage.spine import Spine
from justice_analysis.sources.mapping import CommonTables
from justice_analysis.sources.parsing import schema_of
from justice_analysis.warehouse.ties import LINKAGE, ties_found

# Tables whose people are found through records, and the columns that hold them.
RECORD_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "party": {"record_id": "person_id"},
    "event": {"record_id": "person_id"},
    "measure": {"record_id": "person_id"},
    "episode": {"record_id": "person_id"},
    "relationship": {"record_id": "person_id", "related_record_id": "related_person_id"},
}
WRITTEN_LAST = ("person", "link", "case", "case_link")


def typed_empty(backend: BaseBackend, table: TableContract) -> ir.Table:
    """A common table without rows."""
    schema = schema_of(table)
    return engine.memory_table(backend, {name: [] for name in schema}, schema)


@dataclass
class Writer:
    """Writes common tables into one generation and remembers how many rows each has."""

    folder: Path
    backend: BaseBackend
    keep_records: bool
    rows: dict[str, int] = field(default_factory=dict)

    def write(self, name: str, table: ir.Table) -> None:
        """Write one common table in its contract's columns; a table without rows is not kept."""
        schema = schema_of(contracts.common_model().table(name))
        if self.keep_records:
            # A view at another link level derives people again from the records.
            extra = [column for column in RECORD_COLUMNS.get(name, {}) if column not in schema]
            schema |= dict.fromkeys(extra, "int64")
        shaped = _shaped(table, schema)
        written = engine.write_table(
            shaped, self.folder / name, schema=schema, step=f"writing {name}"
        )
        if written:
            self.rows[name] = written

    def read(self, name: str) -> ir.Table:
        """Read a written table back."""
        return engine.read_parquet(self.backend, self.folder / name)

    def missing(self) -> dict[str, Mapping[str, int]]:
        """Missing values in each column of each written table, where the files count them."""
        counts = {name: engine.missing_counts(self.folder / name) for name in self.rows}
        return {name: held for name, held in counts.items() if held is not None}


def _shaped(table: ir.Table, schema: Mapping[str, str]) -> ir.Table:
    """Give exactly the schema's columns; one that the mapping does not fill is missing."""
    columns = {
        name: table[name] if name in table.columns else ibis.null(kind)
        for name, kind in schema.items()
    }
    return table.select(**columns)


def parts_of(mapped: Sequence[CommonTables]) -> dict[str, list[ir.Table]]:
    """Common table name to its parts, one for each source that has rows for it."""
    parts: dict[str, list[ir.Table]] = {}
    for source in mapped:
        for name, table in source.tables.items():
            parts.setdefault(name, []).append(table)
    return parts


def write_common(
    parts: dict[str, list[ir.Table]],
    spine: Spine,
    writer: Writer,
    *,
    rule: proceedings.ProceedingsRule,
    loaded: Collection[str],
) -> Mapping[str, int]:
    """Write all common tables but `link`; return how many people's records disagree.

    Parts are taken out of `parts` as they are written, so that the engine may drop what no
    other table needs. `loaded` names the datasets that are there.
    """
    disagreeing = _write_people(parts.pop("record"), spine, writer)
    for table in contracts.common_model().tables:
        if table.name in parts and table.name not in WRITTEN_LAST:
            schema = schema_of(table) | dict.fromkeys(RECORD_COLUMNS.get(table.name, {}), "int64")
            found = [_with_people(one, spine.people, table.name) for one in parts.pop(table.name)]
            writer.write(table.name, engine.union(*[_shaped(part, schema) for part in found]))
            del found
    _write_cases(parts, writer, rule, loaded)
    return disagreeing


def _with_people(table: ir.Table, people: ir.Table, name: str) -> ir.Table:
    """Put people beside the records that a table names."""
    for record, person in RECORD_COLUMNS.get(name, {}).items():
        if record not in table.columns:
            continue
        known = people.select(joined_record="record_id", **{person: "person_id"})
        # A view, because Ibis does not join on a column computed beside an earlier join.
        rows = table.view()
        joined = rows.left_join(known, rows[record] == known.joined_record)
        table = joined.drop("joined_record")
    return table


def _write_people(records: Sequence[ir.Table], spine: Spine, writer: Writer) -> Mapping[str, int]:
    stated = [level for level in spine.levels if level != spine.level]
    pairs = spine.people
    if stated:
        # Who is who at a stricter level has attributes too.
        precedence = spine.precedence
        views = [derive_people(spine.link, level, precedence) for level in stated]
        pairs = engine.union(pairs, *views).distinct()
    people, disagreeing = resolve_people(engine.union(*records), pairs)
    person_key = people.person_id.cast("string")
    writer.write(
        "person",
        people.mutate(
            source=ibis.literal(LINKAGE), source_table=ibis.literal("link"), source_key=person_key
        ),
    )
    return disagreeing


def _write_cases(
    parts: dict[str, list[ir.Table]],
    writer: Writer,
    rule: proceedings.ProceedingsRule,
    loaded: Collection[str],
) -> None:
    if "case" not in parts:
        return
    schema = schema_of(contracts.common_model().table("case"))
    cases = engine.materialise(
        engine.union(*[_shaped(part, schema) for part in parts.pop("case")]), step="cases"
    )
    delivered = parts.pop("case_link", [])
    found = _case_links(delivered, cases, writer, rule, loaded)
    links = engine.materialise(found, step="links of cases")
    writer.write("case_link", links)
    joined = proceedings.with_proceedings(cases.drop("proceeding_id"), links, rule)
    writer.write("case", joined)


def _case_links(
    delivered: Sequence[ir.Table],
    cases: ir.Table,
    writer: Writer,
    rule: proceedings.ProceedingsRule,
    loaded: Collection[str],
) -> ir.Table:
    """Delivered ties of cases, and those that the rule finds between two sources."""
    schema = schema_of(contracts.common_model().table("case_link"))
    parts = [_shaped(part, schema) for part in delivered]
    if "party" in writer.rows:
        found = ties_found(cases, writer.read("party"), rule, loaded)
        parts += [found] if found is not None else []
    if not parts:
        return typed_empty(writer.backend, contracts.common_model().table("case_link"))
    return engine.union(*parts)
