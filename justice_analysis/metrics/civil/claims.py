"""Civil claims: how many are issued, by kind, and where they stand at the extract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Card, ColumnRoles, Output, check_choices, choice, metric
from justice_analysis.metrics.civil.bodies import BODY, with_bodies
from justice_analysis.metrics.civil.claim_rows import claims_of, needs
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output
from justice_analysis.metrics.estimates.units import Units, count_units, units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PRESENTATION = ("by", "period")
JUDGED, ENDED, MOVED = "judgment", "ended without a judgment", "gone to another court"
OPEN, STALE = "open", "stale"


@dataclass(frozen=True)
class CivilClaimsOptions:
    """Options of `civil_claims`; each names the rule it settles."""

    period: str | None = choice("year", "period in which the claim was issued", None, *PERIODS)
    by: str | None = choice("kind", "groups to show apart", None, "kind", "court")

    def __post_init__(self) -> None:
        check_choices(self)


CARD = Card(
    name="civil_claims",
    title="Claims in the county courts",
    question="How many civil claims are issued, of which kind, and where do they stand?",
    definition=(
        "Claims issued in a period, by kind; and where each stands at the extract: a judgment, "
        "ended without one (paid, settled, discontinued or struck out), gone to another court, "
        "open, or stale. A stale claim has neither judgment nor end on record, and nothing at all "
        "for two years: it may have ended out of court, so it is not taken to be open"
    ),
    counting_unit="claims; a claim is one case",
    population="Claims in the county courts",
    clock="Period of the day of issue",
    does_not_count=(
        "judgments and warrants as claims of their own",
        "what became of a claim in another court",
        "as a person, a body: of the parties of a claim one person stands for it, a defendant "
        "where there is one; a claim between bodies is counted by one of them",
    ),
    censoring="None: totals. Claims of the latest periods had less time to end",
    known_breaks=(
        "The data begin in 2012: claims issued before are not in them",
        "Possession claims could hardly go on from 27 March to 20 September 2020",
    ),
    needs=needs(
        ("cases", "case_status"),
        ("cases", "case_status_date"),
        ("case_events", "event_type"),
        ("case_events", "event_date"),
        ("case_parties", "party_type"),
    ),
    source=("Data First civil county court; a rule of our own on stale claims",),
    options_type=CivilClaimsOptions,
    subject="civil courts",
)


@metric(CARD)
def civil_claims(warehouse: Warehouse, **options: Any) -> Measured:
    """Count claims by period of issue and kind, and say where they stand.

    Parameters
    ----------
    warehouse
        A warehouse that holds the civil county court.
    **options
        See `CivilClaimsOptions`.

    Returns
    -------
    Measured
        Output `claims`: one row per period and group; output `states`: share in each state.

    Raises
    ------
    MetricError
        If the warehouse has no claims.
    OptionError
        If an option is unknown.
    """
    chosen: CivilClaimsOptions = CARD.read_options(options)
    rows, flow = issued_claims(warehouse)
    by = [name for name in (chosen.period, chosen.by) if name]
    named = rows
    if chosen.period:
        named = rows.mutate(**{chosen.period: PERIODS[chosen.period](rows.issued)})
    about = _about(warehouse, chosen)
    places = {"court": "court"} if chosen.by == "court" else {}
    units = units_of(named, by=by, keep=[BODY])
    outputs = {
        "claims": _counts(about, units, places),
        "states": mix_output(
            about,
            named,
            category="state",
            by=by,
            units_name="claims",
            title="Where claims stand at the extract",
            places=places,
        ),
    }
    return Measured(CARD, chosen, outputs, flow)


def issued_claims(warehouse: Warehouse) -> tuple[ir.Table, Flow]:
    """Claims with a day of issue and a party: the columns of `claims_of` and `state`."""
    rows = claims_of(warehouse)
    rows = rows.mutate(state=_state(rows))
    return select(
        rows,
        start="claims",
        steps=[
            ("a party recorded", rows.person_key.notnull()),
            ("issued on a known day", rows.issued.notnull()),
        ],
    )


def _state(rows: ir.Table) -> ir.StringValue:
    return ibis.cases(
        (rows.judged_date.notnull(), JUDGED),
        ((rows.status == "closed").fill_null(False), ENDED),
        ((rows.status == "migrated").fill_null(False), MOVED),
        ((rows.status == "stale").fill_null(False), STALE),
        ((rows.status == "open").fill_null(False), OPEN),
    )


def _counts(about: About, units: Units, places: dict[str, str]) -> Output:
    table = count_units(units).rename(columns={"units": "claims"})
    dimensions = units.by or ("group",)
    output = about.output(
        "table",
        about.card.title,
        table[[*dimensions, "people", "claims"]],
        dimensions=dimensions,
        roles=ColumnRoles(people="people", count=("claims",), people_behind={"claims": "people"}),
        overlapping=units.by,
        places=places,
    )
    return with_bodies(output, units)


def _about(warehouse: Warehouse, options: CivilClaimsOptions) -> About:
    return About(
        card=CARD,
        options=options,
        unit="people in civil claims",
        population="Claims in the county courts",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=CARD.name,
        notes=(
            "Stale claims have no end on record, and nothing for two years: not taken as open.",
        ),
    )
