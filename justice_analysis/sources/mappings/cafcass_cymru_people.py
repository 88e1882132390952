"""People of Cafcass Cymru: records, identifiers, ties, and what happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import (
    Rule,
    birth_month,
    is_century_typo,
    mend_century,
)
from justice_analysis.sources.mapping import (
    Account,
    MappingContext,
    all_used,
    as_text,
    code_name,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.cafcass_cymru_codes import (
    CHILD_ROLES,
    RELATIONSHIP_KINDS,
    SEXES,
    SYSTEM,
    USED_MATCH_STATUS,
    named,
    plain,
)
from justice_analysis.sources.measures import Measured, measure_rows
from justice_analysis.sources.records import identifiers, records

Tables = Mapping[str, ir.Table]
CONTACTS = "cafcass_contacts"
NO_PERSON = "no service user has its system id"
SECOND_ROW = "a second linkage row of the person"
NO_KIND = "the roles do not say what the two are to each other"
NO_DATE = "neither referral is dated"


def people_of(tables: Tables) -> ir.Table:
    """One row per service user, with what the linkage table says of the person."""
    contacts, found = tables[CONTACTS], _linkage(tables)
    rows = contacts.left_join(found, found.system_id == contacts.SYSTEM_ID_E)
    week = ibis.coalesce(rows.WOB, rows.linkage_week)
    known_sex = rows.GNDR_CD.isin(list(SEXES)).fill_null(False)
    used = rows.ALF_STS_CD.isin(USED_MATCH_STATUS) | rows.ALF_STS_CD.isnull()
    return rows.select(
        person=rows.CONTACTID_E,
        sex=known_sex.ifelse(code_name(rows.GNDR_CD, SEXES), ibis.null("string")),
        birth_month=birth_month(week, week),
        week_of_birth=mend_century(week),
        recorded_date=rows.AVAIL_FROM_DT,
        alf=used.ifelse(rows.ALF_E, ibis.null("int64")),
        status=rows.ALF_STS_CD,
        has_unused_alf=rows.ALF_E.notnull() & ~used,
        has_unknown_gender=rows.GNDR_CD.notnull() & ~known_sex,
        has_century_typo=is_century_typo(week),
    )


def _linkage(tables: Tables) -> ir.Table:
    """One linkage row per person: a usable match before another, then the smallest field."""
    rows = tables["cafcass_alf"]
    known = rows.filter(rows.SYSTEM_ID_E.notnull())
    used = known.ALF_STS_CD.isin(USED_MATCH_STATUS).fill_null(False)
    first = engine.first_per_group(
        known,
        by=["SYSTEM_ID_E"],
        order_by=[used.desc(), "ALF_E", "ALF_STS_CD", "GNDR_CD", "WOB"],
    )
    return first.select(
        "ALF_E", "ALF_STS_CD", "GNDR_CD", system_id="SYSTEM_ID_E", linkage_week="WOB"
    )


def common_records(people: ir.Table, context: MappingContext) -> ir.Table:
    """One person record per service user; ethnicity is not in the published columns."""
    return records(
        people,
        context,
        table=CONTACTS,
        record_id=key(SYSTEM, people.person),
        row=people.person,
        sex=people.sex,
        birth_month=people.birth_month,
        recorded_date=people.recorded_date,
    )


def common_identifiers(people: ir.Table, context: MappingContext) -> ir.Table:
    """One row per record and identifier; no level of certainty is published."""
    systems = {
        "alf": people.alf,
        "cafcass_person": ibis.literal(f"{SYSTEM}:") + as_text(people.person),
    }
    rows = [
        identifiers(
            people,
            context,
            table=CONTACTS,
            record_id=key(SYSTEM, people.person),
            row=people.person,
            id_system=system,
            identifier=identifier,
        )
        for system, identifier in systems.items()
    ]
    return engine.union(*rows)


def match_status(people: ir.Table, context: MappingContext) -> ir.Table:
    """How each linking field was matched, as delivered."""
    rows = people.mutate(record=people.person, row=people.person)
    status = Measured("alf_match_status", code=as_text(people.status))
    return measure_rows(rows, [status], context, system=SYSTEM, table="cafcass_alf")


def accounts(tables: Tables) -> list[Account]:
    """What became of the tables of people."""
    rows = tables["cafcass_alf"]
    known = tables[CONTACTS].select(known="SYSTEM_ID_E").distinct()
    copy = ibis.row_number().over(
        group_by=["SYSTEM_ID_E"],
        order_by=[
            rows.ALF_STS_CD.isin(USED_MATCH_STATUS).fill_null(False).desc(),
            "ALF_E",
            "ALF_STS_CD",
            "GNDR_CD",
            "WOB",
        ],
    )
    numbered = rows.mutate(copy=copy)
    joined = numbered.left_join(known, known.known == numbered.SYSTEM_ID_E)
    judged = joined.mutate(
        reason=first_reason((joined.known.isnull(), NO_PERSON), (joined.copy > 0, SECOND_ROW))
    ).drop("known", "copy")
    return [
        all_used(CONTACTS, tables[CONTACTS], "link"),
        Account("cafcass_alf", judged, ("link", "measure")),
        _representations(tables),
    ]


def _representations(tables: Tables) -> Account:
    rows = tables["cafcass_representation"]
    on = tables["cafcass_applicationserviceusers"].select(
        application="RECORD1ID_E", person="RECORD2ID_E"
    )
    of_case = tables["cafcass_application"].select(
        application="CAP_APPLICATIONID_E", case="CAP_INCIDENTID_E"
    )
    parties = on.inner_join(of_case, "application").select("case", "person", known=True).distinct()
    joined = rows.left_join(
        parties, [parties.case == rows.CAP_CASEID_E, parties.person == rows.CAP_CONTACTID_E]
    ).drop("case", "person")
    reason = first_reason((joined.known.isnull(), "it represents no party of its case"))
    return Account("cafcass_representation", joined.mutate(reason=reason).drop("known"), ("party",))


def rules(people: ir.Table) -> list[Rule]:
    """What was mended or left unused in the people's records."""
    alf = "cafcass_alf"
    return [
        Rule(CONTACTS, "century of birth mended", people, people.has_century_typo),
        Rule(alf, "unknown gender code made missing", people, people.has_unknown_gender),
        Rule(alf, "linking field not used for its match status", people, people.has_unused_alf),
    ]


