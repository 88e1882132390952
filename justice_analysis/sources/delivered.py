"""Which delivered files belong to a table: one file, numbered parts, a folder of parts.

Names are compared without their endings and letter case. Parts bear the table's name and a
number (`flat_01.csv` to `flat_30.csv`, `flat-part1.parquet`, `flat_1_of_3.csv`); a folder that
bears the table's name holds parts under any names. All of them may be in a zip file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from justice_analysis.errors import SourceError
from justice_analysis.sources import archives

ENDINGS = (".parquet", ".csv", ".csv.gz", ".dta")
# Up to three digits: four are a year.
_NUMBERED = re.compile(
    r"^(?P<stem>.+?)[_\-. ](?:part[_\-. ]?)?(?P<number>\d{1,3})"
    r"(?:[_\-. ]?of[_\-. ]?(?P<last>\d{1,3}))?$"
)
# Spark names parts so, and leaves out those without rows.
_SPARK = re.compile(r"^part-\d{5}-")


@dataclass(frozen=True)
class Delivery:
    """The delivered files of a folder or zip file.

    Parameters
    ----------
    entries
        Files, folders of parts, and members of zip files as paths beneath them.
    problems
        Sentences about zip files that cannot be used.
    """

    entries: tuple[Path, ...]
    problems: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names without endings, for suggestions."""
        return tuple(dict.fromkeys(stem(path) for path in self.entries))


