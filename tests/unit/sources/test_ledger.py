import pytest

from justice_analysis.errors import LedgerError
from justice_analysis.sources.ledger import Ledger, LedgerEntry, ReshapeEntry


def entry(rows_in: int, rows_kept: int, step: str = "check", **set_aside: int) -> LedgerEntry:
    return LedgerEntry("court_list", "cases", step, rows_in, rows_kept, set_aside)


def test_an_entry_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(LedgerError, match="10 in, 7 kept and 2 set aside"):
        entry(10, 7, duplicate=2)


def test_negative_counts_are_refused_even_when_they_add_up() -> None:
    with pytest.raises(LedgerError, match="must not be negative"):
        entry(10, 12, duplicate=-2)


def test_an_entry_is_not_changed_through_the_mapping_it_was_made_from() -> None:
    reasons = {"duplicate": 3}
    made = LedgerEntry("court_list", "cases", "check", 10, 7, reasons)
    reasons["duplicate"] = 4
    assert made.set_aside == {"duplicate": 3}
    with pytest.raises(TypeError):
        made.set_aside["duplicate"] = 5  # type: ignore[index]


def test_reasons_without_rows_are_left_out() -> None:
    assert entry(5, 5, duplicate=0).set_aside == {}


def test_a_reshape_may_make_more_rows_than_it_used_but_accounts_for_all_it_looked_at() -> None:
    made = ReshapeEntry("d", "cases", "party", "roles", 4, 3, 9, "one per role", {"no role": 1})
    assert made.rows_set_aside == 1
    with pytest.raises(LedgerError, match="4 in, 4 used and 1 set aside"):
        ReshapeEntry("d", "cases", "party", "roles", 4, 4, 9, "one per role", {"no role": 1})


def test_a_step_must_start_with_the_rows_the_step_before_it_kept() -> None:
    with pytest.raises(LedgerError, match="step check starts with 9, 10 were left"):
        Ledger((entry(10, 10, "read"), entry(9, 9, "check")))


def test_a_reshape_must_start_with_the_rows_its_table_has_left() -> None:
    reshape = ReshapeEntry("court_list", "cases", "case", "map", 8, 8, 8, "one to one")
    with pytest.raises(LedgerError, match="7 were left"):
        Ledger((entry(10, 7, duplicate=3), reshape))


def test_one_table_may_feed_two_reshapes() -> None:
    reshapes = [
        ReshapeEntry("court_list", "cases", to, "map", 7, 7, 7, "one to one")
        for to in ("case", "matter")
    ]
    assert len(Ledger((entry(10, 7, duplicate=3), *reshapes)).reshapes) == 2


def test_tables_of_the_same_name_in_two_datasets_are_two_chains() -> None:
    other = LedgerEntry("other", "cases", "read", 99, 99)
    assert len(Ledger((entry(10, 10, "read"), other, entry(10, 10))).steps) == 3


def test_totals_sum_reasons_over_steps() -> None:
    ledger = Ledger((entry(10, 8, "filter", young=2), entry(8, 5, "check", young=1, copy=2)))
    assert ledger.totals() == {
        ("court_list", "cases"): {
            "rows_in": 10,
            "rows_kept": 5,
            "set_aside": {"young": 3, "copy": 2},
        }
    }


def test_a_ledger_survives_json() -> None:
    reshape = ReshapeEntry("court_list", "cases", "case", "map", 7, 7, 8, "split")
    ledger = Ledger((entry(10, 7, duplicate=3), reshape))
    assert Ledger.from_json(ledger.to_json()) == ledger


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"entries": [{"entry": "step"}]}'])
def test_json_that_is_no_ledger_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(LedgerError, match="is not a ledger"):
        Ledger.from_json(text)


def test_json_whose_numbers_were_changed_is_refused() -> None:
    text = Ledger((entry(10, 7, duplicate=3),)).to_json().replace("10", "11")
    with pytest.raises(LedgerError, match="11 in"):
        Ledger.from_json(text)


def test_the_text_shows_each_step_and_reason() -> None:
    text = str(Ledger((entry(1200, 1199, duplicate=1),)))
    assert "court_list: cases" in text
    assert "1,200 in" in text
    assert "set aside, duplicate: 1" in text


def test_adding_entries_checks_the_chain_again() -> None:
    ledger = Ledger((entry(10, 10, "read"),))
    assert ledger.add(entry(10, 9, copy=1)).entries[-1].rows_set_aside == 1
    with pytest.raises(LedgerError):
        ledger + Ledger((entry(3, 3),))
