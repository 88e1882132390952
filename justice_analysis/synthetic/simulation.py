"""Simulate a world, or one chunk of it: its people, families, courts and lives."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.criminal.careers import make_careers
from justice_analysis.synthetic.criminal.simulation import make_lives
from justice_analysis.synthetic.family.background import Background, background_cases
from justice_analysis.synthetic.family.cases import hold_cases, received_dates
from justice_analysis.synthetic.family.courts import Courts, in_family_court
from justice_analysis.synthetic.family.curves import ReturnCurves, return_curves
from justice_analysis.synthetic.family.families import Families
from justice_analysis.synthetic.family.orders import legal_outputs
from justice_analysis.synthetic.family.proceedings import simulate
from justice_analysis.synthetic.family.sets import Sets
from justice_analysis.synthetic.family.wales import make_wales
from justice_analysis.synthetic.others import register_others
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    DAYS_PER_YEAR,
    NO_DATE,
    Days,
    Ints,
    PersonRegister,
    Streams,
    days,
)
from justice_analysis.synthetic.world import WHOLE, Chunk, World, identifiers

_PEOPLE_PER_MOTHER = 3.8  # so that families in care proceedings never exceed what is asked for


def make_world(
    people: int, seed: int, parameters: WorldParameters, chunk: Chunk = WHOLE
) -> tuple[World, ReturnCurves, Days]:
    """Simulate the world without delivering it: the world, planted curves, dates of death.

    Families come first, then those of Wales, couples who divorce, people of the criminal
    courts, of the civil courts, and pupils; careers and lives are simulated once everyone is there.
    """
    streams = Streams(seed, chunk.whole_seed)
    curves = return_curves(parameters)
    register = PersonRegister()
    in_families = int(people * parameters.family_people)
    n_mothers = int(in_families * parameters.care_people / _PEOPLE_PER_MOTHER)
    sets, families = simulate(parameters, curves, n_mothers, register, streams)
    background = background_cases(parameters, in_families, sets, families, register, streams)
    courts = hold_cases(parameters, sets, families, background, streams)
    welsh = int(people * parameters.family.welsh_people)
    wales = make_wales(parameters, welsh, register, streams)
    others = register_others(parameters, people, register, streams)
    everyone = register.finish(parameters, streams.stream("ethnicity"))
    mother_of, father_of = _parents(len(everyone), families, background)
    homes = _homes(len(everyone), courts)
    careers = make_careers(
        parameters, everyone, homes, others.chances(len(everyone)), others.defendants, streams
    )
    covered = in_family_court(courts.cases.issue, np.datetime64(parameters.family_court_from))
    in_court = courts.members.person[covered[courts.applications.case[courts.members.application]]]
    in_court = np.concatenate([in_court, others.divorced()])
    moved = np.zeros(len(everyone) + 1, dtype=bool)
    moved[sets.mother[sets.moved]] = True
    moved[careers.person[~np.isnat(careers.moved)]] = True
    homes[careers.person] = careers.home
    world = World(
        parameters,
        seed,
        everyone,
        sets,
        courts,
        legal_outputs(parameters, sets, courts, streams),
        mother_of,
        father_of,
        received_dates(parameters, courts.cases.issue, streams.stream("receipt")),
        identifiers(everyone, in_court, streams, chunk.people_before),
        moved,
        make_lives(parameters, careers, everyone, streams),
        homes,
        chunk,
        others.claims,
        others.divorces,
        wales,
    )
    return world, curves, _deaths(parameters, len(everyone), sets, streams)


def _homes(n: int, courts: Courts) -> Ints:
    """Area of the first case of everyone who is on one; 0 for the others."""
    homes = np.zeros(n + 1, dtype=np.int64)
    case = courts.applications.case[courts.members.application]
    order = np.argsort(courts.cases.issue[case], kind="stable")[::-1]
    homes[courts.members.person[order]] = courts.cases.area[case[order]]
    return homes


def _parents(n: int, families: Families, background: Background) -> tuple[Ints, Ints]:
    mother_of, father_of = np.zeros((2, n + 1), dtype=np.int64)
    known = families.children
    mother_of[known.child] = known.mother + families.first_id
    father_of[known.child] = known.father
    mother_of[background.child] = background.mother
    father_of[background.child] = background.father
    return mother_of, father_of


def _deaths(parameters: WorldParameters, n: int, sets: Sets, streams: Streams) -> Days:
    """Dates of death of mothers, after their last set; a death never prevents a planted return."""
    stream = streams.stream("deaths")
    first = np.flatnonzero(sets.number == 1)
    wait = stream.exponential(DAYS_PER_YEAR / max(parameters.deaths_of_mothers, 1e-9), len(first))
    date = sets.issue[first] + days(np.minimum(wait, 40_000))
    last = np.full(n, np.datetime64("1900-01-01"))
    np.maximum.at(last, sets.mother - 1, sets.issue)
    died = (date > last[sets.mother[first] - 1]) & (date <= np.datetime64(parameters.extract_date))
    deaths = np.full(n, NO_DATE)
    deaths[sets.mother[first][died] - 1] = date[died]
    return deaths
