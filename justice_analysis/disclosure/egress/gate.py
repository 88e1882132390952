"""The gate: everything in a request is taken apart and held against the rules."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from justice_analysis.disclosure.egress import encoded, file_names, kinds, known, limits
from justice_analysis.disclosure.egress.finding import (
    WORDS,
    Finding,
    Flag,
    Inner,
    Part,
    Table,
    Text,
)
from justice_analysis.disclosure.egress.limits import Limits
from justice_analysis.disclosure.egress.readers import READERS, archive
from justice_analysis.disclosure.egress.rules import tables, words
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.errors import DisclosureError

DEEPEST = 6
"""Files in files in files: beyond this nothing honest is found."""
LARGEST = 200_000_000
Hits = dict[tuple[str, str], int]
"""For each rule and place, how many."""


def scan(folder: str | Path, profile: Profile | None) -> tuple[Finding, ...]:
    """Find everything in a request that must not leave.

    Parameters
    ----------
    folder
        The `request` folder of a release, or any folder that is to leave.
    profile
        The rules of the place. None: only what may leave no place at all (file types, sizes,
        rows and small counts depend on a place).

    Returns
    -------
    tuple of Finding
        One a file, rule and place in it, in order; empty if nothing was found. No value of a
        file is repeated in it.

    Raises
    ------
    DisclosureError
        If there is no such folder, or one within it can't be read.
    """
    folder = Path(folder)
    if not folder.is_dir() or folder.is_symlink():
        raise DisclosureError(f"{folder.name} must be a folder: there is none of that name.")
    chosen = limits.of(profile)
    found = []
    for number, path in enumerate(_paths(folder), start=1):
        name = path.relative_to(folder).as_posix()
        hits = _file(folder, path, name, chosen)
        shown = file_names.shown(name, number, hits)
        found += [
            Finding(shown, rule, WORDS[rule], count, place) for (rule, place), count in hits.items()
        ]
    return tuple(sorted(found))


def _paths(folder: Path) -> Iterator[Path]:
    """Every file, and every link or special file, in a fixed order; links are not followed."""
    for home, folders, files in os.walk(folder, onerror=_refuse, followlinks=False):
        folders.sort()
        hidden = [name for name in folders if Path(home, name).is_symlink()]
        strange = [name for name in folders if file_names.problems(name, is_folder=True)]
        for name in sorted({*files, *hidden, *strange}):
            yield Path(home, name)


def _refuse(error: OSError) -> None:
    raise DisclosureError(
        "every folder of a request must be readable: one is not. Check its permissions."
    ) from None


def _file(folder: Path, path: Path, name: str, chosen: Limits) -> Hits:
    hits: Hits = {}
    is_folder = path.is_dir() and not path.is_symlink()
    for rule in file_names.problems(path.name, is_folder=is_folder):
        hits[rule, ""] = 1
    if is_folder:
        return hits
    if not stat.S_ISREG(path.lstat().st_mode):
        return {**hits, ("link", ""): 1}
    ending = _ending(path.name)
    if chosen.file_types is not None and ending not in chosen.file_types:
        hits["file_type", ""] = 1
    size = path.stat().st_size
    if chosen.max_file_mb is not None and size > chosen.max_file_mb * 1_000_000:
        hits["file_size", ""] = -(-size // 1_000_000)
    if size > LARGEST:
        return {**hits, ("unreadable", ""): 1}
    try:
        content = path.read_bytes()
    except OSError:
        return {**hits, ("unreadable", ""): 1}
    kind = kinds.of(content)
    if content and not kinds.fits(kind, ending):
        hits["wrong_ending", ""] = 1
    for rule in file_names.by_ending(ending):
        hits[rule, ""] = 1
    parts = (known.without_digests(folder, name, part) for part in _parts(content, kind))
    _add(hits, _content(content, kind, parts, chosen, depth=1))
    return hits


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _parts(content: bytes, kind: str) -> Iterator[Part]:
    """Take a file apart; what cannot be taken apart was not checked, and is refused."""
    refused = {"data": "row_data_file", "ole": "row_data_file", "code": "code_file"}
    refused |= {"program": "executable", "packed": "archive"}
    if kind in refused:
        yield Flag(refused[kind])
        return
    if kind not in READERS:
        yield Flag("unreadable")
        return
    try:
        yield from READERS[kind](content)
    except Exception:  # a damaged file may fail in any way, and must never pass for it
        yield Flag("unreadable")
    if not content.startswith(b"PK") and archive.hidden_zip(content):
        yield Flag("hidden_content", 1, "an archive inside")


def _content(
    content: bytes, kind: str, parts: Iterator[Part], chosen: Limits, *, depth: int
) -> Hits:
    """Hold the parts of one file against the rules; a table's finding says more than a word's."""
    in_words: Hits = {}
    in_tables: Hits = {}
    for part in parts:
        if isinstance(part, Flag):
            _add(in_tables, {(part.rule, part.place): part.count})
        elif isinstance(part, Table):
            found = tables.found(part, chosen)
            _add(in_tables, {(rule, _at(part.place, place)): n for rule, place, n in found})
        elif isinstance(part, Text):
            _add(in_words, {(rule, part.place): n for rule, n in words.found(part.words, chosen)})
            for inner in encoded.inside(part.words, part.place):
                _add(in_tables, _inner(inner, chosen, depth))
        else:
            _add(in_tables, _inner(part, chosen, depth))
    by_table = {rule for rule, _ in in_tables}
    kept = {key: count for key, count in in_words.items() if key[0] not in by_table}
    return {**in_tables, **kept}


def _inner(part: Inner | Flag, chosen: Limits, depth: int) -> Hits:
    if isinstance(part, Flag):
        return {(part.rule, part.place): part.count}
    if depth >= DEEPEST:
        return {("archive", part.place): 1}
    hits: Hits = {}
    name = part.name.rstrip("/").rpartition("/")[2]
    named = [*file_names.problems(name), *file_names.by_ending(_ending(name))]
    for rule in named if part.name else []:
        hits[rule, part.place] = 1
    kind = kinds.of(part.content)
    parts = _parts(part.content, kind)
    found = _content(part.content, kind, parts, chosen, depth=depth + 1)
    _add(hits, {(rule, _at(part.place, place)): count for (rule, place), count in found.items()})
    return hits


def _at(place: str, inner: str) -> str:
    return ", ".join(part for part in (place, inner) if part)


def _add(hits: Hits, more: Hits) -> None:
    for key, count in more.items():
        hits[key] = hits.get(key, 0) + count
