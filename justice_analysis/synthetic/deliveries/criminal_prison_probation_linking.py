"""The link table of 2022, which the cross-justice link replaced: criminal courts to probation.

Its ids are not comparable with the later ones, and its errors are drawn apart.
"""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.deliveries.cross_justice_linking import LINK_CODES, linked_records
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import Desk, MessLog
from justice_analysis.synthetic.tables import NULL
from justice_analysis.synthetic.world import World

DATASET = "criminal_prison_probation_linking"
_LINKED = (
    "magistrates_defendant",
    "crown_court_defendant",
    "prisoner_custodial_journey",
    "probation",
)
_FIRST_ID = 60_000_000


def deliver(world: World, log: MessLog, delivered: dict[str, Delivered]) -> Delivered:
    """Deliver `criminal_link`: one cluster id per record of the four criminal datasets."""
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    first = _FIRST_ID + world.chunk.people_before
    own = np.concatenate([[NULL], first + stream.permutation(len(world.people))])
    links = linked_records(
        world,
        desk,
        delivered,
        {dataset: LINK_CODES[dataset] for dataset in _LINKED},
        own,
        table="criminal_link",
        column="estimated_mc_cc_ps_dp",
    )
    return Delivered({"criminal_link": links}, [], np.zeros(0, dtype=object))
