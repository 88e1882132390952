"""Rules over running text: what may not stand in any sentence, cell, comment or metadata."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

from justice_analysis.disclosure.egress.limits import Limits
from justice_analysis.disclosure.egress.rules import check_digits

HASH = re.compile(r"(?<![0-9A-Za-z])(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{32,128}(?![0-9A-Za-z])")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?:GIR ?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9]"
    r"|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRVWXY]) ?[0-9][ABD-HJLNP-UW-Z]{2})"
    r"(?![A-Za-z0-9])"
)
NINO = re.compile(
    r"(?<![A-Za-z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r" ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])"
)
NHS = re.compile(r"(?<![\d.,A-Za-z/-])\d{3}([ -]?)\d{3}\1\d{4}(?![\d.,]?\d|[A-Za-z/-])")
NHS_WORD = re.compile(r"nhs|\bchi\b|health", re.IGNORECASE)
PNC = re.compile(r"(?<![\w/])(?:\d{4}|\d{2})/\d{1,7}[A-Z](?![\w/])")
CRO = re.compile(r"(?<![\w/])\d{1,6}/\d{2}[A-Z](?![\w/])")
UPN = re.compile(r"(?<!\w)[A-Z]\d{11}[0-9A-Z](?!\w)")
PRISON = re.compile(r"(?<!\w)[A-Z]\d{4}[A-Z]{2}(?!\w)")
CASE = re.compile(
    r"(?<![\w/])(?:[A-Z]{2}\d{2}[CPFDZ]\d{5}|[TAU]20[0-2]\d{5,6}|"
    r"\d{4}/\d{4}/\d{2}/\d{5,}[A-Z]?|\d{2}[A-Z]{2}\d{7,9})(?![\w/])"
)
PHONE = re.compile(
    r"(?<![\w.+/])(?:\+44 ?(?:\(0\))? ?\d{2,4}|\(?0[1-37]\d{1,4}\)?)[ -]\d{3,4}[ -]?\d{3,4}"
    r"(?![\w.])|(?<![\w.+/])(?:\+44[1-37]\d{8,9}|07\d{9}|0[12]\d{9})(?![\w.])"
)
TRACEBACK = re.compile(
    r"Traceback \(most recent call last\)|^\s*File \"[^\"\n]+\", line \d+|Traceback\S* *\(most"
    r"|Cell In\[\d+\], line \d+|^Error in [^\n]{0,200}:|Execution halted|^Caused by: "
    r"|^\s*at [\w.$]+\([\w$]+\.(?:java|scala):\d+\)|org\.apache\.spark\.\w+|Py4JJavaError"
    r"|(?:Conversion|Constraint|Invalid Input|Out of Range|Binder|Catalog|Parser) Error:"
    r"|^(?:\w+\.)*[A-Z]\w*(?:Error|Exception)(?:: |$)|^! |SQLSTATE\[?\w{5}",
    re.MULTILINE,
)
PATH = re.compile(
    r"(?<![\w/.:~<-])/(?:home|Users|mnt|media|scratch|safe_data|safe_outputs|data|tmp|var|opt|srv"
    r"|root|workspace|work|lustre|nfs|Volumes|project|projects|shared|export|app|etc|usr|dbfs"
    r"|run)/[\w.~-]"
    r"|(?<![A-Za-z])[A-Za-z]:\\{1,2}[\w$~. -]|(?<!\\)\\{2,4}[\w.-]+\\{1,2}[\w$.-]+"
    r"|(?:file|s3a?|hdfs|dbfs|abfss?|wasbs?|gs|jdbc:\w+)://?[\w/]",
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|(?<!\w)(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{30,}"
    r"|github_pat_\w{30,}|glpat-[\w-]{18,}|xox[abprs]-[\w-]{10,}|(?<!\w)sk-[A-Za-z0-9_-]{20,}"
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+|://[^\s:/@]+:[^\s/@]+@"
    r"|Authorization: *(?:Bearer|Basic) +\S+|AccountKey=\S{10,}|[?&]sig=[\w%]{20,}"
)
PASSWORD = re.compile(
    r"(?:passw(?:or)?d|pwd|passphrase|api[_-]?key|secret(?:[_-]?key)?|access[_-]?token"
    r"|auth[_-]?token|client[_-]?secret)[\"']?\s*[:=]\s*[\"']?(?![<{$*\s])[^\s\"',;]{6,}",
    re.IGNORECASE,
)
PASSWORD_WORDS = ("passw", "pwd", "passphrase", "api", "secret", "token")
USER = re.compile(
    r"^[ \t>\"'-]*(?:user(?:_?name)?|host(?:_?name)?|computer_?name|log_?name|login|machine_?name"
    r"|last_?modified_?by|run_by|executed_by)[\"']?[ \t]*[:=][ \t]*[\"']?(?!null|none)[\w.@\\-]{2,}"
    r"|^(?:\([\w.-]{1,40}\) ?)?[a-z_][\w-]{0,40}@[a-z][\w.-]*:[~/][^\n]*[$#]",
    re.IGNORECASE | re.MULTILINE,
)
POINT = re.compile(r"(?:POINT|POLYGON|LINESTRING) ?Z? ?\(+ ?-?\d")
SHAPE = re.compile(r"\"coordinates\"\s*:\s*\[")
DEGREES = re.compile(r"(?<![\d.-])(?:49|5\d|60)\.\d{4,}\s*[,; ]\s*-?[0-8]\.\d{4,}(?![\d])")
AREA = re.compile(r"(?<!\w)([EWSN])(0[0-5])\d{6}(?!\w)")
AREA_LEVEL = {"00": "output_area", "01": "lsoa", "02": "msoa", "05": "ward"}
BORN = re.compile(
    r"(?:\bborn(?: on)?|\bd\.?o\.?b\b\.?|date of birth)\W{0,8}(?:\d{1,2}(?:st|nd|rd|th)?[-/. ]"
    r"(?:\d{1,2}|[A-Za-z]{3,9})[-/. ,]{1,2}(?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"\b\d{1,4}[A-Za-z]?,? [A-Z][a-z]+(?: [A-Z][a-z]+)? (?:Street|Road|Avenue|Lane|Close|Drive"
    r"|Crescent|Terrace|Gardens)\b"
)
COMPUTER = re.compile(
    r"(?<![\d.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?![\d.])"
)
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
FORMULA = re.compile(
    r"(?:^|[\t,;\"])=(?:[A-Z]*HYPERLINK|WEBSERVICE|IMPORT\w+|DDE|RTD|FILTERXML|cmd)\b|\|'?/?c calc",
    re.IGNORECASE | re.MULTILINE,
)
FEW = re.compile(
    r"\bn ?= ?(\d+)\b(?![,.]\d)|(?<![\w.,%-])(\d{1,2}) (?:people|persons?|individuals|defendants?"
    r"|mothers?|fathers?|offenders?|prisoners?|victims?|claimants?|applicants?)\b",
    re.IGNORECASE,
)
NOT_A_COUNT = re.compile(
    r"(?:fewer|less|more|greater) than|as many as|under|over|at least|at most|up to|nearest"
    r"|minimum(?: of)?|threshold(?: of)?|every|per|below|above|multiples? of|of|than|to|by|or|and",
    re.IGNORECASE,
)

CAPITAL = "A"
SIMPLE: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("hash", HASH, ""),
    ("email", EMAIL, "@"),
    ("postcode", POSTCODE, CAPITAL),
    ("national_id", NINO, CAPITAL),
    ("national_id", PRISON, CAPITAL),
    ("case_number", CASE, CAPITAL + "/"),
    ("phone", PHONE, "0+"),
    ("traceback", TRACEBACK, CAPITAL + "!"),
    ("path", PATH, "/\\"),
    ("secret", SECRET, CAPITAL + ":-_?"),
    ("user_name", USER, ":=@"),
    ("coordinates", POINT, "("),
    ("coordinates", SHAPE, '"'),
    ("coordinates", DEGREES, "456"),
    ("formula", FORMULA, "=|"),
    ("birth_date", BORN, "-/. "),
    ("person_name", ADDRESS, CAPITAL),
    ("user_name", COMPUTER, "."),
)
"""Rule, pattern, and signs of which every match holds one: most texts are passed over at once."""
SIGNS = frozenset("".join(needed for _, _, needed in SIMPLE)) - {CAPITAL}
CHECKED: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (PNC, check_digits.is_pnc_id),
    (CRO, check_digits.is_cro_number),
    (UPN, check_digits.is_upn),
)


def found(text: str, limits: Limits) -> Iterator[tuple[str, int]]:
    """Name each rule that a text breaks, with how often."""
    counts: Counter[str] = Counter()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", UNSEEN.sub("", text))
    lowered = text.lower()
    signs = {CAPITAL} if lowered != text else set()
    signs |= {sign for sign in SIGNS if sign in text}
    for rule, pattern, needed in SIMPLE:
        if not needed or not signs.isdisjoint(needed):
            counts[rule] += sum(1 for _ in pattern.finditer(text))
    for pattern, holds in CHECKED if CAPITAL in signs else ():
        counts["national_id"] += sum(holds(hit.group()) for hit in pattern.finditer(text))
    if any(word in lowered for word in PASSWORD_WORDS):
        counts["secret"] += sum(1 for _ in PASSWORD.finditer(text))
    counts["national_id"] += _nhs_numbers(text)
    counts["coordinates"] += sum(
        AREA_LEVEL.get(hit.group(2), "ward") not in limits.places for hit in AREA.finditer(text)
    )
    counts["small_count"] += _few_people(text, limits)
    return ((rule, count) for rule, count in counts.items() if count)


def _nhs_numbers(text: str) -> int:
    """Written in three parts, named as such, or several: one bare number may be any other."""
    hits = [hit for hit in NHS.finditer(text) if check_digits.is_nhs_number(hit.group())]
    certain = sum(
        bool(hit.group(1)) or bool(NHS_WORD.search(text[max(hit.start() - 40, 0) : hit.start()]))
        for hit in hits
    )
    return len(hits) if certain or len({hit.group() for hit in hits}) > 1 else 0


def _few_people(text: str, limits: Limits) -> int:
    few = 0
    for hit in FEW.finditer(text):
        number = int(hit.group(1) or hit.group(2))
        before = text[max(hit.start() - 16, 0) : hit.start()].rstrip()
        stated = NOT_A_COUNT.search(before)
        limit = stated is not None and before.endswith(stated.group())
        small = number < limits.minimum and (number > 0 or limits.zeros)
        few += small and not (hit.group(2) and (limit or _ends_with_limit(before)))
    return few


def _ends_with_limit(before: str) -> bool:
    return any(before.lower().endswith(hit.group().lower()) for hit in NOT_A_COUNT.finditer(before))
