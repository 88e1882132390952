"""Repeat claimants and defendants: people by person, organisations apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Card, Output, check_choices, choice, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.civil.claim_rows import KINDS, civil_parties, claims_of, needs
from justice_analysis.metrics.civil.largest import band_of, concentration
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output, share_output
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PRESENTATION = ("largest",)


@dataclass(frozen=True)
class RepeatLitigantsOptions:
    """Options of `repeat_litigants`; each names the rule it settles."""

    role: str = choice("defendant", "the role that is counted", "defendant", "claimant")
    issued_from: str | None = choice(None, "first day of issue, inclusive; none: all there are")
    issued_to: str | None = choice(None, "day of issue, exclusive; none: all there are")
    kind: str | None = choice(None, "only claims of this kind", None, *KINDS.values())
    largest: tuple[int, ...] = choice(
        (1, 5, 10, 20), "how many of the organisations that claim most to show the share of"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = []
        if self.issued_from and self.issued_to and self.issued_from >= self.issued_to:
            problems.append("issued_from must be before issued_to: it is not.")
        if not self.largest or min(self.largest) < 1:
            problems.append("largest must be whole numbers above 0.")
        if problems:
            raise OptionError(" ".join(problems))


CARD = Card(
    name="repeat_litigants",
    title="People and organisations in several civil claims",
    question="How many people stand in several claims, and how few organisations bring most?",
    definition=(
        "People by the number of claims in which they are defendants (or claimants), and the "
        "share in two or more. Organisations are counted apart and never as people: by the number "
        "of their claims, and the share of all claims that the largest of them bring"
    ),
    counting_unit="people, in claims of one role; organisations",
    population="Defendants (or claimants) in claims in the county courts issued in the window",
    clock="Claims issued in the window, in any order",
    does_not_count=(
        "a second row of one person or organisation in the same claim and role",
        "as a return, a second person in one claim: each is counted in it once",
        "a claim without a day of issue",
        "people in place of organisations: a body is a body by its key or its stated type",
    ),
    censoring=(
        "None: claims in the window. People who came late in it had less time for a second claim, "
        "and links that are missed make one person two"
    ),
    known_breaks=(
        "Links of people in civil claims rest on fewer identifiers than in criminal cases, so "
        "repeat numbers are too low",
        "Organisations are recognised by a coded number or a key of their name: one body under "
        "several names counts several times",
    ),
    needs=needs(
        ("case_parties", "party_type"),
        ("case_parties", "coded_party_number"),
        ("case_parties", "company_name_hash"),
    ),
    source=("Data First civil county court; bands of our own",),
    options_type=RepeatLitigantsOptions,
    subject="civil courts",
)


@metric(CARD)
def repeat_litigants(warehouse: Warehouse, **options: Any) -> Measured:
    """Count people and organisations by the number of their claims.

    Parameters
    ----------
    warehouse
        A warehouse that holds the civil county court.
    **options
        See `RepeatLitigantsOptions`.

    Returns
    -------
    Measured
        Outputs `repeat` (share of people in two claims or more), `people` (people by number of
        claims) and, where organisations stand in the role, `organisations` (they by number of
        claims) and `concentration` (share of claims with the largest).

    Raises
    ------
    MetricError
        If the warehouse has no claims, or nobody is in the role.
    OptionError
        If an option is unknown or contradicts another.
    """
    chosen: RepeatLitigantsOptions = CARD.read_options(options)
    rows, flow = appearances(warehouse, chosen)
    about = _about(warehouse, chosen)
    people = _numbered(rows.filter(rows.body.isnull()))
    outputs = _of_people(about, people, chosen) if engine.count_rows(people) else {}
    bodies = rows.filter(rows.body.notnull())
    if engine.count_rows(bodies):
        outputs |= concentration(about, rows, role=chosen.role, largest=chosen.largest)
    if not outputs:
        raise MetricError(f"{CARD.name} found no {chosen.role}: no claim of the window has one.")
    return Measured(CARD, chosen, outputs, flow)


def appearances(warehouse: Warehouse, options: RepeatLitigantsOptions) -> tuple[ir.Table, Flow]:
    """Claims of each person and organisation in the role.

    Returns
    -------
    tuple of Table and Flow
        One row per claim and party, stored: `case_id`, `party_key`, `body` (missing: a person),
        `person_key` (a person behind the claim); and the claims left at each step.
    """
    rows = claims_of(warehouse)
    kept, flow = select(rows, start="claims", steps=_steps(rows, options))
    parties = civil_parties(warehouse)
    held = parties.filter(parties.role == options.role).select("case_id", "party_key", "body")
    both = held.distinct().inner_join(kept.select("case_id", "person_key"), "case_id")
    return engine.materialise(both, step="parties of claims"), flow


def _steps(rows: ir.Table, options: RepeatLitigantsOptions) -> list[tuple[str, ir.BooleanValue]]:
    steps = [
        ("a party recorded", rows.person_key.notnull()),
        ("issued on a known day", rows.issued.notnull()),
    ]
    if options.kind:
        steps.append(("of the kind chosen", rows.kind == options.kind))
    if options.issued_from:
        day = ibis.literal(options.issued_from, type="date")
        steps.append(("issued from the first day", rows.issued >= day))
    if options.issued_to:
        day = ibis.literal(options.issued_to, type="date")
        steps.append(("issued before the last day", rows.issued < day))
    return steps


def _numbered(rows: ir.Table) -> ir.Table:
    """One row per person: `person_key`, `claims`, `band`, `is_repeat`."""
    counted = rows.group_by(person_key="party_key").aggregate(claims=rows.case_id.nunique())
    return counted.mutate(band=band_of(counted.claims), is_repeat=counted.claims > 1)


def _of_people(
    about: About, people: ir.Table, options: RepeatLitigantsOptions
) -> dict[str, Output]:
    units = units_of(people, keep=["is_repeat"])
    name = f"{options.role}s"
    return {
        "repeat": share_output(about, units, met="is_repeat"),
        "people": mix_output(
            about, people, category="band", units_name=name, title="People by number of claims"
        ),
    }


def _about(warehouse: Warehouse, options: RepeatLitigantsOptions) -> About:
    return About(
        card=CARD,
        options=options,
        unit=f"people who are {options.role}s in civil claims",
        population=f"{options.role.capitalize()}s in claims in the county courts",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=f"{CARD.name}: {options.role}s",
        notes=("Organisations are counted apart from people.",),
    )
