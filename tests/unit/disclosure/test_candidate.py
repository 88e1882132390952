"""A candidate is read back as it was written, or not at all."""

from __future__ import annotations

import dataclasses
import json

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.errors import DisclosureError, UsageError
from tests.unit.disclosure.examples import curve, frequencies


def test_a_candidate_is_read_back_as_it_was_written(tmp_path):
    output = curve({"all": [(1, 20, 0), (2, 0, 30)]}, options={"horizons": [365, 730]})
    file = disclosure.write_candidate(output, "over_time", tmp_path, synthetic=True)
    read = disclosure.read_candidate(tmp_path, "over_time")
    assert read.synthetic is True
    assert read.sha256 == disclosure.digest_of(file)
    pd.testing.assert_frame_equal(read.output.table, output.table, check_dtype=False)
    same = dataclasses.replace(read.output, table=output.table)
    assert same == output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "over_time.json",
        "over_time.parquet",
    ]


@pytest.mark.parametrize("id", ["Upper", "1st", "a-b", "a/b", "../a", ""])
def test_an_id_that_could_name_another_file_is_refused(tmp_path, id):
    with pytest.raises(UsageError, match="id must be lower-case"):
        disclosure.write_candidate(frequencies({"all": 50}), id, tmp_path, synthetic=True)
    assert list(tmp_path.iterdir()) == []


def test_options_that_are_not_plain_values_are_refused_and_nothing_is_written(tmp_path):
    output = frequencies({"all": 50}, options={"from": pd.Timestamp("2014-01-01")})
    with pytest.raises(UsageError, match="ISO text"):
        disclosure.write_candidate(output, "by_age", tmp_path, synthetic=True)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_table_is_found(tmp_path):
    disclosure.write_candidate(frequencies({"all": 50}), "by_age", tmp_path, synthetic=True)
    path = tmp_path / "by_age.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(DisclosureError, match="was changed after the run wrote it"):
        disclosure.read_candidate(tmp_path, "by_age")


@pytest.mark.parametrize(("field", "value"), [("synthetic", False), ("population_hash", "p2")])
def test_a_changed_description_is_found(tmp_path, field, value):
    disclosure.write_candidate(frequencies({"all": 50}), "by_age", tmp_path, synthetic=True)
    path = tmp_path / "by_age.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(DisclosureError, match="was changed after the run wrote it"):
        disclosure.read_candidate(tmp_path, "by_age")


def test_a_missing_or_broken_file_is_one_plain_sentence(tmp_path):
    with pytest.raises(DisclosureError, match="must have a readable"):
        disclosure.read_candidate(tmp_path, "by_age")
    (tmp_path / "by_age.json").write_text("[]")
    (tmp_path / "by_age.parquet").write_bytes(b"")
    with pytest.raises(DisclosureError, match="must have a readable"):
        disclosure.read_candidate(tmp_path, "by_age")


@pytest.mark.parametrize("id", ["outputs", "provenance", "checksums"])
def test_an_id_that_is_a_file_of_every_request_is_refused(id, tmp_path):
    with pytest.raises(UsageError, match="a request has a file of that name"):
        disclosure.write_candidate(frequencies({"a": 30}), id, tmp_path, synthetic=True)
