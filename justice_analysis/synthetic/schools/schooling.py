"""Who went to school, and what they had done by the end of 2017.

The world's share of people with offences is far above that of a country's pupils. So pupils are
those registered as such, who never meet a court, and as many others born in the same years, with
sentences of the criminal courts or from families in care proceedings, as the published shares
allow. Some pupils were cautioned; that is in no court's data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.people import (
    CHILD,
    MALE,
    NO_DATE,
    PUPIL,
    Bools,
    Days,
    Ints,
)
from justice_analysis.synthetic.rates.schools import BIRTH_YEARS, ONS_YEARS, SchoolRates
from justice_analysis.synthetic.schools.cautions import cautions
from justice_analysis.synthetic.schools.pupils import birth_year
from justice_analysis.synthetic.schools.sanctions import (
    Histories,
    Sanctions,
    histories,
    join,
    sentences,
)
from justice_analysis.synthetic.world import World

IN_CUSTODY, NO_CUSTODY, NEITHER = range(3)
_LIKE_THE_ONS = range(max(ONS_YEARS) + 3)


@dataclass(frozen=True)
class Schooling:
    """One entry per pupil, and all cautions and sentences of the world's young people.

    `outcome` is in the order of `school_rates.OUTCOMES`, to the end of 2017; `is_family` marks
    children of families in care proceedings. `unlinked` are people with offences, born in the
    same years, who are no pupils.
    """

    person: Ints
    year: Ints
    outcome: Ints
    is_serious: Bools
    is_prolific: Bools
    is_family: Bools
    sanctions: Sanctions
    unlinked: Ints

    def __len__(self) -> int:
        return len(self.person)


def school(world: World) -> Schooling:
    """Choose the pupils of a world, caution some, and say how each stood at the end of 2017."""
    rates, stream = world.parameters.schools, world.streams.stream("schooling")
    sentenced = sentences(world.lives)
    followed_to = np.datetime64(rates.followed_to)
    pool = histories(sentenced, followed_to)
    chosen, cautioned, family = [], [], []
    for year in range(BIRTH_YEARS):
        picked = _pupils_of(world, rates, pool, year, stream)
        chosen.append(picked.sentenced)
        cautioned.append(picked.cautioned)
        family.append(picked.family)
    offenders, only = np.concatenate(chosen), np.concatenate(cautioned)
    relatives = np.concatenate(family)
    own = np.flatnonzero(world.people.kind == PUPIL) + 1
    person = np.concatenate([own, offenders, relatives])
    given = cautions(rates, world.people, pool, offenders, only, stream)
    young = sentenced.take(_is_young(world, sentenced.person))
    return _summed_up(world, rates, person, relatives, join(young, given), stream)


def first_met(world: World) -> Days:
    """Issue of the first family case of each person in England; missing where there is none."""
    courts = world.courts
    issue = courts.cases.issue[courts.applications.case[courts.members.application]]
    first = np.full(len(world.people) + 1, np.datetime64("9999-01-01"), dtype="datetime64[D]")
    np.minimum.at(first, courts.members.person, issue)
    return np.where(first > np.datetime64("9000-01-01"), NO_DATE, first)


def _is_young(world: World, person: Ints) -> Bools:
    year = birth_year(world.people.birth[person - 1])
    return (year >= 0) & (year < BIRTH_YEARS)


def _summed_up(
    world: World,
    rates: SchoolRates,
    person: Ints,
    relatives: Ints,
    sanctions: Sanctions,
    stream: np.random.Generator,
) -> Schooling:
    held = histories(sanctions, np.datetime64(rates.followed_to))
    at = np.searchsorted(held.person, person).clip(max=max(len(held.person) - 1, 0))
    known = held.person[at] == person if len(held.person) else np.zeros(len(person), dtype=bool)
    at = np.where(known, at, 0)
    outcome = np.full(len(person), NEITHER)
    outcome[known] = np.where(held.has_custody[at[known]], IN_CUSTODY, NO_CUSTODY)
    serious, prolific = np.zeros((2, len(person)), dtype=bool)
    serious[known] = held.is_serious[at[known]]
    prolific[known] = held.count[at[known]] >= rates.prolific_sanctions
    others = np.setdiff1d(sanctions.person, person)
    linked = len(np.intersect1d(sanctions.person, person))
    wanted = min(len(others), round(linked * rates.pupils_not_linked))
    return Schooling(
        person,
        birth_year(world.people.birth[person - 1]),
        outcome,
        serious,
        prolific,
        np.isin(person, relatives),
        sanctions,
        np.sort(stream.choice(others, wanted, replace=False)),
    )


# Who is a pupil ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Picked:
    sentenced: Ints
    cautioned: Ints
    family: Ints


def _pupils_of(
    world: World, rates: SchoolRates, pool: Histories, year: int, stream: np.random.Generator
) -> _Picked:
    """People born in one academic year: some sentenced, some cautioned, some of families."""
    people = world.people
    born = birth_year(people.birth) == year
    own = np.flatnonzero((people.kind == PUPIL) & born) + 1
    share = rates.sanctioned_by_year[year]
    sentenced = share * (1 - rates.cautioned_only)
    in_need = rates.in_need[NEITHER] * (1 - share) * rates.family_pupils
    size = len(own) / (1 - sentenced - in_need)
    candidates = np.flatnonzero(born[pool.person - 1] & (people.kind[pool.person - 1] != PUPIL))
    at = _sentenced(world, rates, pool, candidates, year, size, stream)
    male = _male_share_of_others(rates, year)
    only = _by_sex(world, own, share * rates.cautioned_only * size, male, stream)
    kin = np.flatnonzero((people.kind == CHILD) & born & ~np.isnat(first_met(world)[1:])) + 1
    kin = np.setdiff1d(kin, pool.person)
    family = stream.choice(kin, min(len(kin), round(in_need * size)), replace=False)
    return _Picked(at, only, np.sort(family))


def _male_share_of_others(rates: SchoolRates, year: int) -> float:
    """Share of boys among those sanctioned for nothing serious, or without custody."""
    if year in _LIKE_THE_ONS:
        return rates.male_no_custody
    serious = rates.serious_violence / rates.sanctioned
    return (rates.male_sanctioned - serious * rates.male_serious) / (1 - serious)


def _sentenced(
    world: World,
    rates: SchoolRates,
    pool: Histories,
    candidates: Ints,
    year: int,
    size: float,
    stream: np.random.Generator,
) -> Ints:
    """People with sentences, so many of each kind as the published shares say."""
    total = rates.sanctioned_by_year[year] * size
    wanted = total * (1 - rates.cautioned_only)
    many = pool.count[candidates] >= rates.prolific_sanctions
    serious, custody = pool.is_serious[candidates], pool.has_custody[candidates]
    male = _male_share_of_others(rates, year)
    if year in _LIKE_THE_ONS:
        jailed = total * rates.custody / (rates.custody + rates.no_custody)
        quotas = [
            (custody, jailed, rates.male_custody),
            (~custody, wanted - jailed, male),
        ]
    else:
        grave = total * rates.serious_violence / rates.sanctioned
        often = total * rates.prolific / rates.sanctioned
        both = rates.serious_and_prolific * grave
        few = pool.count[candidates] < rates.prolific_sanctions - 1
        quotas = [
            (serious & many, both, rates.male_serious),
            (serious & few, grave - both, rates.male_serious),
            (~serious & many, often - both, male),
            (~serious & few, wanted - grave - often + both, male),
        ]
    picked = [
        _by_sex(world, pool.person[candidates[among]], count, boys, stream)
        for among, count, boys in quotas
    ]
    return np.concatenate(picked)


def _by_sex(
    world: World, among: Ints, wanted: float, male: float, stream: np.random.Generator
) -> Ints:
    """So many people, this share of them male; where one sex is short, fewer are taken."""
    is_male = world.people.sex[among - 1] == MALE
    boys, girls = among[is_male], among[~is_male]
    n_boys = min(len(boys), _rounded(wanted * male, stream))
    n_girls = min(len(girls), _rounded(wanted * (1 - male), stream))
    return np.concatenate(
        [stream.choice(boys, n_boys, replace=False), stream.choice(girls, n_girls, replace=False)]
    )


def _rounded(value: float, stream: np.random.Generator) -> int:
    """A whole number near the value, right on average."""
    return int(np.floor(max(value, 0.0) + stream.random()))
