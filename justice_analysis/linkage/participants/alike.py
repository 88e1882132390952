"""The same fields written the same way, from a list of participants and from a population."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import UsageError
from justice_analysis.linkage.participants import normal
from justice_analysis.linkage.participants.settings import FIELDS

IDENTIFIERS = ("surname", "forename", "birth_date", "gender", "postcode")
OPTIONAL = ("pnc_id",)
# Worked out of the fields, for blocking rules and comparisons.
DERIVED = (
    "surname_start",
    "forename_start",
    "birth_year",
    "birth_year_month",
    "birth_day_month",
    "postcode_sector",
    "postcode_district",
)
# The start of a name by which pairs are found, in letters.
START = 3
_BLOCK = 1 << 20


@dataclass(frozen=True)
class File:
    """A file that was read: its name without folders, SHA-256 and number of rows."""

    name: str
    sha256: str
    rows: int


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, or of the files of a folder in the order of their names."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            with file.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
    return digest.hexdigest()


def refuse_odd_extras(extra: Iterable[str]) -> None:
    """Refuse extra columns that could not stand beside the fields."""
    taken = {*FIELDS, *DERIVED, "index_date", "participant", "record"}
    odd = [name for name in extra if name in taken or not name.isidentifier()]
    if odd:
        raise UsageError(
            f"extra columns must have names of letters, digits and underscores that no field "
            f"has: {', '.join(odd)} cannot stand."
        )


def trimmed(table: ir.Table, columns: Mapping[str, str]) -> dict[str, ir.StringValue]:
    """Each field as text without blanks around it, null where nothing is left."""
    texts = {}
    for field, name in columns.items():
        value = table[name]
        if value.type().is_timestamp():
            value = value.date()
        texts[field] = value.cast("string").strip().nullif("")
    return texts


def written_alike(table: ir.Table, *, extra: Sequence[str], keys: Sequence[str]) -> ir.Table:
    """The fields in one way of writing, and what is worked out of them.

    Parameters
    ----------
    table
        Any grain, trimmed: the fields (`pnc_id` may be absent), `extra`, and `keys`, which are
        kept as they are. `birth_date` is a date.

    Returns
    -------
    Table
        Grain of `table`: `keys`, `FIELDS` as text (dates in ISO form), `extra`, `DERIVED`.
    """
    held = table.columns
    pnc = normal.identifier(table.pnc_id) if "pnc_id" in held else ibis.null("string")
    alike = table.select(
        *keys,
        forename=normal.name(table.forename),
        surname=normal.name(table.surname),
        birth_date=table.birth_date.cast("string"),
        gender=normal.gender(table.gender),
        postcode=normal.postcode(table.postcode),
        pnc_id=pnc.cast("string"),
        **{name: normal.words(table[name]) for name in extra},
    )
    return alike.mutate(
        surname_start=alike.surname.substr(0, START),
        forename_start=alike.forename.substr(0, START),
        birth_year=alike.birth_date.substr(0, 4),
        birth_year_month=alike.birth_date.substr(0, 7),
        birth_day_month=alike.birth_date.substr(5, 5),
        postcode_sector=normal.postcode_sector(alike.postcode),
        postcode_district=normal.postcode_district(alike.postcode),
    )


def missing(table: ir.Table, columns: Sequence[str]) -> dict[str, int]:
    """Rows without each column."""
    sums = {name: table[name].isnull().sum().fill_null(0) for name in columns}
    found = engine.execute(table.aggregate(**sums), step="missing fields").iloc[0]
    return {name: int(found[name]) for name in columns}
