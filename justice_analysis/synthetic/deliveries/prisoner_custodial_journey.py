"""Data First prisoner custodial journey as delivered: journeys, and their segments.

Journeys run to the extract, as a later release of the data would. Ids of offenders change from
one term to the next for some, as they are known to do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.criminal.codes import CUSTODY_STATUSES, OFFENCE_GROUPS
from justice_analysis.synthetic.criminal.lives import CustodySegments
from justice_analysis.synthetic.deliveries.criminal_records import (
    SELF_DEFINED_LABELS,
    Register,
    days_or_null,
    offender_ids,
    varied,
)
from justice_analysis.synthetic.deliveries.custody_records import (
    ages_on,
    ethnicity_codes,
    offence_groups,
    open_ends,
    spoiled_ages,
    spoiled_lengths,
    swapped_days,
    without_ethnicity,
)
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import Desk, MessLog
from justice_analysis.synthetic.people import FEMALE, NO_DATE, Bools, Days, Ints, days
from justice_analysis.synthetic.tables import Table, Text, hashes
from justice_analysis.synthetic.world import World

DATASET = "prisoner_custodial_journey"
JOURNEYS, SEGMENTS = "nomis", "custody_segments"
_GENDERS = ("Female", "Male")


@dataclass(frozen=True)
class Journeys:
    """One entry per journey, in order of person and start; `first` is its first segment."""

    first: Ints
    person: Ints
    start: Days
    end: Days
    sentence_days: Ints
    offence_group: Ints
    followed: Bools

    def __len__(self) -> int:
        return len(self.person)


def journeys_of(world: World) -> tuple[Journeys, Ints]:
    """Join the segments into journeys; and the journey of each segment.

    `followed` says whether another journey of the person comes after.
    """
    held = world.lives.custody
    order = np.lexsort((held.start, held.journey, held.person))
    new = np.diff(held.journey[order], prepend=-1) != 0
    of = np.empty(len(order), dtype=np.int64)
    of[order] = np.cumsum(new) - 1
    begins = np.flatnonzero(new)
    last = np.append(begins[1:], len(order)) - 1
    person = held.person[order[begins]]
    days_of = np.zeros(len(begins), dtype=np.int64)
    np.maximum.at(days_of, of, held.sentence_days)
    journeys = Journeys(
        order[begins],
        person,
        held.start[order[begins]],
        held.end[order[last]],
        days_of,
        offence_groups(world, _prosecutions(held, of, len(begins))),
        np.append(person[1:] == person[:-1], False) if len(person) else np.zeros(0, dtype=bool),
    )
    return journeys, of


def _prosecutions(held: CustodySegments, of: Ints, n: int) -> Ints:
    """The latest prosecution known of each journey, -1 where none is."""
    found = np.full(n, -1)
    np.maximum.at(found, of, held.prosecution)
    return found


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver journeys and segments."""
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    journeys, of = journeys_of(world)
    row_hash = hashes(len(journeys), stream)
    table = {"row_id_hash": row_hash, **_journeys(world, desk, journeys)}
    tables: dict[str, Table] = {
        JOURNEYS: desk.duplicate_rows(JOURNEYS, table),
        SEGMENTS: _segments(world, desk, of, row_hash),
    }
    keys = np.array(row_hash.to_pylist(), dtype=object)
    return Delivered(
        tables,
        [(JOURNEYS, row_hash, journeys.person)],
        np.zeros(0, dtype=object),
        keys[of] if len(of) else np.zeros(0, dtype=object),
    )


