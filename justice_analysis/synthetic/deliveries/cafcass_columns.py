"""Columns that both Cafcass systems deliver, with the mess of people and relationships."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.deliveries.cafcass_system import System
from justice_analysis.synthetic.deliveries.delivered import parent_pairs, risk_of
from justice_analysis.synthetic.family.courts import CARE_SIBLING, DISCHARGE, SUBJECT
from justice_analysis.synthetic.family.orders import Outputs
from justice_analysis.synthetic.mess import (
    blank,
    by_year,
    spoil_births,
    spoil_links,
)
from justice_analysis.synthetic.people import Bools, Days, Ints, days
from justice_analysis.synthetic.tables import Table, Text, take_rows

GENDERS = ("Female", "Male")


def people_columns(system: System, table: str) -> Table:
    """Columns of people that both systems have, with the mess of people."""
    world, desk, person = system.world, system.desk, system.row_person
    people, rates = world.people, world.rates
    at = np.searchsorted(system.presence.person, person)
    seen, area = system.presence.first_seen[at], system.presence.area[at]
    birth = people.birth[person - 1]
    # Weeks begin on Monday; day 0 (1970-01-01) was a Thursday.
    week = birth - days((birth.astype("datetime64[D]").astype(np.int64) + 3) % 7)
    missing = desk.drawn(
        len(person), by_year(rates.missing_gender_first, rates.missing_gender_yearly, seen)
    )
    desk.note(table, "GENDER", "missing_gender", missing.sum())
    risk = risk_of(world, person, seen, area)
    alike = people.kind[person - 1].astype(np.int64)
    ids = world.identifiers
    return {
        "GENDER": Text(np.where(missing, -1, people.sex[person - 1]), GENDERS),
        "WEEKOFBIRTH": spoil_births(desk, table, week),
        "MOB_LINKAGE": birth.astype("datetime64[M]"),
        "ALF_PE": spoil_links(desk, table, "ALF_PE", own=ids.alf[person], alike=alike, risk=risk),
        "ALF2_PE": spoil_links(
            desk, table, "ALF2_PE", own=ids.alf2[person], alike=alike, risk=risk
        ),
        "AVAIL_FROM_DT": system.available(len(person)),
    }


def recorded_ethnicity(system: System, table: str, column: str) -> Ints:
    """Ethnic group code of each people row; half of the missing are recorded as unknown."""
    desk, rates = system.desk, system.world.rates
    seen = system.presence.first_seen[np.searchsorted(system.presence.person, system.row_person)]
    code = system.world.people.ethnicity[system.row_person - 1].astype(np.int64)
    rate = by_year(rates.missing_ethnicity_first, rates.missing_ethnicity_yearly, seen) / 2
    unknown = desk.drawn(len(code), rate)
    desk.note(table, column, "unknown_ethnicity", unknown.sum())
    code = np.where(unknown, 22, code)
    known = blank(desk, table, column, "missing_ethnicity", code, np.where(unknown, 0, rate))
    return known


def note_kept_apart(system: System, cases_table: str, applications_table: str) -> None:
    """Count sibling cases, and infants put into an earlier case by an application of their own."""
    sets = system.world.sets
    sibling = system.world.courts.cases.kind[system.cases] == CARE_SIBLING
    system.desk.note(cases_table, "*", "sibling_cases", sibling.sum())
    # The first applications in the world are those of the sets, in their order.
    of_sets = system.applications[system.applications < len(sets)]
    joined = sets.consolidated[of_sets].sum()
    system.desk.note(applications_table, "*", "consolidated", joined)


def application_columns(system: System) -> tuple[Days, Days, Days]:
    """Dates applied, received and completed of each application of the system."""
    courts = system.world.courts
    at = system.applications
    applied = courts.applications.issue[at]
    case = courts.applications.case[at]
    lag = system.world.received[case] - courts.cases.issue[case]
    received = np.minimum(applied + lag, system.loaded)
    final = courts.applications.final[at]
    return applied, received, np.where(final <= system.loaded, final, np.datetime64("NaT"))


def output_members(system: System) -> tuple[Outputs, Ints]:
    """Legal outputs of the system's cases, and the child's key as on the application."""
    world = system.world
    members = world.courts.members
    delivered = system.application_key[world.outputs.application] > 0
    at = np.flatnonzero(delivered)
    chosen = Outputs(
        **{name: getattr(world.outputs, name)[at] for name in Outputs.__dataclass_fields__}
    )
    width = len(world.people) + 1
    subject = members.role[system.member_rows] == SUBJECT
    rows = system.member_rows[subject]
    pair = members.application[rows] * width + members.person[rows]
    order = np.argsort(pair)
    found = order[np.searchsorted(pair[order], chosen.application * width + chosen.child)]
    return chosen, system.member_key[subject][found]


def relationship_pairs(system: System, table: str, column: str) -> tuple[Ints, Ints, Bools]:
    """Keys of child and parent, and which ties are misrecorded; some missing, some too many."""
    world, desk = system.world, system.desk
    rows = system.member_rows
    subject = world.courts.members.role[rows] == SUBJECT
    children = np.unique(world.courts.members.person[rows][subject])
    child, parent = parent_pairs(world, children)
    missing = desk.drawn(len(child), world.rates.missing_relationships)
    desk.note(table, "*", "missing_relationships", missing.sum())
    child, parent = child[~missing], parent[~missing]
    wrong = desk.drawn(len(child), world.rates.misrecorded_relationships)
    desk.note(table, column, "misrecorded_relationships", wrong.sum())
    extra = children[desk.drawn(len(children), world.rates.third_parents)]
    adults = np.unique(parent)
    third = adults[desk.stream.integers(0, len(adults), len(extra))]
    others = (third != world.mother_of[extra]) & (third != world.father_of[extra])
    extra, third = extra[others], third[others]
    desk.note(table, "*", "third_parents", len(extra))
    child, parent = np.concatenate([child, extra]), np.concatenate([parent, third])
    wrong = np.concatenate([wrong, np.zeros(len(extra), dtype=bool)])
    return system.person_key[child], system.person_key[parent], wrong


def respondent_mothers(system: System) -> Bools:
    """Which member rows are a respondent mother in care proceedings."""
    courts = system.world.courts
    rows = system.member_rows
    kind = courts.cases.kind[courts.applications.case[courts.members.application[rows]]]
    person = courts.members.person[rows]
    female = system.world.people.sex[person - 1] == 0
    return female & (courts.members.role[rows] == 1) & (kind < DISCHARGE)


def unknown_person_rows(system: System, name: str, table: Table, key: str, person: str) -> Table:
    """A few more rows whose person is in no people table."""
    n = len(system.member_rows)
    at = np.flatnonzero(system.desk.drawn(n, system.world.rates.unknown_people))
    extra = take_rows(table, at)
    extra[key] = n + system.world.keys(len(at))
    extra[person] = len(system.row_key) + system.world.keys(len(at))
    system.desk.note(name, person, "unknown_people", len(at))
    return extra
