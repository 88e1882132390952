"""Cafcass Cymru as delivered: fourteen tables, with law, orders, roles and ties as names."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.deliveries.cymru_people import (
    Files,
    contacts,
    linkage,
    relationships,
)
from justice_analysis.synthetic.deliveries.cymru_tables import (
    APPLICATION_NAMES,
    OUTCOME_NAMES,
    application_positions,
    empty_table,
    outcome_positions,
)
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.family.courts import PRIVATE_LAW, SUBJECT
from justice_analysis.synthetic.family.wales import Wales
from justice_analysis.synthetic.mess import Desk, MessLog
from justice_analysis.synthetic.people import NO_DATE, Bools, Ints, days
from justice_analysis.synthetic.tables import NULL, Table, Text, append_rows, rows_in, take_rows
from justice_analysis.synthetic.world import World

DATASET = "cafcass_cymru"
_ROLES = ("Subject", "Respondent", "Applicant")


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver Cafcass Cymru; tables without rows where the world has no Welsh families."""
    if world.wales is None:
        return Delivered(empty_table(DATASET), [], np.zeros(0, dtype=object))
    files = _open(world, world.wales, log)
    users = _users(files)
    people = contacts(files)
    outcomes, hearings, closed = _outcomes(files)
    tables: dict[str, Table] = {
        **empty_table(DATASET),
        "cafcass_contacts": people,
        "cafcass_alf": linkage(files, np.asarray(people["SYSTEM_ID_E"])),
        "cafcass_incident": _incidents(files),
        "cafcass_application": _applications(files),
        "cafcass_applicationorders": _orders_applied_for(files),
        "cafcass_applicationserviceusers": users,
        "cafcass_relationships": relationships(files),
        "cafcass_hearing": hearings,
        "cafcass_hearingoutcome": outcomes,
        "cafcass_hearingoutcomeapplication": closed,
        "cafcass_representation": _representations(files),
        "cafcass_wt4c": _referrals(files),
    }
    records = [("cafcass_contacts", files.contact[files.person], files.person)]
    return Delivered(tables, records, files.case)


def _open(world: World, wales: Wales, log: MessLog) -> Files:
    stream = world.streams.stream(DATASET)
    courts = wales.courts
    shown = np.flatnonzero(courts.applications.issue <= world.extract_date)
    on = np.isin(courts.members.application, shown)
    person = np.unique(np.concatenate([courts.members.person[on], wales.child, wales.parent]))
    contact = np.zeros(len(world.people) + 1, dtype=np.int64)
    contact[person] = world.keys(len(person))[stream.permutation(len(person))]
    keys = [
        world.keys(n)[stream.permutation(n)] for n in (len(courts.cases), len(courts.applications))
    ]
    desk = Desk(DATASET, world.rates, stream, log)
    return Files(world, wales, desk, keys[0], keys[1], shown, person, contact)


# Cases and applications -----------------------------------------------------------------


def _incidents(files: Files) -> Table:
    courts = files.wales.courts
    case = np.unique(courts.applications.case[files.shown])
    area = (courts.cases.area[case] - 1) % files.world.parameters.family.welsh_areas
    return {
        "CAP_INCIDENTID_E": files.case[case],
        "CAP_LOCALAUTHORITYIDNAME": files.named("Welsh area ", area),
        "AVAIL_FROM_DT": files.available(len(area)),
    }


