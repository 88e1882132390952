from collections.abc import Callable
from pathlib import Path

import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.errors import AdapterError, SourceError
from justice_analysis.sources.adapter import read_adapter
from justice_analysis.sources.cleaning import CleanExtract, clean_extract
from justice_analysis.sources.extract import read_extract

Deliver = Callable[..., Path]
AdapterFile = Callable[[str], Path]

THEIRS = """ref;kind;got;amount
1;PUB;31/01/2019;2
2;PRI;01/02/2019;-99
3;PRI;.;1
"""

ADAPTER = """
dataset: court_list
delimiter: ";"
tables:
  cases:
    file: cases_2024
    columns: {CASE_NO: ref, LAW_TYPE: kind, RECEIVED: got, FEE: amount}
    codes: {LAW_TYPE: {"PUB": "1", "PRI": "2"}}
    date_format: {RECEIVED: "%d/%m/%Y"}
    missing: [-99, "."]
    constant: {COURT: C9}
    units: {FEE: {multiply: 7}}
"""


@pytest.fixture
def clean(deliver: Deliver, descriptor: str, adapter_file: AdapterFile, backend: BaseBackend):
    def run(adapter: str, **tables: str) -> CleanExtract:
        extract = read_extract(deliver(**tables), descriptor, adapter_file(adapter))
        return clean_extract(extract, backend)

    return run


def test_names_codes_dates_missing_markers_constants_and_units_are_brought_over(clean) -> None:
    made = clean(ADAPTER, cases_2024=THEIRS)
    rows = engine.execute(made.tables["cases"].order_by("CASE_NO"))
    assert rows["CASE_NO"].tolist() == [1, 2, 3]
    assert rows["LAW_TYPE"].tolist() == [1, 2, 2]
    assert rows["RECEIVED"].dt.strftime("%F").fillna("").tolist() == [
        "2019-01-31",
        "2019-02-01",
        "",
    ]
    assert rows["FEE"].fillna(-1).tolist() == [14.0, -1.0, 7.0]
    assert rows["COURT"].tolist() == ["C9"] * 3
    rules = {(one.column, one.rule) for one in made.report.table("cases").findings}
    assert ("RECEIVED", "unreadable date") not in rules


def test_a_filter_sets_rows_aside_with_its_reason_and_the_ledger_counts_them(clean) -> None:
    adapter = ADAPTER + "    filter: [{column: kind, keep: [PRI]}, {column: ref, drop: [3]}]\n"
    made = clean(adapter, cases_2024=THEIRS)
    steps = [(one.step, one.rows_in, one.rows_kept) for one in made.ledger.steps]
    assert steps == [("read", 3, 3), ("adapter filter", 3, 1), ("check", 1, 1)]
    assert made.ledger.steps[1].set_aside == {
        "adapter filter on kind": 1,
        "adapter filter on ref": 1,
    }
    reasons = engine.execute(made.set_aside["cases"]).sort_values("CASE_NO")["reason"].tolist()
    assert reasons == ["adapter filter on kind", "adapter filter on ref"]


def test_a_missing_value_is_not_among_the_values_to_keep_but_passes_those_to_drop(clean) -> None:
    text = "ref;kind;got;amount\n1;;31/01/2019;2\n2;PUB;31/01/2019;2\n"
    kept = clean(ADAPTER + "    filter: [{column: kind, keep: [PUB]}]\n", cases_2024=text)
    assert kept.ledger.steps[-1].rows_kept == 1
    left = clean(ADAPTER + "    filter: [{column: kind, drop: [PUB]}]\n", cases_2024=text)
    assert engine.execute(left.tables["cases"].CASE_NO.max()) == 1


def test_two_files_are_put_together(clean, cases_csv: str) -> None:
    later = "CASE_NO,RECEIVED,FEE\n7,2020-01-01,x\n"
    made = clean("tables: {cases: {union: [old, new]}}", old=cases_csv, new=later)
    assert made.ledger.steps[0].rows_in == 4
    assert "adapter: files put together: 2" in made.report.table("cases").notes
    rules = {(one.column, one.rule): one.count for one in made.report.table("cases").findings}
    assert rules["FEE", "unreadable number"] == 1


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16"])
@pytest.mark.parametrize("zipped", [False, True])
def test_other_encodings_are_read(
    deliver: Deliver,
    descriptor: str,
    adapter_file: AdapterFile,
    backend: BaseBackend,
    cases_csv: str,
    encoding: str,
    zipped: bool,
) -> None:
    import gzip

    folder = deliver()
    content = cases_csv.replace("C10", "Caf\xe9").encode(encoding)
    if zipped:
        (folder / "cases.csv.gz").write_bytes(gzip.compress(content))
    else:
        (folder / "cases.csv").write_bytes(content)
    extract = read_extract(folder, descriptor, adapter_file(f"encoding: {encoding}"))
    cases = clean_extract(extract, backend).tables["cases"]
    assert "Caf\xe9" in engine.execute(cases.COURT).tolist()


