"""Children's first care proceedings, and how old they were then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.metrics.family.children import (
    CARE,
    CARE_ORDERS,
    birth_by,
    cases_once,
    children_in_applications,
    day,
    with_birth,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

CAFCASS_FIRST = ("cafcass_england", "cafcass_cymru", "family_court")
"""Cafcass records the week of birth and the local authority; the court neither."""


def first_entries(
    warehouse: Warehouse, *, precedence: Sequence[str], source: str | None
) -> ir.Table:
    """Each child's first set of care proceedings.

    Returns
    -------
    Table
        One row per child: `person_key`, `child_id`, `proceeding_id`, `area_id`,
        `received_date` (first application for a care or supervision order), `earliest_birth`
        and `latest_birth` (both inclusive; missing: not known).
    """
    cases = cases_once(warehouse, case_types=(CARE,), precedence=precedence, source=source)
    asked = children_in_applications(warehouse, cases, codes=CARE_ORDERS)
    first = engine.first_per_group(
        asked, by=["person_key"], order_by=["received_date", "proceeding_id", "matter_id"]
    )
    kept = first.select(
        "person_key", "child_id", "party_month", "proceeding_id", "area_id", "received_date"
    )
    return with_birth(warehouse, kept)


def with_age(entries: ir.Table, *, birth_day: str, limit_days: int) -> ir.Table:
    """Add `age_days` at the application and `is_under`, whether that is below a limit.

    Where the birth is known to a week or month, `age_days` is from the day that `birth_day`
    takes. From a month alone (a span of more than a week) `is_under` is missing where the span
    holds births on either side of the limit. A child who was born later has an age below 0, and
    is not under the limit.
    """
    born = birth_by(entries, entries.received_date, birth_day=birth_day)
    age = engine.days_between(entries.received_date, born)
    youngest = engine.days_between(entries.received_date, entries.latest_birth)
    oldest = engine.days_between(entries.received_date, entries.earliest_birth)
    is_month = engine.days_between(entries.latest_birth, entries.earliest_birth) > 6
    undecided = (
        is_month
        & (oldest >= 0)
        & (youngest < limit_days)
        & ((oldest >= limit_days) | (youngest < 0))
    )
    under = (age >= 0) & (age < limit_days)
    return entries.mutate(age_days=age, is_under=undecided.ifelse(ibis.null("boolean"), under))


def window(
    date: ir.DateValue, first_day: str | None, last_day: str | None
) -> list[tuple[str, ir.BooleanValue]]:
    """Steps of a selection that keep dates in a window."""
    steps = []
    if first_day:
        since = date >= ibis.literal(day(first_day, "first_day"))
        steps.append(("applied for in the window: not before it", since))
    if last_day:
        until = date < ibis.literal(day(last_day, "last_day"))
        steps.append(("applied for in the window: not after it", until))
    return steps