def _applications(files: Files) -> Table:
    """Applications, and a few more that were rejected and have nobody on them."""
    held, at, n = files.wales.courts.applications, files.shown, len(files.shown)
    case = held.case[at]
    final = held.final[at]
    private = files.wales.courts.cases.kind[case] == PRIVATE_LAW
    table: Table = {
        "CAP_APPLICATIONID_E": files.application[at],
        "CAP_INCIDENTID_E": files.case[case],
        "CAP_LAWTYPENAME": Text(private.astype(np.int64), ("Public law", "Private law")),
        "CAP_PRIMARYAPPLICATIONTYPENAME": Text(
            application_positions(held.code[at]), APPLICATION_NAMES
        ),
        "CAP_PRIMARYAPPLICATIONTYPE_E": held.code[at],
        "CAP_ISSUEDATE": held.issue[at],
        "CAP_DATEOFCOMPLETION": np.where(final <= files.world.extract_date, final, NO_DATE),
        "CAP_COURTOFISSUEIDNAME": files.court(case),
        "CAP_COURTOFISSUEID_E": np.full(n, NULL),
        "CAP_APPLICATIONREJECTIONREASONIDNAME": Text(np.full(n, -1), ("Incomplete",)),
        "AVAIL_FROM_DT": files.available(n),
    }
    extra = np.flatnonzero(files.desk.drawn(n, files.world.rates.rejected_applications))
    name, column = "cafcass_application", "CAP_APPLICATIONREJECTIONREASONIDNAME"
    files.desk.note(name, column, "rejected_applications", len(extra))
    rejected = take_rows(table, extra)
    first = files.world.first_key + len(held)
    rejected["CAP_APPLICATIONID_E"] = first + np.arange(len(extra))
    rejected[column] = Text(np.zeros(len(extra), dtype=np.int64), ("Incomplete",))
    return append_rows(table, rejected)


def _orders_applied_for(files: Files) -> Table:
    held, at, n = files.wales.courts.applications, files.shown, len(files.shown)
    return {
        "CAP_APPLICATIONORDERID_E": files.world.keys(n),
        "CAP_APPLICATIONID_E": files.application[at],
        "CAP_ORDERAPPLIEDFORIDNAME": Text(application_positions(held.code[at]), APPLICATION_NAMES),
        "CAP_ORDERAPPLIEDFORID_E": held.code[at],
        "CAP_ISPRIMARYNAME": Text(np.zeros(n, dtype=np.int64), ("Yes",)),
        "AVAIL_FROM_DT": files.available(n),
    }


def _on_shown(files: Files) -> Ints:
    """Positions of members of applications that are delivered."""
    return np.flatnonzero(np.isin(files.wales.courts.members.application, files.shown))


def _users(files: Files) -> Table:
    """People on applications, some of them named twice in all columns."""
    members, rows = files.wales.courts.members, _on_shown(files)
    n = len(rows)
    table: Table = {
        "RECORD1ID_E": files.application[members.application[rows]],
        "RECORD1OBJECTTYPECODENAME": Text(np.zeros(n, dtype=np.int64), ("Application",)),
        "RECORD2ID_E": files.contact[members.person[rows]],
        "RECORD2OBJECTTYPECODENAME": Text(np.zeros(n, dtype=np.int64), ("Contact",)),
        "RECORD2ROLEIDNAME": Text(members.role[rows], _ROLES),
        "RECORD2ROLEID_E": members.role[rows] + 1,
        "AVAIL_FROM_DT": files.available(n),
    }
    again = np.flatnonzero(files.desk.drawn(n, files.world.rates.repeated_users))
    files.desk.note("cafcass_applicationserviceusers", "*", "repeated_users", len(again))
    return append_rows(table, take_rows(table, again))


def _representations(files: Files) -> Table:
    """Representation of adults and children, as often as the family court records it."""
    courts, rates = files.wales.courts, files.world.parameters.family
    rows = _on_shown(files)
    case, person = courts.applications.case[courts.members.application[rows]], rows
    private = courts.cases.kind[case] == PRIVATE_LAW
    child = courts.members.role[rows] == SUBJECT
    chance = np.where(private, rates.represented_in_private, rates.represented_in_care)
    chance = np.where(child, np.where(private, 0.05, rates.represented_children), chance)
    held = np.flatnonzero(files.desk.drawn(len(rows), chance))
    pairs = np.stack([case[held], courts.members.person[person[held]]])
    case, who = np.unique(pairs, axis=1)
    n = len(case)
    start = courts.cases.issue[case] + days(files.desk.stream.integers(0, 30, n))
    return {
        "CAP_REPRESENTATIONID_E": files.world.keys(n),
        "CAP_CASEID_E": files.case[case],
        "CAP_CONTACTID_E": files.contact[who],
        "CAP_REPRESENTATIONSTART": np.minimum(start, files.world.extract_date),
        "CAP_REPRESENTATIONEND": np.full(n, NO_DATE),
        "CAP_REPRESENTINGTYPENAME": Text(np.zeros(n, dtype=np.int64), ("Solicitor",)),
        "AVAIL_FROM_DT": files.available(n),
    }


