"""Which column of a file is which field: forgiving of spelling, exact about what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from justice_analysis.errors import SourceError, listed

# Names as a header may have them, without case, blanks and punctuation.
NAMES: Mapping[str, tuple[str, ...]] = {
    "surname": ("surname", "lastname", "familyname", "secondname"),
    "forename": ("forename", "firstname", "givenname", "forename1", "forenames", "firstnames"),
    "birth_date": ("birthdate", "dateofbirth", "dob", "born"),
    "gender": ("gender", "sex"),
    "postcode": ("postcode", "postalcode", "homepostcode", "lastknownpostcode"),
    "pnc_id": ("pncid", "pnc", "pncnumber", "pncno"),
    "index_date": (
        "indexdate",
        "interventiondate",
        "interventionstartdate",
        "interventionstart",
        "startdate",
        "programmestart",
        "programmestartdate",
    ),
    "population_id": ("populationid",),
    "source_table": ("sourcetable",),
    "source_key": ("sourcekey", "recordkey"),
}


def plain(name: str) -> str:
    """A column's name without case, blanks and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def find_columns(
    header: Sequence[str],
    *,
    file: str,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    extra: Sequence[str] = (),
) -> dict[str, str]:
    """Field to the file's own name of its column; columns that are no field are left out.

    Parameters
    ----------
    header
        The file's column names.
    file
        The file's name, for errors.
    needed, optional, extra
        Fields; `extra` ones are needed, and known by their own name alone.

    Raises
    ------
    SourceError
        Naming every field that no column, or more than one, stands for.
    """
    found: dict[str, str] = {}
    problems = []
    for field in [*needed, *optional, *extra]:
        known = {plain(field), *NAMES.get(field, ())}
        held = [name for name in header if plain(name) in known]
        if len(held) > 1:
            problems.append(f"{field} must be one column: {len(held)} columns are named for it.")
        elif held:
            found[field] = held[0]
        elif field not in optional:
            # Where a header is missing its names are values of a row, so they are not shown.
            problems.append(
                f"{field} must be a column and none of the {len(header)} columns is named for it "
                f"(such as {', '.join(sorted(known)[:3])})."
            )
    if problems:
        raise SourceError(f"{file}: {listed(problems)}")
    return found
