"""Couples who divorce: petition or application, conditional order, final order, and where.

The planted bottleneck: at some courts, petitions of a period take longer to the decree nisi.
From 6 April 2022 applications need no fault and may be joint. Published mean durations are
those of orders made in a quarter; the rates give means by date of petition, close to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.codes import AREA_COUNT
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    DAYS_PER_YEAR,
    NO_DATE,
    SPOUSE,
    Bools,
    Days,
    Ints,
    PersonRegister,
    Streams,
    days,
)
from justice_analysis.synthetic.rates.family import FamilyRates

_LEAST_TO_NISI, _LEAST_TO_ABSOLUTE = 28, 43


@dataclass(frozen=True)
class Divorces:
    """One entry per divorce case.

    `applicant` and `respondent` are person ids; both apply where `is_joint`. Dates are missing
    where they have not come by the extract, or never come. `in_bottleneck` marks petitions
    whose first stage the planted bottleneck made longer (truth only).
    """

    applicant: Ints
    respondent: Ints
    area: Ints
    court: Ints
    petition: Days
    conditional: Days
    final: Days
    is_joint: Bools
    is_no_fault: Bools
    applicant_represented: Bools
    respondent_represented: Bools
    in_bottleneck: Bools

    def __len__(self) -> int:
        return len(self.applicant)


def make_divorces(
    parameters: WorldParameters, people: int, register: PersonRegister, streams: Streams
) -> Divorces:
    """Register so many people as couples, and simulate their divorces up to the extract."""
    rates, n = parameters.family, people // 2
    stream = streams.stream("divorces")
    petition = _petitions(rates, n, parameters.extract_date, stream)
    area = stream.integers(1, AREA_COUNT + 1, n)
    court = (area - 1) // 4 + 1
    no_fault = petition >= np.datetime64(rates.no_fault_from)
    joint = no_fault & (stream.random(n) < rates.joint_applications)
    slow = in_bottleneck(rates, court, petition)
    conditional, final = _orders(rates, petition, no_fault, slow, stream)
    applicant, respondent = _couples(rates, petition, register, stream)
    extract = np.datetime64(parameters.extract_date)
    return Divorces(
        applicant,
        respondent,
        area,
        court,
        petition,
        np.where(conditional <= extract, conditional, NO_DATE),
        np.where(final <= extract, final, NO_DATE),
        joint,
        no_fault,
        stream.random(n) < rates.applicants_represented,
        stream.random(n) < rates.respondents_represented,
        slow,
    )


def in_bottleneck(rates: FamilyRates, court: Ints, petition: Days) -> Bools:
    """Which petitions the planted bottleneck slows down."""
    held = np.isin(court, rates.bottleneck_courts)
    held &= petition >= np.datetime64(rates.bottleneck_from)
    return held & (petition < np.datetime64(rates.bottleneck_to))


def _petitions(rates: FamilyRates, n: int, extract_date: str, stream: np.random.Generator) -> Days:
    first = np.datetime64(rates.divorces_from)
    span = int((np.datetime64(extract_date) - first).astype(np.int64))
    return first + days(stream.integers(0, span + 1, n))


def _orders(
    rates: FamilyRates,
    petition: Days,
    no_fault: Bools,
    slow: Bools,
    stream: np.random.Generator,
) -> tuple[Days, Days]:
    """Days of the conditional and the final order; missing where they never come."""
    n = len(petition)
    nisi = _stage(rates, rates.weeks_to_nisi, petition, stream)
    nisi = np.maximum(np.where(slow, nisi * rates.bottleneck_factor, nisi), _LEAST_TO_NISI)
    absolute = np.maximum(
        _stage(rates, rates.weeks_to_absolute, petition, stream), _LEAST_TO_ABSOLUTE
    )
    more = [7 * weeks * _spread(rates, n, stream) for weeks in rates.no_fault_more_weeks]
    first = np.where(no_fault, rates.no_fault_wait[0] + more[0], nisi)
    second = np.where(no_fault, rates.no_fault_wait[1] + more[1], absolute)
    conditional = petition + days(first)
    stopped = stream.random(n) < rates.never_conditional
    conditional = np.where(stopped, NO_DATE, conditional)
    ended = stream.random(n) < rates.never_final
    return conditional, np.where(ended, NO_DATE, conditional + days(second))


def _stage(
    rates: FamilyRates,
    means: tuple[tuple[float, float], ...],
    petition: Days,
    stream: np.random.Generator,
) -> np.ndarray:
    """Days of a stage: lognormal around the mean of the date of petition."""
    year = 1970 + petition.astype("datetime64[D]").astype(np.int64) / DAYS_PER_YEAR
    mean = np.interp(year, [point[0] for point in means], [point[1] for point in means])
    return 7 * mean * _spread(rates, len(petition), stream)


def _spread(rates: FamilyRates, n: int, stream: np.random.Generator) -> np.ndarray:
    """Lognormal factors with mean 1."""
    return np.exp(stream.normal(-(rates.stage_spread**2) / 2, rates.stage_spread, n))


def _couples(
    rates: FamilyRates, petition: Days, register: PersonRegister, stream: np.random.Generator
) -> tuple[Ints, Ints]:
    """Register both spouses: aged 22 to 70 at petition, some three years apart."""
    n = len(petition)
    woman = stream.random(n) < rates.applicants_women
    same = stream.random(n) < rates.same_sex
    sex = np.where(woman, 0, 1).astype(np.int8)
    age = np.clip(stream.normal(44, 10, n), 22, 70)
    apart = np.clip(stream.normal(0, 4, n), -12, 12)
    other = np.maximum(age + np.where(woman, 3, -3) + apart, 20)
    applicant = register.add(SPOUSE, sex, petition - days(age * DAYS_PER_YEAR))
    other_sex = np.where(same, sex, 1 - sex).astype(np.int8)
    respondent = register.add(SPOUSE, other_sex, petition - days(other * DAYS_PER_YEAR))
    return applicant, respondent
