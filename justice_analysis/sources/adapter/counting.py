"""What each declaration of an adapter did: how many values, and codes that never came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts import TableContract
from justice_analysis.sources.adapter.declared import DAY_FIRST, MONTH_FIRST, TableAdapter, Unit
from justice_analysis.sources.adapter.making import as_written
from justice_analysis.sources.adapter.reshaped import column_named
from justice_analysis.sources.findings import Finding

# Counting each code by itself costs a pass of its own beyond some number of them.
_CODES_AT_ONCE = 500
_Count = tuple[str, str, str]


@dataclass(frozen=True)
class Counted:
    """What an adapter's declarations did to one table.

    Parameters
    ----------
    findings
        Codes and markers that were declared and never delivered.
    notes
        One sentence per declaration, with the number of values that it was for.
    """

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Tally:
    """Counts by kind, column and word, summed over files."""

    counts: dict[_Count, int] = field(default_factory=dict)

    def of(self, kind: str, column: str) -> dict[str, int]:
        """Give the counts of one kind in one column by word."""
        return {w: n for (k, c, w), n in self.counts.items() if (k, c) == (kind, column)}


def count_steps(
    delivered: Sequence[ir.Table], contract: TableContract, adapter: TableAdapter
) -> Counted:
    """Count what the declarations on values did, in one pass over each delivered table.

    Parameters
    ----------
    delivered
        The table's files, in delivered names, after joins and slots; each has the columns that
        the adapter names.
    contract, adapter
        The table, and how it is delivered.

    Returns
    -------
    Counted
        Empty where the adapter declares nothing about values.
    """
    tally = _Tally()
    for table in delivered:
        tests = dict(_tests(table, contract, adapter))
        for part in _batches(list(tests)):
            sums = {f"n{place}": table.count(where=tests[one]) for place, one in enumerate(part)}
            found = engine.execute(table.aggregate(**sums), step="counting adapter steps")
            for place, one in enumerate(part):
                n = int(found[f"n{place}"].iloc[0])
                tally.counts[one] = tally.counts.get(one, 0) + n
    return Counted(tuple(_findings(tally, adapter)), tuple(_notes(tally, contract, adapter)))


def _batches(tests: list[_Count]) -> Iterator[list[_Count]]:
    for begin in range(0, len(tests), _CODES_AT_ONCE):
        yield tests[begin : begin + _CODES_AT_ONCE]


def _tests(
    table: ir.Table, contract: TableContract, adapter: TableAdapter
) -> Iterator[tuple[_Count, ir.BooleanValue]]:
    made = (*adapter.constant, *adapter.date_parts, *adapter.combine)
    for one in contract.fields:
        held = column_named(table, adapter.columns.get(one.name, one.name))
        if held is None or one.name in made:
            continue
        text = as_written(table[held])
        for code in adapter.codes.get(one.name, ()):
            yield ("code", one.name, code), text == code
        for marker in adapter.missing_of(one.name):
            yield ("missing", one.name, marker), text == marker
        if one.type in ("date", "yearmonth") and table[held].type().is_string():
            yield from _format_tests(one.name, text, adapter.formats_of(one.name))
        if one.name in adapter.units:
            yield ("unit", one.name, ""), table[held].notnull()


def _format_tests(
    column: str, text: ir.StringValue, formats: Sequence[str]
) -> Iterator[tuple[_Count, ir.BooleanValue]]:
    """A date counts for the first format that fits it."""
    if len(formats) < 2:
        return
    fits = {one: engine.to_date(text, one).notnull() for one in formats}
    before: list[ir.BooleanValue] = []
    for name, holds in fits.items():
        first = holds
        for other in before:
            first = first & ~other
        yield ("format", column, name), first
        before.append(holds)
    if {DAY_FIRST, MONTH_FIRST} <= set(formats):
        yield ("both", column, formats[0]), fits[DAY_FIRST] & fits[MONTH_FIRST]


def _findings(tally: _Tally, adapter: TableAdapter) -> Iterator[Finding]:
    for column in adapter.codes:
        never = [code for code, n in tally.of("code", column).items() if not n]
        if never:
            words = "a code" if len(never) == 1 else f"{len(never)} codes"
            yield Finding(
                column,
                f"{words} of the adapter never delivered: {', '.join(never)}",
                0,
                "kept",
                "Check how the codes are written (blanks, leading zeros, letter case).",
            )


def _notes(tally: _Tally, contract: TableContract, adapter: TableAdapter) -> Iterator[str]:
    for column in adapter.codes:
        yield f"adapter: {column}: {sum(tally.of('code', column).values()):,} codes translated"
    for column in contract.field_names:
        yield from _format_notes(tally, column)
        if unit := adapter.units.get(column):
            n = sum(tally.of("unit", column).values())
            yield f"adapter: {column}: {n:,} values {_unit_words(unit)}"
    for column, parts in adapter.date_parts.items():
        given = parts.day is None or isinstance(parts.day, str)
        words = "" if given else f"; the day is not delivered, and {parts.day} stands for it"
        yield f"adapter: {column}: dates made of {len(parts.columns)} columns{words}"
    yield from _month_notes(contract, adapter)
    yield from _missing_notes(tally, contract, adapter)


def _format_notes(tally: _Tally, column: str) -> Iterator[str]:
    by_format = tally.of("format", column)
    if by_format:
        words = ", ".join(f"{n:,} as {name}" for name, n in by_format.items())
        yield f"adapter: {column}: dates read {words}"
    for name, n in tally.of("both", column).items():
        both = f"{DAY_FIRST} and {MONTH_FIRST}"
        yield f"adapter: {column}: {n:,} dates fit both {both}; read as {name}"


def _month_notes(contract: TableContract, adapter: TableAdapter) -> Iterator[str]:
    for one in contract.fields:
        formats = adapter.date_formats.get(one.name, ())
        if one.type == "date" and set(formats) & set(engine.MONTH_FORMATS):
            yield f"adapter: {one.name}: months are delivered; the first day stands for each"


def _missing_notes(tally: _Tally, contract: TableContract, adapter: TableAdapter) -> Iterator[str]:
    counts: dict[str, int] = {}
    columns: set[str] = set()
    for column in contract.field_names:
        for marker, n in tally.of("missing", column).items():
            counts[marker] = counts.get(marker, 0) + n
            columns |= {column} if n else set()
    if counts:
        total = f"{sum(counts.values()):,} values in {len(columns)} columns"
        # Slots that hold markers alone are gone by now.
        never = [marker for marker, n in counts.items() if not n and adapter.unpivot is None]
        words = f"; never delivered: {', '.join(never)}" if never else ""
        yield f"adapter: {total} missing by its markers{words}"


def _unit_words(unit: Unit) -> str:
    if unit.months_since:
        return f"turned from months into days on the calendar from {unit.months_since}"
    return f"multiplied by {unit.multiply:.10g}" + (f", rounded {unit.round}" if unit.round else "")
