"""Groups by which the metrics of the criminal courts show their numbers, and their options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis.codes import BREACH, OFFENCE_GROUPS
from justice_analysis.errors import OptionError
from justice_analysis.metrics.criminal.court_records import (
    APPEAL,
    FOR_SENTENCE,
    MAGISTRATES,
    TRIAL,
)
from justice_analysis.metrics.estimates.periods import PERIODS

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

GROUPS = (*PERIODS, "offence_group", "case_type", "court", "region")
"""What `by` may name; periods are those of the date that the metric counts by."""
CASE_TYPE_WORDS = {
    MAGISTRATES: "magistrates' courts",
    TRIAL: "Crown Court, sent for trial",
    FOR_SENTENCE: "Crown Court, committed for sentence",
    APPEAL: "Crown Court, appeal",
}
PLACES = {"court": "court", "region": "region"}
OTHER_OFFENCE = "other or not grouped"
COARSE = (
    "Offence groups are coarse: two courts with one mix of groups may still hear offences of "
    "different gravity. A difference between courts is not evidence of its cause."
)
LEVELS_UP = 3
"""Steps from a court to its region at most: court, area, region."""


def check_by(by: Sequence[str], allowed: Sequence[str] = GROUPS, *, most: int = 2) -> None:
    """Refuse groups that are unknown, twice the same, of two periods, or too many."""
    unknown = [name for name in by if name not in allowed]
    if unknown:
        raise OptionError(f"by must be among {', '.join(allowed)}: {', '.join(unknown)} is not.")
    if len(set(by)) != len(by) or len(by) > most:
        raise OptionError(f"by must name {most} groups at most, each once.")
    if sum(name in PERIODS for name in by) > 1:
        raise OptionError("by must name one period at most: it names several.")


def with_groups(warehouse: Warehouse, rows: ir.Table, by: Sequence[str], *, date: str) -> ir.Table:
    """Add a column of words for each group asked for; what is not recorded stays missing.

    Parameters
    ----------
    rows
        Any grain, with what the groups are made of: `code`, `case_type`, `place_id` or `date`.
    date
        Column whose period is meant.
    """
    for name in by:
        if name in PERIODS:
            rows = rows.mutate(**{name: PERIODS[name](rows[date])})
        elif name == "offence_group":
            rows = rows.mutate(offence_group=offence_words(rows.code))
        elif name == "case_type":
            words = [(rows.case_type == code, said) for code, said in CASE_TYPE_WORDS.items()]
            rows = rows.mutate(case_type=ibis.cases(*words, else_=rows.case_type))
        else:
            rows = with_place(warehouse, rows, name)
    return rows


def offence_words(code: ir.StringValue) -> ir.StringValue:
    """The offence group in words; a breach and an unknown code are named as such."""
    known = [(code == name, words) for name, words in OFFENCE_GROUPS.items()]
    breach = (code == BREACH, "Breach or civil-order application")
    other = (code.notnull(), OTHER_OFFENCE)
    return ibis.cases(*known, breach, other, else_=ibis.null("string"))


def with_place(warehouse: Warehouse, rows: ir.Table, level: str) -> ir.Table:
    """Add the name of the court, or of the region that it lies in, as `court` or `region`."""
    place = warehouse.place
    if level == "court":
        named = place.select(_place="place_id", _name="name")
        met = rows.left_join(named, rows.place_id == named._place)
        # A court that is no place of the warehouse has its id for a name: never another court's.
        return met.mutate(court=ibis.coalesce(met._name, met.place_id)).drop("_place", "_name")
    here = place.select(_place="place_id", kind="kind", name="name", up="parent_id")
    found = here.mutate(region=(here.kind == "region").ifelse(here.name, ibis.null("string")))
    for _ in range(LEVELS_UP):
        above = place.select(
            _above="place_id", above_kind="kind", above_name="name", next="parent_id"
        )
        met = found.left_join(above, [("up", "_above")])
        is_region = met.region.isnull() & (met.above_kind == "region").fill_null(False)
        found = met.select(
            "_place", region=is_region.ifelse(met.above_name, met.region), up=met.next
        )
    named = found.select("_place", "region")
    return rows.left_join(named, rows.place_id == named._place).drop("_place")


def places_of(by: Sequence[str]) -> dict[str, str]:
    """Levels of the places among some groups, as outputs state them."""
    return {name: PLACES[name] for name in by if name in PLACES}
