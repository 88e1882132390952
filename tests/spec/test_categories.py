"""Categories: who is a member and who is not, one drawn table a definition."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.cohorts import categories, overlap
from justice_analysis.definitions import Category, Gap, Need, category_without_data
from justice_analysis.errors import MetricError, OptionError, UsageError
from tests.spec import tables
from tests.spec.family import care_warehouse

TRAIL = {"source": "moj_dfe", "source_table": "drawn", "source_key": "drawn"}
# 2016-03-07 is a Monday: births are recorded by week, and age runs from the Thursday.
CHILDREN = """
case | set | issued     | order | mother | role       | child | born
a    | A   | 2016-03-06 | -     | 1      | respondent | 11    | 2016-03-07
b    | B   | 2016-03-07 | -     | 1      | respondent | 12    | 2016-03-07
c    | C   | 2016-03-16 | -     | 1      | respondent | 13    | 2016-03-07
d    | D   | 2016-03-17 | -     | 1      | respondent | 14    | 2016-03-07
e    | E   | 2016-03-23 | -     | 1      | respondent | 15    | 2016-03-07
f    | F   | 2016-03-24 | -     | 1      | respondent | 16    | 2016-03-07
g    | G   | 2016-04-06 | -     | 1      | respondent | 17    | 2016-03-07
h    | H   | 2016-04-07 | -     | 1      | respondent | 18    | 2016-03-07
i    | I   | 2017-03-09 | -     | 1      | respondent | 19    | 2016-03-07
j    | J   | 2017-03-10 | -     | 1      | respondent | 20    | 2016-03-07
k    | K   | 2016-03-09 | -     | 1      | respondent | 21    | 2016-03
"""
NEWBORN = {
    "newborn_england": [12, 13],
    "newborn_wales": [12, 13, 14, 15],
    "newborn_pearson": [12, 13, 14, 15, 16, 17],
    "infant": [12, 13, 14, 15, 16, 17, 18, 19],
}


def members(name, held, *, key="person_id"):
    return sorted(engine.execute(categories.get(name).members(held))[key])


@pytest.mark.parametrize("name", NEWBORN)
def test_age_at_issue_decides_who_is_newborn(backend, name):
    assert members(name, care_warehouse(backend, CHILDREN)) == NEWBORN[name]


def test_two_definitions_of_newborn_share_what_they_share(backend):
    held = care_warehouse(backend, CHILDREN)
    first, second = (categories.get(name) for name in ("newborn_england", "newborn_wales"))
    found = overlap(first.members(held), second.members(held), keys=first.category.keys)
    assert (found.in_both, found.only_first, found.only_second, found.agreeing) == (2, 0, 2, 0.5)


def test_a_child_in_two_sets_counts_in_each(backend):
    drawn = """
    case | set | issued     | order | mother | role       | child | born
    a    | A   | 2016-03-10 | -     | 1      | respondent | 11    | 2016-03-07
    b    | B   | 2016-03-12 | -     | 1      | respondent | 11    | 2016-03-07
    """
    assert members("newborn_england", care_warehouse(backend, drawn)) == [11, 11]


OFFENCES = """
person | born    | days | last       | code                        | decision   | serious
1      | 2000-01 | 4    | 2017-12-31 | theft                       | caution    | -
2      | 2000-01 | 3    | 2017-12-31 | violence_against_the_person | sentence   | -
3      | 2000-01 | 4    | 2018-01-01 | theft                       | sentence   | -
4      | 1998-01 | 8    | 2018-12-31 | robbery                     | sentence   | yes
5      | 1990-01 | 16   | 2018-06-01 | theft                       | sentence   | -
6      | 1990-01 | 15   | 2018-06-01 | theft                       | sentence   | -
7      | -       | 20   | 2018-06-01 | theft                       | sentence   | -
-      | 2000-01 | 9    | 2017-06-01 | robbery                     | sentence   | yes
"""


def pnc_warehouse(backend):
    """Each row of the drawing is so many offences on days that end on the last."""
    held = {name: [] for name in ("case", "party", "matter", "matter_party", "decision",
                                  "measure", "person")}  # fmt: skip
    number = 0
    for row in tables.read(OFFENCES):
        person = int(row["person"]) if row["person"] else None
        if person:
            born = f"{row['born']}-01" if row["born"] else None
            held["person"].append({"person_id": person, "birth_month": born, **TRAIL})
        for back in range(int(row["days"])):
            number += 1
            day = _days_before(row["last"], back)
            ids = {"case_id": number, **TRAIL}
            held["case"].append({**ids, "proceeding_id": number, "case_type": "pnc_record",
                                 "jurisdiction": "criminal"})  # fmt: skip
            held["party"].append({**ids, "party_id": number, "person_id": person,
                                  "role": "defendant"})  # fmt: skip
            matter = {"matter_id": number, **TRAIL}
            held["matter"].append({**matter, "case_id": number, "kind": "charge",
                                   "code": row["code"]})  # fmt: skip
            held["matter_party"].append({**matter, "party_id": number, "part": "defendant"})
            held["decision"].append({**matter, "decision_id": number, "decision_date": day,
                                     "decision_type": row["decision"],
                                     "decision": "other"})  # fmt: skip
            if row["serious"]:
                held["measure"].append({"measure_id": number, "person_id": person, "date": day,
                                        "concept": "serious_violence", "value_number": 1.0,
                                        **TRAIL})  # fmt: skip
    return tables.warehouse(backend, held)


def _days_before(day, back):
    import datetime

    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=back)).isoformat()


def test_prolific_rises_with_age_and_counts_days_not_offences(backend):
    assert members("prolific_pnc", pnc_warehouse(backend)) == [1, 4, 5]


def test_serious_violence_by_flag_is_narrower_than_by_offence_group(backend):
    held = pnc_warehouse(backend)
    assert members("serious_violence_delivered", held) == [4]
    assert members("serious_violence_groups", held) == [2, 4]


def test_care_experience_is_an_episode_of_care_or_a_final_care_order(backend):
    episodes = [
        {"episode_id": n, "person_id": n, "kind": kind, "start_date": "2010-01-01", **TRAIL}
        for n, kind in ((1, "care"), (2, "child_in_need"), (3, "care"), (3, "care"))
    ]
    looked_after = tables.warehouse(backend, {"episode": episodes})
    assert members("care_experienced_looked_after", looked_after) == [1, 3]
    orders = care_warehouse(
        backend,
        """
    case | set | issued     | order      | mother | role       | child | born       | decision
    a    | A   | 2016-01-01 | 2016-06-01 | 1      | respondent | 11    | 2010-01-04 | care_order
    b    | B   | 2016-01-01 | 2016-06-01 | 1      | respondent | 12    | 2010-01-04 | supervision_order
    c    | C   | 2016-01-01 | -          | 1      | respondent | 13    | 2010-01-04 | -
    """,
    )
    assert members("care_experienced_care_order", orders) == [11]


@pytest.mark.parametrize("name", categories.names())
def test_without_its_data_a_category_is_refused_in_one_sentence(backend, name):
    empty = tables.warehouse(backend, {})
    with pytest.raises(MetricError):
        engine.count_rows(categories.get(name).members(empty))


def test_unbacked_categories_say_who_might_hold_what_is_missing():
    for name in ("organised_crime", "domestic_abuse_flagged"):
        found = categories.get(name).category
        assert found.status == "unbacked"
        assert "Held by" in found.text()
    assert "No agreed code list" in categories.get("organised_crime").category.text()


def test_what_is_ours_is_marked_assumed():
    assert categories.get("newborn_england").category.status == "backed"
    for name in ("prolific_courts", "serious_violence_groups"):
        assert categories.get(name).category.assumed
        assert categories.get(name).category.status == "assumed"


def described(**changes):
    needs = (Need("cafcass_england", "cms_tblperson", "WEEKOFBIRTH"),)
    given = {"name": "drawn", "word": "drawn", "title": "Drawn", "definition": "Drawn.",
             "unit": "people", "codes": {}, "does_not_count": (), "needs": needs,
             "source": ("drawn",)}  # fmt: skip
    return Category(**{**given, **changes})


def test_a_wrong_category_cannot_be_made_nor_an_unknown_one_found():
    with pytest.raises(UsageError, match="unit must be one of"):
        described(unit="charges")
    with pytest.raises(UsageError, match="its gap"):
        described(needs=())
    with pytest.raises(UsageError, match="must name its source"):
        described(source=())
    with pytest.raises(UsageError, match="must name its gap"):
        category_without_data(described())
    with pytest.raises(UsageError, match="is taken"):
        category_without_data(described(name="infant", gap=Gap("it", "Nobody", "none")))
    with pytest.raises(UsageError, match="Did you mean newborn_england"):
        categories.get("newborn_englnd")
    assert described(needs=(Need("cafcass_england", "no", "no"),)).status == "unbacked"


def test_members_of_different_units_are_not_compared(backend):
    held = care_warehouse(backend, CHILDREN)
    children = categories.get("infant")
    people = held.person.select("person_id")
    with pytest.raises(OptionError, match="no proceeding_id"):
        overlap(children.members(held), people, keys=children.category.keys)
