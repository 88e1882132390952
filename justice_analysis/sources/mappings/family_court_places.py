"""Courts and areas of designated family judges that the family court's rows name."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import MappingContext, as_text, place_key, provenance

COURT, HIGH_COURT, AREA = "familyman_court", "familyman_high_court", "dfj"


def court_id(code: ir.IntegerValue, is_high_court: ir.BooleanValue | None = None) -> ir.StringValue:
    """Place of a court; the High Court sitting there is a place of its own."""
    if is_high_court is None:
        return place_key(COURT, code)
    return is_high_court.fill_null(False).ifelse(
        place_key(HIGH_COURT, code), place_key(COURT, code)
    )


def dfj_area_id(code: ir.IntegerValue) -> ir.StringValue:
    """Place of the area of a designated family judge."""
    return place_key(AREA, code)


def places(cases: ir.Table, events: ir.Table, context: MappingContext) -> ir.Table:
    """One row per court and area; their names are not known. The High Court lies in its court."""
    high = events.filter(events.is_high_court.fill_null(False))
    named = [
        _named(cases, "creating_court", COURT, "cases"),
        _named(events, "creating_court", COURT, "events"),
        _named(high, "creating_court", HIGH_COURT, "events"),
        _named(cases, "dfj_area", AREA, "cases"),
    ]
    both = engine.union(*named)
    found = both.group_by("kind", "code").aggregate(table=both.table.min())
    is_high = found.kind == HIGH_COURT
    return found.select(
        place_id=ibis.cases(
            (found.kind == COURT, court_id(found.code)),
            (is_high, place_key(HIGH_COURT, found.code)),
            else_=dfj_area_id(found.code),
        ),
        kind=(found.kind == AREA).ifelse("dfj_area", "court"),
        name=ibis.cases(
            (found.kind == COURT, "court "),
            (is_high, "High Court at court "),
            else_="family judge area ",
        )
        + as_text(found.code),
        parent_id=is_high.ifelse(court_id(found.code), ibis.null("string")),
        **provenance(context, found.table, found.code),
    )


def _named(rows: ir.Table, column: str, kind: str, table: str) -> ir.Table:
    coded = rows.filter(rows[column].notnull())
    named = coded.select(kind=ibis.literal(kind), code=coded[column], table=ibis.literal(table))
    return named.distinct()
