"""Joins, slots, parts of dates and units, declared in YAML, on small delivered files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.errors import AdapterError, ContractError
from justice_analysis.sources.adapter import read_adapter
from justice_analysis.sources.cleaning import CleanExtract, clean_extract
from justice_analysis.sources.extract import read_extract
from tests.delivered import plain

Deliver = Callable[..., Path]
AdapterFile = Callable[[str], Path]

CASES = "CASE_NO,RECEIVED\n1,2019-01-02\n2,2019-02-03\n3,2019-03-04\n"


@pytest.fixture
def clean(deliver: Deliver, descriptor: str, adapter_file: AdapterFile, backend: BaseBackend):
    def run(adapter: str, **tables: str) -> CleanExtract:
        extract = read_extract(deliver(**tables), descriptor, adapter_file(adapter))
        return clean_extract(extract, backend)

    return run


def rows(made: CleanExtract, table: str, *columns: str) -> list[tuple[object, ...]]:
    return plain(engine.execute(made.tables[table].select(*columns)))


def entries(made: CleanExtract, step: str) -> list[tuple[object, ...]]:
    return [
        (one.from_table, one.to_table, one.rows_in, one.rows_used, one.rows_made)
        for one in made.ledger.reshapes
        if one.step == step
    ]


# Slots ----------------------------------------------------------------------------------

WIDE = """case,h_1,h_2,h_3,no_1,no_2
1,2019-02-01,2019-03-01,.,11,12
2,,,2019-04-01,,
3, ,.,,,
"""
UNPIVOT = """
tables:
  hearings:
    file: wide
    unpivot: {values: {held: "h_*", ref: "no_*"}, number: slot}
    columns: {HEARING_NO: slot, CASE_NO: case, HELD: held}
    missing: ["."]
"""


def test_filled_slots_become_rows_and_empty_ones_are_counted(clean) -> None:
    made = clean(UNPIVOT, cases=CASES, wide=WIDE)
    assert rows(made, "hearings", "HEARING_NO", "CASE_NO", "HELD") == [
        (1, 1, "2019-02-01"),
        (2, 1, "2019-03-01"),
        (3, 2, "2019-04-01"),
    ]
    assert entries(made, "adapter unpivot") == [("file wide", "hearings", 3, 2, 3)]
    (entry,) = made.ledger.reshapes
    assert entry.rule == "one row per filled slot of 3 a row; 6 empty slots dropped"
    assert dict(entry.set_aside) == {"every slot is empty": 1}
    aside = engine.execute(made.set_aside["hearings-unpivot"])
    assert aside[["case", "reason"]].to_numpy().tolist() == [["3", "every slot is empty"]]


def test_slots_may_be_named_one_by_one_and_only_some_columns_kept(clean) -> None:
    wide = "id,first,second,junk\n7,2019-02-01,,x\n8,2019-05-01,2019-06-01,y\n"
    adapter = """
tables:
  cases: {file: cases}
  hearings:
    file: wide
    unpivot: {values: {held: [first, second]}, number: number, keep: [id]}
    columns: {HEARING_NO: id, HELD: held}
    filter: [{column: number, keep: ["1"]}]
"""
    made = clean(adapter, cases=CASES, wide=wide)
    assert rows(made, "hearings", "HEARING_NO", "HELD") == [(7, "2019-02-01"), (8, "2019-05-01")]
    read, filtered = [one for one in made.ledger.steps if one.table == "hearings"][:2]
    assert (read.rows_in, filtered.rows_in, filtered.rows_kept) == (3, 3, 2)


def test_slots_of_parquet_keep_their_types(
    clean, deliver: Deliver, descriptor: str, adapter_file: AdapterFile, backend: BaseBackend
) -> None:
    import pandas as pd

    wide = pd.DataFrame({"case": [1, 2], "h_1": ["2019-02-01", None], "no_1": [11, 12]})
    wide = wide.assign(no_2=["13", None])
    folder = deliver(cases=CASES)
    wide.to_parquet(folder / "wide.parquet")
    adapter = """
tables:
  hearings:
    file: wide
    unpivot: {values: {held: "h_*", ref: "no_*"}}
    columns: {HEARING_NO: ref, CASE_NO: case, HELD: held}
"""
    made = clean_extract(read_extract(folder, descriptor, adapter_file(adapter)), backend)
    assert rows(made, "hearings", "HEARING_NO", "CASE_NO", "HELD") == [
        (11, 1, "2019-02-01"),
        (12, 2, None),
        (13, 1, None),
    ]


def test_what_slots_name_and_is_not_there_is_said_at_once(clean) -> None:
    adapter = """
