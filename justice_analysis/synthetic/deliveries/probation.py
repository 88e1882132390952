"""Data First probation as delivered: events with their disposal, and requirements.

The world holds licence and post-sentence supervision as supervision of their own, from
release, and they are delivered as events of their own.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_analysis.synthetic.criminal.codes import OFFENCE_GROUPS
from justice_analysis.synthetic.deliveries.criminal_offences import principal_codes
from justice_analysis.synthetic.deliveries.criminal_records import (
    SELF_DEFINED_LABELS,
    Register,
    keys_by_position,
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
from justice_analysis.synthetic.people import FEMALE, NO_DATE, Days, Ints
from justice_analysis.synthetic.tables import (
    NULL,
    Column,
    Table,
    Text,
    append_rows,
    hashes,
    take,
    take_rows,
)
from justice_analysis.synthetic.world import World

DATASET = "probation"
EVENTS, REQUIRED = "moj_probation_flatfile", "moj_probation_rqmnts"
FIRST_REFERRAL = np.datetime64("2014-01-01")
# Community order and suspended sentence order under each Act, and the supervision after release.
_DISPOSALS = (
    "CJA2003 - Community Order",
    "ORA Community Order",
    "SA2020 Community Order",
    "CJA2003 - Suspended Sentence Order",
    "ORA Suspended Sentence Order",
    "SA2020 Suspended Sentence Order",
    "Licence",
    "Post Sentence Supervision",
)
# Offender Rehabilitation Act 2014 and Sentencing Act 2020 in force.
_ACTS = np.array(["2015-02-01", "2020-12-01"], dtype="datetime64[D]")
_CODES = ("W", "F", "AP", "AT", "AM", "DR", "MH", "CU")
_CATEGORIES = (
    "Unpaid Work",
    "Rehabilitation Activity Requirement (RAR)",
    "Accredited Programme",
    "Alcohol Treatment",
    "Alcohol Abstinence & Electronic Monitoring (AAMR)",
    "Drug Rehabilitation",
    "Mental Health Treatment",
    "Curfew",
)
_REASONS = (
    "Requirement Completed",
    "Expired (Normal)",
    "Revoked (Breach)",
    "Revoked (Good Progress)",
)
# Words of each self-defined code, in the order of `SELF_DEFINED_LABELS`, then what says none.
_ETHNICITIES = {
    "W1": "White: British/English/Welsh/Scottish/Northern Irish",
    "W2": "White : Irish",
    "W3": "White: Gypsy, Irish Traveller, Romany",
    "W9": "White : Other",
    "M1": "Mixed: White and Black Caribbean",
    "M2": "Mixed: White and Black African",
    "M3": "Mixed: White and Asian",
    "M9": "Mixed : Other",
    "A1": "Asian or Asian British: Indian",
    "A2": "Asian or Asian British: Pakistani",
    "A3": "Asian or Asian British: Bangladeshi",
    "A4": "Chinese",
    "A9": "Asian or Asian British: Other",
    "B1": "Black or Black British: Caribbean",
    "B2": "Black or Black British: African",
    "B9": "Black or Black British: Other",
    "O2": "Arab",
    "O9": "Other Ethnic Group",
}
ETHNICITY_LABELS = tuple(_ETHNICITIES[code] for code in SELF_DEFINED_LABELS if code != "NS")
_NO_ETHNICITY = ("Refusal", "Z_Dummy Ethnicity 04", "Z_Dummy Ethnicity 05")
_RANKS = 32_844  # areas in the English index of 2019
_SMALL_AREAS = 200  # invented small areas in each area


def delivered_positions(world: World) -> Ints:
    """Which supervisions are in the data: those referred from its first day to the extract."""
    referral = world.lives.supervisions.referral
    return np.flatnonzero((referral >= FIRST_REFERRAL) & (referral <= world.extract_date))


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver events and requirements."""
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    held, at = world.lives.supervisions, delivered_positions(world)
    event_hash, row_hash = hashes(len(at), stream), hashes(len(at), stream)
    events = {"event_id_hash": event_hash, **_events(world, desk, at)}
    repeated = np.flatnonzero(desk.drawn(len(at), world.rates.repeated_events))
    desk.note(EVENTS, "event_id_hash", "repeated_events", len(repeated))
    every = pa.concat_arrays([row_hash, hashes(len(repeated), stream)])
    again = _again(events, held.referral[at], repeated)
    rows: Table = {"row_id_hash": every, **append_rows(events, again)}
    person = np.concatenate([held.person[at], held.person[at][repeated]])
    ids = events["estimated_offender_id"]
    tables: dict[str, Table] = {
        EVENTS: desk.duplicate_rows(EVENTS, rows),
        REQUIRED: _requirements(world, desk, at, event_hash, ids),
    }
    return Delivered(
        tables,
        [(EVENTS, every, person)],
        np.zeros(0, dtype=object),
        keys_by_position(len(held), at, row_hash),
    )


