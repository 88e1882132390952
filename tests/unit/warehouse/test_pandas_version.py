"""The load beside a plain pandas version of it (`benchmarks/pandas_version`)."""

from __future__ import annotations

import json

import pytest

from benchmarks import load as loads


@pytest.fixture(scope="module")
def both(small_world, tmp_path_factory):
    """The folder and the rows by table of the load and of the pandas version."""
    folder = tmp_path_factory.mktemp("beside_pandas")
    found = {}
    for name, load in (("ours", loads.ours), ("pandas", loads.pandas)):
        rows = load(str(small_world), str(folder / name), loads.BESIDE_PANDAS)["rows"]
        found[name] = (folder / name, rows)
    return found


def test_pandas_makes_as_many_rows_of_each_common_table(both):
    ours, pandas = both["ours"][1], both["pandas"][1]

    assert pandas == ours
    assert min(ours[name] for name in ("event", "decision", "matter", "party", "person")) > 1000


def test_pandas_counts_each_cleaning_rule_alike(both):
    quality = next(both["ours"][0].glob("gen-*/quality.json"))
    ours = {
        f"{one['table']}: {one['rule']}": one["rows"]
        for one in json.loads(quality.read_text())["cleaning"]
    }
    pandas = json.loads((both["pandas"][0] / "quality.json").read_text())["cleaning"]

    assert sum(ours.values()) > 0
    assert {rule: pandas[rule] for rule in ours} == ours
