"""The checklist of a paper: every item once, each answered or left to the authors."""

from __future__ import annotations

import pytest

from justice_analysis.cohorts.reporting import AUTHOR, ITEMS, as_markdown, checklist
from justice_analysis.errors import OptionError


def test_each_item_stands_once_and_all_of_record_is_there():
    codes = [item.code for item in ITEMS]
    assert len(codes) == len(set(codes))
    record = {code.removeprefix("RECORD ") for code in codes if code.startswith("RECORD")}
    assert record == {"1.1", "1.2", "1.3", "6.1", "6.2", "6.3", "7.1", "12.1", "12.2", "12.3",
                      "13.1", "19.1", "22.1"}  # fmt: skip


def test_what_the_paper_does_not_say_is_said_so():
    table = checklist({"RECORD 13.1": "Figure 1"}).set_index("item")
    assert table.loc["RECORD 13.1", "where"] == "Figure 1"
    assert table.loc["RECORD 6.2", "where"] == "not said"
    assert table.loc["RECORD 6.2", "answered_by"] == AUTHOR


def test_an_item_of_no_list_is_refused():
    with pytest.raises(OptionError, match=r"RECORD 99 is not"):
        checklist({"RECORD 99": "p. 3"})


def test_it_is_written_for_a_paper_with_its_source():
    text = as_markdown(checklist({"STROBE 14": "Table 1 | page 4"}))
    lines = text.splitlines()
    assert lines[0] == "| Item | Section | What to report | Answered by | Where |"
    assert sum(line.startswith("| RECORD") for line in lines) == 13
    assert "Table 1 / page 4" in text
    assert "Benchimol et al. (2015)" in text
    assert "von Elm et al. (2007)" in text
