"""An extract: delivered files, and which dataset, nature and date they are of."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from justice_analysis import contracts
from justice_analysis.contracts import Contract
from justice_analysis.errors import AdapterError, JusticeError, SourceError, UsageError
from justice_analysis.sources.adapter import Adapter, named_dataset, near, read_adapter
from justice_analysis.sources.archives import is_archive, read_member
from justice_analysis.sources.delivered import (
    ENDINGS,
    Delivery,
    Match,
    look_into,
    match,
)
from justice_analysis.sources.findings import raise_together

NATURES = ("synthetic", "restricted", "open")
DESCRIPTION_FILE = "extract.json"


@dataclass(frozen=True)
class Extract:
    """Delivered files of one dataset.

    Parameters
    ----------
    folder
        Where the files are.
    dataset
        The contract's name.
    nature
        `synthetic`, `restricted` or `open`.
    extract_date
        The day on which the source was extracted; nothing after it can have been seen.
    adapter
        What brings the files to the contract; None where they are as in the contract.
    contract
        The dataset's contract.
    mapping
        The Python file beside a contract that the user wrote; None for datasets of the package.
    files
        Table to its files; a table that may be absent, and is, has none. A member of a zip
        file is a path beneath it.
    not_used
        Names of files in the folder that belong to no table.
    by_name
        Table to (each name that it was looked for by to the files found): the table's own name,
        or those that the adapter gives.
    notes
        Table to what a reader should know about its files.
    problems
        What is wrong with the files as such; `read_extract` raises it.
    """

    folder: Path
    dataset: str
    nature: str
    extract_date: dt.date | None
    adapter: Adapter | None
    contract: Contract
    mapping: Path | None = None
    files: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    not_used: tuple[str, ...] = ()
    by_name: Mapping[str, Mapping[str, tuple[Path, ...]]] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[JusticeError, ...] = ()

    @property
    def is_synthetic(self) -> bool:
        """Whether the rows were made by a simulation."""
        return self.nature == "synthetic"


def read_extract(
    folder: Path | str,
    dataset: str | None = None,
    adapter: Path | str | Adapter | None = None,
    *,
    extract_date: dt.date | str | None = None,
) -> Extract:
    """Look at delivered files and find the files of every table.

    Parameters
    ----------
    folder
        The folder, or a zip file that holds everything; or one file, for a dataset of one table.
    dataset
        Contract name or path of a descriptor; not needed where `extract.json` or the adapter
        file gives it.
    adapter
        Path of an adapter file, or an adapter that was read.
    extract_date
        Where `extract.json` does not give it: a date, or `YYYY-MM-DD`.

    Returns
    -------
    Extract
        No rows are read yet.

    Raises
    ------
    SourceError
        If the folder, a table's file or a part of it is missing, or a zip file cannot be used
        (all problems at once).
    AdapterError
        If the adapter is wrong, or names a file that is not in the folder.
    UsageError
        If the dataset is unknown, not given, or not the one in `extract.json`.
    """
    extract = look_at_extract(folder, dataset, adapter, extract_date=extract_date)
    raise_together(extract.problems)
    return extract


def look_at_extract(
    folder: Path | str,
    dataset: str | None = None,
    adapter: Path | str | Adapter | None = None,
    *,
    extract_date: dt.date | str | None = None,
) -> Extract:
    """Do what `read_extract` does, but keep what is wrong with the files in `problems`.

    So that a check can say it together with what is wrong inside them.
    """
    path = Path(folder)
    if not path.exists():
        raise SourceError(f"there is no folder {path.name}. Check where the extract is.")
    delivery = look_into(path if path.is_dir() or is_archive(path) else path.parent)
    description = _description(delivery)
    named = dataset or description.get("dataset") or _dataset_of(adapter)
    contract = _contract(description, named, path.name)
    used_adapter = read_adapter(adapter, contract) if isinstance(adapter, Path | str) else adapter
    if path.is_dir() or is_archive(path):
        found = _find(delivery, contract, used_adapter)
    else:
        delivery, found = Delivery(()), _Found(files=_one_file(path, contract))
    return Extract(
        folder=path if path.is_dir() else path.parent,
        dataset=contract.name,
        nature=_nature(description, contract),
        extract_date=_date(description.get("extract_date", extract_date)),
        adapter=used_adapter,
        contract=contract,
        mapping=_own_mapping(named),
        files=found.files,
        not_used=_not_used(delivery, found.files),
        by_name=found.by_name,
        notes=found.notes,
        problems=tuple(_problems(found, delivery, contract)),
    )


def _own_mapping(named: str | None) -> Path | None:
    """Find the mapping beside a user's descriptor, which bears the same name."""
    beside = Path(named).with_suffix(".py") if named and named not in contracts.names() else None
    return beside.resolve() if beside is not None and beside.is_file() else None


