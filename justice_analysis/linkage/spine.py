"""The person spine: which records are the same person, by delivered identifiers.

The rule is called `precedence`. Id systems stand in a stated order. An identifier is carried
up to the identifier of the highest system that it is recorded with, the one most often
recorded with it (the smallest of several), and so on up. A record is the person to whom its
own highest identifier is so carried. Nothing is joined through a lower system: one wrong
low link cannot draw two people together who have identifiers of their own above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.engine import keys
from justice_analysis.errors import LinkageError
from justice_analysis.linkage.levels import (
    DEFAULT_PRECEDENCE,
    LEVELS,
    NOT_LINKED,
    loosest,
)

__all__ = ["DEFAULT_PRECEDENCE", "Spine", "build_spine"]

# The id system of records that no identifier was delivered for.
OWN_RECORD = "record"
ONE_EACH = ["record_id", "id_system"]
PROVENANCE = ("source", "source_table", "source_key")


@dataclass(frozen=True)
class Spine:
    """Records as people.

    Attributes
    ----------
    link
        One row per record, id system and level, as in the common model.
    people
        One row per linked record: `record_id`, `person_id` at the default level.
    level
        The default level: the loosest delivered.
    levels
        The levels delivered, from the surest.
    precedence
        Id systems, the highest first.
    report
        Counts for the quality report: links by system and level, identifiers with two
        higher ones, records with two identifiers of one system, records without a link.
    """

    link: ir.Table
    people: ir.Table
    level: str
    levels: tuple[str, ...]
    precedence: tuple[str, ...]
    report: Mapping[str, Any]


def build_spine(
    records: ir.Table, identifiers: ir.Table, *, precedence: Sequence[str] = DEFAULT_PRECEDENCE
) -> Spine:
    """Turn records and their delivered identifiers into people with integer keys.

    Parameters
    ----------
    records
        One row per person record: `record_id` and the provenance columns.
    identifiers
        One row per record and identifier: `record_id`, `id_system`, `identifier` (text),
        `level`, `score` and the provenance columns; each record is in `records`.
    precedence
        Id systems, the highest first.

    Raises
    ------
    LinkageError
        If an id system has no place in `precedence`, or two records have one id.
    """
    _refuse_shared_ids(records)
    numbered = _numbered(identifiers, precedence)
    found = _systems_and_levels(numbered, precedence)
    present = tuple(level for level in LEVELS if level in set(found["level"]))
    runs = [
        _carried(numbered, level, precedence, found, is_default=level == loosest(present))
        for level in present or (NOT_LINKED,)
    ]
    people = _person_keys([run.nodes for run in runs])
    known = [run.nodes.inner_join(people, "root").select("node", "person_id") for run in runs]
    nodes = [engine.materialise(table, step="identifiers and people") for table in known]
    links = [run.link_rows(table) for run, table in zip(runs, nodes, strict=True)]
    alone = engine.materialise(_not_linked(records, numbered), step="records without a link")
    return Spine(
        link=engine.union(*links, alone),
        people=_people_of_records(runs[-1], nodes[-1]),
        level=loosest(present),
        levels=present,
        precedence=tuple(precedence),
        report=_report(found, runs[-1], alone),
    )


def _refuse_shared_ids(records: ir.Table) -> None:
    """Refuse records that share an id: they would be one person without a link that says so."""
    counts = records.aggregate(rows=records.count(), ids=records.record_id.nunique())
    found = engine.execute(counts, step="ids of records").iloc[0]
    shared = int(found["rows"]) - int(found["ids"])
    if shared:
        raise LinkageError(
            f"each record must have an id of its own: {shared:,} records have one that another "
            "has too. A delivered key repeats, or two ids met by chance: load the datasets "
            "into two warehouses."
        )


def _numbered(identifiers: ir.Table, precedence: Sequence[str]) -> ir.Table:
    """Identifiers with a number for each, its `node`: numbers join and sort faster than texts."""
    numbered = identifiers.mutate(node=_node(identifiers, precedence))
    stored = engine.materialise(numbered, step="identifiers of people")
    each = stored.select("node", "id_system", "identifier").distinct()
    counts = each.aggregate(rows=each.count(), nodes=each.node.nunique())
    found = engine.execute(counts, step="numbers of identifiers").iloc[0]
    if int(found["rows"]) != int(found["nodes"]):
        raise LinkageError(
            "each identifier must have a number of its own: two met by chance. Load the "
            "datasets into two warehouses."
        )
    return stored


def _node(identifiers: ir.Table, precedence: Sequence[str]) -> ir.IntegerValue:
    """One number for an id system and an identifier in it; chance meetings are looked for."""
    system = identifiers.id_system
    tags = [(system == name, ibis.literal(keys.number_of(name), "int64")) for name in precedence]
    tag = ibis.cases(*tags, else_=keys.text_number(system))
    return keys.key_number(identifiers.identifier) ^ tag


@dataclass(frozen=True)
class _Run:
    """Who is who by the links of one level.

    `used` has the delivered rows that count, one per record and id system; `nodes` one row per
    identifier: its `node` and the `root` that it is carried up to; `wide` one row per record
    with a column of nodes per id system, from the highest.
    """

    level: str
    used: ir.Table
    wide: ir.Table
    systems: tuple[str, ...]
    nodes: ir.Table
    conflicts: Mapping[str, int]
    doubled: int
    is_default: bool

    def link_rows(self, nodes: ir.Table) -> ir.Table:
        """One link row per record and id system at this level."""
        joined = self.used.inner_join(nodes, "node")
        level = (joined.id_system == OWN_RECORD).ifelse(NOT_LINKED, self.level)
        # A record that is its own person is so at every level: one row says it.
        rows = joined if self.is_default else joined.filter(joined.id_system != OWN_RECORD)
        columns = {name: rows[name] for name in ("record_id", "id_system", "person_id", "score")}
        return rows.select(**columns, level=level, **{name: rows[name] for name in PROVENANCE})


def _person_keys(nodes: Sequence[ir.Table]) -> ir.Table:
    roots = engine.union(*[table.select("root") for table in nodes])
    numbered = engine.integer_keys(roots, ["root"], name="person_id")
    return engine.materialise(numbered, step="person keys")


def _people_of_records(run: _Run, nodes: ir.Table) -> ir.Table:
    """Each record's person: where its own highest identifier leads."""
    highest = run.wide.select("record_id", node=_highest(run.wide, run.systems)).view()
    found = highest.inner_join(nodes, "node")
    return engine.materialise(found.select("record_id", "person_id"), step="people of records")


