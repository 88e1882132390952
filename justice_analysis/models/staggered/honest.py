"""Bounds on effects if trends were not parallel, after Rambachan and Roth (2023)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models.staggered import smoothness as smoothness_of
from justice_analysis.models.staggered.relative_magnitudes import (
    Events,
    identified_set,
    robust_interval,
)
from justice_analysis.models.staggered.result import StaggeredEffects

if TYPE_CHECKING:
    import pandas as pd

RELATIVE = "relative magnitudes"
SMOOTH = "smoothness"
LARGEST_MULTIPLE = 100.0
BISECTIONS = 14
BENT = "the trend before treatment bends more than this allows; the interval still holds"
Interval = Callable[[float], tuple[float, float]]
Row = tuple[str, float, float, float, float, float, str]


@dataclass(frozen=True, eq=False)
class HonestBounds:
    """What an effect may be if trends were not parallel.

    Attributes
    ----------
    table
        One row per `restriction` ("relative magnitudes" or "smoothness") and `bound`:
        `identified_lower`, `identified_upper` (the estimates taken as exact), `lower`, `upper`
        (the interval) and `reason` (why there is no identified set).
    estimate, lower, upper
        The effect and its plain interval: parallel trends hold exactly.
    breakdown
        Restriction to the smallest bound at which its interval takes in 0: 0 if the narrowest
        does, `None` if none up to the largest tried does.
    event_times, weights
        Event times averaged, and their weights.
    rule
        How the intervals are found, in words.
    """

    table: pd.DataFrame
    estimate: float
    lower: float
    upper: float
    breakdown: dict[str, float | None]
    event_times: tuple[int, ...]
    weights: tuple[float, ...]
    rule: str


def honest_bounds(
    effects: StaggeredEffects,
    *,
    relative_magnitudes: Sequence[float] = (0.5, 1.0, 1.5, 2.0),
    smoothness: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
    window: tuple[int, int] | None = None,
) -> HonestBounds:
    """Bound an average effect under departures from parallel trends of a stated size.

    Parameters
    ----------
    effects
        With `base="universal"`.
    relative_magnitudes
        Multiples M: after treatment, trends part from one period to the next by at most M times
        the most that they did before it.
    smoothness
        Bounds M, in units of the outcome: the difference of trends changes its slope by at most
        M from one period to the next. 0 lets it go on in a straight line.
    weights
        One for each event time after treatment in the window; all alike unless given.
    window
        First and last event time used; the thin ends of an event study make bounds wide.

    Returns
    -------
    HonestBounds
        Relative magnitudes by least favourable tests, conservative (see the module);
        smoothness by the shortest interval of fixed length.

    Raises
    ------
    OptionError, MetricError
        If bounds are below 0, the base varies, there is no effect before treatment in the
        window, or an event time in it has no estimate or no error.
    """
    asked = {RELATIVE: tuple(relative_magnitudes), SMOOTH: tuple(smoothness or ())}
    if any(
        not (np.isfinite(bound) and bound >= 0) for bounds in asked.values() for bound in bounds
    ):
        raise OptionError("bounds on departures from parallel trends must be numbers, 0 or above.")
    events, times = _events(effects, weights, window)
    plain = robust_interval(events, 0.0)
    searched: dict[str, tuple[Interval, float]] = {}
    made = []
    if asked[RELATIVE]:
        searched[RELATIVE] = (lambda bound: robust_interval(events, bound), LARGEST_MULTIPLE)
        made += [_relative(events, bound) for bound in asked[RELATIVE]]
    if asked[SMOOTH]:
        largest = 2 * float(np.abs(np.r_[events.before, events.after]).max())
        searched[SMOOTH] = (lambda bound: _smooth_interval(events, effects, bound), largest)
        made += [_smooth(events, effects, bound) for bound in asked[SMOOTH]]
    return HonestBounds(
        table=_table(made),
        estimate=events.estimate,
        lower=plain[0],
        upper=plain[1],
        breakdown={name: _breakdown(*how) for name, how in searched.items()},
        event_times=times,
        weights=tuple(float(weight) for weight in events.weight),
        rule=f"{effects.rule}; relative magnitudes: union of least favourable tests with "
        "Bonferroni's quantile; smoothness: fixed-length interval",
    )


def _events(
    effects: StaggeredEffects, weights: Sequence[float] | None, window: tuple[int, int] | None
) -> tuple[Events, tuple[int, ...]]:
    """Estimates before and after treatment, and the event times averaged."""
    from scipy.stats import t as student

    if effects.base != "universal":
        raise OptionError('honest bounds need effects with base="universal".')
    study = effects.event_study.set_index("event_time")
    first, last = window or (int(study.index.min()), int(study.index.max()))
    reference = -1 - effects.anticipation
    before = list(range(first, reference))
    after = list(range(reference + 1, last + 1))
    if not before or last < 0:
        raise MetricError(
            "honest bounds need effects in the window both before the reference period and from "
            f"treatment on: {len(before):,} before and {max(last + 1, 0):,} after."
        )
    used = [*before, *after]
    lacking = [time for time in used if time not in study.index or study["reason"].get(time)]
    if lacking:
        raise MetricError(
            f"every event time in the window must have an estimate and an error: {len(lacking):,} "
            f"of {len(used):,} have not. Pass a narrower window."
        )
    averaged = [time for time in after if time >= 0]
    weight = np.full(len(averaged), 1 / len(averaged))
    if weights is not None:
        weight = np.asarray(weights, dtype=np.float64)
        if weight.shape != (len(averaged),) or not np.isfinite(weight).all():
            raise OptionError(
                f"weights must be {len(averaged)} numbers, one for each event time from 0 on."
            )
    estimate = study["estimate"]
    freedom = effects.degrees_of_freedom
    return Events(
        before=estimate.loc[before].to_numpy(),
        after=estimate.loc[after].to_numpy(),
        covariance=effects.covariance.loc[used, used].to_numpy(),
        weight=np.r_[np.zeros(len(after) - len(averaged)), weight],
        quantile=float(student.ppf(0.5 + effects.level / 2, freedom)),
    ), tuple(averaged)


def _relative(events: Events, bound: float) -> Row:
    """One row of the table: relative magnitudes."""
    return (RELATIVE, bound, *identified_set(events, bound), *robust_interval(events, bound), "")


def _smooth(events: Events, effects: StaggeredEffects, bound: float) -> Row:
    """One row of the table: smoothness."""
    possible = smoothness_of.identified_set(events, bound)
    ends = _smooth_interval(events, effects, bound)
    return (SMOOTH, bound, *(possible or (np.nan, np.nan)), *ends, "" if possible else BENT)


def _smooth_interval(
    events: Events, effects: StaggeredEffects, bound: float
) -> tuple[float, float]:
    return smoothness_of.robust_interval(events, bound, effects.level, effects.degrees_of_freedom)


def _breakdown(interval: Interval, largest: float) -> float | None:
    """Smallest bound at which the interval takes in 0, by bisection."""

    def takes_in_0(bound: float) -> bool:
        lower, upper = interval(bound)
        return lower <= 0 <= upper

    if takes_in_0(0.0):
        return 0.0
    if not takes_in_0(largest):
        return None
    low, high = 0.0, largest
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (low, middle) if takes_in_0(middle) else (middle, high)
    return high


def _table(made: list[Row]) -> pd.DataFrame:
    import pandas as pd

    names = [
        "restriction", "bound", "identified_lower", "identified_upper", "lower", "upper", "reason",
    ]  # fmt: skip
    return pd.DataFrame(made, columns=names)
