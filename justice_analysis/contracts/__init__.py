"""The contracts: one descriptor per source dataset, and one for the common model.

>>> from justice_analysis import contracts
>>> contracts.load("rossi").table("men").field("week").type
'integer'
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from justice_analysis.contracts.descriptor import (
    Break,
    Category,
    Contract,
    Field,
    ForeignKey,
    Source,
    TableContract,
)
from justice_analysis.contracts.package import as_package
from justice_analysis.contracts.reader import from_package, parse_contract, read_contract
from justice_analysis.errors import UsageError

__all__ = [
    "Break",
    "Category",
    "Contract",
    "Field",
    "ForeignKey",
    "Source",
    "TableContract",
    "as_package",
    "common_model",
    "from_package",
    "load",
    "names",
    "read_contract",
]

FOLDER = files("justice_analysis.contracts")


def names() -> tuple[str, ...]:
    """List the datasets that the package has a contract for, in alphabetical order."""
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml")
            for entry in (FOLDER / "datasets").iterdir()
            if entry.name.endswith(".yaml")
        )
    )


def load(name_or_path: str | Path) -> Contract:
    """Get a dataset's contract by name, or read a user's own descriptor from a file.

    Parameters
    ----------
    name_or_path
        One of `names()`, or the path of a YAML or JSON descriptor.

    Raises
    ------
    UsageError
        If it is neither; names close to it are listed.
    ContractError
        If a user's descriptor is not valid.
    """
    name = str(name_or_path)
    if name in names():
        return _shipped(f"datasets/{name}.yaml")
    if Path(name).suffix in (".yaml", ".yml", ".json"):
        return read_contract(name)
    raise UsageError(f"there is no dataset called {name!r}. {_nearest(name)}")


def common_model() -> Contract:
    """Get the common model: the tables that every source is turned into."""
    return _shipped("common_model.yaml")


@cache
def _shipped(path: str) -> Contract:
    return parse_contract((FOLDER / path).read_text(encoding="utf-8"), where=path)


def _nearest(name: str) -> str:
    close = get_close_matches(name, names(), n=3, cutoff=0.4)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"There are {', '.join(names())}."
