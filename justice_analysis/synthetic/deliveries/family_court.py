"""Data First family court as delivered: cases about children, and divorces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.deliveries import family_court_codes as codes
from justice_analysis.synthetic.deliveries.delivered import Delivered, risk_of
from justice_analysis.synthetic.deliveries.family_court_events import (
    events_about_children,
    events_of_divorces,
    events_table,
    listed_table,
)
from justice_analysis.synthetic.entries import join_entries, take_entries
from justice_analysis.synthetic.family.courts import PRIVATE_LAW, SUBJECT, in_family_court
from justice_analysis.synthetic.mess import Desk, MessLog, spoil_links
from justice_analysis.synthetic.people import NO_DATE, Bools, Days, Ints, days, region_of
from justice_analysis.synthetic.tables import NULL, Table, Text, append_rows, hashes
from justice_analysis.synthetic.world import World

DATASET = "family_court"


@dataclass(frozen=True)
class _People:
    """One entry per person and case: `case` is a position in the delivered table of cases."""

    case: Ints
    person: Ints
    role: Ints
    seen: Days
    area: Ints
    represented: Bools


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver the four family court tables.

    `row_key` of what is returned has the key of each divorce's case (None: not covered).
    """
    desk = Desk(DATASET, world.rates, world.streams.stream(DATASET), log)
    starts = np.datetime64(world.parameters.family_court_from)
    covered = in_family_court(world.courts.cases.issue, starts)
    cases = np.flatnonzero(covered)
    divorces = np.flatnonzero(in_family_court(world.divorces.petition, starts))
    position = np.full(len(covered), -1)
    position[cases] = np.arange(len(cases))
    case_hash = hashes(len(cases) + len(divorces), desk.stream)
    people = _without_some_children(world, desk, _on_cases(world, desk, covered, position))
    children = np.bincount(people[1], minlength=len(cases))
    row = join_entries(people[0], _in_divorces(world, divorces, len(cases)))
    row_hash = hashes(len(row.person), desk.stream)
    high = desk.drawn(len(cases), world.parameters.family.high_court)
    high = np.concatenate([high, np.zeros(len(divorces), dtype=bool)])
    about, listed = events_about_children(world, desk, covered, position)
    events = join_entries(about, events_of_divorces(world, divorces, len(cases)))
    table = events_table(world, desk, events, case_hash, high)
    at = _row_of(row, about.case[listed.event], listed.child)
    tables: dict[str, Table] = {
        "cases": _cases(world, desk, cases, case_hash, position, children, divorces),
        "events": desk.duplicate_rows("events", table),
        "people": _people(world, desk, row, row_hash, case_hash),
        "event_children": listed_table(world, desk, table, listed, at, row_hash),
    }
    keys = _keys(len(covered), cases, case_hash[: len(cases)])
    row_key = _keys(len(world.divorces), divorces, case_hash[len(cases) :])
    return Delivered(tables, [("people", row_hash, row.person)], keys, row_key)


def _keys(n: int, at: Ints, case_hash: pa.Array) -> np.ndarray:
    keys = np.full(n, None, dtype=object)
    keys[at] = np.array(case_hash.to_pylist(), dtype=object)
    return keys


# People ---------------------------------------------------------------------------------


def _on_cases(world: World, desk: Desk, covered: Bools, position: Ints) -> _People:
    """Each person once per case about children, in order of cases."""
    courts = world.courts
    case = courts.applications.case[courts.members.application]
    rows = np.flatnonzero(covered[case])
    order = rows[np.lexsort((courts.members.role[rows], courts.members.person[rows], case[rows]))]
    person = courts.members.person[order]
    new = (np.diff(case[order], prepend=-1) != 0) | (np.diff(person, prepend=-1) != 0)
    kept = order[new]
    of, role = case[kept], courts.members.role[kept]
    private = courts.cases.kind[of] == PRIVATE_LAW
    rates = world.parameters.family
    chance = np.where(private, rates.represented_in_private, rates.represented_in_care)
    child = np.where(private, 1 - rates.represented_children, rates.represented_children)
    chance = np.where(role == SUBJECT, child, chance)
    return _People(
        position[of],
        courts.members.person[kept],
        role,
        courts.cases.issue[of],
        courts.cases.area[of],
        desk.drawn(len(kept), chance),
    )


def _without_some_children(world: World, desk: Desk, people: _People) -> tuple[_People, Ints]:
    """Leave the children of a few cases out; also the case of each child, left out or not."""
    is_child = people.role == SUBJECT
    cases = np.unique(people.case[is_child])
    none = cases[desk.drawn(len(cases), world.rates.cases_without_children)]
    desk.note("cases", "number_of_children", "cases_without_children", len(none))
    kept = ~(is_child & np.isin(people.case, none))
    return take_entries(people, kept), people.case[is_child]


