"""A roll-out to courts, drawn: who is compared with whom, worked out by hand."""

from __future__ import annotations

import datetime

import pytest

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.evaluation.roll_out import Calendar, CalendarRow, roll_out_effects
from tests.spec.criminal_courts import court_warehouse

# Convicted (g) or not (n) of those tried, by court and year of receipt. Court c:1 is reached on
# 1 January 2020, c:2 on 1 July 2020, c:3 and c:4 never; c:5 always was; c:6 is in no calendar.
TRIED = """
court | 2019 | 2020 | 2021
c:1   | ggng | gnng | nngn
c:2   | ggnn | gngn | ngnn
c:3   | gngn | ggnn | gnng
c:4   | ggng | gggn | ggng
c:5   | gn   | gn   | gn
c:6   | gn   | gn   | gn
"""
DAYS = ("02-01", "05-01", "08-01", "11-01")
HEADING = "row | case | type | person | court | received | heard | ended | code | plea | verdict\n"
WINDOW = {"period": "year", "received_from": "2019-01-01", "received_to": "2022-01-01"}
GUILT = {"g": "guilty", "n": "not_guilty"}


def row(number, court, day, *, verdict, code="sexual_offences", plea="not_guilty", ended=True):
    ends = "2022-03-01" if ended else "-"
    return (
        f"r{number} | k{number} | crown_trial | {number} | {court} | {day} | {day} | {ends} | "
        f"{code} | {plea} | {verdict}\n"
    )


def drawn(*more):
    lines, number = [], 100
    heading, *courts = [line.split("|") for line in TRIED.strip().splitlines()]
    for court, *cells in courts:
        for year, cell in zip(heading[1:], cells, strict=True):
            for day, letter in zip(DAYS, cell.strip(), strict=False):
                date = f"{year.strip()}-{day}"
                lines.append(row(number, court.strip(), date, verdict=GUILT[letter]))
                number += 1
    return HEADING + "".join([*lines, *more])


CALENDAR = Calendar(
    "drawn",
    (
        CalendarRow("c:1", "g", "drawn", datetime.date(2020, 1, 1)),
        CalendarRow("c:2", "g", "drawn", datetime.date(2020, 7, 1)),
        CalendarRow("c:3", "g", "drawn", status="NEVER"),
        CalendarRow("c:4", "g", "drawn", status="NEVER"),
        CalendarRow("c:5", "g", "drawn", datetime.date(2010, 1, 1)),
    ),
)


def test_effects_are_changes_less_those_of_courts_not_reached(backend):
    found = roll_out_effects(court_warehouse(backend, drawn()), CALENDAR, **WINDOW)
    table = found.outputs["group_time"].table.set_index(["term", "level"])
    # c:1 and c:2 before: 5 of 8. In 2020 c:1 2 of 4, and of c:2 the cases since July, 1 of 2.
    # c:3 and c:4: 5 of 8 in each year.
    effect = table.loc[("reached in 2020", "2020")]
    assert effect["estimate"] == pytest.approx(3 / 6 - 5 / 8)
    assert table.loc[("reached in 2020", "2021"), "estimate"] == pytest.approx(2 / 8 - 5 / 8)
    assert effect[["treated_people", "comparison_people"]].tolist() == [14, 16]
    # Who is counted, and who is set aside at which step.
    steps = found.attrition.table()
    assert steps["people"].tolist() == [60, 60, 60, 60, 60, 54, 48, 46, 46]
    assert found.outputs["selection"].table["people"].tolist() == [60, 60, 46]
    assert found.starts.sentences() == (
        "1 courts of the data are not in the calendar: they are left out.",
    )
    # Shares convicted by wave and year of receipt.
    rates = found.outputs["rates"].table.set_index(["courts", "received"])
    assert rates.loc[("reached in 2020", "in 2020"), ["units", "convicted"]].tolist() == [6, 3]
    assert rates.loc[("not reached in the window", "all"), "estimate"] == pytest.approx(15 / 24)
    # Three levels, with two-way effects beside them.
    terms = found.table.groupby("term")["level"].apply(set)
    assert terms["average effect on cases of reached courts"] == {"charge", "defendant", "case"}
    assert terms["two-way fixed effects of court and period"] == {"charge", "defendant", "case"}
    assert "average effect where it was used" not in terms


