"""The MoJ-DfE linked dataset as delivered: pupils' schooling and care, and offences dealt with."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.criminal.codes import OFFENCE_GROUPS
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import Desk, MessLog, spoil_links
from justice_analysis.synthetic.people import Days, Ints
from justice_analysis.synthetic.schools.records import (
    EXCLUSIONS,
    FIXED,
    KEY_STAGES,
    NEEDS,
    SCHOOL_TYPES,
    attainment,
    exclusions,
    school_years,
)
from justice_analysis.synthetic.schools.sanctions import CUSTODY, GIVEN, Sanctions
from justice_analysis.synthetic.schools.schooling import Schooling, school
from justice_analysis.synthetic.schools.social_care import LEGAL_STATUSES, social_care
from justice_analysis.synthetic.tables import NULL, Table, Text, hashes
from justice_analysis.synthetic.world import World

DATASET = "moj_dfe"

_SEXES = ("F", "M")
_ETHNICITIES = ("WHIT", "MIXD", "ASIA", "BLAC", "AOEG", "UNCL")
_NOT_OBTAINED = _ETHNICITIES.index("UNCL")
PUPIL = "pupil_reference_anonymised"


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver the nine tables; pupils and people with offences are records of their own."""
    held = school(world)
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    reference = hashes(len(held), stream)
    offender = np.union1d(np.intersect1d(held.sanctions.person, held.person), held.unlinked).astype(
        np.int64
    )
    pnc_key = hashes(len(offender), stream)
    tables = {
        "npd_pupils": _pupils(world, desk, held, reference),
        **_schooling(world, desk, held, reference),
        "pnc_people": _offenders(world, desk, held, reference, offender, pnc_key),
        "pnc_offences": desk.duplicate_rows(
            "pnc_offences", _offences(world, desk, held.sanctions, offender, pnc_key)
        ),
    }
    records = [("npd_pupils", reference, held.person), ("pnc_people", pnc_key, offender)]
    return Delivered(tables, records, np.zeros(0, dtype=object))


# Pupils and their schooling ---------------------------------------------------------------


def _pupils(world: World, desk: Desk, held: Schooling, reference: pa.Array) -> Table:
    people, at = world.people, held.person - 1
    group = people.ethnicity[at].astype(np.int64) - 1
    unknown = desk.drawn(len(held), desk.rates.missing_ethnicity_first)
    desk.note("npd_pupils", "ethnic_group_major", "missing_ethnicity_first", unknown.sum())
    return {
        PUPIL: reference,
        "gender": Text(people.sex[at].astype(np.int64), _SEXES),
        "month_of_birth": _births(desk, "npd_pupils", people.birth[at]),
        "ethnic_group_major": Text(np.where(unknown, _NOT_OBTAINED, group), _ETHNICITIES),
    }


def _births(desk: Desk, table: str, birth: Days) -> np.ndarray:
    """Months of birth, of which some are a century or two out."""
    month = birth.astype("datetime64[M]")
    typo = desk.drawn(len(birth), desk.rates.century_typos)
    desk.note(table, "month_of_birth", "century_typos", typo.sum())
    # Each typo that the cleaning knows, beside the century that it stands for.
    is_later = month >= np.datetime64("2000-01", "M")
    wrong = month + np.where(is_later, 2400, -1200).astype("timedelta64[M]")
    return np.where(typo, wrong, month)


