"""True rates of missed and false links, and whether the bounds hold: synthetic worlds only.

The truth of a synthetic world says whose each delivered record is. Joined to the people that
links made, it gives the true m, f and c of `book/linkage-error.md` for recurrence by group.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine, models
from justice_analysis.cohorts import CENSORED, counts_by_day
from justice_analysis.definitions import Output
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.result import EVERYONE
from justice_analysis.metrics.family.recurrence import follow_first_of, numbered_sets
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions
from justice_analysis.metrics.linkage.corrections import bounds_row, group_of
from justice_analysis.metrics.linkage.definition import SensitivityOptions
from justice_analysis.metrics.linkage.further_cases import FurtherCases, further_cases
from justice_analysis.metrics.linkage.sensitivity import BOUNDS_ROLES
from justice_analysis.metrics.quality.recovery import EPISODES, WELSH, Recovery, recovery

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

RECEIPT_DAYS = 14
"""A set is delivered as received up to so many days after it was truly issued."""


@dataclass(frozen=True)
class LinkTruth:
    """True link errors of recurrence in a synthetic world, beside what correction makes of them.

    Attributes
    ----------
    table
        One row per group: `people` counted, `observed` (q), `true` (p), `missed` (m: further
        sets not joined to the person's earlier one, of those delivered), `missed_pairs` (how
        many pairs of sets that rests on), `not_seen` (of people with a true return, those not
        seen to return for whatever reason), `false` (f by the horizon), `false_firsts` (c),
        `corrected` (p by equation 4 from the true rates, p2 as far as the data show it), `least`
        and `greatest` (bounds by the ranges asked for), `lower` and `upper` (with chance),
        `holds_truth`, `holds_truth_with_chance`.
    recovered
        Recurrence on the delivered data and on the truth.
    options
        The ranges of the bounds.
    horizon_days
        At which everything is read.
    """

    table: pd.DataFrame
    recovered: Recovery
    options: SensitivityOptions
    horizon_days: int

    def bounds(self, title: str) -> Output:
        """Observed and true shares with the bounds, by group, as an output."""
        measured = self.recovered.measured
        rows = measured.table[measured.table["horizon_days"] == self.horizon_days]
        counts = rows[["group", "people", "returned", "at_risk"]]
        shown = self.table.drop(columns="people").merge(counts, on="group")
        shown["middle"] = (shown["least"] + shown["greatest"]) / 2
        roles = dataclasses.replace(BOUNDS_ROLES, estimate=(*BOUNDS_ROLES.estimate, "true"))
        columns = ["group", *roles.counts, *roles.statistics]
        base = measured.estimates(title)
        return dataclasses.replace(
            base,
            table=shown[columns],
            dimensions=("group",),
            roles=roles,
            chart=None,
            shares=roles.statistics,
            notes=(*base.notes, "True: what happened in the synthetic world."),
        )


def link_truth(
    warehouse: Warehouse,
    truth: Path,
    *,
    horizon_days: int,
    index_from: str,
    index_to: str,
    parent: str = "mother",
    by: str | None = None,
    ranges: SensitivityOptions | None = None,
) -> LinkTruth:
    """Compare bounds and correction of recurrence with the truth of a synthetic world.

    Parameters
    ----------
    truth
        The world's `truth` folder.
    by
        None, or `age_band` (mothers).
    ranges
        Whose `missed_range`, `false_range` and `again_range` the bounds take.

    Raises
    ------
    MetricError
        If the warehouse is not synthetic, holds Welsh families, or the folder holds no truth.
    """
    if WELSH in warehouse.sources:
        raise MetricError(
            "the truth of links is read for England: load the world without cafcass_cymru."
        )
    chosen = ranges or SensitivityOptions()
    recovered = recovery(
        warehouse, truth, parent=parent, index_from=index_from, index_to=index_to, by=by
    )
    options = RecurrenceOptions(parent=parent, index_from=index_from, index_to=index_to, by=by)
    named = _named_sets(warehouse, truth, options)
    pairs = _by_group(_pairs(named, truth, options), missed=lambda t: t.missed.cast("float64"))
    counted = engine.materialise(_counted(warehouse, named, truth, options), step="link truth")
    facts = _facts(counted, horizon_days)
    further = further_cases(warehouse, options, horizon_days=horizon_days)
    rows = [
        _row(
            recovered,
            group,
            {**facts[group], **pairs[group]},
            further.get(group),
            chosen,
            horizon_days,
        )
        for group in recovered.measured.table["group"].unique()
        if group in facts and group in pairs
    ]
    return LinkTruth(pd.DataFrame(rows), recovered, chosen, horizon_days)


def _named_sets(warehouse: Warehouse, truth: Path, options: RecurrenceOptions) -> ir.Table:
    """Each delivered parent's sets, with whose they truly are: adds `true_id`, may be missing."""
    numbered = numbered_sets(warehouse, options)
    record = engine.read_parquet(warehouse.backend, _files(truth, "record"))
    links = warehouse.link.select("record_id", "source", "source_table", "source_key").distinct()
    of_record = links.join(
        record,
        [
            links.source == record.dataset,
            links.source_table == record.table,
            links.source_key == record.key,
        ],
    ).select("record_id", true_id=record.person_id)
    of_record = of_record.group_by("record_id").aggregate(true_id=ibis._.true_id.min())
    cases = warehouse.case.select("case_id", "proceeding_id")
    parties = warehouse.party.filter(warehouse.party.person_id.notnull())
    parties = parties.select("case_id", "person_id", "record_id").join(cases, "case_id")
    owned = parties.join(of_record, "record_id").group_by("person_id", "proceeding_id")
    whose = owned.aggregate(true_id=ibis._.true_id.min())
    joined = numbered.left_join(whose, ["person_id", "proceeding_id"])
    return engine.materialise(
        joined.drop("person_id_right", "proceeding_id_right"), step="true owners of sets"
    )