tables:
  hearings:
    file: wide
    unpivot: {values: {held: "hh_*", case: [h_1, h_9]}, number: no_1, keep: [cas]}
"""
    with pytest.raises(AdapterError) as caught:
        clean(adapter, cases=CASES, wide=WIDE)
    message = str(caught.value)
    assert "no column of wide is like hh_*" in message
    assert "unpivot names the column h_9, which wide does not have. Did you mean" in message
    assert "unpivot keeps the column cas, which wide does not have. Did you mean case?" in message
    assert "makes the column case, which wide has already" in message
    assert "makes the column no_1, which wide has already" in message


# Joins ----------------------------------------------------------------------------------

JOIN = """
tables:
  cases:
    file: left
    join: {file: right, by: {ref: case_ref}, rows: one-to-one}
    columns: {CASE_NO: ref, RECEIVED: got}
"""
LEFT = "ref,COURT\n1,C1\n2,C2\n 3,C3\n"


def test_a_table_split_in_two_is_joined_by_its_key(clean) -> None:
    right = "case_ref,got,FEE\n3,2019-03-04,7\n1,2019-01-02,5\n9,2019-09-09,6\n"
    made = clean(JOIN, left=LEFT, right=right)
    assert rows(made, "cases", "CASE_NO", "COURT", "RECEIVED", "FEE") == [
        (1, "C1", "2019-01-02", 5.0),
        (2, "C2", None, None),
        (3, "C3", "2019-03-04", 7.0),
    ]
    assert entries(made, "adapter join") == [
        ("file left", "cases", 3, 3, 3),
        ("file right", "cases", 3, 2, 0),
    ]
    first, second = made.ledger.reshapes
    assert "1 have no row in right, joined one-to-one by ref" in first.rule
    assert dict(second.set_aside) == {"its key is not in left": 1}
    aside = engine.execute(made.set_aside["cases-right"])
    assert aside.to_dict("records") == [
        {"got": "2019-09-09", "FEE": "6", "case_ref": "9", "reason": "its key is not in left"}
    ]
    assert sum(one.rows_made for one in made.ledger.reshapes) == 3


def test_several_rows_may_share_one_of_the_other_file_where_that_is_declared(clean) -> None:
    adapter = JOIN.replace("one-to-one", "many-to-one").replace("{ref: case_ref}", "{court: court}")
    left = "ref,court,got\n1,a,2019-01-02\n2,a,2019-01-02\n3,,2019-01-02\n"
    made = clean(adapter, left=left, right="court,FEE\na,7\n,8\n")
    assert rows(made, "cases", "CASE_NO", "FEE") == [(1, 7.0), (2, 7.0), (3, None)]


@pytest.mark.parametrize("kind", ["one-to-one", "many-to-one"])
def test_a_key_that_repeats_against_the_declaration_refuses_the_table(
    clean, kind: str, marker: str
) -> None:
    right = f"case_ref,got\n{marker},2019-01-02\n{marker},2019-01-02\n2,2019-01-02\n"
    with pytest.raises(ContractError) as caught:
        clean(JOIN.replace("one-to-one", kind), left=LEFT, right=right)
    assert f"is {kind}, and 1 keys stand on several rows of right" in str(caught.value)
    assert marker not in str(caught.value)


def test_one_to_one_also_holds_for_the_first_file(clean) -> None:
    left = LEFT + "1,C1\n2,C2\n"
    with pytest.raises(ContractError, match="2 keys stand on several rows of left"):
        clean(JOIN, left=left, right="case_ref,got\n1,2019-01-02\n")


def test_joined_files_without_the_named_columns_or_with_the_same_are_refused_at_once(clean) -> None:
    adapter = JOIN.replace("rows:", "columns: [got, COURT, fee], rows:")
    with pytest.raises(AdapterError) as caught:
        clean(adapter, left="reff,COURT\n1,a\n", right="case_ref,got,COURT\n1,x,y\n")
    message = str(caught.value)
    assert "joins by the column ref, which left does not have. Did you mean reff?" in message
    assert "takes the column fee, which right does not have" in message
    assert "both have court" in message


def test_a_joined_file_that_is_missing_is_named(clean) -> None:
    with pytest.raises(AdapterError, match="cases: the adapter names the file right, which is m"):
        clean(JOIN, left=LEFT)


def test_a_table_may_be_split_in_three_and_put_together_of_parts(clean) -> None:
    adapter = """
