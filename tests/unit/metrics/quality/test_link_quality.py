"""Links by id system, size of cluster and group."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from justice_analysis.disclosure import load
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.errors import MetricError
from justice_analysis.metrics import link_quality
from tests.spec.tables import warehouse

# Person 1 has three records, person 2 one; record 14 has no link.
LINKS = [(11, 1), (12, 1), (13, 1), (15, 2), (14, None)]
PARTIES = [  # party, person, record, sex, born
    (101, 1, 11, "female", "1990-06-01"),
    (102, 1, 12, "female", "1990-06-01"),
    (103, 2, 15, "male", "2010-01-01"),
    (104, None, 14, "male", None),
]


@pytest.fixture
def drawn(backend):
    made = warehouse(
        backend,
        {
            "case": [
                {
                    "case_id": 1,
                    "proceeding_id": 7,
                    "received_date": "2020-05-31",
                    "area_id": "area:001",
                }
            ],
            "party": [
                {
                    "party_id": party,
                    "case_id": 1,
                    "person_id": person,
                    "record_id": record,
                    "sex": sex,
                    "birth_month": born,
                    "role": "defendant",
                }
                for party, person, record, sex, born in PARTIES
            ]
            + [{"party_id": 105, "case_id": 1, "organisation_id": "bank", "role": "claimant"}],
            "link": [
                {
                    "record_id": record,
                    "person_id": person,
                    "id_system": "xjs",
                    "level": "unstated" if person else "none",
                    "source": "links",
                }
                for record, person in LINKS
            ],
        },
    )
    disagreeing = {"people_whose_records_disagree": {"sex": 1, "birth_month": 0}}
    return SimpleNamespace(**{**vars(made), "quality": {"people": disagreeing}})


def test_shares_linked_and_joined_to_a_further_record_by_group(drawn):
    table = link_quality(drawn, by=("sex",)).table
    assert table.to_dict("records") == [
        {
            "group": "sex",
            "value": "female",
            "parties": 2,
            "linked": 2,
            "joined": 2,
            "people": 1,
            "people_joined": 1,
            "cases": 1,
            "linked_share": 1.0,
            "joined_share": 1.0,
        },
        {
            "group": "sex",
            "value": "male",
            "parties": 2,
            "linked": 1,
            "joined": 0,
            "people": 2,
            "people_joined": 0,
            "cases": 1,
            "linked_share": 0.5,
            "joined_share": 0.0,
        },
    ]


def test_age_is_taken_when_the_case_was_received_and_shown_in_order(drawn):
    table = link_quality(drawn, by=("age",)).table
    assert list(zip(table["value"], table["parties"], strict=True)) == [
        ("under 18", 1),
        ("25 to 34", 2),
        ("not recorded", 1),
    ]


def test_clusters_count_the_records_of_a_person(drawn):
    clusters = link_quality(drawn).clusters
    assert clusters.to_dict("records") == [
        {"size": "1", "people": 1, "records": 1},
        {"size": "3 to 5", "people": 1, "records": 3},
    ]


def test_conflicts_are_those_that_were_counted_when_records_became_people(drawn):
    conflicts = link_quality(drawn).conflicts
    assert dict(zip(conflicts["attribute"], conflicts["people"], strict=True)) == {
        "sex": 1,
        "birth_month": 0,
    }


def test_outputs_carry_the_people_behind_each_row(drawn):
    result = link_quality(drawn, by=("sex", "role"))
    groups, clusters = result.by_group("Linked"), result.by_cluster("Clusters")
    assert groups.population_hash != clusters.population_hash
    assert (groups.roles.people, groups.roles.cases) == ("people", "cases")
    assert groups.roles.people_behind == {"parties": "people", "joined": "people_joined"}
    assert clusters.table["people"].sum() == 2
    assert counted.broken(groups) == counted.broken(clusters) == []


def test_one_person_in_many_cases_is_one_person_behind_her_records(backend):
    cases = [{"case_id": n, "proceeding_id": n, "received_date": "2020-05-31"} for n in range(30)]
    party = {"person_id": 1, "sex": "female", "role": "defendant"}
    parties = [{"party_id": n, "case_id": n, "record_id": n, **party} for n in range(30)]
    link = {"id_system": "xjs", "level": "unstated", "source": "links", "person_id": 1}
    links = [{"record_id": n, **link} for n in range(30)]
    made = warehouse(backend, {"case": cases, "party": parties, "link": links})
    quality = {"people": {"people_whose_records_disagree": {}}}
    result = link_quality(SimpleNamespace(**{**vars(made), "quality": quality}), by=("sex",))
    output = result.by_group("Linked")
    assert output.table["parties"].tolist() == [30]
    assert output.table[["people", "people_joined"]].to_numpy().tolist() == [[1, 1]]
    assert counted.thin(output, load("ons-srs")) == {0}


def test_an_unknown_group_and_a_warehouse_without_people_are_refused(drawn, backend):
    with pytest.raises(MetricError, match="among sex, age"):
        link_quality(drawn, by=("height",))
    with pytest.raises(MetricError, match="needs people"):
        link_quality(warehouse(backend, {}))


def test_a_person_with_5000_records_stands_apart_and_is_not_left_out(backend):
    link = {"id_system": "xjs", "level": "unstated", "source": "links"}
    rows = [{"record_id": number, "person_id": 1, **link} for number in range(5_000)]
    party = {"party_id": 1, "case_id": 1, "person_id": 1, "record_id": 1, "role": "defendant"}
    made = warehouse(backend, {"case": [{"case_id": 1}], "party": [party], "link": rows})
    quality = {"people": {"people_whose_records_disagree": {}}}
    found = link_quality(SimpleNamespace(**{**vars(made), "quality": quality})).clusters
    assert found.to_dict("records") == [{"size": "more than 1,000", "people": 1, "records": 5_000}]
