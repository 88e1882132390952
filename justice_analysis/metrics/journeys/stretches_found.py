"""Looking for stretches in one passage: scores of its cases, places, quarters, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.metrics.journeys.queue_scores import (
    Reference,
    references,
    scores,
    wait_ratio,
)
from justice_analysis.metrics.journeys.slow_stretches import Scan, Stretch, slow_stretches
from justice_analysis.metrics.journeys.stage_dates import LEFT

STILL = "still at the end of the data"
KEYS = ["place", "quarter", "day", "has_left"]


@dataclass(frozen=True)
class Look:
    """One passage: its counts with scores, its places and quarters, and what was found."""

    passage: str
    counts: pd.DataFrame
    places: tuple[str, ...]
    quarters: tuple[int, ...]
    stretches: tuple[Stretch, ...]


def in_quarters(rows: ir.Table, place: str) -> ir.Table:
    """One row per passage of a unit: its place, quarter of entry (numbered), day, whether left."""
    quarter = rows.entered_date.year() * 4 + rows.entered_date.quarter() - 1
    chosen = rows.select(
        "passage", "person_key", place=rows[place],
        quarter=quarter.cast("int64"), day=rows.duration_days, has_left=rows.outcome == LEFT,
    )  # fmt: skip
    return engine.materialise(chosen, step="entries of stages")


def counts_of_waits(rows: ir.Table) -> pd.DataFrame:
    """Cases by passage, place, quarter of entry, day and whether they left."""
    counted = rows.group_by("passage", *KEYS).aggregate(cases=rows.count())
    found = engine.execute(counted, step="waits by place and quarter")
    return found.sort_values(["passage", *KEYS], ignore_index=True)


def look_at(
    counts: pd.DataFrame, passage: str, rule: Scan, *, least_cases: int, own_history: bool
) -> Look:
    """Score the cases of one passage, and look for stretches in all places at once."""
    if counts.empty:
        return Look(passage, counts, (), (), ())
    first, last = int(counts["quarter"].min()), int(counts["quarter"].max())
    quarters = tuple(range(first, last + 1))
    counts = counts.assign(entered=counts["quarter"])
    if own_history:
        counts = counts.assign(quarter=0)
    counts = counts.assign(score=scores(counts, references(counts)))
    sizes = counts.groupby("place")["cases"].sum()
    places = tuple(str(name) for name in sizes.index[sizes >= least_cases])
    cases, sums, variance = _cells(counts, places, quarters)
    found = slow_stretches(cases, sums, variance, rule)
    return Look(passage, counts, places, quarters, tuple(found))


def _cells(
    counts: pd.DataFrame, places: tuple[str, ...], quarters: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cases and sums of scores by place and quarter, and one score's variance by quarter."""
    weighed = counts.assign(
        total=counts["cases"] * counts["score"], square=counts["cases"] * counts["score"] ** 2
    )
    of_quarter = weighed.groupby("entered")[["cases", "total", "square"]].sum().reindex(quarters)
    of_quarter = of_quarter.fillna(0.0)
    size = of_quarter["cases"].clip(lower=1)
    mean = of_quarter["total"] / size
    variance = (of_quarter["square"] / size - mean**2).clip(lower=0).to_numpy()
    cells = weighed.groupby(["place", "entered"])[["cases", "total"]].sum()
    index = pd.MultiIndex.from_product([places, quarters], names=["place", "entered"])
    cells = cells.reindex(index).fillna(0.0)
    shape = (len(places), len(quarters))
    return cells["cases"].to_numpy().reshape(shape), cells["total"].to_numpy().reshape(shape), \
        variance  # fmt: skip


def _quarter_words(number: int) -> str:
    return f"{number // 4} Q{number % 4 + 1}"


def looked(look: Look) -> dict[str, Any]:
    """How much was looked at in one passage."""
    return {
        "passage": look.passage,
        "looked_at": len(look.places),
        "quarters": len(look.quarters),
        "cases": int(look.counts["cases"].sum()) if len(look.counts) else 0,
        "stretches": len(look.stretches),
    }


