import datetime as dt

import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.contracts import Contract
from justice_analysis.sources.checks import CheckedTable, apply_checks
from justice_analysis.sources.parsing import schema_of

GOOD = {
    "CASE_NO": 1,
    "LAW_TYPE": 1,
    "RECEIVED": "2019-01-02",
    "CLOSED": "2019-02-02",
    "FEE": 1.0,
    "COURT": "C1",
    "BIRTH": "2001-05-01",
    "URGENT": True,
}


@pytest.fixture
def check(backend: BaseBackend, court_list: Contract):
    def run(*rows: dict[str, object], **options: object) -> CheckedTable:
        contract = court_list.table("cases")
        full = [{**GOOD, "CASE_NO": number, **row} for number, row in enumerate(rows, 1)]
        columns = {name: [row[name] for row in full] for name in contract.field_names}
        table = engine.memory_table(backend, columns, schema_of(contract))
        return apply_checks(table, contract, dataset="court_list", **options)

    return run


@pytest.fixture
def check_hearings(backend: BaseBackend, court_list: Contract):
    def run(parents: dict[str, object], *case_numbers: int | None) -> CheckedTable:
        contract = court_list.table("hearings")
        columns = {
            "HEARING_NO": list(range(len(case_numbers))),
            "CASE_NO": list(case_numbers),
            "HELD": ["2019-01-01"] * len(case_numbers),
        }
        table = engine.memory_table(backend, columns, schema_of(contract))
        return apply_checks(table, contract, dataset="court_list", parents=parents)

    return run


def counts(checked: CheckedTable) -> dict[tuple[str, str, str], int]:
    return {(one.column, one.rule, one.consequence): one.count for one in checked.findings}


def test_a_clean_table_passes_through_with_nothing_found(check) -> None:
    checked = check({}, {})
    assert checked.findings == ()
    assert checked.report.passed
    assert engine.count_rows(checked.kept) == 2
    assert engine.count_rows(checked.set_aside) == 0
    assert "reason" in checked.set_aside.columns


def test_each_rule_of_the_one_pass_counts_its_rows(check) -> None:
    checked = check(
        {},
        {"LAW_TYPE": 9},
        {"FEE": -1.0},
        {"FEE": 1000.5},
        {"COURT": "X1"},
        {"COURT": "C1 "},
        {"BIRTH": "1880-01-01"},
        {"CLOSED": "2018-01-01"},
        {"RECEIVED": None, "CLOSED": None},
    )
    assert counts(checked) == {
        ("LAW_TYPE", "unknown code", "kept"): 1,
        ("FEE", "out of range", "made missing"): 2,
        ("COURT", "not of the form", "kept"): 2,
        ("BIRTH", "out of range", "made missing"): 1,
        ("RECEIVED, CLOSED", "RECEIVED must not follow CLOSED", "kept"): 1,
        ("RECEIVED", "required value missing", "kept"): 1,
    }
    assert engine.count_rows(checked.kept) == 9


def test_values_out_of_range_are_missing_afterwards_and_others_stay(check) -> None:
    kept = engine.execute(check({"FEE": 5.0}, {"FEE": -1.0}).kept.order_by("CASE_NO"))
    assert kept["FEE"].fillna(-9).tolist() == [5.0, -9.0]


def test_an_unknown_code_is_kept(check) -> None:
    assert engine.execute(check({"LAW_TYPE": 9}).kept.LAW_TYPE.max()) == 9


def test_dates_after_the_extract_are_reported(check) -> None:
    checked = check({"CLOSED": "2024-01-01"}, {}, extract_date=dt.date(2023, 12, 31))
    assert counts(checked) == {("CLOSED", "after the extract date", "kept"): 1}


def test_a_row_without_key_is_set_aside(check) -> None:
    checked = check({}, {"CASE_NO": None})
    assert checked.report.set_aside == {"key missing": 1}
    assert counts(checked) == {("CASE_NO", "required value missing", "set aside"): 1}
    assert engine.execute(checked.set_aside)["reason"].tolist() == ["key missing"]


