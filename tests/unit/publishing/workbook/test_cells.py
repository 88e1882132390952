"""Released cells as a workbook holds them."""

from __future__ import annotations

import pytest

from justice_analysis.publishing.paper.blocks import Table
from justice_analysis.publishing.workbook.cells import Grid, grid
from justice_analysis.publishing.workbook.widths import column_widths, number_format, shown


def released(headings: tuple[str, ...], *rows: tuple[str, ...]) -> Grid:
    return grid(Table("A", ("B",), (("1",),), (True,), raw_headings=headings, raw=rows))


def on_page(heading: str, *cells: str, numeric: bool = True) -> list[object]:
    table = Table("A", ("Name", heading), tuple(("a", cell) for cell in cells), (False, numeric))
    return [row[1] for row in grid(table).rows]


def test_released_numbers_keep_the_precision_in_which_they_left():
    held = released(("Day", "Share"), ("0", "0.0023148148"), ("1826", "1e-05"), ("7", "-3"))
    assert held.rows == ((0, 0.0023148148), (1826, 1e-05), (7, -3.0))
    assert held.is_whole


def test_numbers_of_a_page_are_read_without_their_commas():
    assert on_page("People", "12,430", "[c]", "5") == [12430, "[c]", 5]
    assert on_page("Difference", "−1.5", "-0.5", "1,000.25") == [-1.5, -0.5, 1000.25]  # noqa: RUF001


def test_a_column_of_words_stays_words_though_some_are_digits():
    assert on_page("Group", "12", "12 to 15") == ["12", "12 to 15"]
    assert on_page("Code", "12", "13", numeric=False) == ["12", "13"]
    assert released(("Code",), ("007",), ("12",)).rows == (("007",), ("12",))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@SUM(A1)", "1,2,3", "1.", "0x1F", "nan"])
def test_text_that_looks_like_a_number_or_a_formula_stays_text(text: str):
    assert released(("A",), (text,)).rows == ((text,),)


def test_no_cell_is_empty():
    held = released(("A", "B", "shown"), ("", "1", "suppressed"), ("  ", "2", "yes"))
    assert held.rows == (("[c]", 1), ("[x]", 2))
    assert [column.heading for column in held.columns] == ["A", "B"]


def test_headings_are_told_apart_whatever_their_case():
    held = released(("Share", "share", "", "share (2)", "a$$b$$"), ("1", "2", "3", "4", "5"))
    names = [column.heading for column in held.columns]
    assert names == ["Share", "share (2)", "Column 3", "share (2) (2)", "a$b$"]


def test_numbers_show_their_decimals_and_years_no_comma():
    held = released(
        ("Row", "Year", "People", "Share", "p-value"),
        ("1", "2014", "12430", "0.25", "1e-05"),
        ("2", "2015", "5", "0.0023148148", "0.5"),
    )
    formats = [number_format(column) for column in held.columns]
    assert formats == ["0", "0", "#,##0", "#,##0.000000", "General"]
    said = [shown(cell, column) for cell, column in zip(held.rows[0], held.columns, strict=True)]
    assert said == ["1", "2014", "12,430", "0.250000", "1e-05"]


def test_columns_are_as_wide_as_what_they_show_and_wrap_beyond():
    held = released(("A rather long heading of a column", "B"), ("x", "y" * 400))
    assert column_widths(held) == [21, 60]
