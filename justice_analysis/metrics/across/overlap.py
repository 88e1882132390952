"""Who was in contact with other courts, how soon, and in which order."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import Flow, follow_up, select
from justice_analysis.cohorts.declared import registry
from justice_analysis.definitions import Card, Chart, ColumnRoles, Output, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.across.contacts import (
    JURISDICTION_WORDS,
    combination,
    contacts,
    flags,
    loaded,
    observed,
)
from justice_analysis.metrics.across.definition import (
    NEXT_CARD,
    OVERLAP_CARD,
    SEQUENCE_CARD,
    CohortOptions,
    NextOptions,
    OverlapOptions,
    SequenceOptions,
)
from justice_analysis.metrics.estimates.incidence import incidence
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.result import IncidenceResult
from justice_analysis.metrics.estimates.shares import mix_output, share_chart, with_interval

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

ANY = "any of them"


@metric(OVERLAP_CARD)
def contact_overlap(warehouse: Warehouse, **options: Any) -> Measured:
    """Count who of a cohort was in contact with each jurisdiction before, or after, its index.

    Parameters
    ----------
    warehouse
        A warehouse that holds cases of two jurisdictions at least.
    **options
        See `OverlapOptions`.

    Returns
    -------
    Measured
        `contact`: share in contact with each jurisdiction, with 95% Wilson intervals.
        `combinations`: people by the jurisdictions that they were in contact with.

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If fewer than two jurisdictions are loaded, or no one is left to count.
    """
    chosen: OverlapOptions = OVERLAP_CARD.read_options(options)
    found = contacts(warehouse)
    people, flow, unit = _cohort(warehouse, chosen)
    kept, flow = _covered(warehouse, people, flow, chosen)
    held = engine.materialise(
        flags(kept, found, start="window_from", end="window_to"), step="contact in the window"
    )
    about = _about(warehouse, OVERLAP_CARD, chosen, unit)
    whole = held.mutate(contact_with=combination(held))
    outputs = {
        "contact": _shares(about, held, loaded(warehouse)),
        "combinations": mix_output(
            about, whole, category="contact_with", person="person_id", units_name=unit
        ),
    }
    return Measured(OVERLAP_CARD, chosen, outputs, flow)


def _cohort(warehouse: Warehouse, options: CohortOptions) -> tuple[ir.Table, Flow, str]:
    """People with their index: one row each: `person_id`, `index_date`, `index_set`."""
    declared = registry.get(options.cohort).between(options.index_from, options.index_to)
    declared = dataclasses.replace(declared, follow_up=None)
    found = declared.of(warehouse)
    if not found.flow.people:
        raise MetricError(
            f"the cohort {options.cohort} must hold people: it holds none. Load its data, or "
            "widen the window."
        )
    case = warehouse.case.select("case_id", index_set="proceeding_id")
    people = found.table.select("person_id", "index_date", "index_case_id")
    joined = people.left_join(case, people.index_case_id == case.case_id)
    people = engine.materialise(joined.drop("index_case_id", "case_id"), step="people and index")
    return people, found.flow, declared.unit


def _covered(
    warehouse: Warehouse, people: ir.Table, flow: Flow, options: OverlapOptions
) -> tuple[ir.Table, Flow]:
    """Those whose window every jurisdiction covers, with its first day and the day after it."""
    months = 12 * options.years
    if options.when == "before":
        start, end = engine.add_months(people.index_date, -months), people.index_date
    else:
        start = engine.add_days(people.index_date, 1)
        end = engine.add_months(people.index_date, months)
    dated = people.mutate(window_from=start, window_to=end)
    first, last = _common(warehouse)
    inside = (dated.window_from >= ibis.literal(first)) & (dated.window_to <= ibis.literal(last))
    words = f"window of years {options.when} the index covered by every jurisdiction"
    kept, more = select(dated, start=flow.start, steps=[(words, inside)])
    if not more.people:
        raise MetricError(
            "the window must lie within what every jurisdiction covers: it does for no one. Ask "
            "for fewer years, or another index."
        )
    return kept, dataclasses.replace(flow, steps=(*flow.steps, *more.steps))


def _common(warehouse: Warehouse) -> tuple[datetime.date, datetime.date]:
    """The time that every jurisdiction covers."""
    periods = observed(warehouse).values()
    return max(start for start, _ in periods), min(end for _, end in periods)


def _about(warehouse: Warehouse, card: Card, options: Any, unit: str) -> About:
    return About(
        card=card,
        options=options,
        unit=unit,
        population=card.population,
        population_hash=population_hash(warehouse, card, options),
        notes=("Missed links between systems make every overlap too small.",),
    )


def _shares(about: About, held: ir.Table, words_of: dict[str, str]) -> Output:
    """Share in contact with each jurisdiction loaded; one person may be in several."""
    either = held.in_family | held.in_criminal | held.in_civil
    counted = engine.execute(
        held.aggregate(
            people=held.count(),
            **{words: held[f"in_{name}"].sum() for name, words in words_of.items()},
            any=either.sum(),
        ),
        step="contact in the window",
    ).iloc[0]
    people = int(counted["people"])
    rows = [(words, int(counted[words])) for words in words_of.values()]
    table = pd.DataFrame([*rows, (ANY, int(counted["any"]))], columns=["outcome", "in_contact"])
    table.insert(1, "people", people)
    roles = ColumnRoles(
        people="people",
        numerator="in_contact",
        denominator="people",
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
    )
    return about.output(
        "estimates",
        about.card.title,
        with_interval(table, "in_contact", "people"),
        dimensions=("outcome",),
        roles=roles,
        chart=share_chart(("outcome",), about.unit),
        shares=("estimate", "lower", "upper"),
    )


@metric(NEXT_CARD)
def next_contact(warehouse: Warehouse, **options: Any) -> IncidenceResult:
    """Estimate how soon people come before any court again, and before which.

    Parameters
    ----------
    warehouse
        A warehouse that holds cases of two jurisdictions at least.
    **options
        See `NextOptions`.

    Returns
    -------
    IncidenceResult
        Estimates at each horizon and whole curves, by jurisdiction of the next contact, with 95%
        log-log intervals.

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If fewer than two jurisdictions are loaded, or no one is left to follow.
    """
    chosen: NextOptions = NEXT_CARD.read_options(options)
    found = contacts(warehouse)
    people, flow, unit = _cohort(warehouse, chosen)
    _, last = _common(warehouse)
    following = _first_after(people, found)
    frame = follow_up(
        following.mutate(end=ibis.literal(last)),
        start="index_date",
        event="contact_date",
        end="end",
        cause="jurisdiction",
    )
    kept, more = select(
        frame, start=flow.start, steps=[("at risk for a day or more", frame.duration_days > 0)]
    )
    return incidence(
        kept.mutate(group=ibis.literal("all")),
        card=NEXT_CARD,
        options=chosen,
        unit=unit,
        event="a further case",
        clock="the index date",
        horizons=chosen.horizons,
        flow=dataclasses.replace(flow, steps=(*flow.steps, *more.steps)),
        population=NEXT_CARD.population,
        warehouse=warehouse,
        notes=("Missed links between systems make every share too small.",),
        causes=tuple(loaded(warehouse).values()),
    )


def _first_after(people: ir.Table, found: ir.Table) -> ir.Table:
    """Each person's first contact after the index, in another set of proceedings; or none."""
    later = found.inner_join(people, "person_id")
    same = (later.proceeding_id == later.index_set).fill_null(False)
    later = later.filter(later.contact_date > later.index_date, ~same)
    ranks = [(later.jurisdiction == name, n) for n, name in enumerate(JURISDICTION_WORDS)]
    words = [(later.jurisdiction == name, said) for name, said in JURISDICTION_WORDS.items()]
    named = later.mutate(
        rank=ibis.cases(*ranks, else_=len(ranks)),
        jurisdiction=ibis.cases(*words, else_=ibis.null("string")),
    )
    first = engine.first_per_group(
        named.select("person_id", "contact_date", "rank", "jurisdiction", "proceeding_id"),
        by=["person_id"],
        order_by=["contact_date", "rank", "proceeding_id"],
    )
    return people.left_join(
        first.select("person_id", "contact_date", "jurisdiction"), "person_id"
    ).drop("person_id_right")


