"""Names of files: they leave too, and some mislead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from justice_analysis.disclosure.egress import kinds
from justice_analysis.disclosure.egress.limits import Limits
from justice_analysis.disclosure.egress.rules import words

LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini", "__macosx", "__pycache__", "ehthumbs.db"})
CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
TELLING = frozenset(
    {"email", "national_id", "case_number", "postcode", "phone", "hash", "path", "secret"}
)


def problems(name: str, *, is_folder: bool = False) -> tuple[str, ...]:
    """Name the rules that a file's or folder's own name breaks."""
    stem = name if is_folder or "." not in name else name.rpartition(".")[0]
    found = []
    if not re.search(r"\w", stem) or CONTROL.search(name) or name != name.strip() or tells(name):
        found.append("file_name")
    if name.startswith((".", "~$")) or name.endswith("~") or name.lower() in LEFT_BEHIND:
        found.append("hidden_file")
    return tuple(found)


def tells(name: str) -> bool:
    """Whether a name holds what no text may: an e-mail address, a number of a person."""
    spaced = re.sub(r"[_.-](?=\w)", " ", name)
    return any(
        rule in TELLING for text in (name, spaced) for rule, _ in words.found(text, Limits())
    )


def by_ending(ending: str) -> Iterator[str]:
    """Name the rules that an ending breaks whatever the content."""
    if ending in kinds.SCRIPTS:
        yield "executable"
    if ending in kinds.CODE:
        yield "code_file"
    elif ending in kinds.DATA:
        yield "row_data_file"


def shown(name: str, number: int, hits: Mapping[tuple[str, str], int]) -> str:
    """Write a name so that a finding tells nothing: a telling one becomes a number."""
    folders = [part if not tells(part) else "..." for part in name.split("/")[:-1]]
    last = name.rpartition("/")[2]
    if ("file_name", "") in hits and tells(last):
        last = f"file {number}"
    return "/".join([*folders, CONTROL.sub("?", last)])
