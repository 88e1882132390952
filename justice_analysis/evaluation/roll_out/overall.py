"""Average effects at each level, what a two-way estimate is made of, and bounds on trends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from justice_analysis.definitions import ColumnRoles, Output
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out.behind import COUNTS, counts_of, sides
from justice_analysis.evaluation.roll_out.estimates import two_way, two_way_parts
from justice_analysis.evaluation.roll_out.outputs import (
    ALL,
    EFFECT,
    ROLES,
    Fitted,
    everyone_in,
    with_model_options,
)
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.models.staggered import honest_bounds

if TYPE_CHECKING:
    from justice_analysis.evaluation.roll_out.definition import RollOutOptions

BY_SIZE = "average effect on cases of reached courts"
BY_WAVE = "average effect on waves of courts"
TWO_WAY = "two-way fixed effects of court and period"
PER_USE = "average effect where it was used"
MULTIPLES = (0.5, 1.0, 2.0)
FURTHEST = 4
"""Periods before and after the start that the bounds rest on, at most."""
WHY_TWO = (
    "Two-way fixed effects also compare with courts reached earlier, whose effect is then taken "
    "off: where effects grow or fade they may differ from the averages."
)


def overall_output(about: About, fitted: Mapping[str, Fitted], options: RollOutOptions) -> Output:
    """Average effects by level of conviction: one row per estimate and level."""
    rows = [row for level, one in fitted.items() for row in _averages(level, one, options)]
    table = pd.DataFrame(rows)
    order = pd.Categorical(table["term"], list(dict.fromkeys(table["term"])))
    table = table.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    main = fitted[options.level]
    (everyone,) = counts_of(main.trials, everyone_in(main))
    last = {"term": ALL, "level": ALL, **everyone, **dict.fromkeys(EFFECT, np.nan)}
    made = about.output(
        "model",
        about.card.title,
        pd.concat([table, pd.DataFrame([last])], ignore_index=True)[
            ["term", "level", *COUNTS, *EFFECT]
        ],
        dimensions=("term", "level"),
        roles=ROLES,
        notes=(WHY_TWO, *_unestimated(table)),
    )
    return with_model_options(made, main, "group_time")


def _averages(level: str, one: Fitted, options: RollOutOptions) -> list[dict[str, object]]:
    """Rows of one level."""
    found: Any = one.effects.overall.set_index("average")
    reached = sides(one.after, one.layout.waves, one.comparison)
    at, everyone = counts_of(one.trials, reached, everyone_in(one))
    by_size = _known(found.loc["simple"])
    rows = [
        {"term": BY_SIZE, "level": level, **at, **by_size},
        {"term": BY_WAVE, "level": level, **at, **_known(found.loc["group"])},
    ]
    if options.used_share:
        scaled = {name: value / options.used_share for name, value in by_size.items()}
        rows.append({"term": PER_USE, "level": level, **at, **scaled})
    slope: Any
    try:
        slope = two_way(one.trials.cells()).table.iloc[0]
    except MetricError:
        slope = pd.Series(dict.fromkeys(EFFECT, np.nan))
    rows.append({"term": TWO_WAY, "level": level, **everyone, **_known(slope)})
    return rows


def _known(row: Any) -> dict[str, float]:
    """An effect with its interval; nothing where either is missing."""
    values = {name: float(row[name]) for name in EFFECT}
    if not np.isfinite(values["standard_error"]):
        return dict.fromkeys(EFFECT, np.nan)
    return values


def _unestimated(table: pd.DataFrame) -> tuple[str, ...]:
    if table["estimate"].notna().all():
        return ()
    return ("Some rows have no estimate: too few courts or cases on one side.",)


def weights_output(about: About, one: Fitted) -> Output | str:
    """What two-way fixed effects compare with: one row per kind of comparison, weights sum to 1.

    Returns
    -------
    Output or str
        The sentence says why there is none.
    """
    try:
        parts = two_way_parts(one.trials.cells())
    except MetricError as error:
        return f"The two-way estimate cannot be taken apart: {error}"
    people = counts_of(one.trials, everyone_in(one))[0]["people"]
    table = pd.DataFrame(
        {"comparison": list(parts), "people": people, "weight": list(parts.values())}
    )
    return about.output(
        "estimates",
        about.card.title,
        table,
        dimensions=("comparison",),
        roles=ColumnRoles(people="people", estimate=("weight",), statistic={"weight": "share"}),
        shares=("weight",),
        notes=(WHY_TWO,),
    )


def bounds_output(about: About, one: Fitted) -> Output | str:
    """Intervals of the average effect if trends parted by a multiple of what was seen before."""
    times = _usable_times(one)
    if not times:
        return (
            "Bounds on departures from parallel trends need effects before and after the start "
            "with an interval: there are too few."
        )
    try:
        found = honest_bounds(one.effects, relative_magnitudes=MULTIPLES, window=times)
    except MetricError as error:
        return f"Bounds on departures from parallel trends could not be found: {error}"
    rows = [("0", found.lower, found.upper)]
    bounds = found.table[["bound", "lower", "upper"]].to_numpy(dtype=np.float64)
    rows += [(f"{bound:g}", float(low), float(high)) for bound, low, high in bounds]
    places = [
        (int(g), int(t))
        for g, t, e in one.effects.group_time[["group", "period", "event_time"]].to_numpy()
        if times[0] <= e <= times[1]
    ]
    near = sides(places, one.layout.waves, one.comparison)
    at, everyone = counts_of(one.trials, near, everyone_in(one))
    table = pd.DataFrame(
        [_bounded(multiple, low, high, found.estimate) | at
         for multiple, low, high in rows]
        + [{"term": ALL, "level": ALL, **everyone,
            **dict.fromkeys(EFFECT, np.nan)}]
    )  # fmt: skip
    made = about.output(
        "model",
        about.card.title,
        table[["term", "level", *COUNTS, *EFFECT]],
        dimensions=("term", "level"),
        roles=ROLES,
        notes=(
            "Trends may part after the start, from one period to the next, by at most so many "
            "times the most that they did before it. Intervals are shown at their wider side.",
        ),
    )
    return with_model_options(made, one, "event_study")


def _bounded(multiple: str, low: float, high: float, estimate: float) -> dict[str, object]:
    """One row of bounds; an interval without an end has no row of numbers."""
    row: dict[str, object] = {"term": "departure allowed", "level": multiple}
    if not np.isfinite([low, high]).all():
        return row | dict.fromkeys(EFFECT, np.nan)
    reach = max(high - estimate, estimate - low)
    error = reach / 1.959964
    return row | {
        "estimate": estimate, "standard_error": error, "lower": low, "upper": high
    }  # fmt: skip


def _usable_times(one: Fitted) -> tuple[int, int] | None:
    """First and last event time of an unbroken run about the start, with intervals."""
    study = one.effects.event_study.set_index("event_time")
    usable = {int(time) for time in study.index[study["standard_error"].notna()]}
    last = -1
    while last + 1 in usable and last < FURTHEST:
        last += 1
    first = -1
    while first - 1 in usable and first > -1 - FURTHEST:
        first -= 1
    return (first, last) if last >= 0 and first < -1 else None
