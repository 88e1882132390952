"""Rules over one column of a table: its name and its values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from justice_analysis.disclosure.egress.finding import Table
from justice_analysis.disclosure.egress.kinds import words_of
from justice_analysis.disclosure.egress.limits import Limits
from justice_analysis.disclosure.egress.rules import check_digits, names

MISSING = frozenset(
    {"", "-", ".", "na", "n/a", "nan", "none", "null", "nat", "<na>", "*", "[c]", "[x]"}
)
HEX = re.compile(r"(?:0x)?(?=.*\d)[0-9a-fA-F]{32,128}")
BASE64 = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?:[A-Za-z0-9+/_-]{43}=?|[A-Za-z0-9+/_-]{27}=?|"
                    r"[A-Za-z0-9+/_-]{22}(?:==)?|[A-Za-z0-9+/_-]{86}(?:==)?)")  # fmt: skip
UUID = re.compile(r"\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?")
CODE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{8,31}")
KNOWN_CODE = re.compile(
    r"[EWNSKJ]\d{8}|\d{4}-?Q\d|\d{4}-\d{2}|\d{4}-\d{2}-\d{2}.*|\d{4}-W\d{2}|[A-Z]{2}\d{5}[A-Z]?\d?"
)
WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:[,  ]\d{3})+|\d+)(?:\.0+)?")
DECIMAL = re.compile(r"[+-]?\d*\.(\d+)(?:[eE][+-]?\d+)?")
ISO = re.compile(r"((?:18|19|20)\d{2})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ]\d{2}:\d{2}.*)?")
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]((?:18|19|20)\d{2})(?: \d{2}:\d{2}.*)?")
WORDED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -]((?:18|19|20)\d{2})")
YEAR_OR_MONTH = re.compile(r"(?:19|20)\d{2}|\d{1,2}|[A-Z][a-z]+|all|total", re.IGNORECASE)
"""A year alone, or a month alone, is a group and no one's date of birth."""
MONTH_OF_YEAR = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}", re.IGNORECASE)
CRN = re.compile(r"[A-Z]\d{6}")
PERSON = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z'-]+,? (?:[A-Z][a-z'-]*\.? )*[A-Z][A-Za-z'-]+"
)
FORENAMES = words_of(
    "oliver george harry noah jack leo arthur muhammad mohammed oscar charlie thomas william "
    "james joshua henry jacob david john michael paul andrew mark peter robert richard daniel "
    "matthew christopher stephen ian alan kevin gary simon ahmed ali olivia amelia isla ava "
    "emily sophie grace lily ella mary susan margaret sarah karen jane emma laura rachel claire "
    "helen nicola lisa julie amy jessica charlotte elizabeth anna fatima aisha maria patricia "
    "linda barbara"
)


class Column:
    """One column as text, with what it reads as worked out once."""

    def __init__(self, number: int, name: str, values: Sequence[str]) -> None:
        self.number, self.name = number, name
        self.values = [value.strip() for value in values]

    @cached_property
    def filled(self) -> list[str]:
        """Values that are not missing."""
        return [value for value in self.values if value.lower() not in MISSING]

    @cached_property
    def distinct(self) -> set[str]:
        """Each value once."""
        return set(self.filled)

    @property
    def mostly_unique(self) -> bool:
        """Whether nine in ten values stand once."""
        return len(self.filled) >= 5 and len(self.distinct) >= 0.9 * len(self.filled)

    @cached_property
    def whole_numbers(self) -> list[int] | None:
        """The values as whole numbers, thousands separators read; None if most are others."""
        whole = {value for value in self.distinct if WHOLE.fullmatch(value)}
        found = [value for value in self.filled if value in whole]
        if not found or len(found) * 2 < len(self.filled):
            return None
        if any(DECIMAL.fullmatch(value) for value in self.distinct - whole):
            return None
        return [int(re.sub(r"[,  ]|\.0+$", "", value)) for value in found]

    @cached_property
    def dates(self) -> list[date]:
        """The values that are full dates."""
        if not any(len(value) >= 8 for value in self.distinct):
            return []
        read = {value: _date(value) for value in self.distinct}
        return [one for value in self.filled if (one := read[value])]

    def share(self, pattern: re.Pattern[str]) -> int:
        """How many values match, if at least half do."""
        matching = {value for value in self.distinct if pattern.fullmatch(value)}
        count = sum(value in matching for value in self.filled) if matching else 0
        return count if count * 2 >= len(self.filled) else 0


def found(column: Column, limits: Limits) -> Iterator[tuple[str, int]]:
    """Name each rule that a column breaks, with how many values do."""
    if not column.filled:
        return
    if hashes := column.share(HEX) or (column.mostly_unique and column.share(BASE64)):
        yield "hash", int(hashes)
    elif keys := _keys(column, limits):
        yield "key", keys
    yield from _numbers_of_people(column)
    if births := _births(column):
        yield "birth_date", births
    yield from _postcodes(column)
    if people := _people(column):
        yield "person_name", people
    if places := _places(column, limits):
        yield "coordinates", places
    if long := _long_decimals(column):
        yield "unrounded", long


