"""Reappearance on the real releases of Iowa, against R's cmprsk, and on drawn releases."""

from __future__ import annotations

import math

import pytest

from justice_analysis import warehouse
from justice_analysis.disclosure import load
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import reappearance
from justice_analysis.sources.extract import read_extract
from tests.golden.conftest import golden
from tests.spec import tables

__all__ = ["golden"]

CAUSES = {"1": "new", "2": "technical"}


@pytest.fixture(scope="session")
def iowa(shared_data, tmp_path_factory):
    extract = read_extract(shared_data / "iowa_releases.csv", "iowa_releases")
    return warehouse.load([extract], tmp_path_factory.mktemp("iowa") / "warehouse")


@pytest.fixture(scope="session")
def all_releases(iowa):
    return reappearance(iowa, complete=["sex"])


def release(number, *, days, cause=None, followed=1095, sex="male", source="iowa_releases", **said):
    """The rows that a release has in the common tables."""
    measures = [("followup_days", {"value_number": followed})]
    measures += [("days_to_return", {"value_number": days, "value_code": cause})] if days else []
    measures += [(name, {"value_code": value}) for name, value in said.items()]
    person = {"person_id": number, "sex": sex}
    trail = {"person_id": number, "source": source}
    return person, [
        {"measure_id": f"{number}:{name}", "concept": name, **values, **trail}
        for name, values in measures
    ]


def drawn(backend, releases):
    people = [person for person, _ in releases]
    measures = [measure for _, rows in releases for measure in rows]
    return tables.warehouse(backend, {"person": people, "measure": measures})


@pytest.fixture(scope="module")
def few(backend):
    return drawn(
        backend,
        [
            release(1, days=100, cause="new", release_type="Parole"),
            release(2, days=200, cause="technical", release_type="Discharge"),
            release(3, days=None, release_type="Parole"),
            release(4, days=1200, cause="new", sex=None),
        ],
    )


# The real releases -----------------------------------------------------------------------


def test_three_releases_without_sex_are_set_aside_and_counted(all_releases):
    assert all_releases.people == 26_017
    assert all_releases.attrition.table()["people"].tolist() == [26_020, 26_017]
    assert all_releases.table["people"].unique().tolist() == [26_017]


def test_incidence_at_three_years_is_the_published_one(all_releases):
    assert round(all_releases.at(1095, cause="new")["estimate"], 5) == 0.21202
    assert round(all_releases.at(1095, cause="technical")["estimate"], 5) == 0.12165


@pytest.mark.parametrize("by", [None, "sex"])
def test_incidence_equals_cuminc_at_every_time(iowa, golden, by):
    expected = golden("iowa_cuminc_sex" if by else "iowa_cuminc_all")
    horizons = sorted(expected["time"].unique().tolist())
    found = reappearance(iowa, complete=["sex"], by=by, horizons=horizons)
    names = expected["curve"].str.split(" ", expand=True)
    for group, cause, days, share in zip(
        names[0], names[1], expected["time"], expected["cif"], strict=True
    ):
        named = group.lower() if by else "all"
        got = found.at(days, group=named, cause=CAUSES[cause])["estimate"]
        assert got == pytest.approx(share, rel=0, abs=1e-9)


def test_causes_together_are_the_complement_of_kaplan_meier(iowa, all_releases):
    together = reappearance(iowa, complete=["sex"], competing=False)
    apart = all_releases.table.groupby("horizon_days")["estimate"].sum()
    assert together.table.set_index("horizon_days")["estimate"].to_dict() == pytest.approx(
        apart.to_dict()
    )


def test_every_release_leaves_once_by_a_cause_or_by_the_end_of_follow_up(all_releases):
    curve = all_releases.curve
    events = curve.groupby("cause")["events"].sum()
    censored = curve[curve["cause"] == "new"]["censored"].sum()
    assert events.sum() + censored == 26_017
    assert curve["day"].max() == 1095


# Drawn releases --------------------------------------------------------------------------


def test_a_return_after_the_end_of_follow_up_is_not_counted(few):
    found = reappearance(few, horizons=[1095])
    assert found.at(1095, cause="new")[["people", "returned"]].tolist() == [4, 1]
    assert found.at(1095, cause="technical")["estimate"] == pytest.approx(1 / 4)


def test_causes_taken_together_are_one_event(few):
    found = reappearance(few, competing=False, horizons=[1095])
    assert found.at(1095)[["returned", "estimate"]].tolist() == pytest.approx([2, 0.5])


def test_releases_are_grouped_by_a_recorded_measure_and_those_without_are_not_known_last(few):
    found = reappearance(few, by="release_type", competing=False, horizons=[90]).table
    assert found["group"].tolist() == ["Discharge", "Parole", "not known"]
    assert found["people"].tolist() == [1, 2, 1]


def test_a_measure_that_must_be_recorded_drops_releases_and_says_how_many(few):
    steps = reappearance(few, complete=["sex", "release_type"]).attrition.table()
    assert steps["step"].tolist() == [
        "releases followed up", "sex recorded", "release_type recorded"
    ]  # fmt: skip
    assert steps["people"].tolist() == [4, 3, 3]


