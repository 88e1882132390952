"""Cafcass England in the common model: both case systems, as one source.

A matter is a child on an application. A party is a person in a case in one role; a person
with two roles on one application is kept with the role `unclear`.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import Rule, is_century_typo, not_before, single_role
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
from justice_analysis.sources.mappings import cafcass_cms as cms
from justice_analysis.sources.mappings import cafcass_ecms as ecms
from justice_analysis.sources.mappings import cafcass_orders as orders
from justice_analysis.sources.mappings.cafcass_cases import cases_and_places
from justice_analysis.sources.mappings.cafcass_codes import (
    APPLICATION_KINDS,
    ETHNIC_GROUPS,
    RELATIONSHIP_KINDS,
)
from justice_analysis.sources.mappings.cafcass_parts import parts_in_matters
from justice_analysis.sources.reasons import KEY_MISSING
from justice_analysis.sources.records import identifiers, records

Tables = Mapping[str, ir.Table]

CARRIED = ("system", "application")


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map both Cafcass systems to the common model; see `mapping.CommonTables`."""
    people = engine.materialise(_both("people", tables), step="Cafcass people")
    applications, application_accounts = _applications(tables)
    roles, member_accounts = _roles(tables, applications)
    matters = engine.materialise(_matter_rows(roles, applications), step="Cafcass matters")
    decisions, decision_accounts = _decisions(tables, matters, context)
    ties, tie_accounts = _relationships(tables, context)
    framed = cases_and_places(tables, applications, context)
    common = {
        "record": _records(people, context),
        "record_id_link": _identifiers(people, context),
        "event": engine.union(framed.events, _births(people, context)),
        "measure": _ethnicities(tables, context),
        "case": framed.cases,
        "place": framed.places,
        "matter": _matters(matters, context),
        "party": _parties(roles, people, context),
        "matter_party": _matter_parties(roles, matters, context),
        "decision": decisions,
        "relationship": ties,
        "coverage": coverage(context, reason="both case systems, to the extract"),
    }
    accounts = [
        *_people_accounts(tables),
        *application_accounts,
        *member_accounts,
        *decision_accounts,
        *tie_accounts,
    ]
    return CommonTables(context.dataset, common, accounts, [*_rules(tables), *framed.rules])


def _table_of(system: ir.StringValue, tables: Mapping[str, str]) -> ir.StringValue:
    """Delivered table that a row of a system came from."""
    return ibis.cases(*[(system == name, table) for name, table in tables.items()])


def _both(part: str, tables: Tables) -> ir.Table:
    return engine.union(getattr(ecms, part)(tables), getattr(cms, part)(tables))


# People ---------------------------------------------------------------------------------


def _records(people: ir.Table, context: MappingContext) -> ir.Table:
    return records(
        people,
        context,
        table=people.source_table,
        record_id=key(people.system, people.person),
        row=people.person,
        sex=people.sex,
        birth_month=people.birth_month,
        ethnicity_group=code_name(people.ethnicity_code, ETHNIC_GROUPS),
        recorded_date=people.recorded_date,
    )


def _identifiers(people: ir.Table, context: MappingContext) -> ir.Table:
    """One row per record and identifier; the person id of each system is one of its own."""
    named = people.system + ":" + as_text(people.person)
    systems = {"alf": people.alf, "alf2": people.alf2, "cafcass_person": named}
    rows = [
        identifiers(
            people,
            context,
            table=people.source_table,
            record_id=key(people.system, people.person),
            row=people.person,
            id_system=system,
            identifier=identifier,
        )
        for system, identifier in systems.items()
    ]
    return engine.union(*rows)


def _births(people: ir.Table, context: MappingContext) -> ir.Table:
    """One birth event per record with a week of birth; the month alone is no event."""
    dated = people.filter(people.week_of_birth.notnull())
    record = key(dated.system, dated.person)
    return dated.select(
        event_id=key("birth", record),
        record_id=record,
        case_id=ibis.null("int64"),
        event_type=ibis.literal("birth"),
        event_date=dated.week_of_birth,
        value_code=ibis.literal("week"),
        **provenance(context, dated.source_table, dated.person),
    )


def _ethnicities(tables: Tables, context: MappingContext) -> ir.Table:
    """Each ethnicity recorded in ECMS; the spine's `person` holds the one resolved."""
    rows = tables["ecms_ethnicities"]
    return rows.select(
        measure_id=key("ecms_ethnicities", rows.ID_PE),
        record_id=key("ecms", rows.PERSON_ID_PE),
        concept=ibis.literal("recorded_ethnicity"),
        value_code=as_text(rows.ETHNICITYTYPE_ID),
        date=rows.AVAIL_FROM_DT,
        **provenance(context, "ecms_ethnicities", rows.ID_PE),
    )


def _people_accounts(tables: Tables) -> list[Account]:
    return [
        all_used("ecms_people", tables["ecms_people"], "link"),
        all_used("cms_tblperson", tables["cms_tblperson"], "link"),
        all_used("ecms_ethnicities", tables["ecms_ethnicities"], "measure"),
        all_used("ecms_cases", tables["ecms_cases"], "case"),
        all_used("cms_tblcase", tables["cms_tblcase"], "case"),
    ]


def _rules(tables: Tables) -> list[Rule]:
    found = []
    for name in ("ecms_people", "cms_tblperson"):
        rows = tables[name]
        month_only = rows.WEEKOFBIRTH.isnull() & rows.MOB_LINKAGE.notnull()
        found += [
            Rule(name, "century of birth mended", rows, is_century_typo(rows.WEEKOFBIRTH)),
            Rule(name, "birth known to the month only", rows, month_only),
        ]
    reopened = tables["ecms_cases"]
    found.append(Rule("ecms_cases", "case reopened", reopened, reopened.REOPENDATE.notnull()))
    return found


