"""Rows of people are found in data that nobody planted: public studies, delivered extracts."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import lifelines
import pandas as pd
import pytest

from justice_analysis.disclosure import egress
from justice_analysis.disclosure.egress.rules import names
from justice_analysis.synthetic import synthesise
from tests.unit.disclosure.egress.files import any_type

STUDIES = Path(lifelines.__file__).parent / "datasets"
PEOPLE = (
    "anderson g3 gbsg2 interval_diabetes kidney_transplant larynx lung lymph_node lymphoma "
    "panel_test psychiatric_patients rossi stanford_heart waltons_dataset"
)
MOST_LINES = 200


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("delivered") / "world"
    synthesise(500, 1, folder, format="csv")
    files = [path for path in sorted(folder.rglob("*.csv")) if path.parent.name != "truth"]
    return {path: pd.read_csv(path, dtype=str, nrows=MOST_LINES) for path in files}


def test_every_study_of_people_is_found(tmp_path):
    for name in PEOPLE.split():
        with (STUDIES / f"{name}.csv").open() as lines:
            (tmp_path / f"{name}.csv").write_text("".join(islice(lines, MOST_LINES)))
    found = {finding.file for finding in egress.scan(tmp_path, any_type())}
    assert found == {f"{name}.csv" for name in PEOPLE.split()}


def test_every_delivered_table_is_found_as_it_is_and_without_its_keys(delivered, tmp_path):
    written = {"whole": 0, "keyless": 0}
    for number, (path, rows) in enumerate(delivered.items()):
        if rows.empty:
            continue
        written["whole"] += 1
        rows.to_csv(tmp_path / f"whole {number} {path.name}", index=False)
        kept = [name for name in rows if not _is_key(name, rows[name])]
        if len(rows) >= 10 and len(kept) >= 2:
            written["keyless"] += 1
            rows[kept].to_csv(tmp_path / f"keyless {number} {path.name}", index=False)
    found = {finding.file for finding in egress.scan(tmp_path, any_type())}
    assert found == {path.name for path in tmp_path.iterdir()}
    assert written["whole"] >= 50
    assert written["keyless"] >= 40


def _is_key(name, values):
    hashes = values.fillna("").str.fullmatch("[0-9a-f]{16,64}").mean()
    return names.PERSON_KEY.fullmatch(names.plain(name)) or hashes > 0.3
