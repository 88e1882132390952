"""Numbers are said as a reader would say them."""

from __future__ import annotations

import pytest

from justice_analysis.disclosure.wording import phrase
from justice_analysis.errors import UsageError


@pytest.mark.parametrize(
    ("form", "numbers", "said"),
    [
        ("percent", (0.2421, 0.2345, 0.2511), "24% (95% interval 23% to 25%)"),
        ("percent", (0.2421, 0.2401, 0.2449), "24.2% (95% interval 24.0% to 24.5%)"),
        ("percent", (0.2421,), "24%"),
        ("percent", (0.004,), "0.4%"),
        ("percent", (0.005, 0.0, 0.02), "0.5% (95% interval 0.0% to 2.0%)"),
        ("percent", (0.2421, float("nan"), 0.25), "24%"),
        ("percent", (0.125,), "13%"),
        ("percent", (0.0,), "0%"),
        ("percent", (1.0,), "100%"),
        ("count", (12345,), "12,345"),
        ("days", (1095.4,), "1,095 days"),
        ("days", (1,), "1 day"),
        ("number", (1.2468,), "1.25"),
        ("number", (1234.6,), "1,235"),
        ("number", (2.0, 1.5, 2.5), "2 (95% interval 1.5 to 2.5)"),
        ("number", (-0.0123,), "-0.0123"),
    ],
)
def test_a_number_reads_as_people_say_it(form, numbers, said):
    assert phrase(form, *numbers) == said


def test_an_unknown_format_is_refused():
    with pytest.raises(UsageError, match="percent, count, days, number"):
        phrase("euro", 1.0)


@pytest.mark.parametrize(
    ("form", "numbers", "per", "said"),
    [
        ("rate", (12.34,), 1000, "12.3 per 1,000"),
        ("rate", (12.34, 10.1, 14.9), 10_000, "12.3 per 10,000 (95% interval 10.1 to 14.9)"),
        ("rate", (1.5,), 1, "1.5"),
        ("ratio", (0.8, 0.7, 0.9), 1, "0.8 (95% interval 0.7 to 0.9)"),
        ("ratio", (0.691, 0.477, 1.0028), 1, "0.691 (95% interval 0.477 to 1.003)"),
        ("ratio", (0.9996, 0.9, 1.2), 1, "1 (95% interval 0.9 to 1.2)"),
        ("points", (0.035,), 1, "3.5 percentage points"),
        ("points", (-0.01,), 1, "-1 percentage point"),
        ("points", (0.035, 0.012, 0.058), 1, "3.5 percentage points (95% interval 1.2 to 5.8)"),
    ],
)
def test_rates_ratios_and_points_are_said_with_what_they_are_of(form, numbers, per, said):
    assert phrase(form, *numbers, per=per) == said
