"""Data First civil county court in the common model: claims, who makes them, how they end.

A case is one claim, so it has one matter. Companies are parties without a person: they are
organisations, recognised by the rule that each of their rows names, and never records of people.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import CIVIL_CLAIMS
from justice_analysis.sources.case_status import status_by_activity
from justice_analysis.sources.cleaning_rules import Rule, is_before, not_before
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
    place_key,
    provenance,
)
from justice_analysis.sources.mappings.civil_county_parties import (
    SYSTEM,
    common_parties,
    common_records,
    matter_parties,
    organisations,
    party_rules,
    read_parties,
)
from justice_analysis.sources.reasons import CASE_MISSING, IN_ERROR, NO_DATE

Tables = Mapping[str, ir.Table]

COURT = "caseman_court"

# What ends a claim in the courts' record; a stay does not.
ENDINGS = ("paid", "settled", "discontinued", "struck_out")
MOVED = "transferred"
WITHDRAWN = ("settled", "discontinued")
# Other kinds, such as a defence, are administrative events that keep their code.
EVENT_TYPES = ("hearing", "judgment", "warrant")
JUDGMENTS: Mapping[object, str] = {
    "default": "default_judgment",
    "admission": "judgment_by_admission",
    "hearing": "judgment_after_hearing",
    "possession_outright": "possession_order",
    "possession_suspended": "suspended_possession_order",
    "dismissed": "claim_dismissed",
}
# What an extract without these assumed columns does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    ("cases", "case_type"): "claims by kind",
    ("cases", "issue_date"): "durations of claims",
    ("cases", "court"): "claims by court",
    ("cases", "claim_amount"): "amounts claimed",
    ("cases", "case_status"): "how claims without a judgment end; every case is open or stale",
    ("cases", "case_status_date"): "time from issue to the end of a claim",
    ("case_parties", "party_role"): "claimants apart from defendants",
    ("case_parties", "party_type"): "companies without a number or name key are taken as people",
    ("case_parties", "coded_party_number"): "bulk claimants",
    ("case_parties", "company_name_hash"): "companies across cases",
    ("case_parties", "gender"): "civil claims by sex",
    ("case_parties", "dob"): "civil claims by age",
    ("case_events", "event_type"): "hearings, judgments and warrants",
    ("case_events", "event_date"): "events: none without a day is used",
    ("case_events", "court"): "events by court",
    ("case_events", "judgment_type"): "judgments by kind",
    ("case_events", "judgment_amount"): "amounts of judgments",
    ("case_events", "warrant_type"): "warrants by kind",
    ("case_events", "error"): "leaving out events entered in error",
}


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map the civil county court to the common model; see `mapping.CommonTables`."""
    judged = engine.materialise(_judged_events(tables["case_events"]), step="civil court events")
    events = judged.filter(judged.reason.isnull())
    cases = engine.materialise(_cases(tables["cases"], events), step="civil court cases")
    parties = engine.materialise(read_parties(tables["case_parties"]), step="civil court parties")
    people = parties.filter(~parties.is_company)
    known = parties.filter(parties.case.notnull())
    common = {
        "record": common_records(people, context),
        "organisation": organisations(parties.filter(parties.is_company), context),
        "case": _common_cases(cases, context),
        "matter": _matters(cases, context),
        "party": common_parties(known, context),
        "matter_party": matter_parties(known, context),
        "event": _common_events(events, context),
        "decision": _decisions(events, context),
        "place": _places(cases, events, context),
        "coverage": coverage(context, reason="the courts' systems, to the extract"),
    }
    no_case = parties.mutate(reason=first_reason((parties.case.isnull(), CASE_MISSING)))
    accounts = [
        all_used("cases", tables["cases"], "case", "matter"),
        Account("case_events", judged, ("event", "decision"), rule=EVENT_RULE),
        Account("case_parties", no_case, ("party", "matter_party", "organisation")),
    ]
    return CommonTables(context.dataset, common, accounts, _rules(tables))


EVENT_RULE = "each event is used; a judgment also becomes a decision on the claim"


def _judged_events(events: ir.Table) -> ir.Table:
    return events.mutate(
        reason=first_reason(
            (events.error, IN_ERROR),
            (events.case_number_hash.isnull(), CASE_MISSING),
            (events.event_date.isnull(), NO_DATE),
        )
    )


def _rules(tables: Tables) -> list[Rule]:
    cases = tables["cases"]
    early = is_before(cases.case_status_date, cases.issue_date)
    return [
        Rule("cases", "status before issue made missing", cases, early),
        *party_rules(tables["case_parties"]),
    ]


# Cases and claims -------------------------------------------------------------------------


