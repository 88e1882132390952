"""Effects of a roll-out as outputs: each row with the people behind both of its sides."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.evaluation.roll_out.behind import COUNTS, Place, people_behind, sides
from justice_analysis.evaluation.roll_out.design import UNREACHED, Layout
from justice_analysis.evaluation.roll_out.estimates import pre_trend
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.periods import year
from justice_analysis.metrics.estimates.person_parts import aggregated, margins, stacked
from justice_analysis.metrics.estimates.shares import with_interval

if TYPE_CHECKING:
    from justice_analysis.cohorts import Flow
    from justice_analysis.evaluation.roll_out.trials import Trials
    from justice_analysis.models.staggered import StaggeredEffects

ALL = "all"
SIGNIFICANT = 0.05
EFFECT = ("estimate", "standard_error", "lower", "upper")
ROLES = ColumnRoles(
    people="people",
    count=("treated_people", "comparison_people"),
    estimate=("estimate", "standard_error"),
    lower=("lower",),
    upper=("upper",),
    statistic={"estimate": "difference", "standard_error": "standard error"},
    cases="cases",
    groups_behind={
        "treated_people": "treated_cases",
        "comparison_people": "comparison_cases",
    },
)
POINTS = "Difference in the share convicted"
ERRORS = (
    "Errors are clustered by court, with Student's t on the number of courts less one; the "
    "measure is compared with courts not yet reached."
)


@dataclasses.dataclass(frozen=True, eq=False)
class Fitted:
    """What was fitted to the trials of one level."""

    trials: Trials
    layout: Layout
    effects: StaggeredEffects
    comparison: str

    @property
    def after(self) -> list[Place]:
        """Wave and period of each effect since the start that has an estimate."""
        table = self.effects.group_time
        kept = table[(table["event_time"] >= 0) & table["estimate"].notna()]
        return [(int(g), int(t)) for g, t in zip(kept["group"], kept["period"], strict=True)]


def event_study_output(about: About, fitted: Fitted) -> Output:
    """Effects by time since the start: one row per number of periods before or after it."""
    table = fitted.effects.event_study
    made = fitted.effects.group_time.dropna(subset="estimate")
    places = {
        number: [
            (int(g), int(t))
            for g, t, e in zip(made["group"], made["period"], made["event_time"], strict=True)
            if e == time or (time == -1 and e == 0)
        ]
        for number, time in enumerate(table["event_time"])
    }
    labels = [_since(int(time), fitted.layout.length) for time in table["event_time"]]
    rows = _effect_rows(table, ["time since the start"] * len(table), labels)
    chart = Chart(
        form="dots", x="level", y="estimate", lower="lower", upper="upper", y_title=POINTS
    )
    notes = (_movement(fitted.effects),)
    return _model(about, fitted, rows, places, model="event_study", chart=chart, notes=notes)


def _movement(effects: StaggeredEffects) -> str:
    """What the test of movement before the start says, in words."""
    found = pre_trend(effects)
    if found is None:
        return "Movement before the start cannot be tested: too few periods have an interval."
    said = "finds" if found < SIGNIFICANT else "does not find"
    return (
        f"The test of the mean effect in the last periods before the start {said} that courts "
        "moved differently before it, at the 95% level. With few cases it finds little."
    )


def group_time_output(about: About, fitted: Fitted) -> Output:
    """Effects by wave and period: one row per wave and period of receipt."""
    table = fitted.effects.group_time
    places = {
        number: [(int(wave), int(period))]
        for number, (wave, period) in enumerate(table[["group", "period"]].to_numpy())
    }  # fmt: skip
    terms = [fitted.layout.wave_words(int(wave)) for wave in table["group"]]
    labels = [fitted.layout.period_words(int(period)) for period in table["period"]]
    return _model(about, fitted, _effect_rows(table, terms, labels), places, model="group_time")


def _since(time: int, length: str) -> str:
    """A number of periods from the start, in words that sort."""
    unit = length.replace("_", " ")
    if time == 0:
        return f"the {unit} of the start"
    return f"{abs(time)} {unit}{'s' if abs(time) > 1 else ''} {'after' if time > 0 else 'before'}"


def _effect_rows(table: pd.DataFrame, terms: Sequence[str], labels: Sequence[str]) -> pd.DataFrame:
    """Rows of effects with their names; an estimate without an interval is left out."""
    shown = table[[*EFFECT]].astype(float).copy()
    lost = shown["standard_error"].isna() & (table["reason"] != "reference period")
    shown.loc[lost.to_numpy(), list(EFFECT)] = np.nan
    shown.insert(0, "term", list(terms))
    shown.insert(1, "level", list(labels))
    return shown.assign(reason=table["reason"].to_numpy())


def _model(
    about: About,
    fitted: Fitted,
    rows: pd.DataFrame,
    places: Mapping[int, Sequence[Place]],
    *,
    model: str,
    chart: Chart | None = None,
    notes: tuple[str, ...] = (),
) -> Output:
    """Add the row of everyone and the people behind every row."""
    waves = fitted.layout.waves
    wanted = {n: sides(of, waves, fitted.comparison) for n, of in places.items()}
    wanted[len(rows)] = everyone_in(fitted)
    counts = people_behind(fitted.trials, wanted)
    everyone = pd.DataFrame([{"term": ALL, "level": ALL, **dict.fromkeys(EFFECT, np.nan)}])
    table = pd.concat([rows.drop(columns="reason"), everyone], ignore_index=True)
    table = pd.concat([table, counts.reset_index(drop=True)], axis=1)
    made = about.output(
        "model",
        about.card.title,
        table[["term", "level", *COUNTS, *EFFECT]],
        dimensions=("term", "level"),
        roles=ROLES,
        chart=chart,
        notes=(*_reasons(rows), ERRORS, *notes),
    )
    return with_model_options(made, fitted, model)


def with_model_options(output: Output, fitted: Fitted, model: str) -> Output:
    """Say which model it is, and what it rests on."""
    observations = int(fitted.trials.cells()["units"].sum())
    cells = (len(fitted.layout.waves) + 1) * fitted.layout.periods
    rests = {"residual_df": max(observations - cells, 0), "observations": observations}
    options = {**output.options, "model": model, "reference": {}, **rests}
    return dataclasses.replace(output, options=options)


def everyone_in(fitted: Fitted) -> dict[str, set[Place]]:
    """Everyone in the model: reached courts, and those that stood beside them."""
    periods = range(1, fitted.layout.periods + 1)
    treated = {(wave, at) for wave in fitted.layout.waves for at in periods}
    effects = [(wave, at) for wave in fitted.layout.waves for at in periods if at >= wave - 1]
    beside = sides(effects, fitted.layout.waves, fitted.comparison)["comparison"]
    return {"treated": treated, "comparison": beside | {(UNREACHED, at) for at in periods}}


def _reasons(rows: pd.DataFrame) -> tuple[str, ...]:
    """Why rows have no estimate or interval; reference periods need none."""
    reasons = rows.loc[~rows["reason"].isin(["", "reference period"]), "reason"]
    return tuple(f"Rows without an estimate: {reason}." for reason in sorted(set(reasons)))


def rates_output(about: About, fitted: Fitted) -> Output:
    """Share convicted by wave and year of receipt, with 95% Wilson intervals."""
    rows, layout = fitted.trials.kept, fitted.layout
    words = {wave: layout.wave_words(wave) for wave in (UNREACHED, *layout.waves)}
    cases = [(rows.wave == wave, said) for wave, said in words.items()]
    by = ("courts", "received")
    named = rows.select(
        "unit_key",
        "person_key",
        "case_id",
        "convicted",
        courts=ibis.cases(*cases, else_="not known"),
        received=year(rows.received),
    )
    columns = {}
    keys = {"units": "unit_key", "people": "person_key", "cases": "case_id"}
    for name, key in keys.items():
        columns[name] = named[key].nunique()
        met = "convicted" if name == "units" else f"{name}_convicted"
        columns[met] = named[key].nunique(where=named.convicted)
    found = [aggregated(named, groups, columns) for groups in margins(by, totals=True)]
    table = with_interval(stacked(found, by), "convicted", "units")
    roles = ColumnRoles(
        people="people",
        numerator="convicted",
        denominator="units",
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
        cases="cases",
        people_behind={"units": "people", "convicted": "people_convicted"},
        groups_behind={"units": "cases", "convicted": "cases_convicted"},
    )
    shares = ("estimate", "lower", "upper")
    behind = ["people", "people_convicted", "cases", "cases_convicted", "units", "convicted"]
    return about.output(
        "estimates",
        about.card.title,
        table[[*by, *behind, *shares]],
        dimensions=by,
        roles=roles,
        shares=shares,
        overlapping=by,
    )


def selection_output(about: About, flow: Flow, cases: Sequence[int]) -> Output:
    """People left at each step, with the cases that they are in."""
    lost = [0, *(before - after for before, after in pairwise(cases))]
    table = flow.table().assign(cases=list(cases), cases_excluded=lost)
    # Someone in two cases is one of a group all the same, so the fewest of these stands.
    behind = ["cases_excluded", "cases", "people_excluded"]
    table["cases_excluded"] = table[behind].min(axis=1)
    return about.output(
        "attrition",
        about.card.title,
        table,
        dimensions=("step",),
        roles=ColumnRoles(
            people="people",
            count=("people_excluded",),
            cases="cases",
            groups_behind={"people_excluded": "cases_excluded"},
        ),
        chart=Chart(form="flow", x="step", y="people"),
    )
