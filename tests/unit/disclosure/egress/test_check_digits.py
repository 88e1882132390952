"""Check digits against published examples, and against any other last sign."""

from __future__ import annotations

import pytest

from justice_analysis.disclosure.egress.rules import check_digits


@pytest.mark.parametrize("number", ["9434765919", "943 476 5919", "4010232137"])
def test_nhs_numbers_of_the_published_examples_hold(number):
    assert check_digits.is_nhs_number(number)


@pytest.mark.parametrize("last", range(9))
def test_an_nhs_number_with_another_last_digit_does_not(last):
    assert not check_digits.is_nhs_number(f"943476591{last}")


@pytest.mark.parametrize("number", ["0000000000", "1111111111", "94347659", "943476591x"])
def test_other_digits_are_no_nhs_number(number):
    assert not check_digits.is_nhs_number(number)


def test_one_letter_in_twenty_three_makes_a_police_number():
    letters = [
        letter
        for letter in map(chr, range(65, 91))
        if check_digits.is_pnc_id(f"2001/0012345{letter}")
    ]
    assert len(letters) == 1
    assert check_digits.is_pnc_id(f"01/12345{letters[0]}")


def test_one_letter_makes_a_record_number_and_one_a_pupil_number():
    alphabet = list(map(chr, range(65, 91)))
    assert sum(check_digits.is_cro_number(f"12345/99{letter}") for letter in alphabet) == 1
    assert sum(check_digits.is_upn(f"{letter}801200109001") for letter in alphabet) == 1


def test_examples_in_use_hold():
    assert check_digits.is_pnc_id("2003/0011985X")
    assert check_digits.is_pnc_id("2003/0062845E")
    assert check_digits.is_upn("H801200001001")
