"""Training: the odds of a random pair, agreement by chance (u), and agreement of true pairs (m)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from justice_analysis import engine
from justice_analysis.errors import EngineError
from justice_analysis.linkage.participants.comparisons import Comparison, splink_comparison
from justice_analysis.linkage.participants.rules import rule_sql, usable_rules
from justice_analysis.linkage.participants.settings import LinkSettings

# Where no pair is certain, half of the participants are taken to be in the population.
_SHARE_TAKEN = 0.5
# A level that no random pair reached is taken to have been reached by half a pair.
_HALF_A_PAIR = 0.5
# Where no pair of a block is in doubt, the m of a level that only strangers reach shrinks at
# each step of the EM as fast as a square, and Splink fails where floats end.
_ITERATIONS = 10
_CANNOT_TRAIN = ("EMTrainingException", "ValueError")


@dataclass(frozen=True, eq=False)
class Inputs:
    """Both tables as Splink has them, their rows, and the fields that both have."""

    database: Any
    given: tuple[Any, Any]
    participants: int
    records: int
    held: frozenset[str]

    @property
    def pairs(self) -> float:
        """Pairs of a participant and a record."""
        return float(self.participants) * float(self.records)


@dataclass(frozen=True, eq=False)
class Trained:
    """Splink's settings with the parameters to score by, and how they were found."""

    settings: dict[str, Any] = field(repr=False)
    prior: float
    prior_from: str
    random_pairs: float
    likely_pairs: float
    trained_by: tuple[tuple[str, ...], ...]
    could_not_train: tuple[tuple[str, ...], ...]


def open_linker(inputs: Inputs, settings: Mapping[str, Any]) -> Any:
    """Splink's linker of both tables; nothing is logged."""
    from splink import Linker

    return engine.quietly(
        lambda: Linker(list(inputs.given), dict(settings), log_level=None), "opening the linkage"
    )


def train(
    inputs: Inputs, compared: Sequence[Comparison], settings: LinkSettings, seed: int
) -> Trained:
    """Estimate the model's parameters.

    Notes
    -----
    The odds come from the pairs that the rules of `certain` find, over their assumed recall. u
    is the share of random pairs at a level, of up to `random_pairs` taken by `seed`. m is
    estimated by EM in the blocks of each rule of `training`, with u held, and averaged by Splink
    over the rules; then it is blended with the assumed m, which count as `assumed_pairs` pairs.
    """
    untrained = _untrained(inputs, compared, settings)
    linker = open_linker(inputs, untrained)
    prior, prior_from = _prior(linker, inputs, settings)
    engine.quietly(
        lambda: linker.training.estimate_u_using_random_sampling(
            # Splink warns of its own default of a million.
            max_pairs=settings.random_pairs + 1,
            seed=seed,
            min_count_per_level=None,
            num_chunks=1,
        ),
        "estimating agreement by chance",
    )
    rules = usable_rules(settings.training, inputs.held)
    trained = tuple(rule for rule in rules if _expectation_maximised(linker, rule))
    learnt = engine.quietly(linker.misc.save_model_to_json, "reading the model")
    sampled = min(settings.random_pairs, inputs.pairs)
    likely = prior * inputs.pairs
    blended = _blended(untrained, learnt, sampled, likely, settings.assumed_pairs)
    blended["probability_two_random_records_match"] = prior
    return Trained(
        settings=blended,
        prior=prior,
        prior_from=prior_from,
        random_pairs=sampled,
        likely_pairs=likely,
        trained_by=trained,
        could_not_train=tuple(rule for rule in rules if rule not in trained),
    )


def _untrained(
    inputs: Inputs, compared: Sequence[Comparison], settings: LinkSettings
) -> dict[str, Any]:
    dialect = inputs.database.sql_dialect
    functions = {
        "jaro_winkler": dialect.jaro_winkler_function_name,
        "edits": dialect.damerau_levenshtein_function_name,
    }
    return {
        "link_type": "link_only",
        "retain_matching_columns": False,
        "max_iterations": _ITERATIONS,
        "comparisons": [splink_comparison(each, functions) for each in compared],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule_sql(rule)}
            for rule in usable_rules(settings.blocking, inputs.held)
        ],
    }


def _prior(linker: Any, inputs: Inputs, settings: LinkSettings) -> tuple[float, str]:
    """How probable it is that a random participant and record are one person."""
    rules = [rule_sql(rule) for rule in usable_rules(settings.certain, inputs.held)]
    if rules:
        engine.quietly(
            lambda: linker.training.estimate_probability_two_random_records_match(
                rules, recall=settings.certain_recall
            ),
            "counting certain pairs",
        )
        found = linker.misc.save_model_to_json()["probability_two_random_records_match"]
        if 0 < found < 1:
            return float(found), "pairs that the certain rules find, over their assumed recall"
    return _SHARE_TAKEN / inputs.records, "assumed: no pair is certain"


def _expectation_maximised(linker: Any, rule: Sequence[str]) -> bool:
    """Train m in the blocks of a rule; false where they hold no pairs, or none in doubt."""
    settings = linker._settings_obj
    before = deepcopy(settings.core_model_settings)
    try:
        engine.quietly(
            lambda: linker.training.estimate_parameters_using_expectation_maximisation(
                rule_sql(rule)
            ),
            "training the model",
        )
    except EngineError as error:
        if not any(f"({kind})" in str(error) for kind in _CANNOT_TRAIN):
            raise
        # Splink leaves out the rule's own comparisons meanwhile, and does not bring them back.
        settings.core_model_settings = before
        return False
    return True


def _blended(
    untrained: Mapping[str, Any],
    learnt: Mapping[str, Any],
    sampled: float,
    likely: float,
    assumed_pairs: float,
) -> dict[str, Any]:
    """Settings in which no level is impossible, whatever the data happened to hold."""
    settings = deepcopy(dict(untrained))
    both = zip(settings["comparisons"], learnt["comparisons"], strict=True)
    for comparison, found in both:
        levels = [
            pair
            for pair in zip(
                comparison["comparison_levels"], found["comparison_levels"], strict=True
            )
            if not pair[0].get("is_null_level")
        ]
        assumed = [level["m_probability"] for level, _ in levels]
        m = _learnt(levels, "m_probability")
        u = _learnt(levels, "u_probability")
        for place, (level, _) in enumerate(levels):
            level["m_probability"] = likely * m[place] + assumed_pairs * assumed[place]
            level["u_probability"] = sampled * u[place] + _HALF_A_PAIR
        for name in ("m_probability", "u_probability"):
            total = sum(level[name] for level, _ in levels)
            for level, _ in levels:
                level[name] = level[name] / total
    return settings


def _learnt(levels: Sequence[tuple[Any, Any]], name: str) -> list[float]:
    """A parameter of each level as learnt; 0 for a level that no pair reached.

    Splink leaves such a level as it began, and all levels where a comparison was not trained.
    """
    pairs = [(float(level[name]), _number(seen.get(name))) for level, seen in levels]
    if all(began == ended for began, ended in pairs):
        return [began for began, _ in pairs]
    return [0.0 if began == ended else ended for began, ended in pairs]


def _number(value: object) -> float:
    """A parameter, or 0 where Splink has words in its place."""
    return float(value) if isinstance(value, int | float) else 0.0
