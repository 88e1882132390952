"""Links of the family court's people to Cafcass in the common model: identifiers of records.

A row gives a person row of the family court the linking field that Cafcass England's people
carry. The part of the dataset that is linked to Census 2021 is not covered.
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
)
from justice_analysis.sources.mappings.family_court_codes import SYSTEM
from justice_analysis.sources.mappings.person_links import NOT_LOADED
from justice_analysis.sources.records import identifiers

TABLE = "cafcass_link"
NO_FIELD = "no linking field"


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the links to identifiers of the family court's records that are loaded beside them."""
    judged = engine.materialise(
        _judged(tables[TABLE], context.records), step="links of the family court to Cafcass"
    )
    kept = judged.filter(judged.reason.isnull())
    links = identifiers(
        kept,
        context,
        table=TABLE,
        record_id=kept.record_id,
        row=kept.row_id_hash,
        id_system="alf2",
        identifier=kept.ALF2_PE,
    )
    accounts = [Account(TABLE, judged, ("link",))]
    return CommonTables(context.dataset, {"record_id_link": links}, accounts)


def _judged(rows: ir.Table, records: ir.Table | None) -> ir.Table:
    """Say of each link whether its record is loaded."""
    named = rows.mutate(record_id=key(SYSTEM, rows.row_id_hash))
    if records is None:
        return named.mutate(reason=ibis.literal(NOT_LOADED))
    loaded = records.select(loaded="record_id")
    joined = named.left_join(loaded, named.record_id == loaded.loaded)
    reason = first_reason((joined.loaded.isnull(), NOT_LOADED), (joined.ALF2_PE.isnull(), NO_FIELD))
    return joined.mutate(reason=reason).drop("loaded")
