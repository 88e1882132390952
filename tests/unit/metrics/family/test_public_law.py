"""Public-law metrics as a whole: options, bad input, and what may be released."""

from __future__ import annotations

import pytest

from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.profiles.profile import load
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.family.adoption import adoption
from justice_analysis.metrics.family.care_timeliness import care_timeliness
from justice_analysis.metrics.family.entry_to_proceedings import entry_to_proceedings
from justice_analysis.metrics.family.family_caseload import family_caseload
from justice_analysis.metrics.family.newborn_rate import newborn_rate
from justice_analysis.metrics.family.order_outcomes import order_outcomes
from justice_analysis.metrics.family.recurrence_profiles import recurrence_profiles
from tests.spec import tables
from tests.spec.children import children_warehouse

METRICS = [
    adoption,
    care_timeliness,
    entry_to_proceedings,
    family_caseload,
    newborn_rate,
    order_outcomes,
    recurrence_profiles,
]
OPEN = """
case | set | child | applied_for | received   | born       | source
A    | A   | 1     | care_order  | 2015-01-05 | 2015-01-03 | cafcass_england
"""


@pytest.mark.parametrize("metric", METRICS, ids=lambda one: one.__name__)
def test_a_warehouse_without_such_cases_is_refused(backend, metric):
    with pytest.raises(MetricError):
        metric(tables.warehouse(backend, {}))


@pytest.mark.parametrize(
    ("metric", "options", "words"),
    [
        (care_timeliness, {"cohort": "entry", "published": True}, "it needs cohort=exit"),
        (care_timeliness, {"limit_days": -1}, "limit_days must not be negative"),
        (care_timeliness, {"first_day": "2016-01-01", "last_day": "2015-01-01"}, "must be before"),
        (care_timeliness, {"first_day": "January"}, "written YYYY-MM-DD"),
        (care_timeliness, {"period": "month"}, "period must be one of"),
        (family_caseload, {"cases": "divorce"}, "cases must be one of"),
        (newborn_rate, {"within_days": 0}, "within_days must be at least 1"),
        (newborn_rate, {"interval": "wald"}, "interval must be one of"),
        (entry_to_proceedings, {"newborn_days": 365}, "newborn_days must be at least 1"),
        (recurrence_profiles, {"followup_days": 0}, "followup_days must be at least 1"),
        (order_outcomes, {"show": "all"}, "show must be one of"),
        (adoption, {"last_day": "2015-02-30"}, "written YYYY-MM-DD"),
    ],
)
def test_options_that_mean_nothing_are_refused(backend, metric, options, words):
    with pytest.raises(OptionError, match=words):
        metric(children_warehouse(backend, OPEN), **options)


def test_when_nothing_was_disposed_of_a_sentence_says_so(backend):
    with pytest.raises(MetricError, match="no unit is left"):
        care_timeliness(children_warehouse(backend, OPEN))


def test_one_open_application_is_an_entry_cohort_of_one(backend):
    drawn = children_warehouse(backend, OPEN)
    table = care_timeliness(drawn, cohort="entry", period=None, source="cafcass_england").table
    assert table[["people", "reached", "estimate"]].iloc[0].tolist() == [1, 0, 0]


def test_nobody_with_a_placement_or_adoption_is_refused(backend):
    with pytest.raises(MetricError, match="none is recorded in the window"):
        adoption(children_warehouse(backend, OPEN))


def test_a_source_without_such_cases_is_named(backend):
    with pytest.raises(MetricError, match="such family cases from cafcass_cymru"):
        order_outcomes(children_warehouse(backend, OPEN), source="cafcass_cymru")


def test_a_source_without_a_place_in_the_precedence_is_refused(backend):
    with pytest.raises(MetricError, match="cafcass_england has none"):
        family_caseload(children_warehouse(backend, OPEN), precedence=("family_court",))


def test_real_data_needs_a_file_of_births_and_synthetic_data_has_its_own_people(backend):
    with pytest.raises(MetricError, match="give a CSV file"):
        newborn_rate(children_warehouse(backend, OPEN))
    table = newborn_rate(children_warehouse(backend, OPEN, synthetic=True)).table
    assert table.iloc[0][["newborns", "live_births"]].tolist() == [1, 1]


def test_an_output_names_the_release_of_the_births_and_not_the_file(backend, tmp_path):
    path = tmp_path / "births.csv"
    path.write_text("place,period,live_births,source,version\nall,2015,9,office,2024 release\n")
    result = newborn_rate(children_warehouse(backend, OPEN), births=str(path))
    options = result.outputs["rates"].options
    assert options["births"] == "office, 2024 release"
    assert str(tmp_path) not in str(options)
    assert (options["per"], options["public_denominator"]) == (10_000, True)


def many(backend):
    """Thirty families that can be told apart from nobody: each a child, applied for and ordered."""
    heads = "case | set | child | applied_for | received | born | status"
    rows = [
        f"c{n} | s{n} | {n} | {code} | 2015-01-05 | 2015-01-0{n % 3 + 1} | closed"
        for n in range(1, 31)
        for code in ("care_order", "placement_order")
    ]
    orders = [f"c{n} | {n} | care_order | 2015-0{n % 3 + 4}-06" for n in range(1, 31)]
    orders += [f"c{n} | {n} | placement_order | 2015-0{n % 3 + 4}-06" for n in range(1, 31)]
    return children_warehouse(
        backend,
        "\n".join([heads, *rows]),
        "\n".join(["case | child | order | made", *orders]),
        synthetic=True,
    )


@pytest.mark.parametrize(
    ("metric", "options"),
    [
        (family_caseload, {}),
        (newborn_rate, {}),
        (adoption, {"period": None}),
    ],
)
def test_what_is_about_thirty_families_may_be_shown(backend, metric, options):
    result = metric(many(backend), **options)
    for output in result.outputs.values():
        verdict = judge([Candidate("one", output, True, "0" * 64)], load("ons-srs"))[0].verdict
        assert verdict.status == "pass", verdict.reasons
