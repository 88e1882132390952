"""Figures on the real quarterly series, set beside a plain walk through the published file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from justice_analysis import warehouse
from justice_analysis.metrics.journeys import published_flows, published_growth

COURTS = {
    "court__case_backlog_cc": ("court__cc_start", "court__cc_convictions"),
    "court__case_backlog_mc": ("court__mc_start", "court__mc_convictions"),
}
PARTS = ("prison__population__remand", "prison__population__sentenced",
         "prison__population__non_crime")  # fmt: skip


@pytest.fixture(scope="module")
def lines(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "uk_cjs_quarterly.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def opened(series_warehouse):
    return warehouse.open(series_warehouse)


def label(line: dict[str, str]) -> str:
    year, month = line["quarter_ending"].split("-")
    return f"{year} Q{int(month) // 3}"


def test_every_number_of_the_file_is_loaded_once_with_its_quarter(opened, lines):
    from justice_analysis import engine

    held = engine.execute(opened.area_measure)
    found = {
        (str(row["concept"]), str(row["from_date"])[:10]): row["value_number"]
        for row in held.to_dict("records")
    }
    expected = {}
    for line in lines:
        year, month = line["quarter_ending"].split("-")
        for name, value in line.items():
            if name != "quarter_ending":
                expected[name, f"{year}-{int(month) - 2:02}-01"] = float(value)
    assert found == expected
    assert len(held) == 24 * 27


@pytest.mark.parametrize("stock", COURTS)
def test_the_account_of_each_court_adds_up_line_by_line(opened, lines, stock):
    start, known = COURTS[stock]
    found = published_flows(opened, stock=stock, arrivals=[start], known_endings=[known])
    shown = found.outputs["account"].table.to_dict("records")
    assert len(shown) == len(lines) - 1
    left, fewer = [], 0
    for before, line, row in zip(lines, lines[1:], shown, strict=False):
        gone = int(before[stock]) + int(line[start]) - int(line[stock])
        left.append(gone)
        fewer += gone < int(line[known])
        assert row == {
            "quarter": label(line),
            "open_at_start": int(before[stock]),
            "arrived": int(line[start]),
            "departed": gone,
            "open_at_end": int(line[stock]),
            "known_endings": int(line[known]),
        }
    last = int(lines[-1][stock])
    arrived = [int(line[start]) for line in lines]
    base = [label(line) for line in lines].index("2019 Q1")
    said = found.outputs["numbers"].table.set_index("name")["estimate"]
    assert said["months_at_last_quarter"] == pytest.approx(last / (left[-1] / 3), abs=0.05)
    assert said["months_at_last_year"] == pytest.approx(last / (sum(left[-4:]) / 12), abs=0.05)
    assert said["months_at_arrivals"] == pytest.approx(last / (sum(arrived[-4:]) / 12), abs=0.05)
    pace = found.outputs["pace"].table.iloc[-1]
    assert pace["months_at_last_year"] == said["months_at_last_year"]
    assert said["arrived_since_base"] == sum(arrived[base + 1 :])
    assert said["departed_since_base"] == sum(left[base:])
    assert said["quarters_with_fewer_than_known"] == fewer


def test_the_account_fails_in_one_quarter_of_the_magistrates_courts_alone(opened):
    for stock, (start, known) in COURTS.items():
        found = published_flows(opened, stock=stock, arrivals=[start], known_endings=[known])
        table = found.table[found.table["departed"] < found.table["known_endings"]]
        expected = [] if stock.endswith("_cc") else ["2020 Q2"]
        assert table["quarter"].tolist() == expected


def test_growth_and_the_parts_of_the_prison_population_are_those_of_the_file(opened, lines):
    found = published_growth(opened, series=PARTS, whole="prison__population__total")
    base, last = (next(one for one in lines if label(one) == name) for name in
                  ("2019 Q1", "2024 Q1"))  # fmt: skip
    names = (*PARTS, "prison__population__total")
    whole = int(last[names[-1]]) - int(base[names[-1]])
    for name, row in zip(names, found.table.to_dict("records"), strict=True):
        change = int(last[name]) - int(base[name])
        assert (row["at_base"], row["at_last"]) == (int(base[name]), int(last[name]))
        assert row["change"] == change
        assert row["growth"] == pytest.approx(change / int(base[name]))
        assert row["share_of_growth"] == pytest.approx(change / whole)
    assert (
        max(abs(sum(int(line[name]) for name in PARTS) - int(line[names[-1]])) for line in lines)
        == found.outputs["numbers"].table.set_index("name").loc["largest_gap", "estimate"]
    )


def test_charges_add_up_to_court_starts_in_every_quarter(opened, lines):
    charges = ("police__charges", "police__non_police_charges")
    found = published_growth(opened, series=charges, whole="court__mc_start")
    said = found.outputs["numbers"].table.set_index("name")["estimate"]
    assert said["largest_gap"] == 0
    for line in lines:
        total = sum(float(line[name]) for name in charges)
        assert total == pytest.approx(float(line["court__mc_start"]), abs=1e-6)


def test_the_index_of_each_series_is_its_number_over_that_of_the_base(opened, lines):
    name = "court__case_backlog_cc"
    table = published_growth(opened, series=[name]).outputs["over_time"].table
    base = next(float(line[name]) for line in lines if label(line) == "2019 Q1")
    assert table["index"].tolist() == [round(100 * float(x[name]) / base, 1) for x in lines]
    assert table["number"].tolist() == [int(line[name]) for line in lines]
