"""An output: a small tidy table and what a reader, a checker and a chart must know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from justice_analysis.errors import UsageError, listed

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("table", "estimates", "survival", "attrition", "text")


@dataclass(frozen=True)
class ColumnRoles:
    """Which columns say what; disclosure control judges a column by its role alone.

    Parameters
    ----------
    people
        Distinct people behind each row; judged against the profile's threshold.
    count
        Other counts (events, cases, people at risk).
    numerator, denominator
        The counts a share or rate was made from; an estimate is shown only if they may be.
    estimate, lower, upper
        Statistics derived from the counts, and their interval.
    """

    people: str
    count: tuple[str, ...] = ()
    numerator: str | None = None
    denominator: str | None = None
    estimate: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[str, ...]:
        """Every column that holds a count, in order and once."""
        named = (self.people, *self.count, self.numerator, self.denominator)
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def statistics(self) -> tuple[str, ...]:
        """Every column derived from the counts."""
        return (*self.estimate, *self.lower, *self.upper)


@dataclass(frozen=True)
class Chart:
    """What to draw: a form and the columns on its axes; drawn from released numbers only.

    `form` is `curve` (steps over time with a band), `dots` (estimates with whiskers),
    `bars` or `flow` (attrition). `group` splits into lines or colours.
    """

    form: str
    x: str
    y: str
    group: str | None = None
    lower: str | None = None
    upper: str | None = None
    x_title: str = ""
    y_title: str = ""
    percent: bool = False
    alt_text: str = ""


@dataclass(frozen=True)
class Output:
    """One candidate for release: grain is one row per combination of `dimensions`.

    Attributes
    ----------
    table
        Unrounded and tidy: the dimension columns, then one statistic a column.
    population_hash
        Names the set of people counted; outputs that share it can be differenced.
    unit
        What is counted, in words ("mothers", "releases from prison").
    shares
        Statistics from 0 to 1 that people read as percentages.
    """

    kind: str
    title: str
    table: pd.DataFrame
    dimensions: tuple[str, ...]
    roles: ColumnRoles
    unit: str
    population: str
    population_hash: str
    card: str | None = None
    subtitle: str = ""
    chart: Chart | None = None
    notes: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    shares: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        others = [name for name in self.shares if name not in self.roles.statistics]
        named = (*self.dimensions, *self.roles.counts, *self.roles.statistics)
        missing = [name for name in named if name not in self.table.columns]
        problems = [f"column {name} is named but not in the table." for name in missing]
        problems += [f"shares names {name}, which is no statistic." for name in others]
        unnamed = [name for name in self.table.columns if name not in named]
        problems += [f"column {name} has no role: say what it holds." for name in unnamed]
        if self.kind not in KINDS:
            problems.append(f"kind must be one of {', '.join(KINDS)}: {self.kind} is not.")
        if not missing and self.table.duplicated(list(self.dimensions)).any():
            problems.append("each combination of dimensions must have one row: some have more.")
        if problems:
            raise UsageError(listed(problems))
