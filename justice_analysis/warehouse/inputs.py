"""What goes into a warehouse: the extracts, and the fingerprint that names their load."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import justice_analysis
from justice_analysis.errors import UsageError, WarehouseError
from justice_analysis.sources.archives import real_file
from justice_analysis.sources.extract import Extract

# The code that decides what a warehouse holds; a change in it makes a new generation.
CODE = ("codes.py", "engine", "contracts", "sources", "linkage", "warehouse")


def in_order(extracts: Sequence[Extract]) -> tuple[Extract, ...]:
    """Extracts in the order of loading: links between datasets come last.

    Raises
    ------
    UsageError
        If there is none, or two of one dataset.
    WarehouseError
        If synthetic and real sources are mixed.
    """
    if not extracts:
        raise UsageError("a warehouse needs at least one extract: none was given.")
    names = [extract.dataset for extract in extracts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(
            f"each dataset must be given once: {', '.join(twice)} is given more often. "
            "Name all files of one dataset in an adapter."
        )
    if len({extract.is_synthetic for extract in extracts}) > 1:
        made = sorted(extract.dataset for extract in extracts if extract.is_synthetic)
        raise WarehouseError(
            f"synthetic and real sources must not be mixed: {', '.join(made)} is synthetic. "
            "Load them into two warehouses."
        )
    is_link = {extract.dataset: extract.contract.jurisdiction == "cross" for extract in extracts}
    return tuple(sorted(extracts, key=lambda one: (is_link[one.dataset], one.dataset)))


def describe(extract: Extract) -> dict[str, Any]:
    """Everything about an extract that decides what is loaded from it."""
    adapter = repr(extract.adapter) if extract.adapter else ""
    # One zip file may hold every table, and is hashed once.
    files = {real_file(path) for paths in extract.files.values() for path in paths}
    digests = {file: _file_sha256(file) for file in files}
    return {
        "nature": extract.nature,
        "extract_date": str(extract.extract_date or ""),
        "title": extract.contract.title,
        "citation": extract.contract.citation,
        "contract_version": extract.contract.version,
        "contract_sha256": _sha256(repr(extract.contract)),
        "adapter_sha256": _sha256(adapter) if adapter else "",
        "mapping_sha256": _file_sha256(extract.mapping) if extract.mapping else "",
        "files": {
            table: {path.name: digests[real_file(path)] for path in paths}
            for table, paths in extract.files.items()
            if paths
        },
    }


def fingerprint(sources: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Digest of all inputs, options and the code that loads; the same load has the same."""
    content = {
        "version": justice_analysis.__version__,
        "code": _code_sha256(),
        "sources": sources,
        "options": options,
    }
    return _sha256(json.dumps(content, sort_keys=True, default=str))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _code_sha256() -> str:
    package = Path(justice_analysis.__file__).parent
    files = [
        file
        for name in CODE
        for file in ([package / name] if name.endswith(".py") else (package / name).rglob("*"))
        if file.suffix in (".py", ".yaml") and file.is_file()
    ]
    digests = [
        f"{file.relative_to(package).as_posix()} {_file_sha256(file)}" for file in sorted(files)
    ]
    return _sha256("\n".join(digests))
