"""How alike two names are, in the words that people use for columns and files."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# Words that mean the same in names of columns; the first of each stands for all.
_SAME = (
    ("id", "key", "hash", "pe", "ref", "reference", "no", "number", "num", "nr", "identifier"),
    ("birth", "dob", "born", "birthdate"),
    ("sex", "gender"),
    ("date", "dt", "day", "on", "when"),
    ("type", "kind", "category", "cat", "class"),
    ("code", "cd"),
    ("received", "receipt", "rec", "recd", "got"),
    ("end", "ended", "closed", "close", "closure", "completed", "to", "until", "ends"),
    ("end", "termination", "terminated", "went", "left", "released", "release"),
    ("start", "begin", "began", "begins", "from", "commenced", "came", "admitted", "arrived"),
    ("length", "duration", "term", "days", "months", "weeks"),
    ("person", "people", "individual", "party", "client", "offender", "defendant", "child"),
    ("court", "crt"),
    ("offence", "offense", "off"),
    ("area", "region"),
    ("ethnicity", "ethnic", "eth"),
)
# Words that say little of what a column is.
_GENERIC = {"id", "date", "type", "code", "name", "desc", "description", "flag", "1", "2"}
_WITHIN = 0.7
_CANONICAL = {word: words[0] for words in _SAME for word in words}


def words_of(name: str) -> tuple[str, ...]:
    """Split a name into words, in lower case, each by its usual form."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    words = re.findall(r"[a-z]+|[0-9]+", apart.lower())
    return tuple(_CANONICAL.get(word, word) for word in words)


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1; 1 for the same words."""
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return 0.0
    shared = len(set(first) & set(second)) / len(set(first) | set(second))
    letters = SequenceMatcher(None, " ".join(first), " ".join(second)).ratio()
    telling = set(first) - _GENERIC, set(second) - _GENERIC
    within = all(telling) and (telling[0] <= telling[1] or telling[1] <= telling[0])
    return max(shared, letters, _WITHIN if within else 0.0)
