from __future__ import annotations

import pytest

from justice_analysis.publishing.released.reader import ReleasedOutput
from justice_analysis.publishing.released.table import shown_number, shown_table, thinned
from justice_analysis.publishing.writers.page import table_html
from tests.unit.publishing.small_book import AGES, CURVE


def output(rows, **context) -> ReleasedOutput:
    return ReleasedOutput(
        "ages", "estimates", "Return by age", "age", "pass", "",
        {"title": "Return by age", **context}, tuple(rows[0]), tuple(rows),
    )  # fmt: skip


def html_of(released: ReleasedOutput, *, is_synthetic: bool) -> str:
    return table_html(shown_table(released, is_synthetic=is_synthetic))


def test_a_hidden_cell_reads_c_and_the_note_says_what_that_means():
    shown = shown_table(output(AGES), is_synthetic=False)
    assert table_html(shown).count("[c]") == 3
    assert "[c]: hidden to protect confidentiality." in shown.notes


def test_the_caption_of_a_synthetic_table_says_so():
    caption = "<caption>Synthetic data. Return by age</caption>"
    assert caption in html_of(output(AGES), is_synthetic=True)
    assert caption not in html_of(output(AGES), is_synthetic=False)


def test_headings_are_marked_and_numbers_align_right():
    html = html_of(output(AGES), is_synthetic=False)
    assert '<th scope="col" class="number">People</th>' in html
    assert '<th scope="row">Under 20</th>' in html
    assert '<td class="number">12,430</td>' in html


def test_shares_read_as_percent():
    html = html_of(output(AGES, shares=["share"]), is_synthetic=False)
    assert "Share (%)" in html
    assert '<td class="number">24.2</td>' in html


def test_the_table_scrolls_in_a_labelled_region():
    html = html_of(output(AGES), is_synthetic=False)
    assert 'role="region" tabindex="0" aria-label="Table: Return by age"' in html


def test_the_mark_of_hiding_and_columns_that_say_all_are_left_out():
    rows = [{"group": "all", **row} for row in AGES]
    html = html_of(output(rows), is_synthetic=False)
    assert "Group" not in html
    assert "Shown" not in html


def test_markup_in_a_released_table_is_shown_as_text():
    html = html_of(output([{"age": "<b>20</b>", "shown": "yes"}]), is_synthetic=False)
    assert "&lt;b&gt;20&lt;/b&gt;" in html


def test_a_long_curve_is_thinned_evenly_with_both_ends_of_each_group():
    rows = [
        {"group": group, "day": str(day), "shown": "yes"}
        for group in ("a", "b")
        for day in range(100)
    ]
    kept = thinned(rows, group="group")
    assert len(kept) == 36
    assert [row["day"] for row in kept if row["group"] == "b"][::17] == ["0", "99"]
    shown = shown_table(output(rows, chart={"group": "group"}), is_synthetic=False)
    assert "36 of 200 rows; the CSV holds them all." in shown.notes
    assert len(thinned(CURVE, group="age")) == len(CURVE)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.2", "0.2"),
        ("0.24156", "0.242"),
        ("1000", "1,000"),
        ("3.0", "3"),
        ("-1234.5", "-1,234.5"),
    ],
)
def test_numbers_print_with_separators_and_at_most_three_decimals(value, shown):
    assert shown_number(value) == shown


def test_a_calendar_year_has_no_separator():
    html = html_of(output([{"year": "2014", "shown": "yes"}]), is_synthetic=False)
    assert ">2014<" in html


def test_words_come_before_numbers():
    rows = [{"people": "20", "horizon": "1 year", "share": "0.2", "shown": "yes"}]
    html = html_of(output(rows), is_synthetic=False)
    assert html.index("Horizon") < html.index("People") < html.index("Share")


def test_a_comparison_of_one_row_stands_upright_with_the_difference_in_sight():
    row = {
        "outcome": "Reconvicted", "significant": "yes", "treated_people": "196",
        "treated": "0.418", "comparison": "0.492", "difference": "-0.074", "lower": "-0.14",
        "upper": "-0.008", "p_value": "0.03", "shown": "yes",
    }  # fmt: skip
    released = ReleasedOutput(
        id="rate", kind="comparison", title="Reconvicted", status="pass", reason="", cell="c",
        context={"shares": ["treated", "comparison", "difference", "lower", "upper"]},
        columns=tuple(row), rows=(row,),
    )  # fmt: skip
    html = html_of(released, is_synthetic=False)
    assert html.count("<tr>") == 1 + 8
    assert html.index("Those who took part (%)") < html.index(
        "Estimated difference (percentage points)"
    )
    assert "-7.4" in html
    assert "Significant?" in html


def test_files_hold_every_row_as_it_was_released_with_hidden_cells_marked():
    table = shown_table(output(AGES, shares=["share"]), is_synthetic=False)
    assert table.raw_headings == ("Age", "People", "Returned", "Share (share, 0 to 1)")
    assert table.raw[0] == ("Under 20", "12430", "3010", "0.242156")
    assert table.raw[2] == ("Not known", "[c]", "[c]", "[c]")


def test_a_group_named_by_its_year_has_no_separator_and_a_count_has_one():
    rows = [{"level": "2015", "people": "2015", "shown": "yes"}]
    html = html_of(output(rows), is_synthetic=False)
    assert '<th scope="row" class="number">2015</th><td class="number">2,015</td>' in html
