"""Cafcass cases: dates, kind, state at the extract, their closures, courts and areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.case_status import is_silent
from justice_analysis.sources.cleaning_rules import Rule, is_before, not_before
from justice_analysis.sources.mapping import MappingContext, key, place_key, provenance
from justice_analysis.sources.mappings import cafcass_cms as cms
from justice_analysis.sources.mappings import cafcass_ecms as ecms
from justice_analysis.sources.mappings.cafcass_codes import (
    CARE_APPLICATION_CODES,
    CLOSED,
    OPEN,
    PRIVATE_LAW,
    PUBLIC_LAW,
    REOPENED,
)

Tables = Mapping[str, ir.Table]

CASE = ["system", "case"]


@dataclass(frozen=True)
class FramedCases:
    """Cases with what frames them: closures that were undone (events), courts and areas."""

    cases: ir.Table
    events: ir.Table
    places: ir.Table
    rules: tuple[Rule, ...]


def cases_and_places(
    tables: Tables, applications: ir.Table, context: MappingContext
) -> FramedCases:
    """Cases of both systems, one row each; their events of closure; their places."""
    rows = engine.union(ecms.cases(tables), cms.cases(tables))
    joined = rows.left_join(_of_applications(applications), CASE).drop("system_right", "case_right")
    joined = joined.left_join(_last_orders(tables), CASE).drop("system_right", "case_right")
    joined = joined.left_join(_first_courts(applications), CASE).drop("system_right", "case_right")
    cases = engine.materialise(_dated(joined), step="Cafcass cases")
    return FramedCases(
        cases=_cases(cases, context),
        events=_closures(cases, context),
        places=_places(cases, tables, context),
        rules=tuple(_rules(cases)),
    )


def _of_applications(applications: ir.Table) -> ir.Table:
    is_care = applications.application_code.isin(CARE_APPLICATION_CODES).fill_null(False)
    return applications.group_by(CASE).aggregate(
        first_received=applications.received.min(),
        has_care=is_care.any(),
        last_application=ibis.greatest(
            applications.received.max(), applications.applied.max(), applications.completed.max()
        ),
    )


def _last_orders(tables: Tables) -> ir.Table:
    newer = tables["ecms_legaloutputs"]
    older = tables["cms_tbllegaloutput"]
    both = engine.union(
        newer.select(system=ibis.literal("ecms"), case=newer.CASE_ID_PE, day=newer.DATEORDERED),
        older.select(
            system=ibis.literal("cms"), case=older.CASEREF_PE, day=older.LEGALORDERHEARINGDATE
        ),
    )
    return both.group_by(CASE).aggregate(last_order=both.day.max())


def _first_courts(applications: ir.Table) -> ir.Table:
    """Court of each case's earliest application, where the application names one."""
    named = applications.filter(applications.application_court.notnull())
    first = engine.first_per_group(named, by=CASE, order_by=["received", "application"])
    return first.select(*CASE, first_court="application_court")


def _dated(rows: ir.Table) -> ir.Table:
    received = ibis.coalesce(rows.case_received, rows.first_received)
    return rows.mutate(
        case_id=key(rows.system, rows.case),
        received_date=received,
        court_code=ibis.coalesce(rows.court, rows.first_court),
        last_activity_date=ibis.greatest(
            received, rows.last_application, rows.last_order, rows.closed_date, rows.reopened
        ),
    )


def _cases(rows: ir.Table, context: MappingContext) -> ir.Table:
    return rows.select(
        case_id=rows.case_id,
        jurisdiction=ibis.literal("family"),
        case_type=_case_type(rows),
        place_id=_court_id(rows),
        area_id=_area_id(rows),
        received_date=rows.received_date,
        closed_date=not_before(rows.closed_date, rows.received_date),
        status=_status(rows, context),
        last_activity_date=rows.last_activity_date,
        **provenance(context, rows.source_table, rows.case),
    )


def _rules(rows: ir.Table) -> Iterator[Rule]:
    for table in ("ecms_cases", "cms_tblcase"):
        of_table = rows.filter(rows.source_table == table)
        early = is_before(of_table.closed_date, of_table.received_date)
        yield Rule(table, "closure before receipt made missing", of_table, early)
        is_care = _case_type(of_table) == "care_proceedings"
        nowhere = of_table.received_date.isnull() & is_care
        yield Rule(table, "care case without a date: in no set of proceedings", of_table, nowhere)


