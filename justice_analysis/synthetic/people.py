"""The people of the world: registered in blocks, numbered in the order of registration."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from justice_analysis.codes import AREA_COUNT, REGION_OF_AREA
from justice_analysis.synthetic.parameters import WorldParameters

Days = NDArray[np.datetime64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

KINDS = (
    "mother",
    "father",
    "child",
    "private_adult",
    "private_child",
    "defendant",
    "civil_party",
    "pupil",
    "spouse",
)
MOTHER, FATHER, CHILD, PRIVATE_ADULT, PRIVATE_CHILD = range(5)
DEFENDANT, CIVIL_PARTY, PUPIL, SPOUSE = range(5, len(KINDS))
FEMALE, MALE = 0, 1
SEXES = ("female", "male")
AREAS = AREA_COUNT
_REGION = np.array([0] + [REGION_OF_AREA[area] for area in range(1, AREA_COUNT + 1)])
NO_DATE = np.datetime64("NaT", "D")
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Streams:
    """One random generator per named component, so that adding one shifts no other.

    `whole` is the seed of the whole world where this is one of several chunks of it.
    """

    seed: int
    whole: int | None = None

    def stream(self, name: str) -> np.random.Generator:
        """The generator of a component: the same for the same seed and name."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(zlib.crc32(name.encode()),))
        return np.random.default_rng(sequence)

    def shared(self, name: str) -> np.random.Generator:
        """The generator of what all chunks of a world have in common: courts, areas, days."""
        return Streams(self.seed if self.whole is None else self.whole).stream(name)


@dataclass(frozen=True)
class People:
    """One entry per person; person `n` (from 1) is at index `n - 1`."""

    kind: NDArray[np.int8]
    sex: NDArray[np.int8]
    birth: Days
    ethnicity: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def person_id(self) -> Ints:
        """Ids from 1."""
        return np.arange(1, len(self) + 1)


@dataclass
class PersonRegister:
    """Gives out person ids while the world is being made."""

    blocks: list[tuple[NDArray[np.int8], NDArray[np.int8], Days]] = field(default_factory=list)
    registered: int = 0

    def add(self, kind: int, sex: int | NDArray[np.int8], birth: Days) -> Ints:
        """Register one person per date of birth and return their ids."""
        n = len(birth)
        sexes = np.full(n, sex, dtype=np.int8) if isinstance(sex, int) else sex
        self.blocks.append((np.full(n, kind, dtype=np.int8), sexes, birth))
        ids = np.arange(self.registered + 1, self.registered + n + 1)
        self.registered += n
        return ids

    def add_children(self, kind: int, birth: Days, stream: np.random.Generator) -> Ints:
        """Register children of either sex."""
        return self.add(kind, stream.integers(0, 2, len(birth)).astype(np.int8), birth)

    def finish(self, parameters: WorldParameters, stream: np.random.Generator) -> People:
        """Close the register and give each person an ethnic group."""
        kind, sex, birth = (np.concatenate(parts) for parts in zip(*self.blocks, strict=True))
        shares = np.array(parameters.ethnicity_shares)
        ethnicity = 1 + stream.choice(len(shares), len(kind), p=shares / shares.sum())
        return People(kind, sex, birth, ethnicity.astype(np.int8))


def completed_years(later: Days, earlier: Days) -> Ints:
    """Whole years from one date to another: a birthday completes a year."""
    later_month, earlier_month = (d.astype("datetime64[M]") for d in (later, earlier))
    later_day = (later - later_month.astype("datetime64[D]")).astype(np.int64)
    earlier_day = (earlier - earlier_month.astype("datetime64[D]")).astype(np.int64)
    months = (later_month - earlier_month).astype(np.int64)
    return (months - (later_day < earlier_day)) // 12


def age_group(age_years: Ints) -> Ints:
    """Position in `AGE_GROUPS` of an age in completed years."""
    return np.searchsorted([20, 25, 30], age_years, side="right").astype(np.int64)


def days(counts: NDArray[Any]) -> NDArray[np.timedelta64]:
    """Numbers of days, rounded down, as something that adds to a date."""
    return np.floor(counts).astype(np.int64).astype("timedelta64[D]")


def area_weights(parameters: WorldParameters, stream: np.random.Generator) -> NDArray[np.float64]:
    """Share of first sets issued in each area, 1 to `AREAS`."""
    weights = np.exp(stream.normal(0, parameters.area_spread, AREAS))
    return weights / weights.sum()


def region_of(area: Ints) -> Ints:
    """Region, 1 to 9, of an area."""
    return _REGION[area]


def father_births(mother_birth: Days, issue: Days, stream: np.random.Generator) -> Days:
    """Births of partners: some three years before the mother's, and at least 16 at issue."""
    birth = mother_birth - days(
        stream.normal(3 * DAYS_PER_YEAR, 5 * DAYS_PER_YEAR, len(mother_birth))
    )
    return np.minimum(birth, issue - np.timedelta64(16 * 366, "D"))
