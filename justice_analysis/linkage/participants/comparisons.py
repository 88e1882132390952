"""The model: how each field of two records is compared, and what agreement is worth to begin with.

After Fellegi and Sunter (1969). For each level of agreement, m is how often true pairs reach it
and u how often pairs of different people do; the weight of a level is log2(m / u), and the weights
of a pair's levels add up, with the odds that two random records are one person. u is estimated
from random pairs; m by expectation maximisation, blended with the values below, which are assumed
by us (no published set is known for such lists) and matter only where a list is short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# A level's condition may use these functions, which engines name differently.
JARO_WINKLER, EDITS = "{jaro_winkler}", "{edits}"
CLOSE, LIKE = 0.92, 0.8


@dataclass(frozen=True)
class Level:
    """One level of agreement: its words, its condition in SQL, and m and u before training.

    `frequency_of` names the field whose rarer values are worth more at this level.
    """

    words: str
    condition: str
    m: float
    u: float
    frequency_of: str | None = None


@dataclass(frozen=True)
class Comparison:
    """A field compared: pairs of which `nothing_known` holds say nothing; else the first level.

    The last level is what is left.
    """

    field: str
    nothing_known: str
    levels: tuple[Level, ...]


def _missing(field: str) -> str:
    return f"{field}_l is null or {field}_r is null"


def _jaro_winkler(left: str, right: str, least: float) -> str:
    return f"{JARO_WINKLER}({left}, {right}) >= {least}"


def _one_edit(field: str) -> str:
    """One character wrong, missing or too much, or two exchanged."""
    left, right = f"{field}_l", f"{field}_r"
    # Such a pair shares its first character or its last: engines look at that far faster.
    ends = f"substr({left}, 1, 1) = substr({right}, 1, 1) or right({left}, 1) = right({right}, 1)"
    return f"({ends}) and {EDITS}({left}, {right}) <= 1"


# Initials first, for speed alone: names so much alike have them in common.
_SWAPPED = (
    "substr(forename_l, 1, 1) = substr(surname_r, 1, 1) "
    "and substr(surname_l, 1, 1) = substr(forename_r, 1, 1) "
    f"and {_jaro_winkler('forename_l', 'surname_r', CLOSE)} "
    f"and {_jaro_winkler('surname_l', 'forename_r', CLOSE)}"
)


def _is_part(field: str) -> str:
    """One name is a whole part of the other, as after a marriage: SMITH of SMITH JONES."""
    left, right = f"concat(' ', {field}_l, ' ')", f"concat(' ', {field}_r, ' ')"
    several = f"({field}_l like '% %' or {field}_r like '% %')"
    held = f"{left} like concat('%', {right}, '%') or {right} like concat('%', {left}, '%')"
    return f"{several} and ({held})"


def _forename() -> Comparison:
    initial = (
        "(length(forename_l) = 1 or length(forename_r) = 1) "
        "and substr(forename_l, 1, 1) = substr(forename_r, 1, 1)"
    )
    return Comparison(
        "forename",
        _missing("forename"),
        (
            Level("the same", "forename_l = forename_r", 0.8, 0.01, "forename"),
            Level("forename and surname swapped", _SWAPPED, 0.01, 0.00001),
            Level("almost the same", _jaro_winkler("forename_l", "forename_r", CLOSE), 0.07, 0.005),
            Level("one only an initial", initial, 0.01, 0.001),
            Level("alike", _jaro_winkler("forename_l", "forename_r", LIKE), 0.05, 0.02),
            Level("different", "ELSE", 0.06, 0.96399),
        ),
    )


def _surname() -> Comparison:
    # A swap is counted once, with the forename.
    return Comparison(
        "surname",
        f"{_missing('surname')} or ({_SWAPPED})",
        (
            Level("the same", "surname_l = surname_r", 0.8, 0.002, "surname"),
            Level("almost the same", _jaro_winkler("surname_l", "surname_r", CLOSE), 0.08, 0.002),
            Level("one a part of the other", _is_part("surname"), 0.02, 0.0005),
            Level("alike", _jaro_winkler("surname_l", "surname_r", LIKE), 0.04, 0.01),
            Level("different", "ELSE", 0.06, 0.9855),
        ),
    )


def _birth_date() -> Comparison:
    def part(start: int, length: int) -> str:
        left, right = (f"substr(birth_date_{side}, {start}, {length})" for side in ("l", "r"))
        return f"{left} = {right}"

    year, month, day = part(1, 4), part(6, 2), part(9, 2)
    crossed = (
        f"{year} and substr(birth_date_l, 6, 2) = substr(birth_date_r, 9, 2) "
        "and substr(birth_date_l, 9, 2) = substr(birth_date_r, 6, 2)"
    )
    # One edit leaves either the year or the rest as it is.
    rest = part(6, 5)
    one_digit = f"({year} or {rest}) and {EDITS}(birth_date_l, birth_date_r) <= 1"
    two_parts = f"({year} and {month}) or ({year} and {day}) or ({month} and {day})"
    return Comparison(
        "birth_date",
        _missing("birth_date"),
        (
            Level("the same", "birth_date_l = birth_date_r", 0.9, 0.00005),
            Level("day and month crossed", crossed, 0.01, 0.00003),
            Level("one digit wrong or two exchanged", one_digit, 0.05, 0.001),
            Level("one part different", two_parts, 0.02, 0.003),
            Level("the same year", year, 0.01, 0.015),
            Level("different", "ELSE", 0.01, 0.98092),
        ),
    )


def _gender() -> Comparison:
    return Comparison(
        "gender",
        _missing("gender"),
        (
            Level("the same", "gender_l = gender_r", 0.985, 0.6),
            Level("different", "ELSE", 0.015, 0.4),
        ),
    )


def _postcode() -> Comparison:
    return Comparison(
        "postcode",
        _missing("postcode"),
        (
            Level("the same", "postcode_l = postcode_r", 0.5, 0.0001, "postcode"),
            Level("one character wrong or two exchanged", _one_edit("postcode"), 0.06, 0.0005),
            Level("the same sector", "postcode_sector_l = postcode_sector_r", 0.04, 0.001),
            Level("the same district", "postcode_district_l = postcode_district_r", 0.1, 0.005),
            Level("different", "ELSE", 0.3, 0.9934),
        ),
    )


def _pnc_id() -> Comparison:
    return Comparison(
        "pnc_id",
        _missing("pnc_id"),
        (
            Level("the same", "pnc_id_l = pnc_id_r", 0.95, 0.00001),
            Level("one character wrong or two exchanged", _one_edit("pnc_id"), 0.04, 0.0001),
            Level("different", "ELSE", 0.01, 0.99989),
        ),
    )


def _text(field: str) -> Comparison:
    """A further text column, exactly and by likeness."""
    left, right = f"{field}_l", f"{field}_r"
    return Comparison(
        field,
        _missing(field),
        (
            Level("the same", f"{left} = {right}", 0.6, 0.005, field),
            Level("almost the same", _jaro_winkler(left, right, CLOSE), 0.15, 0.005),
            Level("alike", _jaro_winkler(left, right, LIKE), 0.05, 0.02),
            Level("different", "ELSE", 0.2, 0.97),
        ),
    )


def comparisons(fields: Sequence[str]) -> tuple[Comparison, ...]:
    """How each of some fields is compared; one that is not known is compared as text."""
    known = {
        "forename": _forename,
        "surname": _surname,
        "birth_date": _birth_date,
        "gender": _gender,
        "postcode": _postcode,
        "pnc_id": _pnc_id,
    }
    return tuple(known[field]() if field in known else _text(field) for field in fields)


def splink_comparison(comparison: Comparison, functions: dict[str, str]) -> dict[str, Any]:
    """A comparison as Splink's settings write it, for an engine with these function names."""
    nothing = {
        "sql_condition": comparison.nothing_known.format(**functions),
        "label_for_charts": "nothing known",
        "is_null_level": True,
    }
    levels = [_splink_level(level, functions) for level in comparison.levels]
    return {
        "output_column_name": comparison.field,
        "comparison_levels": [nothing, *levels],
        "comparison_description": comparison.field,
    }


def _splink_level(level: Level, functions: dict[str, str]) -> dict[str, Any]:
    written: dict[str, Any] = {
        "sql_condition": level.condition.format(**functions),
        "label_for_charts": level.words,
        "m_probability": level.m,
        "u_probability": level.u,
    }
    if level.frequency_of:
        written |= {"tf_adjustment_column": level.frequency_of, "tf_adjustment_weight": 1.0}
    return written
