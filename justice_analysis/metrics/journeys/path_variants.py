"""Which ways cases go: the orders in which their stages are first reached."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.attrition import select
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output
from justice_analysis.metrics.journeys.stage_dates import (
    last_day_seen,
    stage_column,
    units_with_dates,
)
from justice_analysis.metrics.journeys.stages import READY, Stages, stages_named

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.warehouse import Warehouse

OTHER = "other paths"
NO_STAGE = "no stage is dated"
THEN, SAME_DAY = ", then ", " and "


@dataclass(frozen=True)
class PathVariantsOptions:
    """Options of `path_variants`; each names the rule it settles."""

    stages: str = choice("divorce", f"the set of stages: {', '.join(READY)}, or Stages of your own")
    least_people: int = choice(10, "fewest people of a path that is shown apart")
    most_paths: int = choice(8, "paths that are shown apart, the commonest first")

    def __post_init__(self) -> None:
        check_choices(self)
        if self.least_people < 1 or self.most_paths < 1:
            raise OptionError("least_people and most_paths must be at least 1.")


CARD = Card(
    name="path_variants",
    title="Paths of cases",
    question="Which ways do cases go through the stages, and how often?",
    definition=(
        "A path is the order in which a case first reached each stage (and each other step that "
        "the stages name) by the end of the data. Paths of fewer than least_people people, and "
        "those after the commonest most_paths, are together as other paths."
    ),
    counting_unit="cases (or defendants in a case)",
    population="Everyone in a case of the chosen kind",
    clock="The first date of each stage",
    does_not_count=(
        "stages that are reached again",
        "the time between stages: see stage_waits",
        "cases in which nobody is recorded",
    ),
    censoring="None: open cases show the path so far",
    known_breaks=("Stages of one day are named together, in the order in which they are declared",),
    needs=(
        Need("family_court", "cases", "creating_court"),
        Need("family_court", "events", "receipt_date"),
    ),
    source=("Process mining: variants of traces (van der Aalst 2016)",),
    options_type=PathVariantsOptions,
    subject="journeys",
)


@metric(CARD)
def path_variants(warehouse: Warehouse, **options: Any) -> Measured:
    """Count the orders in which cases reached their stages.

    Parameters
    ----------
    warehouse
        Any with the cases that the stages name.
    **options
        Fields of `PathVariantsOptions`.

    Returns
    -------
    Measured
        One row per path: people, cases, share of all cases with its 95% interval.
    """
    chosen = CARD.read_options(options)
    stages = stages_named(chosen.stages)
    units = units_with_dates(warehouse, stages)
    kept, flow = select(
        units,
        start="Cases",
        steps=[("Someone is recorded in the case", units.person_key.notnull())],
    )
    paths = _with_paths(kept, stages, last_day_seen(warehouse, stages.source))
    paths = engine.materialise(paths, step="paths of cases")
    about = About(
        card=CARD,
        options=chosen,
        unit=stages.units,
        population=CARD.population,
        population_hash=population_hash(
            warehouse, CARD, chosen, presentation=("least_people", "most_paths")
        ),
    )
    shown = paths.mutate(path=_grouped(paths, chosen))
    name = "defendants_in_cases" if stages.unit == "defendant" else "cases"
    made = mix_output(about, shown, category="path", units_name=name)
    output = dataclasses.replace(made, table=_commonest_first(made.table, name))
    return Measured(CARD, chosen, {"paths": output}, flow)


def _commonest_first(table: pd.DataFrame, units: str) -> pd.DataFrame:
    """All, then paths by how common they are, then the others."""
    last = (table["path"] == OTHER).astype(int)
    ordered = table.assign(last=last).sort_values(["last", units], ascending=[True, False])
    return ordered.drop(columns="last").reset_index(drop=True)


def _with_paths(units: ir.Table, stages: Stages, until: Any) -> ir.Table:
    """Each unit with its path in words: every stage at the place that its date gives it."""
    named = {stage_column(n): stage.name for n, stage in enumerate(stages.stages)}
    named |= {f"also_{n}": name for n, name in enumerate(stages.steps_also)}
    day = {
        column: (units[column] < ibis.literal(until)).ifelse(units[column], ibis.null("date"))
        for column in named
    }
    dated = units.select("person_key", **day)
    ranked = dated.mutate(
        **{f"rank_{n}": _rank(dated, column, list(named)) for n, column in enumerate(named)}
    )
    path: ir.StringValue = ibis.literal("")
    for place in range(len(named)):
        step: ir.StringValue = ibis.literal("")
        for number, name in enumerate(named.values()):
            is_here = (ranked[f"rank_{number}"] == place).fill_null(False)
            step = _joined(step, is_here.ifelse(name, ""), SAME_DAY)
        path = _joined(path, step, THEN)
    return ranked.select("person_key", path=(path == "").ifelse(NO_STAGE, path))


def _rank(units: ir.Table, column: str, columns: list[str]) -> ir.IntegerValue:
    """How many steps were reached on earlier days; missing where this one was not."""
    before = ibis.literal(0)
    for other in columns:
        before = before + (units[other] < units[column]).fill_null(False).ifelse(1, 0)
    return units[column].notnull().ifelse(before, ibis.null("int64"))


def _joined(words: ir.StringValue, more: ir.StringValue, between: str) -> ir.StringValue:
    """Two texts with a word between, where neither is empty."""
    return ibis.cases((more == "", words), (words == "", more), else_=words + between + more)


def _grouped(paths: ir.Table, options: PathVariantsOptions) -> ir.StringValue:
    """The path, or that it is one of the rare ones."""
    counted = paths.group_by("path").aggregate(
        cases=paths.count(), people=paths.person_key.nunique()
    )
    found = engine.execute(counted, step="paths of cases")
    common = found[found["people"] >= options.least_people]
    common = common.sort_values(["cases", "path"], ascending=[False, True])
    kept = list(common["path"].head(options.most_paths))
    if len(kept) == len(found):
        return paths.path
    return paths.path.isin(kept).ifelse(paths.path, OTHER) if kept else ibis.literal(OTHER)
