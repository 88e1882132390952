"""Repeat claimants and defendants: people by person, organisations apart."""

from __future__ import annotations

from justice_analysis.metrics import civil
from tests.spec.civil import CLAIMS
from tests.spec.courts import civil_warehouse, expected, shown


def test_people_are_counted_by_person_and_bodies_are_not_among_them(backend):
    result = civil.repeat_litigants(civil_warehouse(backend, CLAIMS))
    # Person 1 answers A and B; H has no day of issue, and F and G are against bodies.
    assert shown(result.table, "people", "is_repeat") == [{"people": "7", "is_repeat": "1"}]
    assert shown(result.outputs["people"].table, "band", "defendants") == expected("""
    band       | defendants
    all        | 7
    one claim  | 6
    two claims | 1
    """)


def test_organisations_are_counted_apart_and_the_largest_together(backend):
    result = civil.repeat_litigants(civil_warehouse(backend, CLAIMS), role="claimant")
    bodies = result.outputs["organisations"]
    assert bodies.about == "organisations"
    assert shown(bodies.table, "band", "organisations", "claims", "people") == expected("""
    band                 | organisations | claims | people
    all                  | 2             | 6      | 5
    one claim            | 1             | 1      | 1
    three to five claims | 1             | 5      | 4
    """)
    most = result.outputs["concentration"].table
    assert shown(most, "taken_together", "claims_of_largest", "claims", "estimate") == expected("""
    taken_together | claims_of_largest | claims | estimate
    the largest    | 5                 | 9      | 0.556
    """)


def test_only_claims_of_the_window_and_kind_count_where_asked(backend):
    drawn = civil_warehouse(backend, CLAIMS)
    late = civil.repeat_litigants(drawn, issued_from="2015-04-01")
    early = civil.repeat_litigants(drawn, issued_to="2015-04-01", kind="money")
    assert shown(late.table, "people", "is_repeat") == [{"people": "2", "is_repeat": "0"}]
    assert shown(early.table, "people", "is_repeat") == [{"people": "4", "is_repeat": "1"}]


def test_a_party_without_a_link_is_a_person_of_its_own(backend):
    result = civil.repeat_litigants(civil_warehouse(backend, CLAIMS), role="claimant")
    # Person 5 claims twice, and the party without a link once.
    assert shown(result.table, "people", "is_repeat") == [{"people": "2", "is_repeat": "1"}]
