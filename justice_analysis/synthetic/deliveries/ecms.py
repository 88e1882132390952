"""The newer system of Cafcass (ECMS): legal outputs per child, roles as four flags."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.deliveries.cafcass_columns import (
    application_columns,
    note_kept_apart,
    output_members,
    people_columns,
    recorded_ethnicity,
    relationship_pairs,
    respondent_mothers,
    unknown_person_rows,
)
from justice_analysis.synthetic.deliveries.cafcass_system import System
from justice_analysis.synthetic.family.courts import APPLICANT, RESPONDENT, SUBJECT
from justice_analysis.synthetic.mess import spoil_closures, spoil_law_types
from justice_analysis.synthetic.people import NO_DATE, Ints, days
from justice_analysis.synthetic.tables import NULL, Table, append_rows, yes_no

_PARENT, _SIBLING, _HALF_SIBLING = 1, 34, 40


def ecms_tables(system: System) -> dict[str, Table]:
    """Every table of the newer system."""
    note_kept_apart(system, "ecms_cases", "ecms_applications")
    return {
        "ecms_cases": _cases(system),
        "ecms_applications": _applications(system),
        "ecms_personsonapplications": _persons_on_applications(system),
        "ecms_people": _people(system),
        "ecms_ethnicities": _ethnicities(system),
        "ecms_personrelationships": _relationships(system),
        "ecms_legaloutputs": _legal_outputs(system),
    }


def _cases(system: System) -> Table:
    name, world, desk = "ecms_cases", system.world, system.desk
    closed = system.closed()
    received = world.received[system.cases]
    reopened = desk.drawn(len(closed), world.rates.reopened)
    reopen = closed + days(desk.stream.integers(7, 200, len(closed)))
    reopened &= ~np.isnat(closed) & (reopen <= system.loaded)
    desk.note(name, "REOPENDATE", "reopened", reopened.sum())
    area = world.courts.cases.area[system.cases]
    status = np.where(np.isnat(closed), 1, np.where(reopened, 3, 2))
    table: Table = {
        "ID_PE": system.case_key[system.cases],
        "LAWTYPE_ID": spoil_law_types(desk, name, "LAWTYPE_ID", system.law_type()),
        "LOCALAUTHORITY_ID": area,
        "COURTCOURTLEVELREF_ID": (area - 1) // 4 + 1,
        "CASESTATU_ID": status,
        "DATERECEIVED": received,
        "CLOSUREDATE": spoil_closures(desk, name, "CLOSUREDATE", received, closed),
        "REOPENDATE": np.where(reopened, reopen, NO_DATE),
        "AVAIL_FROM_DT": system.available(len(area)),
    }
    return desk.duplicate_rows(name, table)


def _applications(system: System) -> Table:
    applications = system.world.courts.applications
    at = system.applications
    applied, received, completed = application_columns(system)
    return {
        "ID_PE": system.application_key[at],
        "CASE_ID_PE": system.case_key[applications.case[at]],
        "APPLICATIONTYPE1_ID": applications.code[at],
        "DATEOFAPPLICATION": applied,
        "DATERECEIVED": received,
        "DATECOMPLETED": completed,
        "DATEAPPLICATIONCOMPLETED": completed.copy(),
        "AVAIL_FROM_DT": system.available(len(at)),
    }


def _persons_on_applications(system: System) -> Table:
    name, members = "ecms_personsonapplications", system.world.courts.members
    rows, desk, rates = system.member_rows, system.desk, system.world.rates
    role = members.role[rows]
    as_other = respondent_mothers(system) & desk.drawn(len(rows), rates.mother_as_other)
    two_roles = desk.drawn(len(rows), rates.two_roles) & ~as_other
    desk.note(name, "ISOTHER", "mother_as_other", as_other.sum())
    desk.note(name, "ISOTHER", "two_roles", two_roles.sum())
    table: Table = {
        "ID_PE": system.world.keys(len(rows)),
        "APPLICATION_ID_PE": system.application_key[members.application[rows]],
        "PERSON_ID_PE": system.member_key,
        "ISSUBJECT": yes_no(role == SUBJECT),
        "ISRESPONDENT": yes_no((role == RESPONDENT) & ~as_other),
        "ISAPPLICANT": yes_no(role == APPLICANT),
        "ISOTHER": yes_no(as_other | two_roles),
        "AVAIL_FROM_DT": system.available(len(rows)),
    }
    extra = unknown_person_rows(system, name, table, "ID_PE", "PERSON_ID_PE")
    return desk.duplicate_rows(name, append_rows(table, extra))


def _people(system: System) -> Table:
    name = "ecms_people"
    table: Table = {"ID_PE": system.row_key, **people_columns(system, name)}
    return system.desk.duplicate_rows(name, table)


def _ethnicities(system: System) -> Table:
    """One row per recorded ethnicity: none for some people, two that differ for a few."""
    name = "ecms_ethnicities"
    code = recorded_ethnicity(system, name, "ETHNICITYTYPE_ID")
    known = np.flatnonzero(code != NULL)
    second = known[system.desk.drawn(len(known), system.world.rates.second_ethnicities)]
    system.desk.note(name, "ETHNICITYTYPE_ID", "second_ethnicities", len(second))
    person = np.concatenate([system.row_key[known], system.row_key[second]])
    return {
        "ID_PE": system.world.keys(len(person)),
        "PERSON_ID_PE": person,
        "ETHNICITYTYPE_ID": np.concatenate([code[known], code[second] % 5 + 1]),
        "SOURCE_ID": np.full(len(person), 1),
        "AVAIL_FROM_DT": system.available(len(person)),
    }


def _relationships(system: System) -> Table:
    """Children to parents, then each child to the next child on the same application."""
    name = "ecms_personrelationships"
    child, parent, wrong = relationship_pairs(system, name, "RELATIONSHIPTYPE_ID")
    one, other, kind = _siblings(system)
    person = np.concatenate([child, one])
    mothers = np.zeros(len(child), dtype=bool)
    known = system.world.people.sex[system.row_person - 1]
    first = system.world.first_key
    sex = np.zeros(len(system.row_key), dtype=np.int64)
    sex[system.row_key - first] = known
    mothers[:] = sex[parent - first] == 0
    return {
        "ID_PE": system.world.keys(len(person)),
        "PERSON_ID_PE": person,
        "RELATEDPERSON_ID_PE": np.concatenate([parent, other]),
        "RELATIONSHIPTYPE_ID": np.concatenate([np.where(wrong, _HALF_SIBLING, _PARENT), kind]),
        "PARENTALRESPONSIBILITYTYPE_ID": np.concatenate(
            [
                np.where(mothers, 1, 2),
                np.full(len(one), NULL),
            ]
        ),
        "AVAIL_FROM_DT": system.available(len(person)),
    }


def _siblings(system: System) -> tuple[Ints, Ints, Ints]:
    """Pairs of children next to each other on an application, and how they are related."""
    world, members = system.world, system.world.courts.members
    rows = system.member_rows[members.role[system.member_rows] == SUBJECT]
    together = members.application[rows][1:] == members.application[rows][:-1]
    pairs = np.unique(
        np.stack([members.person[rows][:-1][together], members.person[rows][1:][together]]), axis=1
    )
    one, other = pairs
    full = (world.father_of[one] == world.father_of[other]) & (
        world.mother_of[one] == world.mother_of[other]
    )
    kind = np.where(full, _SIBLING, _HALF_SIBLING)
    return system.person_key[one], system.person_key[other], kind


def _legal_outputs(system: System) -> Table:
    """One row per order, child and application; some name a child of another application."""
    name, desk = "ecms_legaloutputs", system.desk
    outputs, child_key = output_members(system)
    pair = np.stack([outputs.application, outputs.child])
    distinct, of = np.unique(pair, axis=1, return_inverse=True)
    moved = desk.drawn(distinct.shape[1], system.world.rates.unmatched_outputs)
    elsewhere = np.roll(child_key, len(child_key) // 2)
    shift = desk.stream.permutation(distinct.shape[1])
    first_row = np.zeros(distinct.shape[1], dtype=np.int64)
    first_row[of] = np.arange(len(of))
    wrong_key = elsewhere[first_row[shift]]
    person = np.where(moved[of], wrong_key[of], child_key)
    desk.note(
        name, "PERSON_ID_PE", "unmatched_outputs", _unmatched(system, outputs.application, person)
    )
    return {
        "ID_PE": system.world.keys(len(person)),
        "CASE_ID_PE": system.case_key[outputs.case],
        "APPLICATION_ID_PE": system.application_key[outputs.application],
        "PERSON_ID_PE": person,
        "LEGALOUTPUTTYPE_ID": outputs.code,
        "DATEORDERED": outputs.ordered,
        "ISFPR164": yes_no(np.zeros(len(person), dtype=bool)),
        "AVAIL_FROM_DT": system.available(len(person)),
    }


def _unmatched(system: System, application: Ints, person: Ints) -> int:
    """Number of pairs of application and person that are no subject child's."""
    members = system.world.courts.members
    rows = system.member_rows
    subject = members.role[rows] == SUBJECT
    width = system.world.first_key + len(system.row_key)
    on_application = members.application[rows][subject] * width + system.member_key[subject]
    return int((~np.isin(np.unique(application * width + person), on_application)).sum())
