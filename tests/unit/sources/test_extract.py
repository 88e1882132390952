import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from justice_analysis.errors import AdapterError, ContractError, SourceError, UsageError
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.open_data import write_rossi

Deliver = Callable[..., Path]


def describe(folder: Path, **content: object) -> None:
    (folder / "extract.json").write_text(json.dumps(content), encoding="utf-8")


def test_files_are_found_by_table_name_whatever_their_letter_case(
    deliver: Deliver, descriptor: str, cases_csv: str
) -> None:
    folder = deliver(CASES=cases_csv)
    extract = read_extract(folder, descriptor)
    assert [path.name for path in extract.files["cases"]] == ["CASES.csv"]
    assert extract.files["hearings"] == ()
    assert extract.nature == "restricted"


def test_the_description_gives_nature_and_date(
    deliver: Deliver, descriptor: str, cases_csv: str
) -> None:
    folder = deliver(cases=cases_csv)
    describe(folder, dataset="court_list", nature="synthetic", extract_date="2024-03-31")
    extract = read_extract(folder, descriptor)
    assert extract.is_synthetic
    assert extract.extract_date == dt.date(2024, 3, 31)


def test_files_of_no_table_are_listed_as_not_used(
    deliver: Deliver, descriptor: str, cases_csv: str
) -> None:
    folder = deliver(cases=cases_csv, notes="a,b\n")
    assert read_extract(folder, descriptor).not_used == ("notes.csv",)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no folder nowhere"):
        read_extract(tmp_path / "nowhere", "rossi")


def test_every_missing_table_is_said_at_once_with_names_that_are_close(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "ecms_case.csv").write_text("ID_PE\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_extract(folder, "cafcass_england")
    assert "ecms_cases (Did you mean ecms_case?)" in str(caught.value)
    assert "ecms_people" in str(caught.value)
    assert "cms_tblperson" in str(caught.value)


def test_two_files_of_one_table_are_refused(
    deliver: Deliver, descriptor: str, cases_csv: str
) -> None:
    folder = deliver(cases=cases_csv)
    (folder / "cases.csv.gz").write_bytes(b"")
    with pytest.raises(SourceError, match=r"cases has 2 files \(cases.csv, cases.csv.gz\)"):
        read_extract(folder, descriptor)


def test_without_description_the_dataset_must_be_named(deliver: Deliver) -> None:
    with pytest.raises(UsageError, match=r"has no extract.json, so the dataset must be named"):
        read_extract(deliver(cases="a\n"))


def test_a_dataset_other_than_the_described_one_is_refused(
    deliver: Deliver, descriptor: str, cases_csv: str
) -> None:
    folder = deliver(cases=cases_csv)
    describe(folder, dataset="rossi", nature="open")
    with pytest.raises(UsageError, match="is of rossi, not of court_list"):
        read_extract(folder, descriptor)


def test_a_restricted_dataset_cannot_call_itself_open(
    deliver: Deliver, descriptor: str, cases_csv: str
) -> None:
    folder = deliver(cases=cases_csv)
    describe(folder, dataset="court_list", nature="open")
    with pytest.raises(SourceError, match="is a restricted dataset"):
        read_extract(folder, descriptor)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold dataset"),
        ('{"dataset": "court_list", "nature": "secret"}', "must be one of"),
        ('{"dataset": "court_list", "extract_date": "31/03/2024"}', "must be a date"),
    ],
)
def test_a_description_that_is_wrong_is_refused(
    deliver: Deliver, descriptor: str, cases_csv: str, content: str, sentence: str
) -> None:
    folder = deliver(cases=cases_csv)
    (folder / "extract.json").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=sentence):
        read_extract(folder, descriptor)


def test_one_file_will_do_for_a_dataset_of_one_table(tmp_path: Path) -> None:
    folder = write_rossi(tmp_path / "rossi")
    extract = read_extract(folder / "men.csv", "rossi")
    assert extract.files == {"men": (folder / "men.csv",)}


def test_one_file_will_not_do_for_several_tables(
    deliver: Deliver, descriptor: str, cases_csv: str
) -> None:
    folder = deliver(cases=cases_csv)
    with pytest.raises(UsageError, match="has 2 tables, so give the folder"):
        read_extract(folder / "cases.csv", descriptor)


def test_rossi_is_written_as_an_open_extract_of_432_men(tmp_path: Path) -> None:
    extract = read_extract(write_rossi(tmp_path / "rossi"))
    assert (extract.dataset, extract.nature) == ("rossi", "open")
    assert len(extract.files["men"][0].read_text(encoding="utf-8").splitlines()) == 433


def test_an_adapter_may_name_the_dataset(
    deliver: Deliver, cases_csv: str, adapter_file: Callable[[str], Path]
) -> None:
    folder = deliver(men=cases_csv)
    assert read_extract(folder, adapter=adapter_file("dataset: rossi")).dataset == "rossi"
    with pytest.raises(UsageError, match="the dataset must be named"):
        read_extract(folder, adapter=adapter_file("delimiter: ';'"))


def test_a_file_that_only_the_adapter_knows_is_said_with_close_names(
    deliver: Deliver, descriptor: str, cases_csv: str, adapter_file: Callable[[str], Path]
) -> None:
    folder = deliver(cases_2024=cases_csv)
    adapter = adapter_file("tables: {cases: {file: cases_2042}}")
    with pytest.raises(AdapterError, match=r"file cases_2042, which is missing. Did you mean"):
        read_extract(folder, descriptor, adapter)


def test_a_descriptor_that_is_wrong_is_a_contract_error(tmp_path: Path, deliver: Deliver) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("name: wrong\n", encoding="utf-8")
    with pytest.raises(ContractError):
        read_extract(deliver(cases="a\n"), str(path))
