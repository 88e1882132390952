"""The card of a metric: one definition, in one place, for people and for programs."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from justice_analysis import contracts
from justice_analysis.errors import JusticeError, OptionError, UsageError, listed

TERMINAL_WIDTH = 88
BACKED, ASSUMED, UNBACKED = "backed", "assumed", "unbacked"
SUBJECTS = (
    "family courts",
    "criminal courts",
    "prison and probation",
    "civil courts",
    "across courts",
    "journeys",
    "disparities",
    "evaluations",
    "data and links",
)
"""What a definition is about, in the order of the book's chapter."""


@dataclass(frozen=True)
class Need:
    """One delivered field that a metric cannot do without."""

    dataset: str
    table: str
    field: str

    @property
    def name_status(self) -> str | None:
        """`confirmed`, `secondary` or `assumed`; missing where no contract holds the field."""
        try:
            return contracts.load(self.dataset).table(self.table).field(self.field).name_status
        except (JusticeError, KeyError):
            return None


@dataclass(frozen=True)
class Gap:
    """Why a definition cannot be computed: what is missing, who has it, how it might be had."""

    missing: str
    owner: str
    route: str


@dataclass(frozen=True)
class Option:
    """One choice a metric offers: its name, default, meaning and allowed values."""

    name: str
    default: object
    meaning: str
    choices: tuple[object, ...] = ()


@dataclass(frozen=True)
class Card:
    """What a metric means; the book's Definitions chapter is made from these.

    `options_type` is the frozen dataclass of the metric's options: the card reads their
    names, defaults and meanings from it, so that the two cannot drift apart. `gap` says why a
    definition that no dataset can back is not computed.
    """

    name: str
    title: str
    question: str
    definition: str
    counting_unit: str
    population: str
    clock: str
    does_not_count: tuple[str, ...]
    censoring: str
    known_breaks: tuple[str, ...]
    needs: tuple[Need, ...]
    source: tuple[str, ...]
    options_type: type
    version: str = "1"
    subject: str = "data and links"
    gap: Gap | None = None

    def __post_init__(self) -> None:
        if self.subject not in SUBJECTS:
            raise UsageError(
                f"{self.name}: subject must be one of {', '.join(SUBJECTS)}: {self.subject} is not."
            )

    @property
    def options(self) -> tuple[Option, ...]:
        """The metric's options in the order of their dataclass."""
        return tuple(
            Option(
                field.name,
                field.default,
                field.metadata.get("meaning", ""),
                tuple(field.metadata.get("choices", ())),
            )
            for field in dataclasses.fields(self.options_type)
        )

    def read_options(self, given: Mapping[str, Any]) -> Any:
        """Make the metric's options of what a caller named; lists become tuples.

        Raises
        ------
        OptionError
            If a name is unknown, or the options contradict each other.
        """
        unknown = sorted(set(given) - {option.name for option in self.options})
        if unknown:
            raise OptionError(
                f"{self.name} has no option {', '.join(unknown)}. "
                f"See justice metric show {self.name}."
            )
        fixed = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
        return self.options_type(**fixed)

    @property
    def status(self) -> str:
        """`backed`, `assumed` or `unbacked`, computed from the contracts it needs."""
        found = {need.name_status for need in self.needs}
        if self.gap or None in found:
            return UNBACKED
        return ASSUMED if ASSUMED in found else BACKED

    def text(self) -> str:
        """Render the card for a terminal, wrapped."""
        facts = {
            "Counts": self.counting_unit,
            "Population": self.population,
            "Clock": self.clock,
            "Censoring": self.censoring,
            "Status": self.status,
            **_gap_facts(self.gap),
        }
        sections = {
            "What does not count": self.does_not_count,
            "Options": [_option_words(option) for option in self.options],
            "Known breaks": self.known_breaks,
            "Source": self.source,
        }
        lines = [self.title, "=" * len(self.title), *_wrapped(self.question), ""]
        lines += _wrapped(self.definition)
        lines += ["", *(line for name, said in facts.items() for line in _fact(name, said))]
        for heading, items in sections.items():
            lines += ["", f"{heading}:"]
            lines += [line for item in items for line in _wrapped(item, "  - ", "    ")]
        return "\n".join(lines)


def _gap_facts(gap: Gap | None) -> dict[str, str]:
    return {"Missing": gap.missing, "Held by": gap.owner, "Route": gap.route} if gap else {}


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    return textwrap.wrap(text, TERMINAL_WIDTH, initial_indent=first, subsequent_indent=later)


def _fact(name: str, said: str) -> list[str]:
    return _wrapped(said, f"{name:<12}", " " * 12)


def _option_words(option: Option) -> str:
    allowed = " or ".join(_shown(choice) for choice in option.choices)
    said = f" ({allowed})" if allowed else ""
    return f"{option.name} = {_shown(option.default)}: {option.meaning}{said}"


def choice(default: object, meaning: str, *choices: object) -> Any:
    """Declare an option of a metric: its default, what it means, and what it may be."""
    return dataclasses.field(default=default, metadata={"meaning": meaning, "choices": choices})


def check_choices(options: object) -> None:
    """Refuse option values outside the declared choices, all of them at once."""
    problems = [
        f"{field.name} must be one of {', '.join(map(str, field.metadata['choices']))}."
        for field in dataclasses.fields(options)  # type: ignore[arg-type]
        if field.metadata.get("choices")
        and getattr(options, field.name) not in field.metadata["choices"]
    ]
    if problems:
        raise OptionError(listed(problems))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
