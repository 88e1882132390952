"""Cases that are not care proceedings: private law, and applications to discharge a care order.

They bring some of the same people to court, so that a study that forgets to filter by case type
gets a wrong answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.family.courts import (
    ARRANGEMENTS,
    DISCHARGE,
    DISCHARGE_OF_CARE,
    PRIVATE_LAW,
)
from justice_analysis.synthetic.family.families import Families
from justice_analysis.synthetic.family.sets import Sets
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    AREAS,
    DAYS_PER_YEAR,
    PRIVATE_ADULT,
    PRIVATE_CHILD,
    Days,
    Ints,
    PersonRegister,
    Streams,
    days,
)


@dataclass(frozen=True)
class Background:
    """One entry per case, and one per person in a role (`..._case` is the case's position).

    `relationships` of children to parents are `child`, `mother` and `father` (0 if not named).
    """

    kind: Ints
    code: Ints
    issue: Days
    final: Days
    area: Ints
    subject_case: Ints
    subject: Ints
    respondent_case: Ints
    respondent: Ints
    applicant_case: Ints
    applicant: Ints
    child: Ints
    mother: Ints
    father: Ints

    def __len__(self) -> int:
        return len(self.kind)


def background_cases(
    parameters: WorldParameters,
    people: int,
    sets: Sets,
    families: Families,
    register: PersonRegister,
    streams: Streams,
) -> Background:
    """Other cases of the mothers, then families in private law until `people` is reached."""
    parts = [
        _discharges(parameters, sets, families, streams),
        _mothers_private(parameters, sets, families, streams),
        _private_families(parameters, people - register.registered, register, streams),
    ]
    joined: dict[str, list[np.ndarray]] = {name: [] for name in Background.__dataclass_fields__}
    offset = 0
    for part in parts:
        for name, values in joined.items():
            column = getattr(part, name)
            values.append(column + offset if name.endswith("_case") else column)
        offset += len(part)
    return Background(**{name: np.concatenate(values) for name, values in joined.items()})


def _first_children(sets: Sets, families: Families) -> Ints:
    """Position among children of one child (the youngest of the first set) per mother."""
    known = families.children.mother
    first = np.full(len(families.mother_birth), -1)
    first[known[::-1]] = np.arange(len(known))[::-1]
    return first


def _discharges(
    parameters: WorldParameters, sets: Sets, families: Families, streams: Streams
) -> Background:
    """A mother applies, months or years after a first set, for its order to be discharged."""
    stream = streams.stream("discharges")
    firsts = np.flatnonzero(sets.number == 1)
    issue = sets.final[firsts] + days(stream.uniform(180, 1500, len(firsts)))
    child = _first_children(sets, families)[sets.mother[firsts] - families.first_id]
    drawn = stream.random(len(firsts)) < parameters.discharge_after
    open_to = np.isnat(families.children.adopted_from[child])
    seen = issue <= np.datetime64(parameters.extract_date)
    minor = (issue - families.children.birth[child]).astype(np.int64) < 17 * DAYS_PER_YEAR
    at = np.flatnonzero(drawn & open_to & seen & minor)
    kept, child = firsts[at], child[at]
    case = np.arange(len(at))
    father = sets.father[kept]
    none = np.zeros(0, dtype=np.int64)
    return Background(
        np.full(len(at), DISCHARGE),
        np.full(len(at), DISCHARGE_OF_CARE),
        issue[at],
        issue[at] + days(stream.gamma(4, 45, len(at)) + 14),
        sets.area[kept],
        case,
        families.children.child[child],
        case[father > 0],
        father[father > 0],
        case,
        sets.mother[kept],
        none,
        none,
        none,
    )


def _mothers_private(
    parameters: WorldParameters, sets: Sets, families: Families, streams: Streams
) -> Background:
    """A mother is also a respondent in private law, at any time, before or after care cases."""
    stream = streams.stream("mothers in private law")
    firsts = np.flatnonzero(sets.number == 1)
    child = _first_children(sets, families)[sets.mother[firsts] - families.first_id]
    start: Days = np.maximum(families.children.birth[child], np.datetime64(parameters.starts))
    room = (np.datetime64(parameters.extract_date) - start).astype(np.int64)
    drawn = stream.random(len(firsts)) < parameters.private_before
    open_to = np.isnat(families.children.adopted_from[child]) & (room > 60)
    at = np.flatnonzero(drawn & open_to)
    issue = start[at] + days(30 + (room[at] - 30) * stream.random(len(at)))
    minor = (issue - families.children.birth[child[at]]).astype(np.int64) < 17 * DAYS_PER_YEAR
    at, issue = at[minor], issue[minor]
    kept, child = firsts[at], child[at]
    case = np.arange(len(at))
    father = families.children.father[child]
    none = np.zeros(0, dtype=np.int64)
    return Background(
        np.full(len(at), PRIVATE_LAW),
        np.full(len(at), ARRANGEMENTS),
        issue,
        issue + days(stream.gamma(3, 60, len(at)) + 28),
        sets.area[kept],
        case,
        families.children.child[child],
        case,
        sets.mother[kept],
        case[father > 0],
        father[father > 0],
        none,
        none,
        none,
    )


def _private_families(
    parameters: WorldParameters, people: int, register: PersonRegister, streams: Streams
) -> Background:
    """Families who come to court in private law only: two adults and their children."""
    stream = streams.stream("private families")
    n = max(1, int(people / 3.5))
    to_share = people - 2 * n
    children = to_share // n + (np.arange(n) < to_share % n)
    starts = np.datetime64(parameters.starts)
    span = int((np.datetime64(parameters.extract_date) - starts).astype(np.int64))
    issue = starts + days(stream.integers(0, span + 1, n))
    mother_birth = issue - days(stream.uniform(20, 45, n) * DAYS_PER_YEAR)
    mother = register.add(PRIVATE_ADULT, 0, mother_birth)
    father = register.add(PRIVATE_ADULT, 1, mother_birth - days(stream.normal(700, 1500, n)))
    of = np.repeat(np.arange(n), children)
    age = stream.uniform(0.1, np.minimum((issue - mother_birth).astype(float) / 366 - 17, 15)[of])
    child = register.add_children(PRIVATE_CHILD, issue[of] - days(age * DAYS_PER_YEAR), stream)
    case = np.arange(n)
    father_applies = stream.random(n) < 0.7
    return Background(
        np.full(n, PRIVATE_LAW),
        np.full(n, ARRANGEMENTS),
        issue,
        issue + days(stream.gamma(3, 60, n) + 28),
        stream.integers(1, AREAS + 1, n),
        of,
        child,
        case,
        np.where(father_applies, mother, father),
        case,
        np.where(father_applies, father, mother),
        child,
        mother[of],
        father[of],
    )
