"""Reappearance: the share of releases followed by a return, by time since release.

For sources that deliver times from release rather than dates (days to return, days of
follow-up), held as `measure` rows; `book/decisions/durations.md` says why.
"""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import CENSORED, Flow, select
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.incidence import NOT_KNOWN, incidence
from justice_analysis.metrics.estimates.result import IncidenceResult

if TYPE_CHECKING:
    from justice_analysis.contracts import Contract
    from justice_analysis.warehouse import Warehouse

RELEASES_ALONE = ("iowa_releases",)
"""Sources without an identifier of persons: how many people their releases are is not known."""


@dataclass(frozen=True)
class ReappearanceOptions:
    """Options of `reappearance`; each names the rule it settles."""

    source: str | None = choice(None, "the dataset to use; none: the only one that fits")
    by: str | None = choice(None, "groups to show apart: sex, or the name of a recorded measure")
    complete: tuple[str, ...] = choice(
        (), "sex or measures that must be recorded for a release to count"
    )
    competing: bool = choice(
        True, "keep causes of return apart, each competing with the others", True, False
    )
    horizons: tuple[int, ...] = choice((365, 730, 1095), "days after release to report")

    def __post_init__(self) -> None:
        check_choices(self)
        if any(days <= 0 for days in self.horizons):
            raise OptionError("horizons must be above 0 days: some are not.")


CARD = Card(
    name="reappearance",
    title="Return after release from prison",
    question="What share of releases are followed by a return, and how soon?",
    definition=(
        "The cumulative incidence of a first recorded return after release, by days since "
        "release. Causes of return (for example a new offence, or a technical breach) compete: "
        "a release followed by one is no longer at risk of the other (Aalen-Johansen; causes on "
        "one day share the survival just before it)."
    ),
    counting_unit=(
        "releases: where a source has no person identifier, one person with two releases "
        "counts twice"
    ),
    population="Releases with a recorded follow-up",
    clock="From release to first recorded return, in whole days",
    does_not_count=(
        "a return after the end of the source's follow-up",
        "a second return after the same release",
        "an arrest or charge, in a source that records returns to prison (and the reverse)",
        "a return in another state or system",
        "a reoffence as such: only what the source records as a return",
    ),
    censoring=(
        "At the end of the follow-up that the source states. Deaths are not recorded: a release "
        "followed by death counts as no return"
    ),
    known_breaks=(
        "Iowa: a row is a release, with no person identifier",
        "Rossi: weeks are turned into days (seven each), so days fall on whole weeks",
    ),
    needs=(
        Need("iowa_releases", "releases", "Days to Return"),
        Need("iowa_releases", "releases", "Recidivism Type"),
        Need("rossi", "men", "week"),
        Need("rossi", "men", "arrest"),
    ),
    source=(
        "Iowa Department of Corrections, 3-year recidivism for offenders released from prison "
        "in Iowa (open data)",
        "Rossi, Berk and Lenihan (1980), Money, Work and Crime: releases in Maryland",
    ),
    options_type=ReappearanceOptions,
    subject="prison and probation",
)


@metric(CARD)
def reappearance(warehouse: Warehouse, **options: Any) -> IncidenceResult:
    """Estimate the share of releases followed by a return, by cause and time since release.

    Parameters
    ----------
    warehouse
        A warehouse with releases followed up (`measure` rows `days_to_return` and
        `followup_days`).
    **options
        See `ReappearanceOptions`.

    Returns
    -------
    IncidenceResult
        Estimates at each horizon and whole curves, by group and cause, with 95% log-log
        intervals; releases at each step of the selection.

    Raises
    ------
    OptionError
        If an option is unknown or names a measure that is not recorded.
    MetricError
        If the warehouse has no releases, or several sources and none chosen.
    """
    chosen: ReappearanceOptions = CARD.read_options(options)
    measures = warehouse.measure
    source = chosen.source or _only_source(measures)
    # The only source is the same people whether it is named or not.
    chosen = dataclasses.replace(chosen, source=source)
    of_source = measures.filter(measures.source == source)
    releases = _releases(of_source, competing=chosen.competing)
    described = _described(warehouse, of_source, releases, chosen)
    kept, flow = _complete(described, chosen)
    contract = warehouse.contract(source)
    group = _group(kept, contract, chosen.by) if chosen.by else ibis.literal("all")
    result = incidence(
        kept.mutate(group=group),
        card=CARD,
        options=chosen,
        unit="releases",
        event="a return",
        clock="release",
        horizons=chosen.horizons,
        flow=flow,
        population=contract.title,
        warehouse=warehouse,
        notes=_notes(chosen),
        wider=_wider(chosen),
    )
    about = "records" if source in RELEASES_ALONE else "people"
    return dataclasses.replace(result, about=about, family=f"{CARD.name} in {source}")


def _wider(options: ReappearanceOptions) -> list[ReappearanceOptions]:
    """Options under which every release counted with these is counted too: fewer requirements."""
    kept = [
        some
        for number in range(len(options.complete))
        for some in itertools.combinations(options.complete, number)
    ]
    return [dataclasses.replace(options, complete=some) for some in kept]


def _notes(options: ReappearanceOptions) -> tuple[str, ...]:
    causes = "Causes of return compete." if options.competing else "All causes together."
    return (f"Time runs from release. {causes} Intervals are 95%.",)


def _only_source(measures: ir.Table) -> str:
    followed = measures.filter(measures.concept == "followup_days")
    found = engine.execute(followed.select("source").distinct(), step="sources of releases")
    names = sorted(found["source"])
    if not names:
        raise MetricError(
            "reappearance needs releases that were followed up, as measures days_to_return and "
            "followup_days: the warehouse has none. Stays with dates are episodes, which "
            "cohorts.custody counts."
        )
    if len(names) != 1:
        raise MetricError(
            f"reappearance needs one source of releases: the warehouse has {len(names)}"
            f" ({', '.join(names)}). Set the option source."
        )
    return names[0]


def _releases(measures: ir.Table, *, competing: bool) -> ir.Table:
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


def _described(
    warehouse: Warehouse, measures: ir.Table, releases: ir.Table, options: ReappearanceOptions
) -> ir.Table:
    """Add the columns that the options group by or require."""
    for name in dict.fromkeys([*options.complete, *([options.by] if options.by else [])]):
        if name == "sex":
            values = warehouse.person.select("person_id", "sex")
        else:
            found = measures.filter(measures.concept == name, measures.value_code.notnull())
            values = found.group_by("person_id").aggregate(**{name: found.value_code.min()})
            _refuse_unrecorded(values, name)
        releases = releases.left_join(values, "person_id").drop("person_id_right")
    return releases


def _refuse_unrecorded(values: ir.Table, name: str) -> None:
    if engine.count_rows(values) == 0:
        raise OptionError(
            f"{name} must be recorded to be used: no release has it. "
            "Use sex or a concept of the measure table."
        )


def _group(releases: ir.Table, contract: Contract, name: str) -> ir.StringValue:
    """Group by a column, its codes in the words of the source's contract where it has them."""
    fields = [field for table in contract.tables for field in table.fields]
    words = [(c.value, c.label) for field in fields if field.name == name for c in field.categories]
    column = releases[name]
    named = [(column == code, label) for code, label in words]
    known = ibis.cases(*named, else_=column) if named else column
    return known.fill_null(NOT_KNOWN)


def _complete(described: ir.Table, options: ReappearanceOptions) -> tuple[ir.Table, Flow]:
    steps = [(f"{name} recorded", described[name].notnull()) for name in options.complete]
    return select(described, start="releases followed up", steps=steps)