def _case_type(rows: ir.Table) -> ir.StringValue:
    """Care proceedings: a public law case with an application for a care or supervision order."""
    public = rows.law == PUBLIC_LAW
    return ibis.cases(
        (public & rows.has_care.fill_null(False), "care_proceedings"),
        (public, "public_law_other"),
        (rows.law == PRIVATE_LAW, "private_law"),
        else_="unknown",
    )


def _status(rows: ir.Table, context: MappingContext) -> ir.StringValue:
    """State at the extract; a case that is open on paper but long silent is `stale`."""
    closed = rows.closed_date.notnull() | (rows.status_code == CLOSED).fill_null(False)
    silent = is_silent(rows.last_activity_date, context)
    is_open = rows.status_code.isin((OPEN, REOPENED)).fill_null(False)
    return ibis.cases(
        (closed, "closed"), (is_open & silent, "stale"), (is_open, "open"), else_="unknown"
    )


def _closures(rows: ir.Table, context: MappingContext) -> ir.Table:
    """Events of reopened cases: the recorded closure and the reopening."""
    reopened = rows.filter(rows.reopened.notnull())
    dates = {"closed": reopened.first_closed, "reopened": reopened.reopened}
    events = [
        reopened.select(
            event_id=key(kind, reopened.case_id),
            record_id=ibis.null("int64"),
            case_id=reopened.case_id,
            event_type=ibis.literal(kind),
            event_date=day,
            value_code=ibis.null("string"),
            **provenance(context, reopened.source_table, reopened.case),
        )
        for kind, day in dates.items()
    ]
    return engine.union(*events).filter(lambda t: t.event_date.notnull())


def _court_id(rows: ir.Table) -> ir.StringValue:
    return place_key("cafcass_court", rows.court_code)


def _area_id(rows: ir.Table) -> ir.StringValue:
    return _padded("area", rows.area)


def _places(rows: ir.Table, tables: Tables, context: MappingContext) -> ir.Table:
    """Courts and areas that cases name, and the regions of the areas; no name is known."""
    named = rows.select("source_table", court=_court_id(rows), area=_area_id(rows)).distinct()
    named = engine.materialise(named, step="Cafcass places")
    regions = engine.materialise(_region_of_area(tables["cms_tblcase"]), step="Cafcass regions")
    areas = _once(named, "area").left_join(regions, "area").drop("area_right")
    nowhere, older = ibis.null("string"), ibis.literal("cms_tblcase")
    found = engine.union(
        _once(named, "court").select(
            "table", place_id="court", kind=ibis.literal("court"), parent_id=nowhere
        ),
        areas.select("table", place_id="area", kind=ibis.literal("area"), parent_id="region"),
        regions.select(
            table=older, place_id="region", kind=ibis.literal("region"), parent_id=nowhere
        ).distinct(),
    ).filter(lambda t: t.place_id.notnull())
    return found.select(
        "place_id",
        "kind",
        "parent_id",
        name=found.place_id.replace("cafcass_", "").replace(":", " "),
        **provenance(context, found.table, found.place_id),
    )


def _once(named: ir.Table, column: str) -> ir.Table:
    """Each place of a column once, with the first table (in the alphabet) that names it."""
    return named.group_by(column).aggregate(table=named.source_table.min())


def _region_of_area(cases: ir.Table) -> ir.Table:
    """Region most often recorded with each area; the newer system does not record it."""
    both = cases.filter(cases.LOCALAUTHORITYREF.notnull(), cases.REGIONREF.notnull())
    counted = both.group_by(area_code="LOCALAUTHORITYREF", region_code="REGIONREF").aggregate(
        times=both.count()
    )
    chosen = engine.first_per_group(
        counted, by=["area_code"], order_by=[counted.times.desc(), "region_code"]
    )
    return chosen.select(
        area=_padded("area", chosen.area_code), region=place_key("region", chosen.region_code)
    )


def _padded(kind: str, code: ir.IntegerValue) -> ir.StringValue:
    text = code.cast("string")
    # Padding would cut a longer code off, and make two areas one.
    return ibis.literal(f"{kind}:") + (text.length() < 3).ifelse(text.lpad(3, "0"), text)
