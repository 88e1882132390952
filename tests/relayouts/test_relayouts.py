"""Extracts in another layout give the same common tables, through an adapter alone."""

from __future__ import annotations

import importlib
from pathlib import Path

import pandas as pd
import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.sources.cleaning import CleanExtract, clean_extract
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mapping import MappingContext
from tests.relayouts import family_court

LAYOUTS = {"family_court": family_court}


@pytest.fixture(scope="module")
def backend() -> BaseBackend:
    return engine.connect(memory_limit_gb=2, threads=2)


@pytest.fixture(scope="module", params=list(LAYOUTS))
def both(
    request: pytest.FixtureRequest,
    small_world: Path,
    tmp_path_factory: pytest.TempPathFactory,
    backend: BaseBackend,
) -> tuple[CleanExtract, CleanExtract]:
    """A dataset as it was delivered, and in the other layout through its adapter."""
    source = small_world / request.param
    target = tmp_path_factory.mktemp(request.param) / "other"
    adapter = LAYOUTS[request.param].relayout(source, target)
    direct = clean_extract(read_extract(source), backend)
    return direct, clean_extract(read_extract(target, adapter=adapter), backend)


def test_contract_tables_are_the_same(both: tuple[CleanExtract, CleanExtract]) -> None:
    direct, through = both
    assert set(direct.tables) == set(through.tables)
    for name, table in direct.tables.items():
        pd.testing.assert_frame_equal(_rows(table), _rows(through.tables[name]), obj=name)
        assert engine.count_rows(table) or direct.extract.contract.table(name).optional


def test_common_tables_are_the_same(both: tuple[CleanExtract, CleanExtract]) -> None:
    direct, through = (_mapped(one) for one in both)
    assert set(direct) == set(through)
    for name, table in direct.items():
        pd.testing.assert_frame_equal(_rows(table), _rows(through[name]), obj=name)
    assert sum(map(engine.count_rows, direct.values())) > 1_000


def test_the_same_rows_are_set_aside_but_for_those_that_the_adapter_filters(
    both: tuple[CleanExtract, CleanExtract],
) -> None:
    direct, through = (
        {
            name: {k: n for k, n in total["set_aside"].items() if not k.startswith("adapter")}
            for (_, name), total in one.ledger.totals().items()
        }
        for one in both
    )
    assert direct == through


def _mapped(clean: CleanExtract) -> dict[str, object]:
    extract = clean.extract
    context = MappingContext(extract.contract, _backend(clean), extract.extract_date)
    module = importlib.import_module(f"justice_analysis.sources.{extract.dataset}")
    return dict(module.to_common(clean.tables, context).tables)


def _backend(clean: CleanExtract) -> BaseBackend:
    return next(iter(clean.tables.values())).get_backend()


def _rows(table) -> pd.DataFrame:
    rows = engine.execute(table)
    return rows.sort_values(list(rows.columns), ignore_index=True)