def _cases(cases: ir.Table, events: ir.Table) -> ir.Table:
    """Cases with the last event and the first final judgment in each."""
    seen = events.group_by(event_case="case_number_hash").aggregate(
        last_event=events.event_date.max(),
        judged=events.event_date.min(where=events.event_type == "judgment"),
    )
    joined = cases.left_join(seen, cases.case_number_hash == seen.event_case).drop("event_case")
    since = not_before(joined.case_status_date, joined.issue_date)
    over = joined.case_status.isin(ENDINGS).fill_null(False)
    return joined.mutate(
        over=over,
        closed=over.ifelse(since, ibis.null("date")),
        last=ibis.greatest(joined.issue_date, since, joined.last_event),
        claim=code_name(joined.case_type, {name: name for name in CIVIL_CLAIMS}),
    )


def _common_cases(cases: ir.Table, context: MappingContext) -> ir.Table:
    kinds: dict[object, str] = {name: f"{name}_claim" for name in CIVIL_CLAIMS}
    return cases.select(
        case_id=key(SYSTEM, cases.case_number_hash),
        jurisdiction=ibis.literal("civil"),
        case_type=code_name(cases.case_type, kinds).fill_null("unknown"),
        place_id=place_key(COURT, cases.court),
        received_date=cases.issue_date,
        closed_date=cases.closed,
        status=_status(cases, context),
        last_activity_date=cases["last"],
        **provenance(context, "cases", cases.case_number_hash),
    )


def _status(cases: ir.Table, context: MappingContext) -> ir.StringValue:
    """State at the extract; a claim that went to another court goes on where it is not seen."""
    moved = [(cases.case_status == MOVED, "migrated")]
    return status_by_activity(cases.over, cases["last"], context, unless=moved)


def _matters(cases: ir.Table, context: MappingContext) -> ir.Table:
    """The claim of each case, disposed of by its first judgment or by what ended it."""
    disposed = ibis.least(not_before(cases.judged, cases.issue_date), cases.closed)
    return cases.select(
        matter_id=key(SYSTEM, cases.case_number_hash),
        case_id=key(SYSTEM, cases.case_number_hash),
        kind=ibis.literal("claim"),
        code=cases.claim,
        received_date=cases.issue_date,
        disposed_date=disposed,
        status=_matter_status(cases),
        amount=cases.claim_amount,
        amount_unit=cases.claim_amount.notnull().ifelse("pounds", ibis.null("string")),
        **provenance(context, "cases", cases.case_number_hash),
    )


def _matter_status(cases: ir.Table) -> ir.StringValue:
    withdrawn = cases.case_status.isin(WITHDRAWN).fill_null(False) & cases.judged.isnull()
    return ibis.cases(
        (withdrawn, "withdrawn"), (cases.judged.notnull() | cases.over, "disposed"), else_="unknown"
    )


def _places(cases: ir.Table, events: ir.Table, context: MappingContext) -> ir.Table:
    """Courts; their names are not known."""
    rows_of = {"cases": cases, "case_events": events}
    codes = engine.union(
        *[rows.select("court", named_in=ibis.literal(table)) for table, rows in rows_of.items()]
    )
    known = codes.filter(codes.court.notnull())
    found = known.group_by("court").aggregate(named_in=known.named_in.max())
    return found.select(
        place_id=place_key(COURT, found.court),
        kind=ibis.literal("court"),
        name=ibis.literal("county court ") + as_text(found.court),
        **provenance(context, found.named_in, found.court),
    )


# Events and judgments ---------------------------------------------------------------------


def _common_events(events: ir.Table, context: MappingContext) -> ir.Table:
    kind = events.event_type
    is_listed = kind.isin(EVENT_TYPES).fill_null(False)
    return events.select(
        event_id=key(SYSTEM, events.event_id),
        case_id=key(SYSTEM, events.case_number_hash),
        matter_id=key(SYSTEM, events.case_number_hash),
        event_type=is_listed.ifelse(kind, "administrative"),
        event_date=events.event_date,
        place_id=place_key(COURT, events.court),
        value_code=ibis.coalesce(
            code_name(events.judgment_type, JUDGMENTS),
            events.warrant_type,
            is_listed.ifelse(ibis.null("string"), kind),
        ),
        value_number=events.judgment_amount,
        **provenance(context, "case_events", events.event_id),
    )


def _decisions(events: ir.Table, context: MappingContext) -> ir.Table:
    """One row per judgment; a case may have several, such as against two defendants."""
    rows = events.filter(events.event_type == "judgment")
    return rows.select(
        decision_id=key(SYSTEM, rows.event_id),
        matter_id=key(SYSTEM, rows.case_number_hash),
        decision_type=ibis.literal("judgment"),
        decision=code_name(rows.judgment_type, JUDGMENTS),
        decision_date=rows.event_date,
        place_id=place_key(COURT, rows.court),
        is_final=ibis.literal(True),
        amount=rows.judgment_amount,
        amount_unit=rows.judgment_amount.notnull().ifelse("pounds", ibis.null("string")),
        attribution=ibis.literal("matter"),
        **provenance(context, "case_events", rows.event_id),
    )
