"""JSON, JSON lines and YAML: every list of records is a table, every value is a word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from justice_analysis.disclosure.egress import kinds
from justice_analysis.disclosure.egress.finding import Flag, Parts, Table, Text

SCALAR = (str, int, float, bool, type(None))
DEEPEST = 60


def read_json(content: bytes) -> Parts:
    """Take a JSON document apart."""
    text = kinds.as_text(content) or ""
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        yield Flag("unreadable")
        yield Text(text)
        return
    yield from parts(document)


def read_json_lines(content: bytes) -> Parts:
    """Take JSON lines apart: one record a line."""
    text = (kinds.as_text(content) or "").lstrip("\ufeff")
    try:
        records = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        yield Flag("unreadable")
        yield Text(text)
        return
    yield from parts(records)


def read_yaml(text: str) -> Parts:
    """Take YAML apart, where it is; aliases could grow without end and are refused."""
    import yaml

    try:
        names = {type(event).__name__ for event in yaml.parse(text, Loader=_loader())}
        if "AliasEvent" in names:
            yield Flag("unreadable")
            return
        if "!!python" in text:
            yield Flag("code_file")
        documents = list(yaml.load_all(text, Loader=_loader()))
    except (yaml.YAMLError, ValueError, RecursionError):
        return  # words that only look like YAML: they were searched as words
    for document in documents:
        if isinstance(document, (Mapping, list)):
            yield from (part for part in parts(document) if not isinstance(part, Text))


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parts(document: Any, place: str = "") -> Parts:
    """Take what was read apart: its words, its tables, and plots by their grammar."""
    yield Text("\n".join(_lines(document)), place)
    yield from tables(document, place)
    if points := plot_points(document):
        yield Flag("plot_data", points, place)
    if shapes := _shapes(document):
        yield Flag("coordinates", shapes, place)


def tables(item: Any, place: str = "", depth: int = 0) -> Iterator[Table]:
    """Find lists of records, lists of rows, and columns of one length, at any depth."""
    if depth > DEEPEST:
        return
    if isinstance(item, Mapping):
        lists = {str(name): value for name, value in item.items() if _is_column(value)}
        if lists:
            yield from _from_columns(lists, place)
        inner = {str(name): value for name, value in item.items() if isinstance(value, Mapping)}
        if len(inner) > 1 and _alike(list(inner.values())):
            yield _from_records([{"": name, **inner[name]} for name in inner], place)
        single = {str(name): value for name, value in item.items() if isinstance(value, SCALAR)}
        if single:
            yield _from_records([single], place)
        nested = [value for value in item.values() if not isinstance(value, SCALAR)]
    elif isinstance(item, list):
        records = [value for value in item if isinstance(value, Mapping)]
        rows = [value for value in item if isinstance(value, list) and _is_column(value)]
        if len(records) > 1:
            yield _from_records(records, place)
            nested = [
                value
                for record in records
                for value in record.values()
                if not isinstance(value, SCALAR)
            ]
        else:
            nested = [value for value in item if not isinstance(value, SCALAR)]
        if len(rows) > 1 and len({len(row) for row in rows}) == 1:
            yield Table(_texts(rows[0]), [_texts(row) for row in rows[1:]], place)
            nested = []
    else:
        return
    for value in nested:
        yield from tables(value, place, depth + 1)


def _is_column(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) > 1 and all(isinstance(one, SCALAR) for one in value)
    )


def _alike(records: Sequence[Mapping[str, Any]]) -> bool:
    first = set(records[0])
    return bool(first) and all(set(record) == first for record in records)


def _from_columns(lists: Mapping[str, list[Any]], place: str) -> Iterator[Table]:
    for length in {len(column) for column in lists.values()}:
        chosen = {name: column for name, column in lists.items() if len(column) == length}
        rows = zip(*(_texts(column) for column in chosen.values()), strict=True)
        yield Table(list(chosen), list(rows), place)


def _from_records(records: Sequence[Mapping[str, Any]], place: str) -> Table:
    names = list(dict.fromkeys(str(name) for record in records for name in record))
    rows = [
        _texts([record.get(name) if isinstance(record.get(name), SCALAR) else "" for name in names])
        for record in ({str(name): value for name, value in one.items()} for one in records)
    ]
    return Table(names, rows, place)


def _texts(values: Sequence[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in values]


def _lines(item: Any, name: str = "", depth: int = 0) -> Iterator[str]:
    """Write every value as `name: value`, so that words are searched as they will be read."""
    if depth > DEEPEST:
        return
    if isinstance(item, Mapping):
        for key, value in item.items():
            yield from _lines(value, str(key), depth + 1)
    elif isinstance(item, list):
        for value in item:
            yield from _lines(value, name, depth + 1)
    elif item is not None:
        yield f"{name}: {item}" if name else str(item)


def _shapes(item: Any, depth: int = 0) -> int:
    """Count the shapes of GeoJSON."""
    if depth > DEEPEST or not isinstance(item, (Mapping, list)):
        return 0
    here = isinstance(item, Mapping) and isinstance(item.get("coordinates"), list)
    inside = item.values() if isinstance(item, Mapping) else item
    return int(here) + sum(_shapes(value, depth + 1) for value in inside)


def plot_points(item: Any, depth: int = 0) -> int:
    """Count the points of plots described in Plotly's, Vega's or Bokeh's grammar."""
    if depth > DEEPEST:
        return 0
    if isinstance(item, list):
        return sum(plot_points(value, depth + 1) for value in item)
    if not isinstance(item, Mapping):
        return 0
    traces = item.get("data")
    plotly = isinstance(traces, list) and any(
        isinstance(trace, Mapping) and ({"x", "y", "values", "z"} & set(trace)) for trace in traces
    )
    vega = ("mark" in item and "encoding" in item) or "vega" in str(item.get("$schema", ""))
    bokeh = "roots" in item or "docs_json" in item or item.get("type") == "ColumnDataSource"
    if plotly or vega or bokeh:
        return max(_longest(item), 1)
    return sum(plot_points(value, depth + 1) for value in item.values())


def _longest(item: Any) -> int:
    if isinstance(item, Mapping):
        return max((_longest(value) for value in item.values()), default=0)
    if isinstance(item, list):
        return max([len(item), *(_longest(value) for value in item)])
    return 0
