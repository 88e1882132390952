"""The same programme measured twice: matched to similar people, and differenced by court."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from justice_analysis import engine
from justice_analysis.definitions import Output
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.data_lab import DataLabOptions, DataLabResult, data_lab
from justice_analysis.evaluation.transfer.outputs import (
    designs_output,
    event_study_output,
    take_up_output,
)
from justice_analysis.evaluation.transfer.releases import Releases, eligible_releases
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.participants import participants_output
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.person_groups import window_words
from justice_analysis.models.matched_effects import matched_difference
from justice_analysis.models.staggered import StaggeredEffects, group_time_effects

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.evaluation.transfer.planted import PlantedProgramme
    from justice_analysis.warehouse import Warehouse

NAIVE = "not adjusted: participants beside other releases of their courts"
MATCHED = "matched comparison"
OFFERED = "difference-in-differences: everyone eligible"
SCALED = "difference-in-differences: scaled to participants"
TRUE = "truth: participants"
TRUE_OFFERED = "truth: everyone eligible, by take-up"
Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Transfer:
    """A programme under two designs.

    Attributes
    ----------
    outputs
        `designs`: both designs' differences in the share reconvicted, with the truth;
        `event_study`: effects on everyone eligible by half-years since the programme came to
        the court; `take_up`: share of those eligible who took part, by half-year of the start;
        `selection`: who could be reached; `balance`: of the matched comparison.
    matched
        The matched comparison.
    effects
        Effects on everyone eligible, by stage and half-year.
    take_up
        Share of those eligible who took part, averaged as the effect is.
    releases
        What was differenced.
    """

    outputs: dict[str, Output]
    matched: DataLabResult
    effects: StaggeredEffects
    take_up: float
    releases: Releases


def programme_transfer(
    warehouse: Warehouse,
    programme: PlantedProgramme,
    *,
    words: str,
    differenced_from: str,
    matched_from: str,
    until: str,
    least_days: int = 60,
    matching: Mapping[str, Any] | None = None,
) -> Transfer:
    """Measure a planted programme by a matched comparison and by difference-in-differences.

    Parameters
    ----------
    warehouse
        A warehouse of a synthetic world.
    programme
        From `planted_programme`.
    words
        What participants took part in.
    differenced_from, until
        Releases from this day to before that one are differenced: the first must lie before the
        first stage, and 18 months must be covered after the last.
    matched_from
        Releases from this day on are matched.
    least_days
        Fewest days in custody of those whom the programme could reach.
    matching
        Further options of `data_lab`.

    Returns
    -------
    Transfer
        Differences in the share reconvicted within 12 months (proven within 18), participants
        less what each design says would have been without the programme.

    Raises
    ------
    MetricError
        If there are too few participants or releases for either design.

    Notes
    -----
    The effect on everyone eligible is that of courts having the programme (intention to treat):
    Callaway and Sant'Anna's group-time effects by half-year of release, courts not yet reached
    beside, errors by court. Divided by the difference-in-differences of taking part itself it is
    the effect on participants (Wald); its interval takes that share as known.
    """
    chosen = {"programme": words, "index_from": matched_from, "index_to": until}
    matched = _matched(warehouse, programme, {**chosen, **(matching or {})})
    options = DataLabOptions(programme=words, index_from=differenced_from, index_to=until)
    releases = eligible_releases(warehouse, programme, options, least_days=least_days)
    effects = _differenced(releases, "reoffended")
    take_up = float(_overall(_differenced(releases, "took_part"))["estimate"])
    if not take_up > 0:
        raise MetricError("nobody eligible took part once courts had the programme: no effect.")
    family = matched.outputs["balance"].family
    about = dataclasses.replace(_about(warehouse, options, least_days), family=family)
    true = programme.released(matched_from, until)
    rows = [
        _naive_row(releases),
        _matched_row(matched),
        *_differenced_rows(releases, effects, take_up),
        _true_row(true),
        _true_row(true, take_up=take_up, releases=releases),
    ]
    outputs = {
        "designs": designs_output(about, rows),
        "event_study": event_study_output(about, releases, effects),
        "take_up": take_up_output(about, releases),
        "selection": participants_output(
            about, releases.flow, title="Whom could the programme have reached?"
        ),
        "balance": matched.outputs["balance"],
    }
    return Transfer(outputs, matched, effects, take_up, releases)


def _matched(
    warehouse: Warehouse, programme: PlantedProgramme, options: Mapping[str, Any]
) -> DataLabResult:
    people = programme.people
    columns = {
        "person_id": people["person_id"].tolist(),
        "intervention_date": people["intervention_date"].tolist(),
    }
    types = {"person_id": "int64", "intervention_date": "date"}
    given = engine.memory_table(warehouse.backend, columns, types)
    return data_lab(warehouse, given, **options)


def _differenced(releases: Releases, outcome: str) -> StaggeredEffects:
    """Group-time effects; releases of one half-year are other people than those of the next."""
    rows = releases.rows.assign(outcome=releases.rows[outcome].astype(float))
    return group_time_effects(
        rows[["outcome", "court", "period", "wave"]],
        outcome="outcome",
        unit="court",
        period="period",
        first_treated="wave",
        comparison="not_yet",
        clusters="court",
        repeated_cross_sections=True,
    )


def _overall(effects: StaggeredEffects) -> dict[str, Any]:
    """The average of effects since the start, by size."""
    table = effects.overall
    found: Any = table[table["average"] == "simple"].iloc[0]
    return dict(found)


def _about(warehouse: Warehouse, options: DataLabOptions, least_days: int) -> About:
    from justice_analysis.evaluation.data_lab import CARD

    window = window_words(options.index_from, options.index_to)
    return About(
        card=CARD,
        options=options,
        unit="people",
        population=(
            f"People released from a custodial sentence after {least_days} days or more{window}"
        ).rstrip(","),
        population_hash=f"{population_hash(warehouse, CARD, options)}:{least_days}",
    )


def _counts(rows: pd.DataFrame, others: pd.DataFrame) -> Row:
    """Distinct people on both sides, and those of them with the outcome."""
    sides = {"treated": rows, "comparison": others}
    found: Row = {f"{side}_people": own["person"].nunique() for side, own in sides.items()}
    for side, own in sides.items():
        found[f"{side}_events"] = own.loc[own["reoffended"] == 1, "person"].nunique()
    return found


def _naive_row(releases: Releases) -> Row:
    """Participants beside everyone else whom the programme could reach by then."""
    rows = releases.rows[releases.rows["reached"]]
    took = (rows["took_part"] == 1).to_numpy()
    effect = matched_difference(
        (rows["reoffended"] == 1).to_numpy(), took, np.ones(len(rows)), clusters=rows["person"]
    )
    return {
        "design": NAIVE,
        **_counts(rows[took], rows[~took]),
        **_numbers(effect.treated_value, effect.difference, effect.lower, effect.upper),
        "p_value": effect.p_value,
    }


def _matched_row(matched: DataLabResult) -> Row:
    """The matched comparison's own row."""
    row: Any = matched.outputs["rate"].table.iloc[0]
    return {"design": MATCHED, **dict(row.drop(["outcome", "significant"]))}


