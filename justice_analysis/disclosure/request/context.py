"""The words beside the numbers of a request: made from the definition card, edited by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.kinds.model_rows import KEPT_INSIDE
from justice_analysis.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.definitions.card import Card
    from justice_analysis.disclosure.profiles.profile import Profile
    from justice_analysis.disclosure.released import Released

NO_WEIGHTS = "none: every person counts once"
NO_PEOPLE = "none: published totals"
PUBLISHED = "none: the numbers are totals that were published, and no sample"
WHY_HIDDEN = (
    "too few people are behind them, or a hidden number could be worked out from them (which of "
    "the two is not said: it would tell about the numbers)"
)
NOT_FILTERS = ("formats", "denominator", "public_denominator", "per")
"""Options that say how a number is written or judged, not who is counted."""
DIMENSIONS = {
    "day": "days since the start, as the filters say where time starts",
    "horizon": "how long after the start",
    "step": "step of the selection, in its order",
    "name": "which number of the text",
    "since": "first period of the stretch",
    "until": "first period after the stretch, or that it lasts",
    "since_earliest": "earliest start that is supported about as well",
    "since_latest": "latest start that is supported about as well",
}
COUNTS = {
    "at_risk": "{unit} still followed",
    "left": "{unit} left after the step",
    "set_aside": "{unit} set aside by the step",
    "events": "{unit} with the event",
    "censored": "{unit} no longer followed",
}
STATISTICS = {
    "share": "share, from 0 to 1",
    "sd": "standard deviation",
}


@dataclass(frozen=True)
class Words:
    """What a stranger must be told to read one output; a researcher may edit all of it.

    Attributes
    ----------
    purpose
        What it is asked for; empty unless the researcher says it.
    filters
        One sentence an option of the metric.
    columns
        What each column of its table means.
    """

    purpose: str = ""
    question: str = ""
    definition: str = ""
    sub_population: str = ""
    filters: tuple[str, ...] = ()
    weights: str = NO_WEIGHTS
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> tuple[str, ...]:
        """Every sentence of it."""
        single = (self.purpose, self.question, self.definition, self.sub_population, self.weights)
        return (*single, *self.filters, *self.columns.values())


def draft(output: Output) -> Words:
    """Make the words of an output from its card, its options and what its columns hold."""
    card = card_of(output.card)
    return Words(
        question=card.question if card else "",
        definition=card.definition if card else "",
        sub_population=_sub_population(output),
        filters=filters(output, card),
        weights=NO_PEOPLE if output.about == "totals" else NO_WEIGHTS,
        columns=column_words(output),
    )


def card_of(name: str | None) -> Card | None:
    """Return the definition card of a registered metric."""
    import justice_analysis.evaluation
    import justice_analysis.metrics  # noqa: F401  (registers the cards)
    from justice_analysis import definitions

    try:
        return definitions.get(name).card if name else None
    except UsageError:
        return None


def definition(card: str) -> str | None:
    """Return the card's definition, where the metric is registered."""
    found = card_of(card)
    return found.definition if found else None


def filters(output: Output, card: Card | None) -> tuple[str, ...]:
    """Put the options of an output into words: each with its value and what it means."""
    meanings = {option.name: option.meaning for option in card.options} if card else {}
    inside = KEPT_INSIDE if output.kind == "model" else ()
    return tuple(
        f"{_plain(name)}: {_value(value)}" + (f" ({meanings[name]})" if meanings.get(name) else "")
        for name, value in output.options.items()
        if name not in (*inside, *NOT_FILTERS) and value is not None
    )


