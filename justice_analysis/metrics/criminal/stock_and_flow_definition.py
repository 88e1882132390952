"""What stock and flow mean: the options and the card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.metrics.estimates.periods import PERIODS


@dataclass(frozen=True)
class StockAndFlowOptions:
    """Options of `stock_and_flow`; each names the rule it settles."""

    source: str = choice("crown_court_defendant", "the dataset whose cases are counted")
    case_types: tuple[str, ...] = choice((), "types of case to count; none: all of the source")
    period: str = choice("quarter", "length of a period", *PERIODS)
    by: str | None = choice(None, "what to show apart", None, "court", "region", "case_type")

    def __post_init__(self) -> None:
        check_choices(self)


CARD = Card(
    name="stock_and_flow",
    title="Open cases: what came in, what went out",
    question="Why is the number of open cases at the end of a period not what it was before?",
    definition=(
        "Cases open at the end of a period are those open at its start, and those received or "
        "reopened in it, less those disposed of (closed), set aside (received, and their record "
        "is stale or its end unknown) and migrated (open on the day on which their court's new "
        "cases left the data). Stock and flow are counted apart; the residual is what they "
        "differ by."
    ),
    counting_unit="cases; a case closed, reopened and closed is disposed of twice",
    population="Cases of one source, from the first whole period of its coverage",
    clock="The calendar; a case is open on the day of its receipt, not on that of its closing",
    does_not_count=(
        "cases received in a court after its new cases left the data",
        "disposals in such a court: what is left there is not its caseload",
        "transfers between courts and later revisions of the record: no dataset records them, "
        "and they are shown as not recorded, not as none",
        "bench warrants: they are not recorded, so a case that waits for a defendant is open",
    ),
    censoring="None: a count of the record as it was extracted",
    known_breaks=(
        "Courts moved to Common Platform one after another: the migrated are no disposals",
        "Cases that were open when coverage began are not in the data, so stock is too low until "
        "they would have ended",
    ),
    needs=(
        Need("crown_court_defendant", "crown_defendant_case", "receipt_date"),
        Need("crown_court_defendant", "crown_defendant_case", "completion_date"),
    ),
    source=("The accounting identity of stocks and flows; its terms are ours",),
    options_type=StockAndFlowOptions,
    subject="criminal courts",
)
