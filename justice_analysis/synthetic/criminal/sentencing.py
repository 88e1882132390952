"""Sentences: what those convicted get, where, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.criminal.careers import Careers, Floats
from justice_analysis.synthetic.criminal.codes import DISPOSALS
from justice_analysis.synthetic.criminal.crown import AtCrown
from justice_analysis.synthetic.criminal.migration import is_on, programme_available_from
from justice_analysis.synthetic.criminal.prosecutions import (
    APPEAL,
    CUSTODY,
    GUILTY,
    NO_ROUTE,
    Alleged,
    Heard,
    lognormal,
)
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import NO_DATE, Bools, Days, Ints, Streams, days
from justice_analysis.synthetic.rates.crime import CrimeRates

IMPRISONED, SUSPENDED, COMMUNITY, FINE = range(4)
NEEDS = 5


@dataclass(frozen=True)
class Sentenced:
    """One entry per prosecution: how it ended, wherever it did, and custody that came of it.

    `ended` is the end of all proceedings but appeals; `held_from` and `release` bound the stay in
    custody (missing where none), `imprisoned` is the day of the sentence of custody, `expires` its
    end. `needs` has one column per need, as they would be assessed then; `takes_part` says who
    would take part in the programme, `programme_start` when.
    """

    at_crown: Bools
    convicted: Bools
    ended: Days
    disposal: Ints
    sentence_days: Ints
    held_from: Days
    imprisoned: Days
    release: Days
    expires: Days
    needs: Ints
    takes_part: Bools
    programme_start: Days


def sentence(
    parameters: WorldParameters,
    careers: Careers,
    alleged: Alleged,
    heard: Heard,
    crown: AtCrown,
    streams: Streams,
) -> Sentenced:
    """Sentence everyone who is convicted, and work out the custody that follows."""
    crime, stream = parameters.crime, streams.stream("sentences")
    ended, verdict = heard.final.copy(), heard.verdict.copy()
    at_crown = ~np.isin(heard.route, (NO_ROUTE, APPEAL))
    tried = at_crown[crown.at]
    ended[crown.at[tried]] = crown.completed[tried]
    verdict[crown.at[tried]] = crown.verdict[tried]
    convicted = verdict == GUILTY
    disposal = _disposals(crime, alleged, at_crown, stream)
    disposal = np.where(alleged.is_single_justice, FINE, disposal)
    disposal = np.where(convicted, disposal, -1)
    median = np.where(
        at_crown,
        np.array(crime.custody_days_crown)[alleged.group],
        np.array(crime.custody_days)[alleged.group],
    )
    length = np.round(lognormal(median, 0.7, len(alleged), stream) / 7).clip(2) * 7
    length = np.where(at_crown, length.clip(max=365 * 18), length.clip(max=182)).astype(np.int64)
    length = np.where(disposal == IMPRISONED, length, 0)
    available = programme_available_from(parameters, streams)[alleged.court - 1]
    return _custody(
        crime, careers, alleged, at_crown, convicted, ended, disposal, length, available, stream
    )


def _disposals(
    crime: CrimeRates, alleged: Alleged, at_crown: Bools, stream: np.random.Generator
) -> Ints:
    odds = np.array(crime.custody_log_odds)[alleged.group]
    odds = odds + crime.custody_prior * np.minimum(alleged.prior, 10)
    odds += crime.custody_crown * at_crown
    odds += crime.custody_remand * (alleged.remand == CUSTODY)
    custody = stream.random(len(alleged)) < 1 / (1 + np.exp(-odds))
    edges = np.cumsum(np.array(crime.other_disposals), axis=1)[alleged.group]
    other = 1 + (stream.random((len(alleged), 1)) > edges).sum(axis=1)
    return np.where(custody, IMPRISONED, other.clip(max=len(DISPOSALS) - 1))


def _custody(
    crime: CrimeRates,
    careers: Careers,
    alleged: Alleged,
    at_crown: Bools,
    convicted: Bools,
    ended: Days,
    disposal: Ints,
    length: Ints,
    available: Days,
    stream: np.random.Generator,
) -> Sentenced:
    """Remand counts towards the half of a sentence that is served."""
    remanded = alleged.remand == CUSTODY
    remand_days = np.where(remanded, (ended - alleged.first_hearing).astype(np.int64), 0)
    imprisoned = disposal == IMPRISONED
    served = np.where(imprisoned, np.maximum(length // 2 - remand_days, 0), 0)
    start = np.where(remanded, alleged.first_hearing, ended)
    release = ended + days(served)
    held = remanded | (served > 0)
    expires = np.maximum(ended + days(np.maximum(length - remand_days, 0)), release)
    needs = _needs(careers, alleged.career, stream)
    odds = crime.programme_base + crime.programme_needs * needs.sum(axis=1)
    takes_part = stream.random(len(alleged)) < 1 / (1 + np.exp(-odds))
    takes_part &= (served >= crime.programme_least_days) & is_on(release, available)
    began = ended + days(served * stream.uniform(0.1, 0.7, len(alleged)))
    began = np.fmax(began, available)
    return Sentenced(
        at_crown,
        convicted,
        ended,
        disposal,
        length,
        np.where(held, start, NO_DATE),
        np.where(imprisoned, ended, NO_DATE),
        np.where(held, release, NO_DATE),
        np.where(imprisoned, expires, NO_DATE),
        needs,
        takes_part,
        np.where(takes_part, began, NO_DATE),
    )


def _needs(careers: Careers, career: Ints, stream: np.random.Generator) -> Ints:
    """Five needs, 0 to 2: greater for those who offend more, steady in a person, with noise."""
    trait = np.array([-0.5, 0.0, 0.7])[careers.kind] + 0.35 * np.log(careers.frailty + 0.05)
    own = trait[:, None] + stream.normal(0, 0.7, (len(careers), NEEDS))
    seen: Floats = own[career] + stream.normal(0, 0.4, (len(career), NEEDS))
    return (seen > -0.2).astype(np.int64) + (seen > 0.7)
