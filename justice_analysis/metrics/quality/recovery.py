"""How well planted truth is recovered: the metric beside what happened in a synthetic world.

Only for warehouses loaded from the synthetic world, whose truth is kept apart from what it
delivers. Truth goes through the same estimators, so that what differs is data, not method.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import follow_up, observed_period, select
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.incidence import incidence
from justice_analysis.metrics.estimates.result import IncidenceResult, horizon_words, year_days
from justice_analysis.metrics.family.recurrence import (
    CLOCK_WORDS,
    GROUP_ORDERS,
    HORIZONS,
    recurrence,
)
from justice_analysis.metrics.family.recurrence_definition import CARD, RecurrenceOptions

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

Z_95 = 1.959964
SHARES = ("planted", "true", "measured", "lower", "upper")
WELSH = "cafcass_cymru"
EPISODES = {"mother": "mother_episode", "father": "father_episode"}


@dataclass(frozen=True)
class Recovery:
    """A metric's results beside the truth, on one synthetic world.

    Attributes
    ----------
    measured, true
        The metric on the delivered data, and on what happened; by group if it was asked for.
    planted
        The chance that the world was given, by group and horizon in days.
    """

    measured: IncidenceResult
    true: IncidenceResult
    planted: Mapping[tuple[str, int], float]

    @property
    def table(self) -> pd.DataFrame:
        """One row per group and horizon: what was planted, what came true, what is measured.

        `standard_errors` is measured minus planted, in standard errors of the measured share
        (read from its interval); `is_within` says whether the interval holds what was planted.
        `at_risk` is the fewer of those still followed in the data and in truth.
        """
        keys = ["group", "cause", "horizon_days"]
        true = self.true.table[[*keys, "people", "at_risk", "estimate"]]
        both = self.measured.table.merge(true, on=keys, suffixes=("", "_true"))
        both["at_risk"] = both[["at_risk", "at_risk_true"]].min(axis=1)
        places = zip(both["group"], both["horizon_days"], strict=True)
        both["planted"] = [self.planted[place] for place in places]
        error = (both["upper"] - both["lower"]) / (2 * Z_95)
        both["standard_errors"] = (both["estimate"] - both["planted"]) / error.where(error > 0)
        both["is_within"] = both["planted"].between(both["lower"], both["upper"])
        return both

    def returns(self, title: str) -> Output:
        """Planted, true and measured shares at each horizon, as an output."""
        rows = self.table.rename(columns={"estimate": "measured", "estimate_true": "true"})
        rows["horizon"] = [horizon_words(days) for days in rows["horizon_days"]]
        several = rows["group"].nunique() > 1
        dimensions = ["group", "horizon"] if several else ["horizon"]
        kept = [*dimensions, "people", "returned", "at_risk", *SHARES]
        return Output(
            kind="estimates",
            title=title,
            table=rows[kept],
            dimensions=tuple(dimensions),
            roles=ColumnRoles(
                people="people",
                count=("at_risk",),
                numerator="returned",
                denominator="people",
                estimate=SHARES[:3],
                lower=("lower",),
                upper=("upper",),
            ),
            unit=self.measured.unit,
            population=self.measured.population,
            population_hash=self.measured.population_hash,
            card=self.measured.card.name,
            subtitle=self.measured.population,
            chart=None
            if several
            else Chart(
                form="dots",
                x="horizon",
                y="measured",
                lower="lower",
                upper="upper",
                y_title=f"Share of {self.measured.unit}; intervals are 95%",
                percent=True,
                beside=("planted", "true"),
            ),
            notes=("True: what happened in the synthetic world to those it follows.",),
            options=dataclasses.asdict(self.measured.options),  # type: ignore[call-overload]
            shares=SHARES,
            about=self.measured.about,
            within=self.measured.within,
            family=self.measured.family,
        )


def recovery(
    warehouse: Warehouse,
    truth: Path,
    *,
    parent: str = "mother",
    index_from: str,
    index_to: str,
    by: str | None = None,
) -> Recovery:
    """Measure recurrence on a synthetic world's delivered data, and on its truth.

    Parameters
    ----------
    truth
        The world's `truth` folder.
    parent
        `mother` or `father`.
    by
        None, or `age_band` (mothers).

    Raises
    ------
    MetricError
        If the warehouse is not synthetic or the folder holds no truth.
    """
    if not warehouse.is_synthetic:
        raise MetricError("truth is known of synthetic data only: this warehouse is not.")
    options = RecurrenceOptions(parent=parent, index_from=index_from, index_to=index_to, by=by)
    measured = recurrence(warehouse, **dataclasses.asdict(options))
    return Recovery(measured, _true(warehouse, truth, options), _planted(truth, options))


def recovered_returns(
    warehouse: Warehouse, truth: Path | None, *, title: str, **options: Any
) -> dict[str, Output]:
    """Planted, true and measured returns as an output, where the truth is known.

    Parameters
    ----------
    truth
        The world's `truth` folder; missing on real data.
    title
        Of the output.
    **options
        As in `recovery`.

    Returns
    -------
    dict of Output
        `recovered`; empty on real data.
    """
    if truth is None:
        return {}
    return {"recovered": recovery(warehouse, truth, **options).returns(title)}


def _planted(truth: Path, options: RecurrenceOptions) -> dict[tuple[str, int], float]:
    """Planted chances by group and horizon, from the world's own record."""
    try:
        planted = json.loads((truth / "planted.json").read_text("utf-8"))
    except FileNotFoundError:
        raise MetricError("the truth must hold planted.json: the folder does not.") from None
    whose = f"{options.parent}s"
    curves = planted[f"{whose}_by_age"] if options.by else {"all": planted[whose]}
    days = [year_days(year) for year in planted["years"]]
    return {
        (group, day): chance
        for group, chances in curves.items()
        for day, chance in zip(days, chances, strict=True)
    }


