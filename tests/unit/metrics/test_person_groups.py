"""Groups of people and windows of days."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.errors import OptionError
from justice_analysis.metrics.person_groups import (
    AGE_ORDER,
    check_window,
    window_words,
    with_person_groups,
)
from tests.spec import tables

DAY = "2020-06-01"
BIRTHS = {
    1: ("2002-07-01", "under 18"),  # 17 until July
    2: ("2002-06-01", "18 to 20"),
    3: ("1999-06-01", "21 to 24"),
    4: ("1970-06-01", "50 and over"),
    5: (None, "not known"),
    6: ("2020-07-01", "not known"),  # born after the day
    7: ("1900-01-01", "not known"),  # nobody is 120
}


def test_ages_on_the_day_are_put_in_bands_and_impossible_ones_are_not_known(backend):
    people = [{"person_id": str(n), "birth_month": birth} for n, (birth, _) in BIRTHS.items()]
    drawn = tables.warehouse(backend, {"person": people})
    rows = engine.memory_table(
        backend,
        {"person_id": [*BIRTHS, None], "day": [DAY] * (len(BIRTHS) + 1)},
        {"person_id": "int64", "day": "date"},
    )
    named = engine.execute(with_person_groups(drawn, rows, day="day", by="age_band"))
    found = {int(p): band for p, band in zip(named["person_id"], named["age_band"], strict=True)
             if p == p}  # fmt: skip
    assert found == {n: band for n, (_, band) in BIRTHS.items()}
    assert named[named["person_id"].isna()]["age_band"].tolist() == ["not known"]
    assert {band for _, band in BIRTHS.values()} - {"not known"} <= set(AGE_ORDER)


@pytest.mark.parametrize(("group", "column"), [("sex", "sex"), ("ethnicity", "ethnicity_group")])
def test_what_is_not_recorded_of_a_person_is_not_known(backend, group, column):
    people = [{"person_id": "1", column: "mixed"}, {"person_id": "2", column: None}]
    drawn = tables.warehouse(backend, {"person": people})
    rows = engine.memory_table(
        backend,
        {"person_id": [1, 2, 3], "day": [DAY] * 3},
        {"person_id": "int64", "day": "date"},
    )
    named = engine.execute(with_person_groups(drawn, rows, day="day", by=group))
    found = named.sort_values("person_id")[group].tolist()
    assert found == ["mixed", "not known", "not known"]


def test_a_window_is_said_in_words_and_must_end_after_it_starts():
    said = " from 1 May 2014 and before 2 June 2015"
    assert window_words("2014-05-01", "2015-06-02") == said
    assert window_words(None, None) == ""
    with pytest.raises(OptionError, match="end after it starts"):
        check_window("2014-05-01", "2014-05-01")
    with pytest.raises(OptionError, match="YYYY-MM-DD"):
        check_window("May", None)
