"""Numbers given to people that carry a check digit: few other numbers pass it."""

from __future__ import annotations

import re

PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
PNC = re.compile(r"(\d{2}|\d{4})/(\d{1,7})([A-Z])")
CRO = re.compile(r"(\d{1,6})/(\d{2})([A-Z])")
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def is_nhs_number(number: str) -> bool:
    """Ten digits, the last the check of the others (modulus 11); Scotland's CHI number too."""
    digits = re.sub(r"[ -]", "", number)
    if len(digits) != 10 or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9])


def is_pnc_id(number: str) -> bool:
    """Police National Computer: year, serial of up to seven digits, check letter."""
    matched = PNC.fullmatch(number)
    if not matched:
        return False
    year, serial, letter = matched.groups()
    return PNC_LETTERS[int(year[-2:] + serial.zfill(7)) % 23] == letter


def is_cro_number(number: str) -> bool:
    """Criminal Records Office: serial of up to six digits, year, check letter."""
    matched = CRO.fullmatch(number)
    if not matched:
        return False
    serial, year, letter = matched.groups()
    return PNC_LETTERS[int(year + serial.zfill(6)) % 23] == letter


def is_upn(number: str) -> bool:
    """Unique Pupil Number: check letter, then twelve characters weighted 2 to 13."""
    if not re.fullmatch(r"[A-Z]\d{11}[0-9A-Z]", number):
        return False
    values = [int(sign) if sign.isdecimal() else UPN_LETTERS.find(sign) for sign in number[1:]]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23] == number[0]
