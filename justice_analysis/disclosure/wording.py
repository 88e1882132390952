"""Numbers as a reader would say them: rounded in prose, never more precise than they are."""

from __future__ import annotations

import math

from justice_analysis.definitions.lab_wording import difference_phrase
from justice_analysis.errors import UsageError

LAB = ("of_100", "range", "range_of_100", "range_days")
"""As the Justice Data Lab says a comparison: of 100 people; and where a difference lies."""
FORMATS = ("percent", "count", "days", "number", "rate", "ratio", "points", *LAB)
MARK, SYNTHETIC = "data", "synthetic"
"""Last column of a CSV of synthetic data, and what every row of it says."""


def phrase(
    form: str,
    estimate: float,
    lower: float | None = None,
    upper: float | None = None,
    *,
    per: float = 1,
    noun: str = "",
) -> str:
    """Say an estimate, with its 95% interval where there is one.

    Parameters
    ----------
    form
        `percent` (a share from 0 to 1), `count`, `days`, `number`, `rate`, `ratio` or `points`
        (a difference of two shares); `of_100` (a share or a mean, for 100 people), `range`,
        `range_of_100` and `range_days` (where a difference lies, in words).
    per
        Of how many a rate is: 1,000 for a rate per 1,000.
    noun
        What a range is of: people, offences.

    Returns
    -------
    str
        Such as "24% (95% interval 23% to 25%)" or "12,345".
    """
    if form not in FORMATS:
        raise UsageError(f"a number's format must be one of {', '.join(FORMATS)}.")
    if form in LAB:
        return _of_lab(form, estimate, lower, upper, noun)
    if lower is None or upper is None or not math.isfinite(lower) or not math.isfinite(upper):
        return _say(form, estimate, per)
    if form == "percent":
        places = share_places(estimate, lower, upper)
        said, low, high = (percent(value, places=places) for value in (estimate, lower, upper))
    else:
        times = 100 if form == "points" else 1
        bound = ratio if form == "ratio" else number
        said, low, high = _say(form, estimate, per), bound(lower * times), bound(upper * times)
    return f"{said} (95% interval {low} to {high})"


def _of_lab(form: str, estimate: float, lower: float | None, upper: float | None, noun: str) -> str:
    """Say a comparison in the Lab's words; a range without an interval can't be said."""
    if form == "of_100":
        return count(100 * estimate)
    if lower is None or upper is None:
        raise UsageError("a range must have its interval.")
    times = 100 if form == "range_of_100" else 1
    return difference_phrase(
        times * lower, times * upper, noun="days" if form == "range_days" else noun
    )


def _say(form: str, value: float, per: float) -> str:
    if form == "percent":
        return percent(value)
    if form == "points":
        return points(value)
    if form == "rate":
        return rate(value, per)
    if form == "count":
        return count(value)
    if form == "ratio":
        return ratio(value)
    return days(value) if form == "days" else number(value)


def share_places(estimate: float, lower: float, upper: float) -> int:
    """Decimal places of a percentage: none, or one where whole numbers would hide the interval."""
    return 1 if upper - lower < 0.015 or estimate < 0.01 else 0


def percent(share: float, *, places: int = 0) -> str:
    """Say a share as a percentage: 0.2421 is "24%"."""
    if places == 0 and 0 < share < 0.01:
        places = 1
    return f"{_half_up(share * 100, places):.{places}f}%"


def count(value: float) -> str:
    """Say a count with commas: 12345 is "12,345"."""
    return f"{int(_half_up(value, 0)):,}"


def days(value: float) -> str:
    """Say a length of time in whole days: "1 day", "1,095 days"."""
    whole = int(_half_up(value, 0))
    return f"{whole:,} {'day' if whole == 1 else 'days'}"


def points(difference: float) -> str:
    """Say a difference of two shares: 0.035 is "3.5 percentage points"."""
    said = number(difference * 100)
    return f"{said} percentage {'point' if said in ('1', '-1') else 'points'}"


def rate(value: float, per: float) -> str:
    """Say a rate and what it is of: "12.3 per 1,000"; of one by itself."""
    return number(value) if per == 1 else f"{number(value)} per {per:,.12g}"


def ratio(value: float) -> str:
    """Say a ratio; one near 1 keeps the decimals that tell on which side: "1.003"."""
    said = number(value)
    return said if said != "1" else f"{_half_up(value, 3):.3f}".rstrip("0").rstrip(".")


def number(value: float) -> str:
    """Say any other number to three significant figures, whole from 100: "1.25", "1,235"."""
    if not math.isfinite(value) or value == 0:
        return f"{value:.0f}"
    places = max(2 - math.floor(math.log10(abs(value))), 0)
    text = f"{_half_up(value, places):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _half_up(value: float, places: int) -> float:
    scale = 10**places
    return math.floor(round(value * scale, 6) + 0.5) / scale
