"""OASys assessments in custody and at the start of orders, and the programme that they lead to."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.criminal.custody import SENTENCE, Happened
from justice_analysis.synthetic.criminal.lives import Assessments, CustodySegments, Participations
from justice_analysis.synthetic.criminal.prosecutions import Alleged
from justice_analysis.synthetic.criminal.sentencing import (
    COMMUNITY,
    IMPRISONED,
    SUSPENDED,
    Sentenced,
)
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    DAYS_PER_YEAR,
    Bools,
    Days,
    Ints,
    People,
    Streams,
    days,
)

_YEAR = np.timedelta64(365, "D")
_PROVEN_BY = np.timedelta64(365 + 182, "D")


def assessments(
    parameters: WorldParameters,
    people: People,
    alleged: Alleged,
    sentenced: Sentenced,
    lived: Happened,
    streams: Streams,
) -> Assessments:
    """Assess most people sentenced to custody or an order, everyone who takes a programme."""
    stream = streams.stream("assessments")
    extract, first = (
        np.datetime64(parameters.extract_date),
        np.datetime64(parameters.crime.courts_from),
    )
    served = (sentenced.release - sentenced.imprisoned).astype("timedelta64[D]").astype(np.int64)
    in_custody = sentenced.disposal == IMPRISONED
    long = in_custody & (served >= 30)
    draw = stream.random(len(alleged))
    chosen = lived.in_programme | (long & (draw < 0.85))
    chosen |= np.isin(sentenced.disposal, (SUSPENDED, COMMUNITY)) & (draw < 0.65)
    chosen &= lived.happened
    after = np.where(in_custody, np.minimum(served * 0.09, 40), 30) * stream.random(len(alleged))
    date = sentenced.ended + days(after)
    at = np.flatnonzero(chosen & (date <= extract) & (date >= first))
    order = at[np.lexsort((date[at], alleged.person[at]))]
    custody_before = _earlier(alleged, lived.happened & in_custody)
    need = sentenced.needs[order].T
    return Assessments(
        alleged.person[order],
        date[order],
        in_custody[order],
        need[0],
        need[1],
        need[2],
        need[3],
        need[4],
        custody_before[order],
        _age_first_convicted(people, alleged, sentenced, lived, order),
    )


def _earlier(alleged: Alleged, counted: Bools) -> Ints:
    """How many earlier offences of the same career are counted."""
    total: Ints = np.cumsum(counted) - counted
    start = np.flatnonzero(alleged.prior == 0)
    which = np.cumsum(alleged.prior == 0) - 1
    return total - total[start][which] if len(start) else total


def _age_first_convicted(
    people: People, alleged: Alleged, sentenced: Sentenced, lived: Happened, at: Ints
) -> Ints:
    """Age in years when first convicted of an offence that came about."""
    first = np.full(len(people) + 1, np.datetime64("2100-01-01"))
    counted = lived.happened & sentenced.convicted
    np.minimum.at(first, alleged.person[counted], sentenced.ended[counted])
    age = (first[1:] - people.birth).astype(np.int64) // DAYS_PER_YEAR
    return age.astype(np.int64)[alleged.person[at] - 1]


def participations(
    alleged: Alleged,
    sentenced: Sentenced,
    lived: Happened,
    segments: CustodySegments,
    segment_at: Ints,
    extract: np.datetime64,
) -> Participations:
    """Everyone who began the programme, with what would have been without it."""
    sentence_of = np.full(len(alleged), -1)
    under = segments.status == SENTENCE
    sentence_of[segment_at[under]] = np.flatnonzero(under)
    at = np.flatnonzero(lived.in_programme & (sentence_of >= 0))
    at = at[sentenced.programme_start[at] <= extract]
    released = sentenced.release[at]
    return Participations(
        alleged.person[at],
        sentence_of[at],
        sentenced.programme_start[at],
        np.where(released <= extract, released, np.datetime64("NaT")),
        alleged.court[at],
        _proven_within(alleged, sentenced, lived.happened, at, released),
        _proven_within(alleged, sentenced, lived.happened | lived.prevented, at, released),
    )


def _proven_within(
    alleged: Alleged, sentenced: Sentenced, counted: Bools, at: Ints, released: Days
) -> Bools:
    """Whether an offence of the year after release was proven within a further six months."""
    since = np.full(int(alleged.career.max()) + 1 if len(alleged) else 0, np.datetime64("NaT"))
    since[alleged.career[at]] = released
    start = since[alleged.career]
    proven = counted & sentenced.convicted & (alleged.offence_date >= start)
    proven &= (alleged.offence_date < start + _YEAR) & (sentenced.ended <= start + _PROVEN_BY)
    hit = np.zeros(len(since), dtype=bool)
    hit[alleged.career[proven]] = True
    return hit[alleged.career[at]]
