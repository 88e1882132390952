"""What is wrong with an adapter's declarations of files, joins, slots and parts of dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from justice_analysis.contracts import TableContract
from justice_analysis.sources.adapter.declared import CARDINALITIES

_JOIN_KEYS = {"file", "by", "rows", "columns"}
_UNPIVOT_KEYS = {"values", "number", "keep"}


def layout_problems(part: Mapping[str, Any], table: TableContract) -> Iterator[str]:
    """Check the keys of one table that say which rows and columns there are."""
    if "file" in part and "union" in part:
        yield "give file or union, not both."
    if not isinstance(part.get("distinct", False), bool):
        yield "distinct must be true or false."
    joins = part.get("join", [])
    for join in joins if isinstance(joins, list) else [joins]:
        yield from _join_problems(join)
    if "unpivot" in part:
        yield from _unpivot_problems(part["unpivot"])
    yield from _date_parts_problems(part.get("date_parts"), table)
    yield from _combine_problems(part.get("combine"), table)


def _join_problems(join: Any) -> Iterator[str]:
    if not isinstance(join, dict) or not {"file", "by", "rows"} <= set(join) <= _JOIN_KEYS:
        yield "join must be given by file, by (the key) and rows, with columns if not all."
        return
    if join["rows"] not in CARDINALITIES:
        yield f"join with {join['file']}: rows must be {' or '.join(CARDINALITIES)}."
    if not isinstance(join["by"], str | list | dict) or not join["by"]:
        yield (
            f"join with {join['file']}: by must be a column, a list of columns, or the first "
            "file's columns mapped to the other's."
        )
    if not isinstance(join.get("columns", []), list):
        yield f"join with {join['file']}: columns must be a list."


def _unpivot_problems(unpivot: Any) -> Iterator[str]:
    if not isinstance(unpivot, dict) or not {"values"} <= set(unpivot) <= _UNPIVOT_KEYS:
        yield "unpivot must be given by values, with number and keep where they are wanted."
        return
    values = unpivot["values"]
    if not isinstance(values, dict) or not values:
        yield "unpivot: values must map each column to make to a pattern or a list of columns."
        return
    for name, columns in values.items():
        if isinstance(columns, str) and columns.count("*") != 1:
            yield f"unpivot: the pattern of {name} must hold one * for the number of the slot."
        elif not isinstance(columns, str | list):
            yield f"unpivot: {name} must have a pattern or a list of columns."
    lengths = {len(columns) for columns in values.values() if isinstance(columns, list)}
    if len(lengths) > 1:
        yield "unpivot: lists of columns must have the same number of slots."
    if unpivot.get("number") in values:
        yield f"unpivot: {unpivot['number']} is both the number of the slot and a column to make."
    if not isinstance(unpivot.get("keep", []), list):
        yield "unpivot: keep must be a list of columns."


def _date_parts_problems(parts: Any, table: TableContract) -> Iterator[str]:
    for name, part in parts.items() if isinstance(parts, dict) else ():
        kind = table.field(name).type if name in table.field_names else "date"
        if kind not in ("date", "yearmonth"):
            yield f"date_parts names {name}, which is no date in the contract."
        wanted = {"year", "month"} | ({"day"} if kind == "date" else set())
        if not isinstance(part, dict) or not wanted <= set(part) <= {"year", "month", "day"}:
            yield (
                f"date_parts of {name} must be given by {', '.join(sorted(wanted, reverse=True))}"
                ": the delivered columns; a day that is not delivered as a number, such as 1."
            )
        elif isinstance(part.get("day"), int) and not 1 <= part["day"] <= 28:
            yield f"date_parts of {name}: the day that stands for all must be from 1 to 28."


def _combine_problems(combine: Any, table: TableContract) -> Iterator[str]:
    for name, part in combine.items() if isinstance(combine, dict) else ():
        if name in table.field_names and table.field(name).type != "string":
            yield f"combine names {name}, which is not text in the contract."
        columns = part.get("columns") if isinstance(part, dict) else None
        if not isinstance(columns, list) or not set(part) <= {"columns", "separator"}:
            yield f"combine of {name} must be given by columns (a list) and separator."
