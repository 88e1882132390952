"""Claims in the county courts, and who makes and who answers them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.synthetic.civil.outcomes import ClaimEvents, hold_claims
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    CIVIL_PARTY,
    DAYS_PER_YEAR,
    Bools,
    Days,
    Ints,
    PersonRegister,
    Streams,
    days,
)
from justice_analysis.synthetic.rates.claims import ClaimRates

KINDS = ("money", "damages", "possession", "other")
ROLES = ("claimant", "defendant")
CLAIMANT, DEFENDANT = range(len(ROLES))
NOBODY = 0
NO_COMPANY = -1
COURTS = 170
_ADULT_DAYS = 18 * 366


@dataclass(frozen=True)
class Claims:
    """One entry per claim, then its parties and its events.

    `person` are the people registered for claims alone. A party is a person (`party_person`) or
    a company (`party_company`, a number from 0; the first `bulk` of them claim in bulk): the
    other one is 0 or -1. `amount` is in pounds, 0 where no sum is stated.
    """

    person: Ints
    kind: Ints
    court: Ints
    issued: Days
    amount: NDArray[np.float64]
    status: Ints
    status_date: Days
    party_claim: Ints
    party_role: Ints
    party_person: Ints
    party_company: Ints
    events: ClaimEvents
    bulk: int

    def __len__(self) -> int:
        return len(self.kind)


def make_claims(
    parameters: WorldParameters,
    people_wanted: int,
    register: PersonRegister,
    lives_people: Ints,
    streams: Streams,
) -> Claims:
    """Register exactly `people_wanted` people, each in a claim; others come from `lives_people`.

    Parameters
    ----------
    people_wanted
        People who are met in civil claims alone.
    lives_people
        Ids of other adults, of whom a share is in a claim too.
    """
    rates, stream = parameters.claims, streams.stream("claims")
    person = _register(people_wanted, register, stream)
    known = lives_people[stream.random(len(lives_people)) < rates.others_in_claims]
    extract = np.datetime64(parameters.extract_date)
    seen = np.concatenate([person, known])
    birth = _births(register)[seen - 1]
    who, issued = _appearances(rates, seen, birth, extract, stream)
    claims_own = stream.random(len(who)) < rates.claimant_person
    kind = _kinds(rates, claims_own, stream)
    parties = _parties(rates, who, issued, claims_own, _of_age(seen, birth, issued), stream)
    amount = _amounts(rates, kind, stream)
    held = hold_claims(
        rates, kind, issued, amount, claims_own & ~parties.against_person, extract, stream
    )
    return Claims(
        person,
        kind,
        1 + stream.integers(0, COURTS, len(who)),
        issued,
        amount,
        held.status,
        held.status_date,
        parties.claim,
        parties.role,
        parties.person,
        parties.company,
        held.events,
        rates.bulk_claimants,
    )


def _register(n: int, register: PersonRegister, stream: np.random.Generator) -> Ints:
    birth = np.datetime64("1940-01-01") + days(stream.uniform(0, 55 * DAYS_PER_YEAR, n))
    return register.add(CIVIL_PARTY, stream.integers(0, 2, n).astype(np.int8), birth)


def _births(register: PersonRegister) -> Days:
    return np.concatenate([block[2] for block in register.blocks])


def _appearances(
    rates: ClaimRates, seen: Ints, birth: Days, extract: np.datetime64, stream: np.random.Generator
) -> tuple[Ints, Days]:
    """Who is in a claim, once per claim, and when it was issued: as an adult, by the extract."""
    count = stream.geometric(1 / (1 + rates.claims_more), len(seen))
    who = np.repeat(np.arange(len(seen)), count)
    adult = birth[who] + np.timedelta64(_ADULT_DAYS, "D")
    first: Days = np.maximum(np.datetime64(rates.courts_from), adult)
    span = (extract - first).astype(np.int64)
    kept = span > 0
    issued = first[kept] + days(stream.random(int(kept.sum())) * span[kept])
    return seen[who[kept]], issued


@dataclass(frozen=True)
class _Parties:
    claim: Ints
    role: Ints
    person: Ints
    company: Ints
    against_person: Bools


def _of_age(seen: Ints, birth: Days, issued: Days) -> Ints:
    """People who were adults throughout, so that they can be on the other side of any claim."""
    if not len(issued):
        return seen
    return seen[birth + np.timedelta64(_ADULT_DAYS, "D") <= issued.min()]


def _parties(
    rates: ClaimRates,
    who: Ints,
    issued: Days,
    claims_own: Bools,
    others: Ints,
    stream: np.random.Generator,
) -> _Parties:
    """The person, the other side, and sometimes a second defendant, of each claim."""
    n = len(who)
    claim = np.arange(n)
    companies = rates.bulk_claimants + max(20, n * rates.companies_per_1000 // 1000)
    opponent = _somebody_for(who, others, stream)
    against_person = claims_own & (stream.random(n) < rates.against_a_person) & (opponent != who)
    company = np.where(
        claims_own,
        stream.integers(rates.bulk_claimants, companies, n),
        _claiming_companies(rates, n, companies, stream),
    )
    second = np.flatnonzero(~claims_own & (stream.random(n) < rates.two_defendants))
    partner = _somebody_for(who[second], others, stream)
    apart = partner != who[second]
    second, partner = second[apart], partner[apart]
    own_role = np.where(claims_own, CLAIMANT, DEFENDANT)
    person = np.where(against_person, opponent, NOBODY)
    return _Parties(
        np.concatenate([claim, claim, second]),
        np.concatenate([own_role, 1 - own_role, np.full(len(second), DEFENDANT)]),
        np.concatenate([who, person, partner]),
        np.concatenate(
            [
                np.full(n, NO_COMPANY),
                np.where(against_person, NO_COMPANY, company),
                np.full(len(second), NO_COMPANY),
            ]
        ),
        against_person,
    )


def _somebody_for(who: Ints, others: Ints, stream: np.random.Generator) -> Ints:
    """Somebody else for each; themselves where the draw, or nobody else, gives no other."""
    if not len(others):
        return who
    return others[stream.integers(0, len(others), len(who))]


def _claiming_companies(
    rates: ClaimRates, n: int, companies: int, stream: np.random.Generator
) -> Ints:
    """Bulk claimants make most claims, a few of them most of those."""
    weight = 1 / np.arange(1, rates.bulk_claimants + 1)
    bulk = stream.choice(rates.bulk_claimants, n, p=weight / weight.sum())
    other = stream.integers(rates.bulk_claimants, companies, n)
    return np.where(stream.random(n) < rates.bulk_claims, bulk, other)


def _kinds(rates: ClaimRates, claims_own: Bools, stream: np.random.Generator) -> Ints:
    shares = np.where(claims_own[:, None], rates.kinds_of_people, rates.kinds_of_companies)
    drawn = stream.random((len(claims_own), 1)) > np.cumsum(shares, axis=1)
    return drawn.sum(axis=1).clip(max=len(KINDS) - 1).astype(np.int64)


def _amounts(rates: ClaimRates, kind: Ints, stream: np.random.Generator) -> NDArray[np.float64]:
    median = np.array(rates.median_amount)[kind]
    return np.round(median * np.exp(stream.normal(0, rates.amount_spread, len(kind))), 2)
