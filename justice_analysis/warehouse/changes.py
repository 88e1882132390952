"""What changed in a dataset since the load before it in the same warehouse folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from justice_analysis.errors import WarehouseError
from justice_analysis.sources.quality import MISSING
from justice_analysis.warehouse.generations import current_generation

# A change is large from these on; shares are differences, in parts of one.
LARGE = {
    "rows delivered": 0.2,
    "share of rows set aside": 0.01,
    "share missing": 0.05,
    "share with an unknown code": 0.01,
    "share of people in cases who are linked": 0.02,
}
RULE = (
    "A change is marked as large where rows delivered differ by a fifth or more; a share of "
    "missing values by 5 points, of linked people by 2, of rows set aside or with an unknown "
    "code by 1; or where a table or a code is new or gone. Shares of fewer than 100 rows are "
    "not compared."
)
FEWEST_ROWS = 100


def load_before(folder: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Manifest and quality of the warehouse's current generation; None if there is none.

    A generation that another version wrote is none.
    """
    try:
        generation = current_generation(folder)
        files = ("manifest.json", "quality.json")
        manifest, quality = (json.loads((generation / name).read_text("utf-8")) for name in files)
    except (WarehouseError, OSError, ValueError):
        return None
    return manifest, quality


def changes(
    before: tuple[Mapping[str, Any], Mapping[str, Any]] | None, quality: Mapping[str, Any]
) -> dict[str, Any]:
    """Compare the quality of this load with that of the load before it.

    Returns
    -------
    dict
        `rule`; `since`: dataset to the extract date of the load before; `first_loads`: datasets
        without one; `found`: one record for each difference, with `dataset`, `table`, `column`,
        `what`, `before`, `now`, the counts behind shares, and `is_large`.
    """
    manifest, old = before or ({"sources": {}}, {"checks": {}})
    datasets = list(quality["checks"])
    known = [name for name in datasets if name in old["checks"]]
    found = [one for name in known for one in _of_dataset(name, old, quality)]
    return {
        "rule": RULE,
        "since": {name: manifest["sources"][name]["extract_date"] for name in known},
        "first_loads": [name for name in datasets if name not in known],
        "found": found,
    }


def _of_dataset(
    dataset: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    were, are = (
        {table["table"]: table for table in quality["checks"][dataset]["tables"]}
        for quality in (old, new)
    )
    for name in dict.fromkeys((*were, *are)):
        if name not in were or name not in are:
            what = "the table is new" if name in are else "the table is gone"
            yield _record(dataset, name, "", what, None, None, is_large=True)
        else:
            yield from _of_table(dataset, were[name], are[name])
    yield from _new_codes(dataset, old, new)
    yield from _links(dataset, old, new)


def _of_table(
    dataset: str, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    table = str(now["table"])
    rows, rows_now = int(was["rows"]), int(now["rows"])
    if rows != rows_now:
        grown = abs(rows_now - rows) / max(rows, 1)
        is_large = grown >= LARGE["rows delivered"] and max(rows, rows_now) >= FEWEST_ROWS
        yield _record(dataset, table, "", "rows delivered", rows, rows_now, is_large=is_large)
    aside = (sum(was["set_aside"].values()), sum(now["set_aside"].values()))
    yield from _share(
        dataset, table, "", "share of rows set aside", (aside[0], rows), (aside[1], rows_now)
    )
    for rule, what in ((MISSING, "share missing"), ("unknown code", "share with an unknown code")):
        before, after = _by_column(was, rule), _by_column(now, rule)
        for column in sorted({*before, *after}):
            pair = (before.get(column, 0), rows), (after.get(column, 0), rows_now)
            yield from _share(dataset, table, column, what, *pair)


def _by_column(table: Mapping[str, Any], rule: str) -> dict[str, int]:
    fields = table.get("by_year", {}).get("fields", {})
    return {name: sum(found[rule]) for name, found in fields.items() if rule in found}


def _share(
    dataset: str, table: str, column: str, what: str, was: tuple[int, int], now: tuple[int, int]
) -> Iterator[dict[str, Any]]:
    """Give the change of a share that can be seen: a tenth of a point or more."""
    if min(was[1], now[1]) < FEWEST_ROWS:
        return
    before, after = was[0] / was[1], now[0] / now[1]
    difference = abs(after - before)
    if difference >= 0.001:
        is_large = difference >= LARGE[what]
        counts = was[0], now[0]
        yield _record(dataset, table, column, what, before, after, counts, is_large=is_large)


def _new_codes(
    dataset: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    known = {_place(one) for one in old.get("codes_not_in_the_list", ())}
    for one in new.get("codes_not_in_the_list", ()):
        if one["dataset"] == dataset and _place(one) not in known:
            what = f"new code {one['code']}"
            table, column = one["table"], one["column"]
            yield _record(dataset, table, column, what, None, one["rows"], is_large=True)


def _place(one: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(one[name]) for name in ("dataset", "table", "column", "code"))


def _links(
    dataset: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    pairs = [
        (one["linked"], one["parties"])
        for quality in (old, new)
        for one in quality.get("linked", ())
        if one["dataset"] == dataset
    ]
    if len(pairs) == 2:
        what = "share of people in cases who are linked"
        yield from _share(dataset, "", "", what, pairs[0], pairs[1])


def _record(
    dataset: str,
    table: str,
    column: str,
    what: str,
    before: float | None,
    now: float | None,
    counts: tuple[int | None, int | None] = (None, None),
    *,
    is_large: bool,
) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "table": table,
        "column": column,
        "what": what,
        "before": before,
        "now": now,
        "before_count": counts[0],
        "now_count": counts[1],
        "is_large": is_large,
    }
