"""Where and since when the wait at a stage grew."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import (
    Card,
    Chart,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.journeys.entry_waits import entry_output, quantiles
from justice_analysis.metrics.journeys.queue_scores import (
    Reference,
    references,
    scores,
    wait_ratio,
)
from justice_analysis.metrics.journeys.slow_stretches import Scan, Stretch, slow_stretches
from justice_analysis.metrics.journeys.stage_dates import LEFT, passages
from justice_analysis.metrics.journeys.stages import READY, stages_named

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

EVERY_PLACE, EVERY_QUARTER = "every place", "every quarter"
SLOWER, OTHERS = "slower places", "other places"
INSIDE, OUTSIDE = "in the stretch", "in other quarters"
STILL = "still at the end of the data"
NONE_FOUND = "no stretch found"
PLACES = {"court": "place_id", "area": "area_id"}
STAGES_MEANING = f"the set of stages: {', '.join(READY)}, or Stages of your own"
KEYS = ["place", "quarter", "day", "has_left"]


@dataclass(frozen=True)
class WaitGrowthOptions:
    """Options of `wait_growth`; each names the rule it settles."""

    stages: str = choice("divorce", STAGES_MEANING)
    by: str = choice("court", "the places that are compared", *PLACES)
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
        Need("family_court", "cases", "familyman_court_code"),
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
        If no place has enough cases.
    """
    chosen = CARD.read_options(options)
    stages = stages_named(chosen.stages)
    rows, flow = passages(warehouse, stages)
    rows = _in_quarters(rows.filter(rows.number >= stages.first_followed), chosen)
    names = _names(warehouse, stages.source)
    counts = _counts(rows)
    followed = stages.passages[stages.first_followed :]
    rule = chosen.scan(passages=len(followed))
    looks = [
        _look(counts[counts["passage"] == passage], passage, chosen, rule) for passage in followed
    ]
    if not any(len(look.places) for look in looks):
        raise MetricError(
            f"{CARD.name} needs places with at least {chosen.least_cases} cases at a stage: there "
            "is none. Lower least_cases, or compare larger places."
        )
    found = [_Found(look, one) for look in looks for one in look.stretches]
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
        _outputs(about, rows, looks, found, names, chosen),
        flow,
        stretches=pd.DataFrame([one.stretch_row(rows) for one in found], columns=STRETCH),
        places=pd.DataFrame(
            [row for one in found for row in one.place_rows(rows, names)], columns=PLACE
        ),
        looked_at=pd.DataFrame([_looked(look) for look in looks]),
    )


@dataclass(frozen=True)
class _Look:
    """One passage: its counts with scores, its places and quarters, and what was found."""

    passage: str
    counts: pd.DataFrame
    places: tuple[str, ...]
    quarters: tuple[int, ...]
    stretches: tuple[Stretch, ...]


def _in_quarters(rows: ir.Table, options: WaitGrowthOptions) -> ir.Table:
    quarter = rows.entered_date.year() * 4 + rows.entered_date.quarter() - 1
    chosen = rows.select(
        "passage", "person_key", place=rows[PLACES[options.by]],
        quarter=quarter.cast("int64"), day=rows.duration_days, has_left=rows.outcome == LEFT,
    )  # fmt: skip
    return engine.materialise(chosen, step="entries of stages")


def _counts(rows: ir.Table) -> pd.DataFrame:
    """Cases by passage, place, quarter of entry, day and whether they left."""
    counted = rows.group_by("passage", *KEYS).aggregate(cases=rows.count())
    found = engine.execute(counted, step="waits by place and quarter")
    return found.sort_values(["passage", *KEYS], ignore_index=True)


def _names(warehouse: Warehouse, source: str) -> dict[str, str]:
    """Names of places; a place without one, or whose name another has, is called by its id."""
    place = warehouse.place.filter(warehouse.place.source == source)
    places = engine.execute(place.select("place_id", "name"), step="names of places")
    named = places.dropna().drop_duplicates("place_id").set_index("place_id")["name"]
    return {str(place): str(name) for place, name in named[~named.duplicated(keep=False)].items()}


