"""Differences between groups among like cases, four ways beside one another.

The engine counts defendants by group, covariates, court and year; every model is fitted to those
counts, so no row of a person leaves the engine.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import Flow, Step, select
from justice_analysis.definitions import Chart, ColumnRoles, Output, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.disparities.decisions import DECISIONS
from justice_analysis.metrics.disparities.definition import ADJUSTED_CARD, CAUTION, AdjustedOptions
from justice_analysis.metrics.disparities.relative_rates import reached
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.person_parts import EVERYONE, NOT_KNOWN
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import count_units, units_of
from justice_analysis.metrics.person_groups import window_words
from justice_analysis.models import indirectly_standardised, logistic, mantel_haenszel
from justice_analysis.models.curves import normal_quantile

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from justice_analysis.warehouse import Warehouse

ESTIMATES = ("estimate", "lower", "upper", "standard_error")
FEWEST_IN_LEVEL = 10
"""A level of a covariate with fewer defendants, or decisions, is put with the rest of it."""
REST = "all others"


@metric(ADJUSTED_CARD)
def adjusted_rates(warehouse: Warehouse, **options: Any) -> Measured:
    """Compare decisions about groups among cases that are alike on record.

    Parameters
    ----------
    warehouse
        A warehouse that holds cases of the magistrates' courts.
    **options
        See `AdjustedOptions`.

    Returns
    -------
    Measured
        `odds`: adjusted odds ratios, errors clustered by court. `pooled`: rate ratios pooled over
        strata (Mantel and Haenszel). `standardised`: decisions over those expected at the
        reference group's rates by stratum. `within_courts`: difference of shares within court
        and year, errors clustered by court.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse lacks what the metric needs, no one is left, or covariates separate
        those decided on from the others.
    """
    chosen: AdjustedOptions = ADJUSTED_CARD.read_options(options)
    decision = DECISIONS[chosen.decision]
    covariates = (*chosen.adjust_for, chosen.stratify_by, "court")
    rows, flow = reached(warehouse, chosen, decision, covariates=covariates)
    rows, flow = _with_known_covariates(rows, flow, chosen)
    counts = _counts(rows, chosen)
    behind = _behind(rows, chosen)
    about = About(
        card=ADJUSTED_CARD,
        options=chosen,
        unit="defendants",
        population=f"{decision.stage}{window_words(chosen.index_from, chosen.index_to)}".strip(),
        population_hash=population_hash(
            warehouse, ADJUSTED_CARD, chosen, presentation=("reference",)
        ),
        notes=(CAUTION,),
    )
    made = {
        "odds": ("logistic", "odds ratio", _odds(counts, chosen)),
        "pooled": ("poisson", "rate ratio", _pooled(counts, chosen)),
        "standardised": ("poisson", "ratio", _standardised(counts, chosen)),
        "within_courts": ("fixed_effects", "difference", _within_courts(counts, chosen)),
    }
    outputs = {
        name: _output(about, behind, found, chosen, model=model, statistic=statistic)
        for name, (model, statistic, found) in made.items()
    }
    return Measured(ADJUSTED_CARD, chosen, outputs, flow)


def _with_known_covariates(
    rows: ir.Table, flow: Flow, options: AdjustedOptions
) -> tuple[ir.Table, Flow]:
    """Those whose group and covariates are known: a model needs all of them."""
    needed = (options.by, *options.adjust_for, options.stratify_by)
    steps = [
        (f"{name.replace('_', ' ')} known", rows[name].notnull() & (rows[name] != NOT_KNOWN))
        for name in dict.fromkeys(needed)
    ]
    kept, more = select(rows, start=flow.start, steps=steps)
    if not more.people:
        raise MetricError(
            f"{ADJUSTED_CARD.name} needs defendants whose group and covariates are known: none "
            "is. Adjust for less."
        )
    kept_steps = tuple(Step(step.name, step.people) for step in more.steps)
    return kept, dataclasses.replace(flow, steps=(*flow.steps, *kept_steps))


def _counts(rows: ir.Table, options: AdjustedOptions) -> pd.DataFrame:
    """Defendants and decisions by group, covariates, court and year."""
    names = dict.fromkeys((options.by, *options.adjust_for, options.stratify_by, "court", "year"))
    counted = rows.group_by(list(names)).aggregate(
        defendants=rows.count(), decided=rows.is_decided.sum()
    )
    found = engine.execute(counted, step="defendants by group and covariates")
    if options.reference_group not in set(found[options.by]):
        raise OptionError("reference must name a group of people here: no one is in it.")
    if not _groups(found, options):
        raise MetricError(
            f"{ADJUSTED_CARD.name} needs a group beside the reference group: there is none. Widen "
            "the window, or compare by something else."
        )
    return found.sort_values(list(names), ignore_index=True)


def _behind(rows: ir.Table, options: AdjustedOptions) -> pd.DataFrame:
    """Defendants, decisions and people of each group and of everyone."""
    units = units_of(rows, by=(options.by,), keep=("is_decided",))
    return count_units(units, met=["is_decided"]).rename(
        columns={
            options.by: "level",
            "units": "defendants",
            "is_decided": "events",
            "people_is_decided": "people_with_events",
        }
    )


def _groups(counts: pd.DataFrame, options: AdjustedOptions) -> list[str]:
    return [name for name in sorted(set(counts[options.by])) if name != options.reference_group]


def _long(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per cell and outcome: `decided` 0 or 1, `n` defendants, none of them empty."""
    yes = counts.assign(outcome=1, n=counts["decided"])
    no = counts.assign(outcome=0, n=counts["defendants"] - counts["decided"])
    both = pd.concat([yes, no], ignore_index=True)
    return both[both["n"] > 0].reset_index(drop=True)


