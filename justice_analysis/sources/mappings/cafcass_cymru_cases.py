"""Cases of Cafcass Cymru, made from their applications, and their hearings and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.case_status import status_by_activity
from justice_analysis.sources.cleaning_rules import Rule, is_before, not_before
from justice_analysis.sources.mapping import (
    Account,
    MappingContext,
    first_reason,
    key,
    place_key,
    provenance,
)
from justice_analysis.sources.mappings.cafcass_cymru_codes import (
    APPLICATIONS,
    PRIVATE_LAW,
    PUBLIC_LAW,
    SYSTEM,
    YES,
    named,
    plain,
)
from justice_analysis.sources.reasons import CASE_MISSING

Tables = Mapping[str, ir.Table]

REJECTED = "the application was rejected"
NOT_USED = "its application is not used"
NO_DATE = "hearing without a date"
NOT_FILED = "report without a date of filing"
CARE_APPLICATIONS = ("care_order", "supervision_order")


@dataclass(frozen=True)
class FramedCases:
    """Cases, hearings and reports as events, courts and areas; `known`: keys of cases."""

    cases: ir.Table
    events: ir.Table
    places: ir.Table
    known: ir.Table
    rules: tuple[Rule, ...]
    accounts: tuple[Account, ...]


def judged_applications(tables: Tables) -> ir.Table:
    """Every application with what it asks for, and why it is not used (`reason`).

    The main order applied for stands on the application or, where it does not, among its
    orders applied for; `is_care` where any of them is a care or supervision order.
    """
    rows = tables["cafcass_application"]
    asked = _orders_applied_for(tables)
    joined = rows.left_join(asked, asked.of_application == rows.CAP_APPLICATIONID_E)
    main = ibis.coalesce(joined.CAP_PRIMARYAPPLICATIONTYPENAME, joined.main_order)
    is_care = named(main, APPLICATIONS).isin(CARE_APPLICATIONS).fill_null(False)
    return joined.select(
        application=joined.CAP_APPLICATIONID_E,
        case=joined.CAP_INCIDENTID_E,
        law=plain(joined.CAP_LAWTYPENAME),
        asked=main,
        is_care=is_care | joined.any_care.fill_null(False),
        issued=joined.CAP_ISSUEDATE,
        completed=joined.CAP_DATEOFCOMPLETION,
        court=joined.CAP_COURTOFISSUEIDNAME,
        reason=first_reason(
            (joined.CAP_INCIDENTID_E.isnull(), CASE_MISSING),
            (joined.CAP_APPLICATIONREJECTIONREASONIDNAME.notnull(), REJECTED),
        ),
    )


def _orders_applied_for(tables: Tables) -> ir.Table:
    """One row per application: its main order by name, and whether any is for care."""
    rows = tables["cafcass_applicationorders"]
    care = named(rows.CAP_ORDERAPPLIEDFORIDNAME, APPLICATIONS).isin(CARE_APPLICATIONS)
    judged = rows.mutate(is_care=care.fill_null(False))
    any_care = judged.group_by(of_application="CAP_APPLICATIONID_E").aggregate(
        any_care=judged.is_care.any()
    )
    is_main = (plain(rows.CAP_ISPRIMARYNAME) == YES).fill_null(False)
    first = engine.first_per_group(
        rows, by=["CAP_APPLICATIONID_E"], order_by=[is_main.desc(), "CAP_APPLICATIONORDERID_E"]
    ).select(main_of="CAP_APPLICATIONID_E", main_order="CAP_ORDERAPPLIEDFORIDNAME")
    joined = any_care.left_join(first, any_care.of_application == first.main_of)
    return joined.drop("main_of")


def framed(tables: Tables, applications: ir.Table, context: MappingContext) -> FramedCases:
    """Cases that have an application that is used, and what frames them."""
    cases = engine.materialise(_cases(tables, applications), step="Cafcass Cymru cases")
    known = cases.select("case")
    hearings = _judged(tables["cafcass_hearing"], "CAP_HEARINGDATETIME", NO_DATE, known)
    reports = _judged(tables["cafcass_casereport"], "CAP_REPORTFILEDATCOURT", NOT_FILED, known)
    incidents = _known_case(tables["cafcass_incident"], "CAP_INCIDENTID_E", known)
    lone = incidents.mutate(reason=first_reason((incidents.known.isnull(), NOT_USED)))
    held = hearings.filter(hearings.reason.isnull())
    return FramedCases(
        cases=_common_cases(cases, context),
        events=engine.union(_hearings(held, context), _reports(reports, context)),
        places=_places(cases, held, context),
        known=known,
        rules=tuple(_rules(cases)),
        accounts=(
            Account("cafcass_incident", lone.drop("known"), ("case",)),
            _asked_account(tables["cafcass_applicationorders"], applications),
            Account("cafcass_hearing", hearings, ("event", "decision")),
            Account("cafcass_casereport", reports, ("event",)),
        ),
    )


def _asked_account(rows: ir.Table, applications: ir.Table) -> Account:
    """Orders applied for; those of an application that is not used are not used either."""
    used = applications.select(used="application")
    joined = rows.left_join(used, used.used == rows.CAP_APPLICATIONID_E)
    judged = joined.mutate(reason=first_reason((joined.used.isnull(), NOT_USED)))
    return Account("cafcass_applicationorders", judged.drop("used"), ("matter",))


def _known_case(rows: ir.Table, column: str, known: ir.Table) -> ir.Table:
    there = known.select(known="case")
    return rows.left_join(there, rows[column] == there.known)


def _judged(rows: ir.Table, day: str, no_date: str, known: ir.Table) -> ir.Table:
    joined = _known_case(rows, "CAP_CASEID_E", known)
    reason = first_reason((joined.known.isnull(), CASE_MISSING), (joined[day].isnull(), no_date))
    return joined.mutate(reason=reason).drop("known")


def _cases(tables: Tables, applications: ir.Table) -> ir.Table:
    """One row per case: its first issue, its last completion where all are completed."""
    open_still = applications.completed.isnull()
    made = applications.group_by("case").aggregate(
        received=applications.issued.min(),
        last_completed=applications.completed.max(),
        last_issued=applications.issued.max(),
        is_open=open_still.any(),
        is_public=applications.law.isin(PUBLIC_LAW).any().fill_null(False),
        is_private=applications.law.isin(PRIVATE_LAW).any().fill_null(False),
        has_care=applications.is_care.any(),
    )
    with_court = applications.filter(applications.court.notnull())
    first = engine.first_per_group(with_court, by=["case"], order_by=["issued", "application"])
    courts = first.select("court", court_case="case")
    rows = made.left_join(courts, courts.court_case == made.case)
    incidents = tables["cafcass_incident"]
    areas = incidents.select(area_case="CAP_INCIDENTID_E", area="CAP_LOCALAUTHORITYIDNAME")
    rows = rows.left_join(areas, rows.case == areas.area_case).drop("court_case", "area_case")
    closed = rows.is_open.ifelse(ibis.null("date"), rows.last_completed)
    return rows.mutate(closed=closed)


def _common_cases(cases: ir.Table, context: MappingContext) -> ir.Table:
    last = ibis.greatest(cases.last_issued, cases.last_completed)
    return cases.select(
        case_id=key(SYSTEM, cases.case),
        jurisdiction=ibis.literal("family"),
        case_type=_case_type(cases),
        place_id=_court_id(cases.court),
        area_id=_area_id(cases.area),
        received_date=cases.received,
        closed_date=not_before(cases.closed, cases.received),
        status=status_by_activity(cases.closed.notnull(), last, context),
        last_activity_date=last,
        **provenance(context, "cafcass_application", cases.case),
    )


def _case_type(cases: ir.Table) -> ir.StringValue:
    """Care proceedings: a public law case with an application for a care or supervision order."""
    return ibis.cases(
        (cases.is_public & cases.has_care, "care_proceedings"),
        (cases.is_public, "public_law_other"),
        (cases.is_private, "private_law"),
        else_="unknown",
    )


def _rules(cases: ir.Table) -> list[Rule]:
    table = "cafcass_application"
    early = is_before(cases.closed, cases.received)
    nowhere = cases.received.isnull() & cases.is_public & cases.has_care
    neither = ~cases.is_public & ~cases.is_private
    return [
        Rule(table, "closure before receipt made missing", cases, early),
        Rule(table, "case of neither public nor private law", cases, neither),
        Rule(table, "care case without a date: in no set of proceedings", cases, nowhere),
    ]


def _hearings(rows: ir.Table, context: MappingContext) -> ir.Table:
    return rows.select(
        event_id=key(f"{SYSTEM}_hearing", rows.CAP_HEARINGID_E),
        record_id=ibis.null(key(SYSTEM, rows.CAP_CASEID_E).type()),
        case_id=key(SYSTEM, rows.CAP_CASEID_E),
        event_type=ibis.literal("hearing"),
        event_date=rows.CAP_HEARINGDATETIME,
        place_id=_court_id(rows.CAP_COURTIDNAME),
        value_code=plain(rows.CAP_HEARINGTYPEIDNAME),
        **provenance(context, "cafcass_hearing", rows.CAP_HEARINGID_E),
    )


def _reports(judged: ir.Table, context: MappingContext) -> ir.Table:
    rows = judged.filter(judged.reason.isnull())
    court = _court_id(rows.CAP_LAWTYPENAME)
    return rows.select(
        event_id=key(f"{SYSTEM}_report", rows.CAP_CASEREPORTID_E),
        record_id=ibis.null(key(SYSTEM, rows.CAP_CASEID_E).type()),
        case_id=key(SYSTEM, rows.CAP_CASEID_E),
        event_type=ibis.literal("administrative"),
        event_date=rows.CAP_REPORTFILEDATCOURT,
        place_id=ibis.null(court.type()),
        value_code=ibis.literal("report_filed"),
        **provenance(context, "cafcass_casereport", rows.CAP_CASEREPORTID_E),
    )


# Places: delivered by name ------------------------------------------------------------------


def _court_id(name: ir.StringValue) -> ir.StringValue:
    return place_key("cymru_court", plain(name))


def _area_id(name: ir.StringValue) -> ir.StringValue:
    return place_key("cymru_area", plain(name))


def _places(cases: ir.Table, hearings: ir.Table, context: MappingContext) -> ir.Table:
    """Courts and areas that rows name; blanks and letter case make no other place."""
    both = engine.union(
        cases.select(
            kind=ibis.literal("court"), name="court", table=ibis.literal("cafcass_application")
        ),
        hearings.select(
            kind=ibis.literal("court"),
            name="CAP_COURTIDNAME",
            table=ibis.literal("cafcass_hearing"),
        ),
        cases.select(
            kind=ibis.literal("area"), name="area", table=ibis.literal("cafcass_incident")
        ),
    )
    named_places = both.filter(both.name.notnull())
    found = named_places.group_by("kind", key_name=plain(named_places.name)).aggregate(
        name=named_places.name.min(), table=named_places.table.min()
    )
    return found.select(
        place_id=(found.kind == "court").ifelse(_court_id(found.name), _area_id(found.name)),
        kind=found.kind,
        name=found.name.strip(),
        **provenance(context, found.table, found.key_name),
    )
