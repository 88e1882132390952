"""From matched people to the outputs of a report: effects, tables, balance and sentences."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts import Flow, Step
from justice_analysis.definitions import Output
from justice_analysis.evaluation.data_lab.characteristics import (
    Characteristics,
    characteristics,
    like_participants,
)
from justice_analysis.evaluation.data_lab.definition import CARD, DataLabOptions
from justice_analysis.evaluation.data_lab.effects import (
    PLACEBOS,
    Outcome,
    effect_row,
    outcomes_of,
)
from justice_analysis.evaluation.data_lab.matched_groups import (
    MatchedGroups,
    clusters_of,
    matched_groups,
)
from justice_analysis.evaluation.data_lab.outputs import (
    balance_output,
    comparison_output,
    overlap_output,
    text_output,
)
from justice_analysis.evaluation.data_lab.result import DataLabResult
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.participants import participants_output
from justice_analysis.metrics.estimates.population import population_hash

if TYPE_CHECKING:
    from justice_analysis.models.matched_effects import Effect
    from justice_analysis.warehouse import Warehouse

PRESENTATION = ("green", "amber", "significance", "minimum_reoffenders")
TOLD = 10
"""Fewest dropped, and kept, participants whose characteristics are described."""


def compared(
    warehouse: Warehouse,
    given: ir.Table,
    frame: Any,
    quantities: list[str],
    categories: list[str],
    flow: Flow,
    options: DataLabOptions,
) -> DataLabResult:
    """Match, then look at outcomes; make the outputs."""
    treated = frame.table["is_participant"].to_numpy() == 1
    alike = like_participants(frame, treated, quantities=quantities, categories=categories)
    frame = dataclasses.replace(frame, table=frame.table[alike].reset_index(drop=True))
    treated = treated[alike]
    told = characteristics(frame, treated, quantities=quantities, categories=categories)
    strata = frame.table[list(options.strata)] if options.strata else None
    groups = matched_groups(told, treated, strata, options)
    step = Step("matched to comparison people", groups.matched.matched_treated)
    flow = dataclasses.replace(flow, steps=(*flow.steps, step))
    everyone = _about(warehouse, given, options)
    compared = dataclasses.replace(
        everyone.part("matched"), population=f"{everyone.population}, and people like them"
    )
    model = told.model.to_numpy(dtype=float)
    effects, outputs, headline = _effects(compared, frame.table, treated, groups, model, options)
    person = frame.table["person_number"].to_numpy()
    outputs |= _descriptions(everyone, compared, told, treated, groups, person)
    outputs["attrition"] = participants_output(
        everyone, flow, title="From participants submitted to participants analysed"
    )
    outputs["headline"] = text_output(compared, headline)
    return DataLabResult(
        CARD, options, outputs, flow, effects, groups, _overview(quantities, groups, options)
    )


def _about(warehouse: Warehouse, given: ir.Table, options: DataLabOptions) -> About:
    who = population_hash(warehouse, CARD, options, presentation=PRESENTATION)
    name = hashlib.sha256(f"{who}:{_digest(given)}".encode()).hexdigest()[:16]
    return About(
        card=CARD,
        options=options,
        unit="people",
        population=f"Participants of {options.programme}",
        population_hash=name,
        family=CARD.name,
    )


def _digest(given: ir.Table) -> str:
    """One hash of who took part and when."""
    rows = engine.execute(
        given.order_by(["person_id", "intervention_date"]), step="participants' digest"
    )
    return hashlib.sha256(rows.to_csv(index=False).encode()).hexdigest()


def _effects(
    about: About,
    people: pd.DataFrame,
    treated: np.ndarray,
    groups: MatchedGroups,
    model: np.ndarray,
    options: DataLabOptions,
) -> tuple[dict[str, Effect], dict[str, Output], list[Any]]:
    """Each outcome's effect and table; and what sentences say of the first two."""
    weights = groups.matched.weights
    clusters = clusters_of(people["person_number"].to_numpy(), groups.matched.stratum)
    effects: dict[str, Effect] = {}
    outputs: dict[str, Output] = {}
    headline = []
    enough = _has_enough_reoffenders(people, treated, weights, options)
    for outcome in (*outcomes_of(options), *PLACEBOS):
        if outcome in outcomes_of(options) and outcome.later and not enough:
            continue
        row, effect = effect_row(
            outcome, people, treated, weights, clusters, options, covariates=model
        )
        effects[outcome.name] = effect
        of = about.part("reoffended") if outcome.of_reoffenders else about
        outputs[outcome.name] = comparison_output(of, outcome, row)
        if not outcome.later:
            headline += _said(outcome, row)
    return effects, outputs, headline


def _has_enough_reoffenders(
    people: pd.DataFrame, treated: np.ndarray, weights: np.ndarray, options: DataLabOptions
) -> bool:
    """Whether more participants, and people like them, reoffended than the minimum."""
    again = (people["reoffended"].to_numpy() == 1) & (weights > 0)
    return bool(
        min((again & treated).sum(), (again & ~treated).sum()) > options.minimum_reoffenders
    )


def _said(outcome: Outcome, row: dict[str, object]) -> list[tuple[str, str, Outcome, Any]]:
    parts = ("treated", "comparison", "difference")
    said = [(f"{outcome.name}_{part}", part, outcome, row) for part in parts]
    return [("people", "people", outcome, row), *said] if outcome.name == "rate" else said


def _descriptions(
    everyone: About,
    compared: About,
    told: Characteristics,
    treated: np.ndarray,
    groups: MatchedGroups,
    person: np.ndarray,
) -> dict[str, Output]:
    """Balance, overlap and who was dropped."""
    outputs = {
        "balance": balance_output(
            compared, groups.balance, told, treated, groups.is_kept, person,
            title="How alike participants and comparison people are",
        ),
        "overlap": overlap_output(everyone, groups, treated, person),
    }  # fmt: skip
    dropped, kept = len(groups.matched.dropped), groups.matched.matched_treated
    if groups.dropped is not None and min(dropped, kept) >= TOLD:
        only, is_matched = told.of(treated), groups.is_kept[treated]
        outputs["dropped"] = balance_output(
            everyone.part("participants"), groups.dropped, only, is_matched,
            np.ones(len(is_matched), dtype=bool), person[treated],
            title="Participants with a match beside those without",
        )  # fmt: skip
    return outputs


def _overview(
    quantities: list[str], groups: MatchedGroups, options: DataLabOptions
) -> dict[str, str]:
    """What was controlled for, as the Lab's reports say it at the top."""
    has_oasys = any(name.startswith("oasys_") for name in quantities)
    left_out = ", ".join(groups.propensity.left_out)
    return {
        "region controlled for": "yes" if options.region else "no",
        "OASys used": "yes" if has_oasys else "no",
        "matching": groups.matched.method,
        "left out of the score": left_out or "nothing",
    }
