"""Both designs as outputs: every row with the people behind both of its sides."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.definitions.comparison import (
    COUNTS,
    ESTIMATES,
    LOWER,
    SHARE,
    TREATED,
    UPPER,
    comparison_roles,
)
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.models.intervals import wilson

if TYPE_CHECKING:
    from justice_analysis.evaluation.transfer.releases import Releases
    from justice_analysis.models.staggered import StaggeredEffects

ALL = "all"
OUTCOME = "One-year reconviction rate, on court records"
EFFECT = ("estimate", "standard_error", "lower", "upper")
SIDES = ("people", "treated_people", "comparison_people")
MOST = 6
"""Half-years before and after the start that are shown."""
TERM = "half-years since the court had the programme"


def designs_output(about: About, rows: Sequence[Mapping[str, object]]) -> Output:
    """Differences by design: kind `comparison`, one row per design."""
    table = pd.DataFrame(list(rows)).assign(outcome=OUTCOME)
    columns = ["design", "outcome", TREATED, *COUNTS, *ESTIMATES, LOWER, UPPER]
    return about.output(
        "comparison",
        "One programme under two designs, and the truth",
        table[columns],
        dimensions=("design", "outcome"),
        roles=comparison_roles(SHARE),
        notes=(
            "Of difference-in-differences the comparison is what the design says would have "
            "been; of the truth it is what would have been.",
            "The interval scaled to participants takes the share who took part as known.",
        ),
    )


def event_study_output(about: About, releases: Releases, effects: StaggeredEffects) -> Output:
    """Effects on everyone eligible by half-years since the start: kind `model`."""
    table = effects.event_study
    table = table[table["event_time"].between(-MOST, MOST - 1)].reset_index(drop=True)
    shown = table[list(EFFECT)].astype(float)
    lost = shown["standard_error"].isna() & (table["reason"] != "reference period")
    shown.loc[lost.to_numpy()] = np.nan
    sides = [_sides(releases.rows, int(time)) for time in table["event_time"]]
    told = pd.concat([pd.DataFrame(sides), shown], axis=1)
    told.insert(0, "term", TERM)
    told.insert(1, "level", [_since(int(time)) for time in table["event_time"]])
    everyone = releases.rows
    reached = everyone["wave"] > 0
    last = {"term": ALL, "level": ALL, **_people(everyone[reached], everyone[~reached])}
    told = pd.concat([told, pd.DataFrame([last])], ignore_index=True)
    made = about.output(
        "model",
        "Reconviction of everyone eligible, before and after courts had the programme",
        told[["term", "level", *SIDES, *EFFECT]],
        dimensions=("term", "level"),
        roles=ColumnRoles(
            people="people",
            count=SIDES[1:],
            estimate=("estimate", "standard_error"),
            lower=("lower",),
            upper=("upper",),
            statistic={"estimate": "difference", "standard_error": "standard error"},
        ),
        chart=Chart(
            form="dots",
            x="level",
            y="estimate",
            lower="lower",
            upper="upper",
            y_title="Difference in the share reconvicted",
        ),
        notes=("Errors are clustered by court.",),
    )
    cells = int(everyone.groupby(["wave", "period"]).ngroups)
    options = {
        **made.options,
        "model": "event_study",
        "reference": {},
        "residual_df": max(len(everyone) - cells, 0),
        "observations": len(everyone),
    }
    return dataclasses.replace(made, options=options)


def _since(time: int) -> str:
    if time == 0:
        return "the half-year of the start"
    return f"{abs(time)} {'after' if time > 0 else 'before'}"


def _sides(rows: pd.DataFrame, time: int) -> dict[str, int]:
    """People in the waves and periods that one event time is made of."""
    treated = np.zeros(len(rows), dtype=bool)
    beside = np.zeros(len(rows), dtype=bool)
    wave, period = rows["wave"].to_numpy(), rows["period"].to_numpy()
    for own in np.unique(wave[wave > 0]):
        at, base = own + time, own - 1
        if not 1 <= at <= period.max():
            continue
        inside = np.isin(period, [at, base])
        treated |= (wave == own) & inside
        beside |= ((wave == 0) | (wave > max(at, base))) & (wave != own) & inside
    return _people(rows[treated], rows[beside])


def _people(treated: pd.DataFrame, beside: pd.DataFrame) -> dict[str, int]:
    """Distinct people behind an effect."""
    both = np.union1d(treated["person"].to_numpy(), beside["person"].to_numpy())
    return {
        "people": len(both),
        "treated_people": int(treated["person"].nunique()),
        "comparison_people": int(beside["person"].nunique()),
    }


def take_up_output(about: About, releases: Releases) -> Output:
    """Share of those eligible who took part, by when their court had it: kind `estimates`."""
    rows = releases.rows[releases.rows["reached"]]
    first = rows.sort_values(["took_part"], ascending=False, kind="stable")
    first = first.drop_duplicates("person")
    found = first.groupby("wave").agg(people=("person", "size"), took_part=("took_part", "sum"))
    total = pd.DataFrame([found.sum()], index=[0])
    table = pd.concat([found, total])
    interval = wilson(table["took_part"].to_numpy(), table["people"].to_numpy())
    table = table.assign(estimate=interval.estimate, lower=interval.lower, upper=interval.upper)
    table.insert(0, "start", [ALL if not w else releases.words(int(w)) for w in table.index])
    return about.part("reached").output(
        "estimates",
        "Share of people eligible who took part, by when their court had the programme",
        table,
        dimensions=("start",),
        roles=ColumnRoles(
            people="people",
            numerator="took_part",
            denominator="people",
            estimate=("estimate",),
            lower=("lower",),
            upper=("upper",),
        ),
        shares=("estimate", "lower", "upper"),
    )