def _differenced_rows(
    releases: Releases, effects: StaggeredEffects, take_up: float
) -> tuple[Row, Row]:
    """The effect of a court having the programme, and the same divided by take-up."""
    found = _overall(effects)
    rows = releases.rows
    reached, beside = rows[rows["reached"]], rows[~rows["reached"]]
    took = reached[reached["took_part"] == 1]
    numbers = [float(found[name]) for name in ("estimate", "lower", "upper")]
    offered = {
        "design": OFFERED,
        **_counts(reached, beside),
        **_numbers(reached["reoffended"].mean(), *numbers),
        "p_value": float(found["p_value"]),
    }
    scaled = {
        "design": SCALED,
        **_counts(took, beside),
        **_numbers(took["reoffended"].mean(), *(number / take_up for number in numbers)),
        "p_value": float(found["p_value"]),
    }
    return offered, scaled


def _true_row(
    people: pd.DataFrame, *, take_up: float | None = None, releases: Releases | None = None
) -> Row:
    """What truly came of the programme; scaled down, of everyone eligible."""
    with_it, without = people["reoffended"].mean(), people["reoffends_without"].mean()
    if take_up is None or releases is None:
        counts: Row = {
            "treated_people": len(people),
            "comparison_people": len(people),
            "treated_events": int(people["reoffended"].sum()),
            "comparison_events": int(people["reoffends_without"].sum()),
        }
        numbers = _numbers(with_it, with_it - without, with_it - without, with_it - without)
        return {"design": TRUE, **counts, **numbers, "p_value": np.nan}
    reached = releases.rows[releases.rows["reached"]]
    effect = (with_it - without) * take_up
    numbers = _numbers(reached["reoffended"].mean(), effect, effect, effect)
    return {"design": TRUE_OFFERED, **_counts(reached, reached), **numbers, "p_value": np.nan}


def _numbers(treated: float, difference: float, lower: float, upper: float) -> Row:
    """Both sides, where the comparison is what a design says would have been."""
    return {
        "treated": float(treated),
        "comparison": float(treated - difference),
        "difference": float(treated - (treated - difference)),
        "lower": float(lower),
        "upper": float(upper),
    }
