"""Data First family court as delivered."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.courts import ARRANGEMENTS, PRIVATE_LAW, SUBJECT
from justice_analysis.synthetic.delivery import Delivered, World, risk_of
from justice_analysis.synthetic.mess import Desk, MessLog, spoil_links
from justice_analysis.synthetic.people import NO_DATE, Bools, Ints, days, region_of
from justice_analysis.synthetic.tables import Table, Text, hashes

DATASET = "family_court"

_CASE_TYPES = ("public_law", "private_law")
_ROLES = ("child", "respondent", "applicant")
_MODELS = ("application", "order", "hearing", "administrative")
_APPLICATIONS = {
    1: "care_order",
    2: "supervision_order",
    3: "placement_order",
    4: "emergency_protection_order",
    5: "discharge_of_care_order",
    ARRANGEMENTS: "child_arrangements_order",
}
_ORDERS = {
    1: "order_refused",
    2: "no_order",
    3: "family_assistance_order",
    4: "supervision_order",
    5: "residence_order",
    6: "special_guardianship_order",
    7: "child_arrangements_order",
    8: "emergency_protection_order",
    9: "care_order",
    10: "secure_accommodation_order",
    11: "placement_order",
    20: "interim_care_order",
    21: "interim_supervision_order",
    30: "case_management_direction",
    31: "application_withdrawn",
}


def in_family_court(world_issue: np.ndarray, from_date: np.datetime64) -> Bools:
    """Which cases the family court data cover: those issued from its first day on."""
    return world_issue >= from_date


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver the three family court tables."""
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    covered = in_family_court(
        world.courts.cases.issue, np.datetime64(world.parameters.family_court_from)
    )
    cases = np.flatnonzero(covered)
    case_hash = hashes(len(cases), stream)
    position = np.full(len(covered), -1)
    position[cases] = np.arange(len(cases))
    person, role, case = _people_on_cases(world, covered)
    row_hash = hashes(len(person), stream)
    siblings = (world.courts.cases.related[cases] >= 0).sum()
    desk.note("cases", "related_case_number_hash", "sibling_cases", siblings)
    tables: dict[str, Table] = {
        "cases": _cases(world, cases, case_hash, position, _children(case, role, len(covered))),
        "events": desk.duplicate_rows("events", _events(world, desk, covered, case_hash, position)),
        "people": _people(world, desk, case, person, role, row_hash, case_hash, position),
        "event_children": {
            "event_id": pa.array([], pa.string()),
            "row_id_hash": pa.array([], pa.string()),
        },
    }
    keys = np.full(len(covered), None, dtype=object)
    keys[cases] = np.array(case_hash.to_pylist(), dtype=object)
    return Delivered(tables, [("people", row_hash, person)], keys)


def _people_on_cases(world: World, covered: Bools) -> tuple[Ints, Ints, Ints]:
    """Each person once per case: person, role and case."""
    courts = world.courts
    case = courts.applications.case[courts.members.application]
    rows = np.flatnonzero(covered[case])
    order = rows[np.lexsort((courts.members.role[rows], courts.members.person[rows], case[rows]))]
    person = courts.members.person[order]
    new = (np.diff(case[order], prepend=-1) != 0) | (np.diff(person, prepend=-1) != 0)
    kept = order[new]
    return courts.members.person[kept], courts.members.role[kept], case[kept]


def _children(case: Ints, role: Ints, n: int) -> Ints:
    return np.bincount(case[role == SUBJECT], minlength=n)


def _hash_at(case_hash: pa.Array, position: Ints) -> pa.Array:
    """Case hashes by position; missing where the position is negative."""
    return case_hash.take(pa.array(position, mask=position < 0))


def _cases(world: World, cases: Ints, case_hash: pa.Array, position: Ints, children: Ints) -> Table:
    held = world.courts.cases
    final = held.final[cases]
    related = held.related[cases]
    related_position = np.where(related >= 0, position[related], -1)
    return {
        "case_number_hash": case_hash,
        "case_type": Text((held.kind[cases] == PRIVATE_LAW).astype(np.int64), _CASE_TYPES),
        "receipt_date": held.issue[cases],
        "case_closed_date": np.where(final <= world.extract_date, final, NO_DATE),
        "creating_court": (held.area[cases] - 1) // 4 + 1,
        "dfj_area": region_of(held.area[cases]),
        "related_case_number_hash": _hash_at(case_hash, related_position),
        "number_of_children": children[cases],
        "transfer_in_date": np.full(len(cases), NO_DATE),
    }


