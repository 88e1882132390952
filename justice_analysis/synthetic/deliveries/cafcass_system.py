"""One of the two Cafcass systems: its cases, its people and the keys it gives them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.deliveries.delivered import Presence, met_people, parent_pairs
from justice_analysis.synthetic.family.courts import PRIVATE_LAW, SUBJECT
from justice_analysis.synthetic.mess import Desk, MessLog
from justice_analysis.synthetic.people import Bools, Days, Ints
from justice_analysis.synthetic.world import World

DATASET = "cafcass_england"
PUBLIC, PRIVATE = 1, 2


@dataclass(frozen=True)
class System:
    """One of the two systems: its cases and, by position in the world, the keys it gives.

    `member_rows` are positions of delivered members; `member_key` the person key on each row
    (the second key of a person with two records, on some rows).
    """

    world: World
    desk: Desk
    cases: Ints
    case_key: Ints
    applications: Ints
    application_key: Ints
    member_rows: Ints
    member_key: Ints
    presence: Presence
    person_key: Ints
    row_person: Ints
    row_key: Ints

    @property
    def loaded(self) -> np.datetime64:
        """Date on which rows were made available."""
        return self.world.extract_date

    def closed(self) -> Days:
        """Date of closure of each case, missing while open at the extract."""
        final = self.world.courts.cases.final[self.cases]
        return np.where(final <= self.loaded, final, np.datetime64("NaT"))

    def law_type(self) -> Ints:
        """Law type of each case."""
        kind = self.world.courts.cases.kind[self.cases]
        return np.where(kind == PRIVATE_LAW, PRIVATE, PUBLIC)

    def available(self, n: int) -> Days:
        """The column that says when rows were loaded."""
        return np.full(n, self.loaded)


def open_system(world: World, log: MessLog, people_table: str, in_system: Bools) -> System:
    """Find the cases, applications, members and people of one system and give them keys."""
    stream = world.streams.stream(people_table)
    desk = Desk(DATASET, world.rates, stream, log)
    courts = world.courts
    cases = np.flatnonzero(in_system)
    case_key = _keys(len(in_system), cases, world.first_key, stream)
    delivered = in_system[courts.applications.case]
    delivered &= courts.applications.issue <= world.extract_date
    applications = np.flatnonzero(delivered)
    application_key = _keys(len(delivered), applications, world.first_key, stream)
    rows = np.flatnonzero(delivered[courts.members.application])
    children = np.unique(courts.members.person[rows][courts.members.role[rows] == SUBJECT])
    child, parent = parent_pairs(world, children)
    presence = met_people(world, rows, (parent, child))
    # A person with two records has one more key, used on about half of her rows.
    twice = np.flatnonzero(desk.drawn(len(presence.person), world.rates.duplicate_people))
    row_person = np.concatenate([presence.person, presence.person[twice]])
    row_key = world.keys(len(row_person))[stream.permutation(len(row_person))]
    person_key = np.zeros(len(world.people) + 1, dtype=np.int64)
    person_key[presence.person] = row_key[: len(presence.person)]
    second_key = person_key.copy()
    second_key[presence.person[twice]] = row_key[len(presence.person) :]
    person = courts.members.person[rows]
    member_key = np.where(stream.random(len(rows)) < 0.5, person_key[person], second_key[person])
    desk.note(people_table, "*", "duplicate_people", len(twice))
    return System(
        world,
        desk,
        cases,
        case_key,
        applications,
        application_key,
        rows,
        member_key,
        presence,
        person_key,
        row_person,
        row_key,
    )


def _keys(n: int, chosen: Ints, first: int, stream: np.random.Generator) -> Ints:
    """Keys from the first on in no telling order; 0 for what the system does not hold."""
    keys = np.zeros(n, dtype=np.int64)
    keys[chosen] = first + stream.permutation(len(chosen))
    return keys
