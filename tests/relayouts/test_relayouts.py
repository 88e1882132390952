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
from tests.relayouts import family_court, magistrates_defendant, prisoner_custodial_journey

LAYOUTS = {
    "family_court": family_court,
    "magistrates_defendant": magistrates_defendant,
    "prisoner_custodial_journey": prisoner_custodial_journey,
}


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


def test_the_ledger_accounts_for_the_same_rows(both: tuple[CleanExtract, CleanExtract]) -> None:
    direct, through = (_accounts(one) for one in both)
    assert {name: kept for name, (kept, _) in direct.items()} == {
        name: kept for name, (kept, _) in through.items()
    }
    if LAYOUTS[both[0].extract.dataset].SAME_ROWS:
        assert direct == through


def test_offences_without_ids_get_their_own_and_are_the_same_otherwise(
    small_world: Path, tmp_path: Path, backend: BaseBackend
) -> None:
    source, target = small_world / "magistrates_defendant", tmp_path / "other"
    magistrates_defendant.relayout(source, target)
    adapter = magistrates_defendant.without_ids(target)
    direct = clean_extract(read_extract(source), backend)
    through = clean_extract(read_extract(target, adapter=adapter), backend)
    ids = through.tables["mags_offence"].offence_id_hash
    assert engine.execute(ids.nunique()) == engine.count_rows(through.tables["mags_offence"])
    first, second = (
        _rows(one.tables["mags_offence"].drop("offence_id_hash")) for one in (direct, through)
    )
    pd.testing.assert_frame_equal(first, second)
    for name, table in _mapped(direct).items():
        pd.testing.assert_frame_equal(
            _without_ids(table), _without_ids(_mapped(through)[name]), obj=name
        )


def _accounts(clean: CleanExtract) -> dict[str, tuple[int, dict[str, int]]]:
    """Rows kept and set aside of each table; those that the adapter filters are its own."""
    return {
        name: (
            total["rows_kept"],
            {why: n for why, n in total["set_aside"].items() if not why.startswith("adapter")},
        )
        for (_, name), total in clean.ledger.totals().items()
    }


def _without_ids(table) -> pd.DataFrame:
    """Columns that do not come of an offence's id, which the layout does not have."""
    made = ("source_key", "matter_id", "decision_id", "event_id", "measure_id")
    return _rows(table.drop(*[name for name in made if name in table.columns]))


def _mapped(clean: CleanExtract) -> dict[str, object]:
    extract = clean.extract
    context = MappingContext(extract.contract, _backend(clean), extract.extract_date)
    module = importlib.import_module(f"justice_analysis.sources.mappings.{extract.dataset}")
    return dict(module.to_common(clean.tables, context).tables)


def _backend(clean: CleanExtract) -> BaseBackend:
    return next(iter(clean.tables.values())).get_backend()


def _rows(table) -> pd.DataFrame:
    rows = engine.execute(table)
    return rows.sort_values(list(rows.columns), ignore_index=True)
