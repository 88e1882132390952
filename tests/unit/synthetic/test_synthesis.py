import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from justice_analysis import contracts
from justice_analysis.errors import SourceError, UsageError
from justice_analysis.synthetic import WorldParameters, synthesis, synthesise
from justice_analysis.synthetic.deliveries.registry import DATASETS
from tests.unit.synthetic.conftest import PEOPLE

NOT_SIMULATED = ("cafcass_casereport", "cafcass_experts")
WHOLE_NUMBERS = ("int64", "double")  # a number may be delivered without decimals
ARROW_TYPES = {
    "integer": "int64",
    "number": "double",
    "date": "date32[day]",
    "yearmonth": "string",
    "boolean": "bool",
    "string": "string",
}


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_the_same_seed_gives_the_same_files_and_another_seed_does_not(tmp_path):
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    synthesise(2_000, 5, first)
    synthesise(2_000, 5, again)
    synthesise(2_000, 6, other)
    assert digests(first) == digests(again)
    differing = {k for k, v in digests(other).items() if digests(first)[k] != v}
    shared = set(digests(first)) - differing
    assert "truth/parameters.json" in shared
    tables = [name for name in shared if name.endswith(".parquet")]
    assert not any(pq.read_metadata(first / name).num_rows for name in tables)


@pytest.mark.parametrize("dataset", DATASETS)
def test_delivered_files_are_as_the_contract_says(world, dataset):
    for table in contracts.load(dataset).tables:
        schema = pq.read_schema(world.folder / dataset / f"{table.name}.parquet")
        wanted = {field.name: ARROW_TYPES[field.type] for field in table.fields}
        given = {field.name: str(field.type) for field in schema}
        whole = {name for name, kind in given.items() if (kind, wanted[name]) == WHOLE_NUMBERS}
        assert {**given, **dict.fromkeys(whole, "double")} == wanted


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_clean_world_keeps_every_rule_of_the_contract(clean_world, clean_files, dataset):
    for table in contracts.load(dataset).tables:
        rows = clean_files[f"{dataset}/{table.name}"]
        assert len(rows) or table.name in NOT_SIMULATED, table.name
        if table.primary_key:
            assert not rows.duplicated(list(table.primary_key)).any()
        for key in table.foreign_keys:
            known = clean_files[f"{dataset}/{key.table}"]
            known = known[list(key.reference_fields)].drop_duplicates()
            asked = rows[list(key.fields)].drop_duplicates()
            known.columns = asked.columns
            assert len(asked.merge(known)) == len(asked), (table.name, key.fields)
        for earlier, later in table.date_order:
            assert not (rows[earlier] > rows[later]).fillna(False).any()
        for field in table.fields:
            if field.required:
                assert rows[field.name].notna().all()
            if field.categories:
                codes = {str(category.value) for category in field.categories}
                assert set(rows[field.name].dropna().astype(str)) <= codes, field.name


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_extract_says_that_it_is_synthetic(world, dataset):
    extract = json.loads((world.folder / dataset / "extract.json").read_text())
    assert extract["nature"] == "synthetic"
    assert extract["dataset"] == dataset
    assert extract["extract_date"] == "2024-03-31"


def test_the_world_has_as_many_people_as_were_asked_for(world, files, clean_files):
    assert len(files["person"]) == world.people == PEOPLE
    assert len(clean_files["person"]) == 16_000
    assert files["person"]["person_id"].is_unique
    assert files["person"]["alf_pe"].is_unique


def test_the_report_counts_the_rows_that_were_written(world):
    assert set(world.rows) == set(DATASETS)
    for dataset, tables in world.rows.items():
        for name, rows in tables.items():
            written = pq.read_metadata(world.folder / dataset / f"{name}.parquet")
            assert written.num_rows == rows


def test_csv_holds_the_same_rows_as_parquet(tmp_path):
    synthesise(1_000, 3, tmp_path / "text", format="csv")
    synthesise(1_000, 3, tmp_path / "columns")
    for name in (
        "cafcass_england/ecms_people",
        "cafcass_england/cms_tbllegaloutput",
        "family_court/events",
    ):
        text = pd.read_csv(tmp_path / "text" / f"{name}.csv", dtype="string")
        columns = pd.read_parquet(tmp_path / "columns" / f"{name}.parquet")
        as_text = columns.astype("object").map(written_as_text).astype("string")
        pd.testing.assert_frame_equal(text, as_text)


def written_as_text(value: object) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) else str(value)


def test_a_world_that_cannot_be_finished_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr(synthesis, "write_planted", fail)
    with pytest.raises(SourceError, match="writing failed"):
        synthesise(1_000, 1, tmp_path / "broken")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_overwrite_keeps_the_older_world(tmp_path, monkeypatch):
    out = tmp_path / "kept"
    synthesise(1_000, 1, out)
    before = digests(out)

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr(synthesis, "write_planted", fail)
    with pytest.raises(SourceError):
        synthesise(1_000, 2, out, overwrite=True)
    assert digests(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_a_world_is_replaced_only_when_that_is_said(tmp_path):
    out = tmp_path / "twice"
    synthesise(1_000, 1, out)
    before = digests(out)
    with pytest.raises(UsageError, match="must not exist yet"):
        synthesise(1_000, 2, out)
    synthesise(1_000, 2, out, overwrite=True)
    assert digests(out) != before
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_is_no_world_is_never_replaced(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("kept")
    with pytest.raises(UsageError, match="only a synthetic world may be overwritten"):
        synthesise(1_000, 1, precious, overwrite=True)
    assert (precious / "thesis.txt").read_text() == "kept"


@pytest.mark.parametrize(
    ("people", "seed", "options", "said"),
    [
        (10, 1, {}, "people must be at least 500"),
        (1_000, -1, {}, "seed must not be negative"),
        (1_000, 1, {"format": "xlsx"}, "format must be one of parquet, csv"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_sentence(tmp_path, people, seed, options, said):
    with pytest.raises(UsageError, match=said):
        synthesise(people, seed, tmp_path / "none", **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("people", [500, 501, 777, 1_234])
def test_small_worlds_are_made_too(tmp_path, people):
    report = synthesise(people, 9, tmp_path / "small")
    assert report.people == people
    assert len(pd.read_parquet(report.folder / "truth" / "person.parquet")) == people


def test_shares_of_people_that_add_to_more_than_everyone_are_refused(tmp_path):
    crowded = replace(WorldParameters(), family_people=0.9, civil_people=0.3)
    with pytest.raises(UsageError, match="add to more than 1"):
        synthesise(2_000, 1, tmp_path / "crowded", parameters=crowded)
    assert list(tmp_path.iterdir()) == []
