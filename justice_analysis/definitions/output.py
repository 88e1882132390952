"""An output: a small tidy table and what a reader, a checker and a chart must know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from justice_analysis.errors import UsageError, listed

if TYPE_CHECKING:
    import pandas as pd

KINDS = (
    "table",
    "magnitude",
    "estimates",
    "rates",
    "relative_rates",
    "comparison",
    "balance",
    "summary",
    "histogram",
    "box_plot",
    "map",
    "survival",
    "model",
    "attrition",
    "quotations",
    "text",
)
ABOUT = ("people", "children", "co_defendants", "organisations", "records", "totals")
"""Whom a row counts; some are known to each other, so that ten of them may be one family.

`records` says that the people behind the numbers are not known: no rule can pass these. `totals`
are numbers that were published as such: what stands for people is the published number itself.
"""


@dataclass(frozen=True)
class ColumnRoles:
    """Which columns say what; disclosure control judges a column by its role alone.

    Parameters
    ----------
    people
        Distinct people behind each row, at the highest link level; an unlinked party counts as
        one. Judged against the profile's threshold.
    count
        Other counts (events, cases, people at risk).
    numerator, denominator
        The counts a share or rate was made from; an estimate is shown only if they may be. The
        denominator of a mean is what it is over, where that is not people (charges, children).
    estimate, lower, upper
        Statistics derived from the counts or the records, and their interval.
    total
        Sum of a quantity over the row's records (days, pounds); kind `magnitude` needs it.
    families, cases, organisations
        Distinct families (or proceedings), cases and organisations behind each row. Tables about
        children must name families, about co-defendants cases.
    people_behind
        For a count in which one person may stand more than once (hearings, breaches): the column
        of the distinct people behind it.
    groups_behind
        For a count of some of the children (or co-defendants) of a row: the column of the
        families (or cases) behind it.
    largest, largest_organisations
        What the largest person, then the second, adds to the row's total (or to its people, where
        there is no total); the same for organisations. For dominance.
    statistic
        What each estimate is: share, rate, ratio, mean, sd, median, percentile 25, minimum,
        maximum, coefficient, odds ratio, hazard ratio, difference. Unnamed ones are shares.
    """

    people: str
    count: tuple[str, ...] = ()
    numerator: str | None = None
    denominator: str | None = None
    estimate: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()
    total: str | None = None
    families: str | None = None
    cases: str | None = None
    organisations: str | None = None
    people_behind: Mapping[str, str] = field(default_factory=dict)
    groups_behind: Mapping[str, str] = field(default_factory=dict)
    largest: tuple[str, ...] = ()
    largest_organisations: tuple[str, ...] = ()
    statistic: Mapping[str, str] = field(default_factory=dict)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Columns that an output is judged by and that are never shown, unless they are counts."""
        behind = (*self.people_behind.values(), *self.groups_behind.values())
        named = (self.families, self.cases, self.organisations, *behind)
        beside = (*named, *self.largest, *self.largest_organisations)
        shown = {*self.counts, *self.statistics, self.total}
        return tuple(dict.fromkeys(name for name in beside if name and name not in shown))

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

    `form` is `curve` (steps over time with a band), `lines` (a series by quarter or year with a
    band), `dots` (estimates with whiskers), `bars`, `flow` (attrition), `love` (differences after
    matching in `y`, before it in the column of the same name ending in before) or `overlap`
    (people by bins of a score, two groups). `group` splits into lines or colours. `line_at` is
    where dots show no difference: 1 for ratios. `beside` are up to two columns without limits that
    dots show above and below each, such as what was planted.
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
    line_at: float | None = None
    beside: tuple[str, ...] = ()


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
    about
        Whom the rows count: one of `ABOUT`.
    within
        Hashes of populations that hold every person of this one (a table of women within the
        table of everyone): the two are attacked together.
    family
        Name of the differencing family: outputs of one family count nearly the same people in
        another way (another look-back, another clock) and are judged together. Missing: the card.
    hierarchy
        For a dimension with totals inside it: each group's parent ({"Leeds": "Yorkshire"}).
    places
        Level of each dimension that names places: court, local_authority, region, country, ...
    overlapping
        Dimensions along which one person may stand in several groups (offences, quarters): units
        add up to their total, people need not.
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
    about: str = "people"
    within: tuple[str, ...] = ()
    family: str | None = None
    hierarchy: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    overlapping: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        others = [name for name in self.shares if name not in self.roles.statistics]
        roles = self.roles
        quantity = (roles.total,) if roles.total else ()
        named = (*self.dimensions, *roles.counts, *roles.statistics, *quantity, *roles.evidence)
        missing = [name for name in named if name not in self.table.columns]
        problems = [f"column {name} is named but not in the table." for name in missing]
        problems += [f"shares names {name}, which is no statistic." for name in others]
        unnamed = [name for name in self.table.columns if name not in named]
        problems += [f"column {name} has no role: say what it holds." for name in unnamed]
        if self.kind not in KINDS:
            problems.append(f"kind must be one of {', '.join(KINDS)}: {self.kind} is not.")
        if self.about not in ABOUT:
            problems.append(f"about must be one of {', '.join(ABOUT)}: {self.about} is not.")
        nowhere = {*self.hierarchy, *self.places, *self.overlapping} - {*self.dimensions}
        problems += [f"{name} has groups or places but is no dimension." for name in nowhere]
        if self.overlapping and not self.roles.people_behind:
            problems.append(
                "groups that overlap must count units, and name the people behind them "
                "(roles.people_behind)."
            )
        if not missing and self.table.duplicated(list(self.dimensions)).any():
            problems.append("each combination of dimensions must have one row: some have more.")
        if problems:
            raise UsageError(listed(problems))
