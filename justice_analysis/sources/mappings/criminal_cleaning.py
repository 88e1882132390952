"""Cleaning of criminal court rows: small rules on one column or two, each with its count.

Nothing is dropped. A value that cannot be is made missing, a date or code that is plainly
written in another way is read as what it means, and every rule says how often it did so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.cleaning_rules import Rule, is_century_typo, mend_century

# Days that systems write where they have none.
PLACEHOLDER_DATES = (dt.date(1900, 1, 1), dt.date(9999, 12, 31))
PLACEHOLDER_AGES = (999,)
# The age of criminal responsibility (Children and Young Persons Act 1933, section 50), and an
# age that nobody in court has passed.
YOUNGEST, OLDEST = 10, 110


def is_placeholder_date(date: ir.DateValue) -> ir.BooleanValue:
    """Whether a date is one that stands for none, such as 1 January 1900."""
    return date.isin([ibis.literal(day) for day in PLACEHOLDER_DATES]).fill_null(False)


def real_date(date: ir.DateValue) -> ir.DateValue:
    """The date, or missing where it is a placeholder."""
    return is_placeholder_date(date).ifelse(ibis.null("date"), date)


def is_placeholder_age(age: ir.IntegerValue) -> ir.BooleanValue:
    """Whether an age is a number that stands for none."""
    return age.isin(PLACEHOLDER_AGES).fill_null(False)


def is_impossible_age(age: ir.IntegerValue) -> ir.BooleanValue:
    """Whether a defendant cannot be of this age; not where it is missing or a placeholder."""
    outside = ((age < YOUNGEST) | (age > OLDEST)).fill_null(False)
    return outside & ~is_placeholder_age(age)


def possible_age(age: ir.IntegerValue) -> ir.IntegerValue:
    """The age, or missing where it is a placeholder or cannot be."""
    wrong = is_placeholder_age(age) | is_impossible_age(age)
    return wrong.ifelse(ibis.null("int64"), age)


def is_impossible_birth(birth: ir.DateValue, seen: ir.DateValue) -> ir.BooleanValue:
    """Whether somebody born in this month cannot have been a defendant on a day.

    In whole months: who turns ten in the month of the day is taken to have done so.
    """
    months = (seen.year() - birth.year()) * 12 + seen.month() - birth.month()
    return ((months < YOUNGEST * 12) | (months >= (OLDEST + 1) * 12)).fill_null(False)


def possible_birth(birth: ir.DateValue, seen: ir.DateValue) -> ir.DateValue:
    """The month of birth with its century mended, or missing where it cannot be."""
    mended = mend_century(real_date(birth))
    return is_impossible_birth(mended, seen).ifelse(ibis.null("date"), mended)


def is_swapped(first: ir.DateValue, final: ir.DateValue, began: ir.DateValue) -> ir.BooleanValue:
    """Whether first hearing and final result were entered the wrong way round.

    The result lies before the hearing, and after the case `began` (charge or receipt), if that
    is known: exchanged, all are in order.
    """
    return ((final < first) & (began.isnull() | (final >= began))).fill_null(False)


def is_too_early(final: ir.DateValue, first: ir.DateValue, began: ir.DateValue) -> ir.BooleanValue:
    """Whether a final result lies before the first hearing and is not merely swapped with it.

    Without a first hearing, whether it lies before the case began.
    """
    before = (final < ibis.coalesce(first, began)).fill_null(False)
    return before & ~is_swapped(first, final, began)


def exchanged(dates: ir.Table) -> ir.Table:
    """Put swapped first hearings and final results right; a result too early goes missing.

    Takes and gives the columns `began`, `first_hearing` and `completed`.
    """
    swapped = is_swapped(dates.first_hearing, dates.completed, dates.began)
    early = is_too_early(dates.completed, dates.first_hearing, dates.began)
    return dates.mutate(
        first_hearing=swapped.ifelse(dates.completed, dates.first_hearing),
        completed=ibis.cases(
            (swapped, dates.first_hearing),
            (early, ibis.null("date")),
            else_=dates.completed,
        ),
    )


# Codes ----------------------------------------------------------------------------------


def tidied(code: ir.StringValue) -> ir.StringValue:
    """A code in small letters, with one underscore for blanks, hyphens and underscores."""
    return code.strip().lower().re_replace(r"[ _-]+", "_")


def is_variant(code: ir.StringValue, known: Collection[str]) -> ir.BooleanValue:
    """Whether a code is known, but in other letters, blanks or hyphens."""
    forms = [_form(one) for one in known]
    # Not `&`: that would tidy every code, and nearly all are written as listed.
    return code.isin(list(known)).ifelse(False, tidied(code).isin(forms)).fill_null(False)


def read_code(code: ir.StringValue, names: Mapping[str, str]) -> ir.StringValue:
    """Name of a code, however it is written; an unknown code is kept as `code:N`."""
    return _looked_up(code, names, otherwise=ibis.literal("code:") + code)


def known_code(code: ir.StringValue, names: Mapping[str, str]) -> ir.StringValue:
    """Name of a code, however it is written; missing where the list does not have it."""
    return _looked_up(code, names, otherwise=ibis.null("string"))


def _looked_up(
    code: ir.StringValue, names: Mapping[str, str], *, otherwise: ir.StringValue
) -> ir.StringValue:
    """Look a code up as it is, and only if it is not listed, in its tidied form."""
    loose = {_form(one): name for one, name in names.items()}
    tidy = tidied(code).cases(*loose.items(), else_=otherwise)
    return code.cases(*names.items(), else_=tidy)


def _form(code: str) -> str:
    """What `tidied` makes of a listed code."""
    return "_".join(code.lower().replace("-", " ").replace("_", " ").split())


# Counts ---------------------------------------------------------------------------------


def placeholder_rules(table: str, rows: ir.Table, columns: Sequence[str]) -> list[Rule]:
    """Count the placeholders in each column of dates."""
    return [
        Rule(table, f"placeholder in {name} made missing", rows, is_placeholder_date(rows[name]))
        for name in columns
    ]


def variant_rules(table: str, rows: ir.Table, codes: Mapping[str, Collection[str]]) -> list[Rule]:
    """Count the codes that are written in another way than listed, by column."""
    return [
        Rule(table, f"{name} written in another way", rows, is_variant(rows[name], known))
        for name, known in codes.items()
    ]


def age_rules(table: str, rows: ir.Table) -> list[Rule]:
    """Count ages that stand for none, and ages that cannot be (column `age`)."""
    return [
        Rule(table, "placeholder in age made missing", rows, is_placeholder_age(rows.age)),
        Rule(table, "impossible age made missing", rows, is_impossible_age(rows.age)),
    ]


def birth_rules(table: str, rows: ir.Table) -> list[Rule]:
    """Count months of birth mended or made missing (columns `birth`, `seen`)."""
    mended = mend_century(rows.birth)
    impossible = is_impossible_birth(mended, rows.seen)
    return [
        Rule(table, "century of birth mended", rows, is_century_typo(rows.birth)),
        Rule(table, "impossible month of birth made missing", rows, impossible),
    ]


def order_rules(table: str, rows: ir.Table) -> list[Rule]:
    """Count dates exchanged or made missing (columns `began`, `first_hearing`, `completed`)."""
    dates = (rows.first_hearing, rows.completed, rows.began)
    early = is_too_early(rows.completed, rows.first_hearing, rows.began)
    return [
        Rule(table, "first hearing and final result exchanged", rows, is_swapped(*dates)),
        Rule(table, "final result too early made missing", rows, early),
    ]
