"""Adjusted reappearance: hazard ratios of a return, alone and among releases that are alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import CENSORED, Flow, analysis_frame, counts_by_day
from justice_analysis.definitions import metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.criminal.adjusted_definition import CARD, NO, AdjustedOptions
from justice_analysis.metrics.criminal.adjusted_model import Model
from justice_analysis.metrics.criminal.adjusted_outputs import EVERY_CAUSE, outputs_of
from justice_analysis.metrics.criminal.followed_releases import (
    RELEASES_ALONE,
    completely_recorded,
    followed_releases,
    in_words,
    only_source,
    with_recorded,
)
from justice_analysis.metrics.criminal.reappearance import CARD as RETURNS
from justice_analysis.metrics.criminal.reappearance import ReappearanceOptions
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.models import (
    GroupTest,
    cox,
    daily_counts,
    gray_test,
    log_rank,
    proportional_hazards,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


@dataclass(frozen=True)
class Releases:
    """Releases in memory for a model: numbers only, one row each.

    Attributes
    ----------
    outcome
        Cause of return, or `censored`, of each release.
    levels
        For each term its groups in words, the one that others are compared with first.
    group
        For each term the place of each release's group in `levels`.
    """

    days: np.ndarray
    outcome: np.ndarray
    levels: Mapping[str, tuple[str, ...]]
    group: Mapping[str, np.ndarray]
    numbers: Mapping[str, np.ndarray]

    @property
    def causes(self) -> tuple[str, ...]:
        """Causes that anyone returned for."""
        return tuple(sorted(set(self.outcome) - {CENSORED}))

    def covariates(self, terms: tuple[str, ...], *, numbers: bool) -> dict[str, np.ndarray]:
        """One column of 0 and 1 for each group but the first, then the numbers."""
        found = {
            f"{term}: {level}": (self.group[term] == place).astype(float)
            for term in terms
            for place, level in enumerate(self.levels[term])
            if place
        }
        return {**found, **self.numbers} if numbers else found


@metric(CARD)
def adjusted_reappearance(warehouse: Warehouse, **options: Any) -> Measured:
    """Compare groups of releases by how soon they return, adjusted for what was recorded.

    Parameters
    ----------
    warehouse
        A warehouse with releases followed up (`measure` rows `days_to_return` and
        `followup_days`).
    **options
        See `AdjustedOptions`.

    Returns
    -------
    Measured
        `beside`: the groups compared, unadjusted and adjusted, by cause. `adjusted` (with several
        causes `adjusted_<cause>`): every hazard ratio of a model. `proportional`: whether hazards
        are proportional. `between`: tests that the groups return alike. `numbers`: every ratio
        for sentences; `adjusted` and `beside` must be shown under these names.

    Raises
    ------
    OptionError
        If an option is unknown, names a measure that is not recorded, or a group that is not
        there.
    MetricError
        If the warehouse has no releases, nobody returned, or a model has no fit.
    """
    chosen: AdjustedOptions = CARD.read_options(options)
    measures = warehouse.measure
    source = chosen.source or only_source(measures, asked_by=CARD.name)
    chosen = dataclasses.replace(chosen, source=source)
    people, flow = _selected(warehouse, measures.filter(measures.source == source), chosen)
    found = _in_memory(people, chosen)
    if not found.causes:
        raise MetricError(f"{CARD.name} needs returns: nobody returned.")
    about = _about(warehouse, chosen)
    unadjusted = {cause: _fit(found, chosen, cause, adjusted=False) for cause in _each(found)}
    adjusted = {cause: _fit(found, chosen, cause, adjusted=True) for cause in _each(found)}
    made = outputs_of(about, chosen, unadjusted, adjusted, _tests(people, found, chosen))
    return Measured(CARD, chosen, made, flow)


def _selected(
    warehouse: Warehouse, measures: ir.Table, options: AdjustedOptions
) -> tuple[ir.Table, Flow]:
    """Releases of which everything in the model is recorded, groups in words."""
    releases = followed_releases(measures, competing=options.competing)
    numbers = [one.concept for one in options.numbers]
    recorded = with_recorded(warehouse, measures, releases, codes=options.terms, numbers=numbers)
    recorded = recorded.mutate(**_together(recorded, options))
    kept, flow = completely_recorded(recorded, [*options.terms, *numbers])
    if not flow.people:
        raise MetricError(
            f"{CARD.name} needs releases of which all that is adjusted for is recorded: none is. "
            "Adjust for less."
        )
    contract = warehouse.contract(str(options.source))
    named = kept.mutate(**{name: in_words(kept, contract, name) for name in options.terms})
    # It is asked of again for each group's values: once is enough to work it out.
    return engine.materialise(named, step="releases that the model counts"), flow


def _together(recorded: ir.Table, options: AdjustedOptions) -> dict[str, ir.Value]:
    """Columns whose codes are put together under other names."""
    found = {}
    for name, groups in (options.together or {}).items():
        if name not in options.terms:
            raise OptionError(f"together names {name}, which is no group in the model.")
        pairs = [
            (recorded[name] == was, ibis.literal(now, "string")) for was, now in groups.items()
        ]
        found[name] = ibis.cases(*pairs, else_=recorded[name])
    return found


def _in_memory(people: ir.Table, options: AdjustedOptions) -> Releases:
    numbers = {one.concept: one.step for one in options.numbers}
    frame = analysis_frame(
        people, columns=["duration_days", *numbers], codes=["outcome", *options.terms]
    )
    levels = {term: _ordered(frame.table[term], frame.codes[term], term, options)
              for term in options.terms}  # fmt: skip
    places = {
        term: np.array([levels[term].index(value) for value in frame.codes[term]])
        for term in options.terms
    }
    return Releases(
        days=frame.table["duration_days"].to_numpy(dtype=np.int64),
        outcome=np.array(frame.codes["outcome"])[frame.table["outcome"]],
        levels=levels,
        group={term: places[term][frame.table[term]] for term in options.terms},
        numbers={f"{name}": frame.table[name].to_numpy() / step for name, step in numbers.items()},
    )


def _ordered(
    column: pd.Series, values: tuple[str, ...], term: str, options: AdjustedOptions
) -> tuple[str, ...]:
    """Groups of a term, the reference first: as named, else No, else the most frequent."""
    sizes = column.value_counts().reindex(range(len(values)), fill_value=0).to_numpy()
    first = (options.reference or {}).get(term)
    if first is None:
        first = NO if NO in values else values[max(range(len(values)), key=sizes.__getitem__)]
    if first not in values:
        raise OptionError(f"reference must name a group of {term} that is there: it does not.")
    if len(values) < 2:
        raise MetricError(f"{term} must have at least two groups to be compared: it has one.")
    return (first, *(value for value in values if value != first))


def _each(found: Releases) -> tuple[str, ...]:
    """Causes to fit: where there are several, any of them too."""
    return found.causes if len(found.causes) == 1 else (EVERY_CAUSE, *found.causes)


def _fit(found: Releases, options: AdjustedOptions, cause: str, *, adjusted: bool) -> Model:
    """One model of one cause."""
    terms = options.terms if adjusted else (options.by,)
    event = found.outcome != CENSORED if cause == EVERY_CAUSE else found.outcome == cause
    covariates = found.covariates(terms, numbers=adjusted)
    fit = cox(found.days, event, covariates)
    checked = adjusted and cause != EVERY_CAUSE
    check = proportional_hazards(fit, found.days, event, covariates) if checked else None
    counts = {
        (term, level): _people_and_events(found.group[term] == place, event)
        for term in terms
        for place, level in enumerate(found.levels[term])
    }
    numbers = tuple(found.numbers) if adjusted else ()
    levels = {term: found.levels[term] for term in terms}
    return Model(fit, levels, numbers, counts, check)


def _people_and_events(members: np.ndarray, event: np.ndarray) -> tuple[int, int]:
    return int(members.sum()), int((members & event).sum())


def _tests(people: ir.Table, found: Releases, options: AdjustedOptions) -> dict[str, GroupTest]:
    """Whether the groups compared return alike: Gray's test of each cause, or log-rank of one."""
    counts = counts_by_day(people.mutate(group=people[options.by]), groups=["group"])
    groups = [
        _daily(rows, found.causes) for _, rows in counts.groupby("group", sort=True)
    ]  # fmt: skip
    if len(found.causes) == 1:
        return {found.causes[0]: log_rank(groups)}
    return {cause: gray_test(groups, cause=cause) for cause in found.causes}


def _daily(rows: pd.DataFrame, causes: tuple[str, ...]) -> Any:
    wide = rows.pivot_table(
        index="day", columns="outcome", values="people", aggfunc="sum", fill_value=0
    ).reindex(columns=[*causes, CENSORED], fill_value=0)
    return daily_counts(
        wide.index.to_numpy(),
        wide[list(causes)].to_numpy(),
        wide[CENSORED].to_numpy(),
        causes=causes,
    )


def _about(warehouse: Warehouse, options: AdjustedOptions) -> About:
    source = str(options.source)
    presentation = ("reference", "together", "words", "competing")
    everyone = ReappearanceOptions(source=source)
    return About(
        card=CARD,
        options=options,
        unit="releases",
        population=warehouse.contract(source).title,
        population_hash=population_hash(warehouse, CARD, options, presentation=presentation),
        about="records" if source in RELEASES_ALONE else "people",
        within=(population_hash(warehouse, RETURNS, everyone),),
        family=f"{RETURNS.name} in {source}",
    )
