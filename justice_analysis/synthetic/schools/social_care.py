"""Children looked after and children in need, among the pupils of the world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.people import DAYS_PER_YEAR, NO_DATE, Bools, Days, Ints, days
from justice_analysis.synthetic.schools.records import one_in
from justice_analysis.synthetic.schools.schooling import NEITHER, Schooling, first_met
from justice_analysis.synthetic.world import World

LEGAL_STATUSES = ("C1", "C2", "E1", "V2", "J1", "L1")
_INTERIM, _FULL, _BY_AGREEMENT = 0, 1, 3
_CHILDHOOD = 18 * DAYS_PER_YEAR
_MOST_PLACEMENTS = 6
_COLLECTED_FROM = np.datetime64("2005-04-01")


@dataclass(frozen=True)
class CareRecords:
    """Who was ever looked after or in need, and one entry per episode of a pupil (position).

    `end` is missing where the episode goes on at the extract.
    """

    looked_after: Bools
    in_need: Bools
    care_pupil: Ints
    care_start: Days
    care_end: Days
    care_status: Ints
    need_pupil: Ints
    need_start: Days
    need_end: Days


def social_care(world: World, held: Schooling) -> CareRecords:
    """Choose who was in need and who was looked after, and give them episodes.

    Those looked after were in need as well. Children of the world's families come first among
    pupils without offences, since they had proceedings about them.
    """
    rates, stream = world.parameters.schools, world.streams.stream("social care")
    looked_after = _preferring(rates.looked_after, held, held.is_family, stream)
    need = _preferring(rates.in_need, held, held.is_family | looked_after, stream)
    in_need = need | looked_after
    birth = world.people.birth[held.person - 1]
    began = first_met(world)[held.person]
    pupil, start, end, status = _placements(np.flatnonzero(looked_after), birth, began, stream)
    cared, since, until = _needs(np.flatnonzero(in_need), birth, began, stream)
    extract = np.datetime64(world.parameters.extract_date)
    seen, met = start <= extract, since <= extract
    return CareRecords(
        looked_after,
        in_need,
        pupil[seen],
        start[seen],
        _until(end[seen], extract),
        status[seen],
        cared[met],
        since[met],
        _until(until[met], extract),
    )


def _until(end: Days, extract: np.datetime64) -> Days:
    return np.where(end <= extract, end, NO_DATE)


def _preferring(
    shares: tuple[float, ...], held: Schooling, first: Bools, stream: np.random.Generator
) -> Bools:
    """The wanted share of each outcome; of those without offences, these first."""
    chosen = one_in(np.array([*shares[:NEITHER], 0.0]), held.outcome, stream)
    rest = held.outcome == NEITHER
    wanted = round(shares[NEITHER] * int(rest.sum()))
    order = np.argsort(stream.random(len(held)) + ~first)
    chosen[order[rest[order]][:wanted]] = True
    return chosen


def _placements(
    pupils: Ints, birth: Days, began: Days, stream: np.random.Generator
) -> tuple[Ints, Days, Days, Ints]:
    """One to six placements in a row, from the first proceedings or from some age, to 18 at most.

    A placement is an episode, and the next begins on the day it ends.
    """
    n = len(pupils)
    age = stream.uniform(1, 15.5, n) * DAYS_PER_YEAR
    usual = np.maximum(birth[pupils] + days(age), _COLLECTED_FROM)
    met = np.where(np.isnat(began[pupils]), usual, began[pupils] + days(np.full(n, 10)))
    grown = birth[pupils] + days(np.full(n, _CHILDHOOD))
    first: Days = np.minimum(met, grown - np.timedelta64(30, "D"))
    count = stream.geometric(0.4, n).clip(max=_MOST_PLACEMENTS)
    row = np.repeat(np.arange(n), count)
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    length = np.maximum(stream.exponential(1.4 * DAYS_PER_YEAR, len(row)), 7)
    passed = np.cumsum(np.floor(length))
    before = passed - np.floor(length)
    before -= np.repeat(before[np.cumsum(count) - count], count)
    start: Days = first[row] + days(before)
    end = np.minimum(start + days(length), grown[row])
    ordered = ~np.isnat(began[pupils])[row]
    status = np.where(ordered, np.where(number == 0, _INTERIM, _FULL), _BY_AGREEMENT)
    kept = start < grown[row]
    return pupils[row][kept], start[kept], end[kept], status[kept]


def _needs(
    pupils: Ints, birth: Days, began: Days, stream: np.random.Generator
) -> tuple[Ints, Days, Days]:
    """One episode of need each, a while before any proceedings."""
    n = len(pupils)
    age = stream.uniform(0.5, 16, n) * DAYS_PER_YEAR
    usual = np.maximum(birth[pupils] + days(age), _COLLECTED_FROM)
    before = began[pupils] - days(stream.uniform(30, 300, n))
    start = np.where(np.isnat(began[pupils]), usual, np.maximum(before, birth[pupils]))
    grown = birth[pupils] + days(np.full(n, _CHILDHOOD))
    start = np.minimum(start, grown - np.timedelta64(30, "D"))
    return pupils, start, np.minimum(start + days(stream.exponential(400, n) + 20), grown)
