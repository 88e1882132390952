"""Planted mess: what goes wrong in delivered records, and how many rows of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from justice_analysis.synthetic.parameters import MessRates
from justice_analysis.synthetic.people import NO_DATE, Bools, Days, Ints, days
from justice_analysis.synthetic.tables import NULL, Table, append_rows, rows_in, take_rows

_TYPO_CENTURIES = np.array([1800, 2200, 2900, 7900])


@dataclass
class MessLog:
    """Counts of planted mess, by dataset, table, column and rule."""

    entries: list[dict[str, str | int]] = field(default_factory=list)

    def add(self, dataset: str, table: str, column: str, rule: str, count: int) -> None:
        """Note how many rows a rule touched; nothing is noted where it touched none."""
        if count:
            self.entries.append(
                {
                    "dataset": dataset,
                    "table": table,
                    "column": column,
                    "rule": rule,
                    "count": int(count),
                }
            )

    def summed(self) -> list[dict[str, str | int]]:
        """The entries, with those of the several chunks of a world put together."""
        totals: dict[tuple[str, ...], int] = {}
        for entry in self.entries:
            rule = tuple(str(entry[name]) for name in ("dataset", "table", "column", "rule"))
            totals[rule] = totals.get(rule, 0) + int(entry["count"])
        names = ("dataset", "table", "column", "rule", "count")
        return [dict(zip(names, (*rule, count), strict=True)) for rule, count in totals.items()]


@dataclass(frozen=True)
class Desk:
    """What is needed to spoil the tables of one dataset: rates, a generator, and the log."""

    dataset: str
    rates: MessRates
    stream: np.random.Generator
    log: MessLog

    def drawn(self, n: int, rate: float | np.ndarray) -> Bools:
        """Which of `n` rows a rate hits."""
        return self.stream.random(n) < rate

    def note(self, table: str, column: str, rule: str, count: int) -> None:
        """Log a count for this dataset."""
        self.log.add(self.dataset, table, column, rule, count)

    def duplicate_rows(self, name: str, table: Table) -> Table:
        """Deliver some rows twice, in all columns alike."""
        at = np.flatnonzero(self.drawn(rows_in(table), self.rates.duplicate_rows))
        self.note(name, "*", "duplicate_rows", len(at))
        return append_rows(table, take_rows(table, at)) if len(at) else table


def by_year(first: float, yearly: float, seen: Days) -> np.ndarray:
    """A rate that grows with each year after 2007 in which a record was first seen."""
    return first + yearly * np.maximum(seen.astype("datetime64[Y]").astype(np.int64) - 37, 0)


def spoil_births(desk: Desk, name: str, week: Days) -> Days:
    """Weeks of birth of which some are missing (month known) and some are centuries out."""
    month_only = desk.drawn(len(week), desk.rates.month_only_births)
    typo = desk.drawn(len(week), desk.rates.century_typos) & ~month_only
    century = desk.stream.choice(_TYPO_CENTURIES, len(week))
    months = week.astype("datetime64[M]").astype(np.int64)
    year, month = 1970 + months // 12, months % 12
    day = (week - week.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    wrong_month = ((century + year % 100 - 1970) * 12 + month).astype("datetime64[M]")
    wrong = wrong_month.astype("datetime64[D]") + days(np.minimum(day, 27))
    desk.note(name, "WEEKOFBIRTH", "month_only_births", month_only.sum())
    desk.note(name, "WEEKOFBIRTH", "century_typos", typo.sum())
    return np.where(month_only, NO_DATE, np.where(typo, wrong, week))


def link_risk(rates: MessRates, young_adult: Bools, region: Ints, moved: Bools) -> np.ndarray:
    """Ratio by which a record's link errors exceed the base rate."""
    risk = np.where(young_adult, rates.link_error_young, 1.0)
    risk *= np.where(region <= 2, rates.link_error_region, 1.0)
    return risk * np.where(moved, rates.link_error_moved, 1.0)


def spoil_links(
    desk: Desk,
    table: str,
    column: str,
    *,
    own: Ints,
    alike: Ints,
    risk: np.ndarray,
    missed_value: Ints | None = None,
) -> Ints:
    """Person identifiers of which some are missed and some are another person's.

    Parameters
    ----------
    own
        The right identifier of each row, `NULL` where the row has none.
    alike
        A group of each row; a false link takes the identifier of somebody of the same group.
    missed_value
        What a missed row gets; `NULL` unless given.
    """
    has = own != NULL
    missed = has & desk.drawn(len(own), desk.rates.missed_links * risk)
    false = has & ~missed & desk.drawn(len(own), desk.rates.false_links * risk)
    linked = own.copy()
    linked[missed] = NULL if missed_value is None else missed_value[missed]
    for group in np.unique(alike[false]):
        rows = np.flatnonzero(false & (alike == group))
        others = own[(alike == group) & has]
        picked = others[desk.stream.integers(0, len(others), len(rows))]
        linked[rows] = picked
    wrong = false & (linked != own)
    desk.note(table, column, "missed_links", missed.sum())
    desk.note(table, column, "false_links", wrong.sum())
    return linked


def spoil_closures(desk: Desk, table: str, column: str, received: Days, closed: Days) -> Days:
    """Dates of closure of which some precede the date of receipt."""
    hit = desk.drawn(len(closed), desk.rates.impossible_dates) & ~np.isnat(closed)
    desk.note(table, column, "impossible_dates", hit.sum())
    return np.where(hit, received - days(desk.stream.integers(1, 400, len(closed))), closed)


def spoil_law_types(desk: Desk, table: str, column: str, law_type: Ints) -> Ints:
    """Law types of which some carry a code that is in no list."""
    hit = desk.drawn(len(law_type), desk.rates.unknown_law_types)
    desk.note(table, column, "unknown_law_types", hit.sum())
    return np.where(hit, 77, law_type)


def blank(
    desk: Desk, table: str, column: str, rule: str, values: Ints, rate: float | np.ndarray
) -> Ints:
    """Whole numbers of which some are missing."""
    hit = desk.drawn(len(values), rate)
    desk.note(table, column, rule, hit.sum())
    return np.where(hit, NULL, values)
