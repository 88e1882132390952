"""Claims in the county courts, and who makes and who answers them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import CIVIL_PARTY, Ints, PersonRegister, Streams, days


@dataclass(frozen=True)
class Claims:
    """Who is in the civil courts; `person` are the people registered for them alone."""

    person: Ints


def make_claims(
    parameters: WorldParameters,
    people_wanted: int,
    register: PersonRegister,
    lives_people: Ints,
    streams: Streams,
) -> Claims:
    """Register exactly `people_wanted` people; others in claims come from `lives_people`."""
    stream = streams.stream("claims")
    birth = np.datetime64("1940-01-01") + days(stream.uniform(0, 55 * 365.25, people_wanted))
    sex = stream.integers(0, 2, people_wanted).astype(np.int8)
    return Claims(register.add(CIVIL_PARTY, sex, birth))
