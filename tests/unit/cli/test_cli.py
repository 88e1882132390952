"""The command line: what people type, what they see, and the exit code."""

from __future__ import annotations

import gzip
import json
import shutil

import pandas as pd
import pytest

from justice_analysis.sources.open_data import write_rossi

SECRET = "SECRET-77"


@pytest.fixture
def rossi(tmp_path):
    return write_rossi(tmp_path / "rossi")


def test_without_a_command_it_says_what_it_can_do(justice):
    _, out, err = justice()
    assert "data" in out + err
    assert "study" in out + err


def test_it_says_its_version(justice):
    assert justice("--version")[1].startswith("justice_analysis 0.")


def test_datasets_are_listed_for_people_and_for_scripts(justice):
    code, out, _ = justice("data", "list")
    assert code == 0
    assert "cafcass_england" in out
    listed = json.loads(justice("data", "list", "--json")[1])
    assert {row["dataset"] for row in listed} >= {"cafcass_england", "family_court", "rossi"}


def test_a_dataset_is_described_as_a_dictionary(justice):
    _, out, _ = justice("data", "describe", "rossi")
    assert "arrest" in out
    rows = json.loads(justice("data", "describe", "rossi", "--json")[1])
    assert len(rows) == 9


def test_an_unknown_dataset_is_a_usage_error_that_names_the_nearest(justice):
    code, out, err = justice("data", "describe", "cafcass_englnd")
    assert code == 2
    assert out == ""
    assert "cafcass_england" in err
    assert "Traceback" not in err


def test_an_extract_is_checked_loaded_measured_and_loaded_again(justice, rossi, tmp_path):
    assert justice("data", "check", rossi)[0] == 0
    code, out, _ = justice("data", "load", rossi, "--into", tmp_path / "warehouse")
    assert code == 0
    assert "432" in out
    code, out, _ = justice("data", "load", rossi, "--into", tmp_path / "warehouse")
    assert "unchanged" in out
    code, out, _ = justice("metric", "run", "reappearance", "--data", tmp_path / "warehouse")
    assert code == 0
    assert "Not checked for release" in out
    options = ("-o", "horizons=[182]", "--json")
    rows = json.loads(
        justice("metric", "run", "reappearance", "--data", tmp_path / "warehouse", *options)[1]
    )
    assert [row["horizon_days"] for row in rows] == [182]


def test_metrics_are_listed_and_shown(justice):
    assert "recurrence" in justice("metric", "list")[1]
    assert "What does not count" in justice("metric", "show", "recurrence")[1]


def test_a_synthetic_world_is_written_once(justice, tmp_path):
    words = ("data", "synthesise", "--people", 600, "--out", tmp_path / "world")
    code, out, _ = justice(*words)
    assert code == 0
    assert "Synthetic data" in out
    code, _, err = justice(*words)
    assert code != 0
    assert "world" in err


def test_the_doctor_says_what_this_machine_offers(justice):
    code, out, _ = justice("doctor")
    assert code == 0
    assert "memory" in out


def test_studies_are_listed_with_their_variants(justice):
    _, out, _ = justice("study", "list")
    assert "repeat_mothers" in out
    assert "final_order" in out


def test_a_study_or_all_of_them_must_be_named(justice, tmp_path):
    code, _, err = justice("study", "run", "--data", tmp_path)
    assert code == 2
    assert "--all" in err


# Bad input: one plain sentence, no traceback, no value of a row, nothing half-written. --------


def spoil(folder, damage):
    file = folder / "men.csv"
    rows = pd.read_csv(file, dtype=str)
    damage(rows, file)


def missing_file(rows, file):
    file.unlink()


def wrong_columns(rows, file):
    rows.rename(columns={"week": "weeks"}).to_csv(file, index=False)


def wrong_types(rows, file):
    rows.assign(week=SECRET).to_csv(file, index=False)


def empty_table(rows, file):
    rows.iloc[:0].to_csv(file, index=False)


