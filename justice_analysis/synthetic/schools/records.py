"""What schools recorded about each pupil, year by year, given how the pupil stood in 2017."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.people import Bools, Ints
from justice_analysis.synthetic.rates.schools import FIRST_YEAR, SchoolRates
from justice_analysis.synthetic.schools.schooling import IN_CUSTODY, NEITHER, Schooling

SCHOOL_TYPES = ("mainstream", "special", "alternative_provision")
NEEDS = ("N", "A", "P", "K", "S", "E")
EXCLUSIONS = ("FIXD", "PERM", "LNCH")
FIXED, PERMANENT = 0, 1
KEY_STAGES = ("KS2", "KS4")
_FIRST_AGE, _LAST_AGE = 5, 15  # at the start of the school year, from year 1 to year 11
_SECONDARY_AGE = 11
_AGES_AT_KEY_STAGES = (10, 15)
_NEW_CODES_FROM = 2014  # SEN support, and plans in the place of statements
_SESSIONS = 380
_PERSISTENT = 0.10


@dataclass(frozen=True)
class SchoolYears:
    """One entry per pupil (position) and school year; `starts` is the year it begins in."""

    pupil: Ints
    starts: Ints
    age: Ints
    school: Ints
    free_meals: Bools
    need: Ints
    possible: Ints
    missed: Ints


@dataclass(frozen=True)
class Exclusions:
    """One entry per exclusion of a pupil (position)."""

    pupil: Ints
    starts: Ints
    category: Ints
    sessions: Ints


@dataclass(frozen=True)
class Attainment:
    """One entry per pupil (position) and key stage."""

    pupil: Ints
    starts: Ints
    stage: Ints
    reached: Bools


def _begins(year: Ints, age: Ints) -> Ints:
    """Calendar year in which the school year begins that pupils start at an age."""
    return FIRST_YEAR + 1 + year + age


def one_in(share: np.ndarray, group: Ints, stream: np.random.Generator) -> Bools:
    """So many of each group as its share says, to the nearest whole number, chosen at random."""
    chosen = np.zeros(len(group), dtype=bool)
    for number, wanted in enumerate(share):
        members = np.flatnonzero(group == number)
        count = int(np.floor(wanted * len(members) + stream.random()))
        chosen[stream.choice(members, count, replace=False)] = True
    return chosen


def school_years(
    rates: SchoolRates, held: Schooling, in_care: Bools, stream: np.random.Generator
) -> SchoolYears:
    """Eleven years at school for each pupil, with meals, needs and absence."""
    n, ages = len(held), np.arange(_FIRST_AGE, _LAST_AGE + 1)
    pupil, age = np.repeat(np.arange(n), len(ages)), np.tile(ages, n)
    starts = _begins(held.year[pupil], age)
    has_needs = _ever_in_need_of_support(rates, held, in_care, stream)
    has_plan = has_needs & (stream.random(n) < 0.25)
    since = stream.integers(_FIRST_AGE, _SECONDARY_AGE + 2, n)
    needy = has_needs[pupil] & (age >= since[pupil])
    meals_from = stream.integers(_FIRST_AGE, _LAST_AGE + 1, n)
    meals_for = stream.integers(2, len(ages) + 1, n)
    ever = _ever_on_free_meals(rates, held, stream)[pupil]
    poor = ever & (age >= meals_from[pupil]) & (age < meals_from[pupil] + meals_for[pupil])
    special = (has_plan & (stream.random(n) < 4 * rates.special_schools))[pupil] & needy
    elsewhere = (held.outcome[pupil] == IN_CUSTODY) & (age >= 13) & (stream.random(len(age)) < 0.3)
    return SchoolYears(
        pupil,
        starts,
        age,
        np.where(special, 1, np.where(elsewhere, 2, 0)),
        poor,
        _need_codes(needy, has_plan[pupil], starts),
        np.full(len(age), _SESSIONS),
        _missed(rates, held, pupil, age, stream),
    )


def _ever_in_need_of_support(
    rates: SchoolRates, held: Schooling, in_care: Bools, stream: np.random.Generator
) -> Bools:
    jailed_in_care = in_care & (held.outcome == IN_CUSTODY)
    group = np.where(jailed_in_care, NEITHER + 1, held.outcome)
    shares = np.array([*rates.special_needs, rates.special_needs_in_care])
    return one_in(shares, group, stream)


def _ever_on_free_meals(rates: SchoolRates, held: Schooling, stream: np.random.Generator) -> Bools:
    group = np.where(held.is_serious, NEITHER + 1, held.outcome)
    return one_in(np.array([*rates.free_meals, rates.free_meals_if_serious]), group, stream)


def _need_codes(needy: Bools, has_plan: Bools, starts: Ints) -> Ints:
    new = starts >= _NEW_CODES_FROM
    plan = np.where(new, NEEDS.index("E"), NEEDS.index("S"))
    support = np.where(new, NEEDS.index("K"), NEEDS.index("A") + starts % 2)
    return np.where(needy, np.where(has_plan, plan, support), NEEDS.index("N"))


def _missed(
    rates: SchoolRates, held: Schooling, pupil: Ints, age: Ints, stream: np.random.Generator
) -> Ints:
    """Sessions missed: a tenth or more only in the worst years of the persistently absent."""
    ever = one_in(np.array(rates.persistently_absent), held.outcome, stream)
    first = stream.integers(9, _LAST_AGE + 1, len(held))
    worst = ever[pupil] & (age >= first[pupil]) & (age < first[pupil] + 3)
    usual = stream.gamma(2.0, rates.usual_absent / 2, len(age)).clip(max=_PERSISTENT - 0.01)
    much = _PERSISTENT + stream.gamma(1.5, (rates.worst_absent - _PERSISTENT) / 1.5, len(age))
    share = np.where(worst, much.clip(max=0.9), usual)
    sessions = np.where(worst, np.ceil(share * _SESSIONS), np.floor(share * _SESSIONS))
    return sessions.astype(np.int64)


def exclusions(rates: SchoolRates, held: Schooling, stream: np.random.Generator) -> Exclusions:
    """Fixed-period and permanent exclusions, in the years of secondary school."""
    suspended = np.flatnonzero(one_in(np.array(rates.suspended), held.outcome, stream))
    times = stream.geometric(0.45, len(suspended)).clip(max=12)
    for_good = np.flatnonzero(one_in(np.array(rates.excluded_for_good), held.outcome, stream))
    pupil = np.concatenate([np.repeat(suspended, times), for_good])
    is_fixed = np.arange(len(pupil)) < times.sum()
    age = stream.integers(_SECONDARY_AGE, _LAST_AGE + 1, len(pupil))
    return Exclusions(
        pupil,
        _begins(held.year[pupil], age),
        np.where(is_fixed, FIXED, PERMANENT),
        np.where(is_fixed, 1 + stream.geometric(0.3, len(pupil)).clip(max=60), 0),
    )


def attainment(rates: SchoolRates, held: Schooling, stream: np.random.Generator) -> Attainment:
    """Whether each pupil reached the expected level at the end of key stages 2 and 4."""
    n = len(held)
    reached = [
        one_in(np.array(shares), held.outcome, stream)
        for shares in (rates.expected_at_11, rates.expected_at_16)
    ]
    starts = [_begins(held.year, np.full(n, age)) for age in _AGES_AT_KEY_STAGES]
    return Attainment(
        np.tile(np.arange(n), 2),
        np.concatenate(starts),
        np.repeat([0, 1], n),
        np.concatenate(reached),
    )