def _events(world: World, desk: Desk, at: Ints) -> Table:
    held = world.lives.supervisions
    person, prosecution = held.person[at], held.prosecution[at]
    register = Register(world, desk, EVENTS, person, held.referral[at])
    end = open_ends(desk, EVENTS, "disposal_termination_date", held.end[at])
    begun, ended = swapped_days(desk, EVENTS, "disposal_termination_date", held.start[at], end)
    offence_date = np.append(world.lives.prosecutions.offence_date, NO_DATE)[prosecution]
    length = held.length_days[at]
    known = spoiled_lengths(desk, EVENTS, "length_in_days", length)
    sex = np.where(world.people.sex[person - 1] == FEMALE, 0, 1)
    age = ages_on(world, person, offence_date)
    return {
        "estimated_offender_id": offender_ids(register),
        "offender_id": _numbers(world, person),
        "referral_date": held.referral[at],
        "main_offence_date": _some_blank(desk, offence_date),
        "disposal_date": begun,
        "disposal_termination_date": ended,
        "disposal_type_description": Text(_disposals(held.kind[at], held.start[at]), _DISPOSALS),
        "length": np.round(length / 30.4375),
        "length_in_days": known.astype(np.float64),
        "mo_code": principal_codes(world, prosecution),
        "mo_category_description": Text(offence_groups(world, prosecution), OFFENCE_GROUPS),
        "gender": varied(desk, EVENTS, "gender", Text(sex, ("F", "M"))),
        "ethnicity_desc": _ethnicities(world, desk, person),
        "age_at_offence": spoiled_ages(desk, EVENTS, "age_at_offence", age),
        **_residence(desk, held.area[at]),
        "probation_area_desc": _areas(held.area[at]),
        "recall_count": held.recalls[at],
    }


def _numbers(world: World, person: Ints) -> pa.Array:
    """Offender ids of the source, one a person."""
    return pa.array(world.chunk.people_before + person).cast(pa.string())


def _some_blank(desk: Desk, date: Days) -> Days:
    hit = desk.drawn(len(date), desk.rates.blank_offence_dates) & ~np.isnat(date)
    desk.note(EVENTS, "main_offence_date", "blank_offence_dates", hit.sum())
    return np.where(hit, NO_DATE, date)


def _disposals(kind: Ints, start: Days) -> Ints:
    """Type of disposal: of an order, by the Act in force on its first day."""
    act = np.searchsorted(_ACTS, start, side="right")
    return np.where(kind < 2, 3 * kind + act, kind + 4).astype(np.int64)


def _ethnicities(world: World, desk: Desk, person: Ints) -> Text:
    said = Text(ethnicity_codes(world, person), (*ETHNICITY_LABELS, *_NO_ETHNICITY))
    count = len(_NO_ETHNICITY)
    return without_ethnicity(desk, EVENTS, "ethnicity_desc", said, instead=count)


def _residence(desk: Desk, area: Ints) -> Table:
    """Invented small areas, and their ranks of deprivation: some zero, which means missing."""
    small = desk.stream.integers(0, _SMALL_AREAS, len(area))
    number = area.astype(np.int64) * _SMALL_AREAS + small
    zero = desk.drawn(len(area), desk.rates.zero_ranks)
    desk.note(EVENTS, "imd_rank", "zero_ranks", zero.sum())
    # Any fixed scattering of the areas over the ranks will do.
    rank = 1 + (number * 7919) % _RANKS
    text = pa.array(number).cast(pa.string())
    return {
        "lsoa_residence": pc.binary_join_element_wise("X", text, ""),
        "imd_rank": np.where(zero, 0, rank),
    }


def _areas(area: Ints) -> Text:
    """Neutral names of probation areas."""
    known = np.unique(area)
    names = tuple(f"probation area {one:03d}" for one in known)
    return Text(np.searchsorted(known, area).astype(np.int64), names)


def _again(events: Table, referral: Days, at: Ints) -> Table:
    """Second rows of these events, each with a referral a week before."""
    return {**take_rows(events, at), "referral_date": referral[at] - np.timedelta64(7, "D")}


def _requirements(
    world: World, desk: Desk, at: Ints, event_hash: pa.Array, offender: Column
) -> Table:
    """Requirements of the events that are delivered."""
    held, supervised = world.lives.requirements, world.lives.supervisions
    position = np.full(len(supervised), -1)
    position[at] = np.arange(len(at))
    rows = np.flatnonzero(position[held.supervision] >= 0)
    of = held.supervision[rows]
    imposed, ended = swapped_days(
        desk, REQUIRED, "rqmnt_termination_date", held.imposed[rows], held.ended[rows]
    )
    kind = held.kind[rows].astype(np.int64)
    length = held.length[rows]
    return {
        "estimated_offender_id": take(offender, position[of]),
        "event_id_hash": event_hash.take(pa.array(position[of])),
        "rqmnt_type_main_category_code": Text(kind, _CODES),
        "rqmnt_type_main_category_desc": Text(kind, _CATEGORIES),
        "rqmnt_start_date": imposed,
        "rqmnt_commencement_date": held.commenced[rows],
        "rqmnt_termination_date": ended,
        "rqmnt_termination_reason_desc": Text(held.termination[rows].astype(np.int64), _REASONS),
        "length": np.where(length > 0, length, NULL),
        "probation_area_desc": _areas(supervised.area[of]),
    }
