"""Releases that a source followed up: how long, what ended it, and what was recorded of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import CENSORED, Flow, select
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.incidence import NOT_KNOWN

if TYPE_CHECKING:
    from justice_analysis.contracts import Contract
    from justice_analysis.warehouse import Warehouse

RELEASES_ALONE = ("iowa_releases",)
"""Sources without an identifier of persons: how many people their releases are is not known."""


def only_source(measures: ir.Table, *, asked_by: str = "reappearance") -> str:
    """The one source of releases that a warehouse has.

    Raises
    ------
    MetricError
        If there is none, or several.
    """
    followed = measures.filter(measures.concept == "followup_days")
    found = engine.execute(followed.select("source").distinct(), step="sources of releases")
    names = sorted(found["source"])
    if not names:
        raise MetricError(
            f"{asked_by} needs releases that were followed up, as measures days_to_return and "
            "followup_days: the warehouse has none. Stays with dates are episodes, which "
            "cohorts.custody counts."
        )
    if len(names) != 1:
        raise MetricError(
            f"{asked_by} needs one source of releases: the warehouse has {len(names)}"
            f" ({', '.join(names)}). Set the option source."
        )
    return names[0]


def followed_releases(measures: ir.Table, *, competing: bool) -> ir.Table:
    """One row per release: days until return or end of follow-up, and which of the two."""
    ends = measures.filter(measures.concept == "followup_days")
    returns = measures.filter(measures.concept == "days_to_return")
    ends = ends.select("person_id", followup_days=ends.value_number)
    returns = returns.select(
        "person_id", return_days=returns.value_number, cause=returns.value_code
    )
    both = ends.left_join(returns, "person_id").drop("person_id_right")
    seen = (both.return_days <= both.followup_days).fill_null(False)
    days = seen.ifelse(both.return_days, both.followup_days)
    cause = both.cause.fill_null("event") if competing else ibis.literal("event")
    return both.select(
        "person_id",
        duration_days=days.round().cast("int64"),
        outcome=seen.ifelse(cause, CENSORED),
        entry_days=ibis.literal(0, "int64"),
    )


def with_recorded(
    warehouse: Warehouse,
    measures: ir.Table,
    releases: ir.Table,
    *,
    codes: Sequence[str] = (),
    numbers: Sequence[str] = (),
) -> ir.Table:
    """Add what was recorded of each release: `sex`, or measures by their concept.

    Parameters
    ----------
    codes, numbers
        Concepts wanted as their code, and as their number.

    Raises
    ------
    OptionError
        If no release has one of them.
    """
    wanted = {**dict.fromkeys(codes, "value_code"), **dict.fromkeys(numbers, "value_number")}
    for name, column in wanted.items():
        if name == "sex":
            values = warehouse.person.select("person_id", "sex")
        else:
            found = measures.filter(measures.concept == name, measures[column].notnull())
            values = found.group_by("person_id").aggregate(**{name: found[column].min()})
            _refuse_unrecorded(values, name)
        releases = releases.left_join(values, "person_id").drop("person_id_right")
    return releases


def _refuse_unrecorded(values: ir.Table, name: str) -> None:
    if engine.count_rows(values) == 0:
        raise OptionError(
            f"{name} must be recorded to be used: no release has it. "
            "Use sex or a concept of the measure table."
        )


def in_words(
    releases: ir.Table, contract: Contract, name: str, *, by_itself: bool = False
) -> ir.StringValue:
    """A column, its codes in the words of the source's contract where it has them.

    Parameters
    ----------
    by_itself
        Whether a yes or a no must say of what, since nothing beside it does.
    """
    fields = [field for table in contract.tables for field in table.fields if field.name == name]
    words = [
        (
            c.value,
            f"{field.title}: {c.label.lower()}"
            if by_itself and says_little(c.label, field.title)
            else c.label,
        )
        for field in fields
        for c in field.categories
    ]
    column = releases[name]
    named = [(column == code, label) for code, label in words]
    known = ibis.cases(*named, else_=column) if named else column
    return known.fill_null(NOT_KNOWN)


def says_little(label: str, title: str) -> bool:
    """Whether a code is a bare yes or no of something that has a title."""
    return bool(title) and label in ("Yes", "No")


def completely_recorded(releases: ir.Table, names: Sequence[str]) -> tuple[ir.Table, Flow]:
    """Releases of which everything named is recorded, and how many each step leaves out."""
    steps = [(f"{name} recorded", releases[name].notnull()) for name in names]
    return select(releases, start="releases followed up", steps=steps)
