"""The search for each table's files among what was delivered, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from justice_analysis.contracts import Contract
from justice_analysis.errors import AdapterError, JusticeError, SourceError
from justice_analysis.sources.adapter import Adapter, near
from justice_analysis.sources.delivered import ENDINGS, Delivery, Match, match, stem


@dataclass
class Found:
    """What the search for files found so far."""

    files: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    by_name: dict[str, dict[str, tuple[Path, ...]]] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    not_named: list[str] = field(default_factory=list)


def find(delivery: Delivery, contract: Contract, adapter: Adapter | None) -> Found:
    """Find each table's files, with what is wrong about them."""
    found = Found()
    all_names = [table.name for table in contract.tables]
    for table in contract.tables:
        named = adapter.table(table.name).named_files(table.name) if adapter else ()
        others = [] if named else all_names
        matches = {
            name: match(name, delivery, other_names=others) for name in named or (table.name,)
        }
        by_name = {name: one.files for name, one in matches.items()}
        found.by_name[table.name] = by_name
        found.files[table.name] = tuple(path for paths in by_name.values() for path in paths)
        found.notes[table.name] = tuple(note for one in matches.values() for note in one.notes)
        found.problems[table.name] = tuple(
            sentence for one in matches.values() for sentence in _match_problems(table.name, one)
        )
        absent = [name for name, one in matches.items() if not one.wholes]
        if named:
            found.not_named += [_not_there(table.name, name, delivery) for name in absent]
        elif absent and not table.optional:
            found.missing.append(table.name)
    return found


def _match_problems(table: str, found: Match) -> Iterator[str]:
    yield from found.problems
    if len(found.wholes) > 1:
        names = ", ".join(_spoken(group) for group in found.wholes)
        yield (
            f"{table} has {len(found.wholes)} files ({names}). Keep one, or name one in an adapter."
        )


def _spoken(group: tuple[Path, ...]) -> str:
    return group[0].name if len(group) == 1 else f"{len(group)} parts such as {group[0].name}"


def problems_of(found: Found, delivery: Delivery, contract: Contract) -> Iterator[JusticeError]:
    """Say everything that is wrong with the files as such."""
    yield from map(AdapterError, found.not_named)
    for sentences in (delivery.problems, *found.problems.values()):
        yield from map(SourceError, sentences)
    yield from map(SourceError, _missing_sentences(found.missing, delivery, contract))


def _not_there(table: str, name: str, delivery: Delivery) -> str:
    hint = near(name, delivery.names)
    return f"{table}: the adapter names the file {name}, which is missing.{hint}"


def _missing_sentences(missing: list[str], delivery: Delivery, contract: Contract) -> list[str]:
    if not missing:
        return []
    close = [_instead(name, delivery) for name in missing]
    named = ", ".join(
        f"{name} ({hint.strip()})" if hint else name
        for name, hint in zip(missing, close, strict=True)
    )
    return [
        f"{contract.name} needs a file for each table; {len(missing)} of {len(contract.tables)} "
        f"have none: {named}. Expected <table> with the ending {', '.join(ENDINGS)} or .zip, or an "
        "adapter that names the file."
    ]


def _instead(name: str, delivery: Delivery) -> str:
    """Say what is there in the place of a table's file."""
    folders = [path.name for path in delivery.entries if stem(path) == name and path.is_dir()]
    if folders:
        return f"{folders[0]} is a folder without parts of it"
    return near(name, delivery.names)


def not_used(
    delivery: Delivery, files: Mapping[str, tuple[Path, ...]], *, leave_out: str
) -> tuple[str, ...]:
    """Name what belongs to no table, but not a folder of which parts are used."""
    used = {path for paths in files.values() for path in paths}
    used |= {path.parent for path in used}
    return tuple(
        path.name for path in delivery.entries if path not in used and path.name != leave_out
    )