# Ties -------------------------------------------------------------------------------------


def relationships(tables: Tables, context: MappingContext) -> tuple[ir.Table, Account]:
    """Ties in both directions: each role says what its record is to the other one."""
    rows = tables["cafcass_relationships"]
    judged = rows.mutate(first=_kind(rows.RECORD1ROLEIDNAME), second=_kind(rows.RECORD2ROLEIDNAME))
    unsaid = judged["first"].isnull() & judged["second"].isnull()
    judged = judged.mutate(reason=first_reason((unsaid, NO_KIND)))
    kept = judged.filter(judged.reason.isnull())
    both = engine.union(
        kept.select(person="RECORD1ID_E", related="RECORD2ID_E", kind="second"),
        kept.select(person="RECORD2ID_E", related="RECORD1ID_E", kind="first"),
    )
    known = both.filter(both.kind.notnull()).distinct()
    ties = known.select(
        record_id=key(SYSTEM, known.person),
        related_record_id=key(SYSTEM, known.related),
        kind=known.kind,
        **provenance(
            context,
            "cafcass_relationships",
            as_text(known.person) + "/" + as_text(known.related),
        ),
    )
    account = Account("cafcass_relationships", judged.drop("first", "second"), ("relationship",))
    return ties, account


def _kind(role: ir.StringValue) -> ir.StringValue:
    child = plain(role).isin(CHILD_ROLES).fill_null(False)
    return child.ifelse(ibis.null("string"), named(role, RELATIONSHIP_KINDS))


# Events -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FoundEvents:
    """Events of people, and the accounts of the tables they come from."""

    events: ir.Table
    accounts: tuple[Account, ...]


def events(
    tables: Tables, people: ir.Table, known_cases: ir.Table, context: MappingContext
) -> FoundEvents:
    """Births known to the week, and referrals to the course for separated parents."""
    rows = tables["cafcass_wt4c"]
    day = ibis.coalesce(rows.COURTREFERALDATE, rows.CAP_REFERALSENTDATE)
    of_case = known_cases.select(known_case="case")
    joined = rows.mutate(day=day).left_join(of_case, of_case.known_case == rows.CASEID_E)
    judged = joined.mutate(reason=first_reason((joined.day.isnull(), NO_DATE)))
    kept = judged.filter(judged.reason.isnull())
    case_id = key(SYSTEM, kept.CASEID_E)
    referrals = kept.select(
        event_id=key(f"{SYSTEM}_referral", kept.ACTIVITYID_E),
        record_id=key(SYSTEM, kept.CONTACTID_E),
        case_id=kept.known_case.notnull().ifelse(case_id, ibis.null(case_id.type())),
        event_type=ibis.literal("referral"),
        event_date=kept.day,
        place_id=ibis.null("string"),
        value_code=ibis.literal("working_together_for_children"),
        **provenance(context, "cafcass_wt4c", kept.ACTIVITYID_E),
    )
    account = Account("cafcass_wt4c", judged.drop("day", "known_case"), ("event",))
    return FoundEvents(engine.union(_births(people, context), referrals), (account,))


def _births(people: ir.Table, context: MappingContext) -> ir.Table:
    dated = people.filter(people.week_of_birth.notnull())
    record = key(SYSTEM, dated.person)
    return dated.select(
        event_id=key(f"{SYSTEM}_birth", dated.person),
        record_id=record,
        case_id=ibis.null(record.type()),
        event_type=ibis.literal("birth"),
        event_date=dated.week_of_birth,
        place_id=ibis.null("string"),
        value_code=ibis.literal("week"),
        **provenance(context, CONTACTS, dated.person),
    )
