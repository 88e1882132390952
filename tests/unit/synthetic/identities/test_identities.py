import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from justice_analysis.sources.extract import extracts_in
from justice_analysis.synthetic import synthesise
from justice_analysis.synthetic.deliveries.registry import DATASETS
from justice_analysis.synthetic.identities.names import SURNAMES
from justice_analysis.synthetic.identities.participants import COLUMNS, WHOLE

LAYOUT = {
    "population_id", "surname", "forename", "birth_date", "gender", "postcode", "pnc_id",
    "source_table", "source_key",
}  # fmt: skip


def lists_in(folder):
    return sorted((folder / "identities" / "participants").glob("*.csv"))


def listed(folder, programme=WHOLE):
    return pd.read_csv(folder / "identities" / "participants" / f"{programme}.csv", dtype="string")


@pytest.fixture(scope="module")
def population(world):
    return pd.read_parquet(world.folder / "identities" / "population.parquet")


def test_everyone_in_the_prison_or_magistrates_data_has_an_identity(files, population):
    record = files["record"]
    met = record[record["table"].isin(["nomis", "mags_defendant_case"])]
    assert set(population.columns) == LAYOUT
    assert population["population_id"].is_unique
    assert set(files["identity"]["person_id"]) == set(met["person_id"])


def test_an_identity_record_names_a_delivered_record_of_the_same_person(files, population):
    whose = population.merge(files["identity"].astype({"population_id": "object"}))
    record = files["record"].astype({"table": "object", "key": "object"})
    joined = whose.merge(record, left_on=["source_table", "source_key"], right_on=["table", "key"])
    assert set(joined["population_id"]) == set(population["population_id"])
    assert (joined["person_id_x"] == joined["person_id_y"]).all()


def test_aliases_are_the_same_person_spelt_in_another_way(files, population):
    whose = population.merge(files["identity"].astype({"population_id": "object"}))
    per_person = whose.groupby("person_id")["population_id"].size()
    assert per_person.max() == 2
    assert (per_person == 2).mean() == pytest.approx(0.12, abs=0.02)
    same = whose.groupby("person_id")[["surname", "forename"]].nunique()
    assert (same[per_person == 2].sum(axis=1) == 3).mean() > 0.9


def test_names_repeat_so_that_their_frequencies_matter(population):
    count = population["surname"].value_counts()
    assert count.index[0] in SURNAMES[:3]
    assert count.iloc[0] > 5 * count.median()
    assert len(count) > 500
    assert population["postcode"].dropna().str.match("^[QV]").all()


def test_births_lie_in_the_month_that_the_data_know(clean_world, clean_files):
    population = pd.read_parquet(clean_world.folder / "identities" / "population.parquet")
    summary = clean_files["mags_defendant_case"][["row_id_hash", "birth_month"]]
    known = population.merge(summary.astype("object"), left_on="source_key", right_on="row_id_hash")
    month = pd.to_datetime(known["birth_date"]).dt.strftime("%Y-%m")
    assert (month == known["birth_month"]).mean() > 0.98  # an alias may be dated otherwise


def test_the_whole_list_holds_everyone_who_began_the_programme(world, files):
    rows, truth = listed(world.folder), files["participant"]
    whole = truth[truth["programme"] == WHOLE]
    assert tuple(rows.columns) == COLUMNS
    assert list(whole["row_number"]) == list(range(1, len(rows) + 1))
    assert set(whole["person_id"].dropna()) == set(files["programme"]["person_id"])
    assert set(whole["row"]) == {"participant", "duplicate", "never_in_the_data"}
    assert (whole["person_id"].isna() == (whole["row"] == "never_in_the_data")).all()
    dates = pd.to_datetime(rows["intervention_date"])
    assert (dates.to_numpy() == pd.to_datetime(whole["started_date"]).to_numpy()).all()


def test_smaller_lists_are_parts_of_the_whole(world, files):
    whole = set(map(tuple, listed(world.folder).fillna("").to_numpy()))
    names = [path.stem for path in lists_in(world.folder)]
    assert len(names) == files["participant"]["programme"].nunique() == 7
    for name in names:
        assert set(map(tuple, listed(world.folder, name).fillna("").to_numpy())) <= whole
    thirds = [len(listed(world.folder, f"{WHOLE}_{one}")) for one in ("north", "middle", "south")]
    assert sum(thirds) == len(listed(world.folder))


def test_lists_are_as_dirty_as_the_rates_say(files):
    rows = files["participant"]
    rows = rows[rows["programme"] == WHOLE]
    n = len(rows)
    for column, rate in (
        ("has_swapped_names", 0.042),
        ("has_no_postcode", 0.08),
        ("has_typed_names", 1 - 0.72 * 0.74),
    ):
        assert rows[column].mean() == pytest.approx(rate, abs=4 * np.sqrt(rate / n)), column


def test_a_clean_world_has_lists_without_errors(clean_world, clean_files):
    rows, truth = listed(clean_world.folder), clean_files["participant"]
    truth = truth[truth["programme"] == WHOLE]
    assert set(truth["row"]) == {"participant"}
    assert rows.drop(columns="pnc_id").notna().all(axis=None)
    flags = [name for name in truth.columns if name.startswith("has_")]
    assert not truth[flags].any(axis=None)


def test_identities_are_no_extract_and_stand_in_no_delivered_file(world):
    found = {path.name for path in extracts_in(world.folder)}
    assert found == set(DATASETS)
    assert not {"identities", "truth"} & found
    for dataset in DATASETS:
        for path in (world.folder / dataset).glob("*.parquet"):
            names = {name.lower() for name in pq.read_schema(path).names}
            assert not {"surname", "forename", "birth_date", "pnc_id"} & names, path.name


def test_chunks_together_have_identities_of_the_whole_world(tmp_path):
    made = synthesise(4_000, 3, tmp_path / "world", chunk_people=2_000)
    folder = made.folder / "identities"
    parts = [pd.read_parquet(path) for path in sorted(folder.glob("population_*.parquet"))]
    assert len(parts) == 2
    assert pd.concat(parts)["population_id"].is_unique
    truth = pd.read_parquet(made.folder / "truth" / "participant.parquet")
    programme = pd.concat(
        [pd.read_parquet(p) for p in sorted((made.folder / "truth").glob("programme_*.parquet"))]
    )
    whole = truth[(truth["programme"] == WHOLE) & truth["person_id"].notna()]
    assert set(whole["person_id"]) == set(programme["person_id"])
    assert set(whole["segment_id"]) == set(programme["segment_id"])
    assert (made.folder / "truth" / "participant.parquet").is_file()
    assert json.loads((made.folder / "truth" / "parameters.json").read_text())["lists"]
