"""Data First family court in the common model: cases, events, parties, orders per case.

Orders are events of a case, so a decision stands beside each child of the case with the
attribution `case`. A matter is a child in a case.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import APPLICATION_TYPES, LEGAL_ORDERS
from justice_analysis.sources.cafcass_cases import STALE_AFTER_DAYS
from justice_analysis.sources.cleaning_rules import (
    UNCLEAR,
    Rule,
    birth_month,
    is_before,
    is_century_typo,
    not_before,
)
from justice_analysis.sources.mapping import (
    Account,
    CommonTables,
    MappingContext,
    all_used,
    as_text,
    code_name,
    coverage,
    first_reason,
    key,
    provenance,
)

Tables = Mapping[str, ir.Table]

SYSTEM = "familyman"
IN_ERROR = "event entered in error"
NO_DATE = "event without a date"
KEY_MISSING = "its case is missing"

ROLES: Mapping[object, str] = {
    "applicant": "applicant",
    "respondent": "respondent",
    "child": "subject",
    "other": "other",
}
SEXES: Mapping[object, str] = {1: "male", 2: "female"}
OTHER_TYPES = ("private_law", "adoption", "divorce", "family_law_act")
CARE_APPLICATIONS = ("care_order", "supervision_order")
APPLICATIONS: Mapping[object, str] = {name: name for name in APPLICATION_TYPES}
ORDERS: Mapping[object, str] = {
    **{name: name for name in LEGAL_ORDERS},
    "order_refused": "order_refused_or_dismissed",
}
PARTS = ("subject", "applicant", "respondent")


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map the family court to the common model; see `mapping.CommonTables`."""
    judged = engine.materialise(_judged_events(tables["events"]), step="family court events")
    events = judged.filter(judged.reason.isnull())
    cases = engine.materialise(_cases(tables["cases"], events), step="family court cases")
    people = engine.materialise(_people(tables["people"]), step="family court people")
    children = people.filter(people.role == "subject")
    known = people.filter(people.case.notnull())
    common = {
        "record": _records(people, context),
        "record_id_link": _identifiers(people, context),
        "case": _common_cases(cases, context),
        "case_link": _consolidated(tables["cases"], context),
        "event": _common_events(events, context),
        "party": _parties(known, context),
        "matter": _matters(children, cases, context),
        "matter_party": _matter_parties(known, context),
        "decision": _decisions(events, children, context),
        "place": _places(cases, events, context),
        "coverage": coverage(context, reason="the courts' system, to the extract"),
    }
    no_case = people.mutate(reason=first_reason((people.case.isnull(), KEY_MISSING)))
    accounts = [
        all_used("cases", tables["cases"], "case", "case_link"),
        Account("events", judged, ("event", "decision"), rule=EVENT_RULE),
        Account("people", no_case, ("party", "matter_party", "matter")),
    ]
    return CommonTables(context.dataset, common, accounts, _rules(tables))


EVENT_RULE = "each event is used; an order also becomes a decision for each child of its case"


def _judged_events(events: ir.Table) -> ir.Table:
    day = ibis.coalesce(events.receipt_date, events.entry_date)
    return events.mutate(
        day=day,
        reason=first_reason(
            (events.error, IN_ERROR),
            (events.case_number_hash.isnull(), KEY_MISSING),
            (day.isnull(), NO_DATE),
        ),
    )


def _rules(tables: Tables) -> list[Rule]:
    people, cases = tables["people"], tables["cases"]
    early = is_before(cases.case_closed_date, cases.receipt_date)
    return [
        Rule("people", "century of birth mended", people, is_century_typo(people.dob)),
        Rule("cases", "closure before receipt made missing", cases, early),
    ]


# Cases ----------------------------------------------------------------------------------