@pytest.mark.parametrize("option", [{"by": "eye_colour"}, {"complete": ["eye_colour"]}])
def test_a_measure_that_no_release_has_is_refused(few, option):
    with pytest.raises(OptionError, match="eye_colour must be recorded to be used"):
        reappearance(few, **option)


def test_an_option_that_does_not_exist_is_refused(few):
    with pytest.raises(OptionError, match="reappearance has no option causes"):
        reappearance(few, causes=True)


@pytest.mark.parametrize("horizons", [(0,), (365, -1)])
def test_a_horizon_that_is_not_after_release_is_refused(few, horizons):
    with pytest.raises(OptionError, match="horizons must be above 0 days"):
        reappearance(few, horizons=horizons)


def test_a_warehouse_without_releases_is_refused_in_one_sentence(backend):
    with pytest.raises(MetricError, match="needs releases that were followed up"):
        reappearance(tables.warehouse(backend, {}))


def test_two_sources_of_releases_need_a_choice(backend):
    two = drawn(backend, [release(1, days=9, cause="new"), release(2, days=8, source="rossi")])
    with pytest.raises(MetricError, match=r"has 2 \(iowa_releases, rossi\). Set the option source"):
        reappearance(two)
    assert reappearance(two, source="rossi", horizons=[5]).people == 1


def test_causes_and_groups_at_once_are_refused_as_one_output(few):
    both = reappearance(few, by="sex", horizons=[90])
    with pytest.raises(OptionError, match="groups or causes, not both at once"):
        both.estimates("Both")
    output = both.only("new").estimates("New offences")
    assert set(output.dimensions) == {"group", "horizon"}


def test_no_return_at_all_is_a_share_of_nothing(backend):
    found = reappearance(drawn(backend, [release(n, days=None) for n in (1, 2, 3)]))
    assert found.table["estimate"].eq(0).all()
    assert found.table["horizon_days"].tolist() == [365, 730, 1095]


def test_with_one_cause_the_interval_is_log_log_of_survival_with_greenwoods_error(few):
    found = reappearance(few, competing=False, horizons=[1095]).at(1095)
    error = math.sqrt(0.5**2 * (1 / (4 * 3) + 1 / (3 * 2)))
    width = 1.959964 * error / (0.5 * math.log(0.5))
    assert found["lower"] == pytest.approx(1 - 0.5 ** math.exp(width), rel=1e-6)
    assert found["upper"] == pytest.approx(1 - 0.5 ** math.exp(-width), rel=1e-6)


def test_the_same_people_have_one_hash_and_a_filter_gives_another(few):
    everyone = reappearance(few).population_hash
    for shown in ({"by": "release_type"}, {"competing": True}, {"source": "iowa_releases"}):
        assert reappearance(few, **shown).population_hash == everyone
    assert reappearance(few, complete=["sex"]).population_hash != everyone


def test_releases_of_unknown_people_say_so_and_are_never_passed_where_people_are_protected(few):
    output = reappearance(few, competing=False).estimates("Returns")
    assert (output.about, output.family) == ("records", "reappearance in iowa_releases")
    said = counted.without_rule(output, load("ons-srs"))
    assert "how many people are behind its numbers is not known" in said[0]


def test_men_released_once_are_people(backend):
    men = drawn(backend, [release(n, days=100, cause="event", source="rossi") for n in (1, 2)])
    assert reappearance(men).estimates("Returns").about == "people"


def test_releases_with_everything_recorded_are_among_those_with_less(few):
    everyone = reappearance(few)
    some = reappearance(few, complete=["sex", "release_type"])
    assert everyone.within == ()
    assert everyone.population_hash in some.within
    assert reappearance(few, complete=["sex"]).population_hash in some.within


def test_a_bare_yes_or_no_says_of_what(backend):
    men = [
        release(n, days=100, cause="arrest", source="rossi", fin=str(n % 2)) for n in (1, 2, 3)
    ]  # fmt: skip
    found = reappearance(drawn(backend, men), by="fin", horizons=[50])
    assert found.table["group"].tolist() == ["Financial aid: no", "Financial aid: yes"]
    headline = found.headline_each({"last": 50}).table
    assert headline["name"].tolist() == ["last_financial_aid_no", "last_financial_aid_yes"]


def test_each_cause_has_a_curve_of_its_own_by_group_and_a_number_for_sentences(few):
    found = reappearance(few, by="sex", complete=["sex"], horizons=[365])
    curves = found.by_cause("curve", "Returns", words={"new": "new conviction"})
    assert {id: output.title for id, output in curves.items()} == {
        "curve_new": "Returns: new conviction",
        "curve_technical": "Returns: technical",
    }
    each = reappearance(few, horizons=[365]).headline_each({"first": 365}).table
    assert each["name"].tolist() == ["first_new", "first_technical"]


def test_a_source_with_one_cause_has_no_curve_by_cause_and_speaks_of_no_other(backend):
    men = drawn(backend, [release(n, days=100, cause="arrest", source="rossi") for n in (1, 2)])
    found = reappearance(men, horizons=[50])
    assert found.by_cause("curve", "Returns") == {}
    assert found.notes == ("Time runs from release. Intervals are 95%.",)
