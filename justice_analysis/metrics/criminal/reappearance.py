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

from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.criminal.followed_releases import (
    RELEASES_ALONE,
    completely_recorded,
    followed_releases,
    in_words,
    only_source,
    with_recorded,
)
from justice_analysis.metrics.estimates.incidence import incidence
from justice_analysis.metrics.estimates.result import IncidenceResult

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


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
        "North Carolina: months are turned into days (30.4375 each, rounded down), so days fall "
        "on whole months; the source says return and not to what",
    ),
    needs=(
        Need("iowa_releases", "releases", "Days to Return"),
        Need("iowa_releases", "releases", "Recidivism Type"),
        Need("rossi", "men", "week"),
        Need("rossi", "men", "arrest"),
        Need("recid", "releases", "durat"),
        Need("recid", "releases", "cens"),
    ),
    source=(
        "Iowa Department of Corrections, 3-year recidivism for offenders released from prison "
        "in Iowa (open data)",
        "Rossi, Berk and Lenihan (1980), Money, Work and Crime: releases in Maryland",
        "Chung, Schmidt and Witte (1991), Survival Analysis: A Survey: releases in North Carolina",
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
    source = chosen.source or only_source(measures)
    # The only source is the same people whether it is named or not.
    chosen = dataclasses.replace(chosen, source=source)
    of_source = measures.filter(measures.source == source)
    releases = followed_releases(of_source, competing=chosen.competing)
    codes = dict.fromkeys([*chosen.complete, *([chosen.by] if chosen.by else [])])
    described = with_recorded(warehouse, of_source, releases, codes=list(codes))
    kept, flow = completely_recorded(described, chosen.complete)
    contract = warehouse.contract(source)
    group = (
        in_words(kept, contract, chosen.by, by_itself=True) if chosen.by else ibis.literal("all")
    )
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
        notes=(),
        wider=_wider(chosen),
    )
    about = "records" if source in RELEASES_ALONE else "people"
    return dataclasses.replace(
        result,
        about=about,
        family=f"{CARD.name} in {source}",
        notes=_notes(chosen, causes=result.table["cause"].nunique()),
    )


def _wider(options: ReappearanceOptions) -> list[ReappearanceOptions]:
    """Options under which every release counted with these is counted too: fewer requirements."""
    kept = [
        some
        for number in range(len(options.complete))
        for some in itertools.combinations(options.complete, number)
    ]
    return [dataclasses.replace(options, complete=some) for some in kept]


def _notes(options: ReappearanceOptions, *, causes: int) -> tuple[str, ...]:
    several = "Causes of return compete. " if causes > 1 else ""
    said = several if options.competing else "All causes together. "
    return (f"Time runs from release. {said}Intervals are 95%.",)
