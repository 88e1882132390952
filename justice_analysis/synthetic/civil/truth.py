"""The truth about claims: who each party is."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.civil.claims import NO_COMPANY, NOBODY
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.tables import NULL, Table
from justice_analysis.synthetic.world import World


def claim_party_table(world: World, court: Delivered) -> Table:
    """One row per party of a claim: which person or which company it is."""
    claims = world.claims
    is_person = claims.party_person != NOBODY
    is_company = claims.party_company != NO_COMPANY
    return {
        "row_id_hash": court.tables["case_parties"]["row_id_hash"],
        "person_id": np.where(is_person, claims.party_person, NULL),
        "company": np.where(is_company, claims.party_company, NULL),
    }