def test_equal_rows_and_other_rows_of_one_key_are_told_apart(check) -> None:
    checked = check(
        {"CASE_NO": 7, "FEE": 2.0},
        {"CASE_NO": 7, "FEE": 2.0},
        {"CASE_NO": 7, "FEE": 3.0},
        {"CASE_NO": 7, "FEE": 3.0},
        {"CASE_NO": 7, "FEE": None},
        {"CASE_NO": 8},
    )
    assert checked.report.set_aside == {"exact duplicate row": 2, "duplicate key": 2}
    kept = engine.execute(checked.kept.order_by("CASE_NO"))
    assert kept["CASE_NO"].tolist() == [7, 8]
    assert kept["FEE"].tolist() == [2.0, 1.0]


def test_which_row_of_a_key_stays_does_not_depend_on_their_order(check) -> None:
    rows = [{"CASE_NO": 7, "FEE": fee, "COURT": court} for fee, court in ((3, "C2"), (3, "C1"))]
    there = engine.execute(check(*rows).kept)["COURT"].tolist()
    back = engine.execute(check(*rows[::-1]).kept)["COURT"].tolist()
    assert there == back == ["C1"]


def test_equal_rows_of_a_table_without_key_are_rows_of_their_own(
    backend: BaseBackend, tmp_path
) -> None:
    from justice_analysis import contracts

    men = contracts.load("rossi").table("men")
    columns = {field.name: [1, 1, 1] for field in men.fields}
    table = engine.memory_table(backend, columns, schema_of(men))
    checked = apply_checks(table, men, dataset="rossi")
    assert engine.count_rows(checked.kept) == 3


def test_a_key_to_no_row_sets_aside_and_a_missing_one_does_not(check, check_hearings) -> None:
    cases = check({}, {}).kept
    checked = check_hearings({"cases": cases}, 1, 2, 2, None, 99, 99)
    assert checked.report.set_aside == {"CASE_NO not found in cases": 2}
    assert counts(checked) == {("CASE_NO", "not found in cases", "set aside"): 2}
    assert engine.count_rows(checked.kept) == 4


def test_rows_whose_parent_was_set_aside_are_set_aside_too(check, check_hearings) -> None:
    cases = check({"CASE_NO": 1}, {"CASE_NO": None}).kept
    assert check_hearings({"cases": cases}, 1, 2).report.set_aside == {
        "CASE_NO not found in cases": 1
    }


def test_a_key_to_a_table_that_was_not_delivered_is_not_checked(check_hearings) -> None:
    assert check_hearings({}, 1, 99).report.set_aside == {}


def test_an_empty_table_is_refused_unless_it_may_be_absent(check, check_hearings) -> None:
    assert check().report.refusals == ("cases: the table must have rows and has none.",)
    assert check_hearings({}).report.passed


def test_a_table_of_which_no_row_could_stay_is_refused(check_hearings, check) -> None:
    checked = check_hearings({"cases": check({}).kept}, 98, 99)
    assert checked.report.refusals == ("hearings: every row would be set aside: 2 of 2 rows.",)


def test_an_empty_required_column_is_refused(check) -> None:
    checked = check({"RECEIVED": None})
    assert checked.report.refusals == ("cases.RECEIVED: a required column is empty: 1 of 1 rows.",)


def test_the_ledger_has_one_step_that_adds_up(check) -> None:
    (entry,) = check({}, {"CASE_NO": 1}, {"CASE_NO": None}).ledger_entries
    assert (entry.step, entry.rows_in, entry.rows_kept) == ("check", 3, 1)


def test_one_query_serves_all_rules_of_a_table_besides_the_keys(check, monkeypatch) -> None:
    ran: list[str] = []
    execute = engine.execute

    def counting(expression: object, *, step: str = "query") -> object:
        ran.append(step)
        return execute(expression, step=step)

    monkeypatch.setattr(engine, "execute", counting)
    check({"LAW_TYPE": 9, "FEE": -1.0}, {})
    assert [step for step in ran if step == "checking cases"] == ["checking cases"]
    assert set(ran) <= {"checking cases", "count of rows"}
