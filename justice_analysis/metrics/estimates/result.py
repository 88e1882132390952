"""What a time-to-event metric gives back: estimates, curves, attrition, and its card."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from justice_analysis.cohorts import Flow
from justice_analysis.definitions import Card, Chart, ColumnRoles, Output
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models import wilson

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DAYS_IN_YEAR = 365.25
EVERYONE = "all"

ESTIMATE_ROLES = ColumnRoles(
    people="people",
    count=("at_risk",),
    numerator="returned",
    denominator="people",
    estimate=("estimate",),
    lower=("lower",),
    upper=("upper",),
)
CURVE_ROLES = ColumnRoles(
    people="people",
    count=("at_risk", "events", "censored"),
    estimate=("estimate",),
    lower=("lower",),
    upper=("upper",),
)


def year_days(years: float) -> int:
    """Whole days in so many years of 365.25 days, rounded down."""
    return int(years * DAYS_IN_YEAR)


@dataclass(frozen=True)
class IncidenceResult:
    """Cumulative incidence of an event over time, by group.

    Attributes
    ----------
    table
        One row per group, cause and horizon: `group`, `cause`, `horizon_days`, `people`
        (in the group at clock zero), `returned` (observed by then), `at_risk` (still followed
        just before the horizon), `estimate`, `lower`, `upper` (95% interval).
    curve
        One row per group, cause and day with an exit: `group`, `cause`, `day`, `people`,
        `at_risk`, `events`, `censored`, `estimate`, `lower`, `upper`.
    attrition
        People left at each step of the selection.
    fallback_people
        People counted by a fallback rule alone, such as mothers by role; missing where none
        was asked for.
    about
        Whom the rows count, as `definitions.Output` has it; `records` where the source has no
        identifier of persons, so that one person may stand twice.
    within
        Hashes of populations that hold everyone of this one.
    family
        The differencing family: variants that count nearly the same people.
    places
        Level of the places that `group` names, where it does.
    """

    card: Card
    options: object
    unit: str
    event: str
    clock: str
    table: pd.DataFrame
    curve: pd.DataFrame
    attrition: Flow
    population: str
    population_hash: str
    notes: tuple[str, ...] = field(default=())
    fallback_people: int | None = None
    about: str = "people"
    within: tuple[str, ...] = ()
    family: str | None = None
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """People followed up."""
        return self.attrition.people

    def at(self, horizon_days: int, group: str = EVERYONE, cause: str = "event") -> pd.Series:
        """The estimate of one group and cause at one horizon."""
        found = self.table.query(
            "horizon_days == @horizon_days and group == @group and cause == @cause"
        )
        if found.empty:
            raise MetricError(
                f"{self.card.name} has no estimate at {horizon_days:,} days for group {group} "
                f"and cause {cause}: follow-up may be shorter. See its table."
            )
        return found.iloc[0]

    def estimates(self, title: str) -> Output:
        """Share with the event at each horizon, as an output with dots and whiskers."""
        horizons = [horizon_words(days) for days in self.table["horizon_days"]]
        table = self.table.drop(columns="horizon_days").assign(horizon=horizons)
        split = self._split
        chart = Chart(
            form="dots",
            x=split or "horizon",
            y="estimate",
            group="horizon" if split else None,
            lower="lower",
            upper="upper",
            y_title=f"Share of {self.unit}",
            percent=True,
        )
        return self._output("estimates", title, self._without_constants(table), chart)

    def by_cause(
        self, id: str, title: str, *, words: Mapping[str, str] | None = None
    ) -> dict[str, Output]:
        """One curve output for each cause, `<id>_<cause>`; none where there is a single cause.

        `words` say what causes are called in the titles.
        """
        causes = list(dict.fromkeys(self.table["cause"]))
        if len(causes) < 2:
            return {}
        called = {cause: (words or {}).get(cause, cause) for cause in causes}
        return {
            f"{id}_{cause}": self.only(cause).over_time(f"{title}: {called[cause]}")
            for cause in causes
        }

    def over_time(self, title: str) -> Output:
        """The curve of cumulative incidence with its band, as an output."""
        chart = Chart(
            form="curve",
            x="day",
            y="estimate",
            group=self._split,
            lower="lower",
            upper="upper",
            x_title=f"Days since {self.clock}",
            y_title=f"Share of {self.unit} with {self.event}",
            percent=True,
        )
        curve = self._without_constants(self.curve)
        return self._output("survival", title, curve, chart, roles=CURVE_ROLES)

    @property
    def _split(self) -> str | None:
        """The one column that tells curves apart; causes and groups at once are refused."""
        split = [name for name in ("group", "cause") if self.table[name].nunique() > 1]
        if len(split) > 1:
            raise OptionError(
                "an output shows groups or causes, not both at once: this result has both. "
                "Compute it for one of the two, or take one cause with only()."
            )
        return split[0] if split else None

    def _without_constants(self, table: pd.DataFrame) -> pd.DataFrame:
        """Leave out the group or cause that every row shares: it says nothing."""
        constant = [name for name in ("group", "cause") if table[name].nunique() <= 1]
        return table.drop(columns=constant)

    def only(self, cause: str) -> IncidenceResult:
        """Keep one cause; the others went on competing in the estimates."""
        if cause not in set(self.table["cause"]):
            raise OptionError(f"{self.card.name} has no cause {cause} here: see its table.")
        return dataclasses.replace(
            self,
            table=self.table[self.table["cause"] == cause],
            curve=self.curve[self.curve["cause"] == cause],
        )

    def selection(self, title: str) -> Output:
        """Who was counted and who was not, step by step, as an output."""
        return self._output(
            "attrition",
            title,
            self.attrition.table(),
            Chart(form="flow", x="step", y="people"),
            roles=ColumnRoles(people="people", count=("people_excluded",)),
        )

    def fallback(self, title: str) -> Output:
        """Share of people counted by the fallback rule alone, as an output."""
        if self.fallback_people is None:
            raise OptionError(f"{self.card.name} used no fallback rule here: there is no share.")
        share = wilson([self.fallback_people], [self.people])
        row = {
            "rule": "counted by the fallback alone",
            "people": self.people,
            "returned": self.fallback_people,
            "estimate": share.estimate[0],
            "lower": share.lower[0],
            "upper": share.upper[0],
        }
        renamed = pd.DataFrame([row]).rename(columns={"returned": "people_by_fallback"})
        roles = dataclasses.replace(ESTIMATE_ROLES, numerator="people_by_fallback", count=())
        return self._output("estimates", title, renamed, None, roles=roles)

    def headline(
        self, horizons: Mapping[str, int], title: str = "Numbers used in the text"
    ) -> Output:
        """Numbers for sentences: the estimate for everyone at each named horizon, in days."""
        rows = [self.at(days) for days in horizons.values()]
        return self._headline(dict(zip(horizons, rows, strict=True)), title)

    def headline_each(
        self, horizons: Mapping[str, int], title: str = "Numbers used in the text"
    ) -> Output:
        """Numbers for sentences: each group, or each cause, at each horizon.

        They are called `<horizon>_<group>`, or `<horizon>_<cause>`: `last_female`, `last_new`.
        """
        split = self._split
        rows = {}
        for name, days in horizons.items():
            for _, row in self.table[self.table["horizon_days"] == days].iterrows():
                words = re.sub(r"[^a-z0-9]+", "_", str(row[split]).lower()) if split else ""
                rows[f"{name}_{words}".strip("_")] = row
        return self._headline(rows, title)

    def _headline(self, picked: Mapping[str, pd.Series], title: str) -> Output:
        rows = pd.DataFrame(list(picked.values())).assign(name=list(picked))
        kept = ["name", "people", "returned", "at_risk", "estimate", "lower", "upper"]
        output = self._output("text", title, rows[kept], None)
        formats = dict.fromkeys(picked, "percent")
        return dataclasses.replace(output, options={**output.options, "formats": formats})

    def plot(self, title: str = "") -> Figure:
        """Draw the curve for a person to look at; publishing draws released numbers only."""
        from justice_analysis import charts

        output = self.over_time(title or self.card.title)
        return charts.draw(output.table, output.chart, title=output.title, subtitle=self.population)

    def _output(
        self,
        kind: str,
        title: str,
        table: pd.DataFrame,
        chart: Chart | None,
        *,
        roles: ColumnRoles = ESTIMATE_ROLES,
    ) -> Output:
        statistics = {*roles.counts, *roles.statistics}
        dimensions = tuple(name for name in table.columns if name not in statistics)
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
            notes=self.notes,
            options=dataclasses.asdict(self.options),  # type: ignore[call-overload]
            shares=roles.statistics,
            about=self.about,
            within=self.within,
            family=self.family,
            places={name: level for name, level in self.places.items() if name in dimensions},
        )


def horizon_words(days: int) -> str:
    """Say a number of days as whole years where it is that."""
    years = round(days / DAYS_IN_YEAR)
    if years >= 1 and year_days(years) == days:
        return f"{years} year{'s' * (years > 1)}"
    return f"{days:,} days"
