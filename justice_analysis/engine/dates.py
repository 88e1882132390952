"""Arithmetic of dates, in whole numbers.

DuckDB 1.5 gives one answer for two different intervals in one projection, without an error,
so days are added as integers and months by the calendar. Nothing else adds to a date.
"""

from __future__ import annotations

import datetime
from typing import Any, TypeAlias

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.rules as rlz
import ibis.expr.types as ir
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.backends.sql.compilers.mssql import MSSQLCompiler
from ibis.backends.sql.compilers.postgres import PostgresCompiler
from sqlglot import expressions as sge

from justice_analysis.errors import UsageError

DateLike: TypeAlias = ir.DateValue | ir.TimestampValue | datetime.date | str


class AddDays(ops.Value):
    """A date and a number of days: the date so many days later."""

    arg: ops.Value[dt.Date]
    days: ops.Value[dt.Int32]

    shape = rlz.shape_like("args")
    dtype = dt.date


class LastDay(ops.Unary):
    """The last day of a date's month."""

    arg: ops.Value[dt.Date]

    dtype = dt.date


def _plus(compiler: Any, operation: ops.Node, *, arg: Any, days: Any) -> Any:
    return sge.Paren(this=sge.Add(this=arg, expression=sge.Paren(this=days)))


def _date_add(compiler: Any, operation: ops.Node, *, arg: Any, days: Any) -> Any:
    return compiler.f.anon.date_add(arg, days)


def _dateadd(compiler: Any, operation: ops.Node, *, arg: Any, days: Any) -> Any:
    return compiler.f.anon.dateadd(compiler.v.day, days, arg)


def _last_day(compiler: Any, operation: ops.Node, *, arg: Any) -> Any:
    return compiler.f.anon.last_day(arg)


def _eomonth(compiler: Any, operation: ops.Node, *, arg: Any) -> Any:
    return compiler.f.anon.eomonth(arg)


def _last_day_postgres(compiler: Any, operation: ops.Node, *, arg: Any) -> Any:
    # A single interval in PostgreSQL's own words; the fault of intervals is DuckDB's.
    step = sge.Interval(this=sge.Literal.string("1 month -1 day"))
    first = compiler.f.date_trunc("month", arg)
    return compiler.cast(sge.Paren(this=sge.Add(this=first, expression=step)), dt.date)


# Ibis finds the SQL of an operation by this name on its compiler, so one expression serves
# every engine. Spark has the common form.
SQLGlotCompiler.visit_AddDays = _date_add
SQLGlotCompiler.visit_LastDay = _last_day
DuckDBCompiler.visit_AddDays = _plus
PostgresCompiler.visit_AddDays = _plus
PostgresCompiler.visit_LastDay = _last_day_postgres
MSSQLCompiler.visit_AddDays = _dateadd
MSSQLCompiler.visit_LastDay = _eomonth


def add_days(date: DateLike, days: int | ir.IntegerValue) -> ir.DateValue:
    """The date so many whole days later (earlier, if negative); null where either is."""
    return AddDays(_date(date), _whole(days).cast("int32")).to_expr()


def add_months(date: DateLike, months: int | ir.IntegerValue) -> ir.DateValue:
    """The same day so many months later, or that month's last day where it is shorter."""
    start = _date(date)
    first = _first_of_month(_month_number(start) + _whole(months))
    last = LastDay(first).to_expr().day()
    return add_days(first, ibis.least(start.day(), last) - 1)


def days_between(later: DateLike, earlier: DateLike) -> ir.IntegerValue:
    """Whole days from `earlier` to `later`; negative where `later` is before it."""
    return _date(later).delta(_date(earlier), unit="day").cast("int64")


def months_between(later: DateLike, earlier: DateLike) -> ir.IntegerValue:
    """Completed months: the most that can be added to `earlier` without passing `later`.

    From 31 January to 28 February 2023 is one month, as `add_months` ends at the month's end;
    to a `later` that is before `earlier` the number is negative.
    """
    end, start = _date(later), _date(earlier)
    months = _month_number(end) - _month_number(start)
    return (months - (add_months(start, months) > end).ifelse(1, 0)).cast("int64")


def years_between(later: DateLike, earlier: DateLike) -> ir.IntegerValue:
    """Completed years, as in an age: twelve completed months each."""
    return months_between(later, earlier) // 12


def month_start(date: DateLike) -> ir.DateValue:
    """The first day of the date's month."""
    return _first_of_month(_month_number(_date(date)))


def month_end(date: DateLike) -> ir.DateValue:
    """The last day of the date's month (not the first of the next)."""
    return LastDay(_date(date)).to_expr()


def financial_year(date: DateLike) -> ir.IntegerValue:
    """The year in which the date's financial year, from 1 April, begins."""
    value = _date(date)
    return (value.year() - (value.month() < 4).ifelse(1, 0)).cast("int64")


def _date(value: Any) -> ir.DateValue:
    if isinstance(value, datetime.date | str):
        return ibis.literal(value, type="date")
    if isinstance(value, ir.TimestampValue):
        return value.date()
    if not isinstance(value, ir.DateValue):
        raise UsageError(f"a date is needed here: a column of {_kind(value)} was given.")
    return value


def _whole(value: Any) -> ir.IntegerValue:
    number = ibis.literal(value) if isinstance(value, int) else value
    if not isinstance(number, ir.IntegerValue):
        raise UsageError(f"a whole number is needed here: {_kind(value)} was given.")
    return number


def _kind(value: Any) -> str:
    return str(value.type()) if isinstance(value, ir.Value) else type(value).__name__


def _month_number(date: ir.DateValue) -> ir.IntegerValue:
    """Months since the beginning of the year 0."""
    return date.year().cast("int64") * 12 + date.month() - 1


def _first_of_month(number: ir.IntegerValue) -> ir.DateValue:
    return ibis.date((number // 12).cast("int32"), (number % 12 + 1).cast("int32"), 1)