tables:
  cases:
    union: [a, b]
    join:
      - {file: dates, by: ref, rows: one-to-one}
      - {file: courts, by: {court_id: id}, rows: many-to-one, columns: [COURT]}
    columns: {CASE_NO: ref, RECEIVED: got}
"""
    made = clean(
        adapter,
        a="ref\n1\n",
        b="REF\n2\n",
        dates="ref,got,court_id\n1,2019-01-02,x\n2,2019-02-03,x\n",
        courts="id,COURT,other\nx,C5,1\n",
    )
    assert rows(made, "cases", "CASE_NO", "RECEIVED", "COURT") == [
        (1, "2019-01-02", "C5"),
        (2, "2019-02-03", "C5"),
    ]


# Equal rows -----------------------------------------------------------------------------


def test_rows_that_repeat_what_a_table_reads_are_made_one(clean) -> None:
    adapter = """
tables:
  cases: {file: flat, distinct: true, columns: {CASE_NO: case, RECEIVED: got}}
  hearings: {file: flat, columns: {HEARING_NO: hearing, CASE_NO: case}}
"""
    flat = "case,got,hearing\n1,2019-01-02,5\n1,2019-01-02,6\n2,2019-02-03,7\n"
    made = clean(adapter, flat=flat)
    assert rows(made, "cases", "CASE_NO", "RECEIVED") == [(1, "2019-01-02"), (2, "2019-02-03")]
    assert rows(made, "hearings", "HEARING_NO", "CASE_NO") == [(5, 1), (6, 1), (7, 2)]
    assert entries(made, "adapter distinct") == [("file flat", "cases", 3, 3, 2)]
    assert made.report.table("cases").set_aside == {}


# Dates ----------------------------------------------------------------------------------


def test_dates_in_three_columns_are_put_together(clean) -> None:
    adapter = """
tables:
  cases:
    date_parts:
      RECEIVED: {year: y, month: m, day: d}
      CLOSED: {year: cy, month: cm, day: 1}
      BIRTH: {year: by, month: bm}
    missing: ["99"]
"""
    text = "CASE_NO,y,m,d,cy,cm,by,bm\n1,2019,1,2,2019,06,2001,5\n2,2019,02,30,,,1999,99\n"
    made = clean(adapter, cases=text + "3,2019,3,,2020,12,,\n4,2019,12,31,2019,99,2000,01\n")
    assert rows(made, "cases", "CASE_NO", "RECEIVED", "CLOSED", "BIRTH") == [
        (1, "2019-01-02", "2019-06-01", "2001-05-01"),
        (2, None, None, None),
        (3, None, "2020-12-01", None),
        (4, "2019-12-31", None, "2000-01-01"),
    ]
    found = {(one.column, one.rule): one.count for one in made.report.table("cases").findings}
    assert found["RECEIVED", "unreadable date"] == 2
    assert found["CLOSED", "unreadable date"] == 1
    assert found["BIRTH", "unreadable yearmonth"] == 1
    notes = made.report.table("cases").notes
    assert "adapter: CLOSED: dates made of 2 columns; the day is not delivered, and 1 stands " in (
        " ".join(notes)
    )


def test_several_date_formats_are_tried_in_order_and_counted(clean) -> None:
    adapter = """
tables:
  cases:
    date_format:
      RECEIVED: ["%Y-%m-%d", "%d/%m/%Y", "%d%b%Y"]
      CLOSED: {try: ["%d/%m/%Y", "%m/%d/%Y"], both_fit: "%m/%d/%Y"}
"""
    text = "CASE_NO,RECEIVED,CLOSED\n1,2019-01-02,03/04/2019\n2,03/02/2019,31/12/2019\n"
    made = clean(adapter, cases=text + "3,04MAR2019,12/31/2019\n4,04-03-2019,05/05/2019\n")
    assert rows(made, "cases", "CASE_NO", "RECEIVED", "CLOSED") == [
        (1, "2019-01-02", "2019-03-04"),
        (2, "2019-02-03", "2019-12-31"),
        (3, "2019-03-04", "2019-12-31"),
        (4, None, "2019-05-05"),
    ]
    notes = made.report.table("cases").notes
    assert "adapter: RECEIVED: dates read 1 as %Y-%m-%d, 1 as %d/%m/%Y, 1 as %d%b%Y" in notes
    assert "adapter: CLOSED: dates read 3 as %m/%d/%Y, 1 as %d/%m/%Y" in notes
    assert "adapter: CLOSED: 2 dates fit both %d/%m/%Y and %m/%d/%Y; read as %m/%d/%Y" in notes
    assert "dates read 1 as %Y-%m-%d" in made.ledger.steps[0].note


def test_months_stand_for_dates_only_where_that_is_declared_and_it_is_noted(clean) -> None:
    text = "CASE_NO,RECEIVED\n1,02/2019\n2,2019-03\n"
    made = clean('tables: {cases: {date_format: {RECEIVED: ["%m/%Y", "%Y-%m"]}}}', cases=text)
    assert rows(made, "cases", "RECEIVED") == [("2019-02-01",), ("2019-03-01",)]
    assert (
        "adapter: RECEIVED: months are delivered; the first day stands for each"
        in made.report.table("cases").notes
    )
    with pytest.raises(ContractError, match="unreadable date"):
        clean("tables: {}", cases=text)


# Values ---------------------------------------------------------------------------------


def test_months_become_days_by_a_factor_and_a_rounding_that_are_stated(clean) -> None:
    adapter = """