def has_no_names(table: Table) -> bool:
    """Whether the first line is a row like the others: its values would stand as names."""
    if len(table.rows) < 5 or len(table.columns) < 2:
        return False
    named = [name.strip() for name in table.columns]
    data = sum(
        bool(DECIMAL.fullmatch(name) or HEX.fullmatch(name) or UUID.fullmatch(name))
        or _date(name) is not None
        or bool(WHOLE.fullmatch(name) and not 1900 <= int(re.sub(r"\D", "", name)) <= 2100)
        for name in named
    )
    first_is_number = bool(WHOLE.fullmatch(named[0])) and bool(
        WHOLE.fullmatch(table.rows[0][0].strip())
    )
    return data * 2 >= len(named) or (data > 0 and first_is_number)


def _keys(column: Column, limits: Limits) -> int:
    if names.PERSON_KEY.fullmatch(column.name):
        return len(column.filled)
    if count := column.share(UUID) if len(column.filled) >= 3 else 0:
        return count
    if not column.mostly_unique:
        return 0
    has_digits = sum(any(sign.isdigit() for sign in value) for value in column.distinct)
    if names.KEY.fullmatch(column.name) and has_digits * 2 >= len(column.distinct):
        return len(column.filled)
    if _are_large_keys(column):
        return len(column.filled)
    codes = column.share(CODE)
    same_length = len({len(value) for value in column.distinct}) == 1
    known = all(KNOWN_CODE.fullmatch(value) for value in column.distinct)
    return codes if same_length and not known and not column.dates else 0


def _are_large_keys(column: Column) -> bool:
    """64-bit keys: large, unique and, unlike sums that were rounded, of any last digit."""
    numbers = column.whole_numbers
    if numbers is None or column.dates or any("," in value for value in column.distinct):
        return False
    large = sum(abs(number) >= 10**9 for number in numbers)
    rounded = all(number % 5 == 0 for number in numbers)
    return large * 10 >= 9 * len(numbers) and not rounded


def _numbers_of_people(column: Column) -> Iterator[tuple[str, int]]:
    valid = {one for one in column.distinct if len(one) >= 10 and check_digits.is_nhs_number(one)}
    nhs = sum(value in valid for value in column.filled) if valid else 0
    if nhs >= 3 and nhs * 2 >= len(column.filled):
        yield "national_id", nhs
    if column.mostly_unique and (count := column.share(CRN)):
        yield "national_id", count


def _births(column: Column) -> int:
    if names.BIRTH.fullmatch(column.name):
        if names.COMPLETENESS.fullmatch(column.name) and _are_counts(column):
            return 0
        no_day = sum(bool(YEAR_OR_MONTH.fullmatch(value)) for value in column.filled)
        return len(column.filled) - no_day
    today = date.today().year
    aged = [one for one in column.dates if 18 <= today - one.year <= 100]
    first_of_month = sum(one.day == 1 for one in aged)
    spread = len({one.year for one in aged}) >= 3 and len(set(aged)) >= 3
    is_births = spread and len(aged) * 2 >= len(column.filled) and first_of_month * 2 < len(aged)
    return len(aged) if is_births else 0


def _are_counts(column: Column) -> bool:
    """Whether values are whole numbers or shares that can't be read as days or months."""
    if column.dates or any(MONTH_OF_YEAR.fullmatch(value) for value in column.distinct):
        return False
    return all(WHOLE.fullmatch(v) or DECIMAL.fullmatch(v) for v in column.distinct)


def _postcodes(column: Column) -> Iterator[tuple[str, int]]:
    if count := column.share(POSTCODE):
        yield "postcode", count
    elif names.POSTCODE.fullmatch(column.name) and (count := column.share(OUTWARD)):
        yield "postcode_district", count


def _people(column: Column) -> int:
    if names.PERSON_NAME.fullmatch(column.name):
        return len(column.filled)
    if len(column.filled) < 3:
        return 0
    named = [value for value in column.filled if PERSON.fullmatch(value)]
    known = sum(
        any(word.strip(",").lower() in FORENAMES for word in value.split()) for value in named
    )
    return len(named) if len(named) * 2 >= len(column.filled) and known * 4 >= len(named) else 0


def _places(column: Column, limits: Limits) -> int:
    if names.PLACE.fullmatch(column.name):
        return len(column.filled)
    for word, level in names.FINE_AREA.items():
        named = re.fullmatch(rf"(?:.*_)?{word}(?:\d\d)?(?:_?(?:cd|nm|code|name))?", column.name)
        if named and level not in limits.places:
            return len(column.filled)
    return 0


def _long_decimals(column: Column) -> int:
    """Ten significant digits and more, in most of the values, are nothing that was rounded."""
    digits = [
        len(value.lower().partition("e")[0].replace(".", "").strip("+-").lstrip("0"))
        for value in column.filled
        if DECIMAL.fullmatch(value)
    ]
    long = sum(length >= 10 for length in digits)
    return long if long >= 3 and long * 2 >= len(column.filled) else 0


def _date(value: str) -> date | None:
    if not 8 <= len(value) <= 35:
        return None
    if matched := ISO.fullmatch(value):
        year, month, day = (int(part) for part in matched.groups())
    elif matched := DAY_FIRST.fullmatch(value):
        day, month, year = (int(part) for part in matched.groups())
    elif matched := WORDED.fullmatch(value):
        if matched.group(2)[:3].lower() not in MONTHS:
            return None
        day, year = int(matched.group(1)), int(matched.group(3))
        month = MONTHS.index(matched.group(2)[:3].lower()) + 1
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
