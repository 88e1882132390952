"""The whole world as it is: what the simulation makes, and every delivery reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.civil.claims import Claims
from justice_analysis.synthetic.criminal.lives import Lives
from justice_analysis.synthetic.family.courts import Courts
from justice_analysis.synthetic.family.divorces import Divorces
from justice_analysis.synthetic.family.orders import Outputs
from justice_analysis.synthetic.family.sets import Sets
from justice_analysis.synthetic.family.wales import Wales
from justice_analysis.synthetic.parameters import MessRates, WorldParameters
from justice_analysis.synthetic.people import Bools, Days, Ints, People, Streams
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
    by person id (0: not known). `wales` is None where the world is too small for a Welsh family.
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
    lives: Lives
    homes: Ints
    chunk: Chunk
    claims: Claims
    divorces: Divorces
    wales: Wales | None

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
