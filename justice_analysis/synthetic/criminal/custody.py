"""Which offences come about at all, and the stays in custody of those that do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.criminal.codes import PRISONS
from justice_analysis.synthetic.criminal.lives import CustodySegments
from justice_analysis.synthetic.criminal.prosecutions import CUSTODY, Alleged
from justice_analysis.synthetic.criminal.sentencing import Sentenced
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import NO_DATE, Bools, Days, Ints, Streams, days

REMAND, SENTENCE, RECALL = range(3)
_NEVER = np.datetime64("1900-01-01")
_YEAR = np.timedelta64(365, "D")


@dataclass(frozen=True)
class Happened:
    """Which offences came about, which the programme prevented, and which began a programme."""

    happened: Bools
    prevented: Bools
    in_programme: Bools


def live(
    parameters: WorldParameters, alleged: Alleged, sentenced: Sentenced, streams: Streams
) -> Happened:
    """Go through each person's offences in order: none in custody, fewer after the programme."""
    n = len(alleged)
    draw = streams.stream("programme effect").random(n)
    drop = draw < 1 - parameters.crime.programme_hazard
    start = np.flatnonzero(alleged.prior == 0)
    length = np.diff(np.append(start, n))
    held_from, held_to, released = (np.full(len(start), _NEVER) for _ in range(3))
    happened, prevented, in_programme = np.zeros((3, n), dtype=bool)
    for rank in range(int(length.max()) if len(length) else 0):
        who = np.flatnonzero(length > rank)
        at = start[who] + rank
        date = alleged.offence_date[at]
        held = (date >= held_from[who]) & (date < held_to[who])
        after = (date >= released[who]) & (date < released[who] + _YEAR)
        prevented[at] = ~held & after & drop[at]
        ok = ~held & ~prevented[at]
        happened[at] = ok
        who, at = who[ok], at[ok]
        begins = sentenced.takes_part[at] & (released[who] == _NEVER)
        in_programme[at[begins]] = True
        released[who[begins]] = sentenced.release[at[begins]]
        inside = ~np.isnat(sentenced.held_from[at])
        who, at = who[inside], at[inside]
        overlaps = sentenced.held_from[at] <= held_to[who]
        later = sentenced.release[at] > held_to[who]
        held_from[who] = np.where(
            overlaps, np.minimum(held_from[who], sentenced.held_from[at]), sentenced.held_from[at]
        )
        held_to[who] = np.where(later, sentenced.release[at], held_to[who])
    return Happened(happened, prevented, in_programme)


def custody_segments(
    parameters: WorldParameters,
    alleged: Alleged,
    sentenced: Sentenced,
    kept: Ints,
    prosecution: Ints,
    streams: Streams,
) -> tuple[CustodySegments, Ints]:
    """Stays in custody without overlaps, up to the extract.

    Parameters
    ----------
    kept
        Positions of offences that came about.
    prosecution
        Position in `Prosecutions` of each offence, -1 where it is not there.

    Returns
    -------
    (CustodySegments, Ints)
        The segments, and the position of each one's offence.
    """
    stream = streams.stream("custody")
    at, status, start, end = _raw(parameters, alleged, sentenced, kept, stream)
    person = alleged.person[at]
    order = np.lexsort((status, start, person))
    at, status, person = at[order], status[order], person[order]
    start, end = start[order], end[order]
    # A stay begins where the ones before it end; the numbers keep people apart.
    apart = person * 200_000
    ends = apart + end.astype(np.int64) + 100_000
    before = np.concatenate([[0], np.maximum.accumulate(ends)[:-1]]) if len(at) else ends
    begins = np.maximum(apart + start.astype(np.int64) + 100_000, before)
    extract = np.datetime64(parameters.extract_date)
    first = np.datetime64(parameters.crime.courts_from)
    start = (begins - apart - 100_000).astype("datetime64[D]")
    real = (start < end) & (start <= extract) & (end >= first)
    at, status, person = at[real], status[real], person[real]
    start, end = start[real], end[real]
    new = np.ones(len(at), dtype=bool)
    if len(at):
        new[1:] = (np.diff(person) != 0) | (start[1:] > end[:-1])
    journey = np.cumsum(new)
    days_of = np.where(status == REMAND, 0, sentenced.sentence_days[at])
    return CustodySegments(
        person,
        journey,
        prosecution[at],
        status,
        _prisons(alleged.court[at], status, journey, stream),
        start,
        np.where(end <= extract, end, NO_DATE),
        days_of,
    ), at


def _raw(
    parameters: WorldParameters,
    alleged: Alleged,
    sentenced: Sentenced,
    kept: Ints,
    stream: np.random.Generator,
) -> tuple[Ints, Ints, Days, Days]:
    """Remand, sentence and recall of each offence, which may overlap with another's."""
    remanded = kept[alleged.remand[kept] == CUSTODY]
    imprisoned = kept[~np.isnat(sentenced.imprisoned[kept])]
    licence = (sentenced.expires - sentenced.release).astype(np.int64)[imprisoned]
    recalled = (licence > 40) & (stream.random(len(imprisoned)) < parameters.crime.recalls)
    back = imprisoned[recalled]
    room = licence[recalled]
    wait = 10 + stream.random(len(back)) * np.minimum(room - 20, 330)
    length = np.where(stream.random(len(back)) < 0.6, 28, stream.integers(30, 400, len(back)))
    start = sentenced.release[back] + days(wait)
    end = np.minimum(start + days(length), sentenced.expires[back])
    sizes = (len(remanded), len(imprisoned), len(back))
    return (
        np.concatenate([remanded, imprisoned, back]),
        np.repeat([REMAND, SENTENCE, RECALL], sizes),
        np.concatenate([alleged.first_hearing[remanded], sentenced.imprisoned[imprisoned], start]),
        np.concatenate([sentenced.ended[remanded], sentenced.release[imprisoned], end]),
    )


def _prisons(court: Ints, status: Ints, journey: Ints, stream: np.random.Generator) -> Ints:
    """A local prison on remand; any other under sentence, the same throughout a journey."""
    local = 1 + court * (PRISONS - 1) // 150
    draw = stream.integers(1, PRISONS + 1, int(journey.max()) if len(journey) else 0)
    moves = stream.random(len(draw)) < 0.6
    at = journey - 1
    return np.where((status == REMAND) | ~moves[at], local, draw[at]) if len(at) else local
