"""Stretches as outputs for release: medians of the slower places beside the others'."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from justice_analysis.definitions import Chart, Output
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.journeys.entry_waits import entry_output, quantiles
from justice_analysis.metrics.journeys.stretches_found import Found, Look, people_in

NONE_FOUND = "no stretch found"
EVERY_PLACE, EVERY_QUARTER = "every place", "every quarter"
SLOWER, OTHERS = "slower places", "other places"
INSIDE, OUTSIDE = "in the stretch", "in other quarters"


def stretch_outputs(
    about: About,
    rows: ir.Table,
    looks: Sequence[Look],
    found: Sequence[Found],
    names: dict[str, str],
    *,
    level: str = "",
) -> dict[str, Output]:
    """Medians of the slower and the other places, and of each named place where wanted."""
    table = [row for one in found for row in _compared(one, rows)]
    table += [_nothing(look, rows) for look in looks if len(look.counts) and not look.stretches]
    outputs = {"stretches": _output(about, table)}
    if level and found:
        named = [row for one in found for row in _by_place(one, rows, names, level)]
        outputs["places"] = _output(about, named, level, places={level: level})
    return outputs


def _output(about: About, table: list[dict[str, Any]], x: str = "group", **others: Any) -> Output:
    frame = pd.DataFrame(table)
    alone = len(frame[["stage", "since"]].drop_duplicates()) == 1 and "when" in frame
    chart = Chart(form="dots", x=x, y="median", group="when", lower="percentile_25",
                  upper="percentile_75", y_title="Median days, and quartiles")  # fmt: skip
    made = entry_output(
        about, frame.rename(columns={"cases": "units"}), units_name="cases", title=about.card.title,
        chart=chart, words="days in the stage", **others,
    )  # fmt: skip
    return made if alone else dataclasses.replace(made, chart=None)


def _compared(one: Found, rows: ir.Table) -> list[dict[str, Any]]:
    """The slower and the other places, in the stretch and in other quarters, without empty rows."""
    made = [
        _row(one, rows, one.slow, inside=inside, others=others)
        | {"group": OTHERS if others else SLOWER, "when": INSIDE if inside else OUTSIDE}
        for others in (False, True)
        for inside in (True, False)
    ]
    return [row for row in made if row["cases"]]


def _by_place(
    one: Found, rows: ir.Table, names: dict[str, str], level: str
) -> list[dict[str, Any]]:
    return [
        _row(one, rows, [place], inside=inside)
        | {level: names.get(place, place), "when": INSIDE if inside else OUTSIDE}
        for place in one.slow
        for inside in (True, False)
    ]


def _row(
    one: Found, rows: ir.Table, places: list[str], *, inside: bool, others: bool = False
) -> dict[str, Any]:
    counts = one.look.counts
    at = counts["place"].isin(places)
    when = counts["entered"].between(one.quarters[0], one.quarters[-1])
    chosen = counts[(~at if others else at) & (when if inside else ~when)]
    return {
        "stage": one.look.passage,
        "since": one.since,
        "until": one.until,
        **one.people(rows, places, inside=inside, others=others),
        **(quantiles(chosen["day"], chosen["cases"], chosen["has_left"]) if len(chosen) else {}),
    }


def _nothing(look: Look, rows: ir.Table) -> dict[str, Any]:
    """A stage in which no stretch was found: all of its cases."""
    counts = look.counts
    return {
        "stage": look.passage,
        "since": NONE_FOUND,
        "until": NONE_FOUND,
        "group": EVERY_PLACE,
        "when": EVERY_QUARTER,
        **people_in(rows.filter(rows.passage == look.passage)),
        **quantiles(counts["day"], counts["cases"], counts["has_left"]),
    }
