"""State of a case at the extract, where the source does not say it or may be out of date."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import MappingContext

# An open case without any activity for this long is not taken to be open.
STALE_AFTER_DAYS = 730


def is_silent(last: ir.DateValue, context: MappingContext) -> ir.BooleanValue:
    """Whether nothing has happened in a case for so long that it is not taken to be open.

    Not where the day of the extract, or the `last` day on which something happened, is unknown.
    """
    extracted = context.covered_to()
    if extracted is None:
        return ibis.literal(False)
    days = engine.days_between(ibis.literal(extracted), last)
    return (days > STALE_AFTER_DAYS).fill_null(False)


def status_by_activity(
    closed: ir.BooleanValue,
    last: ir.DateValue,
    context: MappingContext,
    *,
    unless: Sequence[tuple[ir.BooleanValue, str]] = (),
) -> ir.StringValue:
    """State of a case that is open only while something happens in it.

    Parameters
    ----------
    closed
        Whether the case is recorded as closed.
    last
        The last day on which something happened in it.
    unless
        Other states of a case that is not closed, such as `migrated`, the first that holds.

    Returns
    -------
    text column
        `closed`, one of `unless`, `stale`, `open`; `unknown` where no activity is dated, or the
        day of the extract is not known.
    """
    is_open = last.notnull() if context.covered_to() else ibis.literal(False)
    return ibis.cases(
        (closed.fill_null(False), "closed"),
        *[(holds.fill_null(False), state) for holds, state in unless],
        (is_silent(last, context), "stale"),
        (is_open, "open"),
        else_="unknown",
    )
