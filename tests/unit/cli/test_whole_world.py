"""One command makes every dataset, one checks them all and one loads them all."""

from __future__ import annotations

import json

import pyarrow.parquet as parquet
import pytest

from justice_analysis import contracts, synthetic, warehouse
from justice_analysis.sources import report as reports
from justice_analysis.sources.extract import extracts_in, look_at_extract, read_extract

OPEN = {"crime4", "iowa_releases", "recid", "rossi", "uk_cjs_quarterly"}  # real, not simulated


@pytest.fixture(scope="module")
def clean_world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean") / "world"
    synthetic.synthesise(2_500, 5, folder, clean=True)
    return folder


@pytest.fixture(scope="module")
def messy_world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("messy") / "world"
    synthetic.synthesise(2_500, 5, folder)
    return folder


def test_every_restricted_dataset_is_delivered(clean_world):
    delivered = {folder.name for folder in extracts_in(clean_world)}
    assert delivered == set(contracts.names()) - OPEN


def test_a_clean_world_passes_with_nothing_found(clean_world):
    found = {
        one.name: reports.check_extract(look_at_extract(one)) for one in extracts_in(clean_world)
    }
    assert all(report.passed for report in found.values())
    findings = [
        (name, table.table, finding.column, finding.rule)
        for name, report in found.items()
        for table in report.tables
        for finding in table.findings
    ]
    assert findings == []


def test_a_messy_world_may_be_loaded_and_its_repeated_rows_are_counted(messy_world):
    planted = json.loads((messy_world / "truth" / "mess.json").read_text())
    repeated = {
        (one["dataset"], one["table"]): one["count"]
        for one in planted
        if one["rule"] == "duplicate_rows"
    }
    assert len(repeated) > 10
    found = {}
    for one in extracts_in(messy_world):
        report = reports.check_extract(look_at_extract(one))
        assert report.passed
        for table in report.tables:
            copies = [f.count for f in table.findings if f.rule == "exact duplicate row"]
            found[one.name, table.table] = sum(copies)
    assert {place: found[place] for place in repeated} == repeated


def test_everything_loads_into_one_warehouse_and_every_row_is_accounted_for(messy_world, tmp_path):
    loaded = warehouse.load([read_extract(one) for one in extracts_in(messy_world)], tmp_path / "w")
    assert set(loaded.sources) == set(contracts.names()) - OPEN
    assert loaded.is_synthetic
    read = {
        (entry.dataset, entry.table): entry.rows_in
        for entry in loaded.ledger.steps
        if entry.step == "read"
    }
    delivered = {
        (one.name, file.stem): parquet.read_metadata(file).num_rows
        for one in extracts_in(messy_world)
        for file in one.glob("*.parquet")
    }
    assert read == delivered
