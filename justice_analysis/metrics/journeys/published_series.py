"""Published series as a warehouse holds them: one number a quarter of one place, and no people."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from justice_analysis import contracts, engine
from justice_analysis.definitions import Card, Output
from justice_analysis.errors import MetricError, listed

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

NOT_STATED = "not stated"
NO_INTERVAL = "Published totals and no sample: without sampling error, so without an interval."
NOT_WHOLE = (
    "{count} numbers are not whole, since the source worked them out: they are shown to the "
    "nearest whole number."
)


@dataclass(frozen=True)
class Quarters:
    """Series of one place, quarter by quarter.

    Attributes
    ----------
    table
        Indexed by quarter in order of time, as 2019 Q1; one column a series.
    titles, units
        What each series is, and what it counts.
    place
        Of where they are.
    """

    table: pd.DataFrame
    titles: Mapping[str, str]
    units: Mapping[str, str]
    place: str

    @property
    def names(self) -> tuple[str, ...]:
        """The series, in their order."""
        return tuple(map(str, self.table.columns))

    def place_of(self, quarter: str, *, option: str) -> int:
        """Position of a quarter.

        Raises
        ------
        MetricError
            If the series have no such quarter.
        """
        if quarter not in self.table.index:
            raise MetricError(
                f"{option} must be a quarter of the series, as {self.table.index[0]}: "
                f"{quarter} is not. They end with {self.table.index[-1]}."
            )
        return list(self.table.index).index(quarter)


def published_quarters(warehouse: Warehouse, source: str, series: Sequence[str]) -> Quarters:
    """Read some series of a source, and refuse them where a quarter is missing or doubled.

    Raises
    ------
    MetricError
        If there is no such series, or they are of several places, or a quarter has no number or
        two: every problem at once.
    """
    held = warehouse.area_measure
    chosen = held.filter((held.source == source) & held.concept.isin(list(series)))
    rows = engine.execute(
        chosen.left_join(warehouse.place.select("place_id", "name"), "place_id").select(
            "concept", "value_number", "unit", "name", "from_date"
        ),
        step=f"published series of {source}",
    )
    rows["quarter"] = pd.PeriodIndex(pd.to_datetime(rows["from_date"]), freq="Q")
    problems = _problems(rows, source, series)
    if problems:
        raise MetricError(listed(problems))
    wide = rows.pivot(index="quarter", columns="concept", values="value_number").sort_index()
    wide.index = pd.Index([f"{day.year} Q{day.quarter}" for day in wide.index], name="quarter")
    labels = contracts.common_model().table("area_measure").field("concept")
    return Quarters(
        table=wide[list(dict.fromkeys(series))].rename_axis(columns=None),
        titles={name: labels.label(name) or name for name in series},
        units=dict(zip(rows["concept"], rows["unit"], strict=True)),
        place=str(rows["name"].iloc[0]),
    )


def _problems(rows: pd.DataFrame, source: str, series: Sequence[str]) -> list[str]:
    lacking = sorted({*series} - {*rows["concept"]})
    if lacking:
        return [f"{source} has no series {', '.join(lacking)} here. Load it, or name others."]
    problems = []
    if rows["name"].nunique(dropna=False) > 1:
        problems.append("series must be of one place: these are of several. Name one source.")
    twice = int(rows.duplicated(["concept", "quarter"]).sum())
    if twice:
        problems.append(f"each quarter must have one number a series: {twice:,} stand twice.")
    whole = pd.period_range(rows["quarter"].min(), rows["quarter"].max(), freq="Q")
    gaps = len(whole) * rows["concept"].nunique() - (len(rows) - twice)
    if gaps:
        problems.append(
            f"series must have a number in every quarter from first to last: {gaps:,} lack one. "
            "Name the series apart, or leave those out."
        )
    return problems


@dataclass(frozen=True)
class About:
    """What every output of published series says beside its numbers."""

    card: Card
    options: Any
    warehouse: Warehouse
    quarters: Quarters

    @property
    def unit(self) -> str:
        """What the series count, each unit once."""
        units = [self.quarters.units[name] for name in self.quarters.names]
        named = ["a unit that is not stated" if one == NOT_STATED else one for one in units]
        return ", ".join(dict.fromkeys(named))

    @property
    def population(self) -> str:
        """The place and the quarters."""
        first, last = self.quarters.table.index[[0, -1]]
        return f"{self.quarters.place}, {first} to {last}"

    def output(self, kind: str, title: str, table: pd.DataFrame, **others: Any) -> Output:
        """An output of published totals; `others` are further fields of `Output`.

        Notes say that there is no interval, where none has a column.
        """
        text = json.dumps([self.warehouse.fingerprint, "published series", self.options.source])
        options = {**dataclasses.asdict(self.options), **others.pop("options", {})}
        without = () if others["roles"].lower else (NO_INTERVAL,)
        notes = (*others.pop("notes", ()), *self._rounded(), *without)
        return Output(
            kind=kind,
            title=title,
            table=table.reset_index(drop=True),
            unit=self.unit,
            population=self.population,
            population_hash=hashlib.sha256(text.encode()).hexdigest()[:16],
            card=self.card.name,
            subtitle=self.population,
            about="totals",
            options=options,
            notes=notes,
            **others,
        )

    def _rounded(self) -> tuple[str, ...]:
        odd = int((self.quarters.table % 1 != 0).to_numpy().sum())
        return (NOT_WHOLE.format(count=f"{odd:,}"),) if odd else ()


def whole(values: pd.Series[float]) -> pd.Series[int]:
    """Published numbers to the nearest whole, as counts are shown."""
    return values.round().astype("int64")
