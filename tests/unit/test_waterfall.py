"""Parts that add up: each bar begins where the last one ended."""

from __future__ import annotations

import pytest

from justice_analysis.charts.waterfall import draw_waterfall


def test_bars_follow_on_and_the_last_goes_from_zero_to_the_sum():
    figure = draw_waterfall([("first", -3.0), ("second", 5.0)], title="Sum", total="both")
    (axes,) = figure.axes
    bars = [(bar.get_x(), bar.get_width()) for bar in axes.patches]
    assert bars == [(0.0, pytest.approx(-3.0)), (-3.0, pytest.approx(5.0)), (0.0, 2.0)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second", "both"]
    assert [text.get_text() for text in axes.texts] == ["-3.0", "+5.0", "+2.0"]
    assert figure.get_label() == "Sum"


def test_synthetic_data_are_marked():
    figure = draw_waterfall([("only", 1.0)], title="Sum", synthetic=True)
    assert figure.get_label() == "Sum (synthetic data)"
