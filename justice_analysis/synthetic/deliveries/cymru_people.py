"""Welsh people as Cafcass Cymru delivers them: contacts, linkage fields and ties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.family.wales import Wales
from justice_analysis.synthetic.mess import Desk
from justice_analysis.synthetic.people import Days, Ints, days
from justice_analysis.synthetic.tables import NULL, Table, Text
from justice_analysis.synthetic.world import World

_TYPED_CENTURIES = np.array([1800, 2200, 2900, 7900])
_USED, _UNUSED_STATUS = (4, 1, 39), 35
_FEMALE = 0


@dataclass(frozen=True)
class Files:
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
        """The column that says when rows were loaded."""
        return np.full(n, self.world.extract_date)

    def court(self, case: Ints) -> Text:
        """Names of courts; numbers stand for no real court."""
        return self.named("Family Court W", (self.wales.courts.cases.area[case] - 1) % 22 // 3)

    def named(self, kind: str, number: Ints) -> Text:
        """Numbered names, such as of courts, for numbers from 0."""
        labels = tuple(f"{kind}{one:02d}" for one in range(1, int(number.max(initial=0)) + 2))
        return Text(number, labels)


def contacts(files: Files) -> Table:
    """One row per person of a Welsh family."""
    person, desk = files.person, files.desk
    system = files.world.keys(len(person))[desk.stream.permutation(len(person))]
    table: Table = {
        "CONTACTID_E": files.contact[person],
        "SYSTEM_ID_E": system,
        "WOB": _typed(files, _week(files, person)),
        "AVAIL_FROM_DT": files.available(len(person)),
    }
    return table


def _week(files: Files, person: Ints) -> Days:
    """Monday of the week of birth; day 0 (1970-01-01) was a Thursday."""
    birth: Days = files.world.people.birth[person - 1].astype("datetime64[D]")
    week: Days = birth - days((birth.astype(np.int64) + 3) % 7)
    return week


def _typed(files: Files, week: Days) -> Days:
    """Weeks of birth of which a few have a mistyped century."""
    desk = files.desk
    typo = desk.drawn(len(week), files.world.rates.century_typos)
    desk.note("cafcass_contacts", "WOB", "century_typos", typo.sum())
    months = week.astype("datetime64[M]").astype(np.int64)
    year, month = 1970 + months // 12, months % 12
    century = desk.stream.choice(_TYPED_CENTURIES, len(week))
    wrong = ((century + year % 100 - 1970) * 12 + month).astype("datetime64[M]")
    return np.where(typo, wrong.astype("datetime64[D]"), week)


def linkage(files: Files, system: Ints) -> Table:
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


def relationships(files: Files) -> Table:
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
