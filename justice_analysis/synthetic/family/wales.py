"""Families of Wales: care proceedings and private law cases that Cafcass Cymru knows.

They are made as those of England are, and are families of their own: nobody moves between the
two, and they are in no other dataset about children. No published field joins Cafcass Cymru to
the family court, so families in both could not be told to be the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.family.background import Background, background_cases
from justice_analysis.synthetic.family.cases import hold_cases
from justice_analysis.synthetic.family.courts import Courts
from justice_analysis.synthetic.family.curves import return_curves
from justice_analysis.synthetic.family.families import Families
from justice_analysis.synthetic.family.orders import Outputs, legal_outputs
from justice_analysis.synthetic.family.proceedings import simulate
from justice_analysis.synthetic.family.sets import Sets
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import Ints, PersonRegister, Streams

_PEOPLE_PER_MOTHER = 3.8
_FEWEST_IN_PRIVATE_LAW = 7


class _WelshStreams(Streams):
    """The same components as for England, drawn apart."""

    def stream(self, name: str) -> np.random.Generator:
        return super().stream(f"wales: {name}")


@dataclass(frozen=True)
class Wales:
    """Welsh sets of proceedings, cases and orders; areas as drawn, from 1 to `AREA_COUNT`.

    `child` and `parent` have one entry per tie of a child and a parent.
    """

    sets: Sets
    courts: Courts
    outputs: Outputs
    child: Ints
    parent: Ints


def make_wales(
    parameters: WorldParameters, people: int, register: PersonRegister, streams: Streams
) -> Wales | None:
    """Register about so many people in Welsh families, and simulate their cases.

    None where there are too few people for one family in care proceedings.
    """
    mothers = int(people * parameters.care_people / _PEOPLE_PER_MOTHER)
    if mothers < 1:
        return None
    own = _WelshStreams(streams.seed, streams.whole)
    before = register.registered
    sets, families = simulate(parameters, return_curves(parameters), mothers, register, own)
    left = max(before + people - register.registered, _FEWEST_IN_PRIVATE_LAW)
    background = background_cases(
        parameters, register.registered + left, sets, families, register, own
    )
    courts = hold_cases(parameters, sets, families, background, own)
    child, parent = _ties(families, background)
    return Wales(sets, courts, legal_outputs(parameters, sets, courts, own), child, parent)


def _ties(families: Families, background: Background) -> tuple[Ints, Ints]:
    known = families.children
    child = np.concatenate([known.child, known.child, background.child, background.child])
    parent = np.concatenate(
        [known.mother + families.first_id, known.father, background.mother, background.father]
    )
    recorded = parent > 0
    pairs = np.unique(np.stack([child[recorded], parent[recorded]]), axis=1)
    return pairs[0], pairs[1]
