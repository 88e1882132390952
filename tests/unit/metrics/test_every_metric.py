"""What holds for every metric that is registered, whatever it counts."""

from __future__ import annotations

import dataclasses
import inspect

import duckdb
import numpy as np
import pytest

import justice_analysis as ja
from justice_analysis import engine, metrics
from justice_analysis.definitions import SUBJECTS
from justice_analysis.disclosure import judge
from justice_analysis.disclosure.candidate import read_candidate, write_candidate
from justice_analysis.disclosure.profiles import profile
from justice_analysis.errors import JusticeError, MetricError, OptionError
from justice_analysis.metrics.sql import metric_sql
from tests.spec.tables import warehouse as drawn_warehouse

# Measured on real data in tests of their own: the synthetic world has none of it.
ON_OPEN_DATA = ("adjusted_reappearance", "reappearance", "published_flows", "published_growth")
# Standardised numbers weigh strata: no rule can see how much one person moves them.
FOR_A_PERSON = {
    "sentencing_by_court": ("indirect", "funnel", "direct", "length_ratio"),
    # Pupils, of whom it is not known who are brothers and sisters.
    "offending_and_education": ("offended", "overall", "recorded"),
}
MOST_ROWS = 150
"""Larger tables are judged in tests of suppression: they take long and show no other rule."""
BACKED = [name for name in metrics.names() if metrics.get(name).card.status != "unbacked"]
UNBACKED = [name for name in metrics.names() if name not in BACKED]
IN_WORLD = [name for name in BACKED if name not in ON_OPEN_DATA]
JUDGED_ELSEWHERE = (
    "CompletenessResult",
    "CountingUnitsResult",
    "IncidenceResult",
    "LinkQualityResult",
)
"""Results whose outputs have names of their own, and are judged in tests of theirs."""


def gives(name: str) -> str:
    """What a metric returns, as its definition says."""
    return inspect.signature(inspect.unwrap(metrics.get(name).compute)).return_annotation


def takes_options(name: str) -> bool:
    """Whether a metric takes options by any name and checks them itself, as Python cannot."""
    kinds = {one.kind for one in inspect.signature(metrics.get(name).compute).parameters.values()}
    return inspect.Parameter.VAR_KEYWORD in kinds


@pytest.fixture(scope="module")
def opened(full_warehouse):
    return ja.open(full_warehouse)


@pytest.fixture(scope="module")
def empty():
    return drawn_warehouse(engine.connect(), {})


@pytest.fixture(scope="module")
def results(opened):
    """Each metric's result with its defaults, computed once."""
    return {}


def result_of(name, opened, results):
    if name not in results:
        results[name] = metrics.get(name).compute(opened)
    return results[name]


def outputs_of(result, title):
    if hasattr(result, "outputs"):
        return [result.output(title, name) for name in result.outputs]
    return [result.estimates(title)] if hasattr(result, "estimates") else []


@pytest.mark.parametrize("name", IN_WORLD)
def test_it_computes_with_its_defaults(name, opened, results):
    result = result_of(name, opened, results)
    assert len(result.table) > 0
    assert result.card is metrics.get(name).card


@pytest.mark.parametrize("name", IN_WORLD)
def test_shares_lie_in_their_intervals(name, opened, results):
    for output in outputs_of(result_of(name, opened, results), "Title"):
        roles, table = output.roles, output.table
        for estimate, low, high in zip(roles.estimate, roles.lower, roles.upper, strict=False):
            given = table[[low, estimate, high]].dropna()
            assert (given[low] <= given[estimate] + 1e-9).all()
            assert (given[estimate] <= given[high] + 1e-9).all()
        for share in set(output.shares) & set(roles.estimate):
            values = table[share].dropna()
            assert values.between(-1e-9, 1 + 1e-9).all()


@pytest.mark.parametrize("name", IN_WORLD)
def test_an_estimate_is_missing_only_where_nothing_was_counted(name, opened, results):
    for output in outputs_of(result_of(name, opened, results), "Title"):
        if output.kind == "model":
            continue  # its reference group, and everyone, have no estimate
        roles = output.roles
        below = output.table[roles.denominator or roles.people]
        for estimate in roles.estimate:
            missing = output.table[estimate].isna()
            assert not (missing & (below > 0)).any(), (estimate, output.notes)
            assert not np.isinf(output.table[estimate].astype(float)).any()


@pytest.mark.parametrize("name", [name for name in IN_WORLD if gives(name) not in JUDGED_ELSEWHERE])
def test_disclosure_control_can_judge_every_output(name, opened, results, tmp_path):
    rules = profile.load("ons-srs")
    result = result_of(name, opened, results)
    for number, key in enumerate(result.outputs):
        output = result.output("What was counted", key)
        if len(output.table) > MOST_ROWS:
            continue
        write_candidate(output, f"output_{number}", tmp_path, synthetic=True)
        judged = judge.judge([read_candidate(tmp_path, f"output_{number}")], rules)[0]
        verdict = judged.verdict
        assert verdict.status != "fail" or "no row" in verdict.reasons[0], (key, verdict.reasons)
        asked = key in FOR_A_PERSON.get(name, ())
        assert verdict.status != "review" or asked, (key, verdict.reasons)


@pytest.mark.parametrize("name", BACKED)
def test_an_empty_warehouse_is_refused_in_a_sentence(name, empty):
    with pytest.raises(MetricError) as refused:
        metrics.get(name).compute(empty)
    assert 20 < len(str(refused.value)) < 400


@pytest.mark.parametrize("name", [name for name in BACKED if takes_options(name)])
def test_an_unknown_option_is_refused(name, empty):
    with pytest.raises(OptionError, match="no option nonsense"):
        metrics.get(name).compute(empty, nonsense=1)


@pytest.mark.parametrize("name", UNBACKED)
def test_what_no_dataset_backs_is_refused_in_a_sentence(name, empty):
    card = metrics.get(name).card
    assert card.gap is not None
    with pytest.raises(MetricError, match="no known dataset holds"):
        metrics.get(name).compute(empty)


@pytest.mark.parametrize("name", IN_WORLD)
def test_its_queries_are_sql(name, opened):
    text = metric_sql(name, opened)
    assert metrics.get(name).card.title in text
    assert len(duckdb.extract_statements(text)) >= 2  # the engine's own reader


@pytest.mark.parametrize("name", metrics.names())
def test_its_card_has_a_subject_and_its_options_are_plain(name):
    card = metrics.get(name).card
    assert card.subject in SUBJECTS
    assert dataclasses.is_dataclass(card.options_type)
    assert all(option.meaning for option in card.options)
    assert issubclass(MetricError, JusticeError)