def _in_divorces(world: World, chosen: Ints, first_case: int) -> _People:
    held = world.divorces
    case = first_case + np.arange(len(chosen))
    second = np.where(held.is_joint[chosen], codes.APPLICANT, codes.RESPONDENT)
    return _People(
        np.concatenate([case, case]),
        np.concatenate([held.applicant[chosen], held.respondent[chosen]]),
        np.concatenate([np.full(len(chosen), codes.APPLICANT), second]),
        np.concatenate([held.petition[chosen]] * 2),
        np.concatenate([held.area[chosen]] * 2),
        np.concatenate([held.applicant_represented[chosen], held.respondent_represented[chosen]]),
    )


def _row_of(people: _People, case: Ints, person: Ints) -> Ints:
    """Position among people of each case and person; -1 where they are not delivered."""
    width = int(max(people.person.max(initial=0), person.max(initial=0))) + 1
    held = people.case * width + people.person
    order = np.argsort(held)
    wanted = case * width + person
    at = np.searchsorted(held[order], wanted).clip(max=max(len(held) - 1, 0))
    return np.where(held[order][at] == wanted, order[at], -1)


def _people(
    world: World, desk: Desk, people: _People, row_hash: pa.Array, case_hash: pa.Array
) -> Table:
    person = people.person
    no_birth = desk.drawn(len(person), world.rates.missing_birth_month)
    desk.note("people", "dob", "missing_birth_month", no_birth.sum())
    odd = desk.drawn(len(person), world.rates.unknown_genders)
    desk.note("people", "gender", "unknown_genders", odd.sum())
    birth = world.people.birth[person - 1].astype("datetime64[M]")
    number = pa.array(world.keys(len(person)), mask=~people.represented)
    return {
        "row_id_hash": row_hash,
        "case_number_hash": case_hash.take(pa.array(people.case)),
        "role_model": Text(people.role, codes.ROLES),
        "gender": np.where(odd, 9, np.where(world.people.sex[person - 1] == 1, 1, 2)),
        "dob": np.where(no_birth, np.datetime64("NaT", "M"), birth),
        "representative_role": number.cast(pa.string()),
        "ALF2_PE": spoil_links(
            desk,
            "people",
            "ALF2_PE",
            own=world.identifiers.alf2[person],
            alike=world.people.kind[person - 1].astype(np.int64),
            risk=risk_of(world, person, people.seen, people.area),
        ),
    }


# Cases ----------------------------------------------------------------------------------


def _cases(
    world: World,
    desk: Desk,
    cases: Ints,
    case_hash: pa.Array,
    position: Ints,
    children: Ints,
    divorces: Ints,
) -> Table:
    held = world.courts.cases
    final, related = held.final[cases], held.related[cases]
    siblings = np.where(related >= 0, position[related], -1)
    desk.note("cases", "related_case_number_hash", "sibling_cases", (related >= 0).sum())
    received = held.issue[cases]
    about = {
        "case_number_hash": case_hash[: len(cases)],
        "case_type": Text(
            np.where(held.kind[cases] == PRIVATE_LAW, codes.PRIVATE, codes.PUBLIC),
            codes.CASE_TYPES,
        ),
        "receipt_date": received,
        "case_closed_date": np.where(final <= world.extract_date, final, NO_DATE),
        "creating_court": (held.area[cases] - 1) // 4 + 1,
        "dfj_area": region_of(held.area[cases]),
        "related_case_number_hash": case_hash.take(pa.array(siblings, mask=siblings < 0)),
        "number_of_children": children,
        "transfer_in_date": _transfers(
            desk, received, world.parameters.family.transferred_in, world.extract_date
        ),
    }
    table = append_rows(about, _divorce_cases(world, desk, case_hash[len(cases) :], divorces))
    undated = desk.drawn(len(case_hash), world.rates.court_cases_undated)
    desk.note("cases", "receipt_date", "court_cases_undated", undated.sum())
    table["receipt_date"] = np.where(undated, NO_DATE, np.asarray(table["receipt_date"]))
    return table


def _transfers(desk: Desk, received: Days, rate: float, extract: np.datetime64) -> Days:
    """Days on which some cases came from another court: before or after they were received."""
    moved = desk.drawn(len(received), rate)
    day = received + days(desk.stream.integers(-60, 120, len(received)))
    return np.where(moved & (day <= extract), day, NO_DATE)


def _divorce_cases(world: World, desk: Desk, case_hash: pa.Array, chosen: Ints) -> Table:
    n, held = len(chosen), world.divorces
    petition, area = held.petition[chosen], held.area[chosen]
    rate = world.parameters.family.transferred_divorces
    return {
        "case_number_hash": case_hash,
        "case_type": Text(np.full(n, codes.DIVORCE_CASE), codes.CASE_TYPES),
        "receipt_date": petition,
        "case_closed_date": held.final[chosen],
        "creating_court": (area - 1) // 4 + 1,
        "dfj_area": region_of(area),
        "related_case_number_hash": pa.nulls(n, pa.string()),
        "number_of_children": np.full(n, NULL),
        "transfer_in_date": _transfers(desk, petition, rate, world.extract_date),
    }
