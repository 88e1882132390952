"""Events of family court cases as delivered, and the children that some of them list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.deliveries.family_court_codes import (
    ABSOLUTE,
    APPLICATION,
    APPLICATION_LABELS,
    CONDITIONAL,
    DIVORCE,
    FINAL,
    HEARING,
    MODELS,
    NISI,
    ORDER,
    ORDER_LABELS,
    application_positions,
    order_positions,
)
from justice_analysis.synthetic.entries import join_entries
from justice_analysis.synthetic.family.courts import SUBJECT
from justice_analysis.synthetic.mess import Desk
from justice_analysis.synthetic.people import Bools, Days, Ints, days
from justice_analysis.synthetic.tables import Table, Text
from justice_analysis.synthetic.world import World

NONE = -1


@dataclass(frozen=True)
class Events:
    """One entry per event: `case` is a position in the delivered table of cases.

    `application` and `order` are codes of ours, `NONE` where the event is of another model.
    """

    case: Ints
    model: Ints
    received: Days
    court: Ints
    application: Ints
    order: Ints
    is_final: Bools

    def __len__(self) -> int:
        return len(self.case)


@dataclass(frozen=True)
class Listed:
    """One entry per event and child that it could list: position of the event, person id."""

    event: Ints
    child: Ints


def _events(
    case: Ints,
    model: int,
    received: Days,
    court: Ints,
    *,
    application: Ints | Bools | int = NONE,
    order: Ints | Bools | int = NONE,
    is_final: Ints | Bools | bool = False,
) -> Events:
    n = len(case)
    return Events(
        case,
        np.full(n, model),
        received,
        court,
        np.broadcast_to(np.asarray(application), n),
        np.broadcast_to(np.asarray(order), n),
        np.broadcast_to(np.asarray(is_final), n),
    )


def events_about_children(
    world: World, desk: Desk, covered: Bools, position: Ints
) -> tuple[Events, Listed]:
    """Applications, first and final hearings, and orders: one event each for a whole case."""
    courts, outputs = world.courts, world.outputs
    court_of = (courts.cases.area - 1) // 4 + 1
    applied = covered[courts.applications.case]
    applied &= courts.applications.issue <= world.extract_date
    at = np.flatnonzero(applied)
    cases = np.flatnonzero(covered)
    first = courts.cases.issue[cases] + days(desk.stream.integers(5, 40, len(cases)))
    heard = first <= world.extract_date
    ended = courts.cases.final[cases] <= world.extract_date
    of_order, order = _distinct_orders(world, covered)

    def made(case: Ints, model: int, received: Days, **told: Ints | Bools) -> Events:
        return _events(position[case], model, received, court_of[case], **told)

    events = join_entries(
        *[
            made(
                courts.applications.case[at],
                APPLICATION,
                courts.applications.issue[at],
                application=courts.applications.code[at],
            ),
            made(cases[heard], HEARING, first[heard]),
            made(cases[ended], HEARING, courts.cases.final[cases[ended]]),
            made(
                outputs.case[order],
                ORDER,
                outputs.ordered[order],
                order=outputs.code[order],
                is_final=outputs.is_final[order],
            ),
        ]
    )
    first_order = len(events) - len(order)
    listed = [_on_applications(world, at), _on_orders(world, covered, of_order, first_order)]
    return events, Listed(
        np.concatenate([part.event for part in listed]),
        np.concatenate([part.child for part in listed]),
    )


def _distinct_orders(world: World, covered: Bools) -> tuple[Ints, Ints]:
    """For each output of a covered case its order; and the first output of each order."""
    outputs = world.outputs
    ordered = np.flatnonzero(covered[outputs.case])
    keys = np.stack(
        [outputs.case[ordered], outputs.ordered[ordered].astype(np.int64), outputs.code[ordered]]
    )
    _, first, of = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    return of.reshape(-1), ordered[first]


def _on_applications(world: World, at: Ints) -> Listed:
    members = world.courts.members
    event = np.full(len(world.courts.applications), NONE)
    event[at] = np.arange(len(at))
    rows = np.flatnonzero((members.role == SUBJECT) & (event[members.application] >= 0))
    return Listed(event[members.application[rows]], members.person[rows])


def _on_orders(world: World, covered: Bools, of_order: Ints, first_order: int) -> Listed:
    """Each order with its children, each once although there may be several applications."""
    outputs = world.outputs
    ordered = np.flatnonzero(covered[outputs.case])
    pairs = np.unique(np.stack([of_order, outputs.child[ordered]]), axis=1)
    return Listed(first_order + pairs[0], pairs[1])


def events_of_divorces(world: World, chosen: Ints, first_case: int) -> Events:
    """Petitions or applications and orders of these divorces; their cases follow the others."""
    held = world.divorces
    case = first_case + np.arange(len(chosen))
    court, no_fault = held.court[chosen], held.is_no_fault[chosen]
    parts = [_events(case, APPLICATION, held.petition[chosen], court, application=DIVORCE)]
    for day, old, new, final in (
        (held.conditional[chosen], NISI, CONDITIONAL, False),
        (held.final[chosen], ABSOLUTE, FINAL, True),
    ):
        made = np.flatnonzero(~np.isnat(day))
        code = np.where(no_fault[made], new, old)
        parts.append(_events(case[made], ORDER, day[made], court[made], order=code, is_final=final))
    return join_entries(*parts)


def events_table(
    world: World, desk: Desk, events: Events, case_hash: pa.Array, high_court: Bools
) -> Table:
    """The delivered table, before any row is delivered twice."""
    n = len(events)
    application, order = np.full((2, n), NONE)
    asked, ordered = events.application != NONE, events.order != NONE
    application[asked] = application_positions(events.application[asked])
    order[ordered] = order_positions(events.order[ordered])
    error = desk.drawn(n, world.rates.error_events)
    desk.note("events", "error", "error_events", error.sum())
    entered = events.received + days(desk.stream.integers(0, 5, n))
    ids = world.keys(n)[desk.stream.permutation(n)]
    return {
        "event_id": pa.array(ids).cast(pa.string()),
        "case_number_hash": case_hash.take(pa.array(events.case)),
        "event_model": Text(events.model, MODELS),
        "receipt_date": events.received,
        "entry_date": np.minimum(entered, world.extract_date),
        "creating_court": events.court,
        "application_type": Text(application, APPLICATION_LABELS),
        "order_type": Text(order, ORDER_LABELS),
        "is_final_order": events.is_final,
        "is_high_court": high_court[events.case],
        "error": error,
    }


def listed_table(
    world: World, desk: Desk, events: Table, listed: Listed, row: Ints, row_hash: pa.Array
) -> Table:
    """Children that some events list; `row` is each pair's position among people, or `NONE`."""
    event_id = events["event_id"]
    assert isinstance(event_id, pa.Array)
    lists = desk.drawn(len(event_id), world.parameters.family.listing_events)
    at = np.flatnonzero(lists[listed.event] & (row >= 0))
    return {
        "event_id": event_id.take(pa.array(listed.event[at])),
        "row_id_hash": row_hash.take(pa.array(row[at])),
    }
