"""The Crown Court: how long cases wait there, and how they end.

The wait follows the published number of open cases: with the receipts assumed, a case received
on a day leaves when as many cases have left as had come by then (first in, first out on average).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.criminal.careers import Floats
from justice_analysis.synthetic.criminal.codes import CROWN_COURTS, OFFENCE_GROUPS
from justice_analysis.synthetic.criminal.migration import (
    crown_court_of,
    is_on,
    recorded_evidence_from,
)
from justice_analysis.synthetic.criminal.prosecutions import (
    APPEAL,
    COMMITTED,
    CUSTODY,
    GUILTY,
    NONE,
    NOT_GUILTY,
    SENT,
    Alleged,
    Heard,
    lognormal,
)
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import DAYS_PER_YEAR, Bools, Days, Ints, Streams, days
from justice_analysis.synthetic.rates.crime import CrimeRates

_QUARTER = DAYS_PER_YEAR / 4
_WEEKS = np.arange(np.datetime64("2009-01-01"), np.datetime64("2030-01-01"), 7)
_SMOOTH = 6  # weeks on each side
_FEWEST = 500  # receipts from which a world's own flow is used
_ELIGIBLE = [OFFENCE_GROUPS.index(g) for g in ("violence_against_the_person", "sexual_offences")]
# Waits relative to the mean: contested, guilty, committed for sentence, appeal.
_WAITS = (1.55, 0.85, 0.35, 0.4)


@dataclass(frozen=True)
class AtCrown:
    """What the Crown Court did on each prosecution (`at`: positions among those alleged)."""

    at: Ints
    kind: Ints
    court: Ints
    received: Days
    first_hearing: Days
    main_hearing: Days
    completed: Days
    plea: Ints
    verdict: Ints
    has_recorded: Bools

    def __len__(self) -> int:
        return len(self.at)


def crown_waits(crime: CrimeRates, received: Days, flow: Floats | None = None) -> Floats:
    """Mean days in the Crown Court of cases received on each day.

    Parameters
    ----------
    received
        Days of receipt.
    flow
        Receipts in each week from 2009 to 2029, in any unit; even unless given. Those of 2018 are
        taken to be the receipts of the rates.

    Notes
    -----
    With C(t) cumulative receipts and O(t) open cases, cases received by t have left when
    C(T) - O(T) = C(t); the wait is T - t. Before the first published count O is constant.
    """
    at = _WEEKS.astype(np.int64).astype(float)
    weekly = np.ones(len(at)) if flow is None else flow
    base = weekly[_WEEKS.astype("datetime64[Y]") == np.datetime64("2018")].mean()
    cumulative = np.cumsum(weekly / base) * 7 * crime.crown_receipts / _QUARTER
    dates, counts = zip(*crime.crown_open, strict=True)
    still = np.interp(at, np.array(dates, "datetime64[D]").astype(np.int64), counts)
    left = np.maximum.accumulate(cumulative - still)
    wait = np.interp(cumulative, left, at) - at
    return np.interp(received.astype(np.int64), at, wait)


def weekly_receipts(received: Days) -> Floats:
    """Receipts in each week of the grid, smoothed; even where there are too few to tell."""
    first, last = np.datetime64("2011-06-01"), received.max(initial=_WEEKS[0])
    inside = (first <= _WEEKS) & (last >= _WEEKS + _SMOOTH * 7)
    counts = np.histogram(received.astype(np.int64), np.append(_WEEKS, _WEEKS[-1] + 7).astype(int))
    kernel = np.ones(2 * _SMOOTH + 1) / (2 * _SMOOTH + 1)
    smooth = np.convolve(counts[0], kernel, mode="same")
    if len(received) < _FEWEST or not inside.any():
        return np.ones(len(_WEEKS))
    position = np.arange(len(_WEEKS))
    return np.interp(position, position[inside], np.maximum(smooth[inside], smooth.max() / 10))


def try_at_crown(
    parameters: WorldParameters, alleged: Alleged, heard: Heard, streams: Streams
) -> AtCrown:
    """Receipt, hearings, plea, verdict and end of everything that goes to the Crown Court."""
    crime, stream = parameters.crime, streams.stream("crown")
    at = np.flatnonzero(heard.route > 0)
    n = len(at)
    route = heard.route[at]
    received = heard.final[at] + days(np.where(route == APPEAL, stream.integers(7, 28, n), 0))
    elsewhere = 1 + stream.integers(0, CROWN_COURTS, n)
    own = crown_court_of(alleged.court[at])
    at_head = np.searchsorted(at, alleged.head[at])
    kept = stream.random(n) < 0.95
    court = np.where(kept, own, elsewhere)
    same = (route == SENT) & (at_head < n) & (at[at_head.clip(max=n - 1)] == alleged.head[at])
    court = np.where(same, court[at_head.clip(max=n - 1)], court) if n else court
    plea = _pleas(crime, route, stream)
    recorded, verdict = _verdicts(
        parameters, alleged.group[at], route, plea, court, received, streams, stream
    )
    factor = np.select(
        [route == COMMITTED, route == APPEAL, plea == NOT_GUILTY],
        [_WAITS[2], _WAITS[3], _WAITS[0]],
        _WAITS[1],
    )
    factor = np.where(alleged.remand[at] == CUSTODY, factor * 0.7, factor)
    waits = crown_waits(crime, received, weekly_receipts(received))
    wait = waits * factor * lognormal(np.exp(-0.125), 0.5, n, stream)
    wait = np.maximum(wait, 3)
    sentence_wait = np.where(
        (verdict == GUILTY) & (plea == NOT_GUILTY), stream.integers(0, 36, n), 0
    )
    main = received + days(wait)
    first = received + days(np.minimum(wait * 0.8, stream.integers(20, 45, n)))
    return AtCrown(
        at,
        route - 1,
        court,
        received,
        first,
        main,
        main + days(sentence_wait),
        plea,
        verdict,
        recorded,
    )


def _pleas(crime: CrimeRates, route: Ints, stream: np.random.Generator) -> Ints:
    """Those committed pleaded or were found guilty before; an appeal has no plea of its own."""
    draw = stream.random(len(route))
    plea = np.where(draw < crime.guilty_pleas_crown, GUILTY, NOT_GUILTY)
    plea = np.where(draw > 1 - 0.7 * crime.none_entered, NONE, plea)
    return np.select([route == COMMITTED, route == APPEAL], [GUILTY, NONE], plea)


def _verdicts(
    parameters: WorldParameters,
    group: Ints,
    route: Ints,
    plea: Ints,
    court: Ints,
    received: Days,
    streams: Streams,
    stream: np.random.Generator,
) -> tuple[Bools, Ints]:
    """Whether evidence was pre-recorded, and the verdict, on which that has the planted effect."""
    crime = parameters.crime
    eligible = (route == SENT) & (plea == NOT_GUILTY) & np.isin(group, _ELIGIBLE)
    eligible &= is_on(received, recorded_evidence_from(parameters, streams)[court - 1])
    recorded = eligible & (stream.random(len(group)) < crime.recorded_share)
    share = np.array(crime.convicted_at_crown)[group] + crime.recorded_effect * recorded
    found = np.where(stream.random(len(group)) < share, GUILTY, NOT_GUILTY)
    verdict = np.select([plea == GUILTY, plea == NONE], [GUILTY, NONE], found)
    upheld = np.where(stream.random(len(group)) < 0.55, GUILTY, NOT_GUILTY)
    return recorded, np.where(route == APPEAL, upheld, verdict)
