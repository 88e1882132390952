"""Reimprisonment: the share of people released who are in custody again, and how soon."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, follow_up, select
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.custody.stays import custody_period, stays
from justice_analysis.metrics.estimates.incidence import NOT_KNOWN, incidence
from justice_analysis.metrics.estimates.result import IncidenceResult, year_days
from justice_analysis.metrics.person_groups import (
    AGE_ORDER,
    PERSON_GROUPS,
    check_window,
    window_steps,
    window_words,
    with_person_groups,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

HORIZONS = tuple(year_days(years) for years in (1, 2, 3))


@dataclass(frozen=True)
class ReimprisonmentOptions:
    """Options of `reimprisonment`; each names the rule it settles."""

    index_from: str | None = choice(None, "release on or after this day (YYYY-MM-DD)")
    index_to: str | None = choice(None, "release before this day")
    max_gap_days: int = choice(0, "longest gap, in days, still counted as the same stay")
    followup_days: int | None = choice(None, "longest follow-up, the last day in it")
    by: str | None = choice(
        None,
        "groups to show apart; legal_status is that on the last day before release",
        None,
        "legal_status",
        *PERSON_GROUPS,
    )

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.index_from, self.index_to)
        if self.max_gap_days < 0:
            raise OptionError("max_gap_days must be 0 or more.")
        if self.followup_days is not None and self.followup_days < 1:
            raise OptionError("followup_days must be 1 or more.")


CARD = Card(
    name="reimprisonment",
    title="Return to custody after release",
    question="What share of people released from custody are in custody again, and how soon?",
    definition=(
        "The cumulative share of people who, after the first release in the window, begin "
        "another stay in custody, whatever its legal status (1 minus Kaplan-Meier)."
    ),
    counting_unit="people, each once: at their first release in the window",
    population="Linked people with a release from custody in the window, while it was covered",
    clock="From the day of release to the first day of the next stay, in days",
    does_not_count=(
        "a move between prisons, or from remand to sentence, without a day at liberty between "
        "(or with no more than max_gap_days)",
        "a release whose day was not recorded: that stay is no release, and a person with no "
        "other is set aside, and counted",
        "reoffending as such: a recall or a remand is a return to custody as well",
        "police custody, immigration detention and hospital orders",
    ),
    censoring=(
        "When coverage of custody ends, or after followup_days. Nothing competes: deaths and "
        "removals from the country are not recorded, and those people stay at risk"
    ),
    known_breaks=(
        "First releases in a window are of people with fewer earlier stays where the window is "
        "long",
        "A missed link makes a return another person's first stay",
    ),
    needs=(
        Need("prisoner_custodial_journey", "nomis", "journey_start_date"),
        Need("prisoner_custodial_journey", "nomis", "journey_end_date"),
        Need("prisoner_custodial_journey", "custody_segments", "legal_status"),
    ),
    source=("Definition of our own; no published series counts it this way",),
    options_type=ReimprisonmentOptions,
    subject="prison and probation",
)


@metric(CARD)
def reimprisonment(warehouse: Warehouse, **options: Any) -> IncidenceResult:
    """Estimate the share of people in custody again within 1, 2 and 3 years of release.

    Parameters
    ----------
    warehouse
        A warehouse that holds stays in custody.
    **options
        See `ReimprisonmentOptions`.

    Returns
    -------
    IncidenceResult
        Estimates at 1, 2 and 3 years and whole curves, by group, with 95% log-log intervals;
        people at each step of the selection.

    Raises
    ------
    OptionError
        If an option is unknown or cannot be.
    MetricError
        If there is no custody, or nobody was released.
    """
    chosen: ReimprisonmentOptions = CARD.read_options(options)
    frame, flow = time_to_custody(warehouse, chosen)
    longest = chosen.followup_days
    window = window_words(chosen.index_from, chosen.index_to)
    result = incidence(
        _grouped(warehouse, frame, chosen.by),
        card=CARD,
        options=chosen,
        unit="people released",
        event="a return to custody",
        clock="release",
        horizons=tuple(days for days in HORIZONS if longest is None or days <= longest),
        flow=flow,
        population=f"People released from custody{window}",
        warehouse=warehouse,
        notes=("A recall or a remand is a return to custody.",),
        group_order=AGE_ORDER if chosen.by == "age_band" else (),
        causes=("event",),
    )
    return dataclasses.replace(result, family=CARD.name)


def time_to_custody(warehouse: Warehouse, options: ReimprisonmentOptions) -> tuple[ir.Table, Flow]:
    """Follow each person from the first release in the window to the next stay.

    Returns
    -------
    tuple of Table and Flow
        Stored; one row per person followed: `person_id`, `stay_start`, `release_date`,
        `return_date` (missing: none seen), `duration_days`, `outcome`, `entry_days`; and the
        people left at each step.
    """
    held = stays(warehouse, max_gap_days=options.max_gap_days)
    first, flow = _first_releases(warehouse, held, options)
    _, seen_to = custody_period(warehouse)
    later = held.select("person_id", next_start="start_date").inner_join(
        first.select("person_id", "release_date"), "person_id"
    )
    later = later.filter(later.next_start >= later.release_date)
    next_stay = later.group_by("person_id").aggregate(return_date=later.next_start.min())
    people = first.left_join(next_stay, "person_id").drop("person_id_right")
    end: ir.DateValue = ibis.literal(seen_to)
    if options.followup_days is not None:
        # `end` is excluded, so a return on the last day of follow-up still counts.
        end = ibis.least(end, engine.add_days(people.release_date, options.followup_days + 1))
    frame = follow_up(
        people.mutate(followup_end=end),
        start="release_date",
        event="return_date",
        end="followup_end",
    )
    return engine.materialise(frame, step="time to custody"), flow


def _first_releases(
    warehouse: Warehouse, held: ir.Table, options: ReimprisonmentOptions
) -> tuple[ir.Table, Flow]:
    """Each person's first release in the window, and why others have none."""
    seen_from, seen_to = custody_period(warehouse)
    ended = (held.end_date >= ibis.literal(seen_from)) & (held.end_date < ibis.literal(seen_to))
    inside = ended.fill_null(False)
    for _, condition in window_steps(
        held.end_date, options.index_from, options.index_to, what="released"
    ):
        inside = inside & condition.fill_null(False)
    told = held.select(
        "person_id",
        "is_end_known",
        stay_start="start_date",
        release_date="end_date",
        is_inside=inside,
    )
    linked = engine.first_per_group(
        told.filter(told.person_id.notnull()),
        by=["person_id"],
        order_by=[
            ibis.desc("is_inside"),
            ibis.desc("is_end_known"),
            "release_date",
            "stay_start",
        ],
    )
    rows = engine.union(linked, told.filter(told.person_id.isnull()))
    rows = engine.materialise(rows, step="first releases")
    window = window_words(options.index_from, options.index_to)
    steps = [
        ("linked to a person", rows.person_id.notnull()),
        ("the end of a stay recorded, or still held", rows.is_end_known),
        (f"released{window}, while custody was covered", rows.is_inside),
    ]
    kept, flow = select(rows, start="people in custody", steps=steps)
    return kept.drop("is_inside", "is_end_known"), flow


