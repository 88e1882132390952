"""Time at risk: until when an event would have been seen, and why not longer.

A person who did not return is one thing; a person whose court left the data is another. What
could not have been seen is censored, never counted as absence. An event is seen where and when
`coverage` says so, and must be dated by the day that coverage is about: for courts the receipt
of the case, since a court that moves to Common Platform takes its new cases with it and leaves
the results of its old ones.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.custody import custody_episodes, time_in_custody
from justice_analysis.cohorts.follow_up import observed_period
from justice_analysis.cohorts.spells import UnknownEnds, merge_into_spells
from justice_analysis.errors import MetricError, OptionError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

EXTRACT = "extract"
END_OF_COVERAGE = "end of coverage"
MIGRATED = "migrated to Common Platform"
DEATH = "death"
END_OF_FOLLOW_UP = "end of follow-up"
CUSTODY_UNSEEN = "end of coverage of custody"
# Place of a source that covers everywhere alike, or of which the place is not known.
EVERYWHERE = "everywhere"


def time_at_risk(
    warehouse: Warehouse,
    people: ir.Table,
    *,
    source: str,
    followup_days: int | None = None,
    at_death: str = "ignore",
    custody: bool = False,
    unknown_ends: UnknownEnds = "first_day",
) -> ir.Table:
    """Say until when each person's events would have been seen in a source, and why not longer.

    Parameters
    ----------
    people
        One row per person: `person_id`, `start_date` (clock zero) and `place_id` (where the
        events are to be expected: the court or area of the index case, known at the start;
        missing: not known). Other columns are kept.
    source
        The dataset whose events are followed.
    followup_days
        Longest follow-up; the last day is in it.
    at_death
        `ignore`, or `censor` at the recorded day of death.
    custody
        Take time in custody off the days at risk. Follow-up then ends where custody is no
        longer seen.
    unknown_ends
        Of custody, as in `merge_into_spells`.

    Returns
    -------
    Table
        The rows of `people` who were seen from their start, with `censor_date` (excluded),
        `censor_reason`, `days_at_risk` and, with `custody`, `days_in_custody`.

    Raises
    ------
    MetricError
        If the source states no coverage.
    OptionError
        If an option has no such value.

    Notes
    -----
    A place that the source has no coverage of is followed as the source as a whole. Where the
    source states coverage by place only, that is the time in which all of its places were
    covered: a person whose place is not known leaves with the first of them. Periods of a place
    that touch are one. An event in another place that left before the person's own is missed, so
    a few returns are still lost. People who start where nothing was covered are left out: count
    them with `select`. Where two ends fall on one day, a death is the reason, then the end of
    follow-up.
    """
    _check_options(at_death, followup_days)
    periods = covered_periods(warehouse, source)
    seen = _until(people, periods)
    if followup_days is not None:
        last = engine.add_days(seen.start_date, followup_days + 1)
        seen = _earlier(seen, last, END_OF_FOLLOW_UP)
    if at_death == "censor":
        deaths = warehouse.person.select(dead_person="person_id", _death="death_date")
        joined = seen.left_join(deaths, seen.person_id == deaths.dead_person).drop("dead_person")
        before = (joined._death < joined.start_date).fill_null(False)
        dead = before.ifelse(joined.start_date, joined._death)
        seen = _earlier(joined, dead, DEATH).drop("_death")
    if not custody:
        days = engine.days_between(seen.censor_date, seen.start_date)
        return seen.mutate(days_at_risk=days)
    return _without_custody(warehouse, seen, unknown_ends)


def _check_options(at_death: str, followup_days: int | None) -> None:
    if at_death not in ("ignore", "censor"):
        raise OptionError(f"at_death must be ignore or censor: {at_death} is neither.")
    if followup_days is not None and followup_days < 0:
        raise OptionError("followup_days must be 0 or more.")


def covered_periods(warehouse: Warehouse, source: str) -> ir.Table:
    """Where and when a source's events would have been seen.

    Returns
    -------
    Table
        One row per place and unbroken period: `covered_place`, `from_date`, `to_date`
        (excluded), `end_reason` (`extract`, `migrated to Common Platform` or
        `end of coverage`). The place `everywhere` stands for the source as a whole.

    Raises
    ------
    MetricError
        If the source states no coverage.
    """
    rows = warehouse.coverage.filter(warehouse.coverage.source == source)
    rows = engine.materialise(rows, step="coverage")
    if engine.count_rows(rows) == 0:
        raise MetricError(f"time at risk needs coverage: {source} states none. Load it.")
    named = rows.mutate(covered_place=rows.place_id.fill_null(EVERYWHERE))
    spells = merge_into_spells(
        named.select(person_id="covered_place", start_date="from_date", end_date="to_date"),
        max_gap_days=0,
    )
    periods = spells.select(covered_place="person_id", from_date="start_date", to_date="end_date")
    ends = named.group_by("covered_place", "to_date").aggregate(reason=named.reason.min())
    told = periods.inner_join(ends, ["covered_place", "to_date"])
    told = told.mutate(end_reason=_end_reason(warehouse, source, told)).drop("reason")
    told = engine.materialise(told, step="covered periods")
    has_whole = engine.count_rows(told.filter(told.covered_place == EVERYWHERE)) > 0
    return told if has_whole else engine.union(told, _common_period(told))


def _end_reason(warehouse: Warehouse, source: str, periods: ir.Table) -> ir.StringValue:
    extracted = str(warehouse.sources.get(source, {}).get("extract_date") or "")
    moved = (periods.reason == MIGRATED, MIGRATED)
    if not extracted:
        return ibis.cases(moved, else_=END_OF_COVERAGE)
    day = ibis.literal(datetime.date.fromisoformat(extracted))
    return ibis.cases(moved, (periods.to_date >= day, EXTRACT), else_=END_OF_COVERAGE)


def _common_period(periods: ir.Table) -> ir.Table:
    """The time in which every place was covered, as the period of a place not known."""
    begins = periods.aggregate(from_date=periods.from_date.max())
    ends = engine.first_per_group(
        periods.mutate(_all=ibis.literal(1)), by=["_all"], order_by=["to_date", "covered_place"]
    )
    both = ends.select("to_date", "end_reason").cross_join(begins)
    rows = both.mutate(covered_place=ibis.literal(EVERYWHERE))
    return rows.filter(rows.from_date < rows.to_date)


def _until(people: ir.Table, periods: ir.Table) -> ir.Table:
    """People with the end of the period, of their place, in which they start."""
    known = periods.select(known_place="covered_place").distinct()
    placed = people.left_join(known, people.place_id == known.known_place)
    asked = placed.mutate(_place=placed.known_place.fill_null(EVERYWHERE)).drop("known_place")
    inside = (
        (asked._place == periods.covered_place)
        & (asked.start_date >= periods.from_date)
        & (asked.start_date < periods.to_date)
    )
    joined = asked.inner_join(periods, inside)
    return joined.select(
        *people.columns, censor_date=joined.to_date, censor_reason=joined.end_reason
    )


def _earlier(seen: ir.Table, day: ir.DateValue, reason: str) -> ir.Table:
    """Censor at a day, where it comes no later than the end so far."""
    is_earlier = (day <= seen.censor_date).fill_null(False)
    return seen.mutate(
        censor_date=is_earlier.ifelse(day, seen.censor_date),
        censor_reason=is_earlier.ifelse(reason, seen.censor_reason),
    )


def _without_custody(warehouse: Warehouse, seen: ir.Table, unknown_ends: UnknownEnds) -> ir.Table:
    """Take days in custody off, up to the day on which custody is no longer seen."""
    stays = custody_episodes(warehouse.episode)
    sources = engine.execute(stays.select("source").distinct(), step="sources of custody")
    if sources.empty:
        raise MetricError("custody must be recorded to be taken off: no episode of it is.")
    _, last = observed_period(warehouse, sources=sorted(sources["source"]))
    held = _earlier(seen, ibis.literal(last), CUSTODY_UNSEEN)
    held = held.filter(held.start_date < held.censor_date)
    held = engine.materialise(held, step="time at risk")
    windows = held.select("person_id", from_date="start_date", to_date="censor_date")
    inside = time_in_custody(
        warehouse.episode, windows, seen_to=last, unknown_ends=unknown_ends
    ).rename(held_person="person_id")
    joined = held.inner_join(
        inside,
        [
            held.person_id == inside.held_person,
            held.start_date == inside.from_date,
            held.censor_date == inside.to_date,
        ],
    )
    return joined.drop("held_person", "from_date", "to_date")
