"""Data First Crown Court defendants as delivered: trials, committals for sentence, appeals.

Cases received once the court centre's new cases were on Common Platform are left out, as in the
real data; those received before stay to their end.
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
from justice_analysis.synthetic.criminal.prosecutions import GUILTY, NONE, NOT_GUILTY
from justice_analysis.synthetic.criminal.sentencing import FINE, IMPRISONED
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
from justice_analysis.synthetic.people import Bools, Ints
from justice_analysis.synthetic.tables import Table, Text, hashes
from justice_analysis.synthetic.world import World

DATASET = "crown_court_defendant"
SUMMARY, OFFENCES = "crown_defendant_case", "crown_offence"
STARTS = np.datetime64("2013-01-01")  # the first day of receipts in the data
_KINDS = ("T", "S", "A")
_DROPPED = 0.2  # share of further charges that end without a conviction


def delivered_positions(world: World) -> Ints:
    """Which Crown Court defendants are in the data."""
    held = world.lives.crown
    there = (held.received >= STARTS) & before_migration(held.received, held.unseen_from)
    return np.flatnonzero(there)


def deliver(world: World, log: MessLog) -> Delivered:
    """Deliver the case summaries, the offences and the list of court centres."""
    stream = world.streams.stream(DATASET)
    desk = Desk(DATASET, world.rates, stream, log)
    held, at = world.lives.crown, delivered_positions(world)
    row_hash = hashes(len(at), stream)
    case_hash, case_key = case_keys(held.case[at], stream)
    offences = _offences(world, desk, at, row_hash)
    summary = {"row_id_hash": row_hash, "case_id_hash": case_hash, **_summary(world, desk, at)}
    tables: dict[str, Table] = {
        SUMMARY: desk.duplicate_rows(SUMMARY, summary),
        OFFENCES: desk.duplicate_rows(OFFENCES, offences),
        "courts": court_table(world.lives.crown_courts, "Crown Court centre", with_area=False),
    }
    return Delivered(
        tables,
        [(SUMMARY, row_hash, held.person[at])],
        case_key,
        keys_by_position(len(held), at, row_hash),
    )


def _summary(world: World, desk: Desk, at: Ints) -> Table:
    held, brought = world.lives.crown, world.lives.prosecutions
    of = held.prosecution[at]
    over = ~np.isnat(held.completed[at])
    first, final = swapped(
        desk, SUMMARY, "completion_date", held.first_hearing[at], held.completed[at]
    )
    seen = np.where(np.isnat(held.first_hearing[at]), held.received[at], held.first_hearing[at])
    register = Register(world, desk, SUMMARY, held.person[at], seen)
    return {
        "case_type": varied(desk, SUMMARY, "case_type", Text(held.kind[at], _KINDS)),
        "offence_date": with_placeholders(desk, SUMMARY, "offence_date", brought.offence_date[of]),
        "receipt_date": held.received[at],
        "first_hearing_date": first,
        "main_hearing_date": held.main_hearing[at],
        "completion_date": final,
        "court_code": court_text(held.court[at]),
        **people_columns(register, officer="ethnic_appearance_code"),
        "offence_group": varied(
            desk, SUMMARY, "offence_group", Text(brought.offence_group[of], OFFENCE_GROUPS)
        ),
        "offence_code": principal_codes(world, of),
        "plea": strange(desk, SUMMARY, "plea", _pleas(held.plea[at], over)),
        "verdict": varied(
            desk, SUMMARY, "verdict", Text(np.where(over, held.verdict[at], -1), VERDICTS)
        ),
        "disposal": varied(desk, SUMMARY, "disposal", Text(held.disposal[at], DISPOSALS)),
        "sentence_length_days": days_or_null(held.sentence_days[at]),
        "remand_status": code_column(held.remand[at], REMANDS),
    }


def _pleas(plea: Ints, over: Bools) -> Text:
    """Pleas entered; that none was is known only at the end."""
    return Text(np.where((plea == NONE) & ~over, -1, plea), PLEAS)


def _offences(world: World, desk: Desk, at: Ints, row_hash: pa.Array) -> Table:
    """The charges of each defendant, as the Crown Court dealt with them.

    The principal one ends as the case summary says; some of the others fall away, and few
    carry custody of their own.
    """
    charges, held = world.lives.charges, world.lives.crown
    position = np.full(len(world.lives.prosecutions), -1)
    position[held.prosecution[at]] = np.arange(len(at))
    rows = np.flatnonzero(position[charges.prosecution] >= 0)
    of = position[charges.prosecution[rows]]
    crown = at[of]
    principal = charges.is_principal[rows]
    plea, verdict, disposal = held.plea[crown], held.verdict[crown], held.disposal[crown]
    dropped = ~principal & (verdict == GUILTY) & (desk.stream.random(len(rows)) < _DROPPED)
    plea = np.where(dropped & (plea == GUILTY), NOT_GUILTY, plea)
    verdict = np.where(dropped, NOT_GUILTY, verdict)
    lesser = ~principal & (disposal > IMPRISONED) & (desk.stream.random(len(rows)) < 0.5)
    disposal = np.where(dropped, -1, np.where(lesser, FINE, disposal))
    share = np.where(principal, 1.0, desk.stream.uniform(0.3, 1.0, len(rows)))
    length = np.where(disposal == IMPRISONED, held.sentence_days[crown], 0)
    length = np.where(principal, held.sentence_days[crown], np.floor(length * share))
    over = ~np.isnat(held.completed[crown])
    return offence_table(
        world,
        desk,
        OFFENCES,
        rows,
        row_hash.take(pa.array(of)),
        plea=_pleas(plea, over),
        verdict=Text(np.where(over, verdict, -1), VERDICTS),
        disposal=disposal,
        sentence_days=length.astype(np.int64),
    )
