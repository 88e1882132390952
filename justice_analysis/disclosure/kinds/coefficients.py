"""How precisely coefficients may be shown: one person must not be read out of them.

An estimate of almost any model moves by about `s / sqrt(m)` when one typical person is added or
taken away, where `s` is its standard error and `m` the people it rests on: the standard error is
the spread of their influences over `sqrt(m)`, and one influence is that spread over `m`. Where
events are rare each of them weighs more (the standard error of a log odds or log hazard of `e`
events is about `1 / sqrt(e)`, and one event moves it by `1 / e`), so `m` is the fewest of the
people, the events and those without, in the row and in the level it is compared with.

So estimates are rounded to a step of at least `base s / sqrt(m)`: two fits that differ by fewer
people than the rounding base mostly show the same number, as for a rounded count. The step is 1,
2 or 5 times a power of ten. Ratios (odds, hazards, rates) are rounded on the log scale, where the
standard error is. The standard error itself is rounded up to the same step, so it never has more
digits; intervals and p-values are normal ones, made from the rounded estimate and standard error
alone, so they add nothing. An outlier may weigh several times a typical person: the rule is about
typical ones, and continuous covariates with heavy tails are for the analyst to cap.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds.steps import fewest_behind, nice_step, to_step
from justice_analysis.disclosure.profiles.profile import Profile

PLAIN = ("coefficient", "difference")
RATIOS = ("odds ratio", "hazard ratio", "rate ratio", "ratio")
SPREAD, TEST = "standard error", "p"
KNOWN = (*PLAIN, *RATIOS, SPREAD, TEST)
REFUSED = ("residual", "fitted", "prediction", "leverage", "influence", "dfbeta")
OVER_TIME = ("baseline hazard", "baseline survival", "survival", "hazard")
Z = 1.959964
SMALLEST_P = 0.001
DIGITS = 3
Row = Mapping[Any, Any]


def broken(output: Output) -> list[str]:
    """Statistics that a model may not show, or that nothing names."""
    named = _named(output)
    unit = [name for name, what in named.items() if what in REFUSED]
    curves = [name for name, what in named.items() if what in OVER_TIME]
    unknown = [n for n, what in named.items() if what not in (*KNOWN, *REFUSED, *OVER_TIME)]
    problems = []
    if unit:
        problems.append(
            f"{', '.join(unit)} must not be shown: fitted values, residuals and leverage are "
            "single people's numbers."
        )
    if curves:
        problems.append(
            f"{', '.join(curves)} must be a survival output: baseline hazards and survival are "
            "curves, and are judged as these."
        )
    if unknown:
        problems.append(
            f"roles.statistic must say of each estimate which of {', '.join(KNOWN)} it is: "
            f"{len(unknown)} are none of them."
        )
    return problems


def without_rule(output: Output) -> list[str]:
    """Estimates that can't be rounded by a rule: no spread, or several that disagree."""
    named, roles = _named(output), output.roles
    effects = [name for name, what in named.items() if what in (*PLAIN, *RATIOS)]
    if not effects or named[roles.estimate[0]] not in (*PLAIN, *RATIOS):
        return ["a model's first estimate must be a coefficient, a difference or a ratio."]
    if len(roles.lower) != len(roles.upper) or len(roles.lower) > len(effects):
        return ["every lower bound must have an upper bound and an estimate."]
    rows = unit_rows(output)
    ratios = rows[[name for name in effects if named[name] in RATIOS]].astype(float)
    if (ratios <= 0).any(axis=None):
        return ["ratios must be above 0: some are not."]
    parts = [_parts(output, row) for row in rows.to_dict("records")]
    given = [(value, spread) for value, spread in parts if math.isfinite(value) and value != 0]
    lost = sum(not spread > 0 for _, spread in given)
    problems = []
    if lost:
        problems.append(
            "each estimate must have its standard error or its interval, from which the step it "
            f"is rounded to is made: {lost} rows have neither."
        )
    if not _agree(output, effects):
        problems.append("coefficients and ratios of one row must say the same: some do not.")
    return problems


def rounded(
    output: Output, references: Mapping[str, str], profile: Profile
) -> dict[str, list[float]]:
    """Round every statistic of a model, row by row.

    Parameters
    ----------
    references
        Reference level of each term.

    Returns
    -------
    dict
        For each statistic's column, one value a row; missing where there is none.
    """
    shown: dict[str, list[float]] = {name: [] for name in output.roles.statistics}
    rows = unit_rows(output).to_dict("records")
    for row, by in zip(rows, steps(output, references, profile), strict=True):
        for name, said in _shown(output, *_parts(output, row), by).items():
            shown[name].append(said)
    return shown