def _files(truth: Path, name: str) -> list[Path]:
    found = [truth / f"{name}.parquet", *sorted(truth.glob(f"{name}_[0-9]*.parquet"))]
    there = [path for path in found if path.is_file()]
    if not there:
        raise MetricError(f"the truth must hold {name}.parquet: the folder does not.")
    return there


def _episodes(warehouse_backend: Any, truth: Path, options: RecurrenceOptions) -> ir.Table:
    """True sets: `true_id`, `true_number`, `true_issue`, `true_return`, `true_group`."""
    found = engine.read_parquet(warehouse_backend, _files(truth, EPISODES[options.parent]))
    group = found.age_group if options.by else ibis.literal(EVERYONE)
    return found.select(
        true_id=found[f"{options.parent}_id"],
        true_number="set_number",
        true_issue="issue_date",
        true_return="return_issue_date",
        true_group=group,
    )


def _pairs(named: ir.Table, truth: Path, options: RecurrenceOptions) -> ir.Table:
    """Consecutive delivered sets of one true person: are both with one delivered person?"""
    known = named.filter(named.true_id.notnull())
    once = known.group_by("true_id", "proceeding_id").aggregate(
        issue_date=known.issue_date.min(), person_id=known.person_id.min()
    )
    window = ibis.window(group_by="true_id", order_by=["issue_date", "proceeding_id"])
    both = once.mutate(
        before=once.person_id.lag().over(window), before_issue=once.issue_date.lag().over(window)
    )
    both = both.filter(both.before.notnull(), both.before_issue >= ibis.date(options.index_from))
    first = _episodes(named.get_backend(), truth, options)
    first = first.filter(first.true_number == 1).select("true_id", group="true_group")
    return both.join(first, "true_id").mutate(missed=both.before != both.person_id)


