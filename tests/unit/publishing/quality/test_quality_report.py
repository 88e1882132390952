"""The quality report of a load: what it shows, and what it keeps back."""

from __future__ import annotations

import dataclasses
import re
from types import SimpleNamespace

import pytest

from justice_analysis import warehouse
from justice_analysis.publishing.quality.cells import (
    count_words,
    share_cell,
    share_words,
    total_words,
    year_bars,
)
from justice_analysis.publishing.quality.report import quality_html, write_quality_report
from justice_analysis.publishing.quality.years import by_shown_years


@pytest.fixture(scope="module")
def report(open_warehouse):
    return write_quality_report(warehouse.open(open_warehouse)).read_text("utf-8")


# Small counts -----------------------------------------------------------------------------


def test_small_counts_are_hidden_and_nought_is_shown():
    assert [count_words(number, 10) for number in (0, 1, 9, 10, 1234)] == [
        "0", "fewer than 10", "fewer than 10", "10", "1,234",
    ]  # fmt: skip


def test_a_total_does_not_tell_its_small_part():
    assert total_words([120, 30], 10) == "150"
    assert total_words([120, 3], 10) == "about 120"
    assert total_words([2, 3], 10) == "fewer than 10"
    assert total_words([], 10) == "0"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 100, "0%"),
        (100, 100, "100%"),
        (50, 100, "50%"),
        (3, 200, "&lt;5%"),
        (198, 200, "&gt;95%"),
        (3, 9, "[c]"),
        (9_990, 10_000, "99%"),
        (12, 10_000, "1%"),
    ],
)
def test_a_share_is_a_bound_where_it_would_tell_a_small_count(part, whole, said):
    assert share_words(part, whole, 10) == said


def test_shares_of_every_small_count_look_alike():
    shares = {share_words(part, 57, 10) for part in range(1, 10)}
    shades = {share_cell(part, 57, 10) for part in range(1, 10)}
    nearly_all = {share_cell(57 - gone, 57, 10) for gone in range(1, 10)}
    assert len(shares) == len(shades) == len(nearly_all) == 1


def test_bars_hide_years_of_few_rows_and_say_their_numbers_in_words():
    drawn = year_bars(["2014", "2015", "2016"], [100, 3, 50], of="cases", threshold=10)
    assert drawn.count("<rect") == 2
    assert "2014 100; 2015 fewer than 10; 2016 50" in drawn


def test_stray_years_stand_before_and_after_the_main_stretch():
    counted = {
        "years": ["1900", "2010", "2011", "2013", "2031", ""],
        "rows": [40, 3, 100, 100, 2, 7],
        "fields": {"sex": {"missing": [1, 1, 2, 3, 1, 4]}, "a, b": {"a must not follow b": [1]}},
    }
    labels, rows, missing = by_shown_years(counted, 10)
    assert labels == ["before", "2011", "2013", "after", "no date"]
    assert rows == [43, 100, 100, 2, 7]
    assert missing == {"sex": [2, 2, 3, 1, 4]}


# The page ---------------------------------------------------------------------------------


def test_the_page_needs_nothing_beside_it(report):
    assert "<script" not in report
    assert not re.search(r"(src|href)=\"(?!#)", report)
    assert "url(" not in report
    assert "@import" not in report


def test_every_table_has_a_caption_headings_and_a_name(report):
    tables = report.count("<table")
    assert tables > 3
    assert report.count("<caption>") == tables
    assert report.count('role="region" tabindex="0" aria-label="') == tables
    assert report.count("<h1>") == 1


def test_the_page_says_that_its_counts_are_not_released(report, open_warehouse):
    assert "have not been checked for release" in report
    assert "Synthetic data" not in report
    opened = warehouse.open(open_warehouse)
    synthetic = {**opened.manifest, "is_synthetic": True}
    assert "Synthetic data" in quality_html(dataclasses.replace(opened, manifest=synthetic))


def test_rows_of_the_dataset_are_on_the_page(report):
    assert ">432</td>" in report
    assert "Filled in every row: " in report


def shown_of(opened, **quality):
    """The page of a warehouse with another quality.json."""
    held = {**opened.quality, **quality}
    parts = {name: getattr(opened, name) for name in ("fingerprint", "manifest", "contract")}
    return quality_html(SimpleNamespace(quality=held, is_synthetic=False, **parts))


def test_changes_and_codes_show_no_small_count_and_escape_what_was_delivered(open_warehouse):
    opened = warehouse.open(open_warehouse)
    change = {
        "dataset": "rossi", "table": "men", "column": "fin", "what": "share missing",
        "before": 0.031, "now": 0.25, "before_count": 3, "now_count": 108, "is_large": True,
    }  # fmt: skip
    about = {"rule": "Rule.", "since": {"rossi": "2024-03-31"}, "first_loads": []}
    codes = [
        {"dataset": "rossi", "table": "men", "column": "fin", "code": "<b>7", "rows": 12},
        {"dataset": "rossi", "table": "men", "column": "fin", "code": "SECRET", "rows": 9},
    ]
    page = shown_of(opened, changes={**about, "found": [change]}, codes_not_in_the_list=codes)
    assert "25.0%" in page
    assert "3.1%" not in page
    assert "<code>&lt;b&gt;7</code>" in page
    assert "SECRET" not in page


def test_columns_that_were_not_delivered_are_said_with_what_they_switch_off(open_warehouse):
    opened = warehouse.open(open_warehouse)
    checks = opened.quality["checks"]
    checks["rossi"]["switched_off"] = ["men.fin: returns by aid"]
    page = shown_of(opened, checks=checks)
    assert "<li>men.fin: returns by aid</li>" in page
