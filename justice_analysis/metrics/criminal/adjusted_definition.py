"""Definition of returns after release adjusted for what was recorded at release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError

_NUMBER = re.compile(r"(?P<concept>\w+) per (?P<step>\d+(\.\d+)?)")
NO = "No"
"""What a measure that says yes or no is compared with."""


@dataclass(frozen=True)
class Quantity:
    """A covariate that is a number, and how much more of it a hazard ratio is for."""

    concept: str
    step: float


@dataclass(frozen=True)
class AdjustedOptions:
    """Options of `adjusted_reappearance`; each names the rule it settles."""

    source: str | None = choice(None, "the dataset to use; none: the only one that fits")
    by: str = choice("sex", "the groups compared: sex, or the name of a recorded measure")
    adjust_for: tuple[str, ...] = choice(
        (), "sex or recorded measures whose groups the comparison is adjusted for"
    )
    quantities: tuple[str, ...] = choice(
        (), 'recorded numbers it is adjusted for, and the step of each ratio, such as "age per 10"'
    )
    competing: bool = choice(
        True, "keep causes of return apart, each with a model of its own", True, False
    )
    reference: Mapping[str, str] | None = choice(
        None, "group that others are compared with, by measure; none: No, or the most frequent"
    )
    together: Mapping[str, Mapping[str, str | None]] | None = choice(
        None, "recorded codes put together under one name, by measure; none: as not recorded"
    )
    words: Mapping[str, str] | None = choice(None, "what measures and causes are called, by name")

    def __post_init__(self) -> None:
        check_choices(self)
        named = (*self.terms, *(one.concept for one in self.numbers))
        problems = [f"{name} must be named once." for name in set(named) if named.count(name) > 1]
        for name in ("reference", "together", "words"):
            if not isinstance(getattr(self, name) or {}, Mapping):
                problems.append(f"{name} must give names of measures their words.")
        if problems:
            raise OptionError(" ".join(sorted(problems)))

    @property
    def terms(self) -> tuple[str, ...]:
        """Measures whose groups stand in the model, those compared first."""
        return (self.by, *self.adjust_for)

    @property
    def numbers(self) -> tuple[Quantity, ...]:
        """Measures that stand in the model as numbers."""
        found = [(_NUMBER.fullmatch(said.strip()), said) for said in self.quantities]
        wrong = [said for match, said in found if match is None or float(match["step"]) == 0]
        if wrong:
            raise OptionError(
                'quantities must name a measure and a step above 0, such as "age per 10": '
                f"{len(wrong)} do not."
            )
        return tuple(Quantity(m["concept"], float(m["step"])) for m, _ in found if m)

    def called(self, name: str) -> str:
        """What a measure is called."""
        return (self.words or {}).get(name, name.replace("_", " "))

    def group_words(self, term: str, level: str) -> str:
        """A group as a row names it: yes and no say of what."""
        return f"{self.called(term)}: {level.lower() if level in ('Yes', 'No') else level}"

    def step_words(self, name: str) -> str:
        """What a ratio of a number is for: so much more of it, or as `words` say it."""
        step = next(one.step for one in self.numbers if one.concept == name)
        plain = f"{self.called(name)}: {step:g} more"
        return (self.words or {}).get(f"{name} per {step:g}", plain)


CARD = Card(
    name="adjusted_reappearance",
    title="Return after release from prison, adjusted",
    question=(
        "How much sooner, or later, do releases of one group return than those of another that "
        "are alike in what was recorded?"
    ),
    definition=(
        "Hazard ratios of a first recorded return from Cox's proportional hazards model, alone "
        "and with everything in it that the comparison is adjusted for. On any day, among those "
        "who have not returned, the ratio says how many times as often a return comes in one "
        "group as in the other. With several causes each has a model of its own (cause-specific "
        "hazards): a release that another cause took is censored on that day. Ties follow Efron. "
        "Gray's test compares the cumulative incidence of each cause between the groups; with one "
        "cause the log-rank test does."
    ),
    counting_unit=(
        "releases: where a source has no person identifier, one person with two releases "
        "counts twice"
    ),
    population="Releases with a recorded follow-up of which all that is adjusted for is recorded",
    clock="From release to first recorded return, in whole days",
    does_not_count=(
        "releases of which something in the model is not recorded",
        "a return after the end of the source's follow-up, or a second one after a release",
        "a cause: a ratio is of what goes together, unless the groups were made at random",
        "what nobody recorded: it is not adjusted for",
        "the share that returned: a cause-specific ratio says nothing of how many the other "
        "cause took before",
    ),
    censoring=(
        "At the end of the follow-up that the source states and, with several causes, at a return "
        "for another cause. Causes are not independent: that censoring describes who is still "
        "there, not what would happen were the other cause gone"
    ),
    known_breaks=(
        "Iowa: a row is a release, so intervals take two releases of one person as independent",
        "Maryland and North Carolina: times fall on whole weeks and months, so many are tied",
    ),
    needs=(
        Need("iowa_releases", "releases", "Days to Return"),
        Need("iowa_releases", "releases", "Recidivism Type"),
        Need("rossi", "men", "week"),
        Need("rossi", "men", "arrest"),
        Need("recid", "releases", "durat"),
        Need("recid", "releases", "cens"),
    ),
    source=(
        "Cox (1972), Regression models and life-tables, Journal of the Royal Statistical Society "
        "B 34, 187-220; Efron (1977) for ties",
        "Gray (1988), A class of K-sample tests for comparing the cumulative incidence of a "
        "competing risk, Annals of Statistics 16, 1141-1154",
        "Grambsch and Therneau (1994) for the test of proportional hazards",
    ),
    options_type=AdjustedOptions,
    subject="prison and probation",
)
