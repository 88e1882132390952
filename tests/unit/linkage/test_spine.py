"""Which records are the same person."""

import pytest

from justice_analysis import engine
from justice_analysis.errors import LinkageError, UsageError
from justice_analysis.linkage.levels import at_level, derive_people
from justice_analysis.linkage.spine import DEFAULT_PRECEDENCE, build_spine


@pytest.fixture
def groups(records, identifiers):
    """The groups of records that are one person."""

    def run(rows, others=()):
        names = sorted({row[0] for row in rows} | set(others))
        spine = build_spine(records(*names), identifiers(*rows))
        return grouped(spine.people), spine

    return run


def grouped(people):
    found = engine.execute(people)
    by_person = found.groupby("person_id")["record_id"].apply(lambda held: "".join(sorted(held)))
    return sorted(by_person)


def test_records_that_share_their_highest_identifier_are_one_person(groups):
    found, _ = groups([("a", "alf", "1"), ("b", "alf", "1"), ("c", "alf", "2")])
    assert found == ["ab", "c"]


def test_a_lower_identifier_leads_up_to_the_higher_one_it_is_recorded_with(groups):
    found, _ = groups([("a", "alf", "1"), ("a", "alf2", "9"), ("b", "alf2", "9")])
    assert found == ["ab"]


def test_identifiers_lead_up_a_chain_of_systems(groups):
    found, _ = groups(
        [
            ("a", "alf", "1"),
            ("a", "alf2", "9"),
            ("b", "alf2", "9"),
            ("b", "xjs", "x"),
            ("c", "xjs", "x"),
        ]
    )
    assert found == ["abc"]


def test_a_missed_higher_identifier_leaves_the_record_with_its_own(groups):
    found, _ = groups(
        [("a", "alf", "1"), ("a", "cafcass_person", "p"), ("b", "cafcass_person", "q")]
    )
    assert found == ["a", "b"]


def test_an_identifier_recorded_with_two_higher_ones_follows_the_more_frequent(groups):
    rows = [
        *[(name, "alf", "1") for name in "ab"],
        *[(name, "alf2", "9") for name in "abc"],
        ("c", "alf", "2"),
        ("d", "alf2", "9"),
    ]
    found, spine = groups(rows)
    assert found == ["abd", "c"]
    assert spine.report["identifiers_with_several_higher"] == {"alf2": 1}


def test_a_tie_between_two_higher_identifiers_goes_to_the_smaller(groups):
    rows = [
        ("a", "alf", "1"),
        ("a", "alf2", "9"),
        ("b", "alf", "2"),
        ("b", "alf2", "9"),
        ("c", "alf2", "9"),
    ]
    assert groups(rows)[0] == ["ac", "b"]


def test_one_false_low_link_joins_no_people_who_have_higher_identifiers(groups):
    rows = [
        ("a", "alf2", "1"),
        ("a", "xjs", "x"),
        ("b", "alf2", "2"),
        ("b", "xjs", "x"),
    ]
    assert groups(rows)[0] == ["a", "b"]


def test_a_record_without_an_identifier_is_not_linked_and_no_person(groups):
    found, spine = groups([("a", "alf", "1")], others=["b"])
    assert found == ["a"]
    link = engine.execute(spine.link).set_index("record_id")
    assert link.loc["b", "level"] == "none"
    assert link.loc["b", "person_id"] != link.loc["b", "person_id"]
    assert spine.report["records_not_linked"] == {"s": 1}


def test_a_record_that_stands_for_itself_is_a_person(groups):
    found, spine = groups([("a", "record", "a", "none"), ("b", "record", "b", "none")])
    assert found == ["a", "b"]
    assert spine.level == "none"


def test_the_smallest_of_two_identifiers_of_one_system_is_taken_and_counted(groups):
    rows = [("a", "xjs", "x"), ("a", "xjs", "w"), ("b", "xjs", "w")]
    found, spine = groups(rows)
    assert found == ["ab"]
    assert spine.report["records_with_several_of_one_system"] == 1


def test_people_have_the_same_numbers_whatever_the_order_of_rows(records, identifiers):
    rows = [("a", "alf", "1"), ("b", "alf", "2"), ("c", "xjs", "2")]
    there = build_spine(records("a", "b", "c"), identifiers(*rows))
    back = build_spine(records("c", "b", "a"), identifiers(*reversed(rows)))
    order = ["record_id", "person_id"]
    first, second = (engine.execute(spine.people)[order] for spine in (there, back))
    assert first.sort_values(order).values.tolist() == second.sort_values(order).values.tolist()


def test_an_id_system_without_a_place_in_the_precedence_is_refused(records, identifiers):
    rows = identifiers(("a", "alf", "1"), ("a", "xjs", "2"))
    with pytest.raises(LinkageError, match="xjs has none"):
        build_spine(records("a"), rows, precedence=("alf",))


# Levels -----------------------------------------------------------------------------------

LEVELLED = [
    ("a", "xjs", "1", "high"),
    ("b", "xjs", "1", "medium"),
    ("c", "xjs", "1", "low"),
]


def test_each_level_takes_in_the_links_that_are_as_sure(groups):
    found, spine = groups(LEVELLED)
    assert found == ["abc"]
    assert spine.level == "low"
    at = {
        level: grouped(derive_people(spine.link, level, DEFAULT_PRECEDENCE))
        for level in spine.levels
    }
    assert at == {"high": ["a"], "medium": ["ab"], "low": ["abc"]}


def test_an_identifier_is_carried_up_only_by_links_of_its_level(groups):
    rows = [
        ("a", "alf", "1", "high"),
        ("a", "xjs", "9", "low"),
        ("b", "xjs", "9", "high"),
    ]
    found, spine = groups(rows)
    assert found == ["ab"]
    assert grouped(derive_people(spine.link, "high", DEFAULT_PRECEDENCE)) == ["a", "b"]


def test_clusters_delivered_at_several_thresholds_are_taken_each_at_its_own(groups):
    rows = [
        (record, "xjs", f"{level} {number}", level)
        for record, numbers in (("a", (1, 1)), ("b", (2, 1)), ("c", (2, 1)))
        for level, number in zip(("high", "low"), numbers, strict=True)
    ]
    found, spine = groups(rows)
    assert found == ["abc"]
    assert grouped(derive_people(spine.link, "high", DEFAULT_PRECEDENCE)) == ["a", "bc"]
    assert spine.report["records_with_several_of_one_system"] == 0
    link = engine.execute(spine.link)
    assert not link.duplicated(["record_id", "id_system", "level"]).any()


def test_link_rows_are_one_per_record_system_and_level(groups):
    link = engine.execute(groups(LEVELLED)[1].link)
    assert not link.duplicated(["record_id", "id_system", "level"]).any()
    assert len(link) == 6


def test_a_level_that_is_not_delivered_falls_back_to_a_surer_one(groups):
    spine = groups([("a", "xjs", "1", "high"), ("b", "xjs", "1", "unstated")])[1]
    assert at_level(spine.link, "low") == "high"


def test_links_without_a_level_refuse_one_and_name_their_systems(groups):
    spine = groups([("a", "alf", "1"), ("a", "xjs", "2")])[1]
    with pytest.raises(LinkageError, match="alf, xjs"):
        at_level(spine.link, "high")
    with pytest.raises(UsageError, match="level must be one of"):
        at_level(spine.link, "certain")


def test_records_that_share_an_id_are_refused(records, identifiers):
    with pytest.raises(LinkageError, match="an id of its own: 1 records"):
        build_spine(records("a", "a", "b"), identifiers(("a", "alf", "1")))