def test_an_effect_where_it_was_used_is_the_average_over_the_share(backend):
    made = roll_out_effects(court_warehouse(backend, drawn()), CALENDAR, used_share=0.5, **WINDOW)
    table = made.table.set_index(["term", "level"])
    average = table.loc[("average effect on cases of reached courts", "defendant")]
    used = table.loc[("average effect where it was used", "defendant")]
    assert used["estimate"] == pytest.approx(2 * average["estimate"])
    assert used["standard_error"] == pytest.approx(2 * average["standard_error"])


def test_guilty_pleas_other_offences_and_open_cases_do_not_count(backend):
    more = (
        row(900, "c:1", "2021-02-01", verdict="guilty", plea="guilty"),
        row(901, "c:1", "2021-02-01", verdict="guilty", code="theft"),
        row(902, "c:1", "2021-02-01", verdict="-", plea="-", ended=False),
    )
    made = roll_out_effects(court_warehouse(backend, drawn(*more)), CALENDAR, **WINDOW)
    assert made.attrition.table()["people"].tolist()[:4] == [62, 61, 60, 60]
    table = made.outputs["group_time"].table.set_index(["term", "level"])
    assert table.loc[("reached in 2020", "2021"), "estimate"] == pytest.approx(2 / 8 - 5 / 8)


def test_the_window_closes_before_cases_that_have_not_ended(backend):
    open_ = [
        row(900 + n, "c:3", "2021-02-01", verdict="-", plea="-", ended=False) for n in range(9)
    ]
    options = {"period": "year", "received_from": "2019-01-01"}
    made = roll_out_effects(court_warehouse(backend, drawn(*open_)), CALENDAR, **options)
    layout = made.fitted["defendant"].layout
    assert layout.until == datetime.date(2021, 1, 1)
    assert layout.closed_by == "later cases have not all ended"


def test_the_window_can_close_before_the_first_court_moves(backend):
    coverage = """
    source                | place | from       | to         | reason
    crown_court_defendant | -     | 2018-01-01 | 2024-04-01 | the extract
    crown_court_defendant | c:4   | 2018-01-01 | 2021-06-01 | migrated to Common Platform
    """
    warehouse = court_warehouse(backend, drawn(), coverage=coverage)
    kept = roll_out_effects(warehouse, CALENDAR, **WINDOW)
    assert kept.fitted["case"].layout.until == datetime.date(2022, 1, 1)
    closed = roll_out_effects(warehouse, CALENDAR, courts_that_moved="close", **WINDOW)
    assert closed.fitted["case"].layout.until == datetime.date(2021, 6, 1)


def test_an_offence_group_without_a_trial_is_refused(backend):
    with pytest.raises(MetricError, match="needs a court with a day"):
        roll_out_effects(court_warehouse(backend, drawn()), CALENDAR, offences=("fraud",), **WINDOW)


def test_courts_that_the_calendar_does_not_know_are_refused(backend):
    with pytest.raises(MetricError, match="the calendar dates none"):
        roll_out_effects(court_warehouse(backend, drawn()), group="s.16", **WINDOW)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"offences": ("arson",)}, "1 are not, of 1"),
        ({"offences": ()}, "offences must be among"),
        ({"least_ended": 0}, "least_ended must be above 0"),
        ({"used_share": 1.5}, "used_share must be above 0"),
        ({"period": "month"}, "period must be one of quarter, half_year, year"),
        ({"received_from": "2022-01-01", "received_to": "2021-01-01"}, "must be before"),
    ],
)
def test_options_that_make_no_sense_are_refused(backend, options, said):
    with pytest.raises(OptionError, match=said):
        roll_out_effects(court_warehouse(backend, drawn()), CALENDAR, **options)
