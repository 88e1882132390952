"""What happens in each claim: defence, hearing, judgment, warrant, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.synthetic.people import NO_DATE, Bools, Days, Ints, days
from justice_analysis.synthetic.rates.claims import ClaimRates

EVENT_KINDS = ("defence", "hearing", "judgment", "warrant")
DEFENCE, HEARING, JUDGMENT, WARRANT = range(len(EVENT_KINDS))
JUDGMENTS = (
    "default",
    "admission",
    "hearing",
    "possession_outright",
    "possession_suspended",
    "dismissed",
)
DEFAULT, ADMISSION, HEARD, OUTRIGHT, SUSPENDED, DISMISSED = range(len(JUDGMENTS))
WARRANTS = ("control", "possession")
STATUSES = ("paid", "settled", "discontinued", "struck_out", "stayed", "transferred")
PAID, SETTLED, DISCONTINUED = range(3)
NONE = -1
_MONEY, _DAMAGES, _POSSESSION, _OTHER = range(4)
_ADMITTED = 0.15  # of money claims that nobody defended and nothing ended


@dataclass(frozen=True)
class ClaimEvents:
    """One entry per event by the extract; `judgment` and `warrant` are -1 for other kinds."""

    claim: Ints
    kind: Ints
    date: Days
    judgment: Ints
    warrant: Ints
    amount: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.claim)


@dataclass(frozen=True)
class Held:
    """Events of all claims, and where each claim stands at the extract (-1: nothing recorded)."""

    events: ClaimEvents
    status: Ints
    status_date: Days


def hold_claims(
    rates: ClaimRates,
    kind: Ints,
    issued: Days,
    amount: NDArray[np.float64],
    by_person: Bools,
    extract: np.datetime64,
    stream: np.random.Generator,
) -> Held:
    """Follow each claim to the extract; `by_person` are claims of people against companies."""
    n = len(kind)
    early = stream.random(n) < np.array(rates.ended_early)[kind]
    defended = stream.random(n) < np.array(rates.defended)[kind]
    defended |= by_person & (stream.random(n) < 0.3)
    heard = ~early & (defended | (kind != _MONEY))
    hearing = _hearing_dates(rates, kind, issued, stream)
    quick = issued + _wait(rates, np.full(n, rates.judgment_days), stream)
    judged = np.where(early, NO_DATE, np.where(heard, hearing, quick))
    judgment = np.where(early, NONE, _judgments(rates, kind, heard, stream))
    sum_ordered = _ordered(judgment, kind, amount, stream)
    warrant = _warrants(rates, judgment, stream)
    warranted = judged + _wait(rates, np.full(n, rates.warrant_days), stream)
    answer = issued + days(stream.integers(10, 30, n))
    parts = [
        (defended, answer, DEFENCE),
        (heard, hearing, HEARING),
        (judgment >= 0, judged, JUDGMENT),
        (warrant >= 0, warranted, WARRANT),
    ]
    events = _events(parts, judgment, warrant, sum_ordered, extract)
    status, since = _endings(rates, issued, early, judgment, judged, stream)
    seen = since <= extract
    return Held(events, np.where(seen, status, NONE), np.where(seen, since, NO_DATE))


def _wait(
    rates: ClaimRates, median: NDArray[np.float64], stream: np.random.Generator
) -> NDArray[np.timedelta64]:
    drawn = median * np.exp(stream.normal(0, rates.days_spread, len(median)))
    return days(np.maximum(drawn, 1))


def _hearing_dates(
    rates: ClaimRates, kind: Ints, issued: Days, stream: np.random.Generator
) -> Days:
    """Hearings; none for possession in the stay, which put them off until after it."""
    heard = issued + _wait(rates, np.array(rates.hearing_days)[kind], stream)
    first, last = (np.datetime64(day) for day in rates.possession_stay)
    stayed = (kind == _POSSESSION) & (heard >= first) & (heard <= last)
    later = last + days(stream.integers(14, 120, len(kind)))
    return np.where(stayed, later, heard)


def _judgments(rates: ClaimRates, kind: Ints, heard: Bools, stream: np.random.Generator) -> Ints:
    n = len(kind)
    draw, other = stream.random(n), stream.random(n)
    undefended = np.where(draw < _ADMITTED, ADMISSION, DEFAULT)
    after = np.where(other < rates.dismissed, DISMISSED, HEARD)
    possession = np.where(other < rates.suspended, SUSPENDED, OUTRIGHT)
    decided = np.where(kind == _POSSESSION, possession, after)
    return np.where(heard, decided, undefended)


def _ordered(
    judgment: Ints, kind: Ints, amount: NDArray[np.float64], stream: np.random.Generator
) -> NDArray[np.float64]:
    """The sum ordered: what was claimed, or less after a hearing; damages as assessed."""
    share = np.where(judgment == HEARD, stream.uniform(0.5, 1.0, len(kind)), 1.0)
    assessed = np.exp(stream.normal(np.log(6000), 0.9, len(kind)))
    base = np.where(kind == _DAMAGES, assessed, amount)
    ordered = np.round(base * share, 2)
    return np.where((judgment == NONE) | (judgment == DISMISSED), 0.0, ordered)


def _warrants(rates: ClaimRates, judgment: Ints, stream: np.random.Generator) -> Ints:
    draw = stream.random(len(judgment))
    money = np.isin(judgment, (DEFAULT, ADMISSION, HEARD)) & (draw < rates.control_warrants)
    home = (judgment == OUTRIGHT) & (draw < rates.possession_warrants)
    return np.where(money, 0, np.where(home, 1, NONE))


def _events(
    parts: list[tuple[Bools, Days, int]],
    judgment: Ints,
    warrant: Ints,
    ordered: NDArray[np.float64],
    extract: np.datetime64,
) -> ClaimEvents:
    at = [np.flatnonzero(happens & (date <= extract)) for happens, date, _ in parts]
    claim = np.concatenate(at)
    kind = np.repeat([kind for _, _, kind in parts], [len(rows) for rows in at])
    date = np.concatenate([date[rows] for rows, (_, date, _) in zip(at, parts, strict=True)])
    is_judgment = kind == JUDGMENT
    return ClaimEvents(
        claim,
        kind,
        date,
        np.where(is_judgment, judgment[claim], NONE),
        np.where(kind == WARRANT, warrant[claim], NONE),
        np.where(is_judgment, ordered[claim], 0.0),
    )


def _endings(
    rates: ClaimRates,
    issued: Days,
    early: Bools,
    judgment: Ints,
    judged: Days,
    stream: np.random.Generator,
) -> tuple[Ints, Days]:
    """How claims end in the record: early, or paid after a judgment; most never do."""
    n = len(issued)
    soon = issued + _wait(rates, np.full(n, 2 * rates.judgment_days), stream)
    how = stream.choice([PAID, SETTLED, DISCONTINUED], n, p=[0.35, 0.45, 0.2])
    money = np.isin(judgment, (DEFAULT, ADMISSION, HEARD))
    paid = money & (stream.random(n) < rates.paid_later)
    later = judged + _wait(rates, np.full(n, 4 * rates.judgment_days), stream)
    status = np.where(early, how, np.where(paid, PAID, NONE))
    return status, np.where(early, soon, np.where(paid, later, NO_DATE))