def _events(world: World, desk: Desk, covered: Bools, case_hash: pa.Array, position: Ints) -> Table:
    """Applications, hearings and orders; an order is one event for the whole case."""
    courts, outputs = world.courts, world.outputs
    applied = covered[courts.applications.case]
    applied &= courts.applications.issue <= world.extract_date
    at = np.flatnonzero(applied)
    cases = np.flatnonzero(covered)
    first_hearing = courts.cases.issue[cases] + days(desk.stream.integers(5, 40, len(cases)))
    heard = first_hearing <= world.extract_date
    ordered = np.flatnonzero(covered[outputs.case])
    keys = np.stack(
        [outputs.case[ordered], outputs.ordered[ordered].astype(np.int64), outputs.code[ordered]]
    )
    _, first = np.unique(keys, axis=1, return_index=True)
    order = ordered[first]
    case = np.concatenate([courts.applications.case[at], cases[heard], outputs.case[order]])
    sizes = (len(at), int(heard.sum()), len(order))
    application_codes, application_labels = _coded(courts.applications.code[at], _APPLICATIONS)
    order_codes, order_labels = _coded(outputs.code[order], _ORDERS)
    none = np.full(len(case), -1)
    application_type, order_type = none.copy(), none.copy()
    application_type[: sizes[0]] = application_codes
    order_type[sizes[0] + sizes[1] :] = order_codes
    final = np.zeros(len(case), dtype=bool)
    final[sizes[0] + sizes[1] :] = outputs.is_final[order]
    received = np.concatenate(
        [courts.applications.issue[at], first_hearing[heard], outputs.ordered[order]]
    )
    error = desk.drawn(len(case), world.rates.error_events)
    desk.note("events", "error", "error_events", error.sum())
    return {
        "event_id": pa.array(world.keys(len(case))[desk.stream.permutation(len(case))]).cast(
            pa.string()
        ),
        "case_number_hash": _hash_at(case_hash, position[case]),
        "event_model": Text(np.repeat([0, 2, 1], sizes), _MODELS),
        "receipt_date": received,
        "entry_date": np.minimum(
            received + days(desk.stream.integers(0, 5, len(case))), world.extract_date
        ),
        "creating_court": (courts.cases.area[case] - 1) // 4 + 1,
        "application_type": Text(application_type, application_labels),
        "order_type": Text(order_type, order_labels),
        "is_final_order": final,
        "is_high_court": np.zeros(len(case), dtype=bool),
        "error": error,
    }


def _coded(codes: Ints, labels: dict[int, str]) -> tuple[Ints, tuple[str, ...]]:
    """Positions in a tuple of labels, for codes of our own."""
    known = np.array(list(labels))
    return np.searchsorted(known, codes), tuple(labels.values())


def _people(
    world: World,
    desk: Desk,
    case: Ints,
    person: Ints,
    role: Ints,
    row_hash: pa.Array,
    case_hash: pa.Array,
    position: Ints,
) -> Table:
    seen, area = world.courts.cases.issue[case], world.courts.cases.area[case]
    no_birth = desk.drawn(len(person), world.rates.missing_birth_month)
    desk.note("people", "dob", "missing_birth_month", no_birth.sum())
    birth = world.people.birth[person - 1].astype("datetime64[M]")
    return {
        "row_id_hash": row_hash,
        "case_number_hash": _hash_at(case_hash, position[case]),
        "role_model": Text(role, _ROLES),
        "gender": np.where(world.people.sex[person - 1] == 1, 1, 2),
        "dob": np.where(no_birth, np.datetime64("NaT", "M"), birth),
        "representative_role": Text(np.full(len(person), -1), ()),
        "ALF2_PE": spoil_links(
            desk,
            "people",
            "ALF2_PE",
            own=world.identifiers.alf2[person],
            alike=world.people.kind[person - 1].astype(np.int64),
            risk=risk_of(world, person, seen, area),
        ),
    }
