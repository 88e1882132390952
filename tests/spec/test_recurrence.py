"""What a return is, and what is not: one drawn table for each rule of the card."""

from __future__ import annotations

import pytest

from justice_analysis.errors import OptionError
from justice_analysis.metrics.family.recurrence import recurrence, time_to_return
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions
from tests.spec import tables
from tests.spec.family import care_warehouse

RETURN = """
case | set | issued     | order      | mother | role       | child | born
A    | A   | 2010-06-01 | 2010-12-01 | 1      | respondent | 11    | 2006-01-02
B    | B   | 2012-06-01 | 2012-12-01 | 1      | respondent | 12    | 2012-05-07
C    | C   | 2010-06-01 | 2010-12-01 | 2      | respondent | 21    | 2008-01-07
"""


def followed(backend, drawing, people=(), observed=("2007-04-01", "2024-04-01"), **options):
    warehouse = care_warehouse(backend, drawing, people=people, observed=observed)
    frame, _ = time_to_return(warehouse, RecurrenceOptions(**options))
    return tables.drawn(frame, ["person_id", "duration_days", "outcome"], "person_id")


def expected(text):
    return [
        {"person_id": row["mother"], "duration_days": row["days"], "outcome": row["outcome"]}
        for row in tables.read(text)
    ]


def test_time_runs_from_issue_to_issue_of_the_next_set_or_to_the_end_of_coverage(backend):
    assert followed(backend, RETURN) == expected("""
    mother | days | outcome
    1      | 731  | event
    2      | 5053 | censored
    """)


def test_the_clock_may_start_at_the_final_order(backend):
    assert followed(backend, RETURN, clock="final_order") == expected("""
    mother | days | outcome
    1      | 548  | event
    2      | 4870 | censored
    """)


def test_one_set_in_two_systems_is_not_a_return(backend):
    assert followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born       | source
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02 | cafcass_england
    F    | A   | 2012-06-08 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02 | family_court
    """,
    ) == expected("""
    mother | days | outcome
    1      | 4322 | censored
    """)


def test_the_source_that_takes_precedence_gives_the_dates(backend):
    drawing = """
    case | set | issued     | order      | mother | role       | child | born       | source
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02 | cafcass_england
    F    | A   | 2012-05-25 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02 | family_court
    """
    assert followed(backend, drawing)[0]["duration_days"] == "4322"
    turned = followed(backend, drawing, precedence=("family_court", "cafcass_england"))
    assert turned[0]["duration_days"] == "4329"


def test_a_set_issued_on_the_same_day_is_not_a_return(backend):
    assert followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02
    B    | B   | 2012-06-01 | 2012-12-01 | 1      | respondent | 12    | 2008-01-07
    """,
    ) == expected("""
    mother | days | outcome
    1      | 4322 | censored
    """)


@pytest.mark.parametrize(("gap_days", "outcome"), [(0, "event"), (9, "event"), (10, "censored")])
def test_a_set_issued_within_the_gap_belongs_to_the_one_before(backend, gap_days, outcome):
    found = followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02
    B    | B   | 2012-06-11 | 2012-12-01 | 1      | respondent | 12    | 2008-01-07
    """,
        gap_days=gap_days,
    )
    assert found[0]["outcome"] == outcome


@pytest.mark.parametrize(("overlapping", "days"), [("count", "92"), ("same_set", "1096")])
def test_a_set_issued_before_the_earlier_one_ends_is_a_return_unless_joined(
    backend, overlapping, days
):
    found = followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02
    B    | B   | 2012-09-01 | 2013-03-01 | 1      | respondent | 12    | 2012-08-27
    C    | C   | 2015-06-02 | 2015-12-01 | 1      | respondent | 13    | 2015-06-01
    """,
        overlapping=overlapping,
    )
    assert (found[0]["duration_days"], found[0]["outcome"]) == (days, "event")


def test_private_law_and_other_public_law_cases_are_not_returns(backend):
    assert followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born       | type
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02 | care_proceedings
    B    | B   | 2014-06-01 | 2014-12-01 | 1      | respondent | 11    | 2006-01-02 | private_law
    C    | C   | 2015-06-01 | 2015-12-01 | 1      | respondent | 11    | 2006-01-02 | public_law_other
    """,
    ) == expected("""
    mother | days | outcome
    1      | 4322 | censored
    """)


def test_a_later_set_that_concerns_someone_elses_child_is_not_a_return(backend):
    assert followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born       | tie
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02 | parent
    B    | B   | 2014-06-01 | 2014-12-01 | 1      | respondent | 12    | 2008-01-07 | step
    """,
    ) == expected("""
    mother | days | outcome
    1      | 4322 | censored
    """)


def test_a_mother_recorded_in_another_adult_role_is_still_a_mother(backend):
    drawing = """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02
    B    | B   | 2014-06-01 | 2014-12-01 | 1      | other      | 12    | 2014-05-26
    """
    assert followed(backend, drawing)[0]["outcome"] == "event"
    assert followed(backend, drawing, identify_by="role")[0]["outcome"] == "censored"


def test_a_man_is_not_a_mother_but_may_be_a_father(backend):
    drawing = """
    case | set | issued     | order      | mother | role       | child | born       | adult_sex
    A    | A   | 2012-06-01 | 2012-12-01 | 1      | respondent | 11    | 2006-01-02 | male
    """
    assert followed(backend, drawing) == []
    assert len(followed(backend, drawing, parent="father")) == 1


