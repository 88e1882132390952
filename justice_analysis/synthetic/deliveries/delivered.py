"""What a delivery gives, and what several need: who is in a system, and how links err."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.mess import link_risk
from justice_analysis.synthetic.people import DAYS_PER_YEAR, FATHER, MOTHER, Days, Ints, region_of
from justice_analysis.synthetic.world import World


@dataclass(frozen=True)
class Delivered:
    """The tables of one dataset, and which true person each person row is about.

    `case_key` gives the delivered key by position of the case (missing where not delivered).
    `row_key` gives the delivered key of a row (`row_id_hash`) by position in the table of
    `World.lives` that the rows come from: prosecutions, Crown defendants, custody segments,
    supervisions, assessments, or divorces for the family court (None where not delivered; the
    first row where there are several).
    """

    tables: dict[str, dict]
    records: list[tuple[str, np.ndarray, Ints]]
    case_key: np.ndarray
    row_key: np.ndarray | None = None


@dataclass(frozen=True)
class Presence:
    """The people of one system, in order of person id: when and where first met."""

    person: Ints
    first_seen: Days
    area: Ints


def met_people(world: World, member_rows: Ints, extra: tuple[Ints, Ints]) -> Presence:
    """People on these member rows, and `extra` people (id, id of whom they came with)."""
    n = len(world.people) + 1
    case = world.courts.applications.case[world.courts.members.application[member_rows]]
    person = world.courts.members.person[member_rows]
    first = np.full(n, np.datetime64("9999-01-01"), dtype="datetime64[D]")
    np.minimum.at(first, person, world.received[case])
    area = np.zeros(n, dtype=np.int64)
    area[person[::-1]] = world.courts.cases.area[case[::-1]]
    who, with_whom = extra
    np.minimum.at(first, who, first[with_whom])
    unmet = area[who] == 0
    area[who[unmet]] = area[with_whom[unmet]]
    present = np.flatnonzero(area)
    return Presence(present, first[present], area[present])


def risk_of(world: World, person: Ints, seen: Days, area: Ints) -> np.ndarray:
    """Ratio of link errors for each record of a person."""
    age = (seen - world.people.birth[person - 1]).astype(np.int64) / DAYS_PER_YEAR
    kind = world.people.kind[person - 1]
    young_adult = (age < 20) & ((kind == MOTHER) | (kind == FATHER))
    return link_risk(world.rates, young_adult, region_of(area), world.moved[person])


def parent_pairs(world: World, children: Ints) -> tuple[Ints, Ints]:
    """Child and parent of each recorded tie of these children, mothers first."""
    pairs = [
        (children[parent[children] > 0], parent[children][parent[children] > 0])
        for parent in (world.mother_of, world.father_of)
    ]
    return np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])
