"""Defended claims: the share in which a defence, or a defence or hearing, is on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, observed_period, select
from justice_analysis.definitions import Card, check_choices, choice, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.civil.bodies import BODY, with_bodies
from justice_analysis.metrics.civil.claim_rows import SOURCE, claims_of, needs
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import share_output
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PRESENTATION = ("by", "period", "defended_by")


@dataclass(frozen=True)
class DefendedClaimsOptions:
    """Options of `defended_claims`; each names the rule it settles."""

    defended_by: str = choice(
        "defence",
        "what shows that a claim was defended: a defence on record, or a defence or a hearing",
        "defence",
        "defence_or_hearing",
    )
    within_days: int | None = choice(
        None, "days from issue within which it must be on record; none: by the extract"
    )
    period: str | None = choice("quarter", "period in which the claim was issued", None, *PERIODS)
    by: str | None = choice("kind", "groups to show apart", None, "kind", "court")

    def __post_init__(self) -> None:
        check_choices(self)
        if self.within_days is not None and self.within_days < 0:
            raise OptionError("within_days must not be negative.")


CARD = Card(
    name="defended_claims",
    title="Claims that are defended",
    question="What share of civil claims is defended?",
    definition=(
        "The share of claims issued in a period with a defence on record (by default), or with a "
        "defence or a hearing. With within_days, claims followed for so many days, and what came "
        "in them"
    ),
    counting_unit="claims",
    population="Claims in the county courts",
    clock="Period of the day of issue",
    does_not_count=(
        "a defence or hearing dated before the issue of the claim: such claims are set aside",
        "an admission, or a defence that was never entered",
        "by itself, a hearing as a defence: possession claims are heard whether or not they are "
        "defended, so the wider rule is an option",
        "an event entered in error",
    ),
    censoring=(
        "None by default: claims of the latest periods had less time to be defended. With "
        "within_days, claims that could not be followed so long are left out and counted"
    ),
    known_breaks=("Possession claims could hardly go on from 27 March to 20 September 2020",),
    needs=needs(("case_events", "event_type"), ("case_events", "event_date")),
    source=("Guide to Civil Justice Statistics, Ministry of Justice, on defences (in words)",),
    options_type=DefendedClaimsOptions,
    subject="civil courts",
)


@metric(CARD)
def defended_claims(warehouse: Warehouse, **options: Any) -> Measured:
    """Measure the share of claims that are defended.

    Parameters
    ----------
    warehouse
        A warehouse that holds the civil county court.
    **options
        See `DefendedClaimsOptions`.

    Returns
    -------
    Measured
        Output `defended`: one row per period of issue and group.

    Raises
    ------
    MetricError
        If the warehouse has no claims, or none is left.
    OptionError
        If an option is unknown or below 0.
    """
    chosen: DefendedClaimsOptions = CARD.read_options(options)
    rows, flow = answered_claims(warehouse, chosen)
    named = rows
    if chosen.period:
        named = rows.mutate(**{chosen.period: PERIODS[chosen.period](rows.issued)})
    by = [name for name in (chosen.period, chosen.by) if name]
    units = units_of(named, by=by, keep=["defended", BODY])
    output = share_output(
        _about(warehouse, chosen),
        units,
        met="defended",
        units_name="claims",
        places={"court": "court"} if chosen.by == "court" else {},
    )
    return Measured(CARD, chosen, {"defended": with_bodies(output, units)}, flow)


def answered_claims(warehouse: Warehouse, options: DefendedClaimsOptions) -> tuple[ir.Table, Flow]:
    """Say of each claim whether it is defended: the columns of `claims_of` and `defended`."""
    rows = claims_of(warehouse)
    first = rows.defence_date
    if options.defended_by == "defence_or_hearing":
        first = ibis.coalesce(
            ibis.least(rows.defence_date, rows.hearing_date), rows.defence_date, rows.hearing_date
        )
    days = engine.days_between(first, rows.issued)
    steps = [
        ("a party recorded", rows.person_key.notnull()),
        ("issued on a known day", rows.issued.notnull()),
        ("not defended before issue", days.isnull() | (days >= 0)),
    ]
    met = first.notnull()
    if options.within_days is not None:
        _, end = observed_period(warehouse, sources=[SOURCE])
        seen = engine.days_between(ibis.literal(end), rows.issued)
        steps.append(("followed for the days asked for", seen > options.within_days))
        met = (days <= options.within_days).fill_null(False)
    return select(rows.mutate(defended=met), start="claims", steps=steps)


def _about(warehouse: Warehouse, options: DefendedClaimsOptions) -> About:
    rule = {
        "defence": "Defended: a defence is on record.",
        "defence_or_hearing": "Defended: a defence or a hearing is on record.",
    }[options.defended_by]
    return About(
        card=CARD,
        options=options,
        unit="people in civil claims",
        population="Claims in the county courts",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=CARD.name,
        notes=(rule,),
    )