def _cases(cases: ir.Table, events: ir.Table) -> ir.Table:
    """Cases with what their events say: care applied for, first application, last activity."""
    is_care = events.application_type.isin(CARE_APPLICATIONS).fill_null(False)
    seen = events.group_by(event_case="case_number_hash").aggregate(
        has_care=is_care.any(), last_event=events.day.max()
    )
    applied = events.filter(events.application_type.notnull())
    first = engine.first_per_group(applied, by=["case_number_hash"], order_by=["day", "event_id"])
    first = first.select(applied_case="case_number_hash", first_application="application_type")
    joined = cases.left_join(seen, cases.case_number_hash == seen.event_case)
    joined = joined.left_join(first, joined.case_number_hash == first.applied_case)
    return joined.drop("event_case", "applied_case")


def _common_cases(cases: ir.Table, context: MappingContext) -> ir.Table:
    last = ibis.greatest(cases.receipt_date, cases.case_closed_date, cases.last_event)
    return cases.select(
        case_id=key(SYSTEM, cases.case_number_hash),
        jurisdiction=ibis.literal("family"),
        case_type=_case_type(cases),
        place_id=_court(cases.creating_court),
        area_id=key("dfj", cases.dfj_area),
        received_date=cases.receipt_date,
        closed_date=not_before(cases.case_closed_date, cases.receipt_date),
        status=_status(cases.case_closed_date, last, context),
        last_activity_date=last,
        **provenance(context, ibis.literal("cases"), cases.case_number_hash),
    )


def _case_type(cases: ir.Table) -> ir.StringValue:
    public = cases.case_type == "public_law"
    same = [(cases.case_type == name, name) for name in OTHER_TYPES]
    return ibis.cases(
        (public & cases.has_care.fill_null(False), "care_proceedings"),
        (public, "public_law_other"),
        *same,
        else_="unknown",
    )


def _status(closed: ir.DateValue, last: ir.DateValue, context: MappingContext) -> ir.StringValue:
    """State at the extract; a case without closure is open only while something happens in it."""
    extracted = context.covered_to()
    if extracted is None:
        return closed.notnull().ifelse("closed", "unknown")
    silent = engine.days_between(ibis.literal(extracted), last) > STALE_AFTER_DAYS
    return ibis.cases(
        (closed.notnull(), "closed"), (silent, "stale"), (last.notnull(), "open"), else_="unknown"
    )


def _consolidated(cases: ir.Table, context: MappingContext) -> ir.Table:
    """Ties to related cases that were delivered too; others lie outside the extract."""
    named = cases.filter(
        cases.related_case_number_hash.notnull(),
        cases.related_case_number_hash != cases.case_number_hash,
    )
    there = cases.select(known="case_number_hash").view()
    ties = named.semi_join(there, named.related_case_number_hash == there.known)
    return ties.select(
        case_id=key(SYSTEM, ties.case_number_hash),
        related_case_id=key(SYSTEM, ties.related_case_number_hash),
        relation=ibis.literal("consolidated"),
        **provenance(context, ibis.literal("cases"), ties.case_number_hash),
    )


def _court(code: ir.IntegerValue) -> ir.StringValue:
    return key("familyman_court", code)


def _places(cases: ir.Table, events: ir.Table, context: MappingContext) -> ir.Table:
    """Courts and areas of designated family judges; their names are not known."""
    codes = engine.union(
        cases.select(kind=ibis.literal("court"), code="creating_court"),
        events.select(kind=ibis.literal("court"), code="creating_court"),
        cases.select(kind=ibis.literal("dfj_area"), code="dfj_area"),
    )
    found = codes.filter(codes.code.notnull()).distinct()
    is_court = found.kind == "court"
    return found.select(
        place_id=is_court.ifelse(_court(found.code), key("dfj", found.code)),
        kind=found.kind,
        name=is_court.ifelse("court ", "family judge area ") + as_text(found.code),
        **provenance(context, ibis.literal("cases"), found.code),
    )


# People, events and orders ----------------------------------------------------------------


def _people(people: ir.Table) -> ir.Table:
    return people.select(
        row="row_id_hash",
        case="case_number_hash",
        role=code_name(people.role_model, ROLES).fill_null(UNCLEAR),
        sex=code_name(people.gender, SEXES),
        birth_month=birth_month(people.dob, people.dob),
        alf2="ALF2_PE",
    )


