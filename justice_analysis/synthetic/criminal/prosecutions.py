"""What is alleged and how magistrates' courts deal with it, for every offence of a career.

Each offence is one prosecution of one person. All of them are dealt with here; which of them
come about at all (nobody offends in custody) is decided afterwards, in `custody`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.criminal.careers import Careers, Floats
from justice_analysis.synthetic.criminal.codes import MAGISTRATES_COURTS, MODES, OFFENCE_GROUPS
from justice_analysis.synthetic.criminal.migration import magistrates_court_of
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import Bools, Days, Ints, People, Streams, days
from justice_analysis.synthetic.rates.crime import CrimeRates

GUILTY, NOT_GUILTY, NONE = range(3)
SUMMARY, EITHER_WAY, INDICTABLE = range(len(MODES))
NO_ROUTE, SENT, COMMITTED, APPEAL = range(4)
CUSTODY, BAIL, NOT_REMANDED = range(3)
DRUGS = OFFENCE_GROUPS.index("drug_offences")
_MOST_DEFENDANTS = 3
_JOINED_WITHIN = 30  # days between offences of defendants in one case
_PANDEMIC = (np.datetime64("2020-03-16"), np.datetime64("2021-06-30"))


@dataclass(frozen=True)
class Alleged:
    """One entry per offence, in order of person and date; `head` is the case's first defendant.

    `prior` counts earlier prosecutions of the person.
    """

    career: Ints
    person: Ints
    prior: Ints
    head: Ints
    offence_date: Days
    group: Ints
    mode: Ints
    is_breach: Bools
    is_single_justice: Bools
    court: Ints
    charge_date: Days
    first_hearing: Days
    remand: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Heard:
    """What the magistrates' court decided on each offence; `route` to the Crown Court."""

    route: Ints
    plea: Ints
    verdict: Ints
    final: Days


def lognormal(median: float | Floats, spread: float, n: int, s: np.random.Generator) -> Floats:
    """Positive draws around a median."""
    return median * np.exp(s.normal(0, spread, n))


def allege(
    parameters: WorldParameters, careers: Careers, people: People, streams: Streams
) -> Alleged:
    """Turn the offences of careers into prosecutions: what is charged, where, when and how."""
    crime, stream = parameters.crime, streams.stream("prosecutions")
    career, date = careers.offence_career, careers.offence_date
    court = _courts(crime, careers, career, date, stream)
    head = _heads(crime, careers.person[career], court, date, stream)
    # Co-defendants are charged with the same offence, so the order in a career is made again.
    order = np.lexsort((date[head], career))
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    head = position[head[order]]
    career, court = career[order], court[order]
    date = date[order][head]
    person = careers.person[career]
    alone = np.bincount(head, minlength=len(head))[head] == 1
    prior = _prior(career)
    n = len(career)
    group = _groups(crime, careers, career, people.ethnicity[person - 1], stream)[head]
    single = alone & (stream.random(n) < np.array(crime.single_justice)[group])
    draw = stream.random(n)[head]
    indictable = np.array(crime.indictable_only)[group]
    either = indictable + np.array(crime.either_way)[group]
    mode = np.where(draw < indictable, INDICTABLE, np.where(draw < either, EITHER_WAY, SUMMARY))
    mode = np.where(single, SUMMARY, mode)
    breach = alone & ~single & (prior > 0) & (stream.random(n) < crime.breaches)
    charged = date + days(
        lognormal(np.array(crime.charge_days)[group], 0.8, n, stream).clip(0, 2500)[head]
    )
    hearing = charged + days(lognormal(crime.hearing_days, 0.5, n, stream).clip(1, 400)[head])
    remand = _remand(crime, group, mode, prior, people.ethnicity[person - 1], stream)
    remand = np.where(single | breach, NOT_REMANDED, remand)
    return Alleged(
        career,
        person,
        prior,
        head,
        date,
        group,
        mode,
        breach,
        single,
        court,
        charged,
        hearing,
        remand,
    )


def _courts(
    crime: CrimeRates, careers: Careers, career: Ints, date: Days, stream: np.random.Generator
) -> Ints:
    """Mostly the home court, of the home at that time."""
    moved = careers.moved[career]
    later = ~np.isnat(moved) & (date >= moved)
    home = magistrates_court_of(np.where(later, careers.later_home[career], careers.home[career]))
    elsewhere = 1 + stream.integers(0, MAGISTRATES_COURTS, len(career))
    return np.where(stream.random(len(career)) < crime.home_court, home, elsewhere)


def _heads(
    crime: CrimeRates, person: Ints, court: Ints, date: Days, stream: np.random.Generator
) -> Ints:
    """Position of the first defendant of each one's case: oneself, where there is no other."""
    n = len(person)
    order = np.lexsort((date, court))
    joins = np.zeros(n, dtype=bool)
    if n > 1:
        same_court = np.diff(court[order]) == 0
        near = np.diff(date[order]).astype(np.int64) <= _JOINED_WITHIN
        other = np.diff(person[order]) != 0
        joins[1:] = same_court & near & other & (stream.random(n - 1) < crime.codefendants)
        # Nobody is twice in a case: at most three in a row are joined, all different.
        joins[2:] &= person[order][2:] != person[order][:-2]
    first = np.maximum.accumulate(np.where(joins, 0, np.arange(n)))
    joins &= (np.arange(n) - first) % _MOST_DEFENDANTS != 0
    first = np.maximum.accumulate(np.where(joins, 0, np.arange(n)))
    head = np.empty(n, dtype=np.int64)
    head[order] = order[first]
    return head


