"""Rows that hold their repeats side by side (offence_1, offence_2, ...), made a row each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.adapter.declared import Unpivot
from justice_analysis.sources.adapter.making import as_written
from justice_analysis.sources.adapter.near import near
from justice_analysis.sources.adapter.reshaped import Place, Reshaped, column_key, column_named

NO_SLOT = "every slot is empty"
_SLOT = "justice_slot"


def _slots(columns: Sequence[str], unpivot: Unpivot) -> dict[int, dict[str, str]]:
    """Number of each slot to (column to make: delivered column); a slot may lack some."""
    found: dict[int, dict[str, str]] = {}
    by_key = {column_key(name): name for name in columns}
    for made, given in unpivot.values.items():
        if isinstance(given, str):
            before, after = map(re.escape, given.strip().lower().split("*"))
            matches = {name: re.fullmatch(f"{before}([0-9]+){after}", name) for name in by_key}
            numbered = [(int(m[1]), by_key[name]) for name, m in matches.items() if m]
        else:
            keys = [column_key(name) for name in given]
            numbered = [(n, by_key[key]) for n, key in enumerate(keys, 1) if key in by_key]
        for number, column in numbered:
            found.setdefault(number, {})[made] = column
    return dict(sorted(found.items()))


def slot_problems(here: Sequence[str], unpivot: Unpivot, file: str) -> Iterator[str]:
    """Say what of the declared slots the columns `here` do not hold, or hold already."""
    by_key = {column_key(name) for name in here}
    slots = _slots(here, unpivot)
    for made, given in unpivot.values.items():
        if isinstance(given, str) and not any(made in slot for slot in slots.values()):
            yield f"unpivot: no column of {file} is like {given}."
        for name in () if isinstance(given, str) else given:
            if column_key(name) not in by_key:
                hint = near(name, here)
                yield f"unpivot names the column {name}, which {file} does not have.{hint}"
    for name in unpivot.keep:
        if column_key(name) not in by_key:
            yield f"unpivot keeps the column {name}, which {file} does not have.{near(name, here)}"
    used = {column for slot in slots.values() for column in slot.values()}
    others = {column_key(name) for name in here if name not in used}
    for made in (*unpivot.values, unpivot.number):
        if column_key(made) in others:
            yield f"unpivot makes the column {made}, which {file} has already. Choose another name."


def unpivot_rows(
    done: Reshaped, unpivot: Unpivot, place: Place, missing: Sequence[str]
) -> Reshaped:
    """One row per slot in which any of its columns holds something."""
    table = done.table
    assert table is not None
    step = f"slots of {place.table}"
    slots = _slots(table.columns, unpivot)
    kept = _kept_columns(table, unpivot, slots)
    filled = {n: _is_filled(table, slot.values(), missing) for n, slot in slots.items()}
    number = sum((one.cast("int64") for one in filled.values()), ibis.literal(0, "int64"))
    counted = table.aggregate(
        rows=table.count(), made=number.sum().fill_null(0), none=table.count(where=number == 0)
    )
    rows, made, none = (int(one) for one in engine.execute(counted, step=step).iloc[0])
    empty = rows * len(slots) - made
    entry = place.entry(
        "adapter unpivot",
        rows=rows,
        made=made,
        rule=f"one row per filled slot of {len(slots)} a row; {empty:,} empty slots dropped",
        aside={NO_SLOT: none},
    )
    aside = {
        f"{place.table}-unpivot": table.filter(number == 0).select(
            *kept, reason=ibis.literal(NO_SLOT)
        )
    }
    return Reshaped(
        _exploded(table, slots, kept, unpivot, filled),
        done.findings,
        (*done.entries, entry),
        {**done.aside, **(aside if none else {})},
    )


def _kept_columns(
    table: ir.Table, unpivot: Unpivot, slots: Mapping[int, Mapping[str, str]]
) -> list[str]:
    if unpivot.keep:
        named = [column_named(table, name) for name in unpivot.keep]
        return [name for name in named if name is not None]
    used = {column for slot in slots.values() for column in slot.values()}
    return [name for name in table.columns if name not in used]


def _is_filled(table: ir.Table, columns: Iterable[str], missing: Sequence[str]) -> ir.BooleanValue:
    """Whether any of the columns holds something that does not mean missing."""
    tests = []
    for name in columns:
        column = table[name]
        if column.type().is_string():
            text = column.strip()
            tests.append(text.notnull() & ~text.isin([*missing, ""]))
        else:
            tests.append(column.notnull())
    return reduce(or_, [test.fill_null(False) for test in tests])


def _exploded(
    table: ir.Table,
    slots: Mapping[int, Mapping[str, str]],
    kept: Sequence[str],
    unpivot: Unpivot,
    filled: Mapping[int, ir.BooleanValue],
) -> ir.Table:
    """Every row once for each of its filled slots; one pass over the delivered rows."""
    flags = {f"justice_filled_{n}": flag for n, flag in filled.items()}
    numbers = engine.memory_table(table.get_backend(), {_SLOT: list(slots)}, {_SLOT: "int64"})
    crossed = table.mutate(**flags).cross_join(numbers)
    slot = crossed[_SLOT]
    is_filled = ibis.cases(*[(slot == n, crossed[f"justice_filled_{n}"]) for n in slots])
    rows = crossed.filter(is_filled)
    made = {
        name: _of_slot(rows, {n: held[name] for n, held in slots.items() if name in held})
        for name in unpivot.values
    }
    number = {unpivot.number: rows[_SLOT]} if unpivot.number else {}
    return rows.select(*kept, **made, **number)


def _of_slot(rows: ir.Table, columns: Mapping[int, str]) -> ir.Value:
    """The value of the row's slot; as text where the slots' columns are of several types."""
    values = {number: rows[name] for number, name in columns.items()}
    if len({value.type() for value in values.values()}) > 1:
        values = {number: as_written(value) for number, value in values.items()}
    return ibis.cases(*[(rows[_SLOT] == number, value) for number, value in values.items()])
