"""By how much published series grew since a quarter, which part grew most, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from justice_analysis.definitions import ColumnRoles, Output, metric
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.metrics.journeys import published_growth_outputs as shown
from justice_analysis.metrics.journeys.published_growth_definition import (
    CARD,
    PublishedGrowthOptions,
)
from justice_analysis.metrics.journeys.published_series import (
    About,
    Quarters,
    published_quarters,
)
from justice_analysis.metrics.journeys.series_growth import LEAST_PERIODS, series_growth

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

SAID = ("at_base", "at_last", "change", "growth", "share_of_growth")


@metric(CARD)
def published_growth(warehouse: Warehouse, **options: Any) -> Measured:
    """Set the last quarter of published series beside a base quarter.

    Parameters
    ----------
    warehouse
        Any with the measures of the source.
    **options
        See `PublishedGrowthOptions`.

    Returns
    -------
    Measured
        Output `growth`: one row per series with `at_base`, `at_last`, `change`, `growth` (a
        share) and, with `whole`, `share_of_growth`, the whole last; `over_time`: one row per
        series and quarter with `number` and `index` (100 in the base quarter, to one decimal);
        `levels`: the numbers alone, where all series have one unit; `since`: one row per series
        with a stretch in which it stood above its other quarters, where there is one; `numbers`:
        for sentences, `<series>_<column>`, and with `whole` the `largest_gap` between the whole
        and the sum of its parts.

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If a series or quarter is not there, or a quarter has no number.
    """
    chosen: PublishedGrowthOptions = CARD.read_options(options)
    names = (*chosen.series, *((chosen.whole,) if chosen.whole else ()))
    quarters = published_quarters(warehouse, chosen.source, names)
    about = About(CARD, chosen, warehouse, quarters)
    grown = _grown(quarters, chosen)
    stretches = _stretches(quarters, chosen)
    outputs = {"growth": shown.growth(about, grown), "over_time": shown.over_time(about)}
    if len(set(quarters.units.values())) == 1:
        outputs["levels"] = shown.levels(about)
    if len(stretches):
        outputs["since"] = shown.since(about, stretches)
    outputs["numbers"] = _numbers(about, grown, stretches)
    return Measured(CARD, chosen, outputs)


def _grown(quarters: Quarters, options: PublishedGrowthOptions) -> pd.DataFrame:
    """One row per series, by its name: base, last, change, growth, share of growth."""
    base = quarters.table.iloc[quarters.place_of(options.base, option="base")]
    last = quarters.table.iloc[-1]
    change = last - base
    table = pd.DataFrame(
        {
            "at_base": base,
            "at_last": last,
            "change": change,
            "growth": change / base.where(base > 0),
        }
    )
    if options.whole:
        of_all = change[options.whole]
        table["share_of_growth"] = change / of_all if of_all else np.nan
    return table


def _stretches(quarters: Quarters, options: PublishedGrowthOptions) -> pd.DataFrame:
    """Stretches of the series, by name; none for series that are 0 somewhere or are too short."""
    table = quarters.table
    able = [name for name in quarters.names if (table[name] > 0).all()]
    if not able or len(table) < LEAST_PERIODS:
        return pd.DataFrame(columns=["series"])
    return series_growth(table.reset_index(), period="quarter", series=able)


def _numbers(about: About, grown: pd.DataFrame, stretches: pd.DataFrame) -> Output:
    said = [name for name in SAID if name in grown]
    rows = [
        {"name": f"{name}_{column}", "published": round(row["at_last"]), "estimate": row[column]}
        for name, row in grown.iterrows()
        for column in said
        if np.isfinite(row[column])
    ]
    rows += [
        {
            "name": f"{row['series']}_ratio",
            "published": round(grown.loc[row["series"], "at_last"]),
            "estimate": row["ratio"],
            "lower": row["lower"],
            "upper": row["upper"],
        }
        for row in stretches.to_dict("records")
    ]
    if about.options.whole:
        rows.append(_largest_gap(about))
    table = pd.DataFrame(rows).reindex(columns=["name", "published", "estimate", "lower", "upper"])
    is_share = table["name"].str.endswith(("_growth",))
    formats = dict(zip(table["name"], np.where(is_share, "percent", "number"), strict=True))
    return about.output(
        "text",
        "Numbers used in the text",
        table,
        dimensions=("name",),
        roles=ColumnRoles(
            people="published",
            estimate=("estimate",),
            lower=("lower",),
            upper=("upper",),
            statistic={"estimate": "mean"},
        ),
        options={"formats": {name: str(form) for name, form in formats.items()}},
    )


def _largest_gap(about: About) -> dict[str, Any]:
    """How far the parts are from the whole in the quarter in which they are furthest."""
    numbers, options = about.quarters.table, about.options
    gaps = (numbers[list(options.series)].sum(axis=1) - numbers[options.whole]).abs()
    # The source's numbers are decimal: what is less than a millionth is how computers add.
    return {
        "name": "largest_gap",
        "published": round(numbers[options.whole].iloc[-1]),
        "estimate": round(float(gaps.max()), 6) + 0.0,
    }
