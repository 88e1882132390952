"""Tables drawn as text, and a small warehouse made of them."""

from __future__ import annotations

from types import SimpleNamespace

from justice_analysis import contracts, engine

TYPES = {
    "string": "string",
    "integer": "int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "date",
    "yearmonth": "date",
}


def read(text: str) -> list[dict[str, str | None]]:
    """Read a drawn table: a heading line, then one row a line; `-` is missing."""
    lines = [line for line in text.strip().splitlines() if set(line.strip()) - set("-+| ")]
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    heading, *body = rows
    assert all(len(row) == len(heading) for row in body), "a drawn row has too few cells"
    return [
        {name: None if cell == "-" else cell for name, cell in zip(heading, row, strict=True)}
        for row in body
    ]


def warehouse(backend, tables: dict[str, list[dict]]):
    """A warehouse with the given rows; every other common table is there and empty.

    Ids may be names: each becomes a number, the same in every table.
    """
    model = contracts.common_model()
    made = {}
    numbers = _numbers(tables)
    for table in model.tables:
        schema = {field.name: TYPES[field.type] for field in table.fields}
        rows = tables.get(table.name, [])
        unknown = {name for row in rows for name in row} - set(schema)
        assert not unknown, f"{table.name} has no {unknown}"
        columns = {
            name: [_typed(row.get(name), schema[name], numbers) for row in rows] for name in schema
        }
        made[table.name] = engine.memory_table(backend, columns, schema)
    return SimpleNamespace(
        **made, fingerprint="spec", sources={}, is_synthetic=False, contract=contracts.load
    )


def _numbers(tables) -> dict[str, int]:
    """A whole number for each text that may name a row, in the order of the texts."""
    texts = {cell for rows in tables.values() for row in rows for cell in row.values()}
    names = sorted(text for text in texts if isinstance(text, str) and not text.isdigit())
    return {name: place for place, name in enumerate(names, 1_000_000)}


def _typed(value, kind: str, numbers: dict[str, int]):
    if value is None or not isinstance(value, str):
        return value
    if kind == "int64":
        return int(value) if value.isdigit() else numbers[value]
    if kind == "float64":
        return float(value)
    if kind == "boolean":
        return value == "true"
    return value


def drawn(frame, columns: list[str], order: str) -> list[dict[str, str | None]]:
    """Bring a result to the shape that `read` gives, so that the two compare."""
    rows = engine.execute(frame.select(*columns)).sort_values(order)
    return [{name: _text(value) for name, value in row.items()} for row in rows.to_dict("records")]


def _text(value) -> str | None:
    if value is None or value != value:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)
