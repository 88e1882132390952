"""Data First magistrates' court defendants in the common model.

Cases, defendants, charges, decisions and events as in `criminal_courts`. A breach or
civil-order application, which is no offence in law, is a matter of the kind `application` with
the code `breach`, so that nothing that counts charges counts it.
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

SYSTEM = "libra"
LAYOUT = Layout(
    system=SYSTEM,
    summary="mags_defendant_case",
    offences="mags_offence",
    columns={
        "charged": "charge_date",
        "received": "receipt_date",
        "completed": "final_result_date",
        "officer": "ethnicity_officer",
    },
    area="local_justice_area",
)
# What an extract without these assumed columns or tables does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = losses(
    LAYOUT,
    {
        "charge_date": "time from charge to the first hearing",
        "receipt_date": "the day of receipt; the charge or the first hearing stands for it",
        "sent_to_crown": "cases sent to the Crown Court that no link ties to a case there",
    },
)
# Why a case went to the Crown Court, as delivered and in our words.
SENT_FOR: Mapping[str, str] = {
    "no": "no",
    "sent_for_trial": "trial",
    "committed_for_sentence": "sentence",
}
BREACHES: Mapping[str, str] = {"Y": "yes", "N": "no"}
OWN_CODES: Mapping[str, Mapping[str, str]] = {"sent_to_crown": SENT_FOR, "breach_marker": BREACHES}


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the magistrates' courts to the common model; see `mapping.CommonTables`."""
    return map_court(tables, context, LAYOUT, own=_own, own_codes=OWN_CODES)


def _own(rows: ir.Table) -> ir.Table:
    """Add what only the magistrates' courts say: breaches, and who went to the Crown Court."""
    breach = read_code(rows.breach_marker, BREACHES) == "yes"
    sent_for = read_code(rows.sent_to_crown, SENT_FOR)
    sent_for = sent_for.isin(("trial", "sentence")).ifelse(sent_for, ibis.null("string"))
    return rows.mutate(
        case_type=ibis.literal("magistrates"),
        is_breach=breach.fill_null(False),
        sent_for=sent_for,
        sent=sent_for.notnull().ifelse(rows.completed, ibis.null("date")),
    )
