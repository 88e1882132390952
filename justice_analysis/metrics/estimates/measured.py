"""What a metric gives back: outputs ready for release, its card and its options."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from justice_analysis.cohorts import Flow
from justice_analysis.definitions import Card, Chart, ColumnRoles, Output
from justice_analysis.errors import MetricError, OptionError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class About:
    """What every output of one result says beside its numbers; fields as in `Output`."""

    card: Card
    options: Any
    unit: str
    population: str
    population_hash: str
    about: str = "people"
    within: tuple[str, ...] = ()
    family: str | None = None
    notes: tuple[str, ...] = ()

    def part(self, name: str) -> About:
        """Say the same of some of the people: another population, which lies within this one."""
        return dataclasses.replace(
            self,
            population_hash=f"{self.population_hash}:{name}",
            within=(*self.within, self.population_hash),
        )

    def output(
        self,
        kind: str,
        title: str,
        table: pd.DataFrame,
        *,
        dimensions: tuple[str, ...],
        roles: ColumnRoles,
        chart: Chart | None = None,
        shares: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
        **others: Any,
    ) -> Output:
        """Make an output of a table; `others` are further fields of `Output`."""
        return Output(
            kind=kind,
            title=title,
            table=table.reset_index(drop=True),
            dimensions=dimensions,
            roles=roles,
            unit=self.unit,
            population=self.population,
            population_hash=self.population_hash,
            card=self.card.name,
            subtitle=self.population,
            chart=chart,
            notes=(*self.notes, *notes),
            options=dataclasses.asdict(self.options),
            shares=shares,
            about=self.about,
            within=self.within,
            family=self.family,
            **others,
        )


@dataclass(frozen=True)
class Measured:
    """The result of a metric: one output or several, the first the main one.

    Attributes
    ----------
    card, options
        The definition and the options it was computed with.
    outputs
        Name to output. Titles are the card's until `output` gives one.
    attrition
        People (or units) left at each step of the selection, where there was one.
    """

    card: Card
    options: Any
    outputs: Mapping[str, Output]
    attrition: Flow | None = field(default=None)

    def __post_init__(self) -> None:
        if not self.outputs:
            raise MetricError(f"{self.card.name} gave no result.")

    @property
    def table(self) -> pd.DataFrame:
        """The main output's table, unrounded: not checked for release."""
        return self.outputs[next(iter(self.outputs))].table

    @property
    def population_hash(self) -> str:
        """The population that the main output counts."""
        return self.outputs[next(iter(self.outputs))].population_hash

    def output(self, title: str, name: str | None = None) -> Output:
        """An output to show and to release, under a title of its own; the main one by default.

        Raises
        ------
        OptionError
            If there is no output of that name.
        """
        chosen = name or next(iter(self.outputs))
        if chosen not in self.outputs:
            known = ", ".join(self.outputs)
            raise OptionError(f"{self.card.name} has no output {chosen}: it has {known}.")
        return dataclasses.replace(self.outputs[chosen], title=title)

    def headline(
        self,
        rows: Mapping[str, Mapping[str, str]],
        *,
        name: str | None = None,
        title: str = "Numbers used in the text",
    ) -> Output:
        """Numbers for sentences: one row of an output's table for each name.

        Parameters
        ----------
        rows
            For each name in the text, the values of the dimensions that pick its row.

        Raises
        ------
        OptionError
            If the values pick no row, or several.
        """
        base = self.output(title, name)
        picked = []
        for words, chosen in rows.items():
            found = base.table
            for column, value in chosen.items():
                found = found[found[column] == value]
            if len(found) != 1:
                raise OptionError(
                    f"{words} must pick one row of {self.card.name}: it picks {len(found)}."
                )
            picked.append(found.drop(columns=list(base.dimensions)).assign(name=words))
        table = pd.concat(picked, ignore_index=True)
        form = "percent" if base.roles.estimate[0] in base.shares else "number"
        options = {**base.options, "formats": dict.fromkeys(rows, form)}
        return dataclasses.replace(
            base,
            kind="text",
            table=table,
            dimensions=("name",),
            chart=None,
            options=options,
            hierarchy={},
            places={},
        )

    def plot(self, title: str = "", name: str | None = None) -> Figure:
        """Draw an output for a person to look at; publishing draws released numbers only."""
        from justice_analysis import charts

        output = self.output(title or self.card.title, name)
        if output.chart is None:
            raise OptionError(f"{self.card.name} draws no chart of this output: see its table.")
        return charts.draw(
            output.table, output.chart, title=output.title, subtitle=output.population
        )
