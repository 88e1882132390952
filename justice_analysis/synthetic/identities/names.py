"""Names and postcodes to draw from: common names, made-up ones, and areas that do not exist."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.people import AREAS, Ints


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = _words(
    """
Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans
Walker White Roberts Green Hall Wood Jackson Clarke Khan Hughes Edwards Thomas Lewis Harris Martin
Turner Hill Cooper Ward Moore Morris Clark Lee King Baker Harrison Morgan Allen James Scott Ali
Phillips Watson Singh Parker Bennett Young Price Cook Ahmed Shaw Begum Hussain Griffiths Mitchell
Kaur Carter Collins Bailey Richardson Cox Marshall Anderson Adams Simpson Murphy Wilkinson Foster
Miller Ellis Chapman Mason Gray Webb Rogers Richards Hunt Knight Mills Powell Russell Lloyd Owen
Barnes Palmer Butler Holmes Reynolds Stevens Fisher Matthews Kelly Pearson Barker Fletcher Dixon
Hudson Graham Gibson Atkinson Ryan Osei Adeyemi Okafor Mensah Nowak Kowalski Popescu Ionescu Silva
Santos Rahman Islam Chowdhury Malik Shah Iqbal Hassan Mohamed Abdi Yusuf Chen Wong Nguyen Tran
Sharma Gill Dhillon Gordon Campbell Grant Francis Charles Joseph Reid Bryan Burke Doyle Walsh
Byrne Lynch Quinn Hart Dean Lane Frost Nash Pratt Booth Goodwin Barrett Hayes Saunders Spencer
Gardner Payne Pearce Tucker Bird Fox Wells Day Perry Carr Harvey Hawkins Page Bishop Stone Woods
"""
)
_BEGINNINGS = _words(
    """
Ash Birch Black Brad Brook Burn Cald Chad Copp Cran Dray Elm Farn Garth Hazel Heath Hol Kirk Lang
Leck Marl Mel Oak Pen Rad Rook Sedge Stan Thorn Wal Whit Win
"""
)
_ENDINGS = _words(
    "bourne bridge by combe croft dale den field ford ham ley low mere more ridge shaw stead "
    "ton well wick"
)
RARE_SURNAMES = tuple(first + last for first in _BEGINNINGS for last in _ENDINGS)
MALE_FORENAMES = _words(
    """
David Paul James Michael Daniel Christopher Andrew John Mark Matthew Stephen Thomas Robert Ryan
Adam Lee Jack Richard Joshua Liam Anthony Luke Peter Connor Kevin Jason Jordan Kyle Mohammed
Nathan Craig Scott Simon Aaron Samuel Ben Gary Jamie Sean Callum Alex Steven Dean Darren Lewis Ian
Neil Wayne Shane Carl Jake Karl Ahmed Ali Hassan Omar Imran Tariq Kwame Kofi Emeka Tunde Marcus
Tyrone Leon Curtis Ashley Harry George Dominic Patrick Declan Gareth Rhys Owen Harjit Gurpreet
Rajesh Piotr Marek Andrei Ionut Joao Minh Wei
"""
)
FEMALE_FORENAMES = _words(
    """
Sarah Emma Laura Rebecca Claire Samantha Jessica Lisa Nicola Michelle Gemma Rachel Amy Charlotte
Kelly Natalie Stephanie Lauren Hannah Donna Katie Leanne Victoria Chloe Louise Kirsty Danielle
Joanne Karen Stacey Jade Shannon Bethany Zoe Hayley Tracey Sophie Kayleigh Carly Jodie Lucy Holly
Alice Grace Megan Abigail Paige Amber Tanya Maria Angela Deborah Susan Julie Fatima Aisha Nadia
Zainab Amina Yasmin Shabana Harpreet Priya Anita Ama Abena Ngozi Folake Simone Chantelle Monique
Sian Carys Bronwen Bridget Siobhan Agnieszka Ewa Elena Ana Mai Ling
"""
)
# No area of a postcode in the United Kingdom begins with either of these letters.
_FIRST, _SECOND = "QV", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNIT = "ABDEFGHJLNPQRSTUWXYZ"
_DISTRICTS, _SECTORS = 10, 9
POSTCODES_PER_AREA = _DISTRICTS * _SECTORS * len(_UNIT) * 2


def drawn(names: int, n: int, slope: float, stream: np.random.Generator) -> Ints:
    """Positions of `n` names, those earlier in the list the more often."""
    weights = 1.0 / np.arange(5, names + 5) ** slope
    return stream.choice(names, n, p=weights / weights.sum())


def surnames(n: int, common: float, slope: float, stream: np.random.Generator) -> np.ndarray:
    """Draw `n` surnames: common ones, and made-up ones that few people bear."""
    usual = np.array(SURNAMES, dtype=object)[drawn(len(SURNAMES), n, slope, stream)]
    rare = np.array(RARE_SURNAMES, dtype=object)[stream.integers(0, len(RARE_SURNAMES), n)]
    return np.where(stream.random(n) < common, usual, rare)


def forenames(is_male: np.ndarray, slope: float, stream: np.random.Generator) -> np.ndarray:
    """Draw a forename for each person by sex."""
    n = len(is_male)
    lists = [np.array(names, dtype=object) for names in (FEMALE_FORENAMES, MALE_FORENAMES)]
    women, men = (names[drawn(len(names), n, slope, stream)] for names in lists)
    return np.where(is_male, men, women)


def postcodes(area: Ints, stream: np.random.Generator) -> np.ndarray:
    """Draw a postcode in each home area, 1 to `AREAS`; any area where it is 0."""
    n = len(area)
    known = np.where(area > 0, area, stream.integers(1, AREAS + 1, n)) - 1
    number = stream.integers(0, POSTCODES_PER_AREA, n)
    return np.array(
        [_postcode(int(one), int(two)) for one, two in zip(known, number, strict=True)],
        dtype=object,
    )


def _postcode(area: int, number: int) -> str:
    """The postcode of this number in an area; three areas share their letters."""
    letters, third = divmod(area, 3)
    number, unit = divmod(number, len(_UNIT) * 2)
    sector, district = divmod(number, _DISTRICTS)
    first, second = _FIRST[letters // len(_SECOND)], _SECOND[letters % len(_SECOND)]
    last = _UNIT[unit % len(_UNIT)] + _UNIT[(unit * 7 + sector) % len(_UNIT)]
    return f"{first}{second}{third * _DISTRICTS + district + 1} {sector + 1}{last}"
