"""The offences charged in each prosecution: the principal one, and others that go with it."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.criminal.lives import Charges, Prosecutions
from justice_analysis.synthetic.criminal.prosecutions import GUILTY, NONE, NOT_GUILTY
from justice_analysis.synthetic.criminal.sentencing import FINE, IMPRISONED
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import Streams, days

_MOST = 8
CODES_PER_GROUP = 12


def charges(parameters: WorldParameters, held: Prosecutions, streams: Streams) -> Charges:
    """One charge or more for each prosecution; only the principal carries the whole sentence.

    Offence codes are ours: a hundred for each group, and a number within it.
    """
    crime, stream = parameters.crime, streams.stream("charges")
    more = stream.poisson(crime.charges_more, len(held)).clip(max=_MOST - 1)
    more = np.where(held.is_breach | held.is_single_justice, 0, more)
    of = np.repeat(np.arange(len(held)), more + 1)
    number = 1 + np.arange(len(of)) - np.repeat(np.cumsum(more + 1) - more - 1, more + 1)
    principal = number == 1
    n = len(of)
    mix = np.array(crime.group_mix[1])
    other = stream.choice(len(mix), n, p=mix / mix.sum())
    alike = principal | (stream.random(n) < 0.65)
    group = np.where(alike, held.offence_group[of], other)
    code = 100 * (group + 1) + 1 + stream.integers(0, CODES_PER_GROUP, n)
    earlier = np.where(principal, 0, stream.geometric(0.4, n) - 1)
    plea, verdict, disposal = held.plea[of], held.verdict[of], held.disposal[of]
    dropped = ~principal & (verdict != NONE) & (stream.random(n) < 0.2)
    plea = np.where(dropped & (plea == GUILTY), NOT_GUILTY, plea)
    verdict = np.where(dropped & (verdict == GUILTY), NOT_GUILTY, verdict)
    lesser = ~principal & (disposal != IMPRISONED) & (stream.random(n) < 0.5)
    disposal = np.where(lesser & (disposal >= 0), FINE, disposal)
    disposal = np.where(verdict == GUILTY, disposal, -1)
    share = np.where(principal, 1.0, stream.uniform(0.3, 1.0, n))
    length = np.where(disposal == IMPRISONED, held.sentence_days[of] * share, 0)
    return Charges(
        of,
        number,
        group,
        code,
        held.offence_date[of] - days(earlier),
        plea,
        verdict,
        disposal,
        np.floor(length).astype(np.int64),
        principal,
    )
