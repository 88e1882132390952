"""A mapping that a user wrote: what is wrong with it is said by line, table and column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ibis.expr.types as ir
import pytest
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.errors import SourceError
from justice_analysis.sources.extract import look_at_extract
from justice_analysis.sources.mapping import CommonTables, MappingContext
from justice_analysis.sources.own_mapping import mapping_of

START = """
import ibis
from justice_analysis import engine
from justice_analysis.sources.mapping import CommonTables, all_used, key, provenance


def to_common(tables, context):
    cases = tables["cases"]
    row = provenance(context, "cases", cases.CASE_NO)
    known = {"record_id": key("court", cases.CASE_NO), **row}
"""
SECRET = "SECRET-77"

Mapped = Callable[[str], CommonTables]


@pytest.fixture
def mapped(tmp_path: Path, descriptor: str, backend: BaseBackend) -> Mapped:
    """Run a mapping whose last lines are given, on a table of one case."""

    def run(end: str) -> CommonTables:
        file = tmp_path / "court_list.py"
        file.write_text(START + end, encoding="utf-8")
        (tmp_path / "cases.csv").write_text("CASE_NO,COURT\n1,C1\n", encoding="utf-8")
        extract = replace(look_at_extract(tmp_path, descriptor), mapping=file)
        cases = engine.memory_table(
            backend, {"CASE_NO": [1], "COURT": [SECRET]}, {"CASE_NO": "int64", "COURT": "string"}
        )
        context = MappingContext(extract.contract, backend)
        return mapping_of(extract)({"cases": cases}, context)

    return run


def columns(table: ir.Table) -> set[str]:
    return set(table.columns)


def test_what_a_dataset_does_not_say_of_a_record_may_be_left_out(mapped: Mapped) -> None:
    made = mapped(
        """
    link = cases.select(**known, id_system=ibis.literal("record"), identifier=ibis.literal("1"),
                        level=ibis.literal("none"))
    common = {"record": cases.select(**known), "record_id_link": link}
    return CommonTables(context.dataset, common, [all_used("cases", cases, "link")])
"""
    )
    assert {"sex", "birth_month", "death_date", "recorded_date"} <= columns(made.tables["record"])
    row = engine.execute(made.tables["record_id_link"]).iloc[0]
    assert row["score"] != row["score"]


def test_every_table_and_column_that_is_not_common_is_said_at_once(mapped: Mapped) -> None:
    with pytest.raises(SourceError) as raised:
        mapped(
            """
    common = {
        "record": cases.select(**row, birth_month=cases.COURT),
        "case": cases.select(
            case_id=key("court", cases.CASE_NO), jurisdiction=cases.COURT,
            recieved_date=ibis.null("date"), closed_date=ibis.literal("2020-01-01 10:00:00",
            "timestamp"), **row
        ),
        "episodes": cases,
    }
    return CommonTables(context.dataset, common, [])
"""
        )
    said = str(raised.value)
    assert "5 problems" in said
    assert "record.birth_month must be date: it is string." in said
    assert "record must have record_id." in said
    assert "case has no column recieved_date. Did you mean received_date" in said
    assert "case.closed_date must be date: it is timestamp" in said
    assert "episodes is no table that a mapping gives. Did you mean episode" in said


def test_a_mapping_that_returns_nothing_is_told_what_to_return(mapped: Mapped) -> None:
    with pytest.raises(SourceError, match="must return CommonTables: NoneType was returned"):
        mapped("    cases.select(**known)\n")


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("    return cases.COUTR\n", r"at line 11 \(return cases.COUTR\): AttributeError: .*COUTR"),
        ('    return tables["peple"]\n', r"at line 11 \(return tables\[.peple.\]\): KeyError\."),
        ("    return (\n", r"SyntaxError: .*line 11"),
        (
            "    raise ValueError(engine.execute(cases).COURT[0])\n",
            r"at line 11 \(raise ValueError.*\): ValueError\. Mend it",
        ),
    ],
    ids=["column", "table", "syntax", "value"],
)
def test_a_mapping_that_fails_is_named_with_its_line_and_no_value_of_a_row(
    mapped: Mapped, end: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as raised:
        mapped(end)
    assert "court_list.py" in str(raised.value)
    assert SECRET not in str(raised.value)
