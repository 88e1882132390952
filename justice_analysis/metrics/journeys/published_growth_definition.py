"""What the growth of published series means: the options and the card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError


@dataclass(frozen=True)
class PublishedGrowthOptions:
    """Options of `published_growth`; each names the rule it settles."""

    source: str = choice("uk_cjs_quarterly", "the dataset of published series")
    series: tuple[str, ...] = choice(
        ("court__case_backlog_mc", "court__case_backlog_cc"), "the series, by their names in it"
    )
    base: str = choice("2019 Q1", "the quarter that growth is counted from")
    whole: str | None = choice(None, "the series that the others are parts of")

    def __post_init__(self) -> None:
        check_choices(self)
        if not self.series:
            raise OptionError("series must name at least one series.")
        if self.whole in self.series:
            raise OptionError("whole must be none of the series: those are its parts.")


CARD = Card(
    name="published_growth",
    title="Growth of published series",
    question="Which published numbers grew since a quarter, by how much, and since when?",
    definition=(
        "The number of the last quarter less that of the base quarter, and over it. Where the "
        "series are parts of a whole, the share of a part in the growth of the whole is its "
        "change over the change of the whole; a part may have grown by more than the whole. Since "
        "when: the stretch of quarters in which a series stood most above its own other quarters, "
        "with the ratio of their geometric means."
    ),
    counting_unit="what each series counts: cases, people, or a unit that its source does not say",
    population="One place, as the source says",
    clock="The calendar: stocks at the quarter's end, flows in the quarter",
    does_not_count=(
        "anybody: series are published totals, and nobody's record stands behind them here",
        "a cause: two series that grew together say nothing of why",
    ),
    censoring="None: published numbers as the file has them, before later revisions",
    known_breaks=(
        "Published totals have no sampling error, so change and growth have no interval. The "
        "ratio of a stretch has one: its noise is taken from how the series moves from quarter "
        "to quarter, as if quarters varied apart from each other, so it is too narrow for a "
        "series that drifts",
        "A first stretch is found in series that fall as well: they stood highest at the start",
    ),
    needs=(
        Need("uk_cjs_quarterly", "quarters", "quarter_ending"),
        Need("uk_cjs_quarterly", "quarters", "court__case_backlog_cc"),
    ),
    source=(
        "Stocks and flows as published; the stretch is found as in series_growth "
        "(Zhang and Siegmund 2010)",
    ),
    options_type=PublishedGrowthOptions,
    subject="journeys",
)