tables:
  cases:
    units:
      LAW_TYPE: {months_of: 365.25/12, round: nearest}
      FEE: {multiply: 0.5}
"""
    text = "CASE_NO,RECEIVED,LAW_TYPE,FEE\n1,2019-01-02,6,5\n2,2019-01-02,0.5,\n3,2019-01-02,x,1\n"
    made = clean(adapter, cases=text)
    assert rows(made, "cases", "CASE_NO", "LAW_TYPE", "FEE") == [
        (1, 183, 2.5),
        (2, 15, None),
        (3, None, 0.5),
    ]
    notes = made.report.table("cases").notes
    assert "adapter: LAW_TYPE: 3 values multiplied by 30.4375, rounded nearest" in notes
    found = {(one.column, one.rule): one.count for one in made.report.table("cases").findings}
    assert found["LAW_TYPE", "unreadable integer"] == 1


@pytest.mark.parametrize(("way", "days"), [("nearest", 46), ("down", 45), ("up", 46)])
def test_fractions_are_rounded_as_declared(clean, way: str, days: int) -> None:
    adapter = f"tables: {{cases: {{units: {{LAW_TYPE: {{months_of: 30.4375, round: {way}}}}}}}}}"
    made = clean(adapter, cases="CASE_NO,RECEIVED,LAW_TYPE\n1,2019-01-02,1.5\n")
    assert rows(made, "cases", "LAW_TYPE") == [(days,)]


def test_months_are_counted_on_the_calendar_from_a_date_where_that_is_declared(clean) -> None:
    adapter = "tables: {cases: {units: {LAW_TYPE: {months_since: RECEIVED}}}}"
    text = "CASE_NO,RECEIVED,LAW_TYPE\n1,2019-01-31,1\n2,2020-02-01,12\n3,2019-01-01,\n4,,2\n"
    made = clean(adapter, cases=text)
    assert rows(made, "cases", "CASE_NO", "LAW_TYPE") == [(1, 28), (2, 366), (3, None), (4, None)]
    found = {(one.column, one.rule): one.count for one in made.report.table("cases").findings}
    assert found["LAW_TYPE", "unreadable integer"] == 1


def test_a_marker_of_missing_may_hold_for_one_column_only(clean) -> None:
    adapter = 'tables: {cases: {missing: {all: ["."], LAW_TYPE: ["9"]}}}'
    text = "CASE_NO,RECEIVED,LAW_TYPE,FEE\n1,2019-01-02,9,9\n2,2019-01-02,.,.\n"
    made = clean(adapter, cases=text)
    assert rows(made, "cases", "LAW_TYPE", "FEE") == [(None, 9.0), (None, None)]
    assert "adapter: 3 values in 2 columns missing by its markers" in (
        made.report.table("cases").notes
    )


def test_codes_that_are_never_delivered_are_reported(clean) -> None:
    adapter = 'tables: {cases: {codes: {LAW_TYPE: {PUB: "1", PRI: "2", Pub: "1"}}}}'
    made = clean(adapter, cases="CASE_NO,RECEIVED,LAW_TYPE\n1,2019-01-02,PUB\n2,2019-01-02,PUB\n")
    rules = [one.rule for one in made.report.table("cases").findings if one.column == "LAW_TYPE"]
    assert rules == ["2 codes of the adapter never delivered: PRI, Pub"]
    assert "adapter: LAW_TYPE: 2 codes translated" in made.report.table("cases").notes


def test_a_code_in_one_of_two_files_counts_as_delivered(clean) -> None:
    adapter = 'tables: {cases: {union: [a, b], codes: {LAW_TYPE: {PUB: "1", PRI: "2"}}}}'
    header = "CASE_NO,RECEIVED,LAW_TYPE\n"
    made = clean(adapter, a=header + "1,2019-01-02,PUB\n", b=header + "2,2019-01-02,PRI\n")
    assert not [one for one in made.report.table("cases").findings if one.column == "LAW_TYPE"]


@pytest.mark.parametrize("kind", ["int64", "float64"])
def test_numbers_may_be_codes_or_dates_in_digits(
    deliver: Deliver, descriptor: str, adapter_file: AdapterFile, backend: BaseBackend, kind: str
) -> None:
    import pandas as pd

    folder = deliver()
    held = {"CASE_NO": [1], "RECEIVED": [20190131], "COURT": [7], "BIRTH": [200105]}
    pd.DataFrame(held).astype(kind).to_parquet(folder / "cases.parquet")
    adapter = """
