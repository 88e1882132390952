"""An extract: delivered files, and which dataset, nature and date they are of."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from justice_analysis import contracts
from justice_analysis.contracts import Contract
from justice_analysis.errors import JusticeError, SourceError, UsageError
from justice_analysis.sources.adapter import Adapter, named_dataset, read_adapter
from justice_analysis.sources.archives import is_archive, read_member
from justice_analysis.sources.delivered import (
    Delivery,
    look_into,
)
from justice_analysis.sources.findings import raise_together
from justice_analysis.sources.searching import Found, find, not_used, problems_of

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
    def has_own_contract(self) -> bool:
        """Whether the user wrote the contract, and so may change it."""
        return self.dataset not in contracts.names()

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
    given_date = _date(extract_date)
    path = Path(folder)
    if not path.exists():
        raise SourceError(f"there is no folder {path.name}. Check where the extract is.")
    delivery = look_into(path if path.is_dir() or is_archive(path) else path.parent)
    description = _description(delivery)
    named = dataset or description.get("dataset") or _dataset_of(adapter)
    contract = _contract(description, named, path.name)
    used_adapter = read_adapter(adapter, contract) if isinstance(adapter, Path | str) else adapter
    if path.is_dir() or is_archive(path):
        found = find(delivery, contract, used_adapter)
    else:
        delivery, found = Delivery(()), Found(files=_one_file(path, contract))
    return Extract(
        folder=path if path.is_dir() else path.parent,
        dataset=contract.name,
        nature=_nature(description, contract),
        extract_date=_date(description.get("extract_date", given_date)),
        adapter=used_adapter,
        contract=contract,
        mapping=_own_mapping(named),
        files=found.files,
        not_used=not_used(delivery, found.files, leave_out=DESCRIPTION_FILE),
        by_name=found.by_name,
        notes=found.notes,
        problems=tuple(problems_of(found, delivery, contract)),
    )


def extracts_in(folder: Path) -> tuple[Path, ...]:
    """Give the extracts of a folder: itself, or the folders in it that describe themselves.

    A delivery of several datasets, as the synthetic world is, has one folder for each, with an
    `extract.json`; what lies beside them (such as the truth of a synthetic world) is no extract.
    """
    if not folder.is_dir() or (folder / DESCRIPTION_FILE).is_file():
        return (folder,)
    described = sorted(file.parent for file in folder.glob(f"*/{DESCRIPTION_FILE}"))
    return tuple(described) or (folder,)


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
