"""Everyone who is not in a family of the family court: divorcing, accused, suing, at school."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.errors import UsageError
from justice_analysis.synthetic.civil.claims import Claims, make_claims
from justice_analysis.synthetic.criminal.careers import Drawn, Floats, register_defendants
from justice_analysis.synthetic.family.divorces import Divorces, make_divorces
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    DEFENDANT,
    FATHER,
    MOTHER,
    PRIVATE_ADULT,
    SPOUSE,
    Ints,
    PersonRegister,
    Streams,
)
from justice_analysis.synthetic.schools.pupils import make_pupils

_ADULTS = (MOTHER, FATHER, PRIVATE_ADULT, DEFENDANT, SPOUSE)


@dataclass(frozen=True)
class Others:
    """What is registered after the families.

    `pupils` are person ids; `defendants` has the first id of each block.
    """

    claims: Claims
    pupils: Ints
    divorces: Divorces
    defendants: list[tuple[int, Drawn]]

    def chances(self, n: int) -> Floats:
        """Chance of a career by person id (index 0 nobody): none for pupils, NaN for the others."""
        chance = np.full(n + 1, np.nan)
        chance[self.pupils] = 0.0
        return chance

    def divorced(self) -> Ints:
        """Everyone who is in a divorce."""
        return np.concatenate([self.divorces.applicant, self.divorces.respondent])


def register_others(
    parameters: WorldParameters, people: int, register: PersonRegister, streams: Streams
) -> Others:
    """Register couples, defendants, civil parties and pupils until there are `people`.

    Raises
    ------
    UsageError
        If the shares of people leave nobody over.
    """
    couples = int(people * parameters.divorce_people)
    divorces = make_divorces(parameters, couples, register, streams)
    civil = int(people * parameters.civil_people)
    pupils_wanted = int(people * parameters.pupil_people)
    wanted = people - register.registered - civil - pupils_wanted
    if wanted < 0:
        raise UsageError(
            "shares of people must leave some for the criminal courts: they add to more than 1. "
            "Lower family_people, divorce_people, civil_people or pupil_people."
        )
    blocks = [_block(parameters, wanted, register, streams, "defendants")]
    known = _adults(register)
    claims = make_claims(parameters, civil, register, known, streams)
    pupils = make_pupils(parameters, pupils_wanted, register, streams)
    blocks.append(
        _block(parameters, people - register.registered, register, streams, "more defendants")
    )
    return Others(claims, pupils, divorces, blocks)


def _block(
    parameters: WorldParameters, n: int, register: PersonRegister, streams: Streams, name: str
) -> tuple[int, Drawn]:
    first = register.registered + 1
    return first, register_defendants(parameters, n, register, streams, name)


def _adults(register: PersonRegister) -> Ints:
    """Ids of the adults registered so far."""
    kind = np.concatenate([block[0] for block in register.blocks])
    return np.flatnonzero(np.isin(kind, _ADULTS)) + 1