tables:
  cases:
    codes: {COURT: {"7": C7}}
    date_format: {RECEIVED: "%Y%m%d", BIRTH: "%Y%m"}
"""
    made = clean_extract(read_extract(folder, descriptor, adapter_file(adapter)), backend)
    assert rows(made, "cases", "CASE_NO", "RECEIVED", "COURT", "BIRTH") == [
        (1, "2019-01-31", "C7", "2001-05-01")
    ]


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("join: {file: b}", "join must be given by file, by"),
        ("join: {file: b, by: x, rows: many}", "rows must be one-to-one or many-to-one"),
        ("join: {file: b, by: 7, rows: one-to-one}", "by must be a column"),
        ("join: [{file: b, by: x, rows: one-to-one, columns: y}]", "columns must be a list"),
        ("unpivot: {number: n}", "unpivot must be given by values"),
        ("unpivot: {values: {a: b}}", "must hold one \\*"),
        ("unpivot: {values: {a: 7}}", "a must have a pattern or a list"),
        ("unpivot: {values: {}}", "values must map each column"),
        ("unpivot: {values: {a: [b], c: [d, e]}}", "the same number of slots"),
        ("unpivot: {values: {a: 'b_*'}, number: a}", "both the number of the slot and"),
        ("unpivot: {values: {a: 'b_*'}, keep: a}", "keep must be a list"),
        ("distinct: 'yes'", "distinct must be true or false"),
        ("date_parts: {COURT: {year: y, month: m}}", "COURT, which is no date"),
        ("date_parts: {RECEIVED: {year: y, month: m}}", "RECEIVED must be given by year, month, "),
        ("date_parts: {RECEIVED: {year: y, month: m, day: 31}}", "must be from 1 to 28"),
        ("combine: {FEE: {columns: [a]}}", "FEE, which is not text"),
        ("combine: {COURT: [a, b]}", "must be given by columns"),
        ("{combine: {COURT: {columns: [a]}}, columns: {COURT: b}}", "a column and a combination"),
        ("date_format: {COURT: '%d/%m/%Y'}", "the column is no date"),
        ("date_format: ['%d/%m/%Y', '%m/%d/%Y']", "both read a date such as 03/04/2019"),
        ("date_format: ['%d/%m/%Y', '%d/%m/%Y']", "must stand in the list once"),
        ("date_format: {CLOSED: {try: ['%d/%m/%Y']}}", "a list of formats, or try and both_fit"),
        ("date_format: {CLOSED: {try: ['%Y%m%d'], both_fit: '%m/%d/%Y'}}", "both_fit must be one"),
        ("units: {LAW_TYPE: {months_of: 30.4375}}", "LAW_TYPE is a whole number; multiply"),
        ("units: {FEE: {months_of: 365.25/0}}", "two numbers such as 365.25/12"),
        ("units: {FEE: {multiply: 2, round: about}}", "must be rounded nearest or down or up"),
        ("units: {FEE: {months_since: RECIEVED}}", "since a date of the contract. Did you mean"),
        ("units: {FEE: {multiply: 2, months_of: 3}}", "must be given as multiply"),
        ("codes: {LAW_TYPE: {a: '3'}}", "lead to 3, which is not among the contract's codes"),
        ("missing: x", "missing must be a list"),
        ("missing: {CORT: ['9']}", "missing names CORT.*Did you mean COURT"),
        ("constant: {COURT: null}", "put quotes round words"),
    ],
)
def test_what_is_declared_wrongly_is_said_before_any_row_is_read(
    court_list, adapter_file: AdapterFile, part: str, sentence: str
) -> None:
    text = f"tables: {{cases: {part if part.startswith('{') else '{' + part + '}'}}}"
    with pytest.raises(AdapterError, match=sentence):
        read_adapter(adapter_file(text), court_list)