def column_words(output: Output) -> dict[str, str]:
    """Say what each column means that a request may show, from its role."""
    roles, unit = output.roles, output.unit
    said = {name: _dimension(output, name) for name in output.dimensions}
    said |= {name: COUNTS.get(name, "count").format(unit=unit) for name in roles.count}
    part = f"those of the {_plain(roles.denominator or roles.people)} counted as {{}}"
    parts = (
        (roles.denominator, f"{unit}: what the share or rate is of"),
        (roles.numerator, part.format(_plain(roles.numerator or ""))),
        (roles.people, _people_words(output)),
        (roles.total, "sum over the records of the row"),
    )
    said |= {name: words for name, words in parts if name}
    said |= {name: _statistic(roles, name) for name in roles.estimate}
    said |= dict.fromkeys(roles.lower, "lower end of the 95% interval")
    said |= dict.fromkeys(roles.upper, "upper end of the 95% interval")
    kept = {name: words for name, words in said.items() if name not in roles.evidence}
    return {**kept, "shown": "yes, or suppressed where the numbers of the row are hidden"}


def _people_words(output: Output) -> str:
    if output.about == "totals":
        return f"published number: {output.unit}"
    return "distinct people behind the row, each counted once"


def in_the_table(words: Words, released: Released) -> list[str]:
    """Say what each column that left holds, in their order."""
    text = {"text": "the number as a sentence writes it"} if released.kind == "text" else {}
    meanings = {**words.columns, **text}
    return [f"{name} = {meanings[name]}" for name in released.table.columns if name in meanings]


def unweighted_n(table: pd.DataFrame, output: Output, profile: Profile) -> str:
    """Say how many people an output is about, as its own protected table shows it.

    Parameters
    ----------
    table
        The released table: what it hides is not said, and what it rounds is said rounded.
    """
    people = output.roles.people
    if output.about == "totals":
        return PUBLISHED
    if people not in table:
        return "not shown: the people behind each number were judged, and are no part of the table"
    shown = table[table["shown"] == "yes"]
    of_all = shown[[_is_everyone(row, output.dimensions) for row in shown.to_dict("records")]]
    rows = of_all if len(of_all) else shown
    numbers = rows[people].dropna().astype(float)
    if numbers.empty:
        return "not shown, to protect people"
    least, most = f"{numbers.min():,.0f}", f"{numbers.max():,.0f}"
    whom = "in all" if len(of_all) else "in each row that is shown"
    said = least if least == most else f"{least} to {most}"
    return f"{said} people {whom}{_rounded(profile, output.kind)}"


def hidden_words(table: pd.DataFrame) -> str:
    """Say how many rows are hidden and why, without telling which rows for which reason.

    A row that is hidden beside another is no small one: who knew which rows these are would know
    more than the audit lets an attacker know.
    """
    hidden = int((table["shown"] == "suppressed").sum())
    if not hidden:
        return "nothing"
    rows = "row is" if hidden == 1 else "rows are"
    return f"{hidden} of {len(table)} {rows} empty: {WHY_HIDDEN}."


def _sub_population(output: Output) -> str:
    is_part = output.subtitle and output.subtitle != output.population
    return output.subtitle if is_part else "none: all of the population"


def _dimension(output: Output, name: str) -> str:
    by = output.options.get("by")
    words = DIMENSIONS.get(name, f"{_plain(name)} that the row is about")
    if name == "group" and isinstance(by, str):
        words = f"{_plain(by)} that the row is about"
    values = {str(value).lower() for value in output.table[name].unique()}
    return f"{words} (all is everyone)" if "all" in values else words


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _rounded(profile: Profile, kind: str) -> str:
    rounds = profile.mechanism.get(kind) in ("round", "suppress_then_round")
    if rounds and profile.rounding_base > 1:
        return f", rounded to the nearest {profile.rounding_base}"
    return ""


def _is_everyone(row: Mapping[object, object], dimensions: Sequence[str]) -> bool:
    groups = [row[name] for name in dimensions if isinstance(row[name], str)]
    return bool(groups) and all(str(value).lower() == "all" for value in groups)


def _statistic(roles: ColumnRoles, name: str) -> str:
    said = roles.statistic.get(name, "share")
    return STATISTICS.get(said, said)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_value(item)}" for key, item in value.items()) or "none"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_value, value)) or "none"
    return " ".join(str(value).replace("_", " ").split())
