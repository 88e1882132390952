"""The older system of Cafcass (CMS): legal outputs per case, one member type per person."""

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
from justice_analysis.synthetic.people import NO_DATE, region_of
from justice_analysis.synthetic.tables import NULL, Table, append_rows

_MEMBER_TYPES = {SUBJECT: 4, RESPONDENT: 2, APPLICANT: 1}
_UNKNOWN_MEMBER, _CONVERTED_MEMBER = 8, 16
_PARENT, _UNKNOWN_RELATIONSHIP = 1, 77


def cms_tables(system: System) -> dict[str, Table]:
    """Every table of the older system."""
    note_kept_apart(system, "cms_tblcase", "cms_tblcaseapplication")
    return {
        "cms_tblcase": _cases(system),
        "cms_tblcaseapplication": _applications(system),
        "cms_tblcaseapplicationmember": _members(system),
        "cms_tblcrspersonrelationship": _relationships(system),
        "cms_tblperson": _people(system),
        "cms_tbllegaloutput": _legal_outputs(system),
    }


def _cases(system: System) -> Table:
    name, world = "cms_tblcase", system.world
    closed = system.closed()
    area = world.courts.cases.area[system.cases]
    received = world.received[system.cases]
    table: Table = {
        "CASEID_PE": system.case_key[system.cases],
        "CASESTATUSREF": np.where(np.isnat(closed), 1, 2),
        "LAWTYPEREF": spoil_law_types(system.desk, name, "LAWTYPEREF", system.law_type()),
        "LOCALAUTHORITYREF": area,
        "REGIONREF": region_of(area),
        "DATECASECOMPLETED": spoil_closures(
            system.desk, name, "DATECASECOMPLETED", received, closed
        ),
        "AVAIL_FROM_DT": system.available(len(area)),
    }
    return system.desk.duplicate_rows(name, table)


def _applications(system: System) -> Table:
    applications = system.world.courts.applications
    at = system.applications
    applied, received, completed = application_columns(system)
    case = applications.case[at]
    return {
        "CASEAPPLICATIONID_PE": system.application_key[at],
        "CASEREF_PE": system.case_key[case],
        "CASEAPPLICATIONTYPEREF": applications.code[at],
        "COURTREF": (system.world.courts.cases.area[case] - 1) // 4 + 1,
        "DATEOFAPPLICATION": applied,
        "DATERECEIVED": received,
        "DATECOMPLETED": completed,
        "DATEAPPLICATIONCOMPLETED": completed.copy(),
        "AVAIL_FROM_DT": system.available(len(at)),
    }


def _members(system: System) -> Table:
    name, members = "cms_tblcaseapplicationmember", system.world.courts.members
    rows, desk, rates = system.member_rows, system.desk, system.world.rates
    role = members.role[rows]
    kind = np.select([role == r for r in _MEMBER_TYPES], list(_MEMBER_TYPES.values()))
    unclear = respondent_mothers(system) & desk.drawn(len(rows), rates.mother_as_other)
    converted = desk.drawn(len(rows), rates.converted_member_type) & ~unclear
    desk.note(name, "MEMBERTYPE", "mother_as_other", unclear.sum())
    desk.note(name, "MEMBERTYPE", "converted_member_types", converted.sum())
    shown = np.where(unclear, _UNKNOWN_MEMBER, np.where(converted, _CONVERTED_MEMBER, kind))
    table: Table = {
        "CASEAPPLICATIONMEMBERID_PE": system.world.keys(len(rows)),
        "CASEAPPLICATIONREF_PE": system.application_key[members.application[rows]],
        "MEMBERREF_PE": system.member_key,
        "MEMBERTYPE": shown,
        "CONVERTEDTYPE": np.where(converted, kind, NULL),
        "ISPARTY": role != SUBJECT,
        "ISLAREP": np.zeros(len(rows), dtype=bool),
        "AVAIL_FROM_DT": system.available(len(rows)),
    }
    extra = unknown_person_rows(system, name, table, "CASEAPPLICATIONMEMBERID_PE", "MEMBERREF_PE")
    return desk.duplicate_rows(name, append_rows(table, extra))


def _relationships(system: System) -> Table:
    name = "cms_tblcrspersonrelationship"
    child, parent, wrong = relationship_pairs(system, name, "RELATIONSHIPREF")
    return {
        "PERSONRELATIONSHIPID_PE": system.world.keys(len(child)),
        "CHILDREF_PE": child,
        "PARENTREF_PE": parent,
        "RELATIONSHIPREF": np.where(wrong, _UNKNOWN_RELATIONSHIP, _PARENT),
        "AVAIL_FROM_DT": system.available(len(child)),
    }


def _people(system: System) -> Table:
    name = "cms_tblperson"
    table: Table = {
        "PERSONID_PE": system.row_key,
        **people_columns(system, name),
        "ETHNICREF": recorded_ethnicity(system, name, "ETHNICREF"),
    }
    return system.desk.duplicate_rows(name, table)


def _legal_outputs(system: System) -> Table:
    """One row per order made in a case on a day, for however many children."""
    name, desk = "cms_tbllegaloutput", system.desk
    outputs, _ = output_members(system)
    same = np.lexsort((outputs.code, outputs.ordered, outputs.case))
    keys = np.stack(
        [outputs.case[same], outputs.ordered[same].astype(np.int64), outputs.code[same]]
    )
    first = same[np.any(np.diff(keys, axis=1, prepend=-1) != 0, axis=0)]
    code, ordered = outputs.code[first], outputs.ordered[first]
    early = ordered < np.datetime64(system.world.parameters.usable_outputs_from)
    spoilt = early & desk.drawn(len(first), system.world.rates.unusable_outputs)
    way = desk.stream.integers(0, 3, len(first))
    for position, column, rule in (
        (0, "LEGALORDERHEARINGDATE", "unusable_output_dates"),
        (1, "LEGALOUTPUTTYPEREF", "unusable_output_types"),
        (2, "LEGALORDERHEARINGDATE", "missing_output_dates"),
    ):
        desk.note(name, column, rule, (spoilt & (way == position)).sum())
    garbage = np.where(way == 0, np.datetime64("1900-01-01"), NO_DATE)
    return {
        "LEGALOUTPUTID_PE": system.world.keys(len(first)),
        "CASEREF_PE": system.case_key[outputs.case[first]],
        "LEGALOUTPUTTYPEREF": np.where(spoilt & (way == 1), NULL, code),
        "ISFINAL": outputs.is_final[first],
        "LEGALORDERHEARINGDATE": np.where(spoilt & (way != 1), garbage, ordered),
        "AVAIL_FROM_DT": system.available(len(first)),
    }
