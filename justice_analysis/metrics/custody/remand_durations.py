"""How long people are held on remand, and how many longer than a custody time limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from justice_analysis import engine
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.custody.custody_spells import length_outputs, spells_begun
from justice_analysis.metrics.custody.stays import custody_period
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import share_output
from justice_analysis.metrics.estimates.units import Units, units_of
from justice_analysis.metrics.person_groups import (
    PERSON_GROUPS,
    check_window,
    window_words,
    with_person_groups,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

HORIZONS = (28, 56, 91, 182, 365)


@dataclass(frozen=True)
class RemandOptions:
    """Options of `remand_durations`; each names the rule it settles."""

    from_date: str | None = choice(None, "remand that begins on or after this day (YYYY-MM-DD)")
    to_date: str | None = choice(None, "remand that begins before this day")
    limit_days: int = choice(
        182,
        "nominal custody time limit, assumed: 182 days in the Crown Court; 56 or 70 days in a "
        "magistrates' court",
    )
    max_gap_days: int = choice(0, "longest gap, in days, still counted as the same remand")
    by: str | None = choice(None, "groups to show apart", None, *PERSON_GROUPS)

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.from_date, self.to_date)
        if self.limit_days < 1:
            raise OptionError("limit_days must be 1 or more.")
        if self.max_gap_days < 0:
            raise OptionError("max_gap_days must be 0 or more.")


CARD = Card(
    name="remand_durations",
    title="Time in custody on remand",
    question="How long are people held on remand, and how many longer than a time limit?",
    definition=(
        "A remand is a person's unbroken time in custody with the legal status remand. It is "
        "over the limit if it lasted more than limit_days, whether it has ended or not; the "
        "share is of remands that began so long before coverage ended that all were seen for "
        "the whole limit and a day more."
    ),
    counting_unit="remands in custody, with the people behind them",
    population="Remands of linked people that began in the window, while custody was covered",
    clock="From the first day on remand to its end (release, or sentence), in days",
    does_not_count=(
        "an extension of the limit by the court, or time that does not run (after the trial "
        "began): neither is recorded, so a remand over the limit need not be unlawful",
        "which limit applied: the court and stage of a remand are not recorded with it",
        "time on remand after conviction and before sentence, apart: it is remand as well",
        "a remand whose end was not recorded: set aside, and counted",
        "a remand that began before custody was covered, and a journey delivered without its "
        "segments: set aside, and counted",
        "bail, with or without conditions",
    ),
    censoring=(
        "Remands that last when coverage ends: the share over within a time is 1 minus "
        "Kaplan-Meier; means and medians are of remands that ended"
    ),
    known_breaks=(
        "The limits are parameters: they are from the regulations as we know them, and not "
        "confirmed",
        "Segments are merged into journeys in some deliveries: then remand cannot be told",
    ),
    needs=(
        Need("prisoner_custodial_journey", "custody_segments", "legal_status"),
        Need("prisoner_custodial_journey", "custody_segments", "segment_start_date"),
        Need("prisoner_custodial_journey", "custody_segments", "segment_end_date"),
    ),
    source=(
        "Prosecution of Offences (Custody Time Limits) Regulations 1987, for the kind of limit; "
        "the numbers of days are assumed",
    ),
    options_type=RemandOptions,
    subject="prison and probation",
)


@metric(CARD)
def remand_durations(warehouse: Warehouse, **options: Any) -> Measured:
    """Describe how long people are held on remand, and the share over a time limit.

    Parameters
    ----------
    warehouse
        A warehouse that holds custody in segments.
    **options
        See `RemandOptions`.

    Returns
    -------
    Measured
        `ended_by`: share of remands over within each time, with 95% log-log intervals.
        `lengths`: mean and median days of those that ended. `over_limit`: share that lasted
        longer than the limit (left out where none was seen for so long).

    Raises
    ------
    OptionError
        If an option is unknown or cannot be.
    MetricError
        If no remand in custody can be counted.
    """
    chosen: RemandOptions = CARD.read_options(options)
    held, flow = spells_begun(
        warehouse,
        legal_statuses=("remand",),
        max_gap_days=chosen.max_gap_days,
        window=(chosen.from_date, chosen.to_date),
    )
    if not flow.people:
        raise MetricError("remand_durations found no remand that can be counted: check the window.")
    by = (chosen.by,) if chosen.by else ()
    if chosen.by:
        held = with_person_groups(warehouse, held, day="start_date", by=chosen.by)
    keep = ["duration_days", "is_over", "start_date"]
    units = units_of(held, by=by, person="person_id", keep=keep)
    about = _about(warehouse, chosen)
    outputs = length_outputs(
        about, units, horizons=HORIZONS, units_name="remands", words="days on remand"
    )
    _, seen_to = custody_period(warehouse)
    rows = units.rows
    last_start = engine.add_days(ibis.literal(seen_to), -(chosen.limit_days + 1))
    long_enough = rows.filter(rows.start_date <= last_start)
    if engine.count_rows(long_enough):
        marked = long_enough.mutate(over_limit=long_enough.duration_days > chosen.limit_days)
        outputs["over_limit"] = share_output(
            about.part(f"seen for {chosen.limit_days} days"),
            Units(marked, units.by, units.has_groups),
            met="over_limit",
            units_name="remands",
            title="Remands longer than the nominal custody time limit",
            notes=("Extensions of the limit are not recorded.",),
        )
    return Measured(CARD, chosen, outputs, flow)


def _about(warehouse: Warehouse, options: RemandOptions) -> About:
    window = window_words(options.from_date, options.to_date)
    return About(
        card=CARD,
        options=options,
        unit="remands",
        population=f"Remands in custody that began{window}" if window else "Remands in custody",
        population_hash=population_hash(
            warehouse, CARD, options, presentation=("by", "limit_days")
        ),
        family="stays in custody",
    )
