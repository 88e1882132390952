"""Numbers that somebody typed into prose, where a reference to a released cell must stand.

Any digit counts as one, and so does a share in words. What may be typed is listed here, each
pattern with its reason; what a pattern lets through by mistake is less bad than a wrong result that
nothing ties to a release, so patterns are narrow. A number of law or of a definition that they do
not know stands in a `{given}` role.
"""

from __future__ import annotations

import re

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_YEAR = r"(?:1[6-9]|20)\d\d"
_DASH = r"[-\u2013]"
# A year or the number of a section is followed by none of these: "2000 people" is a count.
_COUNTED = (
    r"people|persons|mothers|fathers|parents|women|men|children|babies|families|pupils|prisoners"
    r"|defendants|claimants|participants|parties|cases|claims|applications|proceedings|trials"
    r"|charges|offences|convictions|releases|returns|courts|counties|records|rows|days|weeks"
    r"|months|years|points|percentage"
)
_NOT_A_COUNT = rf"(?!\d|[.,]\d|\s?%|\s?per\s?cent|\s(?:{_COUNTED})\b)"
_PLACE = rf"\d+[A-Z]{{0,2}}(?:\.\d+)*(?:\(\w{{1,4}}\))*{_NOT_A_COUNT}"
_PLACES = rf"{_PLACE}(?:(?:,|,? and| or| to|{_DASH})\s?{_PLACE})*"
_LAW = (
    r"sections?|ss?\.|parts?|rules?|schedules?|articles?|regulations?|reg\.|paragraphs?|para\."
    r"|clauses?|Practice Directions?|No\."
)
_REFERENCE = (
    r"tables?|figures?|pages?|pp?\.|chapters?|appendix|equations?|steps?|notes?|columns?"
    r"|volumes?|versions?"
)

# What may be typed, and why it is no result.
_ALLOWED = tuple(
    re.compile(pattern)
    for pattern in (
        # An address is a name.
        r"https?://\S+",
        # A statutory instrument, before its year is taken for one.
        r"\bSI\s\d{4}/\d+\b",
        # Dates and years: when something was, not how much. 2007-08-31; 1 April 2022;
        # 3 to 7 June; June 3, 2019; 2007/08; 2016-2023; the 1980s; Q1 2025.
        r"\b\d{4}-\d\d-\d\d\b",
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s?(?:{_DASH}|to|and|or)\s?\d{{1,2}}(?:st|nd|rd|th)?)?"
        rf"\s{_MONTH}",
        rf"\b{_MONTH}\s\d{{1,2}},?(?=\s{_YEAR}\b)",
        rf"\bQ[1-4]\b(?:\s{_YEAR}\b)?",
        rf"(?<![\d.,£$€/]){_YEAR}(?:[/\u2013-](?:{_YEAR}|\d\d)(?!\d)|s\b)?{_NOT_A_COUNT}",
        # The level of an interval says how it was made, and is the same for every result.
        r"\b9[059]%\s(?:confidence\s)?(?:intervals?|bands?|limits)\b",
        # Where the law, or another part of the paper or of a work, is to be found.
        rf"(?i:\b(?:{_LAW}|{_REFERENCE})\s?){_PLACES}",
        # Names with a digit: FEBRL4, COVID-19, C66, v3.0; region 1; Key Stage 4; WCAG 2.2.
        r"\b[A-Za-z]\w*?\d[\w.]*\b",
        r"\b[A-Z][A-Za-z]*-\d+\b(?!\s?%)",
        rf"\b(?:region|Region|Key Stage|WCAG|CC BY|Python|ISO)\s\d+(?:\.\d+)*{_NOT_A_COUNT}",
    )
)

_COUNT = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|a hundred|one hundred)"
)
_PART = r"(?:third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twentieth|hundredth)s?"
# A quarter of a year, or of cases that a court received in it, is a time and not a share.
_OF_TIME = r"(?:a\s|the\s|each\s|every\s)?(?:year|receipt|entry|issue|release|disposal)\b"

# What is refused.
_REFUSED = re.compile(
    "|".join(
        (
            # Any digit that is left, with its unit; "1 in 4" as a whole.
            r"\d+\s(?:in|out\sof)\s(?:every\s)?\d+",
            r"[£$€]?(?:(?<!\w)[-+\u2212])?\d(?:[\d.,/]*\d)?(?:\s?%|\sper\s?cent)?",
            "[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]",
            # Shares in words: one in four, two out of five, forty per cent.
            rf"\b{_COUNT}\s(?:in|out\sof)\s(?:every\s)?{_COUNT}\b",
            rf"\b(?!one\b){_COUNT}(?:{_DASH}\w+)?\sper\s?cent\b",
            # Parts in words: two thirds of, three quarters, a quarter of, half of those.
            rf"\b(?:an?|{_COUNT})[\s-]{_PART}\s(?:of\b|as\b|more\b|fewer\b|less\b)",
            rf"\b(?:three|four)[\s-]quarters\b(?!\sof\s{_OF_TIME})",
            rf"\b(?:a|one)[\s-]quarter\sof\s(?!{_OF_TIME})",
            r"(?<!first )(?<!second )(?<!other )(?<!latter )(?<!last )"
            r"\bhalf\s(?:of\b|the\b|all\b|those\b)(?!\sthe\syear\b)",
            # Ratios in words: twice as often, three times as likely.
            rf"\b(?:twice|{_COUNT}\stimes)\sas\s\w+",
        )
    ),
    re.IGNORECASE,
)


def typed_numbers(text: str) -> list[str]:
    """Pieces of plain text that look like results typed by hand, in the order of reading.

    Parameters
    ----------
    text
        Words of a paper without its roles, code, formulas and link targets.

    Returns
    -------
    list
        Each piece as it stands in the text; none where the text may stay as it is.
    """
    for pattern in _ALLOWED:
        text = pattern.sub(lambda found: "_" * len(found.group()), text)
    return [found.group().strip() for found in _REFUSED.finditer(text)]
