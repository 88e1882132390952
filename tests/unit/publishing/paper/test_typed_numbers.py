"""A result typed into prose is found; dates, law, names and references may be typed."""

from __future__ import annotations

import pytest

from justice_analysis.publishing.paper.typed_numbers import typed_numbers

REFUSED = [
    ("Of them, 24% came back.", ["24%"]),
    ("About 1 in 4 came back.", ["1 in 4"]),
    ("24% (95% interval 23% to 25%) came back.", ["24%", "23%", "25%"]),
    ("In 2019, 12,430 people were released.", ["12,430"]),
    ("2000 people were released.", ["2000"]),
    ("There were 1989 cases.", ["1989"]),
    ("It rose by 1.5 points.", ["1.5"]),
    ("It fell to -7.2 points.", ["-7.2"]),
    ("It cost £2000 a year.", ["£2000"]),
    ("Some 24 per cent came back.", ["24 per cent"]),
    ("the p-value is 0.03.", ["0.03"]),
    ("within 12 months", ["12"]),
    ("in 6 of 10 trials", ["6", "10"]),
    ("a part 24% of the whole", ["24%"]),
    ("section 24% of", ["24%"]),
    ("as a rule 30 people", ["30"]),
    ("table 2 shows 24%", ["24%"]),
    ("a 95% share", ["95%"]),
    ("a 68% interval", ["68%"]),
    ("7th", ["7"]),
    ("under-25s", ["25"]),
    ("½ of them", ["½"]),
    ("One in four mothers return.", ["One in four"]),
    ("one in every ten", ["one in every ten"]),
    ("two out of five", ["two out of five"]),
    ("two thirds of them", ["two thirds of"]),
    ("A third of mothers return.", ["A third of"]),
    ("one-third of mothers", ["one-third of"]),
    ("three quarters came back", ["three quarters"]),
    ("three-quarters of those", ["three-quarters"]),
    ("about a quarter of mothers", ["a quarter of"]),
    ("half of those released", ["half of"]),
    ("Half the mothers returned.", ["Half the"]),
    ("forty per cent of them", ["forty per cent"]),
    ("forty-two per cent of them", ["forty-two per cent"]),
    ("twice as often", ["twice as often"]),
    ("three times as likely", ["three times as likely"]),
    ("2000% and 1999.5", ["2000%", "1999.5"]),
    ("between 3 and 9 people", ["3", "9"]),
    ("24", ["24"]),
]
ALLOWED = [
    "",
    "No number at all.",
    "Released on 2026-11-22.",
    "On 1 April 2022 the law changed.",
    "From 6 April to 3 May 2019, and on 26 September.",
    "Between 3 and 7 June 2019.",
    "June 3, 2019 was a Monday.",
    "In April 2022, in December 2013, in Sept 2020.",
    "Records run from 2007/08 to 2017/18.",
    "The years 2016-2023 and 2016-17.",
    "In the 1980s, and in mid-2022.",
    "Since 2011, courts have recorded it.",
    "The 2019 report and the 2021 census.",
    "The band is the 95% interval.",
    "Each 95% confidence interval; 99% intervals.",
    "An order under section 31 of the Children Act 1989.",
    "Sections 31, 32 and 33 of the Act.",
    "Part 3, rule 12.3, schedule 1 and article 8.",
    "s.17(4) and s.16; SI 2019/947; Order No. 24.",
    "Practice Direction 12B.",
    "Table 1 is the rate, tables 2 and 3 the rest.",
    "See page 12, figure 4 and note 2.",
    "As in version 8.2 of the guide.",
    "FEBRL4, ALF2, COVID-19, form C66, v3.0 and crime4.",
    "The courts of region 1.",
    "Pupils in Key Stage 4.",
    "In Q1 2025 and in Q3.",
    "See https://example.org/a/24?b=31.",
    "One of these courts, and the first of them.",
    "The two designs agree.",
    "How many per cent more go with one per cent more.",
    "Cases that entered in a quarter of the year.",
    "By quarter of entry; a quarter of receipt.",
    "Each half-year of release; half a year; the first half of 2019.",
    "One case, one claim.",
    "One false alarm in twenty pages like this one.",
    "A third party, and a third court.",
    "How many times as often an event comes.",
    "a share of those who took part",
    "One in particular.",
    "Ten in all.",
]


@pytest.mark.parametrize(("sentence", "pieces"), REFUSED)
def test_a_result_typed_by_hand_is_found(sentence, pieces):
    assert typed_numbers(sentence) == pieces


@pytest.mark.parametrize("sentence", ALLOWED)
def test_what_is_no_result_may_be_typed(sentence):
    assert typed_numbers(sentence) == []


def test_pieces_come_in_the_order_of_reading_and_as_they_stand():
    text = "One in four, 24% and 1,204 in 2019."
    assert typed_numbers(text) == ["One in four", "24%", "1,204"]
    assert all(piece in text for piece in typed_numbers(text))
