"""Cafcass Cymru as delivered: fourteen tables, with law, orders, roles and ties as names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.courts import PRIVATE_LAW, SUBJECT
from justice_analysis.synthetic.cymru_tables import (
    APPLICATION_NAMES,
    OUTCOME_NAMES,
    application_positions,
    empty_table,
    outcome_positions,
)
from justice_analysis.synthetic.delivery import Delivered, World
from justice_analysis.synthetic.mess import Desk, MessLog
from justice_analysis.synthetic.people import NO_DATE, Bools, Days, Ints, days
from justice_analysis.synthetic.tables import NULL, Table, Text, append_rows, rows_in, take_rows
from justice_analysis.synthetic.wales import Wales

DATASET = "cafcass_cymru"
_TYPED_CENTURIES = np.array([1800, 2200, 2900, 7900])
_USED, _UNUSED_STATUS = (4, 1, 39), 35
_ROLES = ("Subject", "Respondent", "Applicant")
_FEMALE = 0


@dataclass(frozen=True)
class _Files:
    """Welsh cases with their keys by position, and the key of each person by person id."""

    world: World
    wales: Wales
    desk: Desk
    case: Ints
    application: Ints
    shown: Ints
    person: Ints
    contact: Ints

    def available(self, n: int) -> Days:
        return np.full(n, self.world.extract_date)

    def court(self, case: Ints) -> Text:
        """Names of courts; numbers stand for no real court."""
        return self.named("Family Court W", (self.wales.courts.cases.area[case] - 1) % 22 // 3)

    def named(self, kind: str, number: Ints) -> Text:
        labels = tuple(f"{kind}{one:02d}" for one in range(1, int(number.max(initial=0)) + 2))
        return Text(number, labels)


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver Cafcass Cymru; tables without rows where the world has no Welsh families."""
    if world.wales is None:
        return Delivered(empty_table(DATASET), [], np.zeros(0, dtype=object))
    files = _open(world, world.wales, log)
    users = _users(files)
    contacts = _contacts(files)
    outcomes, hearings, closed = _outcomes(files)
    tables: dict[str, Table] = {
        **empty_table(DATASET),
        "cafcass_contacts": contacts,
        "cafcass_alf": _linkage(files, np.asarray(contacts["SYSTEM_ID_E"])),
        "cafcass_incident": _incidents(files),
        "cafcass_application": _applications(files),
        "cafcass_applicationorders": _orders_applied_for(files),
        "cafcass_applicationserviceusers": users,
        "cafcass_relationships": _relationships(files),
        "cafcass_hearing": hearings,
        "cafcass_hearingoutcome": outcomes,
        "cafcass_hearingoutcomeapplication": closed,
        "cafcass_representation": _representations(files),
        "cafcass_wt4c": _referrals(files),
    }
    records = [("cafcass_contacts", files.contact[files.person], files.person)]
    return Delivered(tables, records, files.case)


def _open(world: World, wales: Wales, log: MessLog) -> _Files:
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
    return _Files(world, wales, desk, keys[0], keys[1], shown, person, contact)


# People ---------------------------------------------------------------------------------


def _contacts(files: _Files) -> Table:
    person, desk = files.person, files.desk
    system = files.world.keys(len(person))[desk.stream.permutation(len(person))]
    table: Table = {
        "CONTACTID_E": files.contact[person],
        "SYSTEM_ID_E": system,
        "WOB": _typed(files, _week(files, person)),
        "AVAIL_FROM_DT": files.available(len(person)),
    }
    return table


def _week(files: _Files, person: Ints) -> Days:
    """Monday of the week of birth; day 0 (1970-01-01) was a Thursday."""
    birth: Days = files.world.people.birth[person - 1].astype("datetime64[D]")
    week: Days = birth - days((birth.astype(np.int64) + 3) % 7)
    return week


def _typed(files: _Files, week: Days) -> Days:
    """Weeks of birth of which a few have a mistyped century."""
    desk = files.desk
    typo = desk.drawn(len(week), files.world.rates.century_typos)
    desk.note("cafcass_contacts", "WOB", "century_typos", typo.sum())
    months = week.astype("datetime64[M]").astype(np.int64)
    year, month = 1970 + months // 12, months % 12
    century = desk.stream.choice(_TYPED_CENTURIES, len(week))
    wrong = ((century + year % 100 - 1970) * 12 + month).astype("datetime64[M]")
    return np.where(typo, wrong.astype("datetime64[D]"), week)


