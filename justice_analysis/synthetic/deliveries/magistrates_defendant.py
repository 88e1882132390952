"""Data First magistrates' court defendants as delivered.

Cases under the Single Justice Procedure are left out, and so are cases received once the court's
new cases were on Common Platform: neither is in the real data.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from justice_analysis.synthetic.criminal.codes import (
    DISPOSALS,
    OFFENCE_GROUPS,
    PLEAS,
    REMANDS,
    VERDICTS,
)
from justice_analysis.synthetic.criminal.lives import Prosecutions
from justice_analysis.synthetic.deliveries.criminal_offences import offence_table, principal_codes
from justice_analysis.synthetic.deliveries.criminal_records import (
    Register,
    before_migration,
    case_keys,
    code_column,
    court_table,
    court_text,
    days_or_null,
    keys_by_position,
    people_columns,
    strange,
    swapped,
    varied,
    with_placeholders,
)
from justice_analysis.synthetic.deliveries.delivered import Delivered
from justice_analysis.synthetic.mess import Desk, MessLog
from justice_analysis.synthetic.people import Bools, Days, Ints, days
from justice_analysis.synthetic.tables import Table, Text, hashes
from justice_analysis.synthetic.world import World

DATASET = "magistrates_defendant"
SUMMARY, OFFENCES = "mags_defendant_case", "mags_offence"
_SENT = ("no", "sent_for_trial", "committed_for_sentence")
_RESULTS = (
    "Sentenced",
    "Not guilty, dismissed or withdrawn",
    "Sent or committed to the Crown Court",
)
_APPEAL = 2


def received_dates(held: Prosecutions) -> Days:
    """Day on which the court received each case: a day or none after the charge."""
    return held.charge_date + days(held.case % 2)


def delivered_positions(world: World) -> Ints:
    """Which prosecutions are in the data."""
    held = world.lives.prosecutions
    there = ~held.is_single_justice & ~np.isnat(held.charge_date)
    return np.flatnonzero(there & before_migration(received_dates(held), held.unseen_from))


def sent_on(world: World) -> Ints:
    """Position in `_SENT` of each prosecution; an appeal is not sent on by the court."""
    held, crown = world.lives.prosecutions, world.lives.crown
    kind = np.append(crown.kind, _APPEAL)[held.crown]
    return np.where((held.crown >= 0) & (kind < _APPEAL), kind + 1, 0)


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver the case summaries, the offences and the list of courts."""
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    held, at = world.lives.prosecutions, delivered_positions(world)
    row_hash = hashes(len(at), stream)
    case_hash, case_key = case_keys(held.case[at], stream)
    summary = {"row_id_hash": row_hash, "case_id_hash": case_hash, **_summary(world, desk, at)}
    tables: dict[str, Table] = {
        SUMMARY: desk.duplicate_rows(SUMMARY, summary),
        OFFENCES: desk.duplicate_rows(OFFENCES, _offences(world, desk, at, row_hash)),
        "courts": court_table(world.lives.magistrates_courts, "magistrates' court", with_area=True),
    }
    return Delivered(
        tables,
        [(SUMMARY, row_hash, held.person[at])],
        case_key,
        keys_by_position(len(held), at, row_hash),
    )


def _summary(world: World, desk: Desk, at: Ints) -> Table:
    held = world.lives.prosecutions
    over = ~np.isnat(held.final[at])
    first, final = swapped(
        desk, SUMMARY, "final_result_date", held.first_hearing[at], held.final[at]
    )
    register = Register(world, desk, SUMMARY, held.person[at], held.first_hearing[at])
    return {
        "offence_date": with_placeholders(desk, SUMMARY, "offence_date", held.offence_date[at]),
        "charge_date": held.charge_date[at],
        "receipt_date": received_dates(held)[at],
        "first_hearing_date": first,
        "final_result_date": final,
        **_proceedings(held.is_breach[at]),
        "jsas_result_group_desc": _result(world, at, over),
        "court_code": court_text(held.court[at]),
        **people_columns(register, officer="ethnicity_officer"),
        "offence_group": varied(
            desk, SUMMARY, "offence_group", Text(held.offence_group[at], OFFENCE_GROUPS)
        ),
        "offence_code": principal_codes(world, at),
        "plea": strange(desk, SUMMARY, "plea", _known(held.plea[at], over, PLEAS)),
        "verdict": varied(desk, SUMMARY, "verdict", _known(held.verdict[at], over, VERDICTS)),
        "disposal": varied(desk, SUMMARY, "disposal", Text(held.disposal[at], DISPOSALS)),
        "sentence_length_days": days_or_null(held.sentence_days[at]),
        "remand_status": code_column(held.remand[at], REMANDS),
        "sent_to_crown": code_column(np.where(over, sent_on(world)[at], -1), _SENT),
    }


def _proceedings(is_breach: Bools) -> Table:
    kind = is_breach.astype(np.int64)
    return {
        "breach_marker": Text(kind, ("N", "Y")),
        "proceeding_type": Text(kind, ("1", "2")),
        "proceedings_type_desc": Text(
            kind, ("Proceedings for an offence", "Breach or civil-order application")
        ),
    }


def _result(world: World, at: Ints, over: Bools) -> Text:
    held = world.lives.prosecutions
    group = np.where(sent_on(world)[at] > 0, 2, np.where(held.disposal[at] >= 0, 0, 1))
    return Text(np.where(over, group, -1), _RESULTS)


def _known(code: Ints, over: Bools, labels: tuple[str, ...]) -> Text:
    """Pleas and verdicts of cases that have a result; before it, none is recorded."""
    return Text(np.where(over, code, -1), labels)


def _offences(world: World, desk: Desk, at: Ints, row_hash: pa.Array) -> Table:
    """One row per charge of a delivered defendant."""
    charges, held = world.lives.charges, world.lives.prosecutions
    position = np.full(len(held), -1)
    position[at] = np.arange(len(at))
    rows = np.flatnonzero(position[charges.prosecution] >= 0)
    of = charges.prosecution[rows]
    over = ~np.isnat(held.final[of])
    return offence_table(
        world,
        desk,
        OFFENCES,
        rows,
        row_hash.take(pa.array(position[of])),
        plea=_known(charges.plea[rows], over, PLEAS),
        verdict=_known(charges.verdict[rows], over, VERDICTS),
        disposal=charges.disposal[rows],
        sentence_days=charges.sentence_days[rows],
    )