def _highest(wide: ir.Table, systems: Sequence[str]) -> ir.IntegerValue:
    if not systems:
        return ibis.null("int64")
    return ibis.coalesce(*[wide[system] for system in systems])


def _systems_and_levels(identifiers: ir.Table, precedence: Sequence[str]) -> pd.DataFrame:
    counts = identifiers.group_by("id_system", "level").aggregate(records=identifiers.count())
    found = engine.execute(counts, step="id systems").sort_values(["id_system", "level"])
    unranked = sorted(set(found["id_system"]) - set(precedence))
    if unranked:
        raise LinkageError(
            f"every id system must have a place in id_precedence: {', '.join(unranked)} has "
            "none. Name it there."
        )
    return found


def _carried(
    numbered: ir.Table,
    level: str,
    precedence: Sequence[str],
    found: pd.DataFrame,
    *,
    is_default: bool,
) -> _Run:
    """Carry each identifier up, using only links as sure as `level`."""
    as_sure = (*LEVELS[: LEVELS.index(level) + 1], NOT_LINKED) if level in LEVELS else (NOT_LINKED,)
    held = set(found.loc[found["level"].isin(as_sure), "id_system"])
    systems = tuple(system for system in precedence if system in held)
    used = numbered.filter(numbered.level.isin(as_sure))
    wide = engine.materialise(_wide(used, systems), step="identifiers of records")
    doubled = 0
    if _has_spare(wide, systems):
        repeated = engine.materialise(_repeated(used), step="several identifiers")
        doubled = _count_doubled(used.semi_join(repeated, ONE_EACH))
        used = engine.materialise(_one_identifier_each(used, repeated), step="one identifier each")
        wide = engine.materialise(_wide(used, systems), step="identifiers of records")
    roots, conflicts = _roots(wide, systems, used)
    each = used.select("node").distinct()
    nodes = engine.materialise(_lead(each, roots), step="identifiers and their roots")
    return _Run(level, used, wide, systems, nodes, conflicts, doubled, is_default)


def _has_spare(wide: ir.Table, systems: Sequence[str]) -> bool:
    """Whether any record has two identifiers of one system."""
    held = sum((wide[system].notnull().cast("int64") for system in systems), ibis.literal(0))
    return bool(engine.execute((wide.held > held).any().fill_null(False), step="spare identifiers"))


def _repeated(used: ir.Table) -> ir.Table:
    """Records and id systems with several rows."""
    counted = used.group_by(ONE_EACH).aggregate(held=used.count())
    return counted.filter(counted.held > 1).select(ONE_EACH)


def _count_doubled(used: ir.Table) -> int:
    """Records with two identifiers of one system at one level."""
    # The same identifier delivered in two tables is no second one.
    same = used.group_by("record_id", "id_system", "level").aggregate(held=used.node.nunique())
    return int(engine.execute((same.held > 1).sum().fill_null(0), step="double identifiers"))


def _one_identifier_each(used: ir.Table, repeated: ir.Table) -> ir.Table:
    """Keep one identifier per record and system; only where there are several are they ranked.

    Of several levels the loosest counts: a cluster of unsure links holds the surer ones. Of
    several identifiers at one level the smallest is taken.
    """
    some = used.semi_join(repeated, ONE_EACH)
    sureness = ibis.cases(*[(some.level == level, n) for n, level in enumerate(LEVELS)], else_=-1)
    order = [sureness.desc(), some.identifier, some.source, some.source_table, some.source_key]
    first = engine.first_per_group(some, by=ONE_EACH, order_by=order)
    return engine.union(used.anti_join(repeated, ONE_EACH), first)


