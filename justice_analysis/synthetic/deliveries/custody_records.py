"""What the prison, probation and assessment deliveries share: their columns of people and mess."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.deliveries.criminal_records import (
    PLACEHOLDER_AGE,
    own_ethnicity,
)
from justice_analysis.synthetic.mess import Desk
from justice_analysis.synthetic.people import Bools, Days, Ints, completed_years
from justice_analysis.synthetic.tables import NULL, Text
from justice_analysis.synthetic.world import World

OPEN_END = np.datetime64("9999-12-31")
PLACEHOLDER_LENGTH = 99_999
_IMPOSSIBLE_AGES = np.array([0, 4, 130])
# Offences of nobody: what a column says where the prosecution is not known.
NO_OFFENCE = -1


def ages_on(world: World, person: Ints, day: Days) -> Ints:
    """Completed years on a day; `NULL` where the day is missing."""
    known = ~np.isnat(day)
    on = np.where(known, day, np.datetime64(world.parameters.extract_date))
    return np.where(known, completed_years(on, world.people.birth[person - 1]), NULL)


def spoiled_ages(desk: Desk, table: str, column: str, age: Ints) -> Ints:
    """Ages of which some are placeholders and some cannot be."""
    known = age != NULL
    placeholder = known & desk.drawn(len(age), desk.rates.custody_placeholders)
    impossible = known & ~placeholder & desk.drawn(len(age), desk.rates.custody_impossible_ages)
    desk.note(table, column, "placeholders", placeholder.sum())
    desk.note(table, column, "impossible_ages", impossible.sum())
    odd = desk.stream.choice(_IMPOSSIBLE_AGES, len(age))
    return np.where(placeholder, PLACEHOLDER_AGE, np.where(impossible, odd, age))


def spoiled_lengths(desk: Desk, table: str, column: str, length: Ints) -> Ints:
    """Lengths in days of which some are the number written for none."""
    known = length != NULL
    hit = known & desk.drawn(len(length), desk.rates.custody_placeholders)
    desk.note(table, column, "placeholders", hit.sum())
    return np.where(hit, PLACEHOLDER_LENGTH, length)


def open_ends(desk: Desk, table: str, column: str, end: Days) -> Days:
    """Ends of which some that have not come are written as a day far off."""
    hit = np.isnat(end) & desk.drawn(len(end), 10 * desk.rates.custody_placeholders)
    desk.note(table, column, "placeholders", hit.sum())
    return np.where(hit, OPEN_END, end)


def swapped_days(
    desk: Desk, table: str, column: str, start: Days, end: Days, *, but: Bools | None = None
) -> tuple[Days, Days]:
    """Starts and ends of which some are entered the wrong way round; never those of `but`."""
    hit = desk.drawn(len(start), desk.rates.custody_swapped_dates) & (end > start)
    hit &= end != OPEN_END
    if but is not None:
        hit &= ~but
    desk.note(table, column, "swapped_dates", hit.sum())
    return np.where(hit, end, start), np.where(hit, start, end)


def ethnicity_codes(world: World, person: Ints) -> Ints:
    """Positions in `SELF_DEFINED_LABELS`: the same for a person in every row and dataset."""
    group = world.people.ethnicity[person - 1].astype(np.int64) - 1
    return own_ethnicity(world, person, group)


def without_ethnicity(desk: Desk, table: str, column: str, text: Text, instead: int) -> Text:
    """Ethnicities of which some are one of the last `instead` labels, which say none."""
    hit = desk.drawn(len(text.code), desk.rates.custody_no_ethnicity)
    desk.note(table, column, "no_ethnicity", hit.sum())
    first = len(text.labels) - instead
    said = first + desk.stream.integers(0, instead, len(text.code))
    return Text(np.where(hit, said, text.code), text.labels)


def offence_groups(world: World, prosecution: Ints) -> Ints:
    """Offence group of each prosecution; `NO_OFFENCE` where there is none."""
    groups = np.append(world.lives.prosecutions.offence_group, NO_OFFENCE)
    return groups[prosecution].astype(np.int64)
