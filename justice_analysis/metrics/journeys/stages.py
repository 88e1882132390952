"""Ordered sets of stages that cases pass through, declared as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from justice_analysis.errors import OptionError, UsageError, listed

Unit = Literal["case", "defendant"]
RULES = ("received", "final legal order", "completion in either court")
"""Dates that are not the first event of a type; `stage_dates` says how each is found."""


@dataclass(frozen=True)
class Stage:
    """One stage: entered on the first event of a type, or on the date that a rule names.

    Parameters
    ----------
    event_type
        Of `event`; the first of the unit counts.
    rule
        One of `RULES`, instead of an event type.
    """

    name: str
    event_type: str | None = None
    rule: str | None = None

    def __post_init__(self) -> None:
        if (self.event_type is None) == (self.rule is None):
            raise UsageError(f"stage {self.name} must have an event type or a rule, and not both.")
        if self.rule is not None and self.rule not in RULES:
            raise UsageError(f"stage {self.name}: rule must be one of {', '.join(RULES)}.")


@dataclass(frozen=True)
class Stages:
    """An ordered set of stages of one kind of case.

    Parameters
    ----------
    name
        To ask for it by.
    unit
        What passes: a `case`, or a `defendant` in one.
    units
        The units in words, for readers.
    case_types, source
        Whose cases they are; coverage of the source says until when they were seen.
    role
        Role of the party who stands for a case: one person behind each unit.
    stages
        In order, at least two.
    in_data_from
        The stage with which a unit comes into the data; the first, if not named. Units that
        never reached it are nowhere, so that earlier waits are only known of those that ended.
    steps_also
        Other event types that the variants of paths show, by their names there.
    """

    name: str
    unit: Unit
    units: str
    case_types: tuple[str, ...]
    source: str
    role: str
    stages: tuple[Stage, ...]
    in_data_from: str = ""
    steps_also: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [stage.name for stage in self.stages]
        problems = []
        if len(names) < 2:
            problems.append(f"{self.name} must have at least two stages: it has {len(names)}.")
        if len(set(names)) < len(names):
            problems.append(f"{self.name} must name each of its stages once.")
        if self.in_data_from and self.in_data_from not in names:
            problems.append(f"{self.name} has no stage {self.in_data_from} to be in data from.")
        if problems:
            raise UsageError(listed(problems))

    @property
    def first_followed(self) -> int:
        """Number of the first passage whose open cases are in the data."""
        names = [stage.name for stage in self.stages]
        return names.index(self.in_data_from) if self.in_data_from else 0

    @property
    def passages(self) -> tuple[str, ...]:
        """Each stage to the next, in words and in order."""
        names = [stage.name for stage in self.stages]
        return tuple(f"{one} to {other}" for one, other in pairwise(names))


DIVORCE = Stages(
    name="divorce",
    unit="case",
    units="divorces",
    case_types=("divorce",),
    source="family_court",
    role="applicant",
    stages=(
        Stage("petition", "petition"),
        Stage("conditional order", "conditional_order"),
        Stage("final order", "final_order"),
    ),
)
CARE_PROCEEDINGS = Stages(
    name="care_proceedings",
    unit="case",
    units="care cases",
    case_types=("care_proceedings",),
    source="family_court",
    role="subject",
    stages=(
        Stage("application", "application"),
        Stage("first hearing", "hearing"),
        Stage("final order", rule="final legal order"),
    ),
)
CRIMINAL = Stages(
    name="criminal",
    unit="defendant",
    units="defendants in criminal cases",
    case_types=("magistrates",),
    source="magistrates_defendant",
    role="defendant",
    stages=(
        Stage("offence", "offence"),
        Stage("charge", "charge"),
        Stage("first hearing", "first_hearing"),
        Stage("completion", rule="completion in either court"),
    ),
    in_data_from="charge",
    steps_also={"sent to the Crown Court": "sent_to_crown"},
)
CIVIL = Stages(
    name="civil",
    unit="case",
    units="civil claims",
    case_types=("money_claim", "damages_claim", "possession_claim", "other_claim"),
    source="civil_county_court",
    role="defendant",
    stages=(
        Stage("claim", rule="received"),
        Stage("judgment", "judgment"),
        Stage("warrant", "warrant"),
    ),
    steps_also={"hearing": "hearing"},
)
READY: Mapping[str, Stages] = {
    one.name: one for one in (DIVORCE, CARE_PROCEEDINGS, CRIMINAL, CIVIL)
}


def stages_named(chosen: str | Stages) -> Stages:
    """A set of stages by its name; one that is declared elsewhere is taken as it is.

    Raises
    ------
    OptionError
        If there is no such set.
    """
    if isinstance(chosen, Stages):
        return chosen
    if chosen not in READY:
        raise OptionError(f"stages must be one of {', '.join(READY)}, or Stages of your own.")
    return READY[chosen]
