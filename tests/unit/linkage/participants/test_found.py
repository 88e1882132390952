"""Participants as people of a warehouse, through the records that they were matched to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pytest

from justice_analysis import engine
from justice_analysis.errors import LinkageError, SourceError
from justice_analysis.linkage import participants as linking
from justice_analysis.linkage.participants import folder as folders

LINK = {
    "record_id": "int64",
    "id_system": "string",
    "level": "string",
    "person_id": "int64",
    "score": "float64",
    "source": "string",
    "source_table": "string",
    "source_key": "string",
}


@dataclass
class SmallWarehouse:
    link: Any
    backend: Any
    link_level: str | None = None
    manifest: dict = field(
        default_factory=lambda: {
            "default_level": "low",
            "id_precedence": ["xjs", "record"],
            "fingerprint": "made up",
        }
    )


@pytest.fixture
def warehouse(table, backend):
    rows = [
        # record, system, level, person, score, source, table, key
        (1, "xjs", "low", 10, None, "prison", "nomis", "key-1"),
        (1, "xjs", "high", 11, None, "prison", "nomis", "key-1"),
        (2, "xjs", "low", 20, None, "links", "xjs_link", "row-2"),
        (2, "record", "none", 21, None, "prison", "nomis", "key-2"),
        (3, "record", "none", None, None, "prison", "nomis", "key-3"),
        (4, "xjs", "low", 10, None, "prison", "nomis", "key-4"),
        (5, "xjs", "low", 50, None, "prison", "nomis", "key-5"),
        (6, "xjs", "low", 60, None, "prison", "nomis", "key-5"),
    ]
    return SmallWarehouse(table(LINK, rows), backend)


@pytest.fixture
def known(tmp_path, backend):
    def read(*rows, **options):
        file = tmp_path / "known.csv"
        header = "source_table,source_key,index_date,gender"
        file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        settings = linking.LinkSettings(minimum_submitted=0, minimum_matched=0)
        return linking.known_people(file, backend=backend, settings=settings, **options)

    return read


LISTED = (
    "nomis,key-1,2017-03-31,F",
    "nomis,key-2,2017-04-30,M",
    "nomis,key-3,2017-05-31,M",
    "nomis,key-4,2016-01-31,F",
    "nomis,key-5,2016-01-31,F",
    "nomis,key-6,2016-01-31,F",
)


def test_each_is_a_person_once_or_not_found_for_one_reason(warehouse, known):
    found = linking.find_people(warehouse, known(*LISTED))
    assert (found.matched, found.no_record, found.not_linked) == (6, 1, 1)
    assert (found.several_people, found.same_person_again, found.found) == (1, 1, 2)
    rows = engine.execute(found.people.order_by("person_id"))
    # A record's highest id system decides; of two dates of one person the earlier stands.
    assert list(rows["person_id"]) == [10, 20]
    assert [str(day)[:10] for day in rows["index_date"]] == ["2016-01-31", "2017-04-30"]
    assert list(rows["gender"]) == ["female", "male"]


def test_people_are_of_the_warehouses_link_level(warehouse, known):
    warehouse.link_level = "high"
    people = engine.execute(linking.people_of(warehouse, known(*LISTED)))
    assert sorted(people["person_id"]) == [11, 21]


def test_attrition_goes_on_to_those_found(warehouse, known):
    links = linking.with_found(known(*LISTED), warehouse)
    assert links.attrition.to_dict("list") == {
        "step": ["submitted", "usable", "distinct people", "found in the data"],
        "people": [6, 6, 6, 2],
        "people_excluded": [0, 0, 0, 4],
    }
    assert links.record["found_in_the_data"]["not_linked"] == 1
    again = linking.with_found(links, warehouse)
    pd.testing.assert_frame_equal(again.attrition, links.attrition)


def test_too_few_people_are_refused(warehouse, tmp_path, backend):
    file = tmp_path / "few.csv"
    file.write_text("source_table,source_key,index_date\nnomis,key-1,2017-03-31\n")
    links = linking.known_people(file, backend=backend)
    with pytest.raises(LinkageError, match="at least 60 people must be submitted, and 1 were"):
        linking.people_of(warehouse, links)


def test_known_keys_need_no_identifiers_and_repeat_only_once(known):
    links = known(*LISTED, "nomis,key-6,2015-01-31,", "nomis,,2015-01-31,", "nomis,key-9,,")
    assert list(links.attrition["people"]) == [9, 7, 6]
    row = links.people.set_index("source_key").loc["key-6"]
    assert str(row["index_date"])[:10] == "2015-01-31"
    assert links.review is None
    assert links.model == {}


def test_known_keys_are_kept_as_a_folder_too(known, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "write_charts", lambda *_, **__: None)
    links = known(*LISTED)
    place = linking.write_links(links, tmp_path / "links")
    read = linking.read_links(place)
    assert list(read.people["source_key"]) == list(links.people["source_key"])
    with pytest.raises(SourceError, match=r"has no review.csv"):
        linking.export_review(place, tmp_path / "review.csv")


def test_a_list_without_a_usable_key_is_refused(known):
    with pytest.raises(SourceError, match="a row at least must have"):
        known("nomis,,2015-01-31,")
