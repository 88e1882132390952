"""A small dataset of two tables, delivered as files, for the tests of reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ibis.backends import BaseBackend

from justice_analysis import cli, contracts, engine
from justice_analysis.contracts import Contract

MARKER = "SECRET-77"

DESCRIPTOR = """
name: court_list
title: A court list made up for tests
version: "1.0"
description: Cases and their hearings.
sources: [{title: None, path: "https://example.org"}]
justice:
  jurisdiction: family
  nature: restricted
  custodian: A court
  how_to_apply: Not possible.
  citation: None
resources:
  - name: cases
    title: Cases
    type: table
    justice:
      grain: one row per case
      name_status: assumed
      source: made up
      date_order: [[RECEIVED, CLOSED]]
    schema:
      fields:
        - {name: CASE_NO, type: integer, title: Case, constraints: {required: true}}
        - name: LAW_TYPE
          type: integer
          title: Law type
          categories: [{value: "1", label: Public law}, {value: "2", label: Private law}]
          justice: {codes_status: assumed}
        - {name: RECEIVED, type: date, title: Received, constraints: {required: true}}
        - {name: CLOSED, type: date, title: Closed}
        - {name: FEE, type: number, title: Fee, constraints: {minimum: 0, maximum: 1000}}
        - {name: COURT, type: string, title: Court, constraints: {pattern: "C[0-9]+"}}
        - {name: BIRTH, type: yearmonth, title: Month, constraints: {minimum: "1900-01"}}
        - {name: URGENT, type: boolean, title: Urgent}
      primaryKey: [CASE_NO]
      missingValues: ["", "NA"]
  - name: hearings
    title: Hearings
    type: table
    justice: {grain: one row per hearing, name_status: assumed, source: made up, optional: true}
    schema:
      fields:
        - {name: HEARING_NO, type: integer, title: Hearing, constraints: {required: true}}
        - {name: CASE_NO, type: integer, title: Case}
        - {name: HELD, type: date, title: Held}
      primaryKey: [HEARING_NO]
      foreignKeys: [{fields: [CASE_NO], reference: {resource: cases, fields: [CASE_NO]}}]
      missingValues: [""]
"""

CASES = """CASE_NO,LAW_TYPE,RECEIVED,CLOSED,FEE,COURT,BIRTH,URGENT
1,1,2019-01-02,2019-06-01,10.5,C1,2001-05,true
2,2,2019-02-03,,0,C2,1999-12,false
3,1,2019-03-04,2019-04-05,NA,C10,,
"""


@pytest.fixture(scope="session")
def backend() -> BaseBackend:
    return engine.connect(memory_limit_gb=1, threads=1)


@pytest.fixture(scope="session")
def court_list(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path = tmp_path_factory.mktemp("contract") / "court_list.yaml"
    path.write_text(DESCRIPTOR, encoding="utf-8")
    return contracts.load(path)


@pytest.fixture(scope="session")
def descriptor(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("descriptor") / "court_list.yaml"
    path.write_text(DESCRIPTOR, encoding="utf-8")
    return str(path)


@pytest.fixture
def deliver(tmp_path: Path) -> Callable[..., Path]:
    """Write files, named by keyword (`cases` becomes cases.csv), into an extract folder."""

    def write(**tables: str) -> Path:
        folder = tmp_path / "delivered"
        folder.mkdir(exist_ok=True)
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def cases_csv() -> str:
    return CASES


@pytest.fixture
def marker() -> str:
    """A value that stands in rows and must never stand in a message or a report."""
    return MARKER


@pytest.fixture
def adapter_file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "adapter.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def justice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Run `justice ...` in this process; gives the exit code and all that was printed."""

    def run(*words: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["justice", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return run
