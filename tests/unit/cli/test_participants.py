"""`justice participants` on the command line."""

from __future__ import annotations

import functools
import json

import pandas as pd
import pytest

from tests.participants import make_lists


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    return make_lists(tmp_path_factory.mktemp("lists"), known=80, population=600)


@pytest.fixture
def justice(justice):
    """Run `justice participants ...`."""
    return functools.partial(justice, "participants")


def test_a_list_is_linked_shown_and_reviewed(justice, lists, tmp_path):
    folder = tmp_path / "steps"
    code, out, err = justice(
        "link", lists.participants, "--population", lists.population, "--into", folder
    )
    assert (code, err) == (0, "")
    assert "submitted" in out
    assert "keep it inside" in out
    code, out, _ = justice("show", folder, "--json")
    shown = json.loads(out)
    assert shown["refusal"] is None
    assert shown["attrition"][0] == {"step": "submitted", "people": 90, "people_excluded": 0}
    mine = tmp_path / "mine.csv"
    assert justice("review", "export", folder, "--into", mine)[0] == 0
    rows = pd.read_csv(mine, dtype=str, keep_default_na=False)
    rows.assign(decision=rows["linked"].map({"yes": "match", "no": "no match"})).to_csv(
        mine, index=False
    )
    code, out, _ = justice("review", "import", folder, mine)
    assert code == 0
    assert "recall among best pairs" in out


def test_a_wrong_date_format_is_one_sentence_and_writes_nothing(justice, lists, tmp_path):
    code, out, err = justice(
        "link", lists.participants, "--population", lists.population,
        "--into", tmp_path / "steps", "--date-format", "%Y-%m-%d",
    )  # fmt: skip
    assert (code, out) == (1, "")
    assert err.startswith("error: steps.csv: birth_date must hold dates in one format")
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "steps").exists()


def test_a_population_and_known_ids_exclude_each_other(justice, lists, tmp_path):
    code, _, err = justice("link", lists.participants, "--into", tmp_path / "steps")
    assert code == 2
    assert "one of the two" in err


def test_known_ids_are_taken_as_they_are(justice, tmp_path):
    file = tmp_path / "known.csv"
    file.write_text("source_table,source_key,index_date\nnomis,a,2016-05-13\nnomis,b,2016-05-14\n")
    code, out, _ = justice("link", file, "--known-ids", "--into", tmp_path / "known")
    assert code == 0
    assert "No effect is estimated: at least 60 people must be submitted, and 2 were" in out