def _records(people: ir.Table, context: MappingContext) -> ir.Table:
    return people.select(
        record_id=key(SYSTEM, people.row),
        sex=people.sex,
        birth_month=people.birth_month,
        ethnicity_group=ibis.null("string"),
        death_date=ibis.null("date"),
        recorded_date=ibis.null("date"),
        **provenance(context, ibis.literal("people"), people.row),
    )


def _identifiers(people: ir.Table, context: MappingContext) -> ir.Table:
    known = people.filter(people.alf2.notnull())
    return known.select(
        record_id=key(SYSTEM, known.row),
        id_system=ibis.literal("alf2"),
        identifier=as_text(known.alf2),
        level=ibis.literal("unstated"),
        score=ibis.null("float64"),
        **provenance(context, ibis.literal("people"), known.row),
    )


def _parties(people: ir.Table, context: MappingContext) -> ir.Table:
    return people.select(
        party_id=key(SYSTEM, people.row),
        case_id=key(SYSTEM, people.case),
        record_id=key(SYSTEM, people.row),
        role=people.role,
        birth_month=people.birth_month,
        sex=people.sex,
        **provenance(context, ibis.literal("people"), people.row),
    )


def _matters(children: ir.Table, cases: ir.Table, context: MappingContext) -> ir.Table:
    """One matter per child of a case."""
    rows = children.inner_join(cases, children.case == cases.case_number_hash)
    return rows.select(
        matter_id=key(SYSTEM, rows.row),
        case_id=key(SYSTEM, rows.case),
        kind=ibis.literal("child_in_application"),
        code=code_name(rows.first_application, APPLICATIONS),
        received_date=rows.receipt_date,
        disposed_date=not_before(rows.case_closed_date, rows.receipt_date),
        status=rows.case_closed_date.notnull().ifelse("disposed", "unknown"),
        **provenance(context, ibis.literal("people"), rows.row),
    )


def _matter_parties(people: ir.Table, context: MappingContext) -> ir.Table:
    """Part of each party in the matter of each child of the case; a child only in its own."""
    children = people.filter(people.role == "subject").select("case", child="row").view()
    rows = people.filter(people.role.isin(PARTS)).inner_join(children, "case")
    rows = rows.filter((rows.role != "subject") | (rows.child == rows.row))
    return rows.select(
        matter_id=key(SYSTEM, rows.child),
        party_id=key(SYSTEM, rows.row),
        part=rows.role,
        **provenance(context, ibis.literal("people"), rows.row),
    )


def _common_events(events: ir.Table, context: MappingContext) -> ir.Table:
    return events.select(
        event_id=key(SYSTEM, events.event_id),
        case_id=key(SYSTEM, events.case_number_hash),
        event_type=events.event_model.fill_null("administrative"),
        event_date=events.day,
        place_id=_court(events.creating_court),
        value_code=ibis.coalesce(
            code_name(events.application_type, APPLICATIONS), code_name(events.order_type, ORDERS)
        ),
        **provenance(context, ibis.literal("events"), events.event_id),
    )


def _decisions(events: ir.Table, children: ir.Table, context: MappingContext) -> ir.Table:
    """One row per order and child of its case."""
    orders = events.filter(events.event_model == "order", events.order_type.notnull())
    found = children.select("row", case_number_hash="case")
    rows = orders.inner_join(found, "case_number_hash")
    return rows.select(
        decision_id=key(SYSTEM, rows.event_id, rows.row),
        matter_id=key(SYSTEM, rows.row),
        decision_type=ibis.literal("legal_order"),
        decision=code_name(rows.order_type, ORDERS),
        decision_date=rows.day,
        place_id=_court(rows.creating_court),
        is_final=rows.is_final_order,
        attribution=ibis.literal("case"),
        **provenance(context, ibis.literal("events"), rows.event_id),
    )
