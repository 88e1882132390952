"""A model is a table of people in disguise, and is judged as one."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds import models
from justice_analysis.disclosure.kinds.coefficients import step
from tests.unit.disclosure.examples import as_candidate, frequencies
from tests.unit.disclosure.kinds.model_examples import MODEL, by_sex, model

NAN = math.nan
BOTH = {"sex": "women", "age": "old"}


def decided(output, profile):
    return judge([as_candidate(output)], profile)[0]


def shown_of(judged, term, level):
    table = judged.protected.table
    return table[(table["term"] == term) & (table["level"] == level)].iloc[0]


def why(judged):
    return " ".join(judged.verdict.reasons)


def test_a_model_of_enough_people_passes_with_its_reference_level(srs):
    judged = decided(by_sex((403, 123), (207, 88)), srs)
    assert judged.verdict.status == "pass", why(judged)
    reference, men = (shown_of(judged, "sex", level) for level in ("women", "men"))
    assert (reference["people"], reference["events"]) == (405, 125)
    assert (reference["coefficient"], reference["ratio"]) == (0, 1)
    assert math.isnan(reference["standard_error"])
    assert men["shown"] == "yes"


@pytest.mark.parametrize(
    ("women", "men"),
    [
        ((403, 123), (9, 5)),  # people
        ((403, 123), (80, 4)),  # events
        ((403, 123), (80, 75)),  # those without the event
        ((403, 123), (80, 0)),
    ],
)
def test_a_level_with_too_few_people_events_or_others_is_never_shown(srs, women, men):
    for output, thin in ((by_sex(women, men), "men"), (by_sex(men, women), "women")):
        judged = decided(output, srs)
        hidden = shown_of(judged, "sex", thin)
        assert hidden["shown"] == "suppressed"
        assert hidden[["people", "events", *MODEL.statistics]].isna().all()
        assert judged.protected.table["standard_error"].isna().all()


def test_a_small_reference_level_hides_the_whole_term(srs):
    rows = [
        ("all", "all", 1008, 300, NAN, NAN),
        ("sex", "women", 8, 3, 0, NAN),
        ("sex", "men", 500, 150, 0.4, 0.7),
        ("sex", "other", 500, 147, 0.5, 0.7),
    ]
    judged = decided(model(rows), srs)
    assert judged.verdict.status == "pass", why(judged)
    assert list(judged.protected.table["shown"]) == ["yes", *["suppressed"] * 3]
    hidden = judged.protected.table.iloc[1:]
    assert hidden[["people", "events", *MODEL.statistics]].isna().all(axis=None)


def test_a_hidden_level_takes_another_with_it_so_that_sums_do_not_tell_it(srs):
    rows = [
        ("all", "all", 1003, 301, NAN, NAN),
        ("sex", "women", 500, 150, 0, NAN),
        ("sex", "men", 500, 150, 0.4, 0.2),
        ("sex", "other", 3, 1, 0.5, 0.7),
    ]
    judged = decided(model(rows), srs)
    shown = list(judged.protected.table["shown"])
    assert shown[3] == "suppressed"
    assert shown.count("suppressed") > 1


def test_the_reference_level_and_everyone_must_be_rows(srs):
    whole = by_sex((403, 123), (207, 88))
    for dropped, said in (("women", "reference level"), ("all", "everyone")):
        table = whole.table[whole.table["level"] != dropped]
        judged = decided(dataclasses.replace(whole, table=table), srs)
        assert judged.verdict.status == "fail"
        assert said in why(judged)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"residual_df": 9}, "degrees of freedom"),
        ({"residual_df": None}, "residual_df"),
        ({"observations": None}, "observations"),
        ({"model": "random forest"}, "options.model"),
        ({"reference": {}}, "reference level of each term"),
        ({"absorbed": ["sex"]}, "single units"),
        ({"people": 3}, "options.people"),
        ({"log_likelihood": -1234.5678, "AIC": 2.5}, "aic, log_likelihood"),
    ],
)
def test_what_a_model_must_say_or_it_fails(srs, options, said):
    judged = decided(by_sex((403, 123), (207, 88), options=options), srs)
    assert judged.verdict.status == "fail"
    assert said in why(judged)


def test_no_reason_tells_a_value(srs):
    judged = decided(by_sex((403, 123), (207, 88), options={"residual_df": 7}), srs)
    assert "7" not in why(judged)


def test_fixed_effects_of_single_people_are_refused(srs):
    rows = [("all", "all", 300, 40, NAN, NAN), ("sex", "women", 290, 30, 0, NAN)]
    rows += [("person", f"p{n}", 1, 1, 0.1 * n, 0.5) for n in range(10)]
    options = {"reference": {"sex": "women", "person": "p0"}}
    judged = decided(model(rows, options=options), srs)
    assert judged.verdict.status == "fail"
    assert "single units are never shown" in why(judged)


@pytest.mark.parametrize("what", ["residual", "fitted", "leverage"])
def test_numbers_of_single_people_are_refused(srs, what):
    roles = dataclasses.replace(MODEL, statistic={**MODEL.statistic, "p": what})
    judged = decided(by_sex((403, 123), (207, 88), roles=roles), srs)
    assert judged.verdict.status == "fail"
    assert "single people" in why(judged)


def test_a_baseline_hazard_must_be_a_survival_output(srs):
    roles = dataclasses.replace(MODEL, statistic={**MODEL.statistic, "p": "baseline hazard"})
    judged = decided(by_sex((403, 123), (207, 88), roles=roles), srs)
    assert judged.verdict.status == "fail"
    assert "survival output" in why(judged)


def test_an_estimate_without_a_spread_is_for_a_person(srs):
    output = by_sex((403, 123), (207, 88))
    table = output.table.assign(standard_error=NAN)
    judged = decided(dataclasses.replace(output, table=table), srs)
    assert judged.verdict.status == "review"
    assert "standard error" in why(judged)


def test_a_model_that_did_not_converge_is_for_a_person(srs):
    judged = decided(by_sex((403, 123), (207, 88), options={"converged": False}), srs)
    assert judged.verdict.status == "review"


def test_one_person_more_or_less_hardly_ever_changes_what_is_shown(srs):
    changed = 0
    for events in range(60, 120):
        before, after = (
            shown_of(decided(by_sex((403, 123), (207, e)), srs), "sex", "men")
            for e in (events, events + 1)
        )
        changed += before["coefficient"] != after["coefficient"]
    assert changed <= 60 / srs.rounding_base + 1


def test_the_standard_error_has_no_more_digits_than_the_step(srs):
    men = shown_of(decided(by_sex((403, 123), (207, 88)), srs), "sex", "men")
    true = by_sex((403, 123), (207, 88)).table.iloc[2]
    at = step(true["standard_error"], 88, srs)
    for name in ("coefficient", "standard_error"):
        assert math.isclose(men[name] / at, round(men[name] / at), abs_tol=1e-9)
    assert men["standard_error"] >= true["standard_error"]
    assert math.isclose(men["ratio"], math.exp(men["coefficient"]), rel_tol=0.01)


def test_the_step_grows_where_events_are_rare(srs):
    assert step(0.1, 10, srs) > step(0.1, 1000, srs)
    assert step(1 / math.sqrt(20), 20, srs) >= srs.rounding_base / 20


def test_intervals_follow_from_what_is_shown(srs):
    roles = dataclasses.replace(
        MODEL,
        estimate=("ratio",),
        lower=("lower",),
        upper=("upper",),
        statistic={"ratio": "hazard ratio"},
    )
    output = by_sex((403, 123), (207, 88), options={"model": "cox"})
    error = output.table["standard_error"]
    table = output.table.drop(columns=["coefficient", "standard_error", "p"]).assign(
        lower=[
            math.exp(math.log(r) - 1.96 * s)
            for r, s in zip(output.table["ratio"], error, strict=True)
        ],
        upper=[
            math.exp(math.log(r) + 1.96 * s)
            for r, s in zip(output.table["ratio"], error, strict=True)
        ],
    )
    judged = decided(dataclasses.replace(output, table=table, roles=roles), srs)
    assert judged.verdict.status == "pass", why(judged)
    men = shown_of(judged, "sex", "men")
    assert men["lower"] < men["ratio"] < men["upper"]
    assert men["lower"] <= table.iloc[2]["lower"]
    assert men["upper"] >= table.iloc[2]["upper"]


def test_a_small_corner_of_an_interaction_is_not_told_by_the_rest(srs):
    rows = [
        ("all", "all", 1000, 300, NAN, NAN),
        ("sex", "women", 500, 150, 0, NAN),
        ("sex", "men", 500, 150, 0.1, 0.2),
        ("age", "old", 600, 180, 0, NAN),
        ("age", "young", 400, 120, 0.2, 0.2),
        ("sex:age", "men:young", 396, 118, 0.3, 0.2),  # so 4 women are young
    ]
    output = model(rows, options={"reference": BOTH})
    assert models.is_saturated(output)
    judged = decided(output, srs)
    table = judged.protected.table
    shown = {(row.term, row.level): row.shown for row in table.itertuples()}
    corner = shown["sex:age", "men:young"], shown["age", "young"]
    assert "suppressed" in corner


def test_an_additive_model_shows_its_margins(srs):
    rows = [
        ("all", "all", 1000, 300, NAN, NAN),
        ("sex", "women", 500, 150, 0, NAN),
        ("sex", "men", 500, 150, 0.1, 0.2),
        ("age", "old", 600, 180, 0, NAN),
        ("age", "young", 400, 120, 0.2, 0.2),
        ("years", "per year", 1000, 300, 0.02, 0.01),
    ]
    options = {"reference": BOTH, "continuous": ["years"]}
    judged = decided(model(rows, options=options), srs)
    assert judged.verdict.status == "pass", why(judged)
    assert set(judged.protected.table["shown"]) == {"yes"}


def test_levels_that_leave_out_a_few_people_do_not_tell_of_them(srs):
    output = by_sex((403, 123), (207, 88))
    table = output.table.copy()
    table.loc[0, "people"] += 9  # of another sex, in no row
    judged = decided(dataclasses.replace(output, table=table), srs)
    assert judged.verdict.status == "pass", why(judged)
    assert "suppressed" in set(judged.protected.table["shown"])


def test_what_a_table_hides_the_model_of_the_same_people_hides_too(srs):
    output = by_sex((403, 123), (9, 5))
    counts = frequencies({"all": 412, "women": 403, "men": 9})
    table = counts.table.rename(columns={"age": "sex"})
    counts = dataclasses.replace(counts, table=table, dimensions=("sex",), card=None)
    first, second = judge([as_candidate(output, "a"), as_candidate(counts, "b")], srs)
    hidden = set(second.protected.table.query("shown == 'suppressed'")["sex"])
    assert len(hidden) > 1
    for level in hidden & {"women", "men"}:
        assert shown_of(first, "sex", level)["shown"] == "suppressed"


def test_times_of_an_event_study_that_differ_by_a_few_people_are_not_both_shown(srs):
    rows = [("all", "all", 400, 0, NAN, NAN)]
    rows += [
        ("event_time", str(time), people, 0, 0.1 * time if time != -1 else 0, 0.05)
        for time, people in ((-2, 400), (-1, 400), (0, 400), (1, 397), (2, 380))
    ]
    roles = dataclasses.replace(MODEL, count=())
    output = model(rows, options={"model": "event_study", "reference": {"event_time": "-1"}})
    table = output.table.drop(columns="events")
    judged = decided(dataclasses.replace(output, table=table, roles=roles), srs)
    assert judged.verdict.status == "pass", why(judged)
    assert shown_of(judged, "event_time", "1")["shown"] == "suppressed"
    assert shown_of(judged, "event_time", "2")["shown"] == "yes"


def test_group_time_estimates_need_the_people_on_both_sides(srs):
    rows = [("all", "all", 400, 200, NAN, NAN)]
    rows += [
        (group, time, treated + other, other, 0.1, 0.05)
        for group, treated, other in (("2015", 120, 200), ("2016", 80, 9))
        for time in ("2016", "2017")
    ]
    output = model(rows, options={"model": "group_time", "reference": {}})
    table = output.table.rename(columns={"events": "comparison_people"})
    table["treated_people"] = table["people"] - table["comparison_people"]
    roles = dataclasses.replace(MODEL, count=("treated_people", "comparison_people"))
    judged = decided(output, srs)
    assert "comparison_people" in why(judged)
    judged = decided(dataclasses.replace(output, table=table, roles=roles), srs)
    assert judged.verdict.status == "pass", why(judged)
    assert set(judged.protected.table.query("term == '2016'")["shown"]) == {"suppressed"}


@pytest.mark.parametrize("mechanism", ["suppress", "round", "suppress_then_round"])
def test_coefficients_are_rounded_under_every_mechanism(srs, mechanism):
    profile = dataclasses.replace(
        srs,
        rounding_base=25 if mechanism == "round" else 5,
        mechanism=dict.fromkeys(srs.mechanism, mechanism),
    )
    output = by_sex((403, 123), (207, 88))
    protected = models.protect(output, {0}, profile, models.Beside())
    table = protected.table
    assert list(table["shown"]) == ["suppressed", "yes", "yes"]
    assert table.loc[1, "people"] == {"suppress": 403, "round": 400}.get(mechanism, 405)
    assert table.loc[2, "coefficient"] != output.table.loc[2, "coefficient"]
    assert ("rounded by itself" in " ".join(protected.controls)) == (mechanism != "suppress")


def test_the_evidence_says_what_was_looked_at_and_is_plain(srs):
    output = by_sex((403, 123), (207, 88))
    found = decided(output, srs).verdict.evidence["of_its_kind"]
    assert found["residual_df"] == output.options["residual_df"]
    assert found["saturated"] is True
    assert found["fewest_behind_each_row"] == [211, 123, 88]
    assert found["step_of_each_row"][:2] == [None, None]
    json.dumps(found, allow_nan=False)


def test_those_without_the_event_do_not_come_back_from_the_sums(srs):
    rows = [
        ("all", "all", 1018, 315, NAN, NAN),
        ("sex", "women", 500, 150, 0, NAN),
        ("sex", "men", 500, 150, 0.4, 0.2),
        ("sex", "other", 18, 15, 0.5, 0.7),  # three without
    ]
    exact = dataclasses.replace(srs, mechanism=dict.fromkeys(srs.mechanism, "suppress"))
    judged = decided(model(rows), exact)
    assert judged.verdict.status == "pass", why(judged)
    shown = list(judged.protected.table["shown"])
    assert shown[3] == "suppressed"
    assert shown.count("suppressed") > 1


@pytest.mark.parametrize("mechanism", ["suppress", "suppress_then_round"])
def test_a_model_is_released_under_either_way_of_hiding(srs, mechanism):
    profile = dataclasses.replace(srs, mechanism=dict.fromkeys(srs.mechanism, mechanism))
    judged = decided(by_sex((403, 123), (207, 88)), profile)
    assert judged.verdict.status == "pass", why(judged)
    men = shown_of(judged, "sex", "men")
    assert men["events"] == (88 if mechanism == "suppress" else 90)


def test_rounding_alone_still_hides_estimates_of_few_people(srs):
    profile = dataclasses.replace(
        srs, rounding_base=30, minimum_count=10, mechanism=dict.fromkeys(srs.mechanism, "round")
    )
    judged = decided(by_sex((403, 123), (60, 4)), profile)
    if judged.protected is not None:
        assert shown_of(judged, "sex", "men")["shown"] == "suppressed"
    assert judged.verdict.status == "pass", why(judged)
