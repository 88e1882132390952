"""Sentencing by court: the share sent to prison and for how long, beside the offence mix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.court_groups import COARSE, places_of, with_groups
from justice_analysis.metrics.criminal.court_records import (
    CASE_TYPES_OF,
    CROWN,
    MAGISTRATES,
    defendants,
    refuse_without,
)
from justice_analysis.metrics.criminal.sentencing_definition import (
    CARD,
    SentencingOptions,
)
from justice_analysis.metrics.criminal.sentencing_standardised import (
    length,
    length_ratio,
    standardised,
)
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output, share_output
from justice_analysis.metrics.estimates.units import Units, units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

CUSTODY = "immediate_custody"
COURTS = {MAGISTRATES: "magistrates' courts", CROWN: "the Crown Court"}


@metric(CARD)
def sentencing_by_court(warehouse: Warehouse, **options: Any) -> Measured:
    """Compare courts by the share of sentenced defendants sent to prison, and for how long.

    Parameters
    ----------
    warehouse
        Any with criminal court cases.
    **options
        See `SentencingOptions`.

    Returns
    -------
    Measured
        Output `custody`: the crude share of immediate custody by court; `indirect`: the ratio to
        what the court's own mix would give; `funnel`: where the ratio lies by chance alone;
        `direct`: the share at the national mix; `mix`: the offence mix of each court; `length`:
        mean and median days of immediate custody; `length_ratio`: their ratio to the mean of the
        court's mix. What cannot be had (no custody expected, no length recorded) is left out.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse has no such cases, or nobody was sentenced.
    """
    chosen: SentencingOptions = CARD.read_options(options)
    types = CASE_TYPES_OF[chosen.court]
    refuse_without(warehouse, name=CARD.name, case_types=types)
    kept, flow = _sentenced(defendants(warehouse, case_types=types), chosen)
    if not flow.people:
        raise MetricError(
            "sentencing_by_court needs sentenced defendants: none is left. Check the options."
        )
    place, strata = chosen.level, chosen.strata
    grouped = with_groups(warehouse, kept, (place, "offence_group"), date="sentence_date")
    grouped = grouped.mutate(custody=grouped.sentence == CUSTODY)
    units = units_of(
        grouped,
        by=tuple(dict.fromkeys((place, "offence_group", *strata))),
        group="case_id",
        keep=("custody", "sentence_days"),
    )
    about = _about(warehouse, chosen)
    by_place = Units(units.rows, (place,), units.has_groups)
    outputs = {
        "custody": share_output(
            about, by_place, met="custody", units_name="sentenced", places=places_of((place,))
        ),
        **standardised(about, units, chosen),
        "mix": mix_output(
            about,
            units.rows,
            category="offence_group",
            by=(place,),
            person="justice_person",
            group="group_key",
            units_name="sentenced",
            title="Offence mix of the sentenced, by court",
            places=places_of((place,)),
        ),
    }
    lengths = length(about, units, chosen)
    if lengths:
        outputs |= {"length": lengths, "length_ratio": length_ratio(about, units, chosen)}
    return Measured(CARD, chosen, outputs, flow)


def _about(warehouse: Warehouse, options: SentencingOptions) -> About:
    return About(
        card=CARD,
        options=options,
        unit="sentenced defendants",
        population=f"Defendants sentenced in {COURTS[options.court]}",
        population_hash=population_hash(
            warehouse, CARD, options, presentation=("level", "strata", "least_mix")
        ),
        about="co_defendants",
        family=f"{CARD.name} {options.court}",
        notes=(COARSE,),
    )


def _sentenced(rows: ir.Table, options: SentencingOptions) -> tuple[ir.Table, Flow]:
    stored = engine.materialise(
        rows.select(
            "person_key",
            "case_id",
            "case_type",
            "place_id",
            "code",
            "is_breach",
            "plea",
            "sentence",
            "sentence_date",
            "sentence_days",
        ),
        step="sentences",
    )
    steps = [("sentenced for the principal charge", stored.sentence.notnull())]
    if options.breaches == "exclude":
        steps.append(("for an offence, not a breach", ~stored.is_breach.fill_null(False)))
    day = stored.sentence_date
    if options.sentenced_from:
        steps.append(("sentenced from the first day", day >= ibis.date(options.sentenced_from)))
    if options.sentenced_to:
        steps.append(("sentenced before the last day", day < ibis.date(options.sentenced_to)))
    return select(stored, start="defendants", steps=steps)
