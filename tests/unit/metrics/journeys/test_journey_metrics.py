"""Options, bad input and outputs of the metrics of journeys."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from justice_analysis import charts, engine
from justice_analysis.definitions import Output
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.journeys import (
    Stage,
    Stages,
    path_variants,
    stage_queues,
    stage_waits,
    wait_growth,
)
from tests.spec.stages import divorces

METRICS = [stage_waits, stage_queues, path_variants, wait_growth]
COURTS = [f"court {chr(97 + n)}" for n in range(12)]
SLOW = COURTS[:3]
QUICK = {"simulations": 199}


def day(number: float) -> str:
    return (datetime.date(2011, 1, 1) + datetime.timedelta(days=round(number))).isoformat()


def world(seed: int = 1, *, ratio: float = 2.0) -> list[dict[str, str | None]]:
    """Divorces at twelve courts; at three, those of 2013 take longer to the first order."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(2400):
        entered, court = random.integers(0, 1400), COURTS[number % 12]
        wait = 120 * np.exp(random.normal(0, 0.4))
        if court in SLOW and 731 <= entered < 1096:
            wait *= ratio
        first, second = entered + wait, entered + wait + 50 + 40 * random.random()
        rows.append(
            {"case": f"case {number:04}", "court": court, "petition": day(entered),
             "conditional": day(first) if first < 1500 else None,
             "final": day(second) if second < 1500 else None}
        )  # fmt: skip
    return rows


def at_courts(rows):
    covered = [(court, "2011-01-01", day(1500)) for court in COURTS]
    return divorces(engine.connect(), rows, covered=covered)


@pytest.fixture(scope="module")
def slower():
    return at_courts(world())


@pytest.fixture(scope="module")
def grown(slower):
    return wait_growth(slower, name_places=True, **QUICK)


def test_where_and_since_when_is_found_with_how_many_courts_were_looked_at(grown):
    assert len(grown.stretches) == 1
    row = grown.stretches.iloc[0]
    assert (row["passage"], row["since"], row["until"]) == (
        "petition to conditional order", "2013 Q1", "2014 Q1",
    )  # fmt: skip
    assert (row["places"], row["looked_at"]) == (3, 12)
    assert row["lower"] < 2 < row["upper"]
    assert set(grown.places["place"]) == {f"{court} court" for court in SLOW}
    assert "2013 Q1 waited longer at 3 of 12 places" in grown.sentences()[0]
    assert "no stretch found among 12 places" in grown.sentences()[1]


def test_the_slower_places_are_set_beside_the_others_and_their_own_other_quarters(grown):
    table = grown.table[grown.table["stage"] == "petition to conditional order"]
    median = table.set_index(["when", "group"])["median"]
    inside, outside = median["in the stretch"], median["in other quarters"]
    assert inside["slower places"] > 1.6 * inside["other places"]
    assert outside["slower places"] < 1.2 * outside["other places"]
    assert table["cases"].sum() == 2400


def test_places_are_named_in_an_output_that_says_their_level(grown):
    named = grown.outputs["places"]
    assert named.places == {"court": "court"}
    assert set(named.table["court"]) == {f"{court} court" for court in SLOW}
    assert "court" not in grown.outputs["stretches"].table


def test_nothing_is_found_where_no_court_became_slower():
    found = wait_growth(at_courts(world(ratio=1.0)), **QUICK)
    assert found.stretches.empty
    assert set(found.table["since"]) == {"no stretch found"}


def test_waits_that_grow_everywhere_are_found_against_the_own_history_alone():
    rows = world(3, ratio=1.0)
    for row in rows:
        if row["petition"] >= "2013-01-01" and row["conditional"]:
            entered = datetime.date.fromisoformat(row["petition"])
            wait = datetime.date.fromisoformat(row["conditional"]) - entered
            row["conditional"], row["final"] = (entered + 1.6 * wait).isoformat(), None
    drawn = at_courts(rows)
    assert wait_growth(drawn, **QUICK).stretches.empty
    found = wait_growth(drawn, against="history", **QUICK).stretches.iloc[0]
    assert found["since"] in ("2012 Q4", "2013 Q1", "2013 Q2")


@pytest.mark.parametrize("metric", METRICS)
def test_every_output_is_valid_and_drawn_with_its_words(slower, metric, grown):
    result = grown if metric is wait_growth else metric(slower)
    for output in result.outputs.values():
        assert isinstance(output, Output)
        assert len(output.table)
        if output.chart:
            charts.draw(output.table, output.chart, title="Title", synthetic=True)
            assert charts.alternative_text(output.table, output.chart, "Title")


@pytest.mark.parametrize("metric", METRICS)
def test_a_warehouse_without_such_cases_is_refused_in_a_sentence(metric):
    with pytest.raises(MetricError, match="needs divorce of family_court"):
        metric(divorces(engine.connect(), []))


@pytest.mark.parametrize(
    ("metric", "options", "message"),
    [
        (stage_waits, {"by": "week"}, "by must be one of"),
        (stage_waits, {"over_periods": 0}, "over_periods must be"),
        (stage_waits, {"stages": "marriage"}, "stages must be one of"),
        (stage_queues, {"at_end_of": "day"}, "at_end_of must be one of"),
        (path_variants, {"least_people": 0}, "at least 1"),
        (wait_growth, {"compare": "people"}, "compare must be one of"),
        (wait_growth, {"share_slower": 1.5}, "between 0 and 1"),
        (wait_growth, {"least_cases": 1}, "least_cases must be"),
        (wait_growth, {"colour": "red"}, "no option colour"),
    ],
)
def test_options_that_cannot_be_are_refused(metric, options, message):
    with pytest.raises(OptionError, match=message):
        metric(divorces(engine.connect(), []), **options)


def test_one_case_alone_has_waits_a_queue_and_a_path_and_no_court_to_compare():
    alone = divorces(engine.connect(), [
        {"case": "a", "court": "north", "petition": "2012-01-01", "conditional": "2012-03-01"}
    ])  # fmt: skip
    assert stage_waits(alone).outputs["stages"].table["median"].tolist() == [60]
    assert stage_queues(alone).table["cases"].max() == 1
    assert path_variants(alone, least_people=1).table["path"].tolist() == [
        "all", "petition, then conditional order",
    ]  # fmt: skip
    looked = wait_growth(alone)
    assert looked.looked_at["looked_at"].tolist() == [0, 0]
    assert set(looked.table["since"]) == {"no stretch found"}


def test_cases_that_are_all_still_open_have_no_median_and_say_so():
    rows = [{"case": f"{n}", "court": "north", "petition": "2012-01-01"} for n in "abc"]
    with pytest.raises(MetricError, match="went from one stage to the next"):
        stage_waits(divorces(engine.connect(), rows))


def test_stages_of_ones_own_are_measured():
    mine = Stages(
        name="end to end", unit="case", units="divorces", case_types=("divorce",),
        source="family_court", role="applicant",
        stages=(Stage("petition", "petition"), Stage("final order", "final_order")),
    )  # fmt: skip
    alone = divorces(engine.connect(), [
        {"case": "a", "court": "north", "petition": "2012-01-01", "final": "2012-12-31"}
    ])  # fmt: skip
    assert stage_waits(alone, stages=mine).outputs["stages"].table["median"].tolist() == [365]


def test_presentation_does_not_change_who_is_counted(slower):
    by_year = stage_waits(slower, by="year")
    assert by_year.population_hash == stage_waits(slower).population_hash