def _journeys(world: World, desk: Desk, journeys: Journeys) -> Table:
    person = journeys.person
    start, end = _dates(desk, journeys)
    register = Register(world, desk, JOURNEYS, person, journeys.start)
    sex = np.where(world.people.sex[person - 1] == FEMALE, 0, 1)
    said = Text(ethnicity_codes(world, person), SELF_DEFINED_LABELS)
    age = ages_on(world, person, journeys.start)
    length = days_or_null(journeys.sentence_days)
    return {
        "estimated_offender_id": offender_ids(register),
        **_unreliable_ids(desk, person),
        "journey_start_date": start,
        "journey_end_date": end,
        "age_at_reception": spoiled_ages(desk, JOURNEYS, "age_at_reception", age),
        "gender": varied(desk, JOURNEYS, "gender", Text(sex, _GENDERS)),
        # The last label is "not stated".
        "ethnicity": without_ethnicity(desk, JOURNEYS, "ethnicity", said, instead=1),
        "main_offence_group": varied(
            desk, JOURNEYS, "main_offence_group", Text(journeys.offence_group, OFFENCE_GROUPS)
        ),
        "sentence_length_days": spoiled_lengths(desk, JOURNEYS, "sentence_length_days", length),
    }


def _dates(desk: Desk, journeys: Journeys) -> tuple[Days, Days]:
    """Starts and ends: some ends lost or entered late, some open ones far off, some swapped."""
    rates, n = desk.rates, len(journeys)
    ended = journeys.followed & ~np.isnat(journeys.end)
    lost = ended & desk.drawn(n, rates.custody_lost_ends)
    room = _room_after(journeys)
    late = ended & ~lost & (room > 1) & desk.drawn(n, rates.custody_late_ends)
    desk.note(JOURNEYS, "journey_end_date", "lost_ends", lost.sum())
    desk.note(JOURNEYS, "journey_end_date", "late_ends", late.sum())
    following = np.append(journeys.start[1:], NO_DATE)[:n]
    later = following + days(1 + desk.stream.random(n) * (room - 1))
    end = np.where(lost, NO_DATE, np.where(late, later, journeys.end))
    end = open_ends(desk, JOURNEYS, "journey_end_date", end)
    spoiled = lost | late | np.append(False, late[:-1])[:n]
    return swapped_days(desk, JOURNEYS, "journey_end_date", journeys.start, end, but=spoiled)


def _room_after(journeys: Journeys) -> Ints:
    """Days of the journey that follows, so that an end entered late falls inside it."""
    lasts = (journeys.end - journeys.start).astype(np.int64)
    lasts = np.where(np.isnat(journeys.end), 365, lasts)
    return np.where(journeys.followed, np.append(lasts[1:], 0)[: len(journeys)], 0)


def _unreliable_ids(desk: Desk, person: Ints) -> Table:
    """Offender ids that change between terms for some people."""
    n = len(person)
    again = np.append(False, person[1:] == person[:-1])[:n]
    renewed = again & desk.drawn(n, desk.rates.new_offender_ids)
    desk.note(JOURNEYS, "offender_id", "new_offender_ids", renewed.sum())
    term = np.cumsum(~again | renewed) - 1
    held = pa.array(term)
    known = int(term[-1]) + 1 if n else 0
    return {
        "offender_id": hashes(known, desk.stream).take(held),
        "offender_id_display": hashes(known, desk.stream).take(held),
    }


def _segments(world: World, desk: Desk, of: Ints, row_hash: pa.Array) -> Table:
    """Each segment under the key of its journey, numbered from 1."""
    held = world.lives.custody
    order = np.lexsort((held.start, of))
    journey = of[order]
    first = np.append(True, journey[1:] != journey[:-1])[: len(journey)]
    begins = np.flatnonzero(first)
    number = np.arange(len(journey)) - begins[np.cumsum(first) - 1] + 1 if len(journey) else journey
    start, end = swapped_days(
        desk, SEGMENTS, "segment_end_date", held.start[order], held.end[order]
    )
    return {
        "row_id_hash": row_hash.take(pa.array(journey)),
        "segment_number": number,
        "legal_status": Text(held.status[order].astype(np.int64), CUSTODY_STATUSES),
        "segment_start_date": start,
        "segment_end_date": end,
    }