def truncated_gzip(rows, file):
    packed = gzip.compress(rows.to_csv(index=False).encode())
    file.with_suffix(".csv.gz").write_bytes(packed[: len(packed) // 2])
    file.unlink()


def truncated_parquet(rows, file):
    rows.to_parquet(file.with_suffix(".parquet"))
    whole = file.with_suffix(".parquet").read_bytes()
    file.with_suffix(".parquet").write_bytes(whole[: len(whole) // 2])
    file.unlink()


@pytest.mark.parametrize(
    "damage",
    [missing_file, wrong_columns, wrong_types, empty_table, truncated_gzip, truncated_parquet],
)
def test_a_broken_extract_is_refused_in_a_sentence_and_no_warehouse_appears(
    justice, rossi, tmp_path, damage
):
    spoil(rossi, damage)
    code, out, err = justice("data", "load", rossi, "--into", tmp_path / "warehouse")
    assert code in (1, 2)
    assert err.startswith("error: ")
    assert "Traceback" not in out + err
    assert "foresee" not in err
    assert SECRET not in out + err
    assert not (tmp_path / "warehouse" / "current.json").exists()
    assert not list((tmp_path / "warehouse").glob("gen-*"))


def test_unknown_codes_are_kept_counted_and_reported_without_their_value(justice, rossi, tmp_path):
    spoil(rossi, lambda rows, file: rows.assign(fin="7").to_csv(file, index=False))
    code, out, _ = justice("data", "check", rossi)
    assert code == 0
    assert "432" in out
    code, _, _ = justice("data", "load", rossi, "--into", tmp_path / "warehouse")
    assert code == 0


def test_a_half_written_warehouse_is_refused(justice, rossi, tmp_path):
    justice("data", "load", rossi, "--into", tmp_path / "warehouse")
    shutil.rmtree(next((tmp_path / "warehouse").glob("gen-*")) / "measure")
    code, _, err = justice("metric", "run", "reappearance", "--data", tmp_path / "warehouse")
    assert code == 1
    assert "measure" in err
    assert "Traceback" not in err


def test_an_option_that_is_not_there_is_a_usage_error(justice, rossi, tmp_path):
    justice("data", "load", rossi, "--into", tmp_path / "warehouse")
    words = ("metric", "run", "reappearance", "--data", tmp_path / "warehouse")
    assert justice(*words, "-o", "sorce=rossi")[0] == 2
    assert justice(*words, "-o", "nonsense")[0] == 2
    assert justice(*words, "-o", "horizons=[365")[0] == 2


def test_a_failure_that_nobody_foresaw_shows_no_data(justice, monkeypatch):
    def fail():
        raise RuntimeError(SECRET)

    monkeypatch.setattr("justice_analysis.contracts.names", fail)
    code, out, err = justice("data", "list")
    assert code == 1
    assert "RuntimeError" in err
    assert SECRET not in out + err


def test_a_folder_of_extracts_is_checked_and_loaded_as_one(justice, rossi, tmp_path):
    delivery = tmp_path / "delivery"
    shutil.copytree(rossi, delivery / "rossi")
    (delivery / "truth").mkdir(parents=True)
    code, shown, _ = justice("data", "check", delivery)
    assert code == 0
    assert "rossi (open)" in shown
    code, shown, _ = justice("data", "load", delivery, "--into", tmp_path / "warehouse")
    assert code == 0
    assert "rossi: men" in shown


def test_options_of_a_metric_are_checked_by_name_and_one_value_is_a_list_of_one(
    justice, rossi, tmp_path
):
    justice("data", "load", rossi, "--into", tmp_path / "warehouse")

    def run(name, option):
        code, _, err = justice(
            "metric", "run", name, "--data", tmp_path / "warehouse", "-o", option
        )
        return code, err

    assert run("counting_units", "zz=1") == (
        2,
        "error: counting_units has no option zz. It has by.\n",
    )
    for given in ("by=court", "by=[court]"):
        code, err = run("link_quality", given)
        assert code != 0
        assert "area: court is none." in err
    assert "area: 3 is none." in run("link_quality", "by=3")[1]


@pytest.mark.parametrize("words", [(), ("data",), ("metric",), ("study",), ("release",), ("book",)])
def test_the_help_says_each_command_in_a_whole_line_of_80_columns(justice, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = justice(*words, "--help")
    assert "Commands:" in out
    assert "..." not in out.partition("Commands:")[2]
    assert max(map(len, out.splitlines())) <= 80