def _referrals(files: Files) -> Table:
    """Some adults in private law are referred to the course."""
    courts, rows = files.wales.courts, _on_shown(files)
    case = courts.applications.case[courts.members.application[rows]]
    adult = courts.members.role[rows] != SUBJECT
    chosen = (courts.cases.kind[case] == PRIVATE_LAW) & adult
    chosen &= files.desk.drawn(len(rows), 0.2)
    day = courts.cases.issue[case] + days(files.desk.stream.integers(30, 90, len(rows)))
    at = np.flatnonzero(chosen & (day <= files.world.extract_date))
    return {
        "ACTIVITYID_E": files.world.keys(len(at)),
        "CASEID_E": files.case[case[at]],
        "CONTACTID_E": files.contact[courts.members.person[rows[at]]],
        "COURTREFERALDATE": day[at],
        "CAP_REFERALSENTDATE": np.full(len(at), NO_DATE),
        "CAP_ATTENDANCEDATE": np.full(len(at), NO_DATE),
        "CAP_ATTENDANCENAME": Text(np.full(len(at), -1), ()),
        "AVAIL_FROM_DT": files.available(len(at)),
    }


# Hearings -------------------------------------------------------------------------------


def _outcomes(files: Files) -> tuple[Table, Table, Table]:
    """Outcomes of hearings, the hearings, and the applications that final outcomes close."""
    outputs = files.wales.outputs
    day = outputs.ordered.astype(np.int64)
    held, of_hearing = np.unique(np.stack([outputs.case, day]), axis=1, return_inverse=True)
    keys = np.stack([outputs.case, day, outputs.code, outputs.is_final.astype(np.int64)])
    one, of_outcome = np.unique(keys, axis=1, return_inverse=True)
    of_hearing, of_outcome = of_hearing.reshape(-1), of_outcome.reshape(-1)
    hearing_of = np.zeros(one.shape[1], dtype=np.int64)
    hearing_of[of_outcome] = of_hearing
    final = one[3] == 1
    hearing, outcome = files.world.keys(held.shape[1]), files.world.keys(one.shape[1])
    outcomes: Table = {
        "CAP_HEARINGOUTCOMEID_E": outcome,
        "CAP_HEARINGID_E": hearing[hearing_of],
        "CAP_CASEID_E": files.case[one[0]],
        "CAP_HEARINGOUTCOMETYPEIDNAME": Text(outcome_positions(one[2]), OUTCOME_NAMES),
        "CAP_HEARINGOUTCOMETYPEID_E": one[2],
        "CAP_HEARINGOUTCOMEFINALNAME": Text(final.astype(np.int64), ("No", "Yes")),
        "AVAIL_FROM_DT": files.available(len(outcome)),
    }
    closes = _closes_hearing(final, hearing_of, held.shape[1])
    hearings: Table = {
        "CAP_HEARINGID_E": hearing,
        "CAP_CASEID_E": files.case[held[0]],
        "CAP_HEARINGDATETIME": held[1].astype("datetime64[D]"),
        "CAP_HEARINGTYPEIDNAME": Text(closes.astype(np.int64), ("CMH", "Final")),
        "CAP_COURTIDNAME": files.court(held[0]),
        "AVAIL_FROM_DT": files.available(len(hearing)),
    }
    ending = np.flatnonzero(outputs.is_final & np.isin(outputs.application, files.shown))
    pairs = np.stack([of_outcome[ending], outputs.application[ending]])
    at, application = np.unique(pairs, axis=1)
    closed: Table = {
        "CAP_HEARINGOUTCOMEAPPLICATIONID_E": files.world.keys(len(at)),
        "CAP_HEARINGOUTCOMEID_E": outcome[at],
        "CAP_APPLICATIONID_E": files.application[application],
        "CAP_CASEID_E": files.case[one[0][at]],
        "AVAIL_FROM_DT": files.available(len(at)),
    }
    assert rows_in(closed) == len(at)
    return outcomes, hearings, closed


def _closes_hearing(final: Bools, hearing_of: Ints, n: int) -> Bools:
    """Which hearings have a final outcome."""
    closes = np.zeros(n, dtype=bool)
    closes[hearing_of[final]] = True
    return closes
