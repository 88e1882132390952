"""A number of a sentence is one released cell, and says what a reader may ask of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.traced import find_cell, number_of
from justice_analysis.publishing.paper.trends import trend_of
from justice_analysis.publishing.released.reader import ReleasedOutput, ReleasedStudy

CARDS = {"recurrence": "Return to court"}


def output(name: str, kind: str, rows: list[dict[str, str]], **context) -> ReleasedOutput:
    described = {
        "title": "Return by age", "card": "recurrence", "shares": ["share", "lower", "upper"],
        "columns_hold": ["lower = lower end of the 95% interval"], **context,
    }  # fmt: skip
    return ReleasedOutput(name, kind, "Return by age", "c", "pass", "", described,
                          tuple(rows[0]), tuple(rows))  # fmt: skip


TEXTS = output("headline", "text", [
    {"name": "first", "text": "24% (95% interval 23% to 25%)", "lower": "0.23", "upper": "0.25"},
    {"name": "hidden", "text": "", "lower": "", "upper": ""},
])  # fmt: skip
AGES = output("ages", "estimates", [
    {"age": "Under 20", "people": "1234", "share": "0.2416", "lower": "0.2", "upper": "0.3"},
    {"age": "20 and over", "people": "99", "share": "0.1", "lower": "", "upper": ""},
])  # fmt: skip
CURVE = output("curve", "survival", [
    {"group": group, "day": str(day), "share": share}
    for group in ("a", "b") for day, share in ((0, "0"), (9, ""), (30, "0.5"))
], chart={"form": "curve", "x": "day", "y": "share", "group": "group"})  # fmt: skip
HELD_BACK = ReleasedOutput("areas", "estimates", "By area", "c", "review", "too few")


def study(name: str = "returns", *, synthetic: bool = False) -> ReleasedStudy:
    stated = {"synthetic": synthetic, "released": "2026-11-22", "profile": "open"}
    return ReleasedStudy(name, "default", Path(), stated, (TEXTS, AGES, CURVE, HELD_BACK))


def number(reference: str):
    own = study()
    cell = find_cell(reference, within=own, studies=[own])
    return number_of(cell, reference, cards=CARDS)


def test_a_wording_is_shown_as_it_was_released_with_its_definition_and_release():
    found = number("headline/first")
    assert found.text == "24% (95% interval 23% to 25%)"
    assert found.hint == (
        "Return by age",
        "Defined as: Return to court",
        "Released 2026-11-22 under the rules open, study returns/default",
    )


def test_a_cell_of_a_table_is_a_percentage_with_its_interval_and_people():
    found = number("ages/share[age=Under 20]")
    assert found.text == "24.2%"
    assert found.interval == "95% interval: 20.0% to 30.0%"
    assert found.people == "People behind it: 1,234"
    assert number("ages/people[age=Under 20]").text == "1,234"
    assert number("ages/share[age=20 and over]").interval is None


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("headline", "no reference to a released cell"),
        ("headline/second", "not in headline"),
        ("headline/hidden", "hidden for confidentiality"),
        ("ages/share", "picks 2"),
        ("ages/share[sex=F]", "no column sex"),
        ("ages/share[age=30]", "not in ages"),
        ("ages/mean[age=Under 20]", "not in ages"),
        ("areas/share", "was not released"),
        ("other/default:headline/first", "no release holds other/default"),
    ],
)
def test_a_cell_that_is_not_there_is_refused(reference, message):
    with pytest.raises(BookError, match=message):
        number(reference)


def test_another_paper_s_cell_is_named_by_its_study_but_never_a_synthetic_one_as_real():
    made_up, own = study("made_up", synthetic=True), study()
    reference = "returns/default:headline/first"
    assert find_cell(reference, within=made_up, studies=[own]).study is own
    with pytest.raises(BookError, match="is synthetic"):
        find_cell("made_up/default:headline/first", within=own, studies=[made_up])
    with pytest.raises(BookError, match="must name its study"):
        find_cell("headline/first", within=None, studies=[own])


def test_a_trend_is_the_line_of_one_group_with_gaps_where_hidden():
    points, title = trend_of(study(), "curve")
    assert points == (("day 0", 0.0), ("day 9", None), ("day 30", 0.5))
    assert title == "Return by age"
    assert trend_of(study(), "curve[group=b]")[0] == points
    with pytest.raises(BookError, match="must have a chart over time"):
        trend_of(study(), "ages")
    with pytest.raises(BookError, match="no row where group is c"):
        trend_of(study(), "curve[group=c]")
