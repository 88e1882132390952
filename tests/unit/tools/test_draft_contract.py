import pytest
import yaml

from justice_analysis.contracts.reader import from_package
from tools.draft_contract import draft_contract, main, status_of, type_of

FACTS = {
    "datasets": {
        "toy_court": {
            "published_title": "Toy court",
            "source_system": "TOY",
            "coverage": {
                "start": "2011-01-01",
                "end": "2023-03 (second release)",
                "status": "CONFIRMED start",
                "sources": ["https://example.org/toy"],
                "exclusions": ["some cases are left out"],
            },
            "quality": ["ages are odd"],
            "tables": [
                {
                    "name": "unknown (case summary, second release)",
                    "unit_of_record": "one defendant in one case",
                    "status": "CONFIRMED unit, name UNKNOWN",
                    "source": "https://example.org/tables",
                    "variables": [
                        {
                            "name": "row_id_hash",
                            "type": "hashed id",
                            "description": "row key",
                            "codes": "unknown",
                            "status": "CONFIRMED",
                            "source": "https://example.org/row",
                        },
                        {
                            "name": "sex",
                            "type": "unknown",
                            "codes": ["F", "M"],
                            "status": "SECONDARY",
                        },
                        {
                            "name": "level",
                            "type": "integer",
                            "codes": "0 / 1",
                            "status": "INFERRED",
                        },
                        {"name": "unknown", "description": "many more"},
                    ],
                }
            ],
        }
    }
}


@pytest.fixture
def draft():
    return draft_contract(FACTS, "toy_court")


def test_a_table_without_a_published_name_is_named_after_its_description_and_assumed(draft):
    (table,) = draft["resources"]
    assert table["name"] == "case_summary"
    assert table["justice"]["name_status"] == "assumed"
    assert table["justice"]["source"] == "assumed: https://example.org/tables"
    assert table["justice"]["grain"] == "one row per defendant in one case"


def test_variables_without_a_name_are_left_out(draft):
    names = [field["name"] for field in draft["resources"][0]["schema"]["fields"]]
    assert names == ["row_id_hash", "sex", "level"]


def test_statuses_types_and_codes_follow_the_facts(draft):
    row, sex, level = draft["resources"][0]["schema"]["fields"]
    assert row["justice"] == {
        "name_status": "confirmed",
        "type_status": "confirmed",
        "source": "https://example.org/row",
    }
    assert [code["value"] for code in sex["categories"]] == ["F", "M"]
    assert sex["justice"]["codes_status"] == "secondary"
    assert sex["justice"]["type_status"] == "assumed"
    assert (level["type"], level["justice"]["name_status"]) == ("integer", "assumed")
    assert level["description"].endswith("Codes as published: 0 / 1.")


def test_coverage_takes_whole_days_only_and_exclusions_become_breaks(draft):
    ours = draft["justice"]
    assert ours["covers"]["from"] == "2011-01-01"
    assert "to" not in ours["covers"]
    assert [one["what"] for one in ours["breaks"]] == ["Some cases are left out.", "Ages are odd."]


def test_every_source_is_listed_once(draft):
    assert [one["path"] for one in draft["sources"]] == [
        "https://example.org/toy",
        "https://example.org/tables",
        "https://example.org/row",
    ]


def test_a_draft_is_a_contract_once_its_jurisdiction_is_filled_in(draft):
    draft["justice"]["jurisdiction"] = "criminal"
    contract = from_package(draft)
    assert contract.table("case_summary").field_names == ("row_id_hash", "sex", "level")


@pytest.mark.parametrize(
    ("words", "status"),
    [("CONFIRMED name", "confirmed"), ("SECONDARY", "secondary"), ("SOURCE SYSTEM", "assumed")],
)
def test_statuses_are_read_by_their_first_word(words, status):
    assert status_of(words) == status


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("date (YYYY-MM-DD)", "date"),
        ("text, YYYY-MM", "yearmonth"),
        ("hashed id", "string"),
        ("varchar(10)", "string"),
        ("numeric", "number"),
        (None, "string"),
    ],
)
def test_types_are_read_from_their_words(words, kind):
    assert type_of(words) == kind


def test_a_dataset_that_is_not_there_is_refused():
    with pytest.raises(SystemExit, match="hold: toy_court"):
        draft_contract(FACTS, "other")


def test_the_tool_prints_the_draft_as_yaml(tmp_path, capsys):
    path = tmp_path / "facts.yaml"
    path.write_text(yaml.safe_dump(FACTS))
    main([str(path), "toy_court"])
    assert yaml.safe_load(capsys.readouterr().out)["name"] == "toy_court"
