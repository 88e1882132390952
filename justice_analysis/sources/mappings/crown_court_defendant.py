"""Data First Crown Court defendants in the common model.

Cases, defendants, charges, decisions and events as in `criminal_courts`. Trials, committals for
sentence and appeals are case types of their own: a case sent up from the magistrates' court has
a row in each dataset, tied by `case_link` where the linking dataset is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.mapping import CommonTables, MappingContext
from justice_analysis.sources.mappings.criminal_cleaning import read_code
from justice_analysis.sources.mappings.criminal_courts import Layout
from justice_analysis.sources.mappings.criminal_losses import losses
from justice_analysis.sources.mappings.criminal_tables import map_court

SYSTEM = "xhibit"
LAYOUT = Layout(
    system=SYSTEM,
    summary="crown_defendant_case",
    offences="crown_offence",
    columns={
        "received": "receipt_date",
        "main_hearing": "main_hearing_date",
        "completed": "completion_date",
        "officer": "ethnic_appearance_code",
    },
)
# What an extract without these assumed columns or tables does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = losses(
    LAYOUT,
    {
        "case_type": "trials apart from committals for sentence and appeals",
        "offence_date": "time from the offence",
        "receipt_date": "time from receipt to the first hearing and to the end of a case",
        "main_hearing_date": "time to the main hearing",
        "completion_date": "ends of cases; every case is open, stale or migrated",
    },
)
CASE_TYPES: Mapping[str, str] = {"T": "crown_trial", "S": "crown_sentence", "A": "crown_appeal"}


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the Crown Court to the common model; see `mapping.CommonTables`."""
    return map_court(tables, context, LAYOUT, own=_own, own_codes={"case_type": CASE_TYPES})


def _own(rows: ir.Table) -> ir.Table:
    """Add what only the Crown Court says: the kind of case. Nothing goes on from here."""
    return rows.mutate(
        case_type=read_code(rows.case_type, CASE_TYPES).fill_null("unknown"),
        is_breach=ibis.literal(False),
        sent_for=ibis.null("string"),
        sent=ibis.null("date"),
    )
