"""Rules that find pairs: columns of which all must agree, as SQL that every engine reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_SWAPPED = "l.forename = r.surname and l.surname = r.forename"
# Columns of a rule that are no fields, and the fields that they are worked out of.
SOURCES = {
    "swapped": ("forename", "surname"),
    "surname_start": ("surname",),
    "forename_start": ("forename",),
    "birth_year": ("birth_date",),
    "birth_year_month": ("birth_date",),
    "birth_day_month": ("birth_date",),
    "postcode_sector": ("postcode",),
    "postcode_district": ("postcode",),
}


def rule_sql(rule: Sequence[str]) -> str:
    """The condition of a rule; `swapped` is forename and surname in each other's place."""
    return " and ".join(_SWAPPED if name == "swapped" else f"l.{name} = r.{name}" for name in rule)


def usable_rules(
    rules: Sequence[Sequence[str]], held: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    """Rules whose fields are all filled somewhere in both files."""
    return tuple(
        tuple(rule)
        for rule in rules
        if all(field in held for name in rule for field in SOURCES.get(name, (name,)))
    )
