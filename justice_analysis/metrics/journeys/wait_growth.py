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
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.journeys.queue_scores import references, scores, wait_ratio
from justice_analysis.metrics.journeys.slow_stretches import Scan, Stretch, slow_stretches
from justice_analysis.metrics.journeys.stage_dates import LEFT, passages
from justice_analysis.metrics.journeys.stages import READY, stages_named

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

EVERYWHERE = "all"
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
        `looked_at` (places), `evidence`, `p_value`.
    looked_at
        One row per passage: `passage`, `looked_at`, `quarters`, `cases`, `stretches` found.
    """

    stretches: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    looked_at: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)

    def sentences(self) -> tuple[str, ...]:
        """Each finding in words, for the person who looks: not checked for release."""
        said = [
            f"From {row['passage']}: cases that entered from {row['since']} waited longer at "
            f"{row['places']} of {row['looked_at']} places, "
            + ("still." if row["until"] == STILL else f"until {row['until']} (excluded).")
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
        Its output has one row per stage, place and stretch (and "all" places of a stretch
        together): `people`, `cases` that entered in the stretch, `ratio` of the wait to what it
        would have been, `lower`, `upper` (95%).

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
    shown = pd.concat([_table(look, rows, names, chosen) for look in looks], ignore_index=True)
    about = About(
        card=CARD,
        options=chosen,
        unit=stages.units,
        population=CARD.population,
        population_hash=population_hash(warehouse, CARD, chosen),
        notes=("The strongest stretch is shown: it looks larger than it is.",),
    )
    return WaitGrowth(
        CARD, chosen, {"places": _output(about, shown, chosen)}, flow,
        stretches=pd.concat([_found(look) for look in looks], ignore_index=True),
        looked_at=pd.DataFrame([_looked(look) for look in looks]),
    )  # fmt: skip


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


def _until_words(look: _Look, end: int) -> str:
    return STILL if end >= len(look.quarters) else _quarter_words(look.quarters[end])


def _found(look: _Look) -> pd.DataFrame:
    rows = [
        {
            "passage": look.passage,
            "since": _quarter_words(look.quarters[one.start]),
            "until": _until_words(look, one.end),
            "since_earliest": _quarter_words(look.quarters[one.earliest]),
            "since_latest": _quarter_words(look.quarters[one.latest]),
            "places": len(one.places),
            "looked_at": len(look.places),
            "evidence": one.evidence,
            "p_value": one.p_value,
        }
        for one in look.stretches
    ]
    names = ["passage", "since", "until", "since_earliest", "since_latest", "places", "looked_at",
             "evidence", "p_value"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _looked(look: _Look) -> dict[str, Any]:
    return {
        "passage": look.passage,
        "looked_at": len(look.places),
        "quarters": len(look.quarters),
        "cases": int(look.counts["cases"].sum()) if len(look.counts) else 0,
        "stretches": len(look.stretches),
    }


def _table(
    look: _Look, rows: ir.Table, names: dict[str, str], options: WaitGrowthOptions
) -> pd.DataFrame:
    """One row per stretch and place named, and for the places together."""
    base = rows.filter(rows.passage == look.passage)
    if not look.stretches:
        everyone = _people(base, [])
        words = {"stage": look.passage, "place": EVERYWHERE, "since": NONE_FOUND, "until": ""}
        return pd.DataFrame([{**words, **everyone, **dict.fromkeys(STATISTICS, np.nan)}])
    made = []
    for one in look.stretches:
        quarters = look.quarters[one.start : one.end]
        slow = [look.places[place] for place in one.places]
        inside = base.filter(base.quarter.between(quarters[0], quarters[-1]))
        for place, chosen in [(EVERYWHERE, slow), *((name, [name]) for name in slow)]:
            made.append(
                {
                    "stage": look.passage,
                    "place": names.get(place, place),
                    "since": _quarter_words(quarters[0]),
                    "until": _until_words(look, one.end),
                    **_people(inside, chosen),
                    **_size(look, chosen, slow, quarters),
                }
            )
    return pd.DataFrame(made)


STATISTICS = ("ratio", "lower", "upper")


def _people(rows: ir.Table, places: list[str]) -> dict[str, int]:
    held = rows.filter(rows.place.isin(places)) if places else rows
    found = engine.execute(
        held.aggregate(people=held.person_key.nunique(), cases=held.count()),
        step="people in a stretch",
    ).iloc[0]
    return {"people": int(found["people"]), "cases": int(found["cases"])}


def _size(
    look: _Look, chosen: list[str], slow: list[str], quarters: tuple[int, ...]
) -> dict[str, float]:
    """Ratio of the wait to what the other places, and the usual difference, make it."""
    counts = look.counts
    in_time = counts["entered"].between(quarters[0], quarters[-1])
    at_slow, here = counts["place"].isin(slow), counts["place"].isin(chosen)
    others = counts[~(at_slow & in_time)]
    curves = references(others)
    scored = counts[here].assign(score=scores(counts[here], curves))
    inside, outside = scored[in_time[here]], scored[~in_time[here]]
    usual = float(np.average(outside["score"], weights=outside["cases"])) if len(outside) else 0.0
    spread = float(np.average(_squared(others, curves), weights=others["cases"]))
    sizes = inside["cases"].sum(), max(outside["cases"].sum(), 1)
    error = float(np.sqrt(spread * (1 / sizes[0] + 1 / sizes[1])))
    found = wait_ratio(inside, curves, usual, error)
    return dict(zip(STATISTICS, (found.estimate, found.lower, found.upper), strict=True))


def _squared(others: pd.DataFrame, curves: dict[object, Any]) -> np.ndarray:
    """Squared distance of each row's score from the mean of all."""
    found = scores(others, curves)
    return (found - np.average(found, weights=others["cases"])) ** 2


def _output(about: About, table: pd.DataFrame, options: WaitGrowthOptions) -> Output:
    dimensions = ("stage", "place", "since", "until")
    roles = ColumnRoles(
        people="people",
        count=("cases",),
        estimate=("ratio",),
        lower=("lower",),
        upper=("upper",),
        statistic={"ratio": "ratio", "lower": "ratio", "upper": "ratio"},
        people_behind={"cases": "people"},
    )
    one_passage = table["stage"].nunique() == 1
    chart = Chart(
        form="dots", x="place", y="ratio", lower="lower", upper="upper",
        group=None if one_passage else "stage",
        y_title="Wait beside what it would have been (ratio)",
    )  # fmt: skip
    drawable = table["ratio"].notna().any() and not table.duplicated(["stage", "place"]).any()
    return about.output(
        "model",
        CARD.title,
        table,
        dimensions=dimensions,
        roles=roles,
        chart=chart if drawable else None,
        places={"place": options.by},
    )
