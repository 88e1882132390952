"""Delivered link tables: which record of which system belongs to which estimated person."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import Account, MappingContext, first_reason, key
from justice_analysis.sources.records import identifiers

# The delivered code of a component dataset, and the system whose records it holds.
SYSTEMS: Mapping[str, str] = {
    "mags_hocas": "libra",
    "crown_xhibit": "xhibit",
    "prison_nomis": "nomis",
    "probation_delius": "delius",
    "prison_oasys": "oasys",
    "familyman": "familyman",
    "civil_caseman_pcol": "caseman",
}
UNKNOWN_DATASET = "its source dataset is not known"
NOT_LOADED = "its record is in no dataset that was loaded"
NO_PERSON = "no person id"


def person_links(
    rows: ir.Table, person: str, *, table: str, id_system: str, context: MappingContext
) -> tuple[ir.Table, Account]:
    """Identifiers of loaded records, from a table of links.

    Parameters
    ----------
    rows
        One row per record: `row_id_hash`, `source_dataset` and the person id.
    person
        Name of the column that holds the person id.
    table, id_system
        Name of the delivered table, and of the identifiers that it gives.
    context
        Knows the records that are loaded.

    Returns
    -------
    tuple
        `record_id_link`, one row per loaded record, at the level `unstated`; and the account of
        every delivered row.

    Notes
    -----
    A record with two people breaks the key of the delivered table: the checks keep the first by
    all columns, set the others aside and count them.
    """
    judged = engine.materialise(_judged(rows, person, context.records), step=f"links of {table}")
    kept = judged.filter(judged.reason.isnull())
    links = identifiers(
        kept,
        context,
        table=table,
        record_id=kept.record_id,
        row=kept.row_id_hash,
        id_system=id_system,
        identifier=kept[person],
    )
    return links, Account(table, judged, ("link",))


def _judged(rows: ir.Table, person: str, records: ir.Table | None) -> ir.Table:
    """Say of each link whether its record is loaded."""
    system = ibis.cases(*[(rows.source_dataset == code, name) for code, name in SYSTEMS.items()])
    named = rows.mutate(record_id=key(system, rows.row_id_hash), is_known=system.notnull())
    if records is None:
        reason = first_reason((~named.is_known, UNKNOWN_DATASET), (named.is_known, NOT_LOADED))
        return named.mutate(reason=reason).drop("is_known")
    loaded = records.select(loaded="record_id")
    joined = named.left_join(loaded, named.record_id == loaded.loaded)
    reason = first_reason(
        (~joined.is_known, UNKNOWN_DATASET),
        (joined.loaded.isnull(), NOT_LOADED),
        (joined[person].isnull(), NO_PERSON),
    )
    return joined.mutate(reason=reason).drop("loaded", "is_known")
