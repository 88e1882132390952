"""Rossi's men become measures of one person each."""

from justice_analysis.sources.mappings import rossi
from tests.delivered import context_of, contract_tables, rows_of

MAN = {"week": 52, "arrest": 0, "fin": 1, "age": 30, "race": 1, "wexp": 0, "mar": 0, "paro": 1}


def test_weeks_are_kept_and_given_as_days_and_all_are_followed_for_a_year(backend):
    men = [{**MAN, "prio": 2}, {**MAN, "prio": 3, "week": 20, "arrest": 1}]
    tables = contract_tables(backend, "rossi", {"men": men})
    context = context_of(backend, "rossi", extract_date="1980-01-01")
    mapped = rossi.to_common(tables, context)
    found = rows_of(mapped, "measure", "concept", "value_number", "value_code", "unit")
    assert [row for row in found if row[0] in ("days_to_return", "weeks_to_arrest")] == [
        ("days_to_return", 140.0, "arrest", "days"),
        ("weeks_to_arrest", 20.0, None, "weeks"),
    ]
    assert found.count(("followup_days", 364.0, None, "days")) == 2
    assert ("prio", 3.0, None, "convictions") in found
    assert found.count(("fin", 1.0, "1", None)) == 2
    assert rows_of(mapped, "record_id_link", "id_system", "level") == [("record", "none")] * 2