def _schooling(world: World, desk: Desk, held: Schooling, reference: pa.Array) -> dict[str, Table]:
    rates, stream = world.parameters.schools, desk.stream
    care = social_care(world, held)
    years = school_years(rates, held, care.looked_after, stream)
    excluded = exclusions(rates, held, stream)
    reached = attainment(rates, held, stream)
    too_many = desk.drawn(len(years.pupil), desk.rates.impossible_absence)
    desk.note("npd_absence", "sessions_missed", "impossible_absence", too_many.sum())
    whose = _of(reference, years.pupil) | _year(years.starts)
    return {
        "npd_school_years": {
            **whose,
            "school_type": Text(years.school, SCHOOL_TYPES),
            "fsm_eligible": years.free_meals,
            "sen_provision": Text(years.need, NEEDS),
        },
        "npd_absence": {
            **whose,
            "sessions_possible": years.possible,
            "sessions_missed": np.where(too_many, years.possible + 20, years.missed),
        },
        "npd_exclusions": {
            "exclusion_id": _numbers(world, len(excluded.pupil), stream),
            **_of(reference, excluded.pupil),
            **_year(excluded.starts),
            "exclusion_category": Text(excluded.category, EXCLUSIONS),
            "sessions_excluded": np.where(excluded.category == FIXED, excluded.sessions, NULL),
        },
        "npd_attainment": {
            **_of(reference, reached.pupil),
            "key_stage": Text(reached.stage, KEY_STAGES),
            **_year(reached.starts),
            "expected_english_maths": reached.reached,
        },
        "cla_episodes": {
            "cla_episode_id": _numbers(world, len(care.care_pupil), stream),
            **_of(reference, care.care_pupil),
            "episode_start_date": care.care_start,
            "episode_end_date": _ends(
                desk, "cla_episodes", "episode_end_date", care.care_start, care.care_end
            ),
            "legal_status": Text(care.care_status, LEGAL_STATUSES),
        },
        "cin_episodes": {
            "cin_episode_id": _numbers(world, len(care.need_pupil), stream),
            **_of(reference, care.need_pupil),
            "referral_date": care.need_start,
            "closure_date": _ends(
                desk, "cin_episodes", "closure_date", care.need_start, care.need_end
            ),
        },
    }


def _ends(desk: Desk, table: str, column: str, start: Days, end: Days) -> Days:
    """Ends of episodes of which some precede the start."""
    hit = desk.drawn(len(end), desk.rates.early_episode_ends) & ~np.isnat(end)
    desk.note(table, column, "early_episode_ends", hit.sum())
    return np.where(hit, start - np.timedelta64(40, "D"), end)


def _of(reference: pa.Array, pupil: Ints) -> Table:
    return {PUPIL: reference.take(pa.array(pupil))}


def _year(starts: Ints) -> Table:
    """Academic years such as 2012/2013."""
    first = int(starts.min(initial=0))
    last = int(starts.max(initial=0))
    labels = tuple(f"{year}/{year + 1}" for year in range(first, last + 1))
    return {"academic_year": Text(starts - first, labels)}


def _numbers(world: World, n: int, stream: np.random.Generator) -> pa.Array:
    """Keys of rows as text, different in every chunk of a world."""
    return pa.array(stream.permutation(world.keys(n))).cast(pa.string())


# Offences ---------------------------------------------------------------------------------


def _offenders(
    world: World,
    desk: Desk,
    held: Schooling,
    reference: pa.Array,
    offender: Ints,
    pnc_key: pa.Array,
) -> Table:
    """People with offences; the link to a pupil is missed, or another's, for some."""
    position = np.full(len(world.people) + 1, NULL)
    position[held.person] = np.arange(len(held))
    linked = spoil_links(
        desk,
        "pnc_people",
        PUPIL,
        own=position[offender],
        alike=world.people.sex[offender - 1].astype(np.int64),
        risk=np.ones(len(offender)),
    )
    has = linked != NULL
    return {
        "pnc_person_anonymised": pnc_key,
        PUPIL: reference.take(pa.array(np.where(has, linked, 0), mask=~has)),
        "gender": Text(world.people.sex[offender - 1].astype(np.int64), _SEXES),
        "month_of_birth": _births(desk, "pnc_people", world.people.birth[offender - 1]),
    }


def _offences(
    world: World, desk: Desk, sanctions: Sanctions, offender: Ints, pnc_key: pa.Array
) -> Table:
    """Offences of those who are delivered; some are dated after they were dealt with."""
    given = sanctions.take(np.isin(sanctions.person, offender))
    n = len(given)
    after = given.date + np.timedelta64(30, "D")
    late = desk.drawn(n, desk.rates.late_offences) & (after <= world.extract_date)
    desk.note("pnc_offences", "offence_date", "late_offences", late.sum())
    _, occasion = np.unique(given.occasion, return_inverse=True)
    occasions = _numbers(world, int(occasion.max(initial=-1)) + 1, desk.stream)
    return {
        "offence_id": _numbers(world, n, desk.stream),
        "pnc_person_anonymised": pnc_key.take(pa.array(np.searchsorted(offender, given.person))),
        "disposal_event_id": occasions.take(pa.array(occasion)),
        "offence_date": np.where(late, after, given.committed),
        "offence_group": Text(given.group, OFFENCE_GROUPS),
        "is_serious_violence": given.is_serious,
        "disposal_date": given.date,
        "disposal": Text(given.given, GIVEN),
        "custody_days": np.where((given.given == CUSTODY) & (given.days > 0), given.days, NULL),
    }