@dataclass(frozen=True)
class Match:
    """What was found under one name.

    Parameters
    ----------
    wholes
        Groups of files, each of which is the table: more than one is one too many.
    problems
        Sentences about parts that are missing or there twice.
    notes
        What a reader of the report should know about the parts.
    """

    wholes: tuple[tuple[Path, ...], ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files to read: of several that each are the table, the first."""
        return self.wholes[0] if self.wholes else ()


def look_into(folder: Path) -> Delivery:
    """List what was delivered in a folder or zip file, with what its zip files hold."""
    entries: list[Path] = []
    problems: list[str] = []
    there = [folder] if archives.is_archive(folder) else sorted(folder.iterdir())
    for path in there:
        if not archives.is_archive(path):
            entries.append(path)
            continue
        try:
            entries += archives.members(path)
        except SourceError as error:
            problems.append(str(error))
    return Delivery(tuple(entries), tuple(problems))


def stem(path: Path) -> str:
    """Give a file's name without its ending."""
    name = path.name
    for ending in sorted((*ENDINGS, ".zip"), key=len, reverse=True):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name.split(".")[0]


def bears_name(delivered: str, name: str) -> bool:
    """Whether a delivered name is a table's, or that with the number of a part."""
    lowered = delivered.lower()
    numbered = _NUMBERED.match(lowered)
    return lowered == name.lower() or (numbered is not None and numbered["stem"] == name.lower())


def match(name: str, delivery: Delivery, *, other_names: Iterable[str] = ()) -> Match:
    """Find the files of one table.

    Parameters
    ----------
    name
        The table's name, or the name that an adapter gives, with or without ending.
    delivery
        What there is.
    other_names
        Names of other tables; what bears one of them is no part of this one.
    """
    wanted = name.lower()
    others = {other.lower() for other in other_names} - {wanted}
    wholes = [(path,) for path in delivery.entries if _is_whole(path, wanted)]
    folders, notes = _folders(wanted, delivery)
    parts = _numbered(wanted, delivery, others)
    found = [*wholes, *folders, *_single_members(wanted, delivery, bool(wholes or parts))]
    problems = [sentence for group in folders for sentence in _folder_problems(wanted, group)]
    if len(parts) == 1 and parts[0][1] is None:
        notes.append(f"one part was delivered, {parts[0][2].name}: check that there are no others")
    if parts:
        found.append(tuple(path for _, _, path in parts))
        problems += _gaps(name, [(number, last) for number, last, _ in parts])
    return Match(tuple(found), tuple(problems), tuple(notes))


def _is_whole(path: Path, wanted: str) -> bool:
    """Whether a file bears exactly the name, with or without one of our endings."""
    if not _is_file(path):
        return False
    return path.name.lower() == wanted or (
        path.name.lower().endswith(ENDINGS) and stem(path).lower() == wanted
    )


def _is_file(path: Path) -> bool:
    return path.is_file() or archives.archive_of(path) is not None


def _folders(wanted: str, delivery: Delivery) -> tuple[list[tuple[Path, ...]], list[str]]:
    """Find folders of parts that bear the name, on disk and in zip files."""
    groups = [
        tuple(sorted(part for part in path.iterdir() if _is_part(part)))
        for path in delivery.entries
        if path.is_dir() and path.name.lower() == wanted
    ]
    in_zips: dict[Path, list[Path]] = {}
    for path in delivery.entries:
        if archives.archive_of(path) and path.parent.name.lower() == wanted and _is_part(path):
            in_zips.setdefault(path.parent, []).append(path)
    groups += [tuple(sorted(parts)) for parts in in_zips.values() if not _same(parts, wanted)]
    kept = [group for group in groups if group]
    notes = [note for group in kept for note in _spark_notes(group)]
    return kept, notes


def _same(parts: Sequence[Path], wanted: str) -> bool:
    """Whether a folder in a zip file just holds the file that bears its name."""
    return any(stem(path).lower() == wanted for path in parts)


def _is_part(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS) and not path.name.startswith((".", "_"))


def _single_members(wanted: str, delivery: Delivery, already: bool) -> list[tuple[Path, ...]]:
    """Take the one file in a zip file of the table's name, whatever its own name is."""
    if already:
        return []
    held: dict[Path, list[Path]] = {}
    for path in delivery.entries:
        archive = archives.archive_of(path)
        if archive is not None and stem(archive).lower() == wanted and _is_part(path):
            held.setdefault(archive, []).append(path)
    return [tuple(paths) for paths in held.values() if len(paths) == 1]


def _numbered(
    wanted: str, delivery: Delivery, others: set[str]
) -> list[tuple[int, int | None, Path]]:
    found = []
    for path in delivery.entries:
        if not (_is_file(path) and _is_part(path)) or stem(path).lower() in others:
            continue
        numbered = _NUMBERED.match(stem(path).lower())
        if numbered and numbered["stem"] == wanted:
            last = int(numbered["last"]) if numbered["last"] else None
            found.append((int(numbered["number"]), last, path))
    return sorted(found)


def _folder_problems(wanted: str, group: tuple[Path, ...]) -> list[str]:
    """Look for gaps where all parts of a folder have one name and a number."""
    if any(_SPARK.match(path.name) for path in group):
        return []
    numbered = [_NUMBERED.match(stem(path).lower()) for path in group]
    if not all(numbered) or len({found["stem"] for found in numbered if found}) > 1:
        return []
    numbers = [
        (int(one["number"]), int(one["last"]) if one["last"] else None) for one in numbered if one
    ]
    return _gaps(wanted, sorted(numbers))


def _spark_notes(group: tuple[Path, ...]) -> list[str]:
    numbers = {int(path.name[5:10]) for path in group if _SPARK.match(path.name)}
    gaps = sorted(set(range(max(numbers, default=-1) + 1)) - numbers)
    if not gaps:
        return []
    return [
        f"no part has the number {_spelt(gaps)}: Spark leaves out parts without rows, but check "
        "that none is missing"
    ]


def _gaps(name: str, numbers: Sequence[tuple[int, int | None]]) -> list[str]:
    """Say which numbers are missing or there twice; numbers begin at 0 or 1."""
    held = [number for number, _ in numbers]
    problems = []
    twice = sorted({number for number in held if held.count(number) > 1})
    if twice:
        problems.append(
            f"{name}: part {_spelt(twice)} is there twice. Keep one, or name the files in an "
            "adapter."
        )
    said = [last for _, last in numbers if last is not None]
    to = max([*held, *said])
    missing = sorted(set(range(min(1, *held), to + 1)) - set(held))
    if missing:
        plural = "parts" if len(missing) > 1 else "part"
        are = "are" if len(missing) > 1 else "is"
        problems.append(
            f"{name} is delivered in parts up to {to}, and {plural} {_spelt(missing)} {are} "
            "missing. Copy all parts; if there never were more, name the files in an adapter."
        )
    return problems


def _spelt(numbers: Sequence[int]) -> str:
    """Write numbers with runs shortened: 3, 5 to 8."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
