"""What the gate finds, and the parts that files are taken apart into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

WORDS: Mapping[str, str] = {
    "file_type": "this type of file may not leave under the profile",
    "wrong_ending": "the content is not what the file's ending says",
    "file_size": "the file is larger than the profile allows, in megabytes",
    "file_name": "the file's name is empty, misleading or tells about a person",
    "hidden_file": "a hidden or temporary file",
    "link": "a link or special file: it may lead out of the folder",
    "executable": "a program or script",
    "code_file": "a stored object that runs code when it is opened",
    "row_data_file": "a file of data, not of results",
    "archive": "files packed into one another, too deep, too large or locked",
    "unreadable": "content that cannot be read, and so not checked",
    "hidden_content": "hidden content",
    "comment": "comments",
    "tracked_change": "tracked changes: what was deleted can still be read",
    "pivot_cache": "a pivot table's stored copy of its rows",
    "external_link": "links to other files or data sources",
    "metadata": "metadata that nobody needs",
    "user_name": "names of users or computers",
    "encoded_data": "encoded data that cannot be read",
    "long_table": "a table with more rows than the profile allows",
    "no_header": "a table whose columns have no names, in rows",
    "hash": "hashes: a pseudonym is still a person",
    "key": "keys of people, cases or records",
    "national_id": "numbers given to people (NHS, National Insurance, police, prison, pupil)",
    "case_number": "case numbers",
    "birth_date": "dates of birth",
    "postcode": "full postcodes",
    "postcode_district": "postcode districts: a person must look whether they are too small",
    "email": "e-mail addresses",
    "phone": "phone numbers",
    "person_name": "names or addresses of people",
    "coordinates": "places finer than the profile names",
    "row_level": "rows that describe single people or events",
    "unrounded": "numbers with so many digits that they tell about single people",
    "small_count": "counts under the profile's minimum",
    "plot_data": "a plot that carries the data it was drawn from, in points",
    "traceback": "error messages: they may hold values of rows",
    "path": "paths or addresses of the machine",
    "secret": "passwords, keys or tokens",
    "formula": "formulas that fetch or run something",
}
"""Every rule of the gate, with what it found in plain words."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that must not leave; it never holds a value.

    Attributes
    ----------
    file
        Path within the request, as `study/variant/file.csv`.
    rule
        One of `WORDS`.
    what
        The rule in plain words.
    count
        How many were found.
    place
        Where in the file: column 3, sheet 2, cell 5 output 1.
    """

    file: str
    rule: str
    what: str
    count: int
    place: str = ""

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"{self.file}{where}: {self.what} [{self.rule}]: {self.count}."


@dataclass(frozen=True)
class Text:
    """Words of a file, to be searched."""

    words: str
    place: str = ""


@dataclass(frozen=True)
class Table:
    """A table in a file: every value as text, all rows of one length.

    `printed` tables were read from words laid out as one: they may be no table.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    place: str = ""
    printed: bool = False


@dataclass(frozen=True)
class Inner:
    """A file in a file, to be scanned like any other."""

    name: str
    content: bytes = field(repr=False)
    place: str = ""


@dataclass(frozen=True)
class Flag:
    """Something that a reader can tell by itself: a hidden sheet, a comment, an attachment."""

    rule: str
    count: int = 1
    place: str = ""


Part = Text | Table | Inner | Flag
Parts = Iterator[Part]


def report(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Write findings as plain lines, one each, without values."""
    return tuple(str(finding) for finding in findings)
