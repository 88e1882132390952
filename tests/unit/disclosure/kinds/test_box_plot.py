"""Box plots: percentiles alone, and all five of them or none."""

from __future__ import annotations

import dataclasses

import pytest

from tests.unit.disclosure.kinds.quantity_examples import (
    failures,
    protected,
    statistics,
    thin,
    with_mechanism,
)

FIVE = ("percentile_5", "percentile_25", "median", "percentile_75", "percentile_95")
VALUES = (4.0, 22.0, 51.0, 90.0, 212.0)


def boxes(rows, *names):
    return statistics(rows, *(names or FIVE), kind="box_plot")


def test_five_percentiles_with_enough_people_are_shown_rounded(srs):
    shown = protected(boxes({"a": (2000, *VALUES)}), srs).loc["a"]
    assert [shown[name] for name in FIVE] == [4, 22, 52, 90, 212]
    assert shown["shown"] == "yes"


def test_a_box_of_which_one_number_fails_is_hidden_whole(srs):
    found = boxes({"a": (2000, *VALUES), "b": (150, *VALUES)})
    assert thin(found, srs) == {"b"}
    assert protected(found, srs).loc["b", [*FIVE]].isna().all()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("minimum", *FIVE[1:]), "never extremes"),
        ((*FIVE[:4], "maximum"), "never extremes"),
        ((*FIVE[:4], "outlier"), "outlier must be a percentile"),
        (FIVE[:4], "must have 5 percentiles"),
    ],
)
def test_whiskers_and_outliers_that_are_people_fail(srs, names, said):
    found = boxes({"a": (2000, *VALUES[: len(names)])}, *names)
    assert said in failures(found, srs)


def test_extremes_stay_refused_in_box_plots_where_tables_may_show_them(srs):
    open_handed = dataclasses.replace(srs, extremes=True)
    found = boxes({"a": (2000, *VALUES)}, "minimum", *FIVE[1:])
    assert "never extremes" in failures(found, open_handed)


def test_open_data_may_show_whiskers_as_they_are(srs):
    everything = dataclasses.replace(with_mechanism(srs, "none"), extremes=True)
    found = boxes({"a": (3, *VALUES)}, "minimum", *FIVE[1:])
    assert failures(found, everything) == ""
    assert protected(found, everything, set()).loc["a", "minimum"] == 4


def test_five_good_percentiles_do_not_fail(srs):
    assert failures(boxes({"a": (2000, *VALUES)}), srs) == ""