def _prior(career: Ints) -> Ints:
    """How many entries of the same career come before each."""
    start = np.flatnonzero(np.diff(career, prepend=-1) != 0)
    length = np.diff(np.append(start, len(career)))
    return np.arange(len(career)) - np.repeat(start, length)


def _groups(
    crime: CrimeRates,
    careers: Careers,
    career: Ints,
    ethnicity: np.ndarray,
    stream: np.random.Generator,
) -> Ints:
    """Offence group: a person's own, or any of the career's class; drugs tilted by ethnicity."""
    mix = np.array(crime.group_mix)[:, None, :].repeat(len(crime.drug_tilt), axis=1)
    mix[:, :, DRUGS] *= np.array(crime.drug_tilt)
    edges = np.cumsum(mix, axis=2) / mix.sum(axis=2, keepdims=True)
    persists = stream.random(len(career)) < crime.group_persistence
    draw = np.where(persists, careers.own_group[career], stream.random(len(career)))
    mine = edges[careers.kind[career], ethnicity.astype(np.int64) - 1]
    return (draw[:, None] > mine).sum(axis=1).clip(max=len(OFFENCE_GROUPS) - 1)


def _remand(
    crime: CrimeRates,
    group: Ints,
    mode: Ints,
    prior: Ints,
    ethnicity: np.ndarray,
    stream: np.random.Generator,
) -> Ints:
    """Remand in custody by case mix and, planted, by ethnicity; the rest bailed or free."""
    odds = np.array(crime.remand_log_odds)[group] + crime.remand_prior * np.minimum(prior, 10)
    odds += np.select([mode == INDICTABLE, mode == SUMMARY], [1.2, -1.5], 0.0)
    odds += np.array(crime.remand_ethnicity)[ethnicity.astype(np.int64) - 1]
    held = stream.random(len(group)) < 1 / (1 + np.exp(-odds))
    bailed = stream.random(len(group)) < np.where(mode == SUMMARY, 0.25, 0.7)
    return np.where(held, CUSTODY, np.where(bailed, BAIL, NOT_REMANDED))


def hear(parameters: WorldParameters, alleged: Alleged, streams: Streams) -> Heard:
    """Plea, verdict and end of each prosecution in the magistrates' court."""
    crime, stream = parameters.crime, streams.stream("magistrates")
    n = len(alleged)
    sent_draw = stream.random(n)[alleged.head]
    by_choice = (alleged.mode == EITHER_WAY) & (
        sent_draw < np.array(crime.sent_either_way)[alleged.group]
    )
    sent = (alleged.mode == INDICTABLE) | by_choice
    draw = stream.random(n)
    guilty_share = np.where(alleged.is_breach | alleged.is_single_justice, 0.85, crime.guilty_pleas)
    plea = np.where(draw < guilty_share, GUILTY, NOT_GUILTY)
    plea = np.where(sent | (draw > 1 - crime.none_entered), NONE, plea)
    convicted = stream.random(n) < crime.convicted_at_trial
    verdict = np.select(
        [plea == GUILTY, plea == NONE, convicted], [GUILTY, NONE, GUILTY], NOT_GUILTY
    )
    either = (alleged.mode == EITHER_WAY) & (verdict == GUILTY) & ~alleged.is_breach
    committed = either & (stream.random(n) < crime.committed)
    appealed = (verdict == GUILTY) & ~committed & ~alleged.is_single_justice
    appealed &= stream.random(n) < crime.appeals
    route = np.select([sent, committed, appealed], [SENT, COMMITTED, APPEAL], NO_ROUTE)
    return Heard(route, plea, verdict, _ends(crime, alleged, sent, plea, stream))


def _ends(
    crime: CrimeRates, alleged: Alleged, sent: Bools, plea: Ints, stream: np.random.Generator
) -> Days:
    """Day of the final result: at the first hearing, after an adjournment, or after a trial."""
    n = len(alleged)
    adjourned = lognormal(crime.adjourned_days, 0.8, n, stream)
    at_once = stream.random(n) < 0.6
    contested = lognormal(crime.trial_days, 0.6, n, stream)
    length = np.where(plea == NOT_GUILTY, contested, np.where(at_once, 0.0, adjourned))
    length = np.where(sent, length[alleged.head] * 0.3, length)
    inside = (alleged.first_hearing >= _PANDEMIC[0]) & (alleged.first_hearing <= _PANDEMIC[1])
    length = np.where(inside, length * crime.pandemic_delay, length)
    return alleged.first_hearing + days(length.clip(0, 1500))
