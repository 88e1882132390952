"""Custody in the follow-up of defendants: where follow-up ends, or what the clock leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import custody_spells, time_in_custody
from justice_analysis.cohorts.spells import UnknownEnds
from justice_analysis.metrics.custody.stays import custody_period

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

UNKNOWN_ENDS: UnknownEnds = "first_day"
"""A stay whose end was not recorded counts as its first day."""


def until_custody(warehouse: Warehouse, people: ir.Table) -> ir.Table:
    """End follow-up the day after custody begins; on the first day for those held from it.

    Parameters
    ----------
    people
        One row per person: `person_id`, `start_date`, `end_date` (excluded). A return on the
        day that custody begins still counts, since custody may follow from it.
    """
    spells = custody_spells(warehouse.episode, unknown_ends=UNKNOWN_ENDS)
    held = spells.select(held_person="person_id", held_from="start_date", held_to="end_date")
    pairs = people.select("person_id", "start_date").inner_join(
        held, [people.person_id == held.held_person]
    )
    open_or_later = pairs.held_to.isnull() | (pairs.held_to > pairs.start_date)
    inside = pairs.filter(open_or_later)
    begins = (inside.held_from <= inside.start_date).ifelse(
        inside.start_date, engine.add_days(inside.held_from, 1)
    )
    dated = inside.mutate(stop_date=begins)
    first = dated.group_by("person_id").aggregate(stop_date=dated.stop_date.min())
    joined = people.left_join(first, "person_id").drop("person_id_right")
    end = ibis.least(joined.end_date, ibis.coalesce(joined.stop_date, joined.end_date))
    return joined.mutate(end_date=end).drop("stop_date")


def days_at_liberty(warehouse: Warehouse, frame: ir.Table) -> ir.Table:
    """Take the days in custody off `duration_days`, from `start_date` on.

    Parameters
    ----------
    frame
        One row per person, from `follow_up`; follow-up ends while custody is still seen.
    """
    _, seen_to = custody_period(warehouse)
    frame = engine.materialise(frame, step="time to return")
    last = engine.add_days(frame.start_date, frame.duration_days)
    windows = frame.filter(frame.duration_days >= 0).select(
        "person_id", from_date=frame.start_date, to_date=last
    )
    inside = time_in_custody(warehouse.episode, windows, seen_to=seen_to, unknown_ends=UNKNOWN_ENDS)
    free = inside.select(held_person="person_id", free_days="days_at_risk")
    joined = frame.left_join(free, frame.person_id == free.held_person).drop("held_person")
    days = joined.free_days.fill_null(joined.duration_days)
    return joined.mutate(duration_days=days).drop("free_days")
