"""Supervision by probation: community orders, suspended sentences, licences, and requirements."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.criminal.codes import REQUIREMENTS, SUPERVISION_KINDS, TERMINATIONS
from justice_analysis.synthetic.criminal.custody import RECALL
from justice_analysis.synthetic.criminal.lives import CustodySegments, Requirements, Supervisions
from justice_analysis.synthetic.criminal.prosecutions import Alleged
from justice_analysis.synthetic.criminal.sentencing import COMMUNITY, SUSPENDED, Sentenced
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import NO_DATE, Days, Ints, Streams, days

_COMMUNITY, _SUSPENDED, _LICENCE, _POST = range(len(SUPERVISION_KINDS))
_LENGTHS = np.array([182, 365, 365, 365, 547, 730])
_SHARES = (0.42, 0.45, 0.12, 0.04, 0.015, 0.09, 0.03, 0.16)  # of orders with each requirement
_DAYS = (0, 30, 90, 120, 90, 182, 182, 90)


def supervisions(
    parameters: WorldParameters,
    alleged: Alleged,
    sentenced: Sentenced,
    kept: Ints,
    prosecution: Ints,
    areas: Ints,
    segments: CustodySegments,
    segment_at: Ints,
    streams: Streams,
) -> tuple[Supervisions, Ints]:
    """Orders and licences that began by the extract, and the position of each one's offence.

    A short sentence has no licence before `supervised_from`; after it, supervision goes on to a
    year from release.
    """
    crime, stream = parameters.crime, streams.stream("supervision")
    at, kind, start, length = _orders(sentenced, kept, stream)
    released = kept[~np.isnat(sentenced.imprisoned[kept])]
    day = sentenced.release[released]
    newer = day >= np.datetime64(crime.supervised_from)
    on_licence = (sentenced.expires - sentenced.release).astype(np.int64)[released]
    has = (on_licence > 0) & (newer | (sentenced.sentence_days[released] >= 365))
    post = newer & (sentenced.sentence_days[released] < 730) & (on_licence < 365)
    parts = (
        (released[has], _LICENCE, day[has], on_licence[has]),
        (released[post], _POST, (day + days(on_licence))[post], 365 - on_licence[post]),
    )
    at = np.concatenate([at, *(p[0] for p in parts)])
    kind = np.concatenate([kind, *(np.full(len(p[0]), p[1]) for p in parts)])
    start = np.concatenate([start, *(p[2] for p in parts)])
    length = np.concatenate([length, *(p[3] for p in parts)]).astype(np.int64)
    cut = (kind <= _SUSPENDED) & (stream.random(len(at)) < 0.2)
    lasts = np.where(cut, (length * stream.uniform(0.15, 0.95, len(at))).astype(np.int64), length)
    end = start + days(lasts)
    extract, first = np.datetime64(parameters.extract_date), np.datetime64(crime.courts_from)
    real = (start <= extract) & (end >= first) & (length > 0)
    order = np.flatnonzero(real)[np.lexsort((kind[real], start[real], alleged.person[at[real]]))]
    at, kind, length = at[order], kind[order], length[order]
    start, end = start[order], end[order]
    recalls = np.bincount(segment_at[segments.status == RECALL], minlength=len(alleged))
    lag = np.where(kind <= _SUSPENDED, stream.integers(0, 21, len(at)), 30)
    return Supervisions(
        alleged.person[at],
        prosecution[at],
        kind,
        areas[alleged.court[at] - 1],
        start - days(lag),
        start,
        np.where(end <= extract, end, NO_DATE),
        length,
        np.where(kind == _LICENCE, recalls[at], 0),
    ), at


def _orders(
    sentenced: Sentenced, kept: Ints, stream: np.random.Generator
) -> tuple[Ints, Ints, Days, Ints]:
    """Community orders and suspended sentences: offence, kind, start and length in days."""
    at = kept[np.isin(sentenced.disposal[kept], (SUSPENDED, COMMUNITY))]
    kind = np.where(sentenced.disposal[at] == COMMUNITY, _COMMUNITY, _SUSPENDED)
    return at, kind, sentenced.ended[at], _LENGTHS[stream.integers(0, len(_LENGTHS), len(at))]


def requirements(
    parameters: WorldParameters, supervised: Supervisions, streams: Streams
) -> Requirements:
    """Requirements of orders: imposed with the order, begun within weeks, ended with it at most."""
    stream = streams.stream("requirements")
    orders = np.flatnonzero(supervised.kind <= _SUSPENDED)
    has = stream.random((len(orders), len(REQUIREMENTS))) < np.array(_SHARES)
    row, kind = np.nonzero(has)
    at = orders[row]
    extract = np.datetime64(parameters.extract_date)
    imposed = supervised.start[at]
    began = imposed + days(stream.exponential(25, len(at)).clip(max=200))
    last = np.where(
        np.isnat(supervised.end[at]),
        supervised.start[at] + days(supervised.length_days[at]),
        supervised.end[at],
    )
    share = stream.uniform(0.3, 1.0, len(at))
    ended = imposed + days((last - imposed).astype(np.int64) * share)
    began = np.where(began <= ended, began, NO_DATE)
    stopped = (last - supervised.start[at]).astype(np.int64) < supervised.length_days[at]
    draw = stream.random(len(at))
    how = np.select([stopped & (draw < 0.7), stopped, draw < 0.75], [2, 3, 0], 1)
    over = ended <= extract
    hours = 20 * stream.integers(2, 15, len(at))
    length = np.where(kind == 0, hours, np.array(_DAYS)[kind])
    return Requirements(
        at,
        kind,
        imposed,
        np.where(began <= extract, began, NO_DATE),
        np.where(over, ended, NO_DATE),
        np.where(over, how, -1).clip(max=len(TERMINATIONS) - 1),
        length,
    )
