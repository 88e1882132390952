"""The files of a history: one a release or withdrawal, each chained to the one before it.

A history is a folder. `000001.json`, `000002.json`, ... are its entries: each holds the sha256 of
the entry before it and of itself, so that an entry that was changed, removed or moved is found.
`head.json` says how many entries there are at least, and the hash of the last of these. Entries
are written aside and linked to their place, so each is whole or not there, and never replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from justice_analysis.errors import DisclosureError, WarehouseError

START = "0" * 64
HEAD = "head.json"
LOCK = "lock"
NAME = re.compile(r"(\d{6})\.json")
NEEDED = {"what", "release_id", "date", "number", "previous", "sha256"}
NOTES = {
    "release": "outputs that were released together",
    "withdrawal": "a release that was made and did not leave",
}
READ_ME = """The release history of a project: what it has asked to take out, with true counts.

Keep this folder inside the secure environment. Never edit or delete a file in it: each entry
holds the hash of the one before, and a history that was changed is refused.
"""


@dataclass(frozen=True)
class Entry:
    """One release, or one withdrawal, as its file holds it."""

    number: int
    content: Mapping[str, Any]

    @property
    def what(self) -> str:
        """`release` or `withdrawal`."""
        return str(self.content["what"])

    @property
    def release_id(self) -> str:
        """The release made, or withdrawn."""
        return str(self.content["release_id"])

    @property
    def date(self) -> str:
        """Day of the entry."""
        return str(self.content["date"])

    @property
    def sha256(self) -> str:
        """Hash over everything else in the entry, the hash of the entry before it included."""
        return str(self.content["sha256"])


def make_entry(content: Mapping[str, Any], *, after: Entry | None) -> Entry:
    """Chain the content of a new entry to the last one.

    Parameters
    ----------
    content
        `what`, `release_id`, `date` and, for a release, `outputs`.
    after
        The last entry; missing at the start.
    """
    number = after.number + 1 if after else 1
    chained = {**content, "number": number, "previous": after.sha256 if after else START}
    chained = json.loads(_text(chained))
    return Entry(number, {**chained, "sha256": digest(chained)})


def digest(content: Mapping[str, Any]) -> str:
    """Return the hash of an entry's content, without the hash it states."""
    kept = {name: value for name, value in content.items() if name != "sha256"}
    return hashlib.sha256(_text(kept).encode()).hexdigest()


def read(folder: Path) -> tuple[Entry, ...]:
    """Read all entries and prove that none was changed, removed, added or moved.

    Raises
    ------
    DisclosureError
        Naming the first entry that is wrong, without a value of it.
    """
    numbers = _numbers(folder)
    head = _head(folder, bool(numbers))
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < head["entries"]:
        expected = range(1, max(head["entries"], *numbers, 1) + 1)
        lost = next(number for number in expected if number not in numbers)
        raise _tampered(folder, lost, "is missing")
    entries: list[Entry] = []
    for number in numbers:
        entries.append(_read_entry(folder, number, entries[-1] if entries else None))
    if head["entries"] and entries[head["entries"] - 1].sha256 != head["sha256"]:
        raise _tampered(folder, head["entries"], f"is not the one that {HEAD} names")
    return tuple(entries)


def append(folder: Path, entry: Entry) -> None:
    """Add an entry made after the last one.

    Raises
    ------
    DisclosureError
        If somebody else wrote meanwhile, so that it was not compared with the newest entry.
    """
    from justice_analysis.warehouse.generations import locked  # loads the engine

    folder.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder):
            _append_alone(folder, entry)
    except WarehouseError:
        raise DisclosureError(
            f"the release history {folder.name} is being written by another process: "
            "try again when it has ended."
        ) from None


def _append_alone(folder: Path, entry: Entry) -> None:
    entries = read(folder)
    last = entries[-1].sha256 if entries else START
    if entry.content["previous"] != last:
        raise DisclosureError(
            "another release was made meanwhile, and this one was not compared with it: "
            "release it again."
        )
    if not entries:
        _put(folder / "README.txt", READ_ME)
    _add(folder / f"{entry.number:06d}.json", _text(entry.content, indent=1))
    _put(folder / HEAD, _text({"entries": entry.number, "sha256": entry.sha256}))


def _read_entry(folder: Path, number: int, before: Entry | None) -> Entry:
    try:
        content = json.loads((folder / f"{number:06d}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _tampered(folder, number, "cannot be read") from None
    if not isinstance(content, dict) or not content.keys() >= NEEDED:
        raise _tampered(folder, number, "is no entry of a history")
    if content["sha256"] != digest(content) or content["what"] not in NOTES:
        raise _tampered(folder, number, "was changed")
    if content["number"] != number or content["previous"] != (before.sha256 if before else START):
        raise _tampered(folder, number, "does not follow the entry before it")
    return Entry(number, content)


def _numbers(folder: Path) -> list[int]:
    known = {HEAD, LOCK, "README.txt"}
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        named = NAME.fullmatch(path.name)
        if named:
            found.append(int(named[1]))
        elif path.name not in known and not path.name.startswith("."):
            raise DisclosureError(
                f"the release history {folder.name} must hold its entries alone: "
                f"{path.name} is a stranger. Move it away."
            )
    return found


def _head(folder: Path, has_entries: bool) -> dict[str, Any]:
    """Read how many entries there must be; a first entry without its head was cut short."""
    try:
        head = json.loads((folder / HEAD).read_text(encoding="utf-8"))
        return {"entries": int(head["entries"]), "sha256": str(head["sha256"])}
    except FileNotFoundError:
        if not has_entries or _numbers(folder) == [1]:
            return {"entries": 0, "sha256": START}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise DisclosureError(
        f"the release history {folder.name} must have a readable {HEAD}: restore the folder "
        "from a copy."
    )


def _tampered(folder: Path, number: int, what: str) -> DisclosureError:
    return DisclosureError(
        f"entry {number} of the release history {folder.name} {what}: nothing can be compared "
        "with it. Restore the folder from a copy."
    )


def _add(path: Path, text: str) -> None:
    """Put a new file in its place, whole, and never over another."""
    aside = _aside(path, text)
    try:
        os.link(aside, path)
    except FileExistsError:
        raise DisclosureError("another release was made meanwhile: release it again.") from None
    except OSError:  # a file system without hard links: the lock keeps others away
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _put(path: Path, text: str) -> None:
    os.replace(_aside(path, text), path)


def _aside(path: Path, text: str) -> Path:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return aside


def _text(content: Mapping[str, Any], indent: int | None = None) -> str:
    return json.dumps(content, indent=indent, sort_keys=True, allow_nan=False)