@pytest.mark.parametrize(
    ("endpoint", "days"),
    [
        ("any", "365"),
        ("existing_child", "365"),
        ("new_child", "731"),
        ("new_infant", "1096"),
        ("infant", "1096"),
    ],
)
def test_the_endpoint_says_which_return_counts(backend, endpoint, days):
    found = followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2012-12-03 | 1      | respondent | 11    | 2006-01-02
    B    | B   | 2013-06-01 | 2013-12-02 | 1      | respondent | 11    | 2006-01-02
    C    | C   | 2014-06-02 | 2014-12-01 | 1      | respondent | 12    | 2013-05-06
    D    | D   | 2015-06-02 | 2015-12-01 | 1      | respondent | 13    | 2015-06-01
    """,
        endpoint=endpoint,
    )
    assert (found[0]["duration_days"], found[0]["outcome"]) == (days, "event")


@pytest.mark.parametrize(
    ("returned", "outcome"), [("2013-02-14", "censored"), ("2013-02-15", "event")]
)
def test_under_the_37_week_rule_a_return_before_day_259_does_not_count(backend, returned, outcome):
    found = followed(
        backend,
        f"""
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2012-12-03 | 1      | respondent | 11    | 2006-01-02
    B    | B   | {returned} | 2013-12-02 | 1      | respondent | 12    | 2013-01-07
    """,
        risk_start_days=259,
    )
    assert found[0]["outcome"] == outcome


def test_under_the_37_week_rule_whoever_is_censored_before_it_is_left_out(backend):
    drawing = """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2012-12-03 | 1      | respondent | 11    | 2006-01-02
    """
    observed = ("2007-04-01", "2013-02-01")
    assert followed(backend, drawing, observed=observed, risk_start_days=259) == []
    assert len(followed(backend, drawing, observed=observed)) == 1


@pytest.mark.parametrize(("lookback_years", "people"), [(0, 1), (1, 0)])
def test_a_first_set_without_the_look_back_is_left_out(backend, lookback_years, people):
    found = followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2008-03-31 | 2008-12-03 | 1      | respondent | 11    | 2006-01-02
    """,
        lookback_years=lookback_years,
    )
    assert len(found) == people


@pytest.mark.parametrize(("split", "outcome"), [(False, "censored"), (True, "event")])
def test_a_child_born_37_weeks_after_issue_may_be_split_off_as_a_return(backend, split, outcome):
    found = followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2013-12-03 | 1      | respondent | 11    | 2006-01-02
    A    | A   | 2012-06-01 | 2013-12-03 | 1      | respondent | 12    | 2013-02-18
    """,
        split_later_born=split,
    )
    assert found[0]["outcome"] == outcome


@pytest.mark.parametrize(
    ("death", "days", "outcome"),
    [("ignore", "4322", "censored"), ("competing", "730", "death"), ("censor", "730", "censored")],
)
def test_death_is_ignored_or_competes_or_censors(backend, death, days, outcome):
    found = followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-01 | 2012-12-03 | 1      | respondent | 11    | 2006-01-02
    """,
        people=[{"person_id": "1", "death_date": "2014-06-01"}],
        death=death,
    )
    assert found == expected(f"mother | days | outcome\n1 | {days} | {outcome}")


def test_follow_up_ends_after_the_days_asked_for_and_holds_its_last_day(backend):
    found = followed(backend, RETURN, followup_days=731)
    assert [row["outcome"] for row in found] == ["event", "censored"]
    found = followed(backend, RETURN, followup_days=730)
    assert [row["outcome"] for row in found] == ["censored", "censored"]


@pytest.mark.parametrize(("birth_day", "outcome"), [("last", "event"), ("first", "censored")])
def test_a_birth_known_to_the_month_is_taken_as_its_last_or_first_day(backend, birth_day, outcome):
    found = followed(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born
    A    | A   | 2012-06-15 | 2012-12-03 | 1      | respondent | 11    | 2006-01-02
    B    | B   | 2013-06-20 | 2013-12-02 | 1      | respondent | 12    | 2012-06
    """,
        endpoint="new_child",
        birth_day=birth_day,
    )
    assert found[0]["outcome"] == outcome


def test_mothers_counted_by_role_alone_are_reported_as_a_share(backend):
    drawing = """
    case | set | issued     | order      | mother | role       | child | born       | tie
    A    | A   | 2012-06-01 | 2012-12-03 | 1      | respondent | 11    | 2006-01-02 | parent
    B    | B   | 2012-06-01 | 2012-12-03 | 2      | respondent | 21    | 2006-01-02 | other
    C    | C   | 2012-06-01 | 2012-12-03 | 3      | respondent | 31    | 2006-01-02 | other
    """
    found = recurrence(care_warehouse(backend, drawing), identify_by="role")
    assert (found.people, found.fallback_people) == (3, 2)
    output = found.fallback("Mothers by role alone")
    assert output.table["estimate"].tolist() == pytest.approx([2 / 3])
    by_tie = recurrence(care_warehouse(backend, drawing))
    assert (by_tie.people, by_tie.fallback_people) == (1, None)
    with pytest.raises(OptionError, match="no fallback rule"):
        by_tie.fallback("None")
