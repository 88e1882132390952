"""What unreadable texts look like, and what to write in an adapter so that they are read.

Asked only where something could not be read: a second look at the delivered text of those
columns. It counts forms; no text comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts import Field, TableContract
from justice_analysis.sources import parsing
from justice_analysis.sources.adapter import TableAdapter
from justice_analysis.sources.adapter.declared import DAY_FIRST, MONTH_FIRST

COMMA, THOUSANDS, FRACTION, WITH_SIGN = "comma", "thousands", "fraction", "sign"
_NUMBERS = {
    THOUSANDS: r"^[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?$",
    COMMA: r"^[+-]?[0-9]+,[0-9]+$",
    FRACTION: r"^[+-]?[0-9]+[.][0-9]*$",
    WITH_SIGN: r"^[^0-9A-Za-z]* ?[0-9.,]+ ?[^0-9A-Za-z]*$",
}
_WORDS = {
    COMMA: "with a decimal comma",
    THOUSANDS: "with marks between thousands",
    FRACTION: "with a decimal point",
    WITH_SIGN: "with a sign such as a currency's",
}
_ORDERS = {DAY_FIRST, MONTH_FIRST}


def hints(
    texts: ir.Table,
    contract: TableContract,
    adapter: TableAdapter,
    columns: Sequence[str],
    *,
    own: bool = False,
) -> dict[str, str]:
    """Say of columns with unreadable texts what these look like.

    Parameters
    ----------
    texts
        One row per delivered row: columns that were delivered as text, ready for parsing.
    contract, adapter
        How they were read.
    columns
        Those in which something was unreadable.
    own
        Whether the contract is the user's own, and so the place to say how dates are written.

    Returns
    -------
    dict
        Column to sentences; only columns about which something can be said.
    """
    asked = [contract.field(name) for name in columns if name in texts.columns]
    forms = {one.name: _forms(texts[one.name], one, adapter) for one in asked}
    lost = {one.name: _lost(texts[one.name], one, contract, adapter) for one in asked}
    sums = {
        f"n{place}_{number}": texts.count(where=lost[name] & _only(fits, forms[name], form))
        for place, name in enumerate(forms)
        for number, (form, fits) in enumerate(forms[name].items())
    }
    if not sums:
        return {}
    sums |= {f"n{place}": texts.count(where=lost[name]) for place, name in enumerate(forms)}
    counted = engine.execute(texts.aggregate(**sums), step=f"forms of {contract.name}").iloc[0]
    said = {}
    for place, name in enumerate(forms):
        counts = {form: int(counted[f"n{place}_{n}"]) for n, form in enumerate(forms[name])}
        found = {form: count for form, count in counts.items() if count}
        if found:
            rest = int(counted[f"n{place}"]) - sum(found.values())
            said[name] = _sentence(contract.field(name), found, rest, contract.name, adapter, own)
    return said


def _forms(text: ir.StringValue, field: Field, adapter: TableAdapter) -> dict[str, ir.BooleanValue]:
    """Give the forms to look for, each with where a text has it."""
    if field.type in ("date", "yearmonth"):
        tried = adapter.formats_of(field.name) if field.name in adapter.date_formats else ()
        return {
            one: engine.to_date(text, one).notnull()
            for one in engine.DATE_FORMATS
            if one not in tried
        }
    if field.type in ("integer", "number"):
        return {name: text.re_search(pattern) for name, pattern in _NUMBERS.items()}
    return {}


def _only(
    fits: ir.BooleanValue, forms: Mapping[str, ir.BooleanValue], form: str
) -> ir.BooleanValue:
    """Count a text under the first form that it has."""
    for name, other in forms.items():
        if name == form:
            return fits.fill_null(False)
        fits = fits & ~other.fill_null(False)
    raise AssertionError


def _lost(
    text: ir.StringValue, field: Field, contract: TableContract, adapter: TableAdapter
) -> ir.BooleanValue:
    missing = (*contract.missing_values, *adapter.missing_of(field.name))
    value = parsing.parse(text, field, adapter, missing)
    return parsing.unreadable(text, value, missing)


def _sentence(
    field: Field, found: Mapping[str, int], rest: int, table: str, adapter: TableAdapter, own: bool
) -> str:
    is_date = field.type in ("date", "yearmonth")
    parts = [
        f"{count:,} {'as ' + form if is_date else _WORDS[form]}" for form, count in found.items()
    ]
    parts += [f"{rest:,} in no form that we know"] * (rest > 0)
    advice = (
        _date_advice(field, found, table, adapter, own) if is_date else _number_advice(field, found)
    )
    return f"Of these, {', '.join(parts)}.{advice}"


def _number_advice(field: Field, found: Mapping[str, int]) -> str:
    advice = {
        COMMA: ' Write decimal: "," in an adapter.' if field.type == "number" else "",
        THOUSANDS: " Export the column without marks between thousands.",
        WITH_SIGN: " Export the column as plain numbers.",
    }
    return "".join(advice.get(form, "") for form in found)


def _date_advice(
    field: Field, found: Mapping[str, int], table: str, adapter: TableAdapter, own: bool
) -> str:
    if found.keys() >= _ORDERS:
        return " Days and months change places, so ask which comes first."
    read = adapter.formats_of(field.name)
    if field.type == "yearmonth" and field.name not in adapter.date_formats:
        read = ("%Y-%m",)
    quoted = ", ".join(f'"{one}"' for one in dict.fromkeys((*read, *found)))
    adapted = f"tables: {{{table}: {{date_format: {{{field.name}: [{quoted}]}}}}}}"
    contract = f", or format: [{quoted}] in your contract" if own else ""
    return f" In an adapter write {adapted}{contract}."


def merged(tables: Sequence[ir.Table]) -> ir.Table | None:
    """Put the texts of several files together; a column that some lack is missing there."""
    names = dict.fromkeys(name for table in tables for name in table.columns)
    if not names:
        return None
    return engine.union(
        *[
            table.select(
                **{
                    name: table[name] if name in table.columns else ibis.null("string")
                    for name in names
                }
            )
            for table in tables
        ]
    )
