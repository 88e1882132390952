"""Where and since when the wait at a stage grew."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import (
    Card,
    Need,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.journeys.slow_stretches import Scan
from justice_analysis.metrics.journeys.stage_dates import passages
from justice_analysis.metrics.journeys.stages import READY, Stages, stages_named
from justice_analysis.metrics.journeys.stretch_outputs import stretch_outputs
from justice_analysis.metrics.journeys.stretches_found import (
    PLACE,
    STILL,
    STRETCH,
    Found,
    Look,
    counts_of_waits,
    in_quarters,
    look_at,
    looked,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from justice_analysis.warehouse import Warehouse

PLACES = {"courts": "place_id", "areas": "area_id"}
STAGES_MEANING = f"the set of stages: {', '.join(READY)}, or Stages of your own"


@dataclass(frozen=True)
class WaitGrowthOptions:
    """Options of `wait_growth`; each names the rule it settles."""

    stages: str = choice("divorce", STAGES_MEANING)
    compare: str = choice("courts", "the places that are compared", *PLACES)
    against: str = choice(
        "others",
        "others: longer than at the other places in the same quarter, beside the place's own "
        "usual difference; history: longer than the place's own other quarters alone",
        "others",
        "history",
    )
    share_slower: float = choice(0.1, "share of the places expected to be slower at once")
    level: float = choice(
        0.05, "chance of finding any stretch where there is none, over the passages together"
    )
    name_places: bool = choice(
        False, "whether the places of a stretch are named, in an output of their own"
    )
    least_cases: int = choice(30, "fewest cases of a place that is looked at")
    simulations: int = choice(1000, "simulations of quarters without a change")

    def __post_init__(self) -> None:
        check_choices(self)
        if self.least_cases < 2 or self.simulations < 19:
            raise OptionError("least_cases must be at least 2 and simulations at least 19.")
        self.scan()

    def scan(self, *, passages: int = 1) -> Scan:
        """The rule by which stretches are looked for; the passages share the level."""
        return Scan(
            share=self.share_slower,
            level=self.level / passages,
            named_wrongly=self.level,
            simulations=self.simulations,
        )


CARD = Card(
    name="wait_growth",
    title="Where and since when the wait grew",
    question="At which courts, at which stage and since when did cases wait longer?",
    definition=(
        "Each case has a score for its place among all cases that entered the stage in the same "
        "quarter, open ones allowed for. A stretch of quarters is found where the scores of some "
        "places lie above their own in other quarters by more than chance would give anywhere, "
        "the evidence of all places together. Size: how many times longer waits were than the "
        "other places' and the place's own usual difference say."
    ),
    counting_unit="cases (or defendants in a case) that entered a stage",
    population="Everyone in a case of the chosen kind that entered the stage while covered",
    clock="The quarter in which the stage was entered",
    does_not_count=(
        "waits that were always longer at a place",
        "waits that grew everywhere alike, unless each place is set against its own history",
        "places with fewer cases than least_cases",
        "passages before the stage with which a case comes into the data",
    ),
    censoring=(
        "Cases still at the stage are censored at the end of the data; closed, stale, unknown or "
        "migrated ones when they were last known to wait"
    ),
    known_breaks=(
        "The interval is of the strongest stretch, and a strongest one looks larger than it is",
        "The places of a stretch share its quarters: one that began later is shown with the rest",
    ),
    needs=(
        Need("family_court", "cases", "creating_court"),
        Need("family_court", "events", "receipt_date"),
    ),
    source=(
        "Zhang and Siegmund 2010, Biometrika: simultaneous changes in many series",
        "Benjamini and Hochberg 1995: places that are named",
        "Louis 1981, Biometrika: the ratio of waits",
    ),
    options_type=WaitGrowthOptions,
    subject="journeys",
)


@dataclass(frozen=True)
class WaitGrowth(Measured):
    """Where the wait grew.

    Attributes
    ----------
    stretches
        One row per stretch found: `passage`, `since`, `until` (first quarter after it),
        `since_earliest`, `since_latest` (starts supported about as well), `places` named,
        `looked_at` (places), `people` and `cases` of the named places in the stretch, `ratio` of
        their wait to what it would have been, `lower`, `upper` (95%), `evidence`, `p_value`.
    places
        One row per stretch and place named: `passage`, `since`, `place`, `people`, `cases`,
        `ratio`, `lower`, `upper`, `p_value` (of the place). Neither has been checked for release:
        disclosure control has no rule for such ratios.
    looked_at
        One row per passage: `passage`, `looked_at`, `quarters`, `cases`, `stretches` found.
    """

    stretches: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    places: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    looked_at: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)

    def sentences(self) -> tuple[str, ...]:
        """Each finding in words, for the person who looks: not checked for release."""
        said = [
            f"From {row['passage']}: cases that entered from {row['since']} waited longer at "
            f"{row['places']} of {row['looked_at']} places, {row['ratio']:.1f} times as long "
            f"({row['lower']:.1f} to {row['upper']:.1f}), "
            + ("still." if row["until"] == STILL else f"for entries before {row['until']}.")
            for row in self.stretches.to_dict("records")
        ]
        none = self.looked_at[self.looked_at["stretches"] == 0]
        said += [
            f"From {row['passage']}: no stretch found among {row['looked_at']} places."
            for row in none.to_dict("records")
        ]
        return tuple(said)


@metric(CARD)
def wait_growth(warehouse: Warehouse, **options: Any) -> WaitGrowth:
    """Find where and since when cases waited longer at a stage.

    Parameters
    ----------
    warehouse
        Any with the cases that the stages name.
    **options
        Fields of `WaitGrowthOptions`.

    Returns
    -------
    WaitGrowth
        `stretches`: one row per stage, stretch, slower or other places, and in the stretch or in
        other quarters: `people`, `cases` that entered, `median` and quartiles of their wait
        (Kaplan-Meier). With `name_places` also `places`: the same of each place named.

    Raises
    ------
    MetricError
        If no case is left that entered a stage.
    """
    chosen = CARD.read_options(options)
    stages = stages_named(chosen.stages)
    rows, flow = passages(warehouse, stages)
    rows = in_quarters(rows.filter(rows.number >= stages.first_followed), PLACES[chosen.compare])
    names = place_names(warehouse, stages.source)
    looks = _looks(rows, stages, chosen)
    level = chosen.compare.removesuffix("s") if chosen.name_places else ""
    found = [Found(look, one) for look in looks for one in look.stretches]
    about = About(
        card=CARD,
        options=chosen,
        unit=stages.units,
        population=CARD.population,
        population_hash=population_hash(
            warehouse, CARD, chosen, presentation=("name_places", "simulations")
        ),
    )
    return WaitGrowth(
        CARD,
        chosen,
        stretch_outputs(about, rows, looks, found, names, level=level),
        flow,
        stretches=pd.DataFrame([one.stretch_row(rows) for one in found], columns=STRETCH),
        places=pd.DataFrame(
            [row for one in found for row in one.place_rows(rows, names)], columns=PLACE
        ),
        looked_at=pd.DataFrame([looked(look) for look in looks]),
    )


def _looks(rows: ir.Table, stages: Stages, options: WaitGrowthOptions) -> list[Look]:
    """Look for stretches in each passage whose open cases are in the data."""
    counts = counts_of_waits(rows)
    followed = stages.passages[stages.first_followed :]
    rule = options.scan(passages=len(followed))
    looks = [
        look_at(
            counts[counts["passage"] == passage], passage, rule,
            least_cases=options.least_cases, own_history=options.against == "history",
        )
        for passage in followed
    ]  # fmt: skip
    if not any(len(look.counts) for look in looks):
        raise MetricError(
            f"{CARD.name} needs cases that entered a stage: none is left after those set aside. "
            "Check the dates of stages, and coverage."
        )
    return looks


def place_names(warehouse: Warehouse, source: str) -> dict[str, str]:
    """Names of places; a place without one, or whose name another has, is called by its id."""
    place = warehouse.place.filter(warehouse.place.source == source)
    places = engine.execute(place.select("place_id", "name"), step="names of places")
    named = places.dropna().drop_duplicates("place_id").set_index("place_id")["name"]
    return {str(place): str(name) for place, name in named[~named.duplicated(keep=False)].items()}
