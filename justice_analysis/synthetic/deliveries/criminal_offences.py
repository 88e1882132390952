"""What both criminal court deliveries say of offences, and probation of the principal one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.criminal.codes import DISPOSALS, OFFENCE_GROUPS
from justice_analysis.synthetic.deliveries.criminal_records import (
    court_text,
    days_or_null,
    with_placeholders,
)
from justice_analysis.synthetic.mess import Desk
from justice_analysis.synthetic.people import Ints
from justice_analysis.synthetic.tables import Table, Text, hashes
from justice_analysis.synthetic.world import World


def principal_codes(world: World, prosecution: Ints) -> pa.Array:
    """Offence code of the principal charge of each prosecution; missing where there is none."""
    charges = world.lives.charges
    # The last place is that of no prosecution, which is written as -1.
    code = np.zeros(len(world.lives.prosecutions) + 1, dtype=np.int64)
    code[charges.prosecution[charges.is_principal]] = charges.offence_code[charges.is_principal]
    return court_text(code[prosecution])


def offence_table(
    world: World,
    desk: Desk,
    table: str,
    charge: Ints,
    defendant: pa.Array,
    *,
    plea: Text,
    verdict: Text,
    disposal: Ints,
    sentence_days: Ints,
) -> Table:
    """One row per charge: what was charged, and how a court dealt with it.

    Parameters
    ----------
    charge
        Positions of the charges in the world's.
    defendant
        Delivered key of the defendant's row, of each charge.
    """
    charges = world.lives.charges
    return {
        "offence_id_hash": hashes(len(charge), desk.stream),
        "row_id_hash": defendant,
        "is_principal": charges.is_principal[charge],
        "offence_date": with_placeholders(
            desk, table, "offence_date", charges.offence_date[charge]
        ),
        "offence_group": Text(charges.offence_group[charge], OFFENCE_GROUPS),
        "offence_code": court_text(charges.offence_code[charge]),
        "plea": plea,
        "verdict": verdict,
        "disposal": Text(disposal, DISPOSALS),
        "sentence_length_days": days_or_null(sentence_days),
    }
