"""Released objects come from here alone; what has no rule is refused."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure.judge import judge
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import SHARE, as_candidate, frequencies, shares


def text(rows: list[tuple], formats: dict[str, str], at_risk=None, **changes):
    names = ["name", "people", "returned", "estimate", "lower", "upper"]
    table, roles = pd.DataFrame(rows, columns=names), SHARE
    if at_risk is not None:
        table["at_risk"], roles = at_risk, dataclasses.replace(SHARE, count=("at_risk",))
    return frequencies(
        {"a": 1},
        kind="text",
        table=table,
        dimensions=("name",),
        roles=roles,
        options={"formats": formats},
        **changes,
    )


def test_a_released_object_cannot_be_made_elsewhere(srs):
    released = disclosure.release(as_candidate(frequencies({"a": 50})), srs)
    with pytest.raises(DisclosureError, match=r"made by disclosure\.release alone"):
        disclosure.Released("a", "table", "A", released.table, None, False, {})
    with pytest.raises(dataclasses.FrozenInstanceError):
        released.title = "changed"


def test_releasing_does_not_change_the_candidate(srs):
    candidate = as_candidate(frequencies({"a": 51, "b": 3, "c": 44}))
    before = candidate.output.table.copy()
    disclosure.release(candidate, srs)
    pd.testing.assert_frame_equal(candidate.output.table, before)


def test_a_kind_without_a_rule_is_refused(srs):
    only_tables = dataclasses.replace(srs, mechanism={"table": "suppress_then_round"})
    with pytest.raises(DisclosureError, match="kind estimates has no rule in profile ons-srs"):
        disclosure.release(as_candidate(shares([("a", 5, 500, 100)])), only_tables)


def test_an_output_of_which_nothing_may_be_shown_is_refused(srs):
    with pytest.raises(DisclosureError, match="no row of it may be shown"):
        disclosure.release(as_candidate(frequencies({"a": 5, "b": 4})), srs)


def test_an_empty_output_is_refused(srs):
    output = frequencies({"a": 50})
    empty = dataclasses.replace(output, table=output.table.head(0))
    with pytest.raises(DisclosureError, match="must have rows"):
        disclosure.release(as_candidate(empty), srs)


def test_a_table_longer_than_a_checker_can_read_is_for_review(srs):
    long = frequencies({f"g{n}": 50 for n in range(501)})
    with pytest.raises(DisclosureError, match="at most 500 rows"):
        disclosure.release(as_candidate(long), srs)


def test_a_sentence_gets_its_rounded_number_in_words(srs):
    rows = [
        ("five_years", 1203, 291, 0.2419, 0.2331, 0.2507),
        ("mothers", 1203, 291, 1203.0, float("nan"), float("nan")),
    ]
    released = disclosure.release(
        as_candidate(text(rows, {"five_years": "percent", "mothers": "count"}, [900, 0])), srs
    )
    assert released.texts == {"five_years": "24% (95% interval 23% to 25%)", "mothers": "1,205"}
    assert released.table.columns.tolist() == [
        "name",
        "text",
        "estimate",
        "lower",
        "upper",
        "shown",
    ]


def test_a_share_of_whom_few_are_still_followed_is_not_said(srs):
    rows = [("five_years", 1203, 291, 0.2419, 0.2331, 0.2507)] * 2
    rows[1] = ("ten_years", 1203, 391, 0.4419, 0.4331, 0.4507)
    said = text(rows, {"five_years": "percent", "ten_years": "percent"}, [900, 9])
    assert set(disclosure.release(as_candidate(said), srs).texts) == {"five_years"}


def test_a_number_about_few_people_is_not_said(srs):
    rows = [("young", 30, 9, 0.3, 0.2, 0.4), ("old", 300, 90, 0.3, 0.2, 0.4)]
    released = disclosure.release(
        as_candidate(text(rows, {"young": "percent", "old": "percent"})), srs
    )
    assert set(released.texts) == {"old"}
    assert released.table["text"].tolist()[0] == ""


def test_a_sentence_does_not_say_what_its_table_had_to_hide(srs):
    table = shares([("all", 5, 1000, 300), ("a", 5, 990, 295), ("b", 5, 10, 5)])
    said = text(
        [("a", 990, 295, 295 / 990, 0.2, 0.4), ("all", 1000, 300, 0.3, 0.2, 0.4)],
        {"a": "percent", "all": "percent"},
    )
    judged = judge([as_candidate(table), as_candidate(said, "headline")], srs)
    hidden = judged[0].protected.table.set_index("group")["shown"]
    spoken = judged[1].protected.table.set_index("name")["shown"]
    assert "suppressed" in (hidden["a"], hidden["all"])
    for name in ("a", "all"):
        assert (hidden[name] == "suppressed") == (spoken[name] == "suppressed")


def test_days_in_a_sentence_have_no_rule_yet(srs):
    said = text([("median", 1000, 500, 731.0, 700.0, 760.0)], {"median": "days"})
    with pytest.raises(DisclosureError, match="have no rule yet"):
        disclosure.release(as_candidate(said), srs)
    assert disclosure.release(as_candidate(said), "open").texts == {
        "median": "731 days (95% interval 700 to 760)"
    }


def test_a_text_without_its_format_is_refused():
    said = text([("median", 1000, 500, 731.0, 700.0, 760.0)], {})
    with pytest.raises(DisclosureError, match=r"options\.formats"):
        disclosure.release(as_candidate(said), "open")


def test_no_reason_holds_a_count(srs):
    refused = judge([as_candidate(frequencies({"a": 7}))], srs)[0].verdict
    assert "7" not in " ".join(refused.reasons)