def _dummies(long: pd.DataFrame, options: AdjustedOptions) -> dict[str, np.ndarray]:
    """Groups against the reference, covariates against their most frequent level."""
    found = {
        group: (long[options.by] == group).to_numpy(dtype=float) for group in _groups(long, options)
    }
    for name in options.adjust_for:
        values = _few_together(long, name)
        sizes = long.groupby(values)["n"].sum().sort_values(ascending=False, kind="stable")
        for level in list(sizes.index)[1:]:
            found[f"{name}: {level}"] = (values == level).to_numpy(dtype=float)
    return found


def _few_together(long: pd.DataFrame, name: str) -> pd.Series:
    """Levels with too few defendants of either outcome are one level, so a fit exists."""
    table = long.pivot_table(index=name, columns="outcome", values="n", aggfunc="sum", fill_value=0)
    few = table.index[(table.min(axis=1) < FEWEST_IN_LEVEL) | (len(table.columns) < 2)]
    return long[name].where(~long[name].isin(few), REST)


def _odds(counts: pd.DataFrame, options: AdjustedOptions) -> pd.DataFrame:
    long = _long(counts)
    covariates = _dummies(long, options)
    clustered = long["court"].nunique() > len(covariates) + 1
    fit = logistic(
        long["outcome"],
        covariates,
        counts=long["n"],
        clusters=long["court"] if clustered else None,
        robust=not clustered,
    )
    places = [fit.names.index(group) for group in _groups(counts, options)]
    errors = fit.robust_standard_errors
    assert errors is not None
    return _rows(
        _groups(counts, options),
        fit.odds_ratios[places],
        fit.lower[places],
        fit.upper[places],
        errors[places],
    )


