"""Cafcass Cymru in the common model, in the same shapes as Cafcass England.

A matter is a child on an application. A party is a person in a case in one role; a person
with two roles on one application is kept with the role `unclear`.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import Rule, not_before, single_role
from justice_analysis.sources.mapping import (
    Account,
    CommonTables,
    MappingContext,
    as_text,
    coverage,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings import cafcass_cymru_cases as cases
from justice_analysis.sources.mappings import cafcass_cymru_orders as orders
from justice_analysis.sources.mappings import cafcass_cymru_people as people
from justice_analysis.sources.mappings.cafcass_cymru_codes import (
    APPLICATIONS,
    ROLES,
    SYSTEM,
    named,
    plain,
)
from justice_analysis.sources.mappings.cafcass_parts import parts_in_matters
from justice_analysis.sources.reasons import KEY_MISSING

Tables = Mapping[str, ir.Table]

NOT_ON_APPLICATION = "it ties no service user to an application"
NO_PARTY = "an expert is no party"
# What an extract without these assumed columns or tables does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    ("cafcass_alf", "SYSTEM_ID_E"): "sex and links, and so mothers, fathers and other datasets",
    ("cafcass_incident", "CAP_LOCALAUTHORITYIDNAME"): "areas of cases",
}


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map Cafcass Cymru to the common model; see `mapping.CommonTables`."""
    everyone = engine.materialise(people.people_of(tables), step="Cafcass Cymru people")
    judged = engine.materialise(cases.judged_applications(tables), step="Welsh applications")
    applications = judged.filter(judged.reason.isnull()).drop("reason")
    framed = cases.framed(tables, applications, context)
    roles, users = _roles(tables, applications)
    matters = engine.materialise(_matter_rows(roles, applications), step="Welsh matters")
    decisions, outcome_accounts = orders.decisions(tables, matters, context)
    ties, tie_account = people.relationships(tables, context)
    found = people.events(tables, everyone, framed.known, context)
    common = {
        "record": people.common_records(everyone, context),
        "record_id_link": people.common_identifiers(everyone, context),
        "event": engine.union(framed.events, found.events),
        "measure": people.match_status(everyone, context),
        "case": framed.cases,
        "place": framed.places,
        "matter": _matters(matters, context),
        "party": _parties(tables, roles, everyone, context),
        "matter_party": _matter_parties(roles, matters, context),
        "decision": decisions,
        "relationship": ties,
        "coverage": coverage(context, reason="the case system, to the extract"),
    }
    accounts = [
        *people.accounts(tables),
        Account("cafcass_application", judged, ("case", "matter")),
        Account("cafcass_applicationserviceusers", users, ("party", "matter_party")),
        _experts(tables),
        tie_account,
        *framed.accounts,
        *outcome_accounts,
        *found.accounts,
    ]
    rules = [*people.rules(everyone), *framed.rules, *_rules(users)]
    return CommonTables(context.dataset, common, accounts, rules)


def _rules(users: ir.Table) -> list[Rule]:
    kept = users.filter(users.reason.isnull())
    times = kept.group_by("application", "person").aggregate(
        rows=kept.count(), roles=kept.role.nunique()
    )
    table = "cafcass_applicationserviceusers"
    return [
        Rule(table, "person with several roles on an application", times, times.roles > 1),
        Rule(table, "person named again on an application", times, times["rows"] > times.roles),
    ]


def _experts(tables: Tables) -> Account:
    rows = tables["cafcass_experts"]
    return Account("cafcass_experts", rows.mutate(reason=ibis.literal(NO_PARTY)), ("party",))


# Parties and matters ----------------------------------------------------------------------