def _linkage(files: _Files, system: Ints) -> Table:
    """One row per person sent for linkage, of whom some were matched, a few not surely."""
    person, desk, rates = files.person, files.desk, files.world.rates
    n = len(person)
    matched = desk.drawn(n, files.world.parameters.family.welsh_matched)
    unsure = matched & desk.drawn(n, rates.unused_match_status)
    desk.note("cafcass_alf", "ALF_STS_CD", "unused_match_status", unsure.sum())
    status = np.array(_USED)[desk.stream.choice(3, n, p=[0.7, 0.2, 0.1])]
    odd = desk.drawn(n, rates.unknown_genders)
    desk.note("cafcass_alf", "GNDR_CD", "unknown_genders", odd.sum())
    sex = np.where(files.world.people.sex[person - 1] == _FEMALE, 2, 1)
    nothing = Text(np.full(n, -1), ())
    return {
        "SYSTEM_ID_E": system,
        "ALF_E": np.where(matched, files.world.identifiers.alf[person], NULL),
        "ALF_STS_CD": np.where(unsure, _UNUSED_STATUS, np.where(matched, status, NULL)),
        "GNDR_CD": np.where(odd, 9, sex),
        "LSOA2001_CD": nothing,
        "WOB": _week(files, person),
        "EXTRACT_DT": files.available(n),
        **{f"FIELD_{number}": nothing for number in (1, 2, 3, 4)},
        "AVAIL_FROM_DT": files.available(n),
    }


def _relationships(files: _Files) -> Table:
    """Children and parents, the one or the other first, with some ties missing."""
    desk, wales = files.desk, files.wales
    missing = desk.drawn(len(wales.child), files.world.rates.missing_relationships)
    desk.note("cafcass_relationships", "*", "missing_relationships", missing.sum())
    child, parent = wales.child[~missing], wales.parent[~missing]
    child_first = desk.drawn(len(child), 0.5)
    tie = np.where(files.world.people.sex[parent - 1] == _FEMALE, 1, 2)
    labels = ("Child", "Mother", "Father")
    return {
        "RECORD1ID_E": files.contact[np.where(child_first, child, parent)],
        "RECORD1ROLEIDNAME": Text(np.where(child_first, 0, tie), labels),
        "RECORD2ID_E": files.contact[np.where(child_first, parent, child)],
        "RECORD2ROLEIDNAME": Text(np.where(child_first, tie, 0), labels),
        "AVAIL_FROM_DT": files.available(len(child)),
    }


# Cases and applications -----------------------------------------------------------------


def _incidents(files: _Files) -> Table:
    courts = files.wales.courts
    case = np.unique(courts.applications.case[files.shown])
    area = (courts.cases.area[case] - 1) % files.world.parameters.family.welsh_areas
    return {
        "CAP_INCIDENTID_E": files.case[case],
        "CAP_LOCALAUTHORITYIDNAME": files.named("Welsh area ", area),
        "AVAIL_FROM_DT": files.available(len(area)),
    }


def _applications(files: _Files) -> Table:
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


def _orders_applied_for(files: _Files) -> Table:
    held, at, n = files.wales.courts.applications, files.shown, len(files.shown)
    return {
        "CAP_APPLICATIONORDERID_E": files.world.keys(n),
        "CAP_APPLICATIONID_E": files.application[at],
        "CAP_ORDERAPPLIEDFORIDNAME": Text(application_positions(held.code[at]), APPLICATION_NAMES),
        "CAP_ORDERAPPLIEDFORID_E": held.code[at],
        "CAP_ISPRIMARYNAME": Text(np.zeros(n, dtype=np.int64), ("Yes",)),
        "AVAIL_FROM_DT": files.available(n),
    }


def _on_shown(files: _Files) -> Ints:
    """Positions of members of applications that are delivered."""
    return np.flatnonzero(np.isin(files.wales.courts.members.application, files.shown))


def _users(files: _Files) -> Table:
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


def _representations(files: _Files) -> Table:
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


def _referrals(files: _Files) -> Table:
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


def _outcomes(files: _Files) -> tuple[Table, Table, Table]:
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
