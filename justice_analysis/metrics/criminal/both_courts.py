"""Defendants through both criminal courts: from the magistrates' court to the Crown Court."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.journey_courts import in_court
from justice_analysis.cohorts.journey_stages import JOINED
from justice_analysis.cohorts.journeys import JourneyRule

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

RULE = JourneyRule()
"""How a case in the Crown Court is found where no link of two cases says it."""


def through_both(warehouse: Warehouse, rows: ir.Table, *, upper: Sequence[str]) -> ir.Table:
    """Put what the Crown Court says beside each defendant who was sent there.

    Parameters
    ----------
    rows
        From `court_records.defendants`, of both courts.
    upper
        Columns of the Crown Court's row that are wanted, named `crown_<column>`.

    Returns
    -------
    Table
        One row per defendant who starts in a magistrates' court, or in the Crown Court without a
        known start there: the columns of `rows`; `starts_at`; `lost` (why a defendant who was
        sent was not found in the Crown Court; missing where found or not sent); and `upper`.
    """
    # Read again and again by the search for the Crown Court's row.
    held = engine.materialise(rows, step="defendants in both courts")
    asked = held.mutate(received_date=held.case_received, is_remanded=ibis.null("boolean"))
    joined = in_court(
        warehouse, asked, sent_within_days=RULE.sent_within_days, least_score=RULE.least_score
    )
    how = (
        joined.crown_how.isin(JOINED).fill_null(False).ifelse(ibis.null("string"), joined.crown_how)
    )
    keys = joined.select("party_id", "crown_party_id", "starts_at", lost=how)
    # A row that starts in the Crown Court has itself as its Crown Court row: it was not sent.
    keys = engine.materialise(keys, step="defendants through both courts")
    found = held.inner_join(keys, "party_id")
    crown = held.select(_crown_party="party_id", **{f"crown_{name}": held[name] for name in upper})
    met = found.left_join(crown, found.crown_party_id == crown._crown_party)
    return met.drop("_crown_party")