def _true(warehouse: Warehouse, truth: Path, options: RecurrenceOptions) -> IncidenceResult:
    """Recurrence of the people who truly had their first set in the window."""
    _, observed_to = observed_period(warehouse, sources=options.precedence)
    first = _first_episodes(warehouse, truth, options).mutate(end=ibis.literal(observed_to))
    frame = follow_up(first, start="issue_date", event="return_issue_date", end="end")
    kept, flow = select(
        frame,
        start=f"{options.parent}s with a first set in the window",
        steps=[("at risk for a day or more", frame.duration_days > 0)],
    )
    truth_of_world = incidence(
        kept.mutate(group=kept.age_group if options.by else ibis.literal("all")),
        card=CARD,
        options=options,
        unit=f"{options.parent}s",
        event="a further set of care proceedings",
        clock=CLOCK_WORDS[options.clock],
        horizons=HORIZONS,
        flow=flow,
        population="True first sets in the window",
        warehouse=warehouse,
        group_order=GROUP_ORDERS.get(options.by or "", ()),
    )
    # Who truly had a first set is not who was delivered as having one.
    return dataclasses.replace(
        truth_of_world, population_hash=f"{truth_of_world.population_hash}:truth"
    )


def _first_episodes(warehouse: Warehouse, truth: Path, options: RecurrenceOptions) -> ir.Table:
    name = EPISODES[options.parent]
    episodes = _episodes(warehouse, truth, name)
    if WELSH in warehouse.sources:
        # Families of Wales are in this dataset alone, and so is their truth in one of its own.
        episodes = engine.union(episodes, _episodes(warehouse, truth, f"welsh_{name}"))
    return episodes.filter(
        episodes.set_number == 1,
        episodes.issue_date >= ibis.date(options.index_from),
        episodes.issue_date < ibis.date(options.index_to),
    )


def targets(table: pd.DataFrame, title: str, *, population_hash: str = "world") -> Output:
    """Show a world's calibration (target, planted, achieved) as an output.

    Parameters
    ----------
    table
        One row per target, from `synthetic.calibration_table`.
    """
    shown = table.rename(
        columns={"target_value": "aimed_at", "planted_value": "planted", "achieved": "true"}
    )[["target", "source", "people", "events", "at_risk", "aimed_at", "planted", "true"]]
    return Output(
        kind="estimates",
        title=title,
        table=shown,
        dimensions=("target", "source"),
        roles=ColumnRoles(
            people="people",
            count=("at_risk",),
            numerator="events",
            denominator="people",
            estimate=("aimed_at", "planted", "true"),
        ),
        unit="people in the synthetic world",
        population="The whole synthetic world",
        population_hash=population_hash,
        shares=("aimed_at", "planted", "true"),
        notes=("Aimed at: a published figure where the source names one, else our own fit.",),
    )


def _episodes(warehouse: Warehouse, truth: Path, name: str) -> ir.Table:
    # A large world is written in numbered parts.
    files = [truth / f"{name}.parquet", *sorted(truth.glob(f"{name}_[0-9]*.parquet"))]
    there = [file for file in files if file.is_file()]
    if not there:
        raise MetricError(f"the truth must hold {name}.parquet: the folder does not.")
    return engine.read_parquet(warehouse.backend, there)
