"""Cautions that pupils were given: the police's, which no court's data hold."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.criminal.codes import OFFENCE_GROUPS
from justice_analysis.synthetic.people import DAYS_PER_YEAR, Days, Ints, People, days
from justice_analysis.synthetic.rates.schools import SchoolRates
from justice_analysis.synthetic.schools.sanctions import Histories, Sanctions

_YOUNGEST, _OLDEST = 10.0, 18.5
_GROUPS = {
    "theft": 0.34,
    "violence_against_the_person": 0.22,
    "criminal_damage_and_arson": 0.14,
    "drug_offences": 0.14,
    "public_order": 0.10,
    "summary_non_motoring": 0.06,
}
_SPREAD, _ANYWHERE = 1.2, 0.15  # years around the peak; share at any age instead
_LEAST_ROOM = 0.5  # years between the youngest age and a first sentence, for a caution before it


def cautions(
    rates: SchoolRates,
    people: People,
    pool: Histories,
    sentenced: Ints,
    cautioned: Ints,
    stream: np.random.Generator,
) -> Sanctions:
    """Cautions of pupils: before their first sentence, or of those who were never sentenced."""
    at = np.searchsorted(pool.person, sentenced)
    first = pool.first_committed[at]
    limit = (first - people.birth[sentenced - 1]).astype(np.int64) / DAYS_PER_YEAR
    early = (stream.random(len(sentenced)) < rates.caution_first) & (
        limit > _YOUNGEST + _LEAST_ROOM
    )
    person = np.concatenate([sentenced[early], cautioned])
    last_age = np.concatenate([limit[early], np.full(len(cautioned), _OLDEST)])
    age = _ages(rates, np.minimum(last_age, _OLDEST), stream)
    committed = people.birth[person - 1] + days(age * DAYS_PER_YEAR)
    return _given(rates, people, person, committed, stream)


def _ages(rates: SchoolRates, last: np.ndarray, stream: np.random.Generator) -> np.ndarray:
    """Ages at the offence, most often in the year of the published peak; before `last` at least."""
    n = len(last)
    near = rates.peak_age + 0.5 + stream.normal(0, _SPREAD, n)
    anywhere = stream.uniform(_YOUNGEST, _OLDEST, n)
    age = np.where(stream.random(n) < _ANYWHERE, anywhere, near)
    possible = (age >= _YOUNGEST) & (age < last)
    return np.where(possible, age, stream.uniform(_YOUNGEST, last))


def _given(
    rates: SchoolRates,
    people: People,
    person: Ints,
    committed: Days,
    stream: np.random.Generator,
) -> Sanctions:
    n = len(person)
    date: Days = committed + days(stream.integers(5, 60, n))
    last = np.datetime64(rates.followed_to)
    date = np.minimum(date, last)
    committed = np.minimum(committed, date)
    age = (date - people.birth[person - 1]).astype(np.int64) / DAYS_PER_YEAR
    codes = np.array([OFFENCE_GROUPS.index(name) for name in _GROUPS])
    return Sanctions(
        person,
        np.arange(n),
        committed,
        date,
        stream.choice(codes, n, p=list(_GROUPS.values())),
        (age >= 18).astype(np.int64),
        np.zeros(n, dtype=np.int64),
        np.zeros(n, dtype=bool),
    )
