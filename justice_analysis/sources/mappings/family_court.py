"""Data First family court in the common model: cases, events, parties, orders.

A matter is a child and an order applied for in a case, from its earliest application; an
application in a case without children (divorce, the Family Law Act) is a matter of its own.
Where an event lists children it is about those; where it lists none, about all of its case.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.case_status import status_by_activity
from justice_analysis.sources.cleaning_rules import Rule, is_before, is_century_typo, not_before
from justice_analysis.sources.mapping import (
    Account,
    CommonTables,
    MappingContext,
    all_used,
    coverage,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.family_court_codes import (
    CARE_APPLICATIONS,
    OTHER_TYPES,
    SYSTEM,
)
from justice_analysis.sources.mappings.family_court_events import (
    EVENT_RULE,
    NOT_ITS_CHILD,
    children_of_events,
    common_events,
    judged_children,
    judged_events,
)
from justice_analysis.sources.mappings.family_court_matters import (
    common_decisions,
    common_matters,
    decided,
    matter_parties,
    matter_rows,
)
from justice_analysis.sources.mappings.family_court_people import (
    common_identifiers,
    common_parties,
    common_records,
    is_unknown_gender,
    people_of,
)
from justice_analysis.sources.mappings.family_court_places import court_id, dfj_area_id, places
from justice_analysis.sources.reasons import CASE_MISSING

__all__ = ["NOT_ITS_CHILD", "SWITCHED_OFF", "to_common"]

Tables = Mapping[str, ir.Table]

NO_CHILD = "children counted, none listed"
# What an extract without these assumed columns or tables does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    ("cases", "case_type"): "cases by kind; none is care proceedings",
    ("cases", "receipt_date"): "the day of receipt; the first application stands for it",
    ("cases", "case_closed_date"): "ends of cases without an order",
    ("cases", "creating_court"): "cases by court",
    ("cases", "dfj_area"): "cases by area of a designated family judge",
    ("cases", "related_case_number_hash"): "cases heard together",
    ("cases", "transfer_in_date"): "durations of cases transferred in from the day they came",
    ("cases", "number_of_children"): "cases that list fewer children than they count",
    ("events", "event_model"): "applications, orders and hearings, and so matters and durations",
    ("events", "receipt_date"): "the day of receipt of events; the day of entry stands for it",
    ("events", "entry_date"): "events whose day of receipt is missing",
    ("events", "creating_court"): "events by court",
    ("events", "application_type"): "what was applied for",
    ("events", "order_type"): "what was ordered, and so disposals",
    ("events", "is_final_order"): "final orders apart from others",
    ("events", "error"): "leaving out events entered in error",
    ("events", "is_high_court"): "the High Court apart from the court where it sits",
    ("people", "role_model"): "children apart from applicants and respondents",
    ("people", "gender"): "mothers and fathers; parties by sex",
    ("people", "dob"): "parties by age",
    ("people", "representative_role"): "whether a party is represented",
    ("people", "ALF2_PE"): "the same people in the Cafcass data",
    ("event_children", ""): "orders for some children of a case; each counts for all of them",
}


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map the family court to the common model; see `mapping.CommonTables`."""
    judged = engine.materialise(judged_events(tables["events"]), step="family court events")
    events = judged.filter(judged.reason.isnull()).drop("reason")
    cases = engine.materialise(_cases(tables["cases"], events, context), step="family court cases")
    people = engine.materialise(people_of(tables["people"]), step="family court people")
    known = people.filter(people.case.notnull())
    children = known.filter(known.role == "subject").select("case", "row")
    listed = judged_children(tables["event_children"], events, children)
    named = listed.filter(listed.reason.isnull()).drop("reason")
    about = children_of_events(events, children, named)
    matters = engine.materialise(
        matter_rows(events, about, children, cases), step="family court matters"
    )
    decisions = engine.materialise(decided(events, about, matters), step="family court orders")
    common = {
        "record": common_records(people, context),
        "record_id_link": common_identifiers(people, context),
        "case": _common_cases(cases, context),
        "case_link": _consolidated(tables["cases"], context),
        "event": engine.union(common_events(events, context), _transfers(cases, context)),
        "party": common_parties(known, context),
        "matter": common_matters(matters, decisions, context),
        "matter_party": matter_parties(known, matters, context),
        "decision": common_decisions(decisions, context),
        "place": places(cases, events, context),
        "coverage": coverage(context, reason="the courts' system, to the extract"),
    }
    no_case = people.mutate(reason=first_reason((people.case.isnull(), CASE_MISSING)))
    accounts = [
        all_used("cases", tables["cases"], "case", "case_link", "event"),
        Account("events", judged, ("event", "matter", "decision"), rule=EVENT_RULE),
        Account("people", no_case, ("party", "matter_party", "matter")),
        Account("event_children", listed, ("matter", "decision"), rule=LISTED_RULE),
    ]
    rules = [*_rules(tables), *_case_rules(cases, children), *_order_rules(decisions)]
    return CommonTables(context.dataset, common, accounts, rules)