def _wide(identifiers: ir.Table, systems: Sequence[str]) -> ir.Table:
    """One row per record with a column of nodes per id system, and the number of rows `held`."""
    columns = {
        system: (identifiers.id_system == system).ifelse(identifiers.node, ibis.null("int64")).min()
        for system in systems
    }
    return identifiers.group_by("record_id").aggregate(held=identifiers.count(), **columns)


def _roots(
    wide: ir.Table, systems: Sequence[str], used: ir.Table
) -> tuple[ir.Table | None, dict[str, int]]:
    """Where each identifier that is carried up ends: `node` and its `root`."""
    roots: ir.Table | None = None
    conflicts: dict[str, int] = {}
    for place, system in enumerate(systems[1:], start=1):
        counted = engine.materialise(_recorded_with(wide, system, systems[:place]), step="chains")
        several = engine.materialise(_with_several(counted), step="chains")
        conflicts[system] = 0
        chosen = counted.select("node", "up")
        if engine.count_rows(several):
            # Most identifiers stand beside one above them, and need no ranking.
            contested = counted.semi_join(several, "node")
            conflicts[system] = _count_conflicts(contested)
            alone = counted.anti_join(several, "node").select("node", "up")
            chosen = engine.union(alone, _most_often(contested, used))
        step = _lead(chosen, roots, at="up").select("node", "root")
        found = engine.materialise(step, step="roots of identifiers")
        roots = found if roots is None else engine.union(roots, found)
    return roots, conflicts


def _recorded_with(wide: ir.Table, system: str, higher: Sequence[str]) -> ir.Table:
    """How often each identifier stands beside each one of the record's highest system above."""
    place = ibis.cases(*[(wide[name].notnull(), n) for n, name in enumerate(higher)])
    pairs = wide.select(node=wide[system], up=_highest(wide, higher), place=place)
    pairs = pairs.filter(pairs.node.notnull(), pairs.up.notnull())
    return pairs.group_by("node", "place", "up").aggregate(times=pairs.count())


def _with_several(counted: ir.Table) -> ir.Table:
    """Identifiers that stand beside more than one above them."""
    beside = counted.group_by("node").aggregate(ups=counted.count())
    return beside.filter(beside.ups > 1).select("node")


def _count_conflicts(counted: ir.Table) -> int:
    """Identifiers recorded with two or more of the highest system that they are recorded with."""
    per_place = counted.group_by("node", "place").aggregate(several=counted.count() > 1)
    first = per_place.group_by("node").aggregate(place=per_place.place.min())
    highest = per_place.semi_join(first, ["node", "place"])
    return int(engine.execute(highest.several.sum().fill_null(0), step="conflicting ids"))


def _most_often(counted: ir.Table, used: ir.Table) -> ir.Table:
    """Of several above an identifier the most frequent, then the smallest as it is delivered."""
    named = used.semi_join(counted, used.node == counted.up)
    names = named.group_by(named="node").aggregate(written=named.identifier.min())
    ranked = counted.inner_join(names, counted.up == names.named)
    first = engine.first_per_group(
        ranked, by=["node"], order_by=["place", ranked.times.desc(), "written"]
    )
    return first.select("node", "up")


def _lead(rows: ir.Table, roots: ir.Table | None, *, at: str = "node") -> ir.Table:
    """Add the root of the identifier in the column `at`: itself where it is carried no higher."""
    if roots is None:
        return rows.mutate(root=rows[at])
    ends = roots.select(end="node", root="root")
    joined = rows.left_join(ends, rows[at] == ends.end)
    return joined.mutate(root=ibis.coalesce(joined.root, joined[at])).drop("end")


def _not_linked(records: ir.Table, identifiers: ir.Table) -> ir.Table:
    """A link row without a person for each record that has no identifier at all."""
    alone = records.anti_join(identifiers, "record_id")
    return alone.select(
        "record_id",
        id_system=ibis.literal(OWN_RECORD),
        person_id=ibis.null("int64"),
        score=ibis.null("float64"),
        level=ibis.literal(NOT_LINKED),
        **{name: alone[name] for name in PROVENANCE},
    )


def _report(found: pd.DataFrame, run: _Run, alone: ir.Table) -> dict[str, Any]:
    by_source = engine.execute(
        alone.group_by("source").aggregate(records=alone.count()), step="records without a link"
    )
    return {
        "identifiers": found.to_dict("records"),
        "identifiers_with_several_higher": dict(run.conflicts),
        "records_with_several_of_one_system": run.doubled,
        "records_not_linked": {
            str(row.source): int(row.records)
            for row in by_source.sort_values("source").itertuples()
        },
    }
