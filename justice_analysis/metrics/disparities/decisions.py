"""Decisions about defendants, each among those who had reached the stage before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.metrics.criminal.court_groups import offence_words
from justice_analysis.metrics.criminal.court_records import CASE_TYPES_OF, MAGISTRATES, defendants
from justice_analysis.metrics.person_groups import age_band

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

HISTORY = ("none", "one", "two to four", "five or more")
"""Bands of earlier cases in the data."""
RESULTS = ("remand", "sent_date", "ended_date", "plea", "verdict", "sentence")
"""Columns that decisions are read from."""


@dataclass(frozen=True)
class Decision:
    """A decision, and whom it is taken of.

    Attributes
    ----------
    words
        What was decided, after "were": "remanded in custody".
    stage
        Those of whom it is decided: the preceding stage.
    reached, decided
        From a row of a defendant: had reached the stage; the decision, missing where it is not
        recorded.
    """

    name: str
    words: str
    stage: str
    reached: Callable[[ir.Table], ir.BooleanValue]
    decided: Callable[[ir.Table], ir.BooleanValue]


def _is_convicted(row: ir.Table) -> ir.BooleanValue:
    return row.verdict == "guilty"


DECISIONS = {
    one.name: one
    for one in (
        Decision(
            "remand",
            "remanded in custody",
            "defendants whose remand status was recorded",
            lambda row: row.remand.notnull(),
            lambda row: row.remand == "custody",
        ),
        Decision(
            "sent_to_crown",
            "sent to the Crown Court",
            "defendants in the magistrates' courts",
            lambda row: row.ended_date.notnull() | row.sent_date.notnull(),
            lambda row: row.sent_date.notnull(),
        ),
        Decision(
            "guilty_plea",
            "pleading guilty",
            "defendants whose plea was recorded",
            lambda row: row.plea.isin(("guilty", "not_guilty")),
            lambda row: row.plea == "guilty",
        ),
        Decision(
            "conviction",
            "convicted",
            "defendants with a verdict",
            lambda row: row.verdict.isin(("guilty", "not_guilty")),
            _is_convicted,
        ),
        Decision(
            "custody",
            "sentenced to immediate custody",
            "defendants convicted and sentenced",
            lambda row: _is_convicted(row) & row.sentence.notnull(),
            lambda row: row.sentence == "immediate_custody",
        ),
    )
}
"""By name; each has the stage before it as its denominator."""


def deciding(warehouse: Warehouse, *, compared_by: Sequence[str]) -> ir.Table:
    """Defendants in the magistrates' courts with what was decided and what they are compared by.

    Parameters
    ----------
    compared_by
        Of `ethnicity`, `sex` and `age_band` (as this case recorded them; missing where it did
        not), `offence_group`, `court` and `history` (earlier cases of the same person in the
        data, in bands): those wanted, since each costs time.

    Returns
    -------
    Table
        Stored; one row per defendant in a case whose principal charge is an offence:
        `person_key`, `arrived_date`, `remand` (status on the principal charge), the other
        columns of `RESULTS`, and those of `compared_by`.
    """
    rows = defendants(warehouse, case_types=CASE_TYPES_OF[MAGISTRATES])
    rows = rows.filter(~rows.is_breach.fill_null(True), rows.arrived_date.notnull())
    for more in (_remand(warehouse), _recorded(warehouse)):
        rows = rows.left_join(more, "party_id").drop("party_id_right")
    rows = rows.mutate(
        offence_group=offence_words(rows.code),
        court=rows.place_id,
        age_band=age_band(rows.arrived_date, rows.birth_month),
        history=_history(rows),
    )
    kept = dict.fromkeys(("person_key", "arrived_date", *RESULTS, *compared_by))
    return engine.materialise(rows.select(*kept), step="defendants and decisions")


def _remand(warehouse: Warehouse) -> ir.Table:
    """Remand status of each defendant's principal charge."""
    decision, part = warehouse.decision, warehouse.matter_party
    rows = decision.filter(decision.decision_type == "remand", decision.is_principal)
    of_party = part.filter(part.part == "defendant").select("matter_id", "party_id")
    joined = rows.select("matter_id", "decision").inner_join(of_party, "matter_id")
    return joined.group_by("party_id").aggregate(remand=joined.decision.min())


def _recorded(warehouse: Warehouse) -> ir.Table:
    party = warehouse.party.filter(warehouse.party.role == "defendant")
    return party.select("party_id", "birth_month", sex=party.sex, ethnicity=party.ethnicity_group)


def _history(rows: ir.Table) -> ir.StringValue:
    """Earlier cases of the same person; a person who is not linked has none that is known."""
    order = [rows.arrived_date, rows.case_id, rows.party_id]
    earlier = ibis.row_number().over(group_by=rows.person_key, order_by=order)
    bands = (
        (earlier == 0, HISTORY[0]),
        (earlier == 1, HISTORY[1]),
        (earlier <= 4, HISTORY[2]),
    )
    return ibis.cases(*bands, else_=HISTORY[3])
