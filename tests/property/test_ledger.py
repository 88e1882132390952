"""Whatever is delivered: rows kept and rows set aside are the rows that came, each once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from justice_analysis import engine
from justice_analysis.contracts import Category, Field, ForeignKey, TableContract
from justice_analysis.sources.adapter import Filter, TableAdapter
from justice_analysis.sources.checks import apply_checks
from justice_analysis.sources.conforming import conform
from justice_analysis.sources.ledger import Ledger

BACKEND = engine.connect(memory_limit_gb=1, threads=1)
CASES = TableContract(
    name="cases",
    title="Cases",
    grain="one row per case",
    fields=(
        Field("case_no", "integer", required=True, minimum=0),
        Field("system", "string"),
        Field("kind", "integer", categories=(Category("1", "public"),), codes_status="assumed"),
        Field("received", "date", minimum="2000-01-01"),
    ),
    primary_key=("case_no", "system"),
    foreign_keys=(ForeignKey(("kind",), "kinds", ("kind",)),),
    missing_values=("", "NA"),
)
TEXTS = {
    "case_no": st.sampled_from(["1", "2", "3", " 2 ", "-1", "1.5", "x", "", None]),
    "system": st.sampled_from(["a", "b", "", "NA", None]),
    "kind": st.sampled_from(["1", "2", "7", "one", "", None]),
    "received": st.sampled_from(["2019-01-02", "2019-02-30", "1999-01-01", "02/01/2019", None]),
}
ROWS = st.lists(st.fixed_dictionaries(TEXTS), max_size=12)
BOUND = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def delivered(rows: list[dict[str, Any]]) -> Any:
    columns = {name: [row[name] for row in rows] for name in TEXTS}
    return engine.memory_table(BACKEND, columns, dict.fromkeys(TEXTS, "string"))


def as_rows(table: Any) -> Counter[tuple[str, ...]]:
    found = engine.execute(table.select(*CASES.field_names).cast(dict.fromkeys(TEXTS, "string")))
    return Counter(map(tuple, found.fillna("missing").to_numpy().tolist()))


def keys_of(table: Any) -> list[tuple[Any, ...]]:
    found = engine.execute(table.select("case_no", "system"))
    return list(map(tuple, found.astype(object).to_numpy().tolist()))


@BOUND
@given(rows=ROWS)
def test_kept_and_set_aside_are_the_rows_delivered(rows: list[dict[str, Any]]) -> None:
    kinds = engine.memory_table(BACKEND, {"kind": [1, 2]}, {"kind": "int64"})
    typed = conform(delivered(rows), CASES, TableAdapter()).table
    checked = apply_checks(typed, CASES, dataset="d", parents={"kinds": kinds})

    (entry,) = checked.ledger_entries
    aside = engine.execute(checked.set_aside)
    assert entry.rows_in == len(rows)
    assert entry.rows_kept == engine.count_rows(checked.kept)
    assert dict(entry.set_aside) == Counter(aside["reason"].tolist())

    # Values may have been made missing, so the whole is compared after the same cleaning.
    whole = apply_checks(typed, _without_keys(), dataset="d").kept
    assert as_rows(checked.kept) + as_rows(checked.set_aside) == as_rows(whole)

    keys = keys_of(checked.kept)
    assert len(set(keys)) == len(keys)
    assert not engine.execute(checked.kept.filter(checked.kept.case_no.isnull()).count())


@BOUND
@given(rows=ROWS, turned=st.randoms(use_true_random=False))
def test_what_is_kept_does_not_depend_on_the_order_of_rows(
    rows: list[dict[str, Any]], turned: Any
) -> None:
    shuffled = list(rows)
    turned.shuffle(shuffled)
    kept = [
        as_rows(
            apply_checks(
                conform(delivered(some), CASES, TableAdapter()).table, CASES, dataset="d"
            ).kept
        )
        for some in (rows, shuffled)
    ]
    assert kept[0] == kept[1]


@BOUND
@given(rows=ROWS, keep=st.sets(st.sampled_from(["a", "b", "NA"]), min_size=1))
def test_filtered_rows_are_counted_once(
    rows: list[dict[str, Any]], keep: set[str], tmp_path_factory: Any
) -> None:
    from justice_analysis.sources.cleaning import _filtered
    from justice_analysis.sources.conforming import ReadTable

    adapter = TableAdapter(filters=(Filter("system", tuple(sorted(keep))),))
    read = conform(delivered(rows), CASES, adapter)
    assert isinstance(read, ReadTable)
    used, filtered, entries = _filtered(read, CASES, "d")
    assert Ledger(tuple(entries)).totals()["d", "cases"]["rows_in"] == len(rows)
    assert engine.count_rows(used) == sum(row["system"] in keep for row in rows)
    if filtered is not None:
        assert engine.count_rows(filtered) + engine.count_rows(used) == len(rows)


def _without_keys() -> TableContract:
    from dataclasses import replace

    return replace(CASES, primary_key=(), foreign_keys=(), optional=True)
