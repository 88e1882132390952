"""Courts of a criminal court dataset as places, and what was covered of each.

With a delivered list of courts that says when each moved to Common Platform, coverage is told
court by court. Without one, a single row runs to the end of the data, and the move is a break
that the contract names.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import MappingContext, coverage, place_key, provenance
from justice_analysis.sources.mappings.criminal_courts import Layout

COURTS = "courts"
MOVED = "migrated to Common Platform"
TO_THE_EXTRACT = "the courts' system, to the extract"


def court_id(layout: Layout, code: ir.StringValue) -> ir.StringValue:
    """Place of a court, by its delivered code."""
    return place_key(f"{layout.system}_court", code)


def _area_id(layout: Layout, code: ir.StringValue) -> ir.StringValue:
    return place_key(f"{layout.system}_area", code)


def _region_id(layout: Layout, code: ir.StringValue) -> ir.StringValue:
    return place_key(f"{layout.system}_region", code)


def known_courts(courts: ir.Table, defendants: ir.Table, layout: Layout) -> ir.Table:
    """Every court that is listed or that a case names, once.

    Returns
    -------
    Table
        One row per court: `court`, `area_id`, `region` and `area` (codes), `name`, `moved`,
        the day from which its cases are on Common Platform (missing: not known, or not yet), and
        `named_in`, the delivered table that names the court.
    """
    area = courts[layout.area] if layout.area else ibis.null("string")
    listed = courts.select(
        court=courts.court_code,
        area=area,
        region=courts.region,
        name=courts.court_name,
        moved=courts.common_platform_from,
        named_in=ibis.literal(COURTS),
    )
    named = defendants.filter(defendants.court.notnull()).select("court").distinct()
    others = named.anti_join(listed, "court").select(
        "court",
        area=ibis.null("string"),
        region=ibis.null("string"),
        name=ibis.null("string"),
        moved=ibis.null("date"),
        named_in=ibis.literal(layout.summary),
    )
    found = engine.union(listed, others)
    return found.mutate(area_id=_area_id(layout, found.area))


def place_table(courts: ir.Table, layout: Layout, context: MappingContext) -> ir.Table:
    """Courts, their areas and regions (`known_courts`)."""
    region_id = _region_id(layout, courts.region)
    parent = ibis.coalesce(courts.area_id, region_id)
    here = courts.select(
        place_id=court_id(layout, courts.court),
        kind=ibis.literal("court"),
        name=ibis.coalesce(courts.name, ibis.literal("court ") + courts.court),
        parent_id=parent,
        **provenance(context, courts.named_in, courts.court),
    )
    areas = (
        courts.filter(courts.area.notnull()).group_by("area").aggregate(region=courts.region.min())
    )
    above = areas.select(
        place_id=_area_id(layout, areas.area),
        kind=ibis.literal(layout.area or "area"),
        name=ibis.literal("local justice area ") + areas.area,
        parent_id=_region_id(layout, areas.region),
        **provenance(context, COURTS, areas.area),
    )
    regions = courts.filter(courts.region.notnull()).select("region").distinct()
    top = regions.select(
        place_id=_region_id(layout, regions.region),
        kind=ibis.literal("region"),
        name=ibis.literal("region ") + regions.region,
        parent_id=ibis.null("string"),
        **provenance(context, COURTS, regions.region),
    )
    return engine.union(here, above, top)


def coverage_table(courts: ir.Table, layout: Layout, context: MappingContext) -> ir.Table:
    """Coverage by court, where any day of moving to Common Platform is known; else one row."""
    begins, ends = context.covered_from(), context.covered_to()
    if begins is None or ends is None or not _any_moved(courts):
        return coverage(context, reason=TO_THE_EXTRACT)
    has_moved = (courts.moved < ibis.literal(ends)).fill_null(False)
    rows = courts.select(
        place_id=court_id(layout, courts.court),
        from_date=ibis.literal(begins),
        to_date=has_moved.ifelse(courts.moved, ibis.literal(ends)),
        reason=has_moved.ifelse(MOVED, TO_THE_EXTRACT),
        **provenance(context, courts.named_in, courts.court),
    )
    return rows.filter(rows.to_date > rows.from_date)


def _any_moved(courts: ir.Table) -> bool:
    return engine.count_rows(courts.filter(courts.moved.notnull())) > 0
