import datetime as dt
import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.errors import ContractError, SourceError
from justice_analysis.sources.cleaning import clean_extract
from justice_analysis.sources.conforming import unreadable_flag
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.parsing import schema_of
from justice_analysis.sources.readers import read_table

Deliver = Callable[..., Path]


def cleaned(folder: Path, descriptor: str, backend: BaseBackend) -> pd.DataFrame:
    clean = clean_extract(read_extract(folder, descriptor), backend)
    return engine.execute(clean.tables["cases"].order_by("CASE_NO"))


def write_parquet(path: Path, **columns: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def test_text_becomes_the_contracts_types(
    deliver: Deliver, descriptor: str, cases_csv: str, backend: BaseBackend, court_list
) -> None:
    clean = clean_extract(read_extract(deliver(cases=cases_csv), descriptor), backend)
    cases = clean.tables["cases"]
    held = {name: str(kind) for name, kind in cases.schema().items()}
    assert held == schema_of(court_list.table("cases"))
    rows = engine.execute(cases.order_by("CASE_NO"))
    assert list(rows["BIRTH"].fillna(pd.Timestamp(0))) == [
        pd.Timestamp("2001-05-01"),
        pd.Timestamp("1999-12-01"),
        pd.Timestamp(0),
    ]
    assert rows["FEE"].isna().tolist() == [False, False, True]
    assert rows["URGENT"].tolist()[:2] == [True, False]


def test_gzip_gives_the_same_rows_as_plain_text(
    deliver: Deliver, descriptor: str, cases_csv: str, backend: BaseBackend, tmp_path: Path
) -> None:
    plain = cleaned(deliver(cases=cases_csv), descriptor, backend)
    (tmp_path / "zipped").mkdir()
    (tmp_path / "zipped" / "cases.csv.gz").write_bytes(gzip.compress(cases_csv.encode()))
    pd.testing.assert_frame_equal(plain, cleaned(tmp_path / "zipped", descriptor, backend))


def test_typed_parquet_in_parts_is_taken_as_it_is(
    tmp_path: Path, descriptor: str, backend: BaseBackend
) -> None:
    for part in (1, 2):
        write_parquet(
            tmp_path / "in" / "cases" / f"part-{part}.parquet",
            CASE_NO=pa.array([part], pa.int32()),
            LAW_TYPE=pa.array([1.0], pa.float64()),
            RECEIVED=pa.array([dt.datetime(2019, 1, 2, 13, 5)], pa.timestamp("us")),
            CLOSED=pa.array([dt.date(2020, 1, 2)], pa.date32()),
            FEE=pa.array([7], pa.int64()),
            COURT=pa.array(["C1"]),
            BIRTH=pa.array([dt.date(2001, 5, 17)], pa.date32()),
            URGENT=pa.array([1], pa.int8()),
        )
    rows = cleaned(tmp_path / "in", descriptor, backend)
    assert rows["CASE_NO"].tolist() == [1, 2]
    assert rows["LAW_TYPE"].tolist() == [1, 1]
    assert rows["RECEIVED"].tolist() == [pd.Timestamp("2019-01-02")] * 2
    assert rows["BIRTH"].tolist() == [pd.Timestamp("2001-05-01")] * 2
    assert rows["URGENT"].tolist() == [True, True]


def test_whole_floats_are_integers_and_others_are_unreadable(
    tmp_path: Path, descriptor: str, backend: BaseBackend
) -> None:
    write_parquet(
        tmp_path / "in" / "cases.parquet",
        CASE_NO=[1, 2, 3],
        LAW_TYPE=[1.0, 1.5, float("nan")],
        RECEIVED=[dt.date(2019, 1, 1)] * 3,
    )
    clean = clean_extract(read_extract(tmp_path / "in", descriptor), backend)
    found = {(one.column, one.rule): one.count for one in clean.report.table("cases").findings}
    assert found["LAW_TYPE", "unreadable integer"] == 1
    assert ("LAW_TYPE", "unknown code") not in found


def test_column_names_match_whatever_their_case_and_blanks(
    deliver: Deliver, descriptor: str, cases_csv: str, backend: BaseBackend
) -> None:
    header, rest = cases_csv.split("\n", 1)
    folder = deliver(cases=header.lower().replace("fee", "fee ") + "\n" + rest)
    assert cleaned(folder, descriptor, backend)["FEE"].tolist()[:2] == [10.5, 0.0]


def test_a_needed_column_that_is_not_there_refuses_with_names_that_are_close(
    deliver: Deliver, descriptor: str, cases_csv: str, backend: BaseBackend
) -> None:
    text = cases_csv.replace("CASE_NO", "CASENO").replace("RECEIVED", "RECEIVD")
    with pytest.raises(ContractError) as caught:
        cleaned(deliver(cases=text), descriptor, backend)
    message = str(caught.value)
    assert "cases.CASE_NO: the column is not in the file. Did you mean CASENO?" in message
    assert "cases.RECEIVED: the column is not in the file. Did you mean RECEIVD?" in message


def test_a_column_that_may_be_missing_is_empty_and_reported(
    deliver: Deliver, descriptor: str, backend: BaseBackend
) -> None:
    folder = deliver(cases="CASE_NO,RECEIVED,EXTRA\n1,2019-01-02,x\n")
    clean = clean_extract(read_extract(folder, descriptor), backend)
    report = clean.report.table("cases")
    assert {one.column for one in report.findings} == {
        "LAW_TYPE",
        "CLOSED",
        "FEE",
        "COURT",
        "BIRTH",
        "URGENT",
    }
    assert report.notes == ("columns not used: EXTRA",)
    assert engine.execute(clean.tables["cases"].FEE.isnull().all())


def test_a_file_without_header_is_refused_without_repeating_its_first_row(
    deliver: Deliver, descriptor: str, marker: str, backend: BaseBackend
) -> None:
    folder = deliver(cases=f"1,1,2019-01-02,,3,{marker},,\n2,1,2019-01-02,,3,x,,\n")
    with pytest.raises((ContractError, SourceError)) as caught:
        cleaned(folder, descriptor, backend)
    assert marker not in str(caught.value)


def test_header_names_of_no_contract_column_are_never_repeated(
    deliver: Deliver, descriptor: str, marker: str, backend: BaseBackend
) -> None:
    with pytest.raises(ContractError, match="The first row must hold the column names") as caught:
        cleaned(deliver(cases=f"1,{marker}\n2,b\n"), descriptor, backend)
    assert marker not in str(caught.value)


def test_a_first_row_of_values_is_not_suggested_as_a_name(
    deliver: Deliver, descriptor: str, backend: BaseBackend
) -> None:
    with pytest.raises(ContractError) as caught:
        cleaned(deliver(cases="1,Received-9\n2,b\n"), descriptor, backend)
    assert "9" not in str(caught.value)


def test_a_parquet_column_of_another_kind_is_refused_by_name_and_type(
    tmp_path: Path, descriptor: str, backend: BaseBackend
) -> None:
    write_parquet(
        tmp_path / "in" / "cases.parquet",
        CASE_NO=[True],
        RECEIVED=[3.5],
        URGENT=[dt.date(2020, 1, 1)],
    )
    with pytest.raises(ContractError) as caught:
        cleaned(tmp_path / "in", descriptor, backend)
    message = str(caught.value)
    assert "cases.CASE_NO: the column must be integer, and the file holds boolean" in message
    assert "cases.RECEIVED: the column must be date, and the file holds float64" in message
    assert "cases.URGENT: the column must be boolean, and the file holds date" in message


def test_clock_times_with_a_zone_are_refused_as_their_day_is_not_certain(
    tmp_path: Path, descriptor: str, backend: BaseBackend
) -> None:
    write_parquet(
        tmp_path / "in" / "cases.parquet",
        CASE_NO=[1],
        RECEIVED=pa.array([dt.datetime(2019, 3, 31, 23, 30)], pa.timestamp("us", "UTC")),
    )
    with pytest.raises(ContractError, match=r"cases\.RECEIVED: the column must be date"):
        cleaned(tmp_path / "in", descriptor, backend)


def test_a_truncated_gzip_file_is_refused(
    tmp_path: Path, descriptor: str, marker: str, backend: BaseBackend
) -> None:
    rows = "".join(f"{number},1,2019-01-02,,,{marker},,\n" for number in range(5000))
    whole = gzip.compress(
        f"CASE_NO,LAW_TYPE,RECEIVED,CLOSED,FEE,COURT,BIRTH,URGENT\n{rows}".encode()
    )
    (tmp_path / "cases.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"cases.csv.gz .*truncated") as caught:
        cleaned(tmp_path, descriptor, backend)
    assert marker not in str(caught.value)


def test_a_truncated_parquet_file_is_refused(
    tmp_path: Path, descriptor: str, backend: BaseBackend
) -> None:
    path = tmp_path / "in" / "cases.parquet"
    write_parquet(path, CASE_NO=[1, 2], RECEIVED=[dt.date(2019, 1, 1)] * 2)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match=r"cases.parquet .*truncated"):
        cleaned(tmp_path / "in", descriptor, backend)


def test_a_row_with_too_many_fields_is_refused_without_repeating_it(
    deliver: Deliver, descriptor: str, cases_csv: str, marker: str, backend: BaseBackend
) -> None:
    folder = deliver(cases=cases_csv + f"4,1,2019-01-01,,,{marker},,,,,{marker}\n")
    with pytest.raises(SourceError) as caught:
        cleaned(folder, descriptor, backend)
    assert marker not in str(caught.value)


def test_a_file_of_no_bytes_is_refused(
    deliver: Deliver, descriptor: str, backend: BaseBackend
) -> None:
    with pytest.raises(SourceError, match="it is empty"):
        cleaned(deliver(cases=""), descriptor, backend)


def test_a_file_in_windows_encoding_read_as_utf_8_is_refused(
    deliver: Deliver, descriptor: str, cases_csv: str, backend: BaseBackend
) -> None:
    folder = deliver()
    (folder / "cases.csv").write_bytes(cases_csv.replace("C10", "Caf\xe9").encode("latin-1"))
    with pytest.raises(SourceError, match="must be in utf-8"):
        cleaned(folder, descriptor, backend)


def test_text_is_parsed_once_and_kept_in_the_folder_of_the_engine(
    deliver: Deliver, descriptor: str, cases_csv: str, backend: BaseBackend
) -> None:
    folder = deliver(cases=cases_csv)
    clean = clean_extract(read_extract(folder, descriptor), backend)
    (folder / "cases.csv").unlink()
    assert engine.count_rows(clean.tables["cases"]) == 3


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (pa.array([5, 2**63], pa.uint64()), [5, None]),
        (pa.array([5.0, 1e300]), [5, None]),
        (pa.array([5.0, float("inf")]), [5, None]),
        (pa.array([5, 2**60], pa.decimal128(38, 0)), [5, 2**60]),
        (pa.array([Decimal("5"), Decimal("6.5")], pa.decimal128(10, 2)), [5, None]),
        (pa.array(["5", "5.0"]), [5, None]),
    ],
    ids=["unsigned", "huge", "infinite", "decimal", "fraction", "text"],
)
def test_numbers_that_are_not_whole_or_do_not_fit_are_missing(
    values: pa.Array, read: list[int | None], tmp_path: Path, descriptor: str, backend: BaseBackend
) -> None:
    write_parquet(
        tmp_path / "in" / "cases.parquet",
        CASE_NO=[1, 2],
        LAW_TYPE=values,
        RECEIVED=[dt.date(2019, 1, 1)] * 2,
    )
    clean = clean_extract(read_extract(tmp_path / "in", descriptor), backend)
    column = clean.tables["cases"].order_by("CASE_NO").LAW_TYPE.fill_null(-1)
    assert engine.execute(column).tolist() == [-1 if one is None else one for one in read]


def test_only_columns_that_were_read_from_another_type_carry_a_mark(
    tmp_path: Path, descriptor: str, backend: BaseBackend, court_list
) -> None:
    write_parquet(
        tmp_path / "in" / "cases.parquet",
        CASE_NO=pa.array([1], pa.int64()),
        RECEIVED=["2019-01-02"],
    )
    extract = read_extract(tmp_path / "in", descriptor)
    table = read_table(extract, court_list.table("cases"), backend).table
    assert table is not None
    assert unreadable_flag("RECEIVED") in table.columns
    assert unreadable_flag("CASE_NO") not in table.columns


def test_the_published_iowa_file_is_read_whole(shared_data: Path, backend: BaseBackend) -> None:
    extract = read_extract(shared_data / "iowa_releases.csv", "iowa_releases")
    clean = clean_extract(extract, backend)
    assert clean.report.table("releases").rows == 26020
    assert clean.set_aside == {}
    assert engine.count_rows(clean.tables["releases"]) == 26020
