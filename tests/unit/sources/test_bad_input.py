"""Each way in which delivered files are wrong, and what a user is told about it."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.errors import AdapterError, ContractError, SourceError
from justice_analysis.sources.cleaning import CleanExtract, clean_extract, examine_extract
from justice_analysis.sources.extract import look_at_extract, read_extract
from justice_analysis.sources.report import render

Examine = Callable[..., CleanExtract]
Justice = Callable[..., tuple[int, str]]
HEADER = "CASE_NO,LAW_TYPE,RECEIVED,CLOSED,FEE,COURT,BIRTH,URGENT\n"
HEARINGS = "HEARING_NO,CASE_NO,HELD\n1,1,2019-02-02\n2,2,2019-02-03\n"


@pytest.fixture
def examine(tmp_path: Path, descriptor: str, backend: BaseBackend) -> Examine:
    """Examine an extract of files given by name (`__` for `.`); bytes, or text in UTF-8."""

    def run(adapter: Path | None = None, **files: str | bytes) -> CleanExtract:
        folder = tmp_path / "delivered"
        for name, content in files.items():
            path = folder / name.replace("__", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return examine_extract(look_at_extract(folder, descriptor, adapter), backend)

    return run


def said(clean: CleanExtract) -> str:
    return "\n".join(str(problem) for problem in clean.report.problems)


def rows(clean: CleanExtract, table: str = "cases") -> pd.DataFrame:
    held = clean.tables[table]
    return engine.execute(held.order_by(held.columns[0]))


def found(clean: CleanExtract, table: str = "cases") -> dict[tuple[str, str], int]:
    return {(one.column, one.rule): one.count for one in clean.report.table(table).findings}


def advice(clean: CleanExtract, column: str, table: str = "cases") -> str:
    return next(one.advice for one in clean.report.table(table).findings if one.column == column)


def parquet(text: str) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(pd.read_csv(io.StringIO(text), dtype=str)), stream)
    return stream.getvalue()


def zipped(**members: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def many(count: int = 3000, court: str = "C1") -> str:
    return HEADER + "".join(f"{n},1,2019-01-02,,1,{court},,\n" for n in range(1, count + 1))


# Missing and renamed --------------------------------------------------------------------


def test_a_missing_file_is_said_and_what_is_there_is_checked_all_the_same(
    examine: Examine,
) -> None:
    clean = examine(hearings__csv=HEARINGS)
    assert "1 of 2 have none: cases." in said(clean)
    assert clean.report.table("hearings").rows == 2
    assert clean.report.absent_tables == ()
    assert not clean.report.passed


def test_a_renamed_file_is_suggested_and_listed_as_not_used(examine: Examine) -> None:
    clean = examine(case__csv=HEADER)
    assert "cases (Did you mean case?)" in said(clean)
    assert clean.report.not_used == ("case.csv",)


def test_a_renamed_column_is_suggested(examine: Examine, cases_csv: str) -> None:
    clean = examine(cases__csv=cases_csv.replace("RECEIVED", "RECEIVD"))
    assert ("RECEIVED", "the column is not in the file") in found(clean)
    assert advice(clean, "RECEIVED") == "Did you mean RECEIVD?"


def test_columns_in_another_order_are_the_same_table(examine: Examine, cases_csv: str) -> None:
    turned = pd.read_csv(io.StringIO(cases_csv), dtype=str).iloc[:, ::-1].to_csv(index=False)
    straight = examine(cases__csv=cases_csv)
    other = examine(cases__csv=turned)
    pd.testing.assert_frame_equal(rows(straight), rows(other))
    assert other.report.table("cases").findings == ()


# Truncated ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("cases.csv", many()[:-9].encode(), "cases.csv: its last row has fewer columns"),
        (
            "cases.csv",
            many().encode() + b'9999,1,2019-01-02,,1,"C1',
            "cases.csv: every row must have as many columns as the header",
        ),
        (
            "cases.csv.gz",
            gzip.compress(many().encode(), mtime=0)[:-100],
            "is not a whole gzip file",
        ),
        ("cases.parquet", parquet(many())[:-20], "cases.parquet is not a whole Parquet file"),
        ("cases.zip", zipped(cases__csv=many())[:-30], "cases.zip is not a whole zip file"),
        ("cases.dta", b"<stata_dta><header>", "cases.dta is not a whole Stata file"),
        ("cases.csv", b"", "cases.csv must begin with a header: it is empty"),
    ],
    ids=["csv", "csv in quotes", "gzip", "parquet", "zip", "stata", "empty"],
)
def test_a_truncated_file_is_refused_by_name(
    examine: Examine, name: str, content: bytes, sentence: str
) -> None:
    clean = examine(**{name: content})
    assert sentence in said(clean)
    assert not clean.report.passed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_cut_within_the_last_field_is_noted(
    examine: Examine, cases_csv: str, encoding: str
) -> None:
    whole = examine(cases__csv=cases_csv.encode(encoding)).report.table("cases").notes
    cut = examine(cases__csv=cases_csv[:-1].encode(encoding)).report.table("cases").notes
    note = "cases.csv does not end with a line break: check that its last row is whole"
    assert (note in whole, note in cut) == (False, True)


def test_a_zip_file_that_was_damaged_on_the_way_is_refused(examine: Examine) -> None:
    content = bytearray(zipped(cases__csv=many(30)))
    content[60] ^= 0xFF
    assert "cases.zip is not a whole zip file" in said(examine(cases__zip=bytes(content)))


def test_rows_of_other_widths_are_counted_and_the_first_is_placed(
    examine: Examine, marker: str
) -> None:
    lines = many(50).splitlines()
    lines[7] += f",{marker}"
    lines[9] = marker
    clean = examine(cases__csv="\n".join(lines) + "\n")
    assert "2 of 50 have not, the first near line 8" in said(clean)
    assert marker not in said(clean)


# Encodings ------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_that_the_file_says_itself_is_read(
    examine: Examine, cases_csv: str, encoding: str
) -> None:
    clean = examine(cases__csv=cases_csv.replace("C10", "C1\N{LATIN SMALL LETTER E WITH ACUTE}")
                    .encode(encoding))  # fmt: skip
    assert rows(clean)["COURT"].tolist() == ["C1", "C2", "C1\N{LATIN SMALL LETTER E WITH ACUTE}"]
    notes = clean.report.table("cases").notes
    assert (notes == ("cases.csv was read as UTF-16, as its byte-order mark says",)) == (
        encoding == "utf-16"
    )


def test_a_mark_is_believed_over_the_encoding_of_the_adapter(
    examine: Examine, cases_csv: str, adapter_file: Callable[[str], Path]
) -> None:
    adapter = adapter_file("encoding: windows-1252")
    clean = examine(adapter, cases__csv=cases_csv.encode("utf-8-sig"))
    assert len(rows(clean)) == 3


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_refused_with_what_to_write(
    examine: Examine, cases_csv: str, adapter_file: Callable[[str], Path], encoding: str
) -> None:
    content = cases_csv.encode(encoding)
    assert "write encoding: utf-16 in an adapter" in said(examine(cases__csv=content))
    assert len(rows(examine(adapter_file("encoding: utf-16"), cases__csv=content))) == 3


@pytest.mark.parametrize("count", [1, 40_000], ids=["at the start", "far in"])
def test_windows_text_is_refused_with_what_to_write(
    examine: Examine, adapter_file: Callable[[str], Path], count: int
) -> None:
    content = (many(count) + "90000,1,2019-01-02,,1,C\xe9,,\n").encode("windows-1252")
    clean = examine(cases__csv=content)
    assert "must be in utf-8, and is not" in said(clean)
    assert "write encoding: windows-1252 in an adapter" in said(clean)
    clean = examine(adapter_file("encoding: windows-1252"), cases__csv=content)
    assert rows(clean)["COURT"].iloc[-1] == "C\xe9"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (gzip.compress(b"a", mtime=0), "is packed with gzip"),
        (zipped(a="b"), "is a zip file or a spreadsheet"),
        (b"PAR1....", "is a Parquet file"),
    ],
)
def test_a_file_under_a_wrong_ending_is_told(
    examine: Examine, content: bytes, sentence: str
) -> None:
    assert f"cases.csv {sentence}" in said(examine(cases__csv=content))


# Delimiters and numbers -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "word", "written"),
    [(";", "semicolons", ";"), ("\t", "tabs", "\\t"), ("|", "bars", "|")],
)
def test_another_delimiter_is_named_with_what_to_write(
    examine: Examine,
    cases_csv: str,
    adapter_file: Callable[[str], Path],
    sign: str,
    word: str,
    written: str,
) -> None:
    text = cases_csv.replace(",", sign)
    clean = examine(cases__csv=text)
    assert f"separated by {word}, not by commas" in said(clean)
    assert f'Write delimiter: "{written}" in an adapter.' in said(clean)
    assert len(rows(examine(adapter_file(f'delimiter: "{written}"'), cases__csv=text))) == 3


def test_decimal_commas_are_counted_and_read_with_an_adapter(
    examine: Examine, adapter_file: Callable[[str], Path]
) -> None:
    fees = ('"10,5"', '"0,25"', '"1.234,5"', "7")
    text = HEADER + "".join(f"{n},1,2019-01-02,,{fee},C1,,\n" for n, fee in enumerate(fees))
    clean = examine(cases__csv=text)
    assert found(clean)["FEE", "unreadable number"] == 3
    assert "2 with a decimal comma" in advice(clean, "FEE")
    assert 'Write decimal: "," in an adapter.' in advice(clean, "FEE")
    clean = examine(adapter_file('decimal: ","'), cases__csv=text)
    assert rows(clean)["FEE"].fillna(-1).tolist() == [10.5, 0.25, -1.0, 7.0]


def test_marks_between_thousands_and_currencies_are_counted(examine: Examine) -> None:
    fees = ('"1,234.50"', "\N{POUND SIGN}5", "many")
    text = HEADER + "".join(f"{n},1.0,2019-01-02,,{fee},C1,,\n" for n, fee in enumerate(fees))
    clean = examine(cases__csv=text)
    assert "1 with marks between thousands, 1 with a sign such as a currency's, 1 in no form" in (
        advice(clean, "FEE")
    )
    assert "3 with a decimal point" in advice(clean, "LAW_TYPE")
    assert "many" not in render(clean.report)


# Dates ----------------------------------------------------------------------------------


def test_dates_in_three_formats_are_counted_by_column_and_read_with_the_adapter_told(
    examine: Examine, adapter_file: Callable[[str], Path]
) -> None:
    dates = ("2020-01-02", "13/02/2020", "14/02/2020", "01-Mar-2020", "soon")
    text = HEADER + "".join(f"{n},1,2019-01-02,{day},,C1,,\n" for n, day in enumerate(dates))
    clean = examine(cases__csv=text)
    assert found(clean)["CLOSED", "unreadable date"] == 4
    told = advice(clean, "CLOSED")
    assert "2 as %d/%m/%Y, 1 as %d-%b-%Y, 1 in no form that we know" in told
    assert "soon" not in told
    line = told.partition("In an adapter write ")[2].partition(", or format: ")[0]
    clean = examine(adapter_file(line), cases__csv=text)
    assert found(clean)["CLOSED", "unreadable date"] == 1
    assert rows(clean)["CLOSED"].dropna().dt.strftime("%m-%d").tolist() == [
        "01-02",
        "02-13",
        "02-14",
        "03-01",
    ]


@pytest.mark.parametrize(
    ("type_and_format", "adapted", "days"),
    [
        ("date", "", ["2020-02-16"]),
        ('date, format: "%d/%m/%Y"', "", ["2020-02-13"]),
        ('date, format: ["%Y-%m-%d", "%d/%m/%Y"]', "", ["2020-02-13", "2020-02-16"]),
        ("datetime", "", ["2020-02-14", "2020-02-15", "2020-02-16"]),
        ("datetime", '{CLOSED: "%d/%m/%Y"}', ["2020-02-13"]),
        ("datetime", '"%Y-%m-%d"', ["2020-02-16"]),
    ],
    ids=["ISO", "format", "formats", "datetime", "adapted column", "adapted table"],
)
def test_dates_are_read_as_the_contract_says_unless_an_adapter_says_otherwise(
    deliver: Callable[..., Path],
    adapter_file: Callable[[str], Path],
    descriptor: str,
    backend: BaseBackend,
    tmp_path: Path,
    type_and_format: str,
    adapted: str,
    days: list[str],
) -> None:
    text = Path(descriptor).read_text(encoding="utf-8")
    contract = tmp_path / "court_list.yaml"
    contract.write_text(text.replace("CLOSED, type: date", f"CLOSED, type: {type_and_format}"))
    dates = ("13/02/2020", "2020-02-14 05:44:52", "2020-02-15T05:44:52.123", "2020-02-16")
    cases = HEADER + "".join(f"{n},1,2019-01-02,{day},,C1,,\n" for n, day in enumerate(dates))
    adapter = adapter_file(f"tables: {{cases: {{date_format: {adapted}}}}}") if adapted else None
    extract = look_at_extract(deliver(cases=cases), str(contract), adapter)
    closed = rows(examine_extract(extract, backend))["CLOSED"].dropna()
    assert closed.dt.strftime("%Y-%m-%d").tolist() == days


def test_days_and_months_that_change_places_are_said_and_not_guessed(examine: Examine) -> None:
    dates = ("13/02/2020", "02/14/2020")
    text = HEADER + "".join(f"{n},1,2019-01-02,{day},,C1,,\n" for n, day in enumerate(dates))
    assert "so ask which comes first" in advice(examine(cases__csv=text), "CLOSED")


def test_a_required_date_that_can_mostly_not_be_read_refuses_with_what_to_write(
    examine: Examine,
) -> None:
    text = HEADER + "".join(f"{n},1,13/02/2020,,,C1,,\n" for n in range(4))
    clean = examine(cases__csv=text)
    with pytest.raises(ContractError, match=r'date_format: \{RECEIVED: \["%Y-%m-%d", "%d/%m/%Y"\]'):
        clean.report.refuse()


# Lines and headers ----------------------------------------------------------------------


@pytest.mark.parametrize("ends", [("\n", "\r\n"), ("\r",), ("\r\n", "\n", "\r")])
def test_lines_may_end_in_any_way_and_in_several(
    examine: Examine, cases_csv: str, ends: tuple[str, ...]
) -> None:
    lines = cases_csv.splitlines()
    text = "".join(line + ends[n % len(ends)] for n, line in enumerate(lines))
    straight = rows(examine(cases__csv=cases_csv))
    pd.testing.assert_frame_equal(rows(examine(cases__csv=text.encode())), straight)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda text: text.replace("URGENT", "urgent,FEE"),
            "differ in more than case: 1 of 9 are empty or repeat. Name each column once.",
        ),
        (lambda text: text.replace("C1,", "C\0,"), "else it is damaged: copy or export it again."),
        (
            lambda text: text.replace("C10", "C" * 3_000_000),
            "no field may have more than 131,072 characters; one has, or its quote is not closed.",
        ),
    ],
    ids=["column twice", "zero bytes", "huge line"],
)
def test_a_file_that_no_reader_can_use_is_said_with_what_to_do(
    examine: Examine, cases_csv: str, change: Callable[[str], str], sentence: str
) -> None:
    clean = examine(cases__csv=change(cases_csv))
    assert sentence in said(clean)
    assert not clean.report.passed


def test_a_folder_in_the_place_of_a_file_is_told(examine: Examine, tmp_path: Path) -> None:
    (tmp_path / "delivered" / "cases.csv").mkdir(parents=True)
    clean = examine(hearings__csv=HEARINGS)
    assert "cases (cases.csv is a folder without parts of it)" in said(clean)


@pytest.mark.parametrize("name", ["cases.csv", "cases.parquet"])
def test_a_table_without_rows_is_refused(examine: Examine, name: str) -> None:
    content = HEADER if name.endswith("csv") else parquet(HEADER)
    clean = examine(**{name: content}, hearings__csv=HEARINGS)
    assert ("", "the table must have rows and has none") in found(clean)
    assert found(clean, "hearings")["", "every row would be set aside"] == 2


@pytest.mark.parametrize(
    ("into", "code", "sentence"),
    [
        ("file", 1, "file cannot be used: file exists. Check the path"),
        ("file/below", 1, "below cannot be used: not a directory. Check the path"),
        ("delivered", 2, "delivered holds what is to be loaded. Name another folder with --into."),
    ],
)
def test_a_warehouse_cannot_be_where_something_else_is(
    justice: Justice, deliver: Callable[..., Path], descriptor: str, cases_csv: str,
    tmp_path: Path, into: str, code: int, sentence: str,
) -> None:  # fmt: skip
    (tmp_path / "file").write_text("kept")
    folder = deliver(cases=cases_csv)
    before = sorted(tmp_path.rglob("*"))
    given, shown = justice(
        "data", "load", folder, "--dataset", descriptor, "--into", tmp_path / into
    )
    assert given == code
    assert sentence in shown
    assert sorted(tmp_path.rglob("*")) == before


def test_a_day_that_is_none_is_refused_even_where_the_extract_says_its_own(
    justice: Justice, deliver: Callable[..., Path], descriptor: str, cases_csv: str, tmp_path: Path
) -> None:
    folder = deliver(cases=cases_csv)
    (folder / "extract.json").write_text('{"extract_date": "2020-01-01"}')
    words = ("data", "load", folder, "--dataset", descriptor, "--into", tmp_path / "warehouse")
    code, shown = justice(*words, "--extract-date", "soon")
    assert (code, shown) == (1, "error: extract_date must be a date, as YYYY-MM-DD.\n")


# Parts ----------------------------------------------------------------------------------


def test_a_part_that_is_missing_is_named(examine: Examine, cases_csv: str) -> None:
    clean = examine(cases_01__csv=cases_csv, cases_03__csv=cases_csv, cases_07__csv=cases_csv)
    assert "in parts up to 7, and parts 2, 4 to 6 are missing" in said(clean)
    assert clean.report.table("cases").rows == 9


def test_parts_with_other_columns_are_named_with_the_columns(
    examine: Examine, cases_csv: str
) -> None:
    clean = examine(cases_1__csv=cases_csv, cases_2__csv="CASE_NO,RECEIVED,MORE\n9,2019-01-01,x\n")
    assert found(clean) == {("", "all parts must have the same columns"): 0}
    told = advice(clean, "")
    assert told.startswith("cases_2.csv lacks BIRTH, CLOSED, COURT, FEE, LAW_TYPE, URGENT")
    assert "and has MORE besides, compared with cases_1.csv." in told


def test_a_part_without_header_is_refused_without_its_first_row(
    examine: Examine, cases_csv: str, marker: str
) -> None:
    clean = examine(cases_1__csv=f"9,1,2019-01-01,,,{marker},,x\n", cases_2__csv=cases_csv)
    assert not clean.report.passed
    assert marker not in said(clean) + render(clean.report)


# Keys -----------------------------------------------------------------------------------


def test_a_link_table_with_two_people_for_one_record_keeps_one_and_counts_the_other(
    tmp_path: Path, backend: BaseBackend
) -> None:
    lines = ["source_dataset,row_id_hash,estimated_xjs_id", "libra,a,1", "libra,a,2", "libra,b,3"]
    (tmp_path / "xjs_link.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    clean = examine_extract(look_at_extract(tmp_path, "cross_justice_linking"), backend)
    report = clean.report.table("xjs_link")
    (finding,) = [one for one in report.findings if one.rule == "duplicate key"]
    assert (finding.count, finding.consequence) == (1, "set aside")
    assert finding.advice.startswith("Rows differ about one key")
    assert engine.count_rows(clean.tables["xjs_link"]) == 2


def test_a_person_with_5000_records_is_no_fault(tmp_path: Path, backend: BaseBackend) -> None:
    lines = ["source_dataset,row_id_hash,estimated_xjs_id"]
    lines += [f"libra,r{number},1" for number in range(5000)]
    (tmp_path / "xjs_link.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    clean = examine_extract(look_at_extract(tmp_path, "cross_justice_linking"), backend)
    assert clean.report.passed
    assert clean.report.table("xjs_link").set_aside == {}
    assert engine.count_rows(clean.tables["xjs_link"]) == 5000


def test_a_foreign_key_to_nothing_is_set_aside_and_counted(
    examine: Examine, cases_csv: str
) -> None:
    clean = examine(cases__csv=cases_csv, hearings__csv=HEARINGS + "3,77,2019-01-01\n4,,\n")
    assert clean.report.table("hearings").set_aside == {"CASE_NO not found in cases": 1}
    assert len(rows(clean, "hearings")) == 3


def test_a_table_that_would_be_set_aside_whole_is_refused(examine: Examine, cases_csv: str) -> None:
    clean = examine(cases__csv=cases_csv, hearings__csv="HEARING_NO,CASE_NO,HELD\n1,77,\n2,78,\n")
    assert ("", "every row would be set aside") in found(clean, "hearings")


# All at once ----------------------------------------------------------------------------


def test_what_is_wrong_with_several_files_and_rows_is_said_together(
    examine: Examine, cases_csv: str, descriptor: str, backend: BaseBackend, tmp_path: Path
) -> None:
    clean = examine(
        cases_2__csv=cases_csv.replace("RECEIVED", "GOT"),
        hearings__csv__gz=b"nothing",
        extra__zip=b"PK",
    )
    text = render(clean.report)
    assert "hearings.csv.gz is not a whole gzip file" in text
    assert "extra.zip is not a whole zip file" in text
    assert "part 1 is missing" in text
    assert "the column is not in the file" in text
    assert "The extract may not be loaded: see cases, and see the files that are refused." in text
    with pytest.raises(SourceError, match=r"^4 problems:") as caught:
        clean.report.refuse()
    assert "cases.RECEIVED: the column is not in the file" in str(caught.value)
    with pytest.raises(SourceError, match=r"^2 problems:"):
        read_extract(tmp_path / "delivered", descriptor)


def test_an_adapter_that_does_not_fit_is_said_with_the_rest(
    examine: Examine, cases_csv: str, adapter_file: Callable[[str], Path]
) -> None:
    adapter = adapter_file("tables: {cases: {columns: {FEE: PAID}}}")
    clean = examine(adapter, cases__csv=cases_csv, hearings__csv=b"")
    with pytest.raises(AdapterError, match="names the column PAID") as caught:
        clean.report.refuse()
    assert "hearings.csv must begin with a header" in str(caught.value)


# The command line -----------------------------------------------------------------------


def test_the_command_checks_names_every_problem_and_exits_with_1(
    deliver: Callable[..., Path], descriptor: str, cases_csv: str, justice: Justice
) -> None:
    folder = deliver(cases_2=cases_csv.replace(",", ";"), hearings=HEARINGS)
    code, shown = justice("data", "check", folder, "--dataset", descriptor)
    assert code == 1
    assert "REFUSED: cases is delivered in parts up to 2, and part 1 is missing." in shown
    assert "REFUSED: cases_2.csv has its columns separated by semicolons" in shown
    assert "hearings: 2 rows, nothing found" in shown


def test_the_command_refuses_to_load_what_it_would_not_pass(
    deliver: Callable[..., Path],
    descriptor: str,
    cases_csv: str,
    justice: Justice,
    tmp_path: Path,
) -> None:
    folder = deliver(cases_2=cases_csv)
    into = tmp_path / "warehouse"
    code, shown = justice("data", "load", folder, "--dataset", descriptor, "--into", into)
    assert code == 1
    assert "error: cases is delivered in parts up to 2, and part 1 is missing." in shown
    assert not into.exists()


def test_the_command_counts_what_it_sets_aside_and_exits_with_0(
    deliver: Callable[..., Path], descriptor: str, cases_csv: str, justice: Justice
) -> None:
    folder = deliver(cases=cases_csv, hearings=HEARINGS + "3,77,2019-01-01\n")
    code, shown = justice("data", "check", folder, "--dataset", descriptor, "--json")
    assert code == 0
    assert '"CASE_NO not found in cases": 1' in shown
    assert '"problems": []' in shown


def test_a_refused_extract_raises_where_it_is_cleaned(
    deliver: Callable[..., Path], descriptor: str, backend: BaseBackend
) -> None:
    with pytest.raises(SourceError, match="its last row has fewer columns"):
        clean_extract(read_extract(deliver(cases=many(5)[:-9]), descriptor), backend)


def test_an_optional_column_of_which_no_value_can_be_read_refuses_with_what_to_write(
    examine: Examine,
) -> None:
    text = HEADER + "".join(f"{n},1,2019-01-02,31/12/2019,1,C1,,\n" for n in range(1, 21))
    clean = examine(cases__csv=text, hearings__csv=HEARINGS)
    assert not clean.report.passed
    assert found(clean)["CLOSED", "unreadable date wherever the column has a value"] == 20
    assert "date_format" in advice(clean, "CLOSED")


def test_a_few_slips_in_an_optional_column_only_become_missing(examine: Examine) -> None:
    text = HEADER + "".join(f"{n},1,2019-01-02,{'soon' * (n < 4)},1,C1,,\n" for n in range(1, 21))
    assert examine(cases__csv=text, hearings__csv=HEARINGS).report.passed