def _counted(
    warehouse: Warehouse, named: ir.Table, truth: Path, options: RecurrenceOptions
) -> ir.Table:
    """One row per person counted: what is seen, and what is true of it."""
    frame, _ = follow_first_of(warehouse, named.drop("true_id"), options)
    owner = named.select("person_id", "proceeding_id", "true_id")
    index = frame.join(owner, ["person_id", "proceeding_id"])
    back = named.select("person_id", return_issue="issue_date", return_id="true_id")
    back = back.group_by("person_id", "return_issue").aggregate(return_id=back.return_id.min())
    rows = index.left_join(back, ["person_id", "return_issue"])
    rows = rows.drop("person_id_right", "return_issue_right")
    episodes = _episodes(warehouse.backend, truth, options)
    both = rows.select("person_id", "true_id", "index_issue").join(episodes, "true_id")
    latest = engine.add_days(both.index_issue, RECEIPT_DAYS)
    until = both.filter(both.true_issue <= latest)
    number = until.group_by("person_id").aggregate(true_number=until.true_number.max())
    placed = rows.left_join(number, "person_id").drop("person_id_right")
    own = episodes.select("true_id", "true_number", "true_return", "true_issue")
    full = placed.left_join(own, ["true_id", "true_number"])
    event = full.outcome == "event"
    return full.select(
        "person_id",
        "group",
        "duration_days",
        "entry_days",
        is_event=event,
        is_false_first=(full.true_number > 1).fill_null(False),
        is_false_return=event & (full.return_id != full.true_id).fill_null(True),
        true_days=engine.days_between(full.true_return, full.true_issue),
    )


def _by_group(table: ir.Table, **means: Any) -> dict[str, dict[str, float]]:
    values = {name: expression(table).mean() for name, expression in means.items()}
    found = engine.execute(
        table.group_by("group").aggregate(rows=table.count(), **values), step="link truth"
    )
    return {str(row["group"]): dict(row) for row in found.to_dict("records")}


def _facts(counted: ir.Table, horizon_days: int) -> dict[str, dict[str, float]]:
    """By group: c, f by the horizon, and true returns that were due and seen."""
    due = (counted.true_days <= horizon_days) & ~counted.is_false_first
    followed = due & (counted.is_event | (counted.duration_days >= counted.true_days))
    seen = counted.is_event & (counted.duration_days <= horizon_days + RECEIPT_DAYS)
    found = engine.execute(
        counted.group_by("group").aggregate(
            people=counted.count(),
            false_firsts=counted.is_false_first.cast("float64").mean(),
            due=followed.fill_null(False).cast("int64").sum(),
            seen=(followed & seen & ~counted.is_false_return).fill_null(False).cast("int64").sum(),
        ),
        step="link truth",
    )
    outcome = counted.is_false_return.ifelse("event", CENSORED)
    by_day = counts_by_day(counted.mutate(outcome=outcome), groups=["group"])
    f = {str(group): _incidence(rows, horizon_days) for group, rows in by_day.groupby("group")}
    return {
        str(row["group"]): {**row, "false": f[str(row["group"])]}
        for row in found.to_dict("records")
    }


def _incidence(rows: pd.DataFrame, horizon_days: int) -> float:
    exits = rows[rows["outcome"] != "entered"]
    is_event = exits["outcome"] == "event"
    counts = models.daily_counts(
        exits["day"].to_numpy(),
        exits["people"].where(is_event, 0).to_numpy(),
        exits["people"].where(~is_event, 0).to_numpy(),
    )
    return float(1 - models.at_times(models.kaplan_meier(counts), horizon_days).estimate[0])


def _row(
    recovered: Recovery,
    group: str,
    facts: dict[str, float],
    further: FurtherCases | None,
    chosen: SensitivityOptions,
    horizon_days: int,
) -> dict[str, Any]:
    measured = {
        str(name): value for name, value in recovered.measured.at(horizon_days, group).items()
    }
    true = float(recovered.true.at(horizon_days, group)["estimate"])
    m, f = facts["missed"], facts["false"]
    examined = group_of(measured, further, chosen)
    bounds = bounds_row(examined, chosen)
    corrected = examined.corrected(missed=m, false=f)
    return {
        "group": group,
        "people": int(measured["people"]),
        "observed": measured["estimate"],
        "true": true,
        "missed": m,
        "missed_pairs": int(facts["rows"]),
        "not_seen": 1 - facts["seen"] / facts["due"] if facts["due"] else 0.0,
        "false": f,
        "false_firsts": facts["false_firsts"],
        "corrected": corrected,
        "least": bounds["least"],
        "greatest": bounds["greatest"],
        "lower": bounds["least_with_chance"],
        "upper": bounds["greatest_with_chance"],
        "holds_truth": bool(bounds["least"] <= true <= bounds["greatest"]),
        "holds_truth_with_chance": bool(
            bounds["least_with_chance"] <= true <= bounds["greatest_with_chance"]
        ),
    }
