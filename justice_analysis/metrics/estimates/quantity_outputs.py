"""Quantities by group as outputs: each statistic named, each with the evidence it is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

EVERYONE = "all"
MEDIAN = 50
LARGEST_PEOPLE = ("largest_1", "largest_2")
LARGEST_BODIES = ("largest_organisation_1", "largest_organisation_2")


@dataclass(frozen=True)
class QuantityTable:
    """A quantity by group, from `quantity_by_group`; its methods are outputs for release.

    Each method takes what an `Output` needs beside the table: `title`, `unit` (whose quantity it
    is: "people in custody"), `population`, `population_hash`, and any of its other fields.

    Attributes
    ----------
    table
        One row per group, as `quantity_by_group` says.
    words
        The quantity and its unit: "days in custody".
    """

    table: pd.DataFrame
    by: tuple[str, ...]
    words: str
    percentiles: tuple[float, ...]
    has_organisations: bool

    def sums(self, *, with_means: bool = False, **described: Any) -> Output:
        """Sums by group, and their means a person if wanted: kind `magnitude`."""
        means = ("mean",) if with_means else ()
        return self._output("magnitude", means, {**described}, total="total")

    def summary(
        self, statistics: Sequence[str] = ("mean", "sd", "median"), **described: Any
    ) -> Output:
        """Chosen statistics by group: kind `summary`.

        Parameters
        ----------
        statistics
            Columns of the table: mean, sd, median, percentile_25.

        Raises
        ------
        OptionError
            If one was not computed.
        """
        return self._output("summary", statistics, {**described}, total="total")

    def box_plot(
        self, percentiles: Sequence[float] = (5, 25, 50, 75, 95), **described: Any
    ) -> Output:
        """A box a group, its whiskers percentiles and never extremes: kind `box_plot`."""
        columns = [percentile_column(percentile) for percentile in sorted(percentiles)]
        if len(columns) == 5 and len(self.by) == 1 and described.get("chart") is None:
            described["chart"] = Chart(
                form="dots",
                x=self.by[0],
                y=columns[2],
                lower=columns[1],
                upper=columns[3],
                y_title=self.words[:1].upper() + self.words[1:],
            )
        return self._output("box_plot", columns, described)

    def _output(
        self, kind: str, statistics: Sequence[str], described: dict[str, Any], total: str = ""
    ) -> Output:
        if missing := [name for name in statistics if name not in self.table.columns]:
            raise OptionError(f"{', '.join(missing)} was not computed: see the table's columns.")
        sums = [total, *LARGEST_PEOPLE] if total else []
        bodies = ["organisations", *(LARGEST_BODIES if total else ())]
        beside = [*sums, *(bodies if self.has_organisations else ())]
        options = {**described.pop("options", {}), "quantity": self.words}
        return Output(
            kind=kind,
            table=self.table[[*self.by, "people", *statistics, *beside]].reset_index(drop=True),
            dimensions=self.by,
            roles=ColumnRoles(
                people="people",
                estimate=tuple(statistics),
                statistic={name: name.replace("_", " ") for name in statistics},
                total=total or None,
                largest=LARGEST_PEOPLE if total else (),
                organisations="organisations" if self.has_organisations else None,
                largest_organisations=LARGEST_BODIES if total and self.has_organisations else (),
            ),
            options=options,
            **described,
        )


@dataclass(frozen=True)
class BinTable:
    """People by bins of a quantity, from `people_by_bin`.

    Attributes
    ----------
    table
        One row per group and bin: the groups, `bin`, `people`.
    texts
        The bins in order.
    """

    table: pd.DataFrame
    by: tuple[str, ...]
    words: str
    texts: tuple[str, ...]

    def histogram(self, **described: Any) -> Output:
        """People by bin and group: kind `histogram`; takes an `Output`'s other fields."""
        options = {**described.pop("options", {}), "quantity": self.words}
        return Output(
            kind="histogram",
            table=self.table.copy(),
            dimensions=(*self.by, "bin"),
            roles=ColumnRoles(people="people"),
            options=options,
            **described,
        )


def percentile_column(percentile: float) -> str:
    """Name the column of a percentile: "median" for 50, "percentile_5"."""
    return "median" if percentile == MEDIAN else f"percentile_{percentile:g}"


def bin_text(edges: Sequence[float], place: int) -> str:
    """Say the bin that begins at an edge: "0 to 29", "0 to under 2.5", "60 or more"."""
    low = edges[place]
    if place + 1 == len(edges):
        return f"{_said(low)} or more"
    end = edges[place + 1]
    if all(float(edge).is_integer() for edge in edges):
        return f"{_said(low)} to {_said(end - 1)}" if end - low > 1 else _said(low)
    return f"{_said(low)} to under {_said(end)}"


def _said(edge: float) -> str:
    return f"{edge:,.0f}" if float(edge).is_integer() else f"{edge:,g}"
