"""An adapter: a user's YAML file that brings delivered files to a contract without code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.contracts import Contract, TableContract
from justice_analysis.errors import AdapterError, listed

DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d-%b-%Y", "%Y-%m-%d %H:%M:%S")
ENCODINGS = ("utf-8", "windows-1252", "utf-16")
_FILE_KEYS = ("dataset", "tables", "delimiter", "encoding")
_TABLE_KEYS = (
    "file",
    "union",
    "columns",
    "codes",
    "date_format",
    "missing",
    "constant",
    "filter",
    "units",
)


@dataclass(frozen=True)
class Filter:
    """Rows to use, by the delivered values of one column: those in `keep`, or not in `drop`."""

    column: str
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """The reason under which the ledger counts the rows that are filtered."""
        return f"adapter filter on {self.column}"


@dataclass(frozen=True)
class TableAdapter:
    """How the files of one table differ from its contract; empty where they don't.

    Parameters
    ----------
    files
        Names of the delivered files, with or without ending; more than one are put together.
    columns
        Contract name to delivered name.
    codes
        Contract name to (delivered code to contract code); other codes stay as they are.
    date_format, date_formats
        The format of dates as text: for all columns, and for single ones by contract name.
    missing
        Texts that mean missing, besides the contract's.
    constant
        Contract name to a value that every row gets.
    filters
        Rows to use; the others are set aside and counted.
    multiply
        Contract name to the number that turns the delivered unit into the contract's.
    """

    files: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_format: str = DATE_FORMATS[0]
    date_formats: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    constant: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    multiply: Mapping[str, float] = field(default_factory=dict)

    def format_of(self, column: str) -> str:
        """Give the date format of a column."""
        return self.date_formats.get(column, self.date_format)

    @property
    def steps(self) -> str:
        """Say what the adapter does to this table, for the ledger."""
        parts = [
            f"{len(self.files)} files put together" * (len(self.files) > 1),
            f"{len(self.columns)} columns renamed" * bool(self.columns),
            f"codes of {len(self.codes)} columns translated" * bool(self.codes),
            f"{len(self.constant)} columns set to a constant" * bool(self.constant),
            f"units of {len(self.multiply)} columns changed" * bool(self.multiply),
        ]
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True)
class Adapter:
    """A whole adapter file; see the guide for its form.

    Parameters
    ----------
    tables
        Contract name of a table to its `TableAdapter`; a table that is not named is as in
        the contract.
    delimiter, encoding
        Of every delimited file.
    """

    tables: Mapping[str, TableAdapter] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    name: str = "adapter"

    def table(self, name: str) -> TableAdapter:
        """Give the adapter of one table; an empty one where the file does not name it."""
        return self.tables.get(name, TableAdapter())


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
    problems = list(_file_problems(content, contract))
    if problems:
        raise AdapterError(f"{path.name}: {listed(problems)}")
    tables = {name: _table_adapter(part or {}) for name, part in content.get("tables", {}).items()}
    return Adapter(
        tables=tables,
        delimiter=content.get("delimiter", ","),
        encoding=content.get("encoding", "utf-8"),
        name=path.name,
    )


def named_dataset(path: Path | str) -> str | None:
    """Say which dataset an adapter file is for; None where it does not say."""
    named = _load(Path(path)).get("dataset")
    return named if isinstance(named, str) else None


def near(name: str, names: Iterable[str]) -> str:
    """Suggest the names closest to one that is not there; empty if none is close."""
    by_lower = {str(other).lower(): str(other) for other in names}
    close = get_close_matches(str(name).lower(), by_lower, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(by_lower[match] for match in close)}?" if close else ""


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


def _file_problems(content: dict[str, Any], contract: Contract) -> Iterator[str]:
    yield from _unknown_keys(content, _FILE_KEYS, "the adapter")
    if content.get("dataset", contract.name) != contract.name:
        yield f"it is for the dataset {content['dataset']}, not for {contract.name}."
    delimiter = content.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1:
        yield "delimiter must be one character."
    if content.get("encoding", "utf-8") not in ENCODINGS:
        yield f"encoding must be one of {', '.join(ENCODINGS)}."
    tables = content.get("tables", {})
    if not isinstance(tables, dict):
        yield "tables must map the contract's table names to what differs."
        return
    known = {table.name: table for table in contract.tables}
    for name, part in tables.items():
        if name not in known:
            yield f"{contract.name} has no table {name}.{near(name, known)}"
        elif not isinstance(part or {}, dict):
            yield f"{name}: what differs must be given by key ({', '.join(_TABLE_KEYS)})."
        else:
            yield from _table_problems(part or {}, known[name])


def _table_problems(part: dict[str, Any], table: TableContract) -> Iterator[str]:
    yield from _unknown_keys(part, _TABLE_KEYS, table.name)
    if "file" in part and "union" in part:
        yield f"{table.name}: give file or union, not both."
    for key in ("columns", "codes", "constant", "units"):
        yield from _mapping_problems(part.get(key, {}), table, key)
    yield from _date_format_problems(part.get("date_format"), table)
    for key in ("columns", "codes", "constant"):
        yield from _unquoted_problems(part.get(key), f"{table.name}: {key}")
    yield from _unquoted_problems(part.get("missing"), f"{table.name}: missing")
    both = sorted(set(_keys(part.get("columns"))) & set(_keys(part.get("constant"))))
    for name in both:
        yield f"{table.name}: {name} has both a column and a constant."
    yield from _unit_problems(part.get("units"), table)
    for column, codes in _items(part.get("codes")):
        if not isinstance(codes, dict):
            yield f"{table.name}: codes of {column} must map delivered codes to the contract's."
    yield from _filter_problems(part.get("filter", []), table)
    yield from _unquoted_problems(part.get("filter"), f"{table.name}: filter")


def _mapping_problems(mapping: Any, table: TableContract, key: str) -> Iterator[str]:
    if not isinstance(mapping, dict):
        yield f"{table.name}: {key} must map the contract's column names."
        return
    for name in mapping:
        if name not in table.field_names:
            yield (
                f"{table.name}: {key} names {name}, which the contract does not have."
                f"{near(name, table.field_names)}"
            )


def _date_format_problems(formats: Any, table: TableContract) -> Iterator[str]:
    if isinstance(formats, dict):
        yield from _mapping_problems(formats, table, "date_format")
        formats = list(formats.values())
    else:
        formats = [formats] * (formats is not None)
    if any(one not in DATE_FORMATS for one in formats):
        yield f"{table.name}: date_format must be one of {', '.join(DATE_FORMATS)}."


def _unquoted_problems(part: Any, where: str) -> Iterator[str]:
    """YAML reads an unquoted NO as false, and so on: ask for quotes rather than guess."""
    scalars = list(_scalars(part))
    if any(isinstance(one, bool) or one is None for one in scalars):
        yield f'{where}: put quotes round words that YAML takes for something else ("no", "null").'


def _scalars(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from _scalars(value)
    elif isinstance(part, list):
        for value in part:
            yield from _scalars(value)
    elif part is not None or part == "":
        yield part


def _unit_problems(units: Any, table: TableContract) -> Iterator[str]:
    for column, unit in _items(units):
        if column not in table.field_names:
            continue
        number = unit.get("multiply") if isinstance(unit, dict) else None
        if isinstance(number, bool) or not isinstance(number, int | float) or len(unit) != 1:
            yield f"{table.name}: units of {column} must be given as multiply: <number>."
        elif table.field(column).type not in ("integer", "number"):
            yield f"{table.name}: units names {column}, which is not a number in the contract."
        elif table.field(column).type == "integer" and not isinstance(number, int):
            yield f"{table.name}: {column} is a whole number; multiply it by a whole number."


def _filter_problems(filters: Any, table: TableContract) -> Iterator[str]:
    if not isinstance(filters, list) or not all(map(_is_filter, filters)):
        yield (
            f"{table.name}: filter must be a list of column with keep (or drop) and "
            "a list of values."
        )


def _is_filter(part: Any) -> bool:
    if not isinstance(part, dict) or set(part) not in ({"column", "keep"}, {"column", "drop"}):
        return False
    return isinstance(part.get("keep", part.get("drop")), list)


def _unknown_keys(part: Mapping[str, Any], known: Iterable[str], where: str) -> Iterator[str]:
    for key in part:
        if key not in known:
            yield f"{where}: {key} is not a step of an adapter.{near(key, known)}"


def _keys(mapping: Any) -> Iterable[str]:
    return mapping if isinstance(mapping, dict) else ()


def _items(mapping: Any) -> Iterable[tuple[str, Any]]:
    return mapping.items() if isinstance(mapping, dict) else ()


def _table_adapter(part: Mapping[str, Any]) -> TableAdapter:
    formats = part.get("date_format", DATE_FORMATS[0])
    by_column = formats if isinstance(formats, dict) else {}
    files = part.get("union", part.get("file", ()))
    return TableAdapter(
        files=(files,) if isinstance(files, str) else tuple(str(one) for one in files),
        columns=_texts(part.get("columns", {})),
        codes={column: _texts(codes) for column, codes in part.get("codes", {}).items()},
        date_format=DATE_FORMATS[0] if by_column else formats,
        date_formats=dict(by_column),
        missing=tuple(str(one) for one in part.get("missing", ())),
        constant=_texts(part.get("constant", {})),
        filters=tuple(_filter(one) for one in part.get("filter", ())),
        multiply={column: unit["multiply"] for column, unit in part.get("units", {}).items()},
    )


def _texts(mapping: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in mapping.items()}


def _filter(part: Mapping[str, Any]) -> Filter:
    return Filter(
        column=str(part["column"]),
        keep=tuple(str(one) for one in part.get("keep", ())),
        drop=tuple(str(one) for one in part.get("drop", ())),
    )
