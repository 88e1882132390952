import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.errors import ContractError
from justice_analysis.sources.cleaning import clean_extract, parents_first
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.findings import ExtractReport
from justice_analysis.sources.parsing import schema_of
from justice_analysis.sources.report import check_extract, render, to_json

HEADER = "CASE_NO,LAW_TYPE,RECEIVED,CLOSED,FEE,COURT,BIRTH,URGENT\n"


@pytest.fixture
def report_of(deliver: Callable[..., Path], descriptor: str, backend: BaseBackend):
    def run(**tables: str) -> ExtractReport:
        return check_extract(read_extract(deliver(**tables), descriptor), backend=backend)

    return run


@pytest.fixture
def messy(marker: str) -> str:
    """Rows that break every rule, with the marker wherever text can stand."""
    return (
        HEADER
        + f"1,1,2019-01-02,{marker},{marker},{marker},{marker},{marker}\n"
        + f"2,{marker},2019-01-02,2018-01-01,-5,{marker},,\n"
        + f"2,9,2019-02-30,,,{marker},1850-01,\n"
        + f"{marker},1,2019-01-02,,,{marker},,\n"
        + f"5,1,2019-01-02,,,{marker},,\n"
        + f"5,1,2019-01-02,,,{marker},,\n"
    )


def test_no_value_of_a_row_is_in_the_report(report_of, messy: str, marker: str) -> None:
    report = report_of(cases=messy)
    assert len(report.table("cases").findings) > 10
    assert marker not in render(report)
    assert marker not in to_json(report)


def test_every_kind_of_finding_is_counted(report_of, messy: str) -> None:
    report = report_of(cases=messy).table("cases")
    found = {(one.column, one.rule): one.count for one in report.findings}
    assert found["CASE_NO", "unreadable integer"] == 1
    assert found["RECEIVED", "unreadable date"] == 1
    assert found["BIRTH", "unreadable yearmonth"] == 1
    assert found["URGENT", "unreadable boolean"] == 1
    assert found["FEE", "unreadable number"] == 1
    assert found["FEE", "out of range"] == 1
    assert found["LAW_TYPE", "unknown code"] == 1
    assert found["CASE_NO", "duplicate key"] == 1
    assert found["CASE_NO", "exact duplicate row"] == 1
    assert found["COURT", "not of the form"] == 6
    assert report.set_aside == {
        "key missing": 1,
        "exact duplicate row": 1,
        "duplicate key": 1,
    }


def test_refusals_hold_no_value_and_name_every_table(
    report_of,
    deliver: Callable[..., Path],
    descriptor: str,
    backend: BaseBackend,
    marker: str,
) -> None:
    tables = {
        "cases": HEADER + f"1,1,{marker},,,,,\n2,1,{marker},,,,,\n3,1,2019-01-01,,,,,\n",
        "hearings": f"HEARING_NO,CASE_NO\n{marker},1\n",
    }
    assert not report_of(**tables).passed
    with pytest.raises(ContractError) as caught:
        clean_extract(read_extract(deliver(**tables), descriptor), backend)
    message = str(caught.value)
    assert "cases.RECEIVED: unreadable date in more than half" in message
    assert "2 of 3 rows" in message
    assert "hearings.HEARING_NO: unreadable integer" in message
    assert marker not in message
    assert caught.value.__cause__ is None


def test_the_text_is_aligned_and_ends_in_the_verdict(report_of, cases_csv: str) -> None:
    text = render(report_of(cases=cases_csv.replace("1,1,2019", "1,9,2019"), other="a\n"))
    lines = text.splitlines()
    assert lines[0] == "court_list (restricted)"
    assert "cases: 3 rows, may be loaded" in lines
    assert "    kept         LAW_TYPE  unknown code     1  33.33%" in lines
    assert "Tables not delivered (they may be absent): hearings" in lines
    assert "Files not used: other.csv" in lines
    assert lines[-1] == "The extract may be loaded."


def test_a_refused_table_is_named_in_the_verdict(report_of) -> None:
    text = render(report_of(cases=HEADER))
    assert "cases: REFUSED" in text
    assert text.endswith("The extract may not be loaded: see cases.\n")


def test_the_json_says_whether_it_passed(report_of, cases_csv: str) -> None:
    record = json.loads(to_json(report_of(cases=cases_csv)))
    assert record["passed"] is True
    assert record["tables"][0]["rows"] == 3
    assert record["absent_tables"] == ["hearings"]


def test_an_engine_of_its_own_is_opened_where_none_is_given(
    deliver: Callable[..., Path], descriptor: str, cases_csv: str
) -> None:
    assert check_extract(read_extract(deliver(cases=cases_csv), descriptor)).passed


def test_rows_set_aside_over_all_steps_carry_their_reasons(
    deliver: Callable[..., Path], descriptor: str, backend: BaseBackend, messy: str
) -> None:
    clean = clean_extract(read_extract(deliver(cases=messy), descriptor), backend)
    reasons = engine.execute(clean.set_aside["cases"]).groupby("reason").size().to_dict()
    assert reasons == clean.report.table("cases").set_aside


def test_a_table_that_was_not_delivered_is_there_without_rows_in_the_contracts_types(
    deliver: Callable[..., Path], descriptor: str, backend: BaseBackend, cases_csv: str, court_list
) -> None:
    clean = clean_extract(read_extract(deliver(cases=cases_csv), descriptor), backend)
    hearings = clean.tables["hearings"]
    held = {name: str(kind) for name, kind in hearings.schema().items()}
    assert held == schema_of(court_list.table("hearings"))
    assert engine.count_rows(hearings) == 0
    assert clean.report.absent_tables == ("hearings",)


def test_tables_come_after_those_that_their_keys_refer_to(court_list) -> None:
    from dataclasses import replace

    turned = replace(court_list, tables=court_list.tables[::-1])
    assert [table.name for table in parents_first(turned)] == ["cases", "hearings"]
