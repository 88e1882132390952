"""Contact across the courts, drawn: which contact counts, in which window, of whom."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from justice_analysis import engine
from justice_analysis.metrics.across import (
    contact_overlap,
    contact_sequences,
    next_contact,
    offending_and_education,
    parents_in_court,
)
from tests.spec import tables
from tests.spec.contacts import contact_warehouse
from tests.spec.family import care_warehouse

FIRST_KNOWN = {"cohort": "defendants_first_known", "index_from": "2013-01-01"}

# Everyone's first charge is of 2015, but 9's. Two years before, the index day excluded:
# 1 the day before; 2 the index day; 3 the first day of the window; 4 the day before that;
# 5 a child of the case; 6 a claimant; 7 a breach in the same set; 8 one in a set of its own;
# 9 a window that the civil courts do not cover; 10 a party who is not linked.
BEFORE = """
case | set | court    | received   | person | role       | kind
101  | 101 | criminal | 2015-01-01 | 1      | defendant  | charge
102  | 102 | family   | 2014-12-31 | 1      | respondent | -
201  | 201 | criminal | 2015-01-01 | 2      | defendant  | charge
202  | 202 | family   | 2015-01-01 | 2      | applicant  | -
301  | 301 | criminal | 2015-01-01 | 3      | defendant  | charge
302  | 302 | family   | 2013-01-01 | 3      | respondent | -
401  | 401 | criminal | 2015-01-01 | 4      | defendant  | charge
402  | 402 | family   | 2012-12-31 | 4      | respondent | -
501  | 501 | criminal | 2015-01-01 | 5      | defendant  | charge
502  | 502 | family   | 2014-06-01 | 5      | subject    | -
601  | 601 | criminal | 2015-01-01 | 6      | defendant  | charge
602  | 602 | civil    | 2014-06-01 | 6      | claimant   | -
701  | 701 | criminal | 2015-01-01 | 7      | defendant  | charge
702  | 701 | criminal | 2014-06-01 | 7      | defendant  | application
801  | 801 | criminal | 2015-01-01 | 8      | defendant  | charge
802  | 802 | criminal | 2014-06-01 | 8      | defendant  | application
901  | 901 | criminal | 2013-06-01 | 9      | defendant  | charge
902  | 902 | family   | 2013-05-01 | 9      | applicant  | -
1001 | 1001| criminal | 2015-01-01 | 10     | defendant  | charge
1002 | 1002| family   | 2014-06-01 | -      | applicant  | -
"""
CIVIL_LATER = {"civil": ("2012-01-01", "2020-01-01")}

# 1 the day after; 2 the day after the window; 3 its last day; 4 the index day; 5 a window that is
# not covered; 6 the Crown Court's part of the same set; 7 two courts on one day.
AFTER = """
case | set | court    | received   | person | role       | type
101  | 101 | criminal | 2015-01-01 | 1      | defendant  | magistrates
102  | 102 | civil    | 2015-01-02 | 1      | defendant  | money_claim
201  | 201 | criminal | 2015-01-01 | 2      | defendant  | magistrates
202  | 202 | family   | 2017-01-01 | 2      | respondent | private_law
301  | 301 | criminal | 2015-01-01 | 3      | defendant  | magistrates
302  | 302 | family   | 2016-12-31 | 3      | respondent | private_law
401  | 401 | criminal | 2015-01-01 | 4      | defendant  | magistrates
402  | 402 | family   | 2015-01-01 | 4      | applicant  | private_law
501  | 501 | criminal | 2019-01-01 | 5      | defendant  | magistrates
601  | 601 | criminal | 2015-01-01 | 6      | defendant  | magistrates
602  | 601 | criminal | 2015-03-01 | 6      | defendant  | crown_trial
701  | 701 | criminal | 2015-01-01 | 7      | defendant  | magistrates
702  | 702 | family   | 2015-02-01 | 7      | respondent | private_law
703  | 703 | criminal | 2015-02-01 | 7      | defendant  | magistrates
"""


def contacted(found):
    return found.outputs["contact"].table.set_index("outcome")["in_contact"].to_dict()


def test_contact_before_the_index_counts_inside_the_window_alone(backend):
    held = contact_warehouse(backend, BEFORE, covered=CIVIL_LATER)
    found = contact_overlap(held, **FIRST_KNOWN)
    assert contacted(found) == {
        "family courts": 2,
        "criminal courts": 1,
        "civil courts": 1,
        "any of them": 4,
    }
    assert set(found.outputs["contact"].table["people"]) == {9}
    assert found.attrition.table()["people"].tolist()[-2:] == [10, 9]
    mixes = found.outputs["combinations"].table.set_index("contact_with")["people"]
    assert mixes.to_dict() == {
        "all": 9,
        "civil courts": 1,
        "criminal courts": 1,
        "family courts": 2,
        "none": 5,
    }


def test_contact_after_the_index_leaves_out_its_own_set_and_day(backend):
    held = contact_warehouse(backend, AFTER, covered=CIVIL_LATER)
    found = contact_overlap(held, **FIRST_KNOWN, when="after")
    assert contacted(found) == {
        "family courts": 2,
        "criminal courts": 1,
        "civil courts": 1,
        "any of them": 3,
    }
    assert found.attrition.table()["people"].tolist()[-2:] == [7, 6]
    mixes = found.outputs["combinations"].table.set_index("contact_with")["people"]
    assert mixes["family courts, criminal courts"] == 1


def test_a_court_that_is_not_loaded_is_not_said_to_have_no_contact(backend):
    without = "\n".join(line for line in BEFORE.splitlines() if "civil" not in line)
    found = contact_overlap(contact_warehouse(backend, without), **FIRST_KNOWN)
    assert set(contacted(found)) == {"family courts", "criminal courts", "any of them"}
    following = next_contact(contact_warehouse(backend, without), **FIRST_KNOWN, horizons=(365,))
    assert "civil courts" not in set(following.table["cause"])


def test_the_first_contact_after_the_index_ends_the_time_at_risk(backend):
    held = contact_warehouse(backend, AFTER, covered=CIVIL_LATER)
    found = next_contact(held, **FIRST_KNOWN, horizons=(1, 31, 730, 731))
    courts = ("family courts", "criminal courts", "civil courts")
    seen = {day: [int(found.at(day, cause=court)["returned"]) for court in courts]
            for day in (1, 31, 730, 731)}  # fmt: skip
    # 1 on the next day; 7 after 31 days, in the family courts; 3 after 730 days; 2 after 731.
    assert seen == {1: [0, 0, 1], 31: [1, 0, 1], 730: [2, 0, 1], 731: [3, 0, 1]}
    # 5 is followed for 365 days, until the civil courts are no longer covered.
    assert found.at(731, cause="family courts")["estimate"] == pytest.approx(
        1 / 7 + (5 / 7) * (1 / 4) + (5 / 7) * (3 / 4) * (1 / 3)
    )


def test_people_are_counted_by_the_order_of_their_first_contacts(backend):
    drawing = """
    case | set | court    | received   | person | role
    11   | 11  | family   | 2013-01-01 | 1      | applicant
    12   | 12  | criminal | 2014-01-01 | 1      | defendant
    13   | 13  | family   | 2015-01-01 | 1      | applicant
    21   | 21  | civil    | 2014-01-01 | 2      | claimant
    22   | 22  | criminal | 2014-01-01 | 2      | defendant
    31   | 31  | civil    | 2013-01-01 | 3      | defendant
    32   | 32  | family   | 2015-01-01 | 3      | respondent
    33   | 33  | criminal | 2014-01-01 | 3      | defendant
    41   | 41  | family   | 2011-12-31 | 4      | applicant
    42   | 42  | civil    | 2019-12-31 | 4      | defendant
    43   | 43  | criminal | 2020-01-01 | 4      | defendant
    51   | 51  | family   | 2014-01-01 | 5      | subject
    61   | 61  | criminal | 2014-01-01 | 6      | witness
    71   | 71  | criminal | 2014-01-01 | -      | defendant
    """
    found = contact_sequences(contact_warehouse(backend, drawing, covered=CIVIL_LATER))
    assert found.table.set_index("order")["people"].to_dict() == {
        "all": 4,
        "civil courts": 1,  # 4: before and after the time that all courts cover
        "civil courts, then criminal courts, then family courts": 1,
        "criminal courts, then civil courts": 1,  # on one day
        "family courts, then criminal courts": 1,
    }


# Issued on 1 June 2015: mother 1 in court the day before, 2 on the day, 3 the day before the
# window, 6 on its first day; 4 is no recorded parent, 5 was before the courts' data.
CARE = """
case | set | issued     | order | mother | role       | child | born       | tie
501  | 501 | 2015-06-01 | -     | 1      | respondent | 11    | 2008-01-07 | parent
501  | 501 | 2015-06-01 | -     | 1      | respondent | 12    | 2009-01-05 | parent
502  | 502 | 2015-06-01 | -     | 2      | respondent | 21    | 2008-01-07 | parent
503  | 503 | 2015-06-01 | -     | 3      | respondent | 31    | 2008-01-07 | parent
504  | 504 | 2015-06-01 | -     | 4      | respondent | 41    | 2008-01-07 | carer
505  | 505 | 2011-06-01 | -     | 5      | respondent | 51    | 2008-01-07 | parent
506  | 506 | 2015-06-01 | -     | 6      | respondent | 61    | 2008-01-07 | parent
507  | 507 | 2018-06-01 | -     | 3      | respondent | 31    | 2008-01-07 | parent
"""
MOTHERS = """
case | set | court    | received   | person | role
101  | 101 | criminal | 2015-05-31 | 1      | defendant
201  | 201 | criminal | 2015-06-01 | 2      | defendant
301  | 301 | criminal | 2013-05-31 | 3      | defendant
302  | 302 | criminal | 2018-05-31 | 3      | defendant
401  | 401 | criminal | 2015-05-31 | 4      | defendant
501  | 601 | criminal | 2011-05-31 | 5      | defendant
601  | 602 | criminal | 2013-06-01 | 6      | defendant
701  | 701 | civil    | 2015-05-31 | 2      | defendant
"""


def test_children_count_once_at_their_first_set_by_what_came_before_its_issue(backend):
    care = care_warehouse(backend, CARE)
    courts = contact_warehouse(backend, MOTHERS.replace("501  | 601", "551  | 601"))
    both = {
        name: engine.union(table, getattr(courts, name))
        for name, table in vars(care).items()
        if hasattr(table, "schema")
    }
    held = SimpleNamespace(**{**vars(care), **both})
    found = parents_in_court(held)
    row = found.table.iloc[0]
    assert (row["people"], row["has_parent_in_court"]) == (5, 3)  # 11, 12 and 61
    assert row["groups"] == 4  # 11 and 12 are of one set
    assert found.attrition.table()["people"].tolist() == [7, 6, 5]
    civil = parents_in_court(held, jurisdiction="civil").table.iloc[0]
    assert (civil["people"], civil["has_parent_in_court"]) == (5, 1)


def test_pupils_are_set_beside_what_was_ever_recorded_of_them(backend):
    # 4 has no school year, 5 none in the share; absence counts from the threshold on.
    measures = tables.read("""
    person_id | concept                  | value_number | value_code   | source
    1         | school_year              | 2015         | -            | moj_dfe
    1         | absence_rate             | 0.1          | -            | moj_dfe
    1         | free_school_meals        | -            | eligible     | moj_dfe
    2         | school_year              | 2015         | -            | moj_dfe
    2         | absence_rate             | 0.0999       | -            | moj_dfe
    2         | special_educational_need | -            | none         | moj_dfe
    2         | exclusion                | -            | fixed_period | moj_dfe
    3         | school_year              | 2015         | -            | moj_dfe
    3         | free_school_meals        | -            | not_eligible | moj_dfe
    3         | special_educational_need | -            | support      | moj_dfe
    3         | exclusion                | -            | permanent    | moj_dfe
    4         | free_school_meals        | -            | eligible     | moj_dfe
    5         | school_year              | 2015         | -            | family_court
    -         | school_year              | 2015         | -            | moj_dfe
    """)
    people = tables.read("""
    person_id | sex
    1         | male
    2         | female
    3         | male
    4         | male
    """)
    episodes = tables.read("""
    person_id | kind          | source
    1         | care          | moj_dfe
    2         | child_in_need | moj_dfe
    3         | care          | cafcass_england
    """)
    # Only 1 and 4 are on police records; 3 was before a court.
    cases = tables.read("""
    case_id | case_type   | source
    81      | pnc_record  | moj_dfe
    82      | pnc_record  | moj_dfe
    83      | magistrates | magistrates_defendant
    """)
    parties = tables.read("""
    party_id | case_id | person_id | role
    91       | 81      | 1         | defendant
    92       | 82      | 4         | defendant
    93       | 83      | 3         | defendant
    """)
    held = tables.warehouse(
        backend,
        {"measure": measures, "person": people, "episode": episodes, "case": cases,
         "party": parties},
    )  # fmt: skip
    found = offending_and_education(held)
    table = found.outputs["offended"].table.set_index("record")
    assert table[["people", "offended"]].to_dict("index") == {
        "boys": {"people": 2, "offended": 1},
        "ever eligible for free school meals": {"people": 1, "offended": 1},
        "ever with a special educational need": {"people": 1, "offended": 0},
        "ever persistently absent": {"people": 1, "offended": 1},
        "ever suspended": {"people": 1, "offended": 0},
        "ever permanently excluded": {"people": 1, "offended": 0},
        "ever looked after": {"people": 1, "offended": 1},
        "ever a child in need": {"people": 1, "offended": 0},
    }
    whole = found.outputs["overall"].table.iloc[0]
    assert (whole["people"], whole["offended"]) == (3, 1)
    recorded = found.outputs["recorded"].table.set_index("outcome")
    assert set(recorded["people"]) == {1}
    assert recorded.loc["ever looked after", "recorded"] == 1
    assert recorded.loc["ever suspended", "recorded"] == 0
    lower = offending_and_education(held, persistent_absence=0.09).outputs["offended"].table
    assert lower.set_index("record").loc["ever persistently absent", "people"] == 2
