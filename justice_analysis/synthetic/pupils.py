"""Children with school histories, most of whom never meet a court."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import PUPIL, Ints, PersonRegister, Streams, days


@dataclass(frozen=True)
class Pupils:
    """Who went to school; `career_chance` is each one's chance of an offending career."""

    person: Ints
    career_chance: np.ndarray


def make_pupils(
    parameters: WorldParameters, pupils_wanted: int, register: PersonRegister, streams: Streams
) -> Pupils:
    """Register exactly `pupils_wanted` pupils."""
    stream = streams.stream("pupils")
    birth = np.datetime64("1995-09-01") + days(stream.uniform(0, 12 * 365.25, pupils_wanted))
    person = register.add_children(PUPIL, birth, stream)
    return Pupils(person, np.full(pupils_wanted, 0.12))
