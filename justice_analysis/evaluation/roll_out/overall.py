"""Average effects at each level, what a two-way estimate is made of, and bounds on trends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from justice_analysis.definitions import Output
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out.behind import COUNTS, Place, counts_of, sides
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
COMPARED = "compared by two-way fixed effects"
BESIDE = {
    "never treated": "with courts not reached in the window",
    "not yet treated": "with courts reached later",
    "already treated": "with courts reached earlier",
}
MULTIPLES = (0.5, 1.0, 2.0)
FURTHEST = 4
"""Periods before and after the start that the bounds rest on, at most."""
PARTED = (
    "Trends may part after the start, from one period to the next, by at most so many times the "
    "most that they did before it. Intervals are shown at their wider side."
)
TOO_FEW = "No bounds: too few periods before and after the start have an interval."
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


def weights_output(about: About, one: Fitted) -> Output:
    """What two-way fixed effects compare with: one row per kind of comparison, with its weight.

    Weights follow from the calendar and the number of courts alone, so they stand in the labels.
    """
    (everyone,) = counts_of(one.trials, everyone_in(one))
    rows: list[dict[str, object]] = [
        {"term": COMPARED, "level": f"{BESIDE[kind]}: {weight:.0%} of the weight"}
        for kind, weight in two_way_parts(one.trials.cells()).items()
    ]
    rows.append({"term": ALL, "level": ALL})
    table = pd.DataFrame([row | everyone | dict.fromkeys(EFFECT, np.nan) for row in rows])
    made = about.output(
        "model",
        about.card.title,
        table[["term", "level", *COUNTS, *EFFECT]],
        dimensions=("term", "level"),
        roles=ROLES,
        notes=(WHY_TWO,),
    )
    return with_model_options(made, one, "group_time")


def bounds_output(about: About, one: Fitted) -> Output:
    """Intervals of the average effect if trends parted by a multiple of what was seen before."""
    times = _usable_times(one)
    found, why = _bounds(one, times)
    near: dict[str, set[Place]] = sides(
        [
            (int(wave), int(period))
            for wave, period, time in one.effects.group_time[
                ["group", "period", "event_time"]
            ].to_numpy()
            if times and times[0] <= time <= times[1]
        ],
        one.layout.waves,
        one.comparison,
    )
    at, everyone = counts_of(one.trials, near if times else everyone_in(one), everyone_in(one))
    rows = [_bounded(*row) | at for row in found]
    rows.append({"term": ALL, "level": ALL, **everyone, **dict.fromkeys(EFFECT, np.nan)})
    made = about.output(
        "model",
        about.card.title,
        pd.DataFrame(rows)[["term", "level", *COUNTS, *EFFECT]],
        dimensions=("term", "level"),
        roles=ROLES,
        notes=(PARTED, *why),
    )
    return with_model_options(made, one, "event_study")


def _bounds(
    one: Fitted, times: tuple[int, int] | None
) -> tuple[list[tuple[str, float, float, float]], tuple[str, ...]]:
    """Multiple, estimate, lower and upper of each row; and why there are none."""
    nothing = [(f"{multiple:g}", np.nan, np.nan, np.nan) for multiple in (0, *MULTIPLES)]
    if not times:
        return nothing, (TOO_FEW,)
    try:
        found = honest_bounds(one.effects, relative_magnitudes=MULTIPLES, window=times)
    except MetricError:
        return nothing, (TOO_FEW,)
    rows = [("0", found.estimate, found.lower, found.upper)]
    bounds = found.table[["bound", "lower", "upper"]].to_numpy(dtype=np.float64)
    rows += [(f"{m:g}", found.estimate, float(low), float(high)) for m, low, high in bounds]
    return rows, ()


def _bounded(multiple: str, estimate: float, low: float, high: float) -> dict[str, object]:
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
