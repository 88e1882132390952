"""Datasets listed and described, and the quality of what was loaded, as people type it."""

from __future__ import annotations

import json
import re

from justice_analysis.sources.open_data import write_rossi


def test_the_list_fits_a_terminal_and_says_what_joins(justice):
    _, out, _ = justice("data", "list")
    assert max(map(len, out.splitlines())) <= 80
    assert "2011-2023" in out
    assert re.search(r"rossi +open +0 of +9 +yes", out)
    joined = "Case in the Crown Court. In cross_justice_linking, crown_court_defendant."
    assert joined in " ".join(out.split())


def test_the_list_for_scripts_has_coverage_names_mapping_and_joins(justice):
    listed = {row["dataset"]: row for row in json.loads(justice("data", "list", "--json")[1])}
    family = listed["family_court"]
    assert (family["covers_from"], family["columns"], family["assumed_names"]) == (
        "2011-01-01", 29, 26,
    )  # fmt: skip
    assert family["has_mapping"] is True
    assert "cafcass_england" in family["joins"]["alf2"]
    assert listed["rossi"]["joins"] == {}


def test_one_table_of_a_dataset_is_described_for_people_and_for_scripts(justice):
    words = ("data", "describe", "family_court", "--table", "people")
    code, out, _ = justice(*words)
    assert code == 0
    assert out.startswith("people: ")
    assert "Known breaks" not in out
    rows = json.loads(justice(*words, "--json")[1])
    assert {row["table"] for row in rows} == {"people"}
    assert justice("data", "describe", "family_court", "--table", "persons")[0] == 2


def test_a_load_says_where_its_quality_report_is_and_quality_shows_it_again(justice, tmp_path):
    rossi = write_rossi(tmp_path / "rossi")
    into = tmp_path / "warehouse"
    _, out, _ = justice("data", "load", rossi, "--into", into)
    (report,) = into.glob("gen-*/quality.html")
    assert str(report) in out
    report.unlink()
    code, out, _ = justice("data", "quality", into)
    assert code == 0
    assert report.is_file()
    assert "not been checked for release" in out
    assert re.search(r"rossi +432 +0", out)
    said = json.loads(justice("data", "quality", into, "--json")[1])
    assert said["report"] == str(report)
    assert said["datasets"][0]["rows"] == 432
    assert 0 < said["datasets"][0]["share_filled"] <= 1


def test_the_quality_of_what_is_no_warehouse_is_refused_in_a_sentence(justice, tmp_path):
    code, _, err = justice("data", "quality", tmp_path / "nothing")
    assert code == 1
    assert "no warehouse" in err
    assert "Traceback" not in err
