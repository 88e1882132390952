"""What stocks and flows of published series mean: the options and the card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError


@dataclass(frozen=True)
class PublishedFlowsOptions:
    """Options of `published_flows`; each names the rule it settles."""

    source: str = choice("uk_cjs_quarterly", "the dataset of published series")
    stock: str = choice("court__case_backlog_cc", "the series of those open at the quarter's end")
    arrivals: tuple[str, ...] = choice(("court__cc_start",), "series that add up to what came in")
    departures: tuple[str, ...] = choice(
        (), "series that add up to what went out; none: what went out is worked out"
    )
    known_endings: tuple[str, ...] = choice(
        (), "series of which each one has left, so that no fewer can have left"
    )
    base: str = choice("2019 Q1", "the quarter after whose end flows are added up")

    def __post_init__(self) -> None:
        check_choices(self)
        if not self.arrivals:
            raise OptionError("arrivals must name at least one series.")
        if self.stock in (*self.arrivals, *self.departures):
            raise OptionError("stock must be none of the flows.")


CARD = Card(
    name="published_flows",
    title="Stocks and flows of published series",
    question="Why is a published stock not what it was, and how long would it take to clear?",
    definition=(
        "Those open at the end of a quarter are those open at its start, with those that came in "
        "and without those that went out. Where what went out is not published it is worked out: "
        "what came in, less the change of the stock. Months to clear are the stock over what goes "
        "out in a month: how long the open ones would take at that pace if nothing new came in. "
        "By Little's law it is about the time that one spends in the stock, where stock and pace "
        "are steady. It is given at the pace of the last quarter, of the last four, and, if "
        "arrivals were what leaves, at theirs."
    ),
    counting_unit="what the series count: cases, or people",
    population="One place, as the source says",
    clock="The calendar: stocks at the quarter's end, flows in the quarter",
    does_not_count=(
        "arrivals that the series of arrivals leaves out: what went out is then too low by as "
        "many, and months to clear are too long",
        "the wait of any one case: those that are decided first may be the quickest",
    ),
    censoring="None: published numbers as the file has them, before later revisions",
    known_breaks=(
        "Published totals have no sampling error, so no interval is given",
        "Whether a stock and its arrivals count the same cases is not said by the source. "
        "Quarters in which fewer left than are known to have ended show that they do not",
    ),
    needs=(
        Need("uk_cjs_quarterly", "quarters", "quarter_ending"),
        Need("uk_cjs_quarterly", "quarters", "court__case_backlog_cc"),
        Need("uk_cjs_quarterly", "quarters", "court__cc_start"),
    ),
    source=(
        "The accounting identity of stocks and flows",
        "Little (1961), A proof for the queuing formula L = lambda W, Operations Research 9",
    ),
    options_type=PublishedFlowsOptions,
    subject="journeys",
)
