"""Quarters and years as words: labels of groups, never taken for numbers of days."""

from __future__ import annotations

import ibis.expr.types as ir

from justice_analysis import engine


def quarter(date: ir.DateValue) -> ir.StringValue:
    """The calendar quarter of a date: "2016 Q3"; missing where the date is."""
    return date.year().cast("string") + " Q" + date.quarter().cast("string")


def year(date: ir.DateValue) -> ir.StringValue:
    """The calendar year of a date: "in 2016"."""
    return "in " + date.year().cast("string")


def financial_year(date: ir.DateValue) -> ir.StringValue:
    """The financial year of a date, from 1 April: "2016/17"."""
    first = engine.financial_year(date)
    return first.cast("string") + "/" + ((first + 1) % 100).cast("string").lpad(2, "0")


PERIODS = {"quarter": quarter, "year": year, "financial_year": financial_year}
"""Periods that a metric may show apart, by the name of the option's value."""
