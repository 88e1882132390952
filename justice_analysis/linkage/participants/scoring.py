"""Scoring: every pair that a blocking rule finds, by the trained model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import LinkageError
from justice_analysis.linkage.participants.alike import DERIVED
from justice_analysis.linkage.participants.comparisons import Comparison, comparisons
from justice_analysis.linkage.participants.rules import usable_rules
from justice_analysis.linkage.participants.settings import FIELDS, LinkSettings
from justice_analysis.linkage.participants.training import Inputs, Trained, open_linker, train

# Splink's left and right follow the order of these names.
LEFT, RIGHT = "a_participants", "b_population"
_TELLING = {"surname", "forename", "birth_date", "pnc_id", "postcode"}


@dataclass(frozen=True, eq=False)
class Scored:
    """Pairs that were compared, and the model that scored them.

    Attributes
    ----------
    pairs
        One row per pair that a blocking rule found: `participant`, `record`, `match_weight`
        (bits), `match_probability`.
    model
        What `model.json` holds: fields, levels with m, u and weight, rules, training.
    """

    pairs: ir.Table = field(repr=False)
    model: Mapping[str, Any] = field(repr=False)


def score_pairs(
    participants: ir.Table, population: ir.Table, *, settings: LinkSettings, seed: int
) -> Scored:
    """Train the model on two tables, and score the pairs that its blocking rules find.

    Parameters
    ----------
    participants
        One row per participant: `participant`, the fields and extras, `DERIVED`; stored.
    population
        One row per identity record: `record`, the same columns; stored.
    settings, seed
        How; the seed is of the random pairs.

    Raises
    ------
    LinkageError
        If too little is filled on both sides for people to be told apart.
    """
    compared = comparisons(_fields_held(participants, population, settings))
    database = engine.splink_database(participants.get_backend())
    try:
        inputs = _inputs(database, participants, population, compared)
        trained = train(inputs, compared, settings, seed)
        pairs = _predicted(inputs, trained, participants.get_backend())
    finally:
        engine.quietly(database.delete_tables_created_by_splink_from_db, "clearing up")
    return Scored(pairs, _described(compared, inputs, trained, settings, seed))


def _fields_held(left: ir.Table, right: ir.Table, settings: LinkSettings) -> list[str]:
    """Fields that are filled somewhere on both sides."""
    wanted = [*FIELDS, *settings.extra]
    filled = [
        engine.execute(
            table.aggregate(**{name: table[name].count() for name in wanted}), step="filled fields"
        ).iloc[0]
        for table in (left, right)
    ]
    held = [name for name in wanted if all(counts[name] > 0 for counts in filled)]
    if len(_TELLING.intersection(held)) < 2:
        raise LinkageError(
            "two of surname, forename, birth date, postcode and PNC id must be filled in both "
            f"files, and only {', '.join(held) or 'none'} is. Check that they are the right files."
        )
    return held


def _inputs(
    database: Any, participants: ir.Table, population: ir.Table, compared: Sequence[Comparison]
) -> Inputs:
    columns = sorted({*(each.field for each in compared), *FIELDS, *DERIVED})
    left = participants.select(*columns, unique_id=participants.participant)
    right = population.select(*columns, unique_id=population.record)
    return Inputs(
        database=database,
        given=(
            engine.splink_table(database, left, LEFT),
            engine.splink_table(database, right, RIGHT),
        ),
        participants=engine.count_rows(participants),
        records=engine.count_rows(population),
        held=frozenset(each.field for each in compared),
    )


def _predicted(inputs: Inputs, trained: Trained, backend: Any) -> ir.Table:
    linker = open_linker(inputs, trained.settings)
    frame = engine.quietly(lambda: linker.inference.predict(warning_mode="never"), "scoring pairs")
    found = engine.from_splink(backend, frame)
    return engine.materialise(
        found.select(
            participant=found.unique_id_l,
            record=found.unique_id_r,
            # Sums of floats depend on the order in which threads end.
            match_weight=found.match_weight.cast("float64").round(6),
            match_probability=found.match_probability.cast("float64").round(9),
        ),
        step="scored pairs",
    )


def _described(
    compared: Sequence[Comparison],
    inputs: Inputs,
    trained: Trained,
    settings: LinkSettings,
    seed: int,
) -> dict[str, Any]:
    """The model for people to read and for Splink to load again."""
    import splink

    return {
        "made_by": f"splink {splink.__version__}",
        "participants": inputs.participants,
        "identity_records": inputs.records,
        "probability_two_random_records_match": trained.prior,
        "probability_from": trained.prior_from,
        "certain_rules": usable_rules(settings.certain, inputs.held),
        "certain_recall_assumed": settings.certain_recall,
        "u_from": f"random pairs, {trained.random_pairs:,.0f} at most, seed {seed}",
        "m_from": "expectation maximisation in the blocks of each training rule, blended with "
        f"assumed values that count as {settings.assumed_pairs:g} pairs",
        "likely_pairs": trained.likely_pairs,
        "training_rules": trained.trained_by,
        "training_rules_that_could_not_train": trained.could_not_train,
        "blocking_rules": usable_rules(settings.blocking, inputs.held),
        "not_compared": sorted({*FIELDS, *settings.extra} - inputs.held),
        "comparisons": [
            _levels(each, held)
            for each, held in zip(compared, trained.settings["comparisons"], strict=True)
        ],
        "splink_settings": trained.settings,
    }


def _levels(comparison: Comparison, held: Mapping[str, Any]) -> dict[str, Any]:
    """One comparison with what each level is worth, in bits."""
    found = [level for level in held["comparison_levels"] if not level.get("is_null_level")]
    levels = []
    for level, numbers in zip(comparison.levels, found, strict=True):
        m, u = numbers["m_probability"], numbers["u_probability"]
        assumed = asdict(level)
        levels.append(
            {
                "words": level.words,
                "condition": numbers["sql_condition"],
                "m": m,
                "u": u,
                "weight": math.log2(m / u),
                "m_assumed": assumed["m"],
                "rarer_values_worth_more": level.frequency_of is not None,
            }
        )
    return {"field": comparison.field, "levels": levels}
