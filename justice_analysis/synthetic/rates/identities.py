"""Rates of the identities behind a world, and of the errors in lists of participants.

Errors are about as many as between the two files of FEBRL4, a made-up standard for linkage.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from justice_analysis.synthetic.rates.values import assumed

_FEBRL4 = "about as between the two files of FEBRL4"


@dataclass(frozen=True)
class IdentityRates:
    """What the population with identifiers and the lists of participants are made from."""

    common_surnames: float = assumed(0.75, "share of surnames that are common ones")
    frequency_slope: float = assumed(0.7, "power by which a name is rarer than the one before")
    with_aliases: float = assumed(0.12, "share of people with a second identity record")
    alias_moved: float = assumed(0.5, "share of second records with another postcode")
    alias_birth_dates: float = assumed(0.05, "share of second records with another day of birth")
    known_postcodes: float = assumed(0.93, "share of identity records")
    known_pnc_ids: float = assumed(0.9, "share of people")


@dataclass(frozen=True)
class ListRates:
    """How often each error stands in a list of participants; all zero in a clean world."""

    typed_surnames: float = assumed(0.28, "share of rows", _FEBRL4)
    typed_forenames: float = assumed(0.26, "share of rows", _FEBRL4)
    typed_twice: float = assumed(0.2, "share of names with an error that have another", _FEBRL4)
    swapped_names: float = assumed(0.042, "share of rows", _FEBRL4)
    missing_surnames: float = assumed(0.01, "share of rows", _FEBRL4)
    missing_forenames: float = assumed(0.02, "share of rows", _FEBRL4)
    transposed_birth_dates: float = assumed(0.03, "share of rows, day and month where they can be")
    typed_birth_dates: float = assumed(0.04, "share of rows, one part of the date", _FEBRL4)
    missing_birth_dates: float = assumed(0.02, "share of rows", _FEBRL4)
    missing_genders: float = assumed(0.02, "share of rows")
    typed_postcodes: float = assumed(0.15, "share of rows", _FEBRL4)
    missing_postcodes: float = assumed(0.08, "share of rows")
    missing_pnc_ids: float = assumed(0.85, "share of rows")
    duplicates: float = assumed(0.03, "share of rows that stand again, with other errors")
    never_in_the_data: float = assumed(0.03, "share of rows about people who are in no data")


def no_errors() -> ListRates:
    """Rates of lists without errors: every share is zero."""
    return ListRates(**{item.name: 0.0 for item in fields(ListRates)})