def _dataset_of(adapter: Path | str | Adapter | None) -> str | None:
    return named_dataset(adapter) if isinstance(adapter, Path | str) else None


def _description(delivery: Delivery) -> dict[str, Any]:
    """Read the description of the extract, in its folder or in its one zip file."""
    there = [path for path in delivery.entries if path.name == DESCRIPTION_FILE]
    on_disk = [path for path in there if path.is_file()]
    used = on_disk or there
    if len(used) != 1:
        return {}
    try:
        text = used[0].read_bytes() if on_disk else read_member(used[0])
        content = json.loads(text.decode("utf-8-sig"))
    except ValueError:
        raise SourceError(f"{DESCRIPTION_FILE} is not JSON. Write it again.") from None
    if not isinstance(content, dict):
        raise SourceError(f"{DESCRIPTION_FILE} must hold dataset, nature and extract_date.")
    return content


def _contract(description: Mapping[str, Any], dataset: str | None, where: str) -> Contract:
    described = description.get("dataset")
    name = dataset or described
    if name is None:
        raise UsageError(
            f"{where} has no {DESCRIPTION_FILE}, so the dataset must be named, here or in an "
            "adapter. "
            f"There are {', '.join(contracts.names())}."
        )
    contract = contracts.load(name)
    if described is not None and described != contract.name:
        raise UsageError(
            f"{DESCRIPTION_FILE} says that {where} is of {described}, not of {contract.name}. "
            "Leave the dataset out, or give the other folder."
        )
    return contract


def _nature(description: Mapping[str, Any], contract: Contract) -> str:
    """Give the extract's nature; nothing may call itself open when its contract is restricted."""
    nature = str(description.get("nature", contract.nature))
    if nature not in NATURES:
        raise SourceError(f"nature in {DESCRIPTION_FILE} must be one of {', '.join(NATURES)}.")
    if nature == "open" and contract.nature == "restricted":
        raise SourceError(
            f"{DESCRIPTION_FILE} says that the extract is open, but {contract.name} is a "
            "restricted dataset. Say restricted, or synthetic for simulated rows."
        )
    return nature


def _date(value: Any) -> dt.date | None:
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise SourceError("extract_date must be a date, as YYYY-MM-DD.") from None


def _one_file(path: Path, contract: Contract) -> dict[str, tuple[Path, ...]]:
    if len(contract.tables) != 1:
        raise UsageError(
            f"{contract.name} has {len(contract.tables)} tables, so give the folder that holds "
            "their files, not one file."
        )
    return {contract.tables[0].name: (path,)}


@dataclass
class _Found:
    """What the search for files found so far."""

    files: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    by_name: dict[str, dict[str, tuple[Path, ...]]] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    not_named: list[str] = field(default_factory=list)


def _find(delivery: Delivery, contract: Contract, adapter: Adapter | None) -> _Found:
    """Find each table's files, with what is wrong about them."""
    found = _Found()
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


def _problems(found: _Found, delivery: Delivery, contract: Contract) -> Iterator[JusticeError]:
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
    close = [near(name, delivery.names) for name in missing]
    named = ", ".join(
        f"{name} ({hint.strip()})" if hint else name
        for name, hint in zip(missing, close, strict=True)
    )
    return [
        f"{contract.name} needs a file for each table; {len(missing)} of {len(contract.tables)} "
        f"have none: {named}. Expected <table> with the ending {', '.join(ENDINGS)} or .zip, or an "
        "adapter that names the file."
    ]


def _not_used(delivery: Delivery, files: Mapping[str, tuple[Path, ...]]) -> tuple[str, ...]:
    """Name what belongs to no table, but not a folder of which parts are used."""
    used = {path for paths in files.values() for path in paths}
    used |= {path.parent for path in used}
    return tuple(
        path.name for path in delivery.entries if path not in used and path.name != DESCRIPTION_FILE
    )
