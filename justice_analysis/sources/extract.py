"""An extract: a folder of delivered files, and which dataset, nature and date it is of."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from justice_analysis import contracts
from justice_analysis.contracts import Contract
from justice_analysis.errors import AdapterError, SourceError, UsageError, listed
from justice_analysis.sources.adapter import Adapter, named_dataset, near, read_adapter

NATURES = ("synthetic", "restricted", "open")
DESCRIPTION_FILE = "extract.json"
_ENDINGS = (".parquet", ".csv", ".csv.gz")


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
        Table to its files; a table that may be absent, and is, has none.
    not_used
        Names of files in the folder that belong to no table.
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
    """Look at a folder of delivered files and find the file of every table.

    Parameters
    ----------
    folder
        The folder; or one file, for a dataset of one table.
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
        If the folder or a table's file is missing (all of them at once).
    AdapterError
        If the adapter is wrong, or names a file that is not in the folder.
    UsageError
        If the dataset is unknown, not given, or not the one in `extract.json`.
    """
    path = Path(folder)
    if not path.exists():
        raise SourceError(f"there is no folder {path.name}. Check where the extract is.")
    description = _description(path if path.is_dir() else path.parent)
    named = dataset or description.get("dataset") or _dataset_of(adapter)
    contract = _contract(description, named, path.name)
    used_adapter = read_adapter(adapter, contract) if isinstance(adapter, Path | str) else adapter
    files, not_used = (
        _files(path, contract, used_adapter) if path.is_dir() else (_one_file(path, contract), ())
    )
    return Extract(
        folder=path if path.is_dir() else path.parent,
        dataset=contract.name,
        nature=_nature(description, contract),
        extract_date=_date(description.get("extract_date", extract_date)),
        adapter=used_adapter,
        contract=contract,
        mapping=_own_mapping(named),
        files=files,
        not_used=not_used,
    )


def _own_mapping(named: str | None) -> Path | None:
    """Find the mapping beside a user's descriptor, which bears the same name."""
    beside = Path(named).with_suffix(".py") if named and named not in contracts.names() else None
    return beside.resolve() if beside is not None and beside.is_file() else None


def _dataset_of(adapter: Path | str | Adapter | None) -> str | None:
    return named_dataset(adapter) if isinstance(adapter, Path | str) else None


def _description(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION_FILE
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
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


def _files(
    folder: Path, contract: Contract, adapter: Adapter | None
) -> tuple[dict[str, tuple[Path, ...]], tuple[str, ...]]:
    """Find each table's files; say every one that is missing, and list what is left over."""
    there = sorted(path for path in folder.iterdir() if path.name != DESCRIPTION_FILE)
    found: dict[str, tuple[Path, ...]] = {}
    missing: list[str] = []
    not_in_adapter_folder: list[str] = []
    for table in contract.tables:
        named = adapter.table(table.name).files if adapter else ()
        paths = [path for name in named or (table.name,) for path in _matching(name, there)]
        found[table.name] = tuple(paths)
        if named:
            not_in_adapter_folder += _adapter_problems(table.name, named, there)
        elif not paths and not table.optional:
            missing.append(table.name)
    missing_sentences = list(_missing_sentences(missing, there, contract))
    if not_in_adapter_folder:
        raise AdapterError(listed(not_in_adapter_folder + missing_sentences))
    twice = list(_twice(found, adapter))
    if missing_sentences or twice:
        raise SourceError(listed(missing_sentences + twice))
    used = {path for paths in found.values() for path in paths}
    return found, tuple(path.name for path in there if path not in used)


def _matching(name: str, there: list[Path]) -> list[Path]:
    """Find a delivered file by its name with or without ending, letter case aside."""
    wanted = {name.lower(), *(name.lower() + ending for ending in _ENDINGS)}
    return [path for path in there if path.name.lower() in wanted and _readable(path)]


def _readable(path: Path) -> bool:
    return path.is_file() or any(path.glob("*.parquet"))


def _adapter_problems(table: str, named: tuple[str, ...], there: list[Path]) -> Iterator[str]:
    for name in named:
        if not _matching(name, there):
            stems = [path.name.split(".")[0] for path in there]
            hint = near(name, stems)
            yield f"{table}: the adapter names the file {name}, which is missing.{hint}"


def _missing_sentences(missing: list[str], there: list[Path], contract: Contract) -> Iterator[str]:
    if not missing:
        return
    close = [near(name, [path.name.split(".")[0] for path in there]) for name in missing]
    named = ", ".join(
        f"{name} ({hint.strip()})" if hint else name
        for name, hint in zip(missing, close, strict=True)
    )
    yield (
        f"{contract.name} needs a file for each table; {len(missing)} of {len(contract.tables)} "
        f"have none: {named}. Expected <table>.parquet, .csv or .csv.gz, or an adapter that "
        "names the file."
    )


def _twice(found: Mapping[str, tuple[Path, ...]], adapter: Adapter | None) -> Iterator[str]:
    """Say where one table has two files that nobody asked to put together."""
    for table, paths in found.items():
        asked = len(adapter.table(table).files) if adapter else 0
        if len(paths) > max(asked, 1):
            names = ", ".join(path.name for path in paths)
            yield f"{table} has {len(paths)} files ({names}). Keep one, or name one in an adapter."
