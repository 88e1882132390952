"""The same study runs on an extract with other names and codes, through an adapter alone."""

from __future__ import annotations

import pandas as pd
import pytest

from justice_analysis import contracts, engine, studies, warehouse
from justice_analysis.sources.extract import read_extract
from tests.notebooks.relayout import relayout
from tests.worlds import DATASETS


@pytest.fixture(scope="module")
def adapted(small_world, tmp_path_factory):
    root = tmp_path_factory.mktemp("adapted")
    adapter = relayout(small_world / "cafcass_england", root / "other")
    extracts = [read_extract(root / "other", adapter=adapter)]
    extracts += [read_extract(small_world / name) for name in DATASETS[1:]]
    warehouse.load(extracts, root / "warehouse")
    return root / "warehouse"


@pytest.mark.parametrize("table", [table.name for table in contracts.common_model().tables])
def test_an_adapted_extract_gives_identical_common_tables(small_warehouse, adapted, table):
    direct, through = (
        _sorted(getattr(warehouse.open(path), table)) for path in (small_warehouse, adapted)
    )
    pd.testing.assert_frame_equal(direct, through)


def test_the_same_study_gives_the_same_numbers_without_touching_the_notebook(
    small_warehouse, adapted, tmp_path
):
    project = studies.find_project()
    tables = []
    for name, data in (("direct", small_warehouse), ("adapted", adapted)):
        job = studies.Job(project, "repeat_mothers", "default", data, tmp_path / name)
        assert studies.run_one(job).state == "ran"
        tables.append(pd.read_parquet(job.folder / "outputs" / "return_by_age.parquet"))
    pd.testing.assert_frame_equal(*tables)


def _sorted(table) -> pd.DataFrame:
    rows = engine.execute(table)
    return rows.sort_values(list(rows.columns), ignore_index=True)
