"""Stays in custody: how many, of whom, and how long, with those still held censored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.custody.lengths import ended_by, with_length
from justice_analysis.metrics.custody.stays import STATUSES, custody_period, stays
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.result import year_days
from justice_analysis.metrics.estimates.shares import mix_output
from justice_analysis.metrics.estimates.units import Units, units_of
from justice_analysis.metrics.person_groups import (
    PERSON_GROUPS,
    check_window,
    window_steps,
    window_words,
    with_person_groups,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


@dataclass(frozen=True)
class CustodySpellsOptions:
    """Options of `custody_spells`; each names the rule it settles."""

    from_date: str | None = choice(None, "stays that begin on or after this day (YYYY-MM-DD)")
    to_date: str | None = choice(None, "stays that begin before this day")
    max_gap_days: int = choice(0, "longest gap, in days, still counted as the same stay")
    by: str | None = choice(
        None,
        "groups to show apart; by legal status, each status is a stay of its own",
        None,
        "legal_status",
        *PERSON_GROUPS,
    )
    horizons: tuple[int, ...] = choice(
        (91, 182, 365, year_days(2), year_days(5)), "days from the start to report"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.from_date, self.to_date)
        if self.max_gap_days < 0:
            raise OptionError("max_gap_days must be 0 or more.")
        if not self.horizons or any(days <= 0 for days in self.horizons):
            raise OptionError("horizons must be above 0 days.")


CARD = Card(
    name="custody_spells",
    title="Stays in custody",
    question="How many stays in custody begin, and how long do they last?",
    definition=(
        "A stay is a person's unbroken time in custody, remand, sentence and recall together; by "
        "legal status, the unbroken time in one of them. Its length runs from its first day to "
        "the day of release, which is not in it."
    ),
    counting_unit="stays in custody, with the people behind them",
    population="Stays of linked people that began in the window, while custody was covered",
    clock="From the first day of the stay to the day of release, in days",
    does_not_count=(
        "a stay that began before custody was covered: only long ones of those would be seen",
        "a stay whose end was not recorded: neither its length nor whether it lasts is known; "
        "set aside, and counted",
        "police custody, immigration detention and hospital orders: no dataset here holds them",
        "by legal status, a journey delivered without its segments: set aside, and counted",
    ),
    censoring=(
        "People still held when coverage ends: the share over within a time is 1 minus "
        "Kaplan-Meier; means and medians are of stays that ended"
    ),
    known_breaks=(
        "Means and medians of stays that ended leave out long stays that began late",
        "A transfer between prisons with days between ends one stay and begins another, unless "
        "max_gap_days covers the gap",
    ),
    needs=(
        Need("prisoner_custodial_journey", "nomis", "journey_start_date"),
        Need("prisoner_custodial_journey", "nomis", "journey_end_date"),
        Need("prisoner_custodial_journey", "custody_segments", "legal_status"),
    ),
    source=("Definition of our own; journeys as the Data First prison data describe them",),
    options_type=CustodySpellsOptions,
    subject="prison and probation",
)


@metric(CARD)
def custody_spells(warehouse: Warehouse, **options: Any) -> Measured:
    """Count stays in custody and describe their length.

    Parameters
    ----------
    warehouse
        A warehouse that holds stays in custody, in segments where they are shown by status.
    **options
        See `CustodySpellsOptions`.

    Returns
    -------
    Measured
        `ended_by`: share of stays over within each time, with 95% log-log intervals. `lengths`:
        mean and median days of stays that ended. `number`: stays by group of people, where
        asked for; by legal status, the other two say it.

    Raises
    ------
    OptionError
        If an option is unknown or cannot be.
    MetricError
        If the warehouse has no stay in custody that can be counted.
    """
    chosen: CustodySpellsOptions = CARD.read_options(options)
    held, flow = spells_begun(
        warehouse,
        legal_statuses=STATUSES if chosen.by == "legal_status" else (),
        max_gap_days=chosen.max_gap_days,
        window=(chosen.from_date, chosen.to_date),
    )
    if not flow.people:
        raise MetricError("custody_spells found no stay that can be counted: check the window.")
    by = (chosen.by,) if chosen.by else ()
    if chosen.by in PERSON_GROUPS:
        held = with_person_groups(warehouse, held, day="start_date", by=chosen.by)
    units = units_of(held, by=by, person="person_id", keep=["duration_days", "is_over"])
    about = About(
        card=CARD,
        options=chosen,
        unit="stays",
        population=f"Stays in custody that began{window_words(chosen.from_date, chosen.to_date)}"
        if chosen.from_date or chosen.to_date
        else "Stays in custody",
        population_hash=population_hash(warehouse, CARD, chosen, presentation=_SHOWN),
        family="stays in custody",
    )
    outputs = length_outputs(
        about,
        units,
        horizons=chosen.horizons,
        units_name="stays",
        words="days in custody",
        totals=chosen.by != "legal_status",
    )
    if chosen.by in PERSON_GROUPS:
        outputs["number"] = mix_output(
            about,
            units.rows,
            category=chosen.by,
            person="justice_person",
            units_name="stays",
            title="Number of stays in custody",
        )
    return Measured(CARD, chosen, outputs, flow)


_SHOWN = ("horizons",)


def spells_begun(
    warehouse: Warehouse,
    *,
    legal_statuses: tuple[str, ...],
    max_gap_days: int,
    window: tuple[str | None, str | None],
) -> tuple[ir.Table, Flow]:
    """Stays that began in a window while custody was covered, with their length so far.

    Returns
    -------
    tuple of Table and Flow
        One row per stay: the columns of `stays`, `duration_days`, `is_over`; and the stays
        left at each step.
    """
    seen_from, seen_to = custody_period(warehouse)
    held = stays(warehouse, legal_statuses=legal_statuses, max_gap_days=max_gap_days)
    steps = [("linked to a person", held.person_id.notnull())]
    if legal_statuses:
        steps.append(("delivered in segments of one status", held.legal_status.notnull()))
    begun = (held.start_date >= ibis.literal(seen_from)) & (held.start_date < ibis.literal(seen_to))
    steps += [
        ("began while custody was covered", begun),
        *window_steps(held.start_date, *window, what="began"),
        ("end recorded, or still held", held.is_end_known),
        ("lasting a day or more", (held.end_date > held.start_date).fill_null(True)),
    ]
    kept, flow = select(held, start="stays in custody", steps=steps)
    return engine.materialise(with_length(kept, seen_to=seen_to), step="lengths of stays"), flow


def length_outputs(
    about: About,
    units: Units,
    *,
    horizons: tuple[int, ...],
    units_name: str,
    words: str,
    totals: bool = True,
) -> dict[str, Any]:
    """The outputs about length: over within each time, and the lengths of stays that ended.

    Without `totals` there is no row for all: parts of one stay have no length together.
    """
    outputs = {}
    over = ended_by(
        about,
        units,
        horizons=horizons,
        units_name=units_name,
        title=f"{about.card.title}: share over within each time",
        totals=totals,
    )
    if over:
        outputs["ended_by"] = over
    ended = Units(units.rows.filter(units.rows.is_over), units.by, units.has_groups)
    if engine.count_rows(ended.rows):
        outputs["lengths"] = duration_output(
            about.part("ended"),
            ended,
            units_name=f"{units_name}_ended",
            words=words,
            percentiles=(25, 75),
            title=f"{about.card.title}: length of those that ended",
            totals=totals,
        )
    return outputs
