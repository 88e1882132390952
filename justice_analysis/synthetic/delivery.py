"""What every delivery needs: who is in a system, under which key, and with which identifiers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from justice_analysis.synthetic.courts import Courts
from justice_analysis.synthetic.curves import DAYS_PER_YEAR
from justice_analysis.synthetic.lives import Lives, no_lives
from justice_analysis.synthetic.mess import link_risk
from justice_analysis.synthetic.orders import Outputs
from justice_analysis.synthetic.parameters import MessRates, WorldParameters
from justice_analysis.synthetic.people import (
    FATHER,
    MOTHER,
    Bools,
    Days,
    Ints,
    People,
    Streams,
    region_of,
)
from justice_analysis.synthetic.sets import Sets
from justice_analysis.synthetic.tables import NULL


@dataclass(frozen=True)
class Identifiers:
    """Person identifiers by person id (index 0 is nobody): what a perfect linkage would give."""

    alf: Ints
    alf2: Ints
    xjs: Ints


KEYS_PER_CHUNK = 100_000_000


@dataclass(frozen=True)
class Chunk:
    """Which part of a world this is: its number from 0, people before it, the world's seed."""

    number: int = 0
    people_before: int = 0
    whole_seed: int | None = None


WHOLE = Chunk()


@dataclass(frozen=True)
class World:
    """The whole world as it is, before anything is delivered.

    `mother_of` and `father_of` are indexed by the child's person id (0: none), `homes` (area)
    by person id (0: not known). `claims`, `pupils` and `divorces` are None where not simulated.
    """

    parameters: WorldParameters
    seed: int
    people: People
    sets: Sets
    courts: Courts
    outputs: Outputs
    mother_of: Ints
    father_of: Ints
    received: Days
    identifiers: Identifiers
    moved: Bools
    lives: Lives = field(default_factory=no_lives)
    homes: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    chunk: Chunk = WHOLE
    claims: Any = None
    pupils: Any = None
    divorces: Any = None
    wales: Any = None

    @property
    def streams(self) -> Streams:
        """The generators of this world's seed."""
        return Streams(self.seed, self.chunk.whole_seed)

    @property
    def first_key(self) -> int:
        """The first number that this chunk may give to a row; no other chunk gives it."""
        return 1 + self.chunk.number * KEYS_PER_CHUNK

    def keys(self, n: int) -> Ints:
        """Numbers for the keys of `n` rows, in order, different in every chunk of a world."""
        return self.first_key + np.arange(n)

    @property
    def extract_date(self) -> np.datetime64:
        """The last day delivered."""
        return np.datetime64(self.parameters.extract_date)

    @property
    def rates(self) -> MessRates:
        """The rates of planted mess."""
        return self.parameters.mess


@dataclass(frozen=True)
class Delivered:
    """The tables of one dataset, and which true person each person row is about.

    `case_key` gives the delivered key by position of the case (missing where not delivered).
    `row_key` gives the delivered key of a row (`row_id_hash`) by position in the table of
    `World.lives` that the rows come from: prosecutions, Crown defendants, custody segments,
    supervisions, assessments (None where not delivered; the first row where there are several).
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


def identifiers(
    world_people: People, in_family_court: Ints, streams: Streams, people_before: int = 0
) -> Identifiers:
    """Give every person an ALF and a cross-justice id; ALF2 only to those in family court."""
    n = len(world_people)
    stream = streams.stream("identifiers")
    alf, alf2, xjs = (
        np.concatenate([[NULL], base + people_before + stream.permutation(n)])
        for base in (1_000_000_000, 5_000_000_000, 20_000_000)
    )
    present = np.zeros(n + 1, dtype=bool)
    present[in_family_court] = True
    return Identifiers(alf, np.where(present, alf2, NULL), xjs)


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
