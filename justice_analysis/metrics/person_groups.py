"""Groups that people are shown in: sex, age on a day, ethnic group."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import AGE_BANDS_OF_DEFENDANTS
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PERSON_GROUPS = ("sex", "age_band", "ethnicity")
"""Groups that `with_person_groups` can name."""
AGE_ORDER = tuple(band.label for band in AGE_BANDS_OF_DEFENDANTS)


def with_person_groups(warehouse: Warehouse, people: ir.Table, *, day: str, by: str) -> ir.Table:
    """Name each person's group, `not known` where it is not recorded.

    Parameters
    ----------
    people
        Any grain, with `person_id` (missing: not linked) and the date column named by `day`.
    by
        `sex`, `age_band` (completed years on the day) or `ethnicity` (the group resolved from
        what was recorded).

    Returns
    -------
    Table
        `people` with the column named by `by`.
    """
    column = {"sex": "sex", "age_band": "birth_month", "ethnicity": "ethnicity_group"}[by]
    person = warehouse.person
    held = person.select(held_person="person_id", justice_held=person[column])
    joined = people.left_join(held, people.person_id == held.held_person).drop("held_person")
    value = joined.justice_held
    named = age_band(joined[day], value) if by == "age_band" else value.fill_null(NOT_KNOWN)
    return joined.mutate(**{by: named}).drop("justice_held")


def age_band(day: ir.DateValue, birth_month: ir.DateValue) -> ir.StringValue:
    """Age in completed years on a day, in bands; `not known` where either is missing.

    A birth after the day, or more than 110 years before it, is not known.
    """
    age = engine.years_between(day, birth_month)
    bands = [(age < band.below, band.label) for band in AGE_BANDS_OF_DEFENDANTS if band.below]
    unknown = age.isnull() | (age < 0) | (age > 110)
    return ibis.cases((unknown, NOT_KNOWN), *bands, else_=AGE_ORDER[-1])


def read_day(text: str) -> datetime.date:
    """A date as an option gives it: YYYY-MM-DD."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise OptionError("a date must be written YYYY-MM-DD: one is not.") from None


def check_window(from_day: str | None, to_day: str | None) -> None:
    """Refuse a window that cannot be read, or that ends before it starts."""
    read = [read_day(day) for day in (from_day, to_day) if day]
    if len(read) == 2 and read[0] >= read[1]:
        raise OptionError("a window must end after it starts: this one does not.")


def window_steps(
    day: ir.DateValue, from_day: str | None, to_day: str | None, *, what: str
) -> list[tuple[str, ir.BooleanValue]]:
    """Steps of a selection that keep the days from one (included) to another (excluded)."""
    steps = []
    if from_day:
        first = read_day(from_day)
        steps.append((f"{what} from {written(first)}", day >= ibis.literal(first)))
    if to_day:
        last = read_day(to_day)
        steps.append((f"{what} before {written(last)}", day < ibis.literal(last)))
    return steps


def written(day: datetime.date) -> str:
    """A date as people write it: 1 April 2008."""
    return f"{day.day} {day:%B %Y}"


def window_words(from_day: str | None, to_day: str | None) -> str:
    """A window in words, to follow a noun: " from 1 April 2008 and before 1 May 2009"."""
    said = [
        f"{word} {written(read_day(day))}"
        for word, day in (("from", from_day), ("before", to_day))
        if day
    ]
    return f" {' and '.join(said)}" if said else ""
