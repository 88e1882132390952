"""Text on its way to the typesetter: characters that can be set, spaces kept, long words broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_LONG_WORD = re.compile(r"\S{30,}")
_MAY_BREAK_AFTER = re.compile(r"[_/.\-?&=]|[^\s_/.\-?&=]{16}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")
Data = dict[str, Any]


def clean(said: object) -> str:
    """Text on one line, without characters that cannot be set."""
    return " ".join(_CONTROL.sub(" ", str(said)).split())


def shown(said: object) -> str:
    """Clean text; where a very long word may break there is a space without width.

    The typesetter takes these spaces out again, so that copied names are whole.
    """
    return _LONG_WORD.sub(_breakable, clean(said))


def _breakable(word: re.Match[str]) -> str:
    broken = _MAY_BREAK_AFTER.sub(lambda found: f"{found[0]}\u200b", word[0])
    return broken.removesuffix("\u200b")


def ends_apart(made: Sequence[Data]) -> bool:
    """Whether a bracket may follow without a space."""
    return not made or str(made[-1].get("text", "")).endswith((" ", "(", "["))


def text(said: str) -> Data:
    """Words between others: the spaces at their ends are kept."""
    before, after = said[:1].isspace(), said[-1:].isspace()
    line = shown(said)
    return {"kind": "text", "text": f"{' ' * before}{line}{' ' * (after and bool(line))}"}


def number_label(place: int) -> str:
    """Where the origin of a traced number stands."""
    return f"number-{place + 1}"


def reference_label(key: str) -> str:
    """Where a work stands in the list of references."""
    return f"work-{key}"
