"""Dates of stages, one row per unit; and passages from stage to stage, one row each."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.attrition import Flow, select
from justice_analysis.cohorts.journeys import journeys
from justice_analysis.cohorts.time_at_risk import EVERYWHERE, covered_periods
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.units import person_key

if TYPE_CHECKING:
    from justice_analysis.metrics.journeys.stages import Stage, Stages
    from justice_analysis.warehouse import Warehouse

DOUBTFUL = ("stale", "unknown", "migrated")
"""Statuses that say why a case without an end may not be waiting."""
LEFT, OPEN = "left", "open"


def stage_column(number: int) -> str:
    """Column of the date on which a stage was entered."""
    return f"stage_{number}_date"


def units_with_dates(warehouse: Warehouse, stages: Stages) -> ir.Table:
    """When each unit entered each stage.

    Returns
    -------
    Table
        One row per unit: `unit_id`, `case_id`, `person_key` (one person behind it; missing where
        nobody is recorded), `place_id`, `area_id`, `status`, `closed_date`, `last_activity_date`,
        `lost_date` (from which the unit is not followed; mostly missing), one date per stage
        (`stage_column`) and one per further event type (`also_<number>`).

    Raises
    ------
    MetricError
        If the warehouse has no such cases.
    """
    case = warehouse.case
    cases = case.filter(case.case_type.isin(stages.case_types), case.source == stages.source)
    columns = ("case_id", "place_id", "area_id", "status", "received_date", "closed_date")
    cases = cases.select(*columns, "last_activity_date")
    units = _units(warehouse, cases, stages)
    for more in (_first_events(warehouse, cases, stages), *_ruled(warehouse, cases, stages)):
        key = next(name for name in ("unit_id", "case_id") if name in more.columns)
        units = units.left_join(more, key).drop(f"{key}_right")
    if "lost_date" not in units.columns:
        units = units.mutate(lost_date=ibis.null("date"))
    units = engine.materialise(units, step="dates of stages")
    if engine.count_rows(units) == 0:
        raise MetricError(
            f"{stages.name} needs {', '.join(stages.case_types)} of {stages.source}: the warehouse "
            "has none. Load the dataset, or choose other stages."
        )
    return units


def _units(warehouse: Warehouse, cases: ir.Table, stages: Stages) -> ir.Table:
    party = warehouse.party
    keyed = party.select("case_id", "party_id", "role", justice_key=person_key(party))
    if stages.unit == "defendant":
        chosen = keyed.filter(keyed.role == stages.role)
        chosen = chosen.select("case_id", unit_id="party_id", person_key="justice_key")
        return chosen.inner_join(cases, "case_id")
    known = keyed.semi_join(cases, "case_id")
    people = known.group_by("case_id").aggregate(
        in_role=known.justice_key.max(where=known.role == stages.role), any=known.justice_key.max()
    )
    joined = cases.left_join(people, "case_id").drop("case_id_right")
    key = ibis.coalesce(joined.in_role, joined["any"])
    return joined.mutate(unit_id=joined.case_id, person_key=key).drop("in_role", "any")


def _first_events(warehouse: Warehouse, cases: ir.Table, stages: Stages) -> ir.Table:
    """The first event of each type that a stage or a further step names."""
    wanted = {
        stage_column(n): stage.event_type for n, stage in enumerate(stages.stages)
        if stage.event_type
    }  # fmt: skip
    wanted |= {f"also_{n}": kind for n, kind in enumerate(stages.steps_also.values())}
    event = warehouse.event.filter(warehouse.event.event_type.isin(sorted({*wanted.values()})))
    event = event.semi_join(cases, "case_id")
    key = {"unit_id": event.party_id if stages.unit == "defendant" else event.case_id}
    return event.group_by(**key).aggregate(
        **{
            column: event.event_date.min(where=event.event_type == kind)
            for column, kind in wanted.items()
        }
    )


def _ruled(warehouse: Warehouse, cases: ir.Table, stages: Stages) -> list[ir.Table]:
    return [
        _by_rule(warehouse, cases, stage, stage_column(number))
        for number, stage in enumerate(stages.stages)
        if stage.rule
    ]


def _by_rule(warehouse: Warehouse, cases: ir.Table, stage: Stage, column: str) -> ir.Table:
    if stage.rule == "received":
        return cases.select("case_id", **{column: cases.received_date})
    if stage.rule == "final legal order":
        decision = warehouse.decision
        final = decision.filter(decision.decision_type == "legal_order", decision.is_final)
        placed = final.inner_join(warehouse.matter.select("matter_id", "case_id"), "matter_id")
        return placed.group_by("case_id").aggregate(**{column: placed.decision_date.max()})
    found = journeys(warehouse).table
    found = found.filter(found.starts_at == "magistrates")
    at_crown = found.crown_party_id.notnull()
    ended = ibis.cases(
        (at_crown, found.crown_completed_date),
        (found.sent_date.isnull(), found.completed_date),
        else_=ibis.null("date"),
    )
    lost = (~at_crown & found.sent_date.notnull()).ifelse(found.sent_date, ibis.null("date"))
    return found.select(unit_id="party_id", lost_date=lost, **{column: ended})


def passages(warehouse: Warehouse, stages: Stages) -> tuple[ir.Table, Flow]:
    """Each unit's passage from each stage to the next, as far as it was seen.

    Returns
    -------
    tuple of Table and Flow
        One row per unit and stage entered: `unit_id`, `person_key`, `place_id`, `area_id`, `number`
        (of the passage, from 0), `passage` in words, `entered_date`, `left_date` (missing: not
        seen to leave), `end_date` (excluded: left, or no longer known to wait), `outcome` (`left`
        or `open`), `duration_days` (entry to end), `why_open` (closed, status, not joined, or end
        of data), `gone_date` (from which the place's new cases are elsewhere). And the passages
        left after each that was set aside.

    Notes
    -----
    A case that was closed, or of which nothing is known after its last activity (stale, unknown
    or migrated), is no longer waiting from then on: it is censored there.
    """
    units = units_with_dates(warehouse, stages)
    parts = [_passage(units, stages, number) for number in range(len(stages.passages))]
    rows = _with_coverage(warehouse, engine.union(*parts), stages)
    rows = engine.materialise(rows, step="passages of stages")
    lag = engine.days_between(rows.left_date, rows.entered_date)
    kept, flow = select(
        rows,
        start="Stages entered",
        steps=[
            ("Someone is recorded in the case", rows.person_key.notnull()),
            ("Entered while the court was covered", rows.is_covered),
            ("Date of the next stage not missing before a later one", ~rows.is_skipped),
            ("Next stage not before this one", (lag >= 0).fill_null(True)),
        ],
    )
    return engine.materialise(_ended(kept), step="passages of stages"), flow


def _passage(units: ir.Table, stages: Stages, number: int) -> ir.Table:
    """One stage of each unit that entered it."""
    entered, left = units[stage_column(number)], units[stage_column(number + 1)]
    later = [units[stage_column(n)] for n in range(number + 2, len(stages.stages))]
    skipped = left.isnull() & ibis.coalesce(*later, ibis.null("date")).notnull()
    named = units.select(
        "unit_id", "person_key", "place_id", "area_id", "status", "closed_date",
        "last_activity_date",
        "lost_date", number=ibis.literal(number), passage=ibis.literal(stages.passages[number]),
        entered_date=entered, left_date=left, is_skipped=skipped,
    )  # fmt: skip
    return named.filter(named.entered_date.notnull())


def _with_coverage(warehouse: Warehouse, rows: ir.Table, stages: Stages) -> ir.Table:
    """Add when the place was covered, and until when the source was seen."""
    periods = covered_periods(warehouse, stages.source)
    places = periods.group_by("covered_place").aggregate(
        from_date=periods.from_date.min(), to_date=periods.to_date.max()
    )
    places = engine.materialise(places, step="places covered")
    known = places.select(known_place="covered_place")
    asked = rows.left_join(known, rows.place_id == known.known_place)
    asked = asked.mutate(at_place=asked.known_place.fill_null(EVERYWHERE)).drop("known_place")
    joined = asked.inner_join(places, asked.at_place == places.covered_place)
    seen_to = ibis.literal(last_day_seen(warehouse, stages.source))
    entered = joined.entered_date
    inside = (entered >= joined.from_date) & (entered < seen_to)
    # Of a place that coverage does not name nobody knows that it has gone.
    has_gone = (joined.to_date < seen_to) & (joined.covered_place != EVERYWHERE)
    return joined.mutate(
        is_covered=inside,
        gone_date=has_gone.ifelse(joined.to_date, ibis.null("date")),
        seen_to=seen_to,
    ).drop("at_place", "covered_place", "from_date", "to_date")  # fmt: skip


def last_day_seen(warehouse: Warehouse, source: str) -> datetime.date:
    """The first day of which nothing is known: the extract's, or the last that is covered.

    A court that moves to another system leaves the results of its old cases, so that these are
    seen until the extract.
    """
    periods = covered_periods(warehouse, source)
    covered = pd.Timestamp(engine.execute(periods.to_date.max(), step="coverage")).date()
    extracted = str(warehouse.sources.get(source, {}).get("extract_date") or "")
    return max(covered, datetime.date.fromisoformat(extracted)) if extracted else covered


def _ended(rows: ir.Table) -> ir.Table:
    """When and how each passage ended."""
    has_left = (rows.left_date < rows.seen_to).fill_null(False)
    none = ibis.null("date")
    last = ibis.greatest(rows.entered_date, ibis.coalesce(rows.last_activity_date, rows.gone_date,
                                                          rows.entered_date))  # fmt: skip
    doubtful = rows.status.isin(DOUBTFUL).fill_null(False)
    marked = rows.mutate(
        closed=(rows.closed_date >= rows.entered_date).ifelse(rows.closed_date, none),
        doubt=doubtful.ifelse(last, none),
        lost=rows.lost_date.notnull().ifelse(
            ibis.greatest(rows.lost_date.fill_null(rows.entered_date), rows.entered_date), none
        ),
        has_left=has_left,
    )
    far = marked.seen_to
    until = ibis.least(
        marked.closed.fill_null(far), marked.doubt.fill_null(far), marked.lost.fill_null(far), far
    )
    end = marked.has_left.ifelse(marked.left_date, until)
    why = ibis.cases(
        (marked.has_left, LEFT),
        ((marked.lost == until).fill_null(False), "not joined"),
        ((marked.closed == until).fill_null(False), "closed"),
        ((marked.doubt == until).fill_null(False), marked.status),
        else_="end of data",
    )
    ended = marked.mutate(end_date=end, why_open=why)
    return ended.select(
        "unit_id", "person_key", "place_id", "area_id", "number", "passage",
        "entered_date", "end_date",
        "why_open", "gone_date", left_date=ended.has_left.ifelse(ended.left_date, none),
        outcome=ended.has_left.ifelse(LEFT, OPEN),
        duration_days=engine.days_between(ended.end_date, ended.entered_date),
    )  # fmt: skip