def _strata(counts: pd.DataFrame, options: AdjustedOptions) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Decisions and defendants by stratum, one column a group."""
    summed = counts.groupby([options.stratify_by, options.by])[["decided", "defendants"]].sum()
    wide = summed.unstack(fill_value=0)
    return pd.DataFrame(wide["decided"]), pd.DataFrame(wide["defendants"])


def _pooled(counts: pd.DataFrame, options: AdjustedOptions) -> pd.DataFrame:
    events, people = _strata(counts, options)
    base = options.reference_group
    found = [
        mantel_haenszel(
            events[group], people[group], events[base], people[base], measure="rate ratio"
        )
        for group in _groups(counts, options)
    ]
    return _rows(
        _groups(counts, options),
        *(
            np.array([getattr(one, name) for one in found])
            for name in ("estimate", "lower", "upper", "standard_error")
        ),
    )


def _standardised(counts: pd.DataFrame, options: AdjustedOptions) -> pd.DataFrame:
    events, people = _strata(counts, options)
    base = options.reference_group
    rates = (events[base] / people[base].where(people[base] > 0)).fillna(0.0)
    found = []
    for group in _groups(counts, options):
        # A stratum in which the reference group has no one expects nothing that is known.
        used = people[base] > 0
        found.append(
            indirectly_standardised(events.loc[used, group], people.loc[used, group], rates[used])
        )
    estimate, lower, upper = (
        np.array([float(getattr(one, name)) for one in found])
        for name in ("estimate", "lower", "upper")
    )
    z = 2 * normal_quantile(0.95)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where((lower > 0) & (estimate > 0), np.log(upper / lower) / z, np.nan)
    return _rows(_groups(counts, options), estimate, lower, upper, error)


def _within_courts(counts: pd.DataFrame, options: AdjustedOptions) -> pd.DataFrame:
    """Differences of shares by least squares, courts and years taken out."""
    from linearmodels.iv.absorbing import AbsorbingLS

    long = _long(counts)
    design = pd.DataFrame(_dummies(long, options)).assign(constant=1.0)
    absorbed = pd.DataFrame({name: pd.Categorical(long[name]) for name in ("court", "year")})
    model = AbsorbingLS(
        long["outcome"].astype(float), design, absorb=absorbed, weights=long["n"].astype(float)
    )
    fit = model.fit(cov_type="clustered", clusters=pd.Series(pd.factorize(long["court"])[0]))
    groups = _groups(counts, options)
    estimate, error = fit.params[groups].to_numpy(), fit.std_errors[groups].to_numpy()
    margin = normal_quantile(0.95) * error
    return _rows(groups, estimate, estimate - margin, estimate + margin, error)


def _rows(groups: list[str], *columns: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"level": groups, **dict(zip(ESTIMATES, columns, strict=True))})


def _output(
    about: About,
    behind: pd.DataFrame,
    found: pd.DataFrame,
    options: AdjustedOptions,
    *,
    model: str,
    statistic: str,
) -> Output:
    """One row per group, the reference and everyone: an output of kind `model`."""
    table = behind.merge(found, on="level", how="left", validate="one_to_one")
    table["term"] = np.where(table["level"] == EVERYONE, EVERYONE, options.by)
    everyone = table[table["level"] == EVERYONE].iloc[0]
    roles = ColumnRoles(
        people="people",
        count=("defendants", "events"),
        estimate=("estimate", "standard_error"),
        lower=("lower",),
        upper=("upper",),
        statistic={"estimate": statistic, "standard_error": "standard error"},
        people_behind={"defendants": "people", "events": "people_with_events"},
    )
    counts = ["people", "defendants", "events", "people_with_events"]
    output = about.output(
        "model",
        about.card.title,
        table[["term", "level", *counts, *ESTIMATES]],
        dimensions=("term", "level"),
        roles=roles,
        chart=Chart(
            form="dots", x="level", y="estimate", lower="lower", upper="upper",
            y_title=f"Adjusted {statistic}",
        ),
        notes=(f"Reference group: {options.reference_group}.",)
        if options.by != "age_band"
        else (),
    )  # fmt: skip
    said = {
        **output.options,
        "model": model,
        "reference": {options.by: options.reference_group},
        "observations": int(everyone["defendants"]),
        "residual_df": int(everyone["defendants"]) - len(found) - 1,
    }
    if model == "fixed_effects":
        said["absorbed"] = ["court", "year"]
    return dataclasses.replace(output, options=said)