def test_a_file_that_is_not_in_the_encoding_named_is_refused(
    deliver: Deliver, descriptor: str, adapter_file: AdapterFile, backend: BaseBackend
) -> None:
    folder = deliver()
    (folder / "cases.csv").write_bytes(b"CASE_NO,COURT\n1,\x81\n")
    extract = read_extract(folder, descriptor, adapter_file("encoding: windows-1252"))
    with pytest.raises(SourceError, match="must be in windows-1252"):
        clean_extract(extract, backend)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tables: {case: {file: x}}", "has no table case. Did you mean cases?"),
        ("tables: {cases: {colums: {}}}", "colums is not a step of an adapter. Did you mean"),
        ("tables: {cases: {columns: {CASENO: a}}}", "names CASENO, .*Did you mean CASE_NO?"),
        ("tables: {cases: {codes: {LAW_TYP: {a: b}}}}", "codes names LAW_TYP"),
        ("tables: {cases: {codes: {LAW_TYPE: a}}}", "must map delivered codes"),
        ("tables: {cases: {codes: {LAW_TYPE: {NO: '1'}}}}", "put quotes round words"),
        ("tables: {cases: {date_format: '%m/%d/%y'}}", "date_format must be one of"),
        ("tables: {cases: {filter: [{column: a}]}}", "filter must be a list"),
        ("tables: {cases: {units: {COURT: {multiply: 7}}}}", "COURT, which is not a number"),
        ("tables: {cases: {units: {FEE: 7}}}", "must be given as multiply"),
        ("tables: {cases: {units: {LAW_TYPE: {multiply: 1.5}}}}", "is a whole number"),
        ("tables: {cases: {file: a, union: [b]}}", "file or union, not both"),
        ("tables: {cases: {columns: {FEE: a}, constant: {FEE: '1'}}}", "both a column and"),
        ("tables: [cases]", "tables must map"),
        ("tables: {cases: {columns: [a]}}", "columns must map"),
        ("encoding: latin-7", "encoding must be one of"),
        ("delimiter: ';;'", "delimiter must be one character"),
        ("dataset: rossi", "for the dataset rossi, not for court_list"),
        ("table: {}", "table is not a step of an adapter. Did you mean tables?"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(
    court_list, adapter_file: AdapterFile, text: str, sentence: str
) -> None:
    with pytest.raises(AdapterError, match=sentence):
        read_adapter(adapter_file(text), court_list)


def test_all_problems_are_said_at_once(court_list, adapter_file: AdapterFile) -> None:
    text = "encoding: x\ntables: {case: {}, cases: {columns: {A: b}, codes: {B: {a: b}}}}"
    with pytest.raises(AdapterError, match="4 problems"):
        read_adapter(adapter_file(text), court_list)


@pytest.mark.parametrize("text", ["tables: {", "- a\n- b\n", "just words"])
def test_a_file_that_is_no_adapter_is_refused(
    court_list, adapter_file: AdapterFile, text: str
) -> None:
    with pytest.raises(AdapterError, match=r"adapter.yaml (is not YAML|must hold)"):
        read_adapter(adapter_file(text), court_list)


def test_a_missing_adapter_file_is_named(court_list, tmp_path: Path) -> None:
    with pytest.raises(AdapterError, match=r"there is no adapter file adapter.yml"):
        read_adapter(tmp_path / "adapter.yml", court_list)


def test_delivered_columns_that_are_not_there_are_said_at_once_without_values(
    clean, marker: str
) -> None:
    text = THEIRS.replace("PUB", marker)
    adapter = ADAPTER.replace("got", "gott").replace("amount", "amounts")
    with pytest.raises(AdapterError) as caught:
        clean(adapter + "    filter: [{column: kinds, keep: [x]}]\n", cases_2024=text)
    message = str(caught.value)
    assert "3 problems" in message
    assert "the column gott, which cases_2024.csv does not have" in message
    assert "Did you mean amount?" in message
    assert "filters on the column kinds" in message
    assert marker not in message
