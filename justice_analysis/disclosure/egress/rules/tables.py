"""Rules over tables: what a column holds and whether rows are single people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from justice_analysis.disclosure.egress.finding import Table
from justice_analysis.disclosure.egress.limits import Limits
from justice_analysis.disclosure.egress.rules import columns, names
from justice_analysis.disclosure.egress.rules.columns import Column

Hit = tuple[str, str, int]
"""A rule, the place inside the table, how many."""
FEWEST_ROWS = 10
MOST_LINES = 200
YES_OR_NO = ({"0", "1"}, {"1", "2"}, {"true", "false"}, {"yes", "no"}, {"y", "n"}, {"0.0", "1.0"})


def found(table: Table, limits: Limits) -> Iterator[Hit]:
    """Name each rule that a table breaks, where and how often."""
    held = [
        Column(number, names.plain(name), [row[number - 1] for row in table.rows])
        for number, name in enumerate(table.columns, start=1)
    ]
    longest = max(len(table.rows), len(table.columns))
    if limits.max_rows is not None and longest > limits.max_rows:
        yield "long_table", "", longest
    if not table.printed and columns.has_no_names(table):
        yield "no_header", "", len(table.rows)
    for column in held:
        for rule, count in columns.found(column, limits):
            yield rule, f"column {column.number}", count
        yield from _small_counts(column, held, limits, len(table.rows))
    yield from _lying(table, limits)
    yield from _crosstab(held, limits)
    yield from _single_people(held, len(table.rows))


def _small_counts(
    column: Column, held: Sequence[Column], limits: Limits, rows: int
) -> Iterator[Hit]:
    named = names.PEOPLE.fullmatch(column.name) if rows == 1 else names.is_count(column.name)
    if not named or names.LIMIT.fullmatch(column.name):
        return
    counts = column.whole_numbers
    if counts is None:
        return
    minimum = _minimum(column.name, limits)
    if names.SET_ASIDE.fullmatch(column.name):
        counts = [count for count in counts if count]
    small = sum(_is_small(count, minimum, limits) for count in counts)
    if small:
        yield "small_count", f"column {column.number}", small


def _lying(table: Table, limits: Limits) -> Iterator[Hit]:
    """A table on its side: the first cell of a line is the name, the rest are its values."""
    for number, row in enumerate(table.rows if len(table.rows) <= MOST_LINES else (), start=1):
        name = names.plain(row[0]) if len(row) > 2 and len(row[0]) <= 40 else ""
        if not name or not (names.TELLING.fullmatch(name) or names.PEOPLE.fullmatch(name)):
            continue
        line = Column(number, name, row[1:])
        with_digits = sum(any(sign.isdigit() for sign in value) for value in line.filled)
        if len(line.filled) < 2 or with_digits * 2 < len(line.filled):
            continue
        for rule, count in columns.found(line, limits):
            yield rule, f"line {number}", count
        yield from (
            (rule, f"line {number}", count)
            for rule, _, count in _small_counts(line, (line,), limits, len(line.values))
        )


def _minimum(name: str, limits: Limits) -> int:
    for noun, minimum in limits.minimum_of.items():
        if noun in name:
            return minimum
    return limits.minimum


def _is_small(count: int, minimum: int, limits: Limits) -> bool:
    return 0 < abs(count) < minimum or (count == 0 and limits.zeros and minimum > 1)


def _crosstab(held: Sequence[Column], limits: Limits) -> Iterator[Hit]:
    """A table without a column named as a count whose last line or column is a total."""
    if any(names.is_count(column.name) for column in held) or len(held) < 2:
        return
    counted = [column for column in held[1:] if not names.QUANTITY.fullmatch(column.name)]
    numbers = [column for column in counted if column.whole_numbers is not None]
    if len(numbers) != len(counted) or not numbers:
        return
    labels = {label.strip().lower() for label in held[0].values}
    totals = {"total", "all", "everyone", "sum", "overall", "grand total"}
    if not (labels & totals or {column.name.replace("_", " ") for column in held} & totals):
        return
    counts = [count for column in numbers for count in column.whole_numbers or ()]
    small = sum(_is_small(count, limits.minimum, limits) for count in counts)
    if small:
        yield "small_count", "a table with totals", small


def _single_people(held: Sequence[Column], rows: int) -> Iterator[Hit]:
    ones = [
        column
        for column in held
        if names.PEOPLE.fullmatch(column.name)
        and column.whole_numbers is not None
        and len(column.whole_numbers) >= 3
        and set(column.whole_numbers) == {1}
    ]
    for column in ones:
        yield "row_level", f"column {column.number}", rows
    if ones:
        return
    if any(names.PEOPLE.fullmatch(column.name) for column in held):
        return
    if rows >= FEWEST_ROWS and (_describes_people(held) or _lists_dates(held) or _like_rows(held)):
        yield "row_level", "", rows


def _like_rows(held: Sequence[Column]) -> bool:
    """Yes-or-no columns, lines that stand twice, or many facts, and nothing named as a result."""
    rows = len(held[0].values)
    summarises = any(
        names.is_count(column.name) or names.STATISTIC.fullmatch(column.name) for column in held
    )
    if len(held) < 2 or summarises:
        return False
    lines = list(zip(*(column.values for column in held), strict=True))
    if len(set(lines)) < len(lines):
        return True
    yes_or_no = any(
        len(column.distinct) == 2 and {one.lower() for one in column.distinct} in YES_OR_NO
        for column in held
    )
    by_year = any(column.name.isdecimal() for column in held)
    many = rows >= 5 * FEWEST_ROWS and len(held) >= 4 and not by_year
    return (yes_or_no and rows >= 2 * FEWEST_ROWS) or many


def _describes_people(held: Sequence[Column]) -> bool:
    """Facts about people side by side, and no count or statistic of them."""
    if any(names.ROW_MARK.fullmatch(column.name) for column in held):
        return True
    summarises = any(
        names.is_count(column.name) or names.STATISTIC.fullmatch(column.name) for column in held
    )
    personal = sum(bool(names.PERSONAL.fullmatch(column.name)) for column in held)
    if summarises:
        return _repeats(held) and personal >= 2
    return personal >= 2


def _repeats(held: Sequence[Column]) -> bool:
    """Groups stand once each in a table of results: the same facts twice are two people."""
    facts = [column.values for column in held if names.PERSONAL.fullmatch(column.name)]
    others = [
        column.values
        for column in held
        if not names.PERSONAL.fullmatch(column.name)
        and not names.is_count(column.name)
        and not names.STATISTIC.fullmatch(column.name)
    ]
    keys = list(zip(*facts, *others, strict=True))
    return len(set(keys)) < len(keys)


def _lists_dates(held: Sequence[Column]) -> bool:
    """Full dates that follow no calendar: a series steps evenly, people don't."""
    for column in held:
        dates = sorted(set(column.dates))
        if len(dates) < FEWEST_ROWS or len(dates) * 2 < len(column.filled):
            continue
        periods = all(one.day == 1 or (one + timedelta(days=1)).day == 1 for one in dates)
        steps = {later - earlier for earlier, later in pairwise(dates)}
        if not periods and len(steps) > 2 and not _same_day(dates):
            return True
    return False


def _same_day(dates: Sequence[date]) -> bool:
    return len({one.day for one in dates}) == 1
