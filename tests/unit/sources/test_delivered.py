"""Every form in which a table may be delivered gives the same rows."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.engine.sessions import scratch_directory
from justice_analysis.errors import SourceError
from justice_analysis.sources import archives
from justice_analysis.sources.cleaning import CleanExtract, clean_extract
from justice_analysis.sources.delivered import Delivery, bears_name, look_into, match
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.stata import read_stata
from justice_analysis.warehouse.inputs import describe

HEARINGS = "HEARING_NO,CASE_NO,HELD\n1,1,2019-02-02\n2,2,\n"
Clean = Callable[..., CleanExtract]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "delivered"
    path.mkdir()
    return path


@pytest.fixture
def cleaned(folder: Path, descriptor: str, backend: BaseBackend) -> Callable[[], CleanExtract]:
    return lambda: clean_extract(read_extract(folder, descriptor), backend)


@pytest.fixture
def expected(cases_csv: str, tmp_path: Path, descriptor: str, backend: BaseBackend) -> pd.DataFrame:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "cases.csv").write_text(cases_csv, encoding="utf-8")
    return rows(clean_extract(read_extract(plain, descriptor), backend))


def rows(clean: CleanExtract, table: str = "cases") -> pd.DataFrame:
    held = clean.tables[table]
    return engine.execute(held.order_by(held.columns[0]))


def lines(text: str, *numbers: int) -> str:
    """The header and some of the rows of a text."""
    every = text.splitlines()
    return "\n".join([every[0], *(every[number] for number in numbers)]) + "\n"


def as_parquet(text: str) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(pd.read_csv(io.StringIO(text), dtype=str)), stream)
    return stream.getvalue()


def write_zip(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


# Forms ----------------------------------------------------------------------------------


def test_parts_of_several_forms_are_one_table(
    folder: Path, cases_csv: str, cleaned: Clean, expected: pd.DataFrame
) -> None:
    (folder / "cases_01.csv").write_text(lines(cases_csv, 1), encoding="utf-8")
    (folder / "CASES_02.csv.gz").write_bytes(gzip.compress(lines(cases_csv, 2).encode()))
    (folder / "cases_03.parquet").write_bytes(as_parquet(lines(cases_csv, 3)))
    pd.testing.assert_frame_equal(rows(cleaned()), expected)


@pytest.mark.parametrize(
    "names",
    [
        ("cases-part1", "cases-part2", "cases-part3"),
        ("cases_0", "cases_1", "cases_2"),
        ("cases_1_of_3", "cases_2_of_3", "cases_3_of_3"),
        ("cases.part_001", "cases.part_002", "cases.part_003"),
    ],
)
def test_parts_are_known_by_the_tables_name_and_a_number(
    folder: Path, cases_csv: str, cleaned: Clean, expected: pd.DataFrame, names: tuple[str, ...]
) -> None:
    for number, name in enumerate(names, 1):
        (folder / f"{name}.csv").write_text(lines(cases_csv, number), encoding="utf-8")
    pd.testing.assert_frame_equal(rows(cleaned()), expected)


def test_thirty_parts_are_one_table(
    folder: Path, cleaned: Clean, cases_csv: str, expected: pd.DataFrame
) -> None:
    for number in range(1, 31):
        content = lines(cases_csv, number) if number < 4 else lines(cases_csv)
        (folder / f"cases_{number:02d}.csv").write_text(content, encoding="utf-8")
    pd.testing.assert_frame_equal(rows(cleaned()), expected)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_folder_of_parts_is_one_table(
    folder: Path, cases_csv: str, cleaned: Clean, expected: pd.DataFrame, ending: str
) -> None:
    (folder / "cases").mkdir()
    for number in (1, 2, 3):
        text = lines(cases_csv, number)
        content = text.encode() if ending == "csv" else as_parquet(text)
        (folder / "cases" / f"part-{number}.{ending}").write_bytes(content)
    (folder / "cases" / "_SUCCESS").write_text("", encoding="utf-8")
    clean = cleaned()
    pd.testing.assert_frame_equal(rows(clean), expected)
    assert clean.report.not_used == ()


def test_parquet_parts_of_other_types_are_one_table(folder: Path, cleaned: Clean) -> None:
    for number, kind in ((1, pa.int32()), (2, pa.string())):
        table = pa.table({"CASE_NO": pa.array([number], pa.int64()).cast(kind),
                          "RECEIVED": ["2019-01-02"]})  # fmt: skip
        pq.write_table(table, folder / f"cases_{number}.parquet")
    assert rows(cleaned())["CASE_NO"].tolist() == [1, 2]


def test_each_table_may_come_in_its_own_form(
    folder: Path, cases_csv: str, cleaned: Clean, expected: pd.DataFrame
) -> None:
    (folder / "cases.parquet").write_bytes(as_parquet(cases_csv))
    pd.read_csv(io.StringIO(HEARINGS)).to_stata(folder / "hearings.dta", write_index=False)
    clean = cleaned()
    pd.testing.assert_frame_equal(rows(clean), expected)
    assert rows(clean, "hearings")["HEARING_NO"].tolist() == [1, 2]


def test_an_adapter_names_parts_by_what_they_share(
    folder: Path,
    cases_csv: str,
    descriptor: str,
    adapter_file: Callable[[str], Path],
    backend: BaseBackend,
    expected: pd.DataFrame,
) -> None:
    for number in (1, 2, 3):
        name = folder / f"flat_{number}.csv"
        name.write_text(lines(cases_csv, number), encoding="utf-8")
    adapter = adapter_file("tables: {cases: {file: flat}}")
    extract = read_extract(folder, descriptor, adapter)
    assert [path.name for path in extract.files["cases"]] == [
        "flat_1.csv",
        "flat_2.csv",
        "flat_3.csv",
    ]
    pd.testing.assert_frame_equal(rows(clean_extract(extract, backend)), expected)


# Names ----------------------------------------------------------------------------------


def there(*names: str, folder: Path) -> Delivery:
    for name in names:
        (folder / name).write_text("a\n", encoding="utf-8")
    return look_into(folder)


def test_a_year_is_no_number_of_a_part_and_another_table_is_none(folder: Path) -> None:
    delivery = there("cases_2024.csv", "cases_2.csv", "cases_1.csv", folder=folder)
    assert [path.name for path in match("cases", delivery).files] == ["cases_1.csv", "cases_2.csv"]
    assert match("cases", delivery, other_names=["cases_2"]).files == (folder / "cases_1.csv",)


def test_one_part_alone_is_used_and_noted(folder: Path, cases_csv: str, cleaned: Clean) -> None:
    (folder / "cases_01.csv").write_text(cases_csv, encoding="utf-8")
    notes = cleaned().report.table("cases").notes
    assert notes == ("one part was delivered, cases_01.csv: check that there are no others",)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("cases_2.csv", "cases_3.csv"), "in parts up to 3, and part 1 is missing"),
        (("cases_1_of_3.csv", "cases_2_of_3.csv"), "up to 3, and part 3 is missing"),
        (("cases_1.csv", "cases_01.csv"), "part 1 is there twice"),
    ],
)
def test_gaps_and_parts_that_are_there_twice_are_said(
    folder: Path, names: tuple[str, ...], sentence: str
) -> None:
    (problem,) = match("cases", there(*names, folder=folder)).problems
    assert sentence in problem


def test_gaps_in_a_folder_are_said_but_for_those_that_spark_leaves(folder: Path) -> None:
    for name in ("cases", "hearings"):
        (folder / name).mkdir()
    for number in (0, 2):
        (folder / "cases" / f"data_{number}.csv").write_text("a\n", encoding="utf-8")
        spark = folder / "hearings" / f"part-{number:05d}-c000.parquet"
        spark.write_bytes(b"")
    delivery = look_into(folder)
    assert "part 1 is missing" in match("cases", delivery).problems[0]
    assert match("hearings", delivery).problems == ()
    assert "no part has the number 1: Spark" in match("hearings", delivery).notes[0]


def test_a_whole_file_beside_its_parts_is_one_too_many(
    folder: Path, cases_csv: str, descriptor: str
) -> None:
    for name in ("cases.csv", "cases_1.csv", "cases_2.csv"):
        (folder / name).write_text(cases_csv, encoding="utf-8")
    with pytest.raises(SourceError, match=r"2 files \(cases.csv, 2 parts such as cases_1.csv\)"):
        read_extract(folder, descriptor)


@pytest.mark.parametrize(
    ("delivered", "is_it"), [("Cases", True), ("cases_03", True), ("cases_2024", False)]
)
def test_a_name_is_a_tables_with_or_without_number(delivered: str, is_it: bool) -> None:
    assert bears_name(delivered, "cases") is is_it


# Zip files ------------------------------------------------------------------------------


def test_one_zip_file_for_a_table_may_hold_any_name(
    folder: Path, cases_csv: str, cleaned: Clean, expected: pd.DataFrame
) -> None:
    write_zip(folder / "cases.zip", **{"export/result 7.csv": cases_csv})
    pd.testing.assert_frame_equal(rows(cleaned()), expected)


@pytest.mark.parametrize("as_file", [True, False], ids=["the zip file", "its folder"])
def test_one_zip_file_may_hold_everything_in_folders(
    folder: Path,
    cases_csv: str,
    descriptor: str,
    backend: BaseBackend,
    expected: pd.DataFrame,
    as_file: bool,
) -> None:
    archive = write_zip(
        folder / "all.zip",
        **{
            "2024/cases/one.csv": lines(cases_csv, 1, 2),
            "2024/cases/two.parquet": as_parquet(lines(cases_csv, 3)),
            "2024\\hearings.csv.gz": gzip.compress(HEARINGS.encode()),
            "2024/extract.json": '{"dataset": "court_list", "extract_date": "2024-03-31"}',
            "__MACOSX/2024/._cases.csv": b"\0",
        },
    )
    extract = read_extract(archive if as_file else folder, descriptor)
    assert str(extract.extract_date) == "2024-03-31"
    clean = clean_extract(extract, backend)
    pd.testing.assert_frame_equal(rows(clean), expected)
    assert len(rows(clean, "hearings")) == 2
    assert clean.report.not_used == ()
    # A member is as its archive is: the fingerprint of a load hashes that.
    digests = describe(extract)["files"]
    assert set(digests["cases"]) == {"one.csv", "two.parquet"}
    assert len({*digests["cases"].values(), *digests["hearings"].values()}) == 1


def test_parts_in_a_zip_file_have_no_gap_either(
    folder: Path, cases_csv: str, descriptor: str
) -> None:
    write_zip(folder / "all.zip", **{"cases_1.csv": cases_csv, "cases_3.csv": cases_csv})
    with pytest.raises(SourceError, match="part 2 is missing"):
        read_extract(folder, descriptor)


def test_members_are_written_only_to_the_folder_of_the_engine(
    folder: Path, cases_csv: str, cleaned: Clean, backend: BaseBackend
) -> None:
    write_zip(folder / "cases.zip", **{"a/cases.csv": cases_csv})
    cleaned()
    assert [path.name for path in folder.iterdir()] == ["cases.zip"]
    assert list(scratch_directory(backend).glob("member-*/cases.csv"))


@pytest.mark.parametrize(
    "name", ["../cases.csv", "/cases.csv", "a/../../cases.csv", "C:\\cases.csv"]
)
def test_names_that_lead_out_of_the_folder_are_refused(
    folder: Path, cases_csv: str, name: str
) -> None:
    archive = write_zip(folder / "all.zip", **{name: cases_csv, "hearings.csv": HEARINGS})
    with pytest.raises(SourceError, match="1 of 2 lead out of it"):
        archives.members(archive)


def test_a_file_made_to_fill_the_disk_is_refused(folder: Path) -> None:
    archive = write_zip(folder / "all.zip", **{"cases.csv": bytes(archives._HARMLESS_BYTES + 1)})
    with pytest.raises(SourceError, match="made to fill a disk"):
        archives.members(archive)


def test_members_that_share_their_bytes_are_refused(folder: Path, cases_csv: str) -> None:
    archive = write_zip(folder / "all.zip", **{"cases.csv": cases_csv, "dases.csv": cases_csv})
    content = bytearray(archive.read_bytes())
    second = content.rindex(b"PK\x01\x02")
    # The second entry of the directory points to the bytes of the first, and says they are many.
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    content[second + 20 : second + 24] = struct.pack("<I", 10 * len(content))
    archive.write_bytes(content)
    with pytest.raises(SourceError, match="made to fill a disk"):
        archives.members(archive)


def test_a_locked_zip_file_is_refused(folder: Path, cases_csv: str) -> None:
    archive = write_zip(folder / "all.zip", **{"cases.csv": cases_csv})
    content = bytearray(archive.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(content)
    with pytest.raises(SourceError, match="locked with a password"):
        archives.members(archive)


def test_a_member_that_does_not_fit_on_the_disk_is_refused(
    folder: Path, cases_csv: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (member,) = archives.members(write_zip(folder / "all.zip", **{"cases.csv": cases_csv}))
    monkeypatch.setattr(archives.shutil, "disk_usage", lambda path: _Disk())
    with pytest.raises(SourceError, match="no room on the disk"):
        archives.take_out(member, folder)


class _Disk:
    free = 10


# Stata ----------------------------------------------------------------------------------


@pytest.fixture
def stata(folder: Path) -> Path:
    men = pd.DataFrame(
        {
            "whole": pd.Series([1, 2, 200], dtype="int16"),
            "gap": [1.0, None, 3.0],
            "fraction": [0.5, None, 2.0],
            "day": pd.to_datetime(["2019-01-02", None, "1890-05-06"]),
            "word": ["a", "", "\N{LATIN SMALL LETTER E WITH ACUTE}"],
            "sex": pd.Categorical.from_codes([0, 1, -1], ["male", "female"]),
        }
    )
    path = folder / "men.dta"
    men.to_stata(path, write_index=False, version=118, convert_dates={"day": "td"})
    return path


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_stata_files_keep_codes_dates_and_what_is_missing(
    stata: Path, backend: BaseBackend, at_once: int
) -> None:
    table = read_stata(backend, stata, rows_at_once=at_once)
    kinds = {name: str(kind) for name, kind in table.schema().items()}
    assert kinds == {
        "whole": "int64",
        "gap": "int64",
        "fraction": "float64",
        "day": "timestamp(6)",
        "word": "string",
        "sex": "int64",
    }
    held = engine.execute(table.order_by("whole"))
    assert held["gap"].fillna(-1).tolist() == [1, -1, 3]
    assert held["fraction"].fillna(-1).tolist() == [0.5, -1, 2]
    assert held["day"].dt.strftime("%Y-%m-%d").fillna("").tolist() == [
        "2019-01-02",
        "",
        "1890-05-06",
    ]
    assert held["word"].fillna("-").tolist() == ["a", "-", "\N{LATIN SMALL LETTER E WITH ACUTE}"]
    assert held["sex"].fillna(-1).tolist() == [0, 1, -1]


def test_a_stata_file_without_rows_has_its_columns(folder: Path, backend: BaseBackend) -> None:
    path = folder / "none.dta"
    pd.DataFrame({"number": pd.Series([], dtype="int32")}).to_stata(path, write_index=False)
    table = read_stata(backend, path)
    assert (table.columns, engine.count_rows(table)) == (("number",), 0)


def test_a_stata_file_that_is_cut_is_refused(stata: Path, backend: BaseBackend) -> None:
    stata.write_bytes(stata.read_bytes()[:-300])
    with pytest.raises(SourceError, match=r"men.dta is not a whole Stata file") as caught:
        read_stata(backend, stata)
    assert caught.value.__context__ is None


def test_the_same_cases_in_stata_are_the_same_table(
    folder: Path, cases_csv: str, cleaned: Clean, expected: pd.DataFrame
) -> None:
    cases = pd.read_csv(io.StringIO(cases_csv), parse_dates=["RECEIVED", "CLOSED"])
    cases["BIRTH"] = pd.to_datetime(cases["BIRTH"], format="%Y-%m")
    cases["URGENT"] = cases["URGENT"].map({True: 1, False: 0})
    cases.to_stata(
        folder / "cases.dta",
        write_index=False,
        convert_dates={"RECEIVED": "td", "CLOSED": "tc", "BIRTH": "tm"},
    )
    pd.testing.assert_frame_equal(rows(cleaned()), expected)
