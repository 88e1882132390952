"""The registry: every metric and evaluation with its card, under one name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from justice_analysis.definitions.card import Card
from justice_analysis.errors import MetricError, UsageError

_METRICS: dict[str, Metric] = {}


@dataclass(frozen=True)
class Metric:
    """A registered metric: its card and the function that computes it.

    An evaluation asks for more than a warehouse: participants, or a calendar of a roll-out.
    """

    card: Card
    compute: Callable[..., Any]
    is_evaluation: bool = False


def metric(card: Card) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as the one computation of the card's definition."""
    return _registering(card, is_evaluation=False)


def evaluation(card: Card) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as the one way in which an evaluation is made."""
    return _registering(card, is_evaluation=True)


def _registering(
    card: Card, *, is_evaluation: bool
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(compute: Callable[..., Any]) -> Callable[..., Any]:
        if card.name in _METRICS:
            raise UsageError(f"a metric's name must be its own: {card.name} is taken.")
        _METRICS[card.name] = Metric(card, compute, is_evaluation)
        return compute

    return register


def definition_only(card: Card) -> None:
    """Register a definition that no known dataset can back: shown, and refused if computed."""
    gap = card.gap
    if gap is None:
        raise UsageError(f"{card.name}: a definition without a computation must name its gap.")

    def refuse(warehouse: Any, **options: Any) -> Any:
        raise MetricError(
            f"{card.name} cannot be computed: no known dataset holds {gap.missing}. "
            f"{gap.owner} might; the way there: {gap.route}."
        )

    metric(card)(refuse)


def names() -> tuple[str, ...]:
    """Every registered metric's name, in order; evaluations are not among them."""
    return tuple(sorted(name for name, one in _METRICS.items() if not one.is_evaluation))


def cards() -> tuple[Card, ...]:
    """Every registered card, of evaluations too, by name."""
    return tuple(_METRICS[name].card for name in sorted(_METRICS))


def get(name: str) -> Metric:
    """Return one metric or evaluation; an unknown name is refused with the nearest ones."""
    if name in _METRICS:
        return _METRICS[name]
    near = difflib.get_close_matches(name, sorted(_METRICS), n=3) or list(names())
    raise UsageError(f"there is no metric {name!r}. Did you mean {', '.join(near)}?")
