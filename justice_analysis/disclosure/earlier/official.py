"""Published official tables as past outputs: an attacker holds them beside what we release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.profiles.profile import Profile, load
from justice_analysis.disclosure.rounding import to_base
from justice_analysis.errors import DisclosureError

if TYPE_CHECKING:
    import pandas as pd

PUBLISHED = "published: "
NOT_PUBLISHED = ("", "c", "*", ":", "-", "..", "x", "z")


@dataclass(frozen=True)
class Official:
    """A table that somebody else has published.

    Attributes
    ----------
    counts, population
        What it counts and who they are, in the publication's words.
    table
        Text as published, under the names that the output compared with has.
    rounded_to
        Base to which its counts are rounded; 1 where they are exact.
    not_published
        Marks that stand in place of a number that was hidden.
    population_hash
        The population of ours that it counts, where the user says so.
    matches
        The output of ours that it is compared with: `study`, `output` and, if not all, `variant`.
    """

    title: str
    source: str
    date: str
    counts: str
    population: str
    table: pd.DataFrame
    rounded_to: int = 1
    population_hash: str | None = None
    matches: Mapping[str, str] = field(default_factory=dict)
    not_published: tuple[str, ...] = NOT_PUBLISHED

    @property
    def label(self) -> str:
        """Where a person finds it again."""
        return f"{PUBLISHED}{self.title} ({self.source}, {self.date})"


@dataclass(frozen=True)
class Asked:
    """An output that is asked for, and the run it comes from."""

    study: str
    variant: str
    id: str
    output: Output


def past_outputs(
    published: Iterable[Official], asked: Sequence[Asked]
) -> tuple[list[Past], list[str]]:
    """Match published tables to the outputs asked for.

    Nothing is guessed: a table is compared where its file names the population or the output.

    Returns
    -------
    tuple
        Past outputs, one for each population that a table is matched to; and a sentence for each
        table that was matched to nothing.

    Raises
    ------
    DisclosureError
        If a matched table lacks a column of ours that it must have.
    """
    found: list[Past] = []
    notes: list[str] = []
    for official in published:
        matched = {one.output.population_hash: one for one in reversed(_matched(official, asked))}
        found += [_past(official, one) for one in matched.values()]
        if not matched:
            notes.append(f"Not compared with {official.label}: no output asked for matches it.")
    return found, notes


def _matched(official: Official, asked: Sequence[Asked]) -> list[Asked]:
    """Outputs of ours that the table's file names, in their order."""
    columns = set(official.table.columns)
    if official.population_hash:
        return [
            one
            for one in asked
            if one.output.population_hash == official.population_hash
            and columns <= set(one.output.table.columns)
        ]
    named = official.matches
    return [
        one
        for one in asked
        if named
        and one.study == named["study"]
        and one.id == named["output"]
        and one.variant == named.get("variant", one.variant)
    ]


def _past(official: Official, ours: Asked) -> Past:
    """Make the past output of a table: the published numbers under the names of our cells."""
    output = ours.output
    dimensions = tuple(name for name in output.dimensions if name in official.table)
    counts = tuple(name for name in output.roles.counts if name in official.table)
    unknown = sorted({*official.table.columns} - {*dimensions, *counts})
    if output.roles.people not in counts or unknown:
        what = f"{', '.join(unknown)} is none" if unknown else f"{output.roles.people} is missing"
        raise DisclosureError(
            f"columns of {official.title} must be dimensions or counts of output {ours.id}, "
            f"its people among them: {what}. Correct columns in its file."
        )
    roles = output.roles
    kept = {name: name for name in counts}
    table = _with_our_numbers(official, ours.output, dimensions, counts)
    made = replace(
        output,
        kind="table",
        title=official.title,
        table=table,
        dimensions=dimensions,
        roles=ColumnRoles(
            people=roles.people,
            count=tuple(name for name in roles.count if name in kept),
            numerator=kept.get(roles.numerator or ""),
            denominator=kept.get(roles.denominator or ""),
        ),
        shares=(),
        chart=None,
        notes=(),
        card=output.card or output.title,
        hierarchy={name: v for name, v in output.hierarchy.items() if name in dimensions},
        places={name: v for name, v in output.places.items() if name in dimensions},
    )
    return Past(made, frozenset(), _profile(official), official.label)


def _with_our_numbers(
    official: Official, output: Output, dimensions: tuple[str, ...], counts: tuple[str, ...]
) -> pd.DataFrame:
    """Put the exact number behind a rounded one where ours rounds to it; drop hidden rows."""
    numbers = {name: _numbers(official, name) for name in counts}
    shown = official.table.assign(**numbers).dropna(subset=list(counts))
    exact = {_group(row, dimensions, output): row for row in output.table.to_dict("records")}
    rows = []
    for row in shown.to_dict("records"):
        ours = exact.get(_group(row, dimensions, output), {})
        rows.append(
            {name: row[name] for name in dimensions}
            | {name: _behind(row[name], ours.get(name), official.rounded_to) for name in counts}
        )
    return shown.iloc[:0].reindex(columns=[*dimensions, *counts]) if not rows else _frame(rows)


def _group(row: Mapping[Any, Any], dimensions: tuple[str, ...], output: Output) -> tuple[str, ...]:
    """Name a row by its groups; a dimension that the published table lacks is a total there."""
    return tuple(
        str(row[name]) if name in dimensions else str(row.get(name, "all"))
        for name in output.dimensions
    )


def _behind(published: float, ours: Any, base: int) -> int:
    same = ours is not None and to_base(ours, base) == int(published)
    return int(ours) if same else int(published)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)


def _profile(official: Official) -> Profile:
    """Rules under which such a table was published: every number shown, rounded or not."""
    base = official.rounded_to
    shown = load("open")
    return replace(
        shown,
        name="published",
        title=official.label,
        rounding_base=base,
        derived_from_rounded=base > 1,
        natures=("open",),
        mechanism=dict.fromkeys(shown.mechanism, "round" if base > 1 else "none"),
    )


def _numbers(official: Official, name: str) -> pd.Series:
    """Read a column of counts; those not published are missing."""
    import pandas as pd

    text = official.table[name].str.strip()
    plain = text.str.replace(",", "", regex=False)
    is_count = plain.str.fullmatch(r"\d+")
    wrong = int((~is_count & ~text.isin(official.not_published)).sum())
    if wrong:
        raise DisclosureError(
            f"counts of {official.title} must be whole numbers or marks of what was not "
            f"published: {wrong} in {name} are neither. Name the marks in not_published."
        )
    return pd.to_numeric(plain.where(is_count))