def steps(output: Output, references: Mapping[str, str], profile: Profile) -> list[float]:
    """Return the step of each row, from the fewest in it and in the level it is compared with."""
    rows = unit_rows(output).to_dict("records")
    return [
        step(
            _parts(output, row)[1],
            min(_behind(output, one) for one in (row, *_compared(row, rows, references))),
            profile,
        )
        for row in rows
    ]


def step(spread: float, fewest: float, profile: Profile) -> float:
    """Return the step of an estimate: `base s / sqrt(m)`, as the module says.

    Parameters
    ----------
    spread
        Standard error, on the scale of the coefficient.
    fewest
        People, events or those without: the fewest the estimate rests on.
    """
    if not math.isfinite(spread):
        return 0.0
    return nice_step(profile.rounding_base * spread / math.sqrt(fewest_behind(fewest, profile)))


def _named(output: Output) -> dict[str, str]:
    return {name: output.roles.statistic.get(name, "") for name in output.roles.estimate}


def _parts(output: Output, row: Row) -> tuple[float, float]:
    """Coefficient of a row (of a ratio: its logarithm) and its standard error."""
    named, roles = _named(output), output.roles
    first = roles.estimate[0]
    value = _on_scale(float(row[first]), named[first])
    arms = [
        abs(_on_scale(float(row[bound]), named[roles.estimate[n]]) - value) / Z
        for names in (roles.lower, roles.upper)
        for n, bound in enumerate(names)
    ]
    arms += [float(row[name]) for name, what in named.items() if what == SPREAD]
    finite = [arm for arm in arms if math.isfinite(arm)]
    return value, max(finite, default=math.nan)


def _on_scale(value: float, what: str) -> float:
    if what not in RATIOS or math.isnan(value):
        return value
    return math.log(value) if value > 0 else -math.inf


def _agree(output: Output, effects: list[str]) -> bool:
    named = _named(output)
    values = [
        np.array([_on_scale(float(value), named[name]) for value in output.table[name]])
        for name in effects
    ]
    return all(
        np.allclose(values[0], other, rtol=1e-3, atol=1e-6, equal_nan=True) for other in values[1:]
    )


def _compared(row: Row, rows: Sequence[Row], references: Mapping[str, str]) -> list[Row]:
    """Rows of the levels that a row's own is compared with."""
    terms = str(row["term"]).split(":")
    return [
        other
        for other in rows
        if str(other["term"]) in terms and references.get(str(other["term"])) == str(other["level"])
    ]


def _behind(output: Output, row: Row) -> float:
    roles = output.roles
    counts = [float(row[name]) for name in (roles.people, *roles.count)]
    if output.options["model"] in ("cox", "logistic"):
        counts.append(float(row[roles.people]) - float(row["events"]))
    return max(min(counts), 1.0)


def _shown(output: Output, value: float, spread: float, step: float) -> dict[str, float]:
    roles, named = output.roles, _named(output)
    if not math.isfinite(value) or not step > 0:  # a reference level: 0, or a ratio of 1
        at = {name: _back(0.0, named[name]) for name in roles.estimate if value == 0}
        empty = dict.fromkeys(roles.statistics, math.nan)
        return empty | {n: v for n, v in at.items() if named[n] in (*PLAIN, *RATIOS)}
    middle, error = to_step(value, step), _up(spread, step)
    arm = _up(Z * error, step)
    said = {name: _back(middle, what) for name, what in named.items()}
    for name, what in named.items():
        if what == SPREAD:
            said[name] = error
        elif what == TEST:
            said[name] = _p(middle / error)
    for sign, bounds in ((-1, roles.lower), (1, roles.upper)):
        for n, bound in enumerate(bounds):
            said[bound] = _back(middle + sign * arm, named[roles.estimate[n]])
    return said


def _back(value: float, what: str) -> float:
    """Undo the scale; a ratio gets three digits."""
    if what not in RATIOS:
        return float(f"{value:.12g}")
    return float(f"{math.exp(min(value, 700.0)):.{DIGITS}g}")


def _up(value: float, step: float) -> float:
    return float(f"{math.ceil(value / step - 1e-9) * step:.12g}")


def _p(z: float) -> float:
    """Two-sided p-value to two digits; 0.001 stands for anything smaller."""
    return max(float(f"{math.erfc(abs(z) / math.sqrt(2)):.2g}"), SMALLEST_P)
