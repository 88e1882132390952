"""Linkage sensitivity: a headline at other link levels, and at rates of missed and false links."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from justice_analysis.codes import STATED_LEVELS
from justice_analysis.definitions import Chart, ColumnRoles, Output, get, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN
from justice_analysis.metrics.estimates.result import ESTIMATE_ROLES, EVERYONE
from justice_analysis.metrics.linkage.corrections import (
    Group,
    bounds_row,
    contrast_rows,
    fraction_rows,
    grid_rows,
    group_of,
)
from justice_analysis.metrics.linkage.definition import ASSUMED, CARD, SensitivityOptions
from justice_analysis.metrics.linkage.further_cases import further_cases
from justice_analysis.metrics.linkage.headlines import Headline, headline_of
from justice_analysis.metrics.linkage.sentences import nearest_fraction

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

MOST_CONTRASTED = 6
"""Groups that are set against each other: pairs of more would be a list nobody reads."""
TIPPING_ROLES = dataclasses.replace(ESTIMATE_ROLES, estimate=("rate",), lower=(), upper=())
BOUNDS_ROLES = ColumnRoles(
    people="people",
    count=("at_risk",),
    numerator="returned",
    denominator="people",
    estimate=("middle", "observed", "least", "greatest"),
    lower=("lower",),
    upper=("upper",),
)
"""The interval is that of the middle: rates above 0 for certain leave what is observed out."""


def linkage_sensitivity(of: Any, warehouse: Warehouse, **options: Any) -> Measured:
    """Examine how wrong links would have to be for a headline to change.

    Parameters
    ----------
    of
        Name of a metric, or a result of one.
    warehouse
        The warehouse that it is of.
    **options
        See `SensitivityOptions`; those of the metric itself go into `with_options`, and are
        those of the result where one is given.

    Returns
    -------
    Measured
        `grid`, the headline for everyone corrected at each pair of rates; `grid_by_group`;
        `bounds`, its least and greatest value by group; `tipping` and `tipping_by_group`, the
        rates at which a sentence would change; and `at_<level>` for each link level delivered.

    Raises
    ------
    NotAvailableError
        If the headline is no share of people and no survival.
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the metric cannot be computed on the warehouse.
    """
    if isinstance(of, str):
        given = _read_pairs(options.get("with_options", ()))
        name = of
    else:
        headline_of(of, horizon_days=options.get("horizon_days"))  # says at once if it can't be
        given = _changed(of.options)
        name = of.card.name
    pairs = tuple(f"{key}={value}" for key, value in given.items())
    chosen: SensitivityOptions = CARD.read_options({**options, "of": name, "with_options": pairs})
    return _examined(warehouse, chosen, given)


@metric(CARD)
def registered(warehouse: Warehouse, **options: Any) -> Measured:
    """Compute `linkage_sensitivity` of the metric named by the option `of`."""
    chosen: SensitivityOptions = CARD.read_options(options)
    others = {key: value for key, value in options.items() if key != "of"}
    return linkage_sensitivity(chosen.of, warehouse, **others)


def _changed(options: Any) -> dict[str, Any]:
    """Options of a result that are not their defaults."""
    return {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(options)
        if getattr(options, field.name) != field.default
    }


def _read_pairs(pairs: Any) -> dict[str, Any]:
    """Options written name=value; dates stay text, as metrics take them."""
    listed = (pairs,) if isinstance(pairs, str) else tuple(pairs)
    if any("=" not in pair for pair in listed):
        raise OptionError("with_options must hold name=value: some of its items do not.")
    split = (pair.split("=", 1) for pair in listed)
    return {
        name: value if "-" in value else yaml.safe_load(value) if value else None
        for name, value in split
    }


def _examined(
    warehouse: Warehouse, chosen: SensitivityOptions, given: Mapping[str, Any]
) -> Measured:
    compute = get(chosen.of).compute
    result = compute(warehouse, **given)
    headline = headline_of(result, horizon_days=chosen.horizon_days)
    groups = _groups(warehouse, result, headline, chosen)
    everyone = [group for group in groups if group.name == EVERYONE]
    if not everyone:
        whole = compute(warehouse, **{**given, "by": None})
        of_all = headline_of(whole, horizon_days=headline.horizon_days)
        everyone = _groups(warehouse, whole, of_all, chosen)
    parts = [group for group in groups if group.name != EVERYONE]
    outputs = {
        "grid": _grid(everyone, headline, chosen, by_group=False),
        **({"grid_by_group": _grid(parts, headline, chosen, by_group=True)} if parts else {}),
        "bounds": _bounds([*everyone, *parts], headline, chosen),
        "tipping": _tipping(everyone, headline, chosen, by_group=False),
        **({"tipping_by_group": _tipping(parts, headline, chosen, by_group=True)} if parts else {}),
        **_levels(warehouse, chosen, given, headline),
    }
    return Measured(CARD, chosen, {name: out for name, out in outputs.items() if out is not None})


def _groups(
    warehouse: Warehouse, result: Any, headline: Headline, chosen: SensitivityOptions
) -> list[Group]:
    further = further_cases(warehouse, result.options, horizon_days=headline.horizon_days)
    return [
        group_of({str(k): v for k, v in row.items()}, further.get(str(row["group"])), chosen)
        for row in headline.rows.to_dict("records")
    ]


def _levels(
    warehouse: Warehouse,
    chosen: SensitivityOptions,
    given: Mapping[str, Any],
    headline: Headline,
) -> dict[str, Output]:
    """The headline at each stated level, each of its own people."""
    found = {}
    for level in warehouse.link_levels:
        if level in STATED_LEVELS:
            result = get(chosen.of).compute(warehouse.at_link_level(level), **given)
            other = headline_of(result, horizon_days=headline.horizon_days)
            found[f"at_{level}"] = _output(
                other,
                chosen,
                "estimates",
                other.rows,
                ("group",),
                ESTIMATE_ROLES,
                notes=(f"People are derived from links at least as sure as {level}.",),
            )
    return found


def _grid(
    groups: list[Group], headline: Headline, chosen: SensitivityOptions, *, by_group: bool
) -> Output | None:
    table = pd.DataFrame([row for group in groups for row in grid_rows(group, chosen)])
    if table.empty:
        return None
    dimensions: tuple[str, ...] = ("group", "missed_links", "false_links")
    if not by_group:
        table, dimensions = table.drop(columns="group"), dimensions[1:]
    chart = Chart(
        form="dots",
        x="missed_links",
        y="estimate",
        group="false_links",
        lower="lower",
        upper="upper",
        x_title="Missed links",
        y_title="Share corrected for wrong links, with its 95% interval",
        percent=True,
    )
    return _output(
        headline,
        chosen,
        "estimates",
        table,
        dimensions,
        ESTIMATE_ROLES,
        chart=None if by_group else chart,
        notes=("Rates that cannot have given the share observed are left out.",),
    )


def _bounds(groups: list[Group], headline: Headline, chosen: SensitivityOptions) -> Output | None:
    """Observed, least and greatest; whiskers span what chance adds."""
    rows = [row for group in groups for row in (bounds_row(group, chosen),) if row["is_possible"]]
    if not rows:
        return None
    table = pd.DataFrame(rows).rename(
        columns={"least_with_chance": "lower", "greatest_with_chance": "upper"}
    )
    table["middle"] = (table["least"] + table["greatest"]) / 2
    table = table[["group", *BOUNDS_ROLES.counts, *BOUNDS_ROLES.statistics]]
    chart = Chart(
        form="dots",
        x="group",
        y="middle",
        lower="lower",
        upper="upper",
        y_title="Middle of the bounds; whiskers: what the share can be, chance included",
        percent=True,
    )
    return _output(
        headline,
        chosen,
        "estimates",
        table,
        ("group",),
        BOUNDS_ROLES,
        chart=chart,
        notes=(
            "Least and greatest: sharp bounds with rates anywhere in their ranges. Lower and "
            "upper allow for chance too.",
        ),
    )


def _tipping(
    groups: list[Group], headline: Headline, chosen: SensitivityOptions, *, by_group: bool
) -> Output | None:
    rows = [row for group in groups for row in fraction_rows(group)]
    known = [group for group in groups if group.name != NOT_KNOWN][:MOST_CONTRASTED]
    for one, other in itertools.combinations(known, 2):
        low, high = sorted((one, other), key=lambda group: group.share)
        rows += contrast_rows(low, high)
    table = pd.DataFrame([row for row in rows if row["rate"] is not None])
    if table.empty:
        return None
    said = "; ".join(f"{group.name}: {nearest_fraction(group.share)}" for group in groups)
    return _output(
        headline,
        chosen,
        "estimates",
        table if by_group else table.drop(columns="group"),
        ("group", "statistic") if by_group else ("statistic",),
        TIPPING_ROLES,
        notes=(
            "The lowest rate, of one kind alone, at which a sentence would be another. Sentences "
            "that no rate would change are left out.",
            *(() if by_group else (f"Nearest simple fraction observed, {said}.",)),
        ),
    )


def _output(
    headline: Headline,
    chosen: SensitivityOptions,
    kind: str,
    table: pd.DataFrame,
    dimensions: tuple[str, ...],
    roles: ColumnRoles,
    *,
    chart: Chart | None = None,
    notes: tuple[str, ...] = (),
) -> Output:
    """An output that says of its population what the metric examined says of it."""
    base = headline.output
    source = (
        "No error rate is published for these links: the rates are assumed."
        if chosen.rates_source == ASSUMED
        else f"Rates: {chosen.rates_source}."
    )
    places = base.places.get(base.dimensions[0]) if base.dimensions else None
    is_placed = "group" in dimensions and places
    return Output(
        kind=kind,
        title=CARD.title,
        table=table.reset_index(drop=True),
        dimensions=dimensions,
        roles=roles,
        unit=base.unit,
        population=base.population,
        population_hash=base.population_hash,
        card=CARD.name,
        subtitle=f"{base.population}: {headline.outcome}",
        chart=chart,
        notes=(*base.notes, source, *notes),
        options=dataclasses.asdict(chosen),
        shares=roles.statistics,
        about=base.about,
        within=base.within,
        family=base.family or base.card,
        places={"group": str(places)} if is_placed else {},
    )