# Applications, parties, matters -----------------------------------------------------------


def _applications(tables: Tables) -> tuple[ir.Table, list[Account]]:
    """Applications that name their case, one row each, and the account of all applications."""
    rows = _both("applications", tables)
    judged = rows.mutate(reason=first_reason((rows.case.isnull(), KEY_MISSING)))
    accounts = _accounts(judged, APPLICATION_TABLES, "matter")
    kept = judged.filter(judged.reason.isnull()).drop("reason")
    return engine.materialise(kept, step="Cafcass applications"), accounts


def _accounts(judged: ir.Table, tables: Mapping[str, str], *became: str) -> list[Account]:
    return [
        Account(table, judged.filter(judged.system == system), became)
        for system, table in tables.items()
    ]


def _roles(tables: Tables, applications: ir.Table) -> tuple[ir.Table, list[Account]]:
    """One row per person on an application with one role, from rows that may repeat."""
    of_case = applications.select(*CARRIED, "case")
    rows = _both("members", tables).left_join(of_case, CARRIED)
    rows = rows.drop("system_right", "application_right")
    missing = rows.case.isnull() | rows.person.isnull()
    judged = rows.mutate(reason=first_reason((missing, KEY_MISSING)))
    kept = judged.filter(judged.reason.isnull())
    flags = ("subject", "applicant", "respondent", "other")
    once = kept.group_by(*CARRIED, "case", "person").aggregate(
        member=kept.member.min(), **{name: kept[name].any() for name in flags}
    )
    roles = once.select(
        *CARRIED,
        "case",
        "person",
        "member",
        is_subject=once.subject,
        role=single_role({name: once[name] for name in flags}),
    )
    accounts = _accounts(judged, MEMBER_TABLES, "party", "matter_party")
    return engine.materialise(roles, step="Cafcass roles"), accounts


APPLICATION_TABLES = {"ecms": "ecms_applications", "cms": "cms_tblcaseapplication"}
MEMBER_TABLES = {"ecms": "ecms_personsonapplications", "cms": "cms_tblcaseapplicationmember"}


def _matter_rows(roles: ir.Table, applications: ir.Table) -> ir.Table:
    """One row per application and child recorded as its subject, whatever else they are."""
    subjects = roles.filter(roles.is_subject).select(*CARRIED, child="person")
    joined = subjects.inner_join(applications, CARRIED)
    return joined.mutate(matter_id=key(joined.system, joined.application, joined.child))


def _matters(matters: ir.Table, context: MappingContext) -> ir.Table:
    return matters.select(
        matter_id=matters.matter_id,
        case_id=key(matters.system, matters.case),
        application_id=key(matters.system, matters.application),
        kind=ibis.literal("child_in_application"),
        code=code_name(matters.application_code, APPLICATION_KINDS),
        received_date=ibis.coalesce(matters.received, matters.applied),
        disposed_date=not_before(matters.completed, matters.received),
        status=matters.completed.notnull().ifelse("disposed", "unknown"),
        **provenance(context, matters.source_table, matters.application),
    )


def _parties(roles: ir.Table, people: ir.Table, context: MappingContext) -> ir.Table:
    """One row per case, person and role, with what the person's own record says."""
    once = roles.group_by("system", "case", "person", "role").aggregate(member=roles.member.min())
    said = people.select("system", "person", "sex", "birth_month", "ethnicity_code")
    rows = once.left_join(said, ["system", "person"])
    return rows.select(
        party_id=key(rows.system, rows.case, rows.person, rows.role),
        case_id=key(rows.system, rows.case),
        record_id=key(rows.system, rows.person),
        role=rows.role,
        birth_month=rows.birth_month,
        sex=rows.sex,
        ethnicity_group=code_name(rows.ethnicity_code, ETHNIC_GROUPS),
        **provenance(context, _table_of(rows.system, MEMBER_TABLES), rows.member),
    )


def _matter_parties(roles: ir.Table, matters: ir.Table, context: MappingContext) -> ir.Table:
    """Part of each person of an application in each of its matters; a child only in its own."""
    rows = parts_in_matters(roles, matters, application=CARRIED)
    return rows.select(
        matter_id=rows.matter_id,
        party_id=key(rows.system, rows.case, rows.person, rows.role),
        part=rows.part,
        **provenance(context, _table_of(rows.system, MEMBER_TABLES), rows.member),
    )


# Ties and orders --------------------------------------------------------------------------


def _relationships(tables: Tables, context: MappingContext) -> tuple[ir.Table, list[Account]]:
    """Ties of people as recorded: the related person is the kind of the person."""
    rows = _both("relationships", tables)
    missing = rows.person.isnull() | rows.related.isnull()
    judged = rows.mutate(reason=first_reason((missing, KEY_MISSING)))
    kept = judged.filter(judged.reason.isnull())
    ties = kept.select(
        record_id=key(kept.system, kept.person),
        related_record_id=key(kept.system, kept.related),
        kind=code_name(kept.tie_code, RELATIONSHIP_KINDS),
        **provenance(context, _table_of(kept.system, TIE_TABLES), kept.tie),
    )
    return ties, _accounts(judged, TIE_TABLES, "relationship")


TIE_TABLES = {"ecms": "ecms_personrelationships", "cms": "cms_tblcrspersonrelationship"}


def _decisions(
    tables: Tables, matters: ir.Table, context: MappingContext
) -> tuple[ir.Table, list[Account]]:
    newer, newer_account = orders.ecms_decisions(ecms.legal_outputs(tables), matters, context)
    older, older_account = orders.cms_decisions(cms.legal_outputs(tables), matters, context)
    return orders.as_decisions(engine.union(newer, older)), [newer_account, older_account]
