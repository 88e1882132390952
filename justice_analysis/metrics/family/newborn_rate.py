"""Newborns in care proceedings per 10,000 live births."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, observed_period, select
from justice_analysis.definitions import Chart, ColumnRoles, Output, metric
from justice_analysis.definitions.births import EVERYWHERE, LiveBirths, read_births
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS, year
from justice_analysis.metrics.estimates.population import PRESENTATION, population_hash
from justice_analysis.metrics.estimates.units import count_units, units_of
from justice_analysis.metrics.family.first_entries import first_entries, window, with_age
from justice_analysis.metrics.family.newborn_rate_definition import CARD, NewbornRateOptions
from justice_analysis.models import byar, poisson_exact

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.warehouse import Warehouse

PER = 10_000
METHODS = {
    "exact": poisson_exact,
    "byar": byar,
    "byar_conventional": lambda count, births: byar(count, births, form="conventional"),
}


@metric(CARD)
def newborn_rate(warehouse: Warehouse, **options: Any) -> Measured:
    """Estimate newborns in care proceedings per 10,000 live births, by period.

    Parameters
    ----------
    warehouse
        Any with care proceedings, children and their births.
    **options
        See `NewbornRateOptions`; `births` must be given but for synthetic data.

    Returns
    -------
    Measured
        Output `rates`: one row per period (and area) with `newborns`, `live_births`, the rate per
        10,000 and its 95% interval (exact Poisson or Byar; births taken as fixed).

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    SourceError
        If the file of births is not as its format says.
    MetricError
        If no births are given, or no newborn is in an area and period that has births.
    """
    chosen: NewbornRateOptions = CARD.read_options(options)
    births = _births_of(warehouse, chosen)
    # An output names the release of the births, never where the file lies.
    named = dataclasses.replace(chosen, births=births.name)
    kept, flow = newborns(warehouse, chosen, births)
    return Measured(CARD, named, {"rates": _rates(warehouse, kept, named, births)}, flow)


def _births_of(warehouse: Warehouse, options: NewbornRateOptions) -> LiveBirths:
    """The file of births; for synthetic data without one, the world's own people."""
    if options.births is not None:
        return read_births(options.births)
    if not warehouse.is_synthetic or options.by == "area":
        raise MetricError(
            "newborn_rate needs live births, which no dataset here holds: give a CSV file of "
            "place, period, live_births, source and version as the option births."
        )
    return own_births(warehouse, options)


def own_births(warehouse: Warehouse, options: NewbornRateOptions) -> LiveBirths:
    """People of a synthetic world by year of birth, in the whole years that are covered.

    Nobody's count of births: they stand where a study's file of births would.
    """
    order = [options.source] if options.source else list(options.precedence)
    seen_from, seen_to = observed_period(warehouse, sources=order)
    first = seen_from.year + ((seen_from.month, seen_from.day) > (1, 1))
    born = warehouse.person.birth_month.year()
    inside = warehouse.person.filter(born.between(first, seen_to.year - 1))
    counted = inside.group_by(
        place=ibis.literal(EVERYWHERE), period=year(inside.birth_month)
    ).aggregate(live_births=inside.count())
    rows = engine.execute(counted, step="people by year of birth")
    return LiveBirths("people of the synthetic world", "by year of birth", "year", rows)


def newborns(
    warehouse: Warehouse, options: NewbornRateOptions, births: LiveBirths
) -> tuple[ir.Table, Flow]:
    """Children who were newborn at their first application, where and when births are known.

    Returns
    -------
    tuple of Table and Flow
        One row per newborn: `person_key`, `proceeding_id`, `area_id`, `period`; and the children
        left at each step.
    """
    entries = first_entries(warehouse, precedence=options.precedence, source=options.source)
    aged = with_age(entries, birth_day=options.birth_day, limit_days=options.within_days)
    dated = engine.materialise(
        aged.mutate(period=PERIODS[births.period](aged.received_date)), step="first entries"
    )
    by_place = options.by == "area" or not births.covers_everywhere
    counts_open = options.undecided == "count"
    is_under = dated.is_under.fill_null(True) if counts_open else dated.is_under
    not_before = dated.is_under.isnull() | (dated.age_days >= 0)
    steps = [
        ("application dated", dated.received_date.notnull()),
        *window(dated.received_date, options.first_day, options.last_day),
        ("birth recorded", dated.age_days.notnull()),
        ("age in days can be told, or counted all the same", is_under.notnull()),
        ("born by the day of the application", not_before),
        (f"under {options.within_days} days old", is_under),
        ("in a period of which births are known", dated.period.isin(sorted(_periods(births)))),
    ]
    if by_place:
        steps.append(("in an area of which births are known", dated.area_id.isin(births.places)))
    return select(dated, start="children by their first care proceedings", steps=steps)


def _periods(births: LiveBirths) -> set[str]:
    return set(births.rows["period"])


def _rates(
    warehouse: Warehouse, kept: ir.Table, options: NewbornRateOptions, births: LiveBirths
) -> Output:
    by_place = options.by == "area"
    below = births.by_period(by_place=by_place).rename(columns={"place": "area"})
    keys = ["period", *(["area"] if by_place else [])]
    rows = kept.mutate(area=kept.area_id) if by_place else kept
    if not engine.count_rows(rows):
        raise MetricError(
            "newborn_rate needs a newborn in a period and area of which births are known: there "
            "is none. Check births, within_days and the window."
        )
    counted = count_units(units_of(rows, by=keys, group="proceeding_id"))
    table = below.merge(counted, on=keys, how="left", validate="one_to_one")
    numbers = ["units", "people", "groups"]
    table[numbers] = table[numbers].fillna(0).astype("int64")
    return _output(warehouse, _with_rate(table, options), keys, options, births)


def _with_rate(table: pd.DataFrame, options: NewbornRateOptions) -> pd.DataFrame:
    found = METHODS[options.interval](table["units"].to_numpy(), table["live_births"].to_numpy())
    return table.assign(rate=found.estimate * PER, lower=found.lower * PER, upper=found.upper * PER)


def _output(
    warehouse: Warehouse,
    table: pd.DataFrame,
    keys: list[str],
    options: NewbornRateOptions,
    births: LiveBirths,
) -> Output:
    about = About(
        card=CARD,
        options=options,
        unit="newborn children",
        population="Newborn children in their first care proceedings",
        population_hash=population_hash(
            warehouse, CARD, options, presentation=(*PRESENTATION, "interval")
        ),
        about="children",
        family="newborns in care proceedings",
        notes=(f"Live births: {births.source}.",),
    )
    shown = table.rename(columns={"units": "newborns", "groups": "families"})
    order = shown[keys].replace("all", "").sort_values(keys).index
    columns = [*keys, "people", "newborns", "live_births", "rate", "lower", "upper", "families"]
    output = about.output(
        "rates",
        CARD.title,
        shown.loc[order, columns],
        dimensions=tuple(keys),
        roles=ColumnRoles(
            people="people",
            numerator="newborns",
            denominator="live_births",
            estimate=("rate",),
            lower=("lower",),
            upper=("upper",),
            statistic={"rate": "rate"},
            families="families",
            groups_behind={"newborns": "families"},
        ),
        chart=Chart(form="dots", x="period", y="rate", lower="lower", upper="upper",
                    y_title="Newborns per 10,000 live births")
        if len(keys) == 1
        else None,
        places={"area": "local_authority"} if "area" in keys else {},
    )  # fmt: skip
    said = {"per": PER, "public_denominator": True, "interval": options.interval}
    return dataclasses.replace(output, options={**output.options, **said})