@metric(SEQUENCE_CARD)
def contact_sequences(warehouse: Warehouse, **options: Any) -> Measured:
    """Count people by the order in which they first met each jurisdiction.

    Parameters
    ----------
    warehouse
        A warehouse that holds cases of two jurisdictions at least.
    **options
        None: see `SequenceOptions`.

    Returns
    -------
    Measured
        `orders`: people by order of first contact.

    Raises
    ------
    MetricError
        If fewer than two jurisdictions are loaded, or no time is covered by all.
    """
    chosen: SequenceOptions = SEQUENCE_CARD.read_options(options)
    found = contacts(warehouse)
    first, last = _common(warehouse)
    if first >= last:
        raise MetricError("some time must be covered by every jurisdiction: none is.")
    inside = found.filter(
        found.contact_date >= ibis.literal(first), found.contact_date < ibis.literal(last)
    )
    days = inside.group_by("person_id").aggregate(
        **{
            name: inside.contact_date.min(where=inside.jurisdiction == name)
            for name in JURISDICTION_WORDS
        }
    )
    ordered = days.mutate(order=_order(days))
    about = _about(warehouse, SEQUENCE_CARD, chosen, "people")
    output = mix_output(
        about, ordered, category="order", person="person_id", units_name="people_in_order"
    )
    chart = Chart(form="bars", x="order", y="estimate", y_title="Share of people", percent=True)
    output = dataclasses.replace(output, chart=chart)
    return Measured(SEQUENCE_CARD, chosen, {"orders": output})


def _order(days: ir.Table) -> ir.StringValue:
    """Name the order of first contacts: "family courts, then criminal courts"."""
    names = list(JURISDICTION_WORDS)
    places = {
        name: sum(
            (
                (days[other] < days[name])
                | ((days[other] == days[name]) & (names.index(other) < names.index(name)))
            )
            .fill_null(False)
            .cast("int64")
            for other in names
            if other != name
        )
        for name in names
    }
    text: Any = ""
    for place in range(len(names)):
        here = [
            (days[name].notnull() & (places[name] == place), words)
            for name, words in JURISDICTION_WORDS.items()
        ]
        found = ibis.cases(*here, else_="")
        separator = (found == "").ifelse("", ", then ") if place else ibis.literal("")
        text = found if place == 0 else text + separator + found
    return text
