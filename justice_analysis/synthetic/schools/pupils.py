"""Pupils who never meet a court: among them the others' offending has its published share."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import PUPIL, Days, Ints, PersonRegister, Streams, days
from justice_analysis.synthetic.rates.schools import BIRTH_YEARS, FIRST_YEAR


def make_pupils(
    parameters: WorldParameters, pupils_wanted: int, register: PersonRegister, streams: Streams
) -> Ints:
    """Register exactly `pupils_wanted` pupils, born in the academic years that are studied.

    Returns
    -------
    Ints
        Their person ids; none has an offending career. Who else is a pupil is settled once
        lives are known: see `schooling.school`.
    """
    stream = streams.stream("pupils")
    year = stream.integers(0, BIRTH_YEARS, pupils_wanted)
    birth = year_begins(year) + days(stream.uniform(0, 365, pupils_wanted))
    return register.add_children(PUPIL, birth, stream)


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
