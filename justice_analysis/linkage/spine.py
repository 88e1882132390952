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
    found = _systems_and_levels(identifiers, precedence)
    present = tuple(level for level in LEVELS if level in set(found["level"]))
    runs = [
        _carried(identifiers, level, precedence, found, is_default=level == loosest(present))
        for level in present or (NOT_LINKED,)
    ]
    keys = _person_keys([run.nodes for run in runs])
    leading = [run.nodes.inner_join(keys, ["root_system", "root"]) for run in runs]
    known = [table.select("id_system", "identifier", "person_id") for table in leading]
    nodes = [engine.materialise(table, step="identifiers and people") for table in known]
    links = [run.link_rows(table) for run, table in zip(runs, nodes, strict=True)]
    alone = engine.materialise(_not_linked(records, identifiers), step="records without a link")
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


@dataclass(frozen=True)
class _Run:
    """Who is who by the links of one level.

    `nodes` has one row per identifier: `id_system`, `identifier` and the `root` that it is
    carried up to; `wide` one row per record with a column per id system, from the highest.
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
        joined = self.used.inner_join(nodes, ["id_system", "identifier"])
        level = (joined.id_system == OWN_RECORD).ifelse(NOT_LINKED, self.level)
        # A record that is its own person is so at every level: one row says it.
        rows = joined if self.is_default else joined.filter(joined.id_system != OWN_RECORD)
        columns = {name: rows[name] for name in ("record_id", "id_system", "person_id", "score")}
        return rows.select(**columns, level=level, **{name: rows[name] for name in PROVENANCE})


def _person_keys(nodes: Sequence[ir.Table]) -> ir.Table:
    roots = engine.union(*[table.select("root_system", "root") for table in nodes])
    keys = engine.integer_keys(roots, ["root_system", "root"], name="person_id")
    return engine.materialise(keys, step="person keys")


def _people_of_records(run: _Run, nodes: ir.Table) -> ir.Table:
    """Each record's person: where its own highest identifier leads."""
    if not run.systems:
        nobody = nodes.select(record_id=nodes.person_id, person_id=nodes.person_id)
        return engine.materialise(nobody, step="people of records")
    first = ibis.cases(*[(run.wide[system].notnull(), system) for system in run.systems])
    highest = run.wide.select(
        "record_id",
        id_system=first,
        identifier=ibis.coalesce(*[run.wide[system] for system in run.systems]),
    ).view()
    found = highest.inner_join(nodes, ["id_system", "identifier"])
    return engine.materialise(found.select("record_id", "person_id"), step="people of records")


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
    identifiers: ir.Table,
    level: str,
    precedence: Sequence[str],
    found: pd.DataFrame,
    *,
    is_default: bool,
) -> _Run:
    """Carry each identifier up, using only links as sure as `level`."""
    as_sure = (*LEVELS[: LEVELS.index(level) + 1], NOT_LINKED) if level in LEVELS else (NOT_LINKED,)
    used = identifiers.filter(identifiers.level.isin(as_sure))
    held = set(found.loc[found["level"].isin(as_sure), "id_system"])
    systems = tuple(system for system in precedence if system in held)
    used, wide, doubled = _one_identifier_each(used, systems)
    roots, conflicts = _roots(wide, systems)
    each = used.select("id_system", "identifier").distinct()
    nodes = engine.materialise(_lead(each, roots), step="identifiers and their roots")
    return _Run(level, used, wide, systems, nodes, conflicts, doubled, is_default)


def _one_identifier_each(used: ir.Table, systems: Sequence[str]) -> tuple[ir.Table, ir.Table, int]:
    """Keep one identifier per record and system; count those delivered twice at one level.

    Of several levels the loosest counts: a cluster of unsure links holds the surer ones. Of
    several identifiers at one level the smallest is taken.
    """
    wide = engine.materialise(_wide(used, systems), step="identifiers of records")
    held = sum((wide[system].notnull().cast("int64") for system in systems), ibis.literal(0))
    spare = engine.execute((wide.held - held).sum().fill_null(0), step="spare identifiers")
    if not int(spare):
        return used, wide, 0
    # The same identifier delivered in two tables is no second one.
    same = used.group_by("record_id", "id_system", "level").aggregate(
        held=used.identifier.nunique()
    )
    doubled = int(engine.execute((same.held > 1).sum(), step="double identifiers"))
    sureness = ibis.cases(*[(used.level == level, n) for n, level in enumerate(LEVELS)], else_=-1)
    order = [sureness.desc(), used.identifier, used.source, used.source_table, used.source_key]
    first = engine.first_per_group(used, by=["record_id", "id_system"], order_by=order)
    single = engine.materialise(first, step="one identifier each")
    return (
        single,
        engine.materialise(_wide(single, systems), step="identifiers of records"),
        doubled,
    )


