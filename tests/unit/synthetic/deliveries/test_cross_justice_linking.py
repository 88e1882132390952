"""The link tables, and large worlds in chunks, beside the truth."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from justice_analysis import contracts
from justice_analysis.synthetic import synthesise
from justice_analysis.synthetic.calibration import columns
from justice_analysis.synthetic.deliveries.cross_justice_linking import LINK_CODES

CHUNKS = 3


def linked(files, table, column):
    """Link rows beside the true person of each record."""
    record = files["record"]
    record = record[record["dataset"].isin(LINK_CODES)]
    rows = files[table].merge(record, left_on="row_id_hash", right_on="key", validate="1:1")
    return rows.merge(files["person"], on="person_id").rename(columns={column: "given"})


def test_every_record_of_the_linked_datasets_is_in_the_cross_justice_link(files):
    record = files["record"]
    record = record[record["dataset"].isin(LINK_CODES)]
    links = files["xjs_link"]
    assert links["row_id_hash"].is_unique
    assert set(links["row_id_hash"]) == set(record["key"])
    source = links.merge(record, left_on="row_id_hash", right_on="key")
    assert (source["source_dataset"] == source["dataset"].map(LINK_CODES)).all()


def test_link_errors_are_as_many_as_the_truth_says(world, files):
    rows = linked(files, "xjs_link", "estimated_xjs_id")
    given = rows["given"].astype("int64[pyarrow]")
    somebody = given.isin(files["person"]["xjs_id"])
    wrong = somebody & (given != rows["xjs_id"])
    said = {
        entry["rule"]: entry["count"]
        for entry in json.loads((world.folder / "truth" / "mess.json").read_text())
        if entry["table"] == "xjs_link"
    }
    assert said == {"missed_links": (~somebody).sum(), "false_links": wrong.sum()}


def test_links_are_missed_more_often_in_some_groups_and_for_people_who_moved(files):
    rows = linked(files, "xjs_link", "estimated_xjs_id")
    known = files["person"]["xjs_id"]
    rows["missed"] = ~rows["given"].astype("int64[pyarrow]").isin(known)
    white = rows["ethnicity_code"] == 1
    assert rows["missed"][~white].mean() > 1.15 * rows["missed"][white].mean()
    moved = rows["has_moved"].astype(bool)
    assert rows["missed"][moved].mean() > 1.4 * rows["missed"][~moved].mean()


def test_the_links_of_2022_are_of_four_datasets_with_other_ids(files):
    rows = files["criminal_link"]
    assert set(rows["source_dataset"]) == {
        "mags_hocas",
        "crown_xhibit",
        "prison_nomis",
        "probation_delius",
    }
    later = files["xjs_link"]
    criminal = later[later["source_dataset"].isin(set(rows["source_dataset"]))]
    assert set(rows["row_id_hash"]) == set(criminal["row_id_hash"])
    assert not set(rows["estimated_mc_cc_ps_dp"]) & set(files["person"]["xjs_id"].astype(str))


def test_people_are_met_in_several_systems(files):
    rows = linked(files, "xjs_link", "estimated_xjs_id")
    systems = rows.groupby("person_id")["dataset"].nunique()
    assert (systems >= 2).mean() > 0.1
    assert (systems >= 4).sum() > 500


def test_cases_sent_up_tie_the_rows_of_the_same_person(files):
    ties = files["mags_crown_journey"]
    held = files["crown_defendant"].dropna(subset="row_key")
    below = files["prosecution"][["prosecution_id", "row_key", "case_key", "person_id"]]
    pairs = held.merge(below, on="prosecution_id", suffixes=("", "_below"))
    both = ties.merge(pairs, left_on="cc_row_id_hash", right_on="row_key", validate="1:1")
    assert len(both) == len(ties) > 1_000
    assert (both["mc_row_id_hash"] == both["row_key_below"]).all()
    assert (both["mc_case_id_hash"] == both["case_key_below"]).all()
    assert (both["cc_case_id_hash"] == both["case_key"]).all()
    assert (both["person_id"] == both["person_id_below"]).all()
    assert both["estimated_match_score"].between(0, 1).all()


@pytest.mark.parametrize(
    ("dataset", "truth"),
    [("magistrates_defendant", "prosecution"), ("crown_court_defendant", "crown_defendant")],
)
def test_nothing_received_after_a_court_migrated_is_delivered(files, dataset, truth):
    rows = files[truth]
    first = rows["charge_date"] if truth == "prosecution" else rows["received_date"]
    after = (first >= rows["unseen_from"]).fillna(False)
    assert after.sum() > 100
    delivered = rows["row_key"].notna()
    assert not delivered[after & (first != rows["unseen_from"])].any()
    if truth == "prosecution":
        assert not delivered[rows["is_single_justice"]].any()
        assert delivered[~after & ~rows["is_single_justice"]].mean() > 0.95


# Chunks -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chunked(worlds):
    return synthesise(12_000, 1, worlds / "chunks", chunk_people=12_000 // CHUNKS)


def test_a_chunked_world_has_numbered_parts_of_every_table(chunked):
    assert len(columns(chunked.folder / "truth", "person")["person_id"]) == 12_000
    for dataset, tables in chunked.rows.items():
        for name, rows in tables.items():
            parts = sorted((chunked.folder / dataset).glob(f"{name}_0*.parquet"))
            whole = chunked.folder / dataset / f"{name}.parquet"
            assert len(parts) == (0 if whole.is_file() else CHUNKS), name
            counted = sum(pq.read_metadata(part).num_rows for part in parts or [whole])
            assert counted == rows, name


@pytest.mark.parametrize(
    ("dataset", "table", "key"),
    [
        ("magistrates_defendant", "courts", ["court_code"]),
        ("crown_court_defendant", "courts", ["court_code"]),
        ("truth", "criminal_court", ["tier", "court"]),
    ],
)
def test_a_chunked_world_lists_each_court_once(chunked, dataset, table, key):
    (written,) = (chunked.folder / dataset).glob(f"{table}*.parquet")
    courts = pd.read_parquet(written)
    assert len(courts) > 50
    assert not courts.duplicated(key).any()


def test_ids_of_chunks_never_meet(chunked):
    for dataset in chunked.rows:
        for table in contracts.load(dataset).tables:
            parts = sorted((chunked.folder / dataset).glob(f"{table.name}_0*.parquet"))
            keys = [
                field.name
                for field in table.fields
                if [field.name] == list(table.primary_key) or field.name in LINK_IDS
            ]
            for key in keys:
                values = [set(pd.read_parquet(part)[key].dropna()) for part in parts]
                together = len(set().union(*values))
                assert together == sum(len(ids) for ids in values), (table.name, key)


LINK_IDS = (
    "ALF_PE",
    "ALF2_PE",
    "ALF_E",
    "estimated_xjs_id",
    "estimated_mc_cc_ps_dp",
    "estimated_offender_id",
    "anonymised_pupil_id",
)


def test_chunks_are_alike_and_differ(chunked):
    counts = []
    for part in range(1, CHUNKS + 1):
        rows = pd.read_parquet(chunked.folder / "truth" / f"prosecution_{part:02d}.parquet")
        counts.append((len(rows), (rows["offence_group"] == "theft").mean()))
    sizes, theft = zip(*counts, strict=True)
    assert len(set(sizes)) == CHUNKS
    assert max(sizes) < 1.5 * min(sizes)
    assert max(theft) - min(theft) < 0.12


def test_courts_migrate_on_the_same_day_in_every_chunk(chunked):
    days = [
        pd.read_parquet(chunked.folder / "truth" / f"prosecution_{part:02d}.parquet")
        .groupby("court")["unseen_from"]
        .first()
        for part in range(1, CHUNKS + 1)
    ]
    shared = days[0].index.intersection(days[1].index)
    assert len(shared) > 50
    pd.testing.assert_series_equal(days[0][shared], days[1][shared])


def test_the_first_chunk_is_the_world_of_that_size(chunked, tmp_path):
    alone = synthesise(12_000 // CHUNKS, 1, tmp_path / "alone")
    for name in ("person", "prosecution", "set_of_proceedings"):
        part = columns(alone.folder / "truth", name)
        first = pq.read_table(chunked.folder / "truth" / f"{name}_01.parquet")
        wanted = first["person_id" if name == "person" else first.column_names[0]].to_numpy()
        given = part["person_id" if name == "person" else first.column_names[0]]
        assert np.array_equal(given, wanted)