LISTED_RULE = "an event that lists children is about those, any other about all of its case"


def _rules(tables: Tables) -> list[Rule]:
    people, cases = tables["people"], tables["cases"]
    early = is_before(cases.case_closed_date, cases.receipt_date)
    return [
        Rule("people", "century of birth mended", people, is_century_typo(people.dob)),
        Rule("people", "unknown gender code made missing", people, is_unknown_gender(people)),
        Rule("cases", "closure before receipt made missing", cases, early),
    ]


def _case_rules(cases: ir.Table, children: ir.Table) -> list[Rule]:
    """What the quality report says of cases without dates and of children not listed."""
    undated = cases.receipt_date.isnull() & cases.received_date.notnull()
    nowhere = cases.received_date.isnull() & (_case_type(cases) == "care_proceedings")
    counted = children.group_by(counted_case="case").aggregate(listed=children.count())
    joined = cases.left_join(counted, cases.case_number_hash == counted.counted_case)
    fewer = joined.listed.fill_null(0) < joined.number_of_children
    none = joined.listed.isnull() & (joined.number_of_children > 0)
    return [
        Rule("cases", "received date taken from the earliest application", cases, undated),
        Rule("cases", "care case without a date: in no set of proceedings", cases, nowhere),
        Rule("cases", "fewer children listed than counted", joined, fewer.fill_null(False)),
        Rule("cases", NO_CHILD, joined, none.fill_null(False)),
    ]


def _order_rules(decisions: ir.Table) -> list[Rule]:
    orders = decisions.group_by("event_id").aggregate(early=decisions.is_early.any())
    return [Rule("events", "order before every application of its child", orders, orders.early)]


# Cases ----------------------------------------------------------------------------------


def _cases(cases: ir.Table, events: ir.Table, context: MappingContext) -> ir.Table:
    """Cases with what their events say: care applied for, first application, last activity."""
    is_care = events.application_type.isin(CARE_APPLICATIONS).fill_null(False)
    applied = events.event_model == "application"
    seen = events.group_by(event_case="case_number_hash").aggregate(
        has_care=is_care.any(),
        first_applied=events.day.min(where=applied),
        last_event=events.day.max(),
    )
    joined = cases.left_join(seen, cases.case_number_hash == seen.event_case).drop("event_case")
    dated = joined.mutate(received_date=ibis.coalesce(joined.receipt_date, joined.first_applied))
    last = ibis.greatest(
        dated.received_date, dated.transfer_in_date, dated.case_closed_date, dated.last_event
    )
    return dated.mutate(
        closed_date=not_before(dated.case_closed_date, dated.received_date),
        last_activity=last,
        status=status_by_activity(dated.case_closed_date.notnull(), last, context),
    )


def _common_cases(cases: ir.Table, context: MappingContext) -> ir.Table:
    return cases.select(
        case_id=key(SYSTEM, cases.case_number_hash),
        jurisdiction=ibis.literal("family"),
        case_type=_case_type(cases),
        place_id=court_id(cases.creating_court),
        area_id=dfj_area_id(cases.dfj_area),
        received_date=cases.received_date,
        closed_date=cases.closed_date,
        status=cases.status,
        last_activity_date=cases.last_activity,
        **provenance(context, "cases", cases.case_number_hash),
    )


def _case_type(cases: ir.Table) -> ir.StringValue:
    """Kind of case; its law, public or private, is what disposals are matched within."""
    public = cases.case_type == "public_law"
    same = [(cases.case_type == name, name) for name in OTHER_TYPES]
    return ibis.cases(
        (public & cases.has_care.fill_null(False), "care_proceedings"),
        (public, "public_law_other"),
        *same,
        else_="unknown",
    )


def _transfers(cases: ir.Table, context: MappingContext) -> ir.Table:
    """An event for each case that came from another court, on the day it came."""
    moved = cases.filter(cases.transfer_in_date.notnull())
    return moved.select(
        event_id=key(f"{SYSTEM}_transfer", moved.case_number_hash),
        case_id=key(SYSTEM, moved.case_number_hash),
        event_type=ibis.literal("received"),
        event_date=moved.transfer_in_date,
        place_id=court_id(moved.creating_court),
        value_code=ibis.literal("transferred_in"),
        **provenance(context, "cases", moved.case_number_hash),
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
        **provenance(context, "cases", ties.case_number_hash),
    )