def _look(counts: pd.DataFrame, passage: str, options: WaitGrowthOptions, rule: Scan) -> _Look:
    """Score the cases of one passage, and look for stretches in all places at once."""
    if counts.empty:
        return _Look(passage, counts, (), (), ())
    first, last = int(counts["quarter"].min()), int(counts["quarter"].max())
    quarters = tuple(range(first, last + 1))
    counts = counts.assign(entered=counts["quarter"])
    if options.against == "history":
        counts = counts.assign(quarter=0)
    counts = counts.assign(score=scores(counts, references(counts)))
    sizes = counts.groupby("place")["cases"].sum()
    places = tuple(str(name) for name in sizes.index[sizes >= options.least_cases])
    cases, sums, variance = _cells(counts, places, quarters)
    found = slow_stretches(cases, sums, variance, rule)
    return _Look(passage, counts, places, quarters, tuple(found))


def _cells(
    counts: pd.DataFrame, places: tuple[str, ...], quarters: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cases and sums of scores by place and quarter, and one score's variance by quarter."""
    weighed = counts.assign(
        total=counts["cases"] * counts["score"], square=counts["cases"] * counts["score"] ** 2
    )
    of_quarter = weighed.groupby("entered")[["cases", "total", "square"]].sum().reindex(quarters)
    of_quarter = of_quarter.fillna(0.0)
    size = of_quarter["cases"].clip(lower=1)
    mean = of_quarter["total"] / size
    variance = (of_quarter["square"] / size - mean**2).clip(lower=0).to_numpy()
    cells = weighed.groupby(["place", "entered"])[["cases", "total"]].sum()
    index = pd.MultiIndex.from_product([places, quarters], names=["place", "entered"])
    cells = cells.reindex(index).fillna(0.0)
    shape = (len(places), len(quarters))
    return cells["cases"].to_numpy().reshape(shape), cells["total"].to_numpy().reshape(shape), \
        variance  # fmt: skip


def _quarter_words(number: int) -> str:
    return f"{number // 4} Q{number % 4 + 1}"


def _looked(look: _Look) -> dict[str, Any]:
    return {
        "passage": look.passage,
        "looked_at": len(look.places),
        "quarters": len(look.quarters),
        "cases": int(look.counts["cases"].sum()) if len(look.counts) else 0,
        "stretches": len(look.stretches),
    }


SIZE = ("people", "cases", "ratio", "lower", "upper")
STRETCH = ("passage", "since", "until", "since_earliest", "since_latest", "places", "looked_at",
           *SIZE, "evidence", "p_value")  # fmt: skip
PLACE = ("passage", "since", "place", *SIZE, "p_value")


@dataclass(frozen=True)
class _Found:
    """One stretch of one passage, in the words and numbers of readers."""

    look: _Look
    stretch: Stretch

    @property
    def quarters(self) -> tuple[int, ...]:
        return self.look.quarters[self.stretch.start : self.stretch.end]

    @property
    def slow(self) -> list[str]:
        return [self.look.places[place] for place in self.stretch.places]

    @property
    def since(self) -> str:
        return _quarter_words(self.quarters[0])

    @property
    def until(self) -> str:
        lasts = self.stretch.end >= len(self.look.quarters)
        return STILL if lasts else _quarter_words(self.quarters[-1] + 1)

    def stretch_row(self, rows: ir.Table) -> dict[str, Any]:
        start = self.look.quarters
        return {
            "passage": self.look.passage,
            "since": self.since,
            "until": self.until,
            "since_earliest": _quarter_words(start[self.stretch.earliest]),
            "since_latest": _quarter_words(start[self.stretch.latest]),
            "places": len(self.slow),
            "looked_at": len(self.look.places),
            **self.people(rows, self.slow, inside=True),
            **self.size(self.slow),
            "evidence": self.stretch.evidence,
            "p_value": self.stretch.p_value,
        }

    def place_rows(self, rows: ir.Table, names: dict[str, str]) -> list[dict[str, Any]]:
        from scipy.special import ndtr

        return [
            {
                "passage": self.look.passage,
                "since": self.since,
                "place": names.get(place, place),
                **self.people(rows, [place], inside=True),
                **self.size([place]),
                "p_value": float(ndtr(-self.stretch.z[number])),
            }
            for place, number in zip(self.slow, self.stretch.places, strict=True)
        ]

    def people(
        self, rows: ir.Table, places: list[str], *, inside: bool, others: bool = False
    ) -> dict[str, int]:
        """People and cases that entered at these places (or at all others), in or out of it."""
        at = rows.place.isin(places).fill_null(False)
        when = rows.quarter.between(self.quarters[0], self.quarters[-1])
        held = rows.filter(
            rows.passage == self.look.passage, ~at if others else at, when if inside else ~when
        )
        return _people(held)

    def size(self, places: list[str]) -> dict[str, float]:
        """Ratio of the wait to what the other places, and the usual difference, make it."""
        counts = self.look.counts
        in_time = counts["entered"].between(self.quarters[0], self.quarters[-1])
        here = counts["place"].isin(places)
        others = counts[~(counts["place"].isin(self.slow) & in_time)]
        curves = references(others)
        scored = counts[here].assign(score=scores(counts[here], curves))
        inside, outside = scored[in_time[here]], scored[~in_time[here]]
        usual = float(np.average(outside["score"], weights=outside["cases"]))
        spread = float(np.average(_squared(others, curves), weights=others["cases"]))
        error = np.sqrt(spread * (1 / inside["cases"].sum() + 1 / outside["cases"].sum()))
        found = wait_ratio(inside, curves, usual, float(error))
        return {"ratio": found.estimate, "lower": found.lower, "upper": found.upper}


def _squared(rows: pd.DataFrame, curves: dict[object, Reference]) -> np.ndarray:
    """Squared distance of each row's score from the mean of all."""
    found = scores(rows, curves)
    return np.asarray((found - np.average(found, weights=rows["cases"])) ** 2)


def _people(rows: ir.Table) -> dict[str, int]:
    counts = rows.aggregate(people=rows.person_key.nunique(), cases=rows.count())
    found = engine.execute(counts, step="people in a stretch").iloc[0]
    return {"people": int(found["people"]), "cases": int(found["cases"])}


def _outputs(
    about: About,
    rows: ir.Table,
    looks: list[_Look],
    found: list[_Found],
    names: dict[str, str],
    options: WaitGrowthOptions,
) -> dict[str, Output]:
    """Medians of the slower and the other places, and of each named place where wanted."""
    table = [row for one in found for row in _compared(one, rows)]
    table += [_nothing(look, rows) for look in looks if look.places and not look.stretches]
    outputs = {"stretches": _output(about, table)}
    if options.name_places and found:
        named = [row for one in found for row in _by_place(one, rows, names)]
        outputs["places"] = _output(about, named, places={"place": options.by})
    return outputs


def _output(about: About, table: list[dict[str, Any]], **others: Any) -> Output:
    frame = pd.DataFrame(table)
    alone = len(frame[["stage", "since"]].drop_duplicates()) == 1 and "when" in frame
    chart = Chart(form="dots", x="place", y="median", group="when", lower="percentile_25",
                  upper="percentile_75", y_title="Median days, and quartiles")  # fmt: skip
    made = entry_output(
        about, frame.rename(columns={"cases": "units"}), units_name="cases", title=CARD.title,
        chart=chart, words="days in the stage", **others,
    )  # fmt: skip
    return made if alone else dataclasses.replace(made, chart=None)


def _compared(one: _Found, rows: ir.Table) -> list[dict[str, Any]]:
    """The slower and the other places, in the stretch and in other quarters."""
    return [
        _row(one, rows, one.slow, inside=inside, others=others)
        | {"place": OTHERS if others else SLOWER, "when": INSIDE if inside else OUTSIDE}
        for others in (False, True)
        for inside in (True, False)
    ]


def _by_place(one: _Found, rows: ir.Table, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        _row(one, rows, [place], inside=inside)
        | {"place": names.get(place, place), "when": INSIDE if inside else OUTSIDE}
        for place in one.slow
        for inside in (True, False)
    ]


def _row(
    one: _Found, rows: ir.Table, places: list[str], *, inside: bool, others: bool = False
) -> dict[str, Any]:
    counts = one.look.counts
    at = counts["place"].isin(places)
    when = counts["entered"].between(one.quarters[0], one.quarters[-1])
    chosen = counts[(~at if others else at) & (when if inside else ~when)]
    return {
        "stage": one.look.passage,
        "since": one.since,
        "until": one.until,
        **one.people(rows, places, inside=inside, others=others),
        **quantiles(chosen["day"], chosen["cases"], chosen["has_left"]),
    }


def _nothing(look: _Look, rows: ir.Table) -> dict[str, Any]:
    """A stage in which no stretch was found: all of its cases."""
    counts = look.counts
    return {
        "stage": look.passage,
        "since": NONE_FOUND,
        "until": NONE_FOUND,
        "place": EVERY_PLACE,
        "when": EVERY_QUARTER,
        **_people(rows.filter(rows.passage == look.passage)),
        **quantiles(counts["day"], counts["cases"], counts["has_left"]),
    }
