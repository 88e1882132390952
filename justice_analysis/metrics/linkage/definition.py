"""What linkage sensitivity means: its options and its card."""

from __future__ import annotations

import math
from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError, listed

ASSUMED = "assumed"


@dataclass(frozen=True)
class SensitivityOptions:
    """Options of `linkage_sensitivity`; each names the rule it settles."""

    of: str = choice("recurrence", "the metric whose headline is examined")
    with_options: tuple[str, ...] = choice(
        (), "options of that metric, each written name=value, groups among them"
    )
    horizon_days: int | None = choice(
        None, "days at which survival is read; none: the longest that every group is followed for"
    )
    missed: tuple[float, ...] = choice(
        (0.0, 0.02, 0.05, 0.1, 0.2), "missed-link rates to correct for"
    )
    false: tuple[float, ...] = choice(
        (0.0, 0.005, 0.01, 0.02), "false-link rates, by the horizon, to correct for"
    )
    missed_range: tuple[float, float] = choice((0.0, 0.1), "missed-link rates of the bounds")
    false_range: tuple[float, float] = choice((0.0, 0.01), "false-link rates of the bounds")
    returns_range: tuple[float, float] | None = choice(
        None,
        "further cases that would pass as first ones, per person counted; none: from 0 to what "
        "the data hold, or to one for each person seen to return",
    )
    again_range: tuple[float, float] = choice(
        (0.0, 1.0), "share of false first cases with yet another case by the horizon"
    )
    rates_source: str = choice(ASSUMED, "where the rates come from")

    def __post_init__(self) -> None:
        check_choices(self)
        problems = [
            f"{name} must hold rates from 0 to below 1, the least first: it does not."
            for name in ("missed", "false", "missed_range", "false_range")
            if not _is_rates(getattr(self, name))
        ]
        if not _is_range(self.again_range) or self.again_range[1] > 1:
            problems.append("again_range must be a range within 0 and 1: it is not.")
        if self.returns_range is not None and not _is_range(self.returns_range):
            problems.append("returns_range must be a range from 0, the least first: it is not.")
        if self.horizon_days is not None and self.horizon_days <= 0:
            problems.append("horizon_days must be above 0: it is not.")
        if broken := [pair for pair in self.with_options if "=" not in pair]:
            problems.append(
                f"with_options must hold name=value: {len(broken)} of its items do not."
            )
        if not self.rates_source.strip():
            problems.append("rates_source must name a source, or say assumed: it is empty.")
        if problems:
            raise OptionError(listed(problems))


def _is_rates(rates: tuple[float, ...]) -> bool:
    numbers = [rate for rate in rates if isinstance(rate, (int, float)) and math.isfinite(rate)]
    if len(numbers) != len(rates) or not numbers:
        return False
    return list(numbers) == sorted(numbers) and numbers[0] >= 0 and numbers[-1] < 1


def _is_range(ends: tuple[float, ...]) -> bool:
    return len(ends) == 2 and 0 <= ends[0] <= ends[1] < math.inf


CARD = Card(
    name="linkage_sensitivity",
    title="How wrong would links have to be?",
    question=(
        "What would a headline be if links were missed or wrong at given rates, and from which "
        "rates on would its sentence change?"
    ),
    definition=(
        "The headline of another metric (a share of people, or survival at a horizon) corrected "
        "for a missed-link rate and a false-link rate, within each group; the least and greatest "
        "value it can have with rates within ranges; and the lowest rate, of one kind and in one "
        "group alone, at which the nearest simple fraction, or the sign of a difference between "
        "groups, would be another. A missed link hides a return and makes a false first case; a "
        "false link shows a return that never was. No link is imputed or repaired."
    ),
    counting_unit="people: those whom the metric examined counts",
    population="That of the metric examined",
    clock="That of the metric examined, read at one horizon",
    does_not_count=(
        "other errors than those of links: a person not recorded, a wrong date",
        "errors that depend on the history itself within a group: the page on linkage error has "
        "the worst case",
        "means, medians, totals, rates, counts of people and shares of something other than "
        "people: not available, since these formulas do not say how far links move them",
    ),
    censoring="As in the metric examined; assumed the same for false first cases",
    known_breaks=(
        "No error rate of Data First's links is published: rates are assumed unless a source is "
        "named",
        "Where the delivery states one link level or none, there is no other level to compare",
    ),
    needs=(Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),),
    source=(
        "Formulas and assumptions: the page on linkage error of this book",
        "Rogan and Gladen (1978), American Journal of Epidemiology 107(1): correction of a share",
        "Horowitz and Manski (1995), Econometrica 63(2): bounds without independence",
    ),
    options_type=SensitivityOptions,
)
