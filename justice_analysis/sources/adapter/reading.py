"""Reading an adapter file: YAML in, checked declarations out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.contracts import Contract
from justice_analysis.errors import AdapterError, listed
from justice_analysis.sources.adapter.declared import (
    Adapter,
    Combine,
    DateParts,
    Filter,
    Join,
    TableAdapter,
    Unit,
    Unpivot,
)
from justice_analysis.sources.adapter.problems import file_problems, number_of


def read_adapter(path: Path | str, contract: Contract) -> Adapter:
    """Read an adapter file and hold it against the contract.

    Parameters
    ----------
    path
        The YAML file.
    contract
        The contract that the adapter brings files to.

    Returns
    -------
    Adapter
        Complete and checked, except for the names of delivered files and columns, which are
        checked when the files are read.

    Raises
    ------
    AdapterError
        If the file is missing or names tables, columns or steps that are not there: every
        problem at once, with names that are close.
    """
    path = Path(path)
    content = _load(path)
    problems = list(dict.fromkeys(file_problems(content, contract)))
    if problems:
        raise AdapterError(f"{path.name}: {listed(problems)}")
    decimal = content.get("decimal", ".")
    tables = {
        name: replace(_table_adapter(part or {}), decimal=decimal)
        for name, part in content.get("tables", {}).items()
    }
    return Adapter(
        tables=tables,
        delimiter=content.get("delimiter", ","),
        encoding=content.get("encoding", "utf-8"),
        decimal=decimal,
        name=path.name,
    )


def named_dataset(path: Path | str) -> str | None:
    """Say which dataset an adapter file is for; None where it does not say."""
    named = _load(Path(path)).get("dataset")
    return named if isinstance(named, str) else None


def _load(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise AdapterError(f"there is no adapter file {path.name}. Check its name.")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise AdapterError(f"{path.name} is not YAML{where}. Check indents and quotes.") from None
    if not isinstance(content, dict):
        raise AdapterError(f"{path.name} must hold the key tables. See the guide to adapters.")
    return content


def _table_adapter(part: Mapping[str, Any]) -> TableAdapter:
    formats = part.get("date_format", ())
    by_column = formats if isinstance(formats, dict) else {}
    missing = part.get("missing", ())
    missing_in = missing if isinstance(missing, dict) else {"all": missing}
    joins = part.get("join", ())
    return TableAdapter(
        files=_several(part.get("union", part.get("file", ()))),
        joins=tuple(_join(one) for one in ([joins] if isinstance(joins, dict) else joins)),
        unpivot=_unpivot(part["unpivot"]) if "unpivot" in part else None,
        distinct=part.get("distinct", False),
        columns=_texts(part.get("columns", {})),
        codes={column: _texts(codes) for column, codes in part.get("codes", {}).items()},
        date_format=() if by_column else _formats(formats),
        date_formats={name: _formats(one) for name, one in by_column.items()},
        date_parts={name: DateParts(**_parts(one)) for name, one in _at(part, "date_parts")},
        combine={name: _combine(one) for name, one in _at(part, "combine")},
        missing=_several(missing_in.get("all", ())),
        missing_in={name: _several(one) for name, one in missing_in.items() if name != "all"},
        constant=_texts(part.get("constant", {})),
        filters=tuple(_filter(one) for one in part.get("filter", ())),
        units={name: _unit(one) for name, one in _at(part, "units")},
    )


def _at(part: Mapping[str, Any], key: str) -> Any:
    return part.get(key, {}).items()


def _several(given: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in given) if isinstance(given, list | tuple) else (str(given),)


def _texts(mapping: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in mapping.items()}


def _formats(given: Any) -> tuple[str, ...]:
    """Formats in the order of trying: what holds where two fit comes first."""
    if isinstance(given, dict):
        first = given["both_fit"]
        return (first, *(one for one in given["try"] if one != first))
    return _several(given)


def _join(part: Mapping[str, Any]) -> Join:
    by = part["by"]
    pairs = by.items() if isinstance(by, dict) else [(one, one) for one in _several(by)]
    return Join(
        file=str(part["file"]),
        by=tuple((str(ours), str(theirs)) for ours, theirs in pairs),
        rows=part["rows"],
        columns=_several(part.get("columns", ())),
    )


def _unpivot(part: Mapping[str, Any]) -> Unpivot:
    values = {
        str(name): columns if isinstance(columns, str) else _several(columns)
        for name, columns in part["values"].items()
    }
    return Unpivot(values, str(part.get("number", "")), _several(part.get("keep", ())))


def _parts(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one if isinstance(one, int) else str(one) for key, one in part.items()}


def _combine(part: Mapping[str, Any]) -> Combine:
    return Combine(_several(part["columns"]), str(part.get("separator", "-")))


def _unit(part: Mapping[str, Any]) -> Unit:
    number = number_of(part.get("multiply", part.get("months_of", 1)))
    assert number is not None
    whole = int(number) if number.is_integer() else number
    return Unit(whole, part.get("round", ""), str(part.get("months_since", "")))


def _filter(part: Mapping[str, Any]) -> Filter:
    return Filter(
        column=str(part["column"]),
        keep=tuple(str(one) for one in part.get("keep", ())),
        drop=tuple(str(one) for one in part.get("drop", ())),
    )
