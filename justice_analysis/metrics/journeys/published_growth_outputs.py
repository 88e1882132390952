"""Growth of published series as outputs: in a table, as an index, as numbers, and since when."""

from __future__ import annotations

import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.journeys.published_growth_definition import CARD
from justice_analysis.metrics.journeys.published_series import About, whole

STATISTICS = {
    "change": "last less base",
    "growth": "change over base",
    "share_of_growth": "change over the change of the whole",
    "index": "number as an index, 100 in the base quarter",
    "ratio": "ratio of the stretch to the other quarters",
}


def growth(about: About, grown: pd.DataFrame) -> Output:
    """Base and last quarter of each series; the unit is a column where there are several."""
    statistics = tuple(name for name in ("change", "growth", "share_of_growth") if name in grown)
    is_one = len(set(about.quarters.units.values())) == 1
    dimensions = ("series",) if is_one else ("series", "unit")
    unit = (f"Unit: {about.unit}.",) if is_one else ()
    table = grown.assign(
        series=[about.quarters.titles[name] for name in grown.index],
        unit=[about.quarters.units[name] for name in grown.index],
        at_base=whole(grown["at_base"]),
        at_last=whole(grown["at_last"]),
    )
    return about.output(
        "estimates",
        CARD.title,
        table[[*dimensions, "at_base", "at_last", *statistics]],
        dimensions=dimensions,
        roles=ColumnRoles(
            people="at_last",
            count=("at_base",),
            estimate=statistics,
            statistic={name: STATISTICS[name] for name in statistics},
        ),
        shares=statistics[1:],
        notes=(f"Base: {about.options.base}. Last: {about.quarters.table.index[-1]}.", *unit),
    )


def over_time(about: About) -> Output:
    """Each series as an index, so that series of any unit have one scale."""
    quarters, base = about.quarters, about.options.base
    numbers = quarters.table
    parts = [
        pd.DataFrame(
            {
                "series": quarters.titles[name],
                "quarter": numbers.index,
                "unit": quarters.units[name],
                "number": whole(numbers[name]).to_numpy(),
                "index": (100 * numbers[name] / numbers.loc[base, name]).round(1).to_numpy(),
            }
        )
        for name in quarters.names
    ]
    return about.output(
        "estimates",
        f"{CARD.title}, quarter by quarter",
        pd.concat(parts, ignore_index=True),
        dimensions=("series", "quarter", "unit"),
        roles=ColumnRoles(
            people="number", estimate=("index",), statistic={"index": STATISTICS["index"]}
        ),
        chart=Chart(
            form="lines",
            x="quarter",
            y="index",
            group="series",
            y_title=f"Index, {base} is 100",
        ),
    )


def levels(about: About) -> Output:
    """The numbers as they were published, side by side: they have one unit."""
    quarters = about.quarters
    (unit,) = set(quarters.units.values())
    parts = [
        pd.DataFrame(
            {
                "series": quarters.titles[name],
                "quarter": quarters.table.index,
                "number": whole(quarters.table[name]).to_numpy(),
            }
        )
        for name in reversed(quarters.names)
    ]
    return about.output(
        "table",
        f"{CARD.title}: numbers",
        pd.concat(parts, ignore_index=True),
        dimensions=("series", "quarter"),
        roles=ColumnRoles(people="number"),
        chart=Chart(
            form="lines",
            x="quarter",
            y="number",
            group="series",
            y_title=unit[:1].upper() + unit[1:],
        ),
    )


def since(about: About, stretches: pd.DataFrame) -> Output:
    """The stretch of each series, with the ratio of its quarters to the others."""
    last = about.quarters.table.iloc[-1]
    table = stretches.assign(
        at_last=[round(last[name]) for name in stretches["series"]],
        series=[about.quarters.titles[name] for name in stretches["series"]],
    )
    dimensions = ("series", "since", "until", "since_earliest", "since_latest")
    return about.output(
        "estimates",
        "The quarters in which each series stood highest",
        table[[*dimensions, "at_last", "ratio", "lower", "upper"]],
        dimensions=dimensions,
        roles=ColumnRoles(
            people="at_last",
            estimate=("ratio",),
            lower=("lower",),
            upper=("upper",),
            statistic={"ratio": STATISTICS["ratio"]},
        ),
        chart=Chart(
            form="dots",
            x="series",
            y="ratio",
            lower="lower",
            upper="upper",
            y_title="Times the other quarters of the series",
        ),
        notes=(
            "Intervals of ratios: 95%, from how each series moves between quarters, as if quarters "
            "varied apart from each other; for a series that drifts they are too narrow.",
        ),
    )