def _wide(identifiers: ir.Table, systems: Sequence[str]) -> ir.Table:
    """One row per record with a column per id system, and the number of rows `held`."""
    columns = {
        system: (identifiers.id_system == system)
        .ifelse(identifiers.identifier, ibis.null("string"))
        .min()
        for system in systems
    }
    return identifiers.group_by("record_id").aggregate(held=identifiers.count(), **columns)


def _roots(wide: ir.Table, systems: Sequence[str]) -> tuple[ir.Table | None, dict[str, int]]:
    """Where each identifier that is carried up ends: `id_system`, `identifier`, `root...`."""
    roots: ir.Table | None = None
    conflicts: dict[str, int] = {}
    for place, system in enumerate(systems[1:], start=1):
        counted = engine.materialise(_recorded_with(wide, system, systems[:place]), step="chains")
        several = engine.materialise(_with_several(counted), step="chains")
        contested = counted.semi_join(several, "identifier")
        conflicts[system] = _count_conflicts(contested)
        # Most identifiers stand beside one above them, and need no ranking.
        chosen = engine.union(counted.anti_join(several, "identifier"), _most_often(contested))
        step = _lead(_named(chosen, system, systems), roots, at=("up_system", "up"))
        found = step.select("id_system", "identifier", "root_system", "root")
        found = engine.materialise(found, step="roots of identifiers")
        roots = found if roots is None else engine.union(roots, found)
    return roots, conflicts


def _recorded_with(wide: ir.Table, system: str, higher: Sequence[str]) -> ir.Table:
    """How often each identifier stands beside each one of the record's highest system above."""
    above = ibis.coalesce(*[wide[name] for name in higher])
    place = ibis.cases(*[(wide[name].notnull(), n) for n, name in enumerate(higher)])
    pairs = wide.select(identifier=wide[system], up=above, place=place)
    pairs = pairs.filter(pairs.identifier.notnull(), pairs.up.notnull())
    return pairs.group_by("identifier", "place", "up").aggregate(times=pairs.count())


def _with_several(counted: ir.Table) -> ir.Table:
    """Identifiers that stand beside more than one above them."""
    beside = counted.group_by("identifier").aggregate(ups=counted.count())
    return beside.filter(beside.ups > 1).select("identifier")


def _count_conflicts(counted: ir.Table) -> int:
    """Identifiers recorded with two or more of the highest system that they are recorded with."""
    per_place = counted.group_by("identifier", "place").aggregate(several=counted.count() > 1)
    first = per_place.group_by("identifier").aggregate(place=per_place.place.min())
    highest = per_place.semi_join(first, ["identifier", "place"])
    return int(engine.execute(highest.several.sum().fill_null(0), step="conflicting ids"))


def _most_often(counted: ir.Table) -> ir.Table:
    return engine.first_per_group(
        counted, by=["identifier"], order_by=["place", counted.times.desc(), "up"]
    )


def _named(chosen: ir.Table, system: str, systems: Sequence[str]) -> ir.Table:
    names = [(chosen.place == n, name) for n, name in enumerate(systems)]
    return chosen.select(
        "identifier", "up", id_system=ibis.literal(system), up_system=ibis.cases(*names)
    )


def _lead(
    rows: ir.Table, roots: ir.Table | None, *, at: tuple[str, str] = ("id_system", "identifier")
) -> ir.Table:
    """Add the root of the identifier in the columns `at`: itself where it is carried no higher."""
    system, identifier = at
    if roots is None:
        return rows.mutate(root_system=rows[system], root=rows[identifier])
    ends = roots.rename(end_system="id_system", end="identifier")
    joined = rows.left_join(ends, [rows[system] == ends.end_system, rows[identifier] == ends.end])
    carried = joined.mutate(
        root_system=ibis.coalesce(joined.root_system, joined[system]),
        root=ibis.coalesce(joined.root, joined[identifier]),
    )
    return carried.drop("end_system", "end")


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