def _grouped(warehouse: Warehouse, frame: ir.Table, by: str | None) -> ir.Table:
    if by is None:
        return frame.mutate(group=ibis.literal("all"))
    if by == "legal_status":
        return _released_from(warehouse, frame)
    named = with_person_groups(warehouse, frame, day="release_date", by=by)
    return named.rename(group=by)


def _released_from(warehouse: Warehouse, frame: ir.Table) -> ir.Table:
    """Legal status of the last segment of the stay; `not known` where none was delivered."""
    episode = warehouse.episode
    segments = episode.filter(
        episode.kind == "custody",
        (episode.granularity == "segment").fill_null(False),
        episode.legal_status.notnull(),
    ).select("person_id", "legal_status", "start_date", "episode_id")
    both = segments.inner_join(frame.select("person_id", "stay_start", "release_date"), "person_id")
    inside = both.filter(
        (both.start_date >= both.stay_start) & (both.start_date < both.release_date)
    )
    last = engine.first_per_group(
        inside, by=["person_id"], order_by=[ibis.desc("start_date"), "legal_status", "episode_id"]
    ).select("person_id", "legal_status")
    joined = frame.left_join(last, "person_id").drop("person_id_right")
    return joined.mutate(group=joined.legal_status.fill_null(NOT_KNOWN))