def _roles(tables: Tables, applications: ir.Table) -> tuple[ir.Table, ir.Table]:
    """One row per person on an application with one role; and all delivered rows, judged."""
    rows = tables["cafcass_applicationserviceusers"]
    is_link = (plain(rows.RECORD1OBJECTTYPECODENAME).fill_null("application") == "application") & (
        plain(rows.RECORD2OBJECTTYPECODENAME).fill_null("contact") == "contact"
    )
    named_rows = rows.select(
        application=rows.RECORD1ID_E,
        person=rows.RECORD2ID_E,
        role=named(rows.RECORD2ROLEIDNAME, ROLES).fill_null("other"),
        is_link=is_link,
    )
    of_case = applications.select("application", "case")
    joined = named_rows.left_join(of_case, "application").drop("application_right")
    judged = joined.mutate(
        reason=first_reason(
            (~joined.is_link, NOT_ON_APPLICATION),
            (joined.case.isnull() | joined.person.isnull(), KEY_MISSING),
        )
    )
    judged = engine.materialise(judged, step="people on Welsh applications")
    kept = judged.filter(judged.reason.isnull())
    known = list(ROLES.values())
    flags = {name: (kept.role == name).any() for name in known if name != "other"}
    # A role by an unknown name is a role: with another it makes the person's unclear.
    flags["other"] = ((kept.role == "other") | ~kept.role.isin(known)).any()
    once = kept.group_by("application", "case", "person").aggregate(**flags)
    roles = once.select(
        "application",
        "case",
        "person",
        is_subject=once.subject,
        role=single_role({name: once[name] for name in flags}),
    )
    return engine.materialise(roles, step="roles on Welsh applications"), judged


def _matter_rows(roles: ir.Table, applications: ir.Table) -> ir.Table:
    """One row per application and child recorded as its subject, whatever else they are."""
    subjects = roles.filter(roles.is_subject).select("application", child="person")
    joined = subjects.inner_join(applications, "application")
    return joined.mutate(matter_id=key(SYSTEM, joined.application, joined.child))


def _matters(matters: ir.Table, context: MappingContext) -> ir.Table:
    return matters.select(
        matter_id=matters.matter_id,
        case_id=key(SYSTEM, matters.case),
        application_id=key(SYSTEM, matters.application),
        kind=ibis.literal("child_in_application"),
        code=named(matters.asked, APPLICATIONS),
        received_date=matters.issued,
        disposed_date=not_before(matters.completed, matters.issued),
        status=matters.completed.notnull().ifelse("disposed", "unknown"),
        **provenance(context, "cafcass_application", matters.application),
    )


def _parties(
    tables: Tables, roles: ir.Table, everyone: ir.Table, context: MappingContext
) -> ir.Table:
    """One row per case, person and role; represented where a representation is recorded."""
    once = roles.select("case", "person", "role").distinct()
    said = everyone.select("person", "sex", "birth_month")
    rows = once.left_join(said, "person").drop("person_right")
    held = tables["cafcass_representation"]
    held = held.select(case="CAP_CASEID_E", person="CAP_CONTACTID_E", represented=True).distinct()
    rows = rows.left_join(held, ["case", "person"])
    return rows.select(
        party_id=key(SYSTEM, rows.case, rows.person, rows.role),
        case_id=key(SYSTEM, rows.case),
        record_id=key(SYSTEM, rows.person),
        role=rows.role,
        birth_month=rows.birth_month,
        sex=rows.sex,
        represented=rows.represented,
        **_user(context, rows),
    )


def _matter_parties(roles: ir.Table, matters: ir.Table, context: MappingContext) -> ir.Table:
    """Part of each person of an application in each of its matters; a child only in its own."""
    rows = parts_in_matters(roles, matters, application=["application"])
    return rows.select(
        matter_id=rows.matter_id,
        party_id=key(SYSTEM, rows.case, rows.person, rows.role),
        part=rows.part,
        **_user(context, rows),
    )


def _user(context: MappingContext, rows: ir.Table) -> dict[str, ir.Value]:
    """Where a part of a person comes from: the table has no key, so case and person name it."""
    row_key = as_text(rows.case) + "/" + as_text(rows.person)
    return provenance(context, "cafcass_applicationserviceusers", row_key)