SIZE = ("people", "cases", "ratio", "lower", "upper")
STRETCH = ("passage", "since", "until", "since_earliest", "since_latest", "places", "looked_at",
           *SIZE, "evidence", "p_value")  # fmt: skip
PLACE = ("passage", "since", "place", *SIZE, "p_value")


@dataclass(frozen=True)
class Found:
    """One stretch of one passage, in the words and numbers of readers."""

    look: Look
    stretch: Stretch

    @property
    def quarters(self) -> tuple[int, ...]:
        """Numbers of the quarters of the stretch."""
        return self.look.quarters[self.stretch.start : self.stretch.end]

    @property
    def slow(self) -> list[str]:
        """The places that are named, slowest first."""
        return [self.look.places[place] for place in self.stretch.places]

    @property
    def since(self) -> str:
        """First quarter of entry."""
        return _quarter_words(self.quarters[0])

    @property
    def until(self) -> str:
        """First quarter after the stretch, or that it lasts."""
        lasts = self.stretch.end >= len(self.look.quarters)
        return STILL if lasts else _quarter_words(self.quarters[-1] + 1)

    def stretch_row(self, rows: ir.Table) -> dict[str, Any]:
        """The stretch, its places together."""
        start = self.look.quarters
        return {
            "passage": self.look.passage,
            "since": self.since,
            "until": self.until,
            "since_earliest": _quarter_words(start[self.stretch.earliest]),
            "since_latest": _quarter_words(start[self.stretch.latest]),
            "places": len(self.slow),
            "looked_at": len(self.look.places),
            **self.people(rows, self.slow, inside=True),
            **self.size(self.slow),
            "evidence": self.stretch.evidence,
            "p_value": self.stretch.p_value,
        }

    def place_rows(self, rows: ir.Table, names: dict[str, str]) -> list[dict[str, Any]]:
        """Each place that is named."""
        from scipy.special import ndtr

        return [
            {
                "passage": self.look.passage,
                "since": self.since,
                "place": names.get(place, place),
                **self.people(rows, [place], inside=True),
                **self.size([place]),
                "p_value": float(ndtr(-self.stretch.z[number])),
            }
            for place, number in zip(self.slow, self.stretch.places, strict=True)
        ]

    def people(
        self, rows: ir.Table, places: list[str], *, inside: bool, others: bool = False
    ) -> dict[str, int]:
        """People and cases that entered at these places (or at all others), in or out of it."""
        at = rows.place.isin(places).fill_null(False)
        when = rows.quarter.between(self.quarters[0], self.quarters[-1])
        held = rows.filter(
            rows.passage == self.look.passage, ~at if others else at, when if inside else ~when
        )
        return people_in(held)

    def size(self, places: list[str]) -> dict[str, float]:
        """Ratio of the wait to what the other places, and the usual difference, make it."""
        counts = self.look.counts
        in_time = counts["entered"].between(self.quarters[0], self.quarters[-1])
        here = counts["place"].isin(places)
        others = counts[~(counts["place"].isin(self.slow) & in_time)]
        curves = references(others)
        scored = counts[here].assign(score=scores(counts[here], curves))
        inside, outside = scored[in_time[here]], scored[~in_time[here]]
        usual = float(np.average(outside["score"], weights=outside["cases"]))
        spread = float(np.average(_squared(others, curves), weights=others["cases"]))
        error = np.sqrt(spread * (1 / inside["cases"].sum() + 1 / outside["cases"].sum()))
        found = wait_ratio(inside, curves, usual, float(error))
        return {"ratio": found.estimate, "lower": found.lower, "upper": found.upper}


def _squared(rows: pd.DataFrame, curves: dict[object, Reference]) -> np.ndarray:
    """Squared distance of each row's score from the mean of all."""
    found = scores(rows, curves)
    return np.asarray((found - np.average(found, weights=rows["cases"])) ** 2)


def people_in(rows: ir.Table) -> dict[str, int]:
    """People and cases of these rows."""
    counts = rows.aggregate(people=rows.person_key.nunique(), cases=rows.count())
    found = engine.execute(counts, step="people in a stretch").iloc[0]
    return {"people": int(found["people"]), "cases": int(found["cases"])}
