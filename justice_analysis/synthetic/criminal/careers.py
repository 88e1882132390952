"""Offending careers: who offends, when, and where they live, before any court knows of it.

A career is of one class (once, occasional, persistent). Offences of the last two come at a rate
that is a gamma frailty times an age-crime curve times what the courts took on in that period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    AREAS,
    CHILD,
    DAYS_PER_YEAR,
    DEFENDANT,
    KINDS,
    MALE,
    NO_DATE,
    Bools,
    Days,
    Ints,
    People,
    PersonRegister,
    Streams,
    days,
)
from justice_analysis.synthetic.rates.crime import CrimeRates

Floats = NDArray[np.float64]
ONCE, OCCASIONAL, PERSISTENT = range(3)
_TO_COURT = 70  # days from offence to first hearing, roughly
_BATCH = 4  # candidates drawn per person still wanted


@dataclass(frozen=True)
class Careers:
    """One entry per person with a career; offences are in order of career and date.

    `frailty` is a person's rate relative to others of the class (1 where once). `home` is the
    home area, `later_home` the one after `moved` (the same where never).
    """

    person: Ints
    kind: Ints
    frailty: Floats
    own_group: Floats
    home: Ints
    later_home: Ints
    moved: Days
    offence_career: Ints
    offence_date: Days

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Drawn:
    """Careers of candidates: class, frailty, and offences as candidate and date."""

    kind: Ints
    frailty: Floats
    career: Ints
    date: Days

    def of(self, chosen: Ints) -> Drawn:
        """The careers of some candidates, renumbered in this order."""
        position = np.full(len(self.kind), -1)
        position[chosen] = np.arange(len(chosen))
        at = position[self.career]
        kept = at >= 0
        return Drawn(self.kind[chosen], self.frailty[chosen], at[kept], self.date[kept])


def register_defendants(
    parameters: WorldParameters, n: int, register: PersonRegister, streams: Streams, name: str
) -> Drawn:
    """Register people who are first met in the criminal courts, each with an offence to try.

    Candidates are drawn until enough have an offence that a court saw in the period.
    """
    crime, stream = parameters.crime, streams.stream(name)
    draws, sexes, births = [], [], []
    found = 0
    while found < n:
        size = max(200, _BATCH * (n - found))
        birth = np.datetime64("1935-01-01") + days(stream.uniform(0, 75.5 * DAYS_PER_YEAR, size))
        sex = (stream.random(size) < crime.male_share).astype(np.int8)
        draw = draw_offences(
            parameters, np.array(crime.class_shares)[None, :].repeat(size, 0), birth, sex, stream
        )
        met = np.zeros(size, dtype=bool)
        met[draw.career[_is_seen(parameters, draw.date, stream)]] = True
        chosen = np.flatnonzero(met)[: n - found]
        draws.append(draw.of(chosen))
        sexes.append(sex[chosen])
        births.append(birth[chosen])
        found += len(chosen)
    register.add(
        DEFENDANT,
        np.concatenate([np.zeros(0, np.int8), *sexes]),
        np.concatenate([np.zeros(0, "datetime64[D]"), *births]),
    )
    return _join(draws)


def _is_seen(parameters: WorldParameters, date: Days, stream: np.random.Generator) -> Bools:
    """Offences that a court will probably hear between its first day and the extract."""
    heard = date + days(_TO_COURT * np.exp(stream.normal(0, 0.7, len(date))))
    first = np.datetime64(parameters.crime.courts_from)
    return (heard >= first) & (heard <= np.datetime64(parameters.extract_date))


def _join(draws: list[Drawn]) -> Drawn:
    sizes = np.cumsum([0, *(len(draw.kind) for draw in draws)])
    empty = np.zeros(0, dtype=np.int64)
    return Drawn(
        np.concatenate([empty, *(draw.kind for draw in draws)]),
        np.concatenate([empty.astype(float), *(draw.frailty for draw in draws)]),
        np.concatenate([empty, *(d.career + s for d, s in zip(draws, sizes, strict=False))]),
        np.concatenate([np.zeros(0, "datetime64[D]"), *(draw.date for draw in draws)]),
    )


def draw_offences(
    parameters: WorldParameters,
    shares: Floats,
    birth: Days,
    sex: NDArray[np.int8],
    stream: np.random.Generator,
    *,
    ratio: Floats | float = 1.0,
) -> Drawn:
    """Offences of each candidate from `careers_from` to the extract.

    Parameters
    ----------
    shares
        Shape (n, 3): share of each class for each candidate.
    birth, sex
        Shape (n,).
    ratio
        Of each candidate's rate to that of the class.
    """
    crime = parameters.crime
    n = len(birth)
    kind = (stream.random((n, 1)) > np.cumsum(shares, axis=1)).sum(axis=1).clip(max=PERSISTENT)
    shape = np.array(crime.class_spread)[kind]
    frailty = np.where(kind == ONCE, 1.0, stream.gamma(shape) / shape)
    frailty = np.where(sex == MALE, frailty, frailty * crime.female_rate) * ratio
    starts = np.datetime64(crime.careers_from)
    span = (np.datetime64(parameters.extract_date) - starts).astype(np.int64) + 1
    rate = np.array(crime.class_rates)[kind] * frailty * span / DAYS_PER_YEAR
    count = np.where(kind == ONCE, 1, stream.poisson(rate))
    career = np.repeat(np.arange(n), count)
    date = starts + days(stream.random(len(career)) * span)
    single = kind[career] == ONCE
    date = np.where(single, birth[career] + days(_once_at(crime, len(career), stream)), date)
    age = (date - birth[career]).astype(np.int64) / DAYS_PER_YEAR
    weight = np.where(single, 1.0, _at_age(crime, age, kind[career])) * _in_period(crime, date)
    kept = (stream.random(len(career)) < weight) & (date >= starts)
    kept &= date <= np.datetime64(parameters.extract_date)
    career, date = career[kept], date[kept]
    order = np.lexsort((date, career))
    return Drawn(kind, frailty, career[order], date[order])


def _once_at(crime: CrimeRates, n: int, stream: np.random.Generator) -> Floats:
    """Age in days of the only offence of a life, drawn from the age-crime curve."""
    ages = np.arange(crime.ages[0], crime.ages[-1], 0.1)
    share = np.cumsum(np.interp(ages, crime.ages, crime.age_curve))
    return np.interp(stream.random(n), share / share[-1], ages) * DAYS_PER_YEAR


def _at_age(crime: CrimeRates, age: Floats, kind: Ints) -> Floats:
    usual = np.interp(age, crime.ages, crime.age_curve, left=0.0)
    return np.where(
        kind == PERSISTENT,
        np.interp(age, crime.ages, crime.age_curve_persistent, left=0.0),
        usual,
    )


def _in_period(crime: CrimeRates, date: Days) -> Floats:
    on, index = zip(*crime.period_index, strict=True)
    known = np.array(on, dtype="datetime64[D]").astype(np.int64)
    return np.interp(date.astype(np.int64), known, index) / max(index)


def make_careers(
    parameters: WorldParameters,
    people: People,
    homes: Ints,
    chances: Floats,
    defendants: list[tuple[int, Drawn]],
    streams: Streams,
) -> Careers:
    """Careers of everyone who has one.

    Parameters
    ----------
    homes
        Home area by person id (index 0 nobody; 0 where not known yet).
    chances
        Chance of a career by person id where it is not that of the person's kind (NaN there).
    defendants
        First person id and draw of each block that `register_defendants` made.
    """
    crime, stream = parameters.crime, streams.stream("careers of others")
    chance = np.array(crime.prevalence)[people.kind]
    chance = np.where(np.isnan(chances[1:]), chance, chances[1:])
    chance = np.where(people.sex == MALE, chance, chance * _female_chance(people))
    others = np.flatnonzero((people.kind != DEFENDANT) & (stream.random(len(people)) < chance))
    kind = people.kind[others]
    shares = np.where((kind < CHILD)[:, None], crime.care_class_shares, crime.class_shares)
    shares = np.where((kind == CHILD)[:, None], crime.child_class_shares, shares)
    drawn = draw_offences(
        parameters,
        shares,
        people.birth[others],
        people.sex[others],
        stream,
        ratio=np.where(kind == CHILD, crime.child_rate, 1.0),
    )
    offending = np.zeros(len(others), dtype=bool)
    offending[drawn.career] = True
    parts = [(others[offending] + 1, drawn.of(np.flatnonzero(offending)))]
    parts += [(first + np.arange(len(draw.kind)), draw) for first, draw in defendants]
    person = np.concatenate([part[0] for part in parts])
    return _settle(parameters, person, _join([part[1] for part in parts]), homes, streams)


def _female_chance(people: People) -> Floats:
    """Mothers have a prevalence of their own; other women and girls offend less."""
    return np.where(people.kind == KINDS.index("mother"), 1.0, 0.4)


def _settle(
    parameters: WorldParameters, person: Ints, draw: Drawn, homes: Ints, streams: Streams
) -> Careers:
    """Give every career a home, perhaps a later one, and a draw for its own kind of offence."""
    crime, stream = parameters.crime, streams.stream("homes")
    n = len(person)
    home = np.where(homes[person] > 0, homes[person], 1 + stream.integers(0, AREAS, n))
    moves = stream.random(n) < crime.moves
    starts = np.datetime64(crime.courts_from)
    span = (np.datetime64(parameters.extract_date) - starts).astype(np.int64)
    when = starts + days(stream.random(n) * span)
    elsewhere = 1 + stream.integers(0, AREAS, n)
    return Careers(
        person,
        draw.kind,
        draw.frailty,
        stream.random(n),
        home,
        np.where(moves, elsewhere, home),
        np.where(moves, when, NO_DATE),
        draw.career,
        draw.date,
    )
