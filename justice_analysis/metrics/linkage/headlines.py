"""The headline of a result, as numbers that a correction for wrong links can take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from justice_analysis.definitions import Output
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.metrics.estimates.result import EVERYONE, IncidenceResult, horizon_words

COLUMNS = ("group", "people", "returned", "at_risk", "estimate", "lower", "upper")
WITHOUT_PERSONS = "its source has no identifier of persons, so that it rests on no links"


class NotAvailableError(MetricError):
    """A headline that the formulas for wrong links do not reach."""


@dataclass(frozen=True)
class Headline:
    """A share of people by group, or survival at one horizon.

    Attributes
    ----------
    kind
        `share` or `survival`.
    rows
        One row per group ("all" for everyone): `group`, `people`, `returned`, `at_risk`,
        `estimate`, `lower`, `upper`.
    outcome
        What the share is of, in words: "a further set of care proceedings within 5 years".
    horizon_days
        Of survival; missing for a share.
    output
        The metric's own output, for everything else that is said of it.
    """

    kind: str
    rows: pd.DataFrame
    outcome: str
    horizon_days: int | None
    output: Output


def headline_of(result: Any, *, horizon_days: int | None = None) -> Headline:
    """Read the headline of a metric's result.

    Raises
    ------
    NotAvailableError
        If it is no share of people and no survival; the message says why.
    OptionError
        If the horizon asked for is not among the result's.
    """
    if isinstance(result, IncidenceResult):
        return _of_incidence(result, horizon_days)
    if isinstance(result, Measured):
        return _of_measured(result)
    name = getattr(getattr(result, "card", None), "name", "this result")
    raise _not_available(name, "it describes data, and has no share of people as its headline")


def _not_available(name: str, why: str) -> NotAvailableError:
    return NotAvailableError(f"linkage sensitivity of {name} is not available: {why}.")


def _of_incidence(result: IncidenceResult, horizon_days: int | None) -> Headline:
    name = result.card.name
    if result.about == "records":
        raise _not_available(name, WITHOUT_PERSONS)
    if result.table["cause"].nunique() > 1:
        raise _not_available(name, "causes compete: take all causes together")
    days = _horizon(result, horizon_days)
    rows = result.table[result.table["horizon_days"] == days]
    return Headline(
        kind="survival",
        rows=rows[list(COLUMNS)].reset_index(drop=True),
        outcome=f"{result.event} within {horizon_words(days)}",
        horizon_days=days,
        output=result.estimates(result.card.title),
    )


def _horizon(result: IncidenceResult, asked: int | None) -> int:
    groups = result.table.groupby("horizon_days")["group"].nunique()
    known = groups.index[groups == groups.max()]
    if asked is None:
        if groups.empty:
            raise _not_available(result.card.name, "no horizon is reached by its follow-up")
        return int(known.max())
    if asked not in set(groups.index):
        raise OptionError(
            f"horizon_days must be one that {result.card.name} reports: "
            f"{', '.join(map(str, sorted(groups.index)))}."
        )
    return asked


def _of_measured(result: Measured) -> Headline:
    output = next(iter(result.outputs.values()))
    if why := _why_not(output):
        raise _not_available(result.card.name, why)
    roles = output.roles
    names: dict[str | None, str] = {
        roles.numerator: "returned",
        roles.estimate[0]: "estimate",
        roles.lower[0]: "lower",
        roles.upper[0]: "upper",
        roles.people: "people",
    }
    table = output.table.rename(columns=names)
    group = table[output.dimensions[0]] if output.dimensions else EVERYONE
    table = table.assign(group=group, at_risk=table["people"])
    table = table[table["people"] > 0]
    return Headline(
        kind="share",
        rows=table[list(COLUMNS)].reset_index(drop=True),
        outcome=result.card.title,
        horizon_days=None,
        output=output,
    )


def _why_not(output: Output) -> str | None:
    """Why a result's main output is no share of people by group."""
    roles = output.roles
    if output.kind == "rates":
        return (
            "it is a rate; models.linkage_error has the formulas, which need the further cases "
            "or the time of false first cases beside it"
        )
    if output.kind != "estimates" or len(roles.estimate) != 1 or roles.numerator is None:
        return "its headline is no share: these formulas do not reach means, medians and counts"
    if roles.statistic.get(roles.estimate[0], "share") != "share":
        return "its headline is no share but a " + roles.statistic[roles.estimate[0]]
    if roles.denominator not in (None, roles.people) or output.about == "records":
        return f"it is a share of {roles.denominator}, not of people followed through their links"
    if len(roles.lower) != 1 or len(roles.upper) != 1:
        return "its share has no interval"
    if len(output.dimensions) > 1:
        return "it has groups within groups: ask for one kind of group"
    return None
