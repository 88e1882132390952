"""Candidates: outputs as a run leaves them, unrounded, hashed, never shown outside."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from justice_analysis.definitions.output import Chart, ColumnRoles, Output
from justice_analysis.errors import DisclosureError, JusticeError, UsageError

ID_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,63}")
RESERVED = ("outputs", "provenance", "checksums")
DESCRIBED = (
    "kind",
    "title",
    "dimensions",
    "unit",
    "population",
    "population_hash",
    "card",
    "subtitle",
    "notes",
    "options",
    "shares",
    "about",
    "within",
    "family",
    "hierarchy",
    "places",
    "overlapping",
)
TUPLES = ("dimensions", "notes", "shares", "within", "overlapping")


@dataclass(frozen=True)
class Candidate:
    """One output of a run, read back and proved to be what the run wrote.

    Attributes
    ----------
    sha256
        Hash over the table and its description together; the run's manifest records it.
    """

    id: str
    output: Output
    synthetic: bool
    sha256: str

    def __post_init__(self) -> None:
        _check_id(self.id)


def write_candidate(output: Output, id: str, folder: str | Path, *, synthetic: bool) -> Path:
    """Write a candidate as `<id>.parquet` (the table) and `<id>.json` (what it means).

    Parameters
    ----------
    id
        Lower-case letters, digits and `_`, beginning with a letter.
    folder
        The run's `outputs` folder; made if missing.
    synthetic
        Whether any number comes from synthetic data.

    Returns
    -------
    Path
        The description file; `read_candidate(folder, id).sha256` is the hash for a manifest.

    Raises
    ------
    UsageError
        If the id is not well formed, or an option cannot be written as JSON.
    """
    _check_id(id)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    table = output.table.reset_index(drop=True)
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    content = buffer.getvalue()
    described = {
        "id": id,
        "synthetic": bool(synthetic),
        **{name: getattr(output, name) for name in DESCRIBED},
        "options": dict(output.options),
        "hierarchy": {name: dict(groups) for name, groups in output.hierarchy.items()},
        "places": dict(output.places),
        "roles": asdict(output.roles),
        "chart": asdict(output.chart) if output.chart else None,
        "table_sha256": hashlib.sha256(content).hexdigest(),
    }
    try:
        text = json.dumps(described, indent=1, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError):
        raise UsageError(
            f"options of output {id} must be numbers, text, lists or mappings of these; "
            "write dates as ISO text."
        ) from None
    described = json.loads(text)
    described["sha256"] = _description_hash(described)
    _replace(folder / f"{id}.parquet", content)
    path = folder / f"{id}.json"
    _replace(path, json.dumps(described, indent=1, sort_keys=True).encode())
    return path


def read_candidate(folder: str | Path, id: str) -> Candidate:
    """Read a candidate and check that neither of its files was changed.

    Raises
    ------
    DisclosureError
        If a file is missing, unreadable, or not what the run wrote.
    """
    import pandas as pd

    _check_id(id)
    folder = Path(folder)
    try:
        described = json.loads((folder / f"{id}.json").read_text(encoding="utf-8"))
        content = (folder / f"{id}.parquet").read_bytes()
        recorded = (described.pop("sha256"), described["table_sha256"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise DisclosureError(
            f"candidate {id} must have a readable {id}.json and {id}.parquet: run the study again."
        ) from None
    if recorded != (_description_hash(described), hashlib.sha256(content).hexdigest()):
        raise DisclosureError(
            f"candidate {id} was changed after the run wrote it: run the study again."
        )
    if described.get("id") != id:
        raise DisclosureError(f"candidate {id} is described under another id: run again.")
    try:
        output = _output(pd.read_parquet(io.BytesIO(content)), described)
    except (KeyError, TypeError, ValueError, JusticeError):
        raise DisclosureError(
            f"candidate {id} does not describe its table: run the study again."
        ) from None
    return Candidate(id, output, bool(described["synthetic"]), recorded[0])


def digest_of(description: str | Path) -> str:
    """Return the hash that a candidate's description file records, for a run's manifest."""
    try:
        return str(json.loads(Path(description).read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        raise DisclosureError("a candidate's description must be readable and hashed.") from None


def _output(table: Any, described: Mapping[str, Any]) -> Output:
    roles: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in described["roles"].items()
    }
    fields = {name: described[name] for name in DESCRIBED}
    fields |= {name: tuple(described[name]) for name in TUPLES}
    drawn = described["chart"]
    chart = Chart(**{**drawn, "beside": tuple(drawn.get("beside", ()))}) if drawn else None
    return Output(table=table, roles=ColumnRoles(**roles), chart=chart, **fields)


def _description_hash(described: Mapping[str, Any]) -> str:
    text = json.dumps(
        {name: value for name, value in described.items() if name != "sha256"}, sort_keys=True
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _check_id(id: str) -> None:
    if not isinstance(id, str) or not ID_PATTERN.fullmatch(id):
        raise UsageError(
            "an output's id must be lower-case letters, digits and _, beginning with a letter."
        )
    if id in RESERVED:
        raise UsageError(f"an output's id may not be {id}: a request has a file of that name.")


def _replace(path: Path, content: bytes) -> None:
    """Write beside and rename, so that a file is whole or not there."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    os.replace(beside, path)
