"""Pupils who never meet a court: among them the others' offending has its published share."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from justice_analysis.synthetic.delivery import Delivered, World
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import PUPIL, Days, Ints, PersonRegister, Streams, days
from justice_analysis.synthetic.school_rates import BIRTH_YEARS, FIRST_YEAR
from justice_analysis.synthetic.tables import Table


@dataclass(frozen=True)
class Pupils:
    """People registered as pupils alone; none has an offending career (`career_chance` is 0).

    Who else is a pupil is settled once lives are known: see `schooling.school`.
    """

    person: Ints
    career_chance: NDArray[np.float64]


def make_pupils(
    parameters: WorldParameters, pupils_wanted: int, register: PersonRegister, streams: Streams
) -> Pupils:
    """Register exactly `pupils_wanted` pupils, born in the academic years that are studied."""
    stream = streams.stream("pupils")
    year = stream.integers(0, BIRTH_YEARS, pupils_wanted)
    birth = year_begins(year) + days(stream.uniform(0, 365, pupils_wanted))
    return Pupils(register.add_children(PUPIL, birth, stream), np.zeros(pupils_wanted))


def year_begins(year: Ints) -> Days:
    """First of September of an academic year of birth, counted from `FIRST_YEAR`."""
    september = np.datetime64(f"{FIRST_YEAR}-09", "M")
    months = september + (12 * year).astype("timedelta64[M]")
    begins: Days = months.astype("datetime64[D]")
    return begins


def birth_year(birth: Days) -> Ints:
    """Academic year of birth, counted from `FIRST_YEAR`; negative or too great outside."""
    september = np.datetime64(f"{FIRST_YEAR}-09", "M")
    months = (birth.astype("datetime64[M]") - september).astype(np.int64)
    return months // 12


def truth_tables(world: World, delivered: dict[str, Delivered]) -> dict[str, Table]:
    """The table `pupil` of truth: one row per pupil, and how each stood at the end of 2017."""
    if world.pupils is None or "moj_dfe" not in delivered:
        return {}
    # Who is a pupil is settled after everyone is registered, which is what this module is for.
    table: Table = import_module("justice_analysis.synthetic.pupil_truth").pupil_table(world)
    return {"pupil": table}
