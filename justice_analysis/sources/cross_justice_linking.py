"""The cross-justice link table in the common model: identifiers of other datasets' records.

A row says that the record `row_id_hash` of `source_dataset` belongs to the person
`estimated_xjs_id`. No level is delivered with it. A record with two ids breaks the key of the
delivered table: the checks set the second aside and count it.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import (
    Account,
    CommonTables,
    MappingContext,
    first_reason,
    key,
    provenance,
)

NOT_LOADED = "its record is in no dataset that was loaded"
NO_PERSON = "no person id"


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the link table to identifiers of the records that are loaded beside it."""
    rows = tables["xjs_link"]
    named = rows.mutate(record_id=key(rows.source_dataset, rows.row_id_hash))
    judged = engine.materialise(_judged(named, context.records), step="cross-justice links")
    kept = judged.filter(judged.reason.isnull())
    identifiers = kept.select(
        record_id=kept.record_id,
        id_system=ibis.literal("xjs"),
        identifier=kept.estimated_xjs_id,
        level=ibis.literal("unstated"),
        score=ibis.null("float64"),
        **provenance(context, ibis.literal("xjs_link"), kept.record_id),
    )
    accounts = [Account("xjs_link", judged, ("link",))]
    return CommonTables(context.dataset, {"record_id_link": identifiers}, accounts)


def _judged(rows: ir.Table, records: ir.Table | None) -> ir.Table:
    """Say of each link whether its record is loaded."""
    if records is None:
        return rows.mutate(reason=ibis.literal(NOT_LOADED))
    known = records.select(known="record_id")
    joined = rows.left_join(known, rows.record_id == known.known)
    reason = first_reason(
        (joined.known.isnull(), NOT_LOADED), (joined.estimated_xjs_id.isnull(), NO_PERSON)
    )
    return joined.mutate(reason=reason).drop("known")
