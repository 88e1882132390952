"""Cautions and sentences as the Police National Computer records them, one entry per offence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from justice_analysis.synthetic.criminal.codes import DISPOSALS, MODES, OFFENCE_GROUPS
from justice_analysis.synthetic.criminal.codes import VERDICTS as _VERDICTS
from justice_analysis.synthetic.criminal.lives import Lives
from justice_analysis.synthetic.entries import join_entries, take_entries
from justice_analysis.synthetic.people import Bools, Days, Ints

CAUTIONS = ("youth_caution", "adult_caution")
GIVEN = (*CAUTIONS, *DISPOSALS)
CUSTODY = GIVEN.index("immediate_custody")
_GUILTY = _VERDICTS.index("guilty")
_VIOLENCE = OFFENCE_GROUPS.index("violence_against_the_person")
_ROBBERY = OFFENCE_GROUPS.index("robbery")
# Most summary motoring offences are not recordable.
_NOT_RECORDED = OFFENCE_GROUPS.index("summary_motoring")
_SUMMARY = MODES.index("summary")
_CROWN_TRIALS = (0, 1)  # sent for trial or committed for sentence; appeals change nothing here


@dataclass(frozen=True)
class Sanctions:
    """One entry per offence dealt with; those of one `occasion` were dealt with together.

    `given` is a position in `GIVEN`; `is_serious` marks violence that is no summary offence, and
    robbery, which is our stand-in for the published list of serious violence.
    """

    person: Ints
    occasion: Ints
    committed: Days
    date: Days
    group: Ints
    given: Ints
    days: Ints
    is_serious: Bools

    def __len__(self) -> int:
        return len(self.person)

    def take(self, at: Ints | Bools) -> Sanctions:
        """Some of the entries."""
        return take_entries(self, at)


def join(*parts: Sanctions) -> Sanctions:
    """Put entries together; occasions of each part stay apart."""
    offset, moved = 0, []
    for part in parts:
        moved.append(replace(part, occasion=part.occasion + offset))
        offset += int(part.occasion.max(initial=-1)) + 1
    return join_entries(*moved)


def sentences(lives: Lives) -> Sanctions:
    """Every recordable offence that led to a sentence in a court of the world."""
    found = join(_in_magistrates_courts(lives), _at_crown(lives))
    kept = found.take((found.group != _NOT_RECORDED) & (found.given >= len(CAUTIONS)))
    return kept.take(~np.isnat(kept.date))


def _in_magistrates_courts(lives: Lives) -> Sanctions:
    held, charged = lives.prosecutions, lives.charges
    at = charged.prosecution
    counts = (charged.verdict == _GUILTY) & (held.crown[at] < 0)
    counts &= ~held.is_breach[at] & ~held.is_single_justice[at]
    at, rows = at[counts], np.flatnonzero(counts)
    return Sanctions(
        held.person[at],
        at,
        charged.offence_date[rows],
        held.final[at],
        charged.offence_group[rows],
        np.where(charged.disposal[rows] >= 0, charged.disposal[rows] + len(CAUTIONS), -1),
        charged.sentence_days[rows],
        _serious(charged.offence_group[rows], held.mode[at]),
    )


def _at_crown(lives: Lives) -> Sanctions:
    held, crown = lives.prosecutions, lives.crown
    rows = np.flatnonzero((crown.verdict == _GUILTY) & np.isin(crown.kind, _CROWN_TRIALS))
    at = crown.prosecution[rows]
    return Sanctions(
        crown.person[rows],
        rows,
        held.offence_date[at],
        crown.completed[rows],
        held.offence_group[at],
        np.where(crown.disposal[rows] >= 0, crown.disposal[rows] + len(CAUTIONS), -1),
        crown.sentence_days[rows],
        _serious(held.offence_group[at], held.mode[at]),
    )


def _serious(group: Ints, mode: Ints) -> Bools:
    return (group == _ROBBERY) | ((group == _VIOLENCE) & (mode != _SUMMARY))


@dataclass(frozen=True)
class Histories:
    """One entry per person with sanctions by a day: `count` of occasions, and of which kind."""

    person: Ints
    count: Ints
    has_custody: Bools
    is_serious: Bools
    first_committed: Days


def histories(sanctions: Sanctions, followed_to: np.datetime64) -> Histories:
    """Sum up each person's sanctions up to a day, in order of person id."""
    seen = sanctions.take(sanctions.date <= followed_to)
    person, at = np.unique(seen.person, return_inverse=True)
    pairs = np.unique(np.stack([at, seen.occasion]), axis=1)[0]
    first = np.full(len(person), np.datetime64("9999-01-01"))
    np.minimum.at(first, at, seen.committed)
    jailed, serious = np.zeros((2, len(person)), dtype=bool)
    jailed[at[seen.given == CUSTODY]] = True
    serious[at[seen.is_serious]] = True
    count = np.bincount(pairs, minlength=len(person))
    return Histories(person, count, jailed, serious, first)
