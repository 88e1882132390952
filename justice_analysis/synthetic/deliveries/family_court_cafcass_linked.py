"""The link between family court and Cafcass as delivered: the field on the people, as a table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import MessLog
from justice_analysis.synthetic.tables import NULL
from justice_analysis.synthetic.world import World


def deliver(world: World, log: MessLog, delivered: dict[str, Delivered]) -> Delivered:
    """Deliver `cafcass_link`: what the family court's people carry, errors and all.

    The errors are those of the family court's own column; none is planted here.
    """
    people = delivered["family_court"].tables["people"]
    row_hash, field = people["row_id_hash"], np.asarray(people["ALF2_PE"])
    assert isinstance(row_hash, pa.Array)
    linked = np.flatnonzero(field != NULL)
    table = {"row_id_hash": row_hash.take(pa.array(linked)), "ALF2_PE": field[linked]}
    return Delivered({"cafcass_link": table}, [], np.zeros(0, dtype=object))
